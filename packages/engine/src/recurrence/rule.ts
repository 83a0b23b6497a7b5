import type { DateOrDateTime } from "../icalendar/date-time.ts";

/** The unit a rule repeats by, RFC 5545 §3.3.10, from the shortest to the longest. */
export type Frequency = (typeof frequencies)[number];

/** Lists the frequencies, from the shortest period to the longest. */
export const frequencies = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;

/** A day of the week: 0 is Sunday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** A value of BYDAY: `nth` counts in the month or year, from its end where negative; 0 is every one. */
export interface NumberedWeekday {
  readonly weekday: Weekday;
  readonly nth: number;
}

/** What becomes of a day that a month or year does not have, RFC 7529 §4.1. */
export type Skip = "OMIT" | "BACKWARD" | "FORWARD";

/**
 * An RRULE, RFC 5545 §3.3.10, of the Gregorian calendar. A list is empty where the rule has no such part; else its numbers are
 * within the bounds of the RFC, each of them once, in the order of the text.
 */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  /** At least 1. */
  readonly interval: number;
  /** Instances in all, at least 1. */
  readonly count?: number;
  /** The last moment an Instance may start, of the type and form as written; never `zoned`. */
  readonly until?: DateOrDateTime;
  readonly weekStart: Weekday;
  readonly byMonth: readonly number[];
  readonly byWeekNumber: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byMonthDay: readonly number[];
  readonly byDay: readonly NumberedWeekday[];
  readonly byHour: readonly number[];
  readonly byMinute: readonly number[];
  /** From 0 to 59: a leap second is read as second 59 (RFC 5545 §3.3.12). */
  readonly bySecond: readonly number[];
  readonly bySetPosition: readonly number[];
  /** `OMIT` unless the rule says RSCALE=GREGORIAN, for only there SKIP may stand. */
  readonly skip: Skip;
}

/** Names a list of numbers of a rule. */
export type NumberPart =
  | "byMonth"
  | "byWeekNumber"
  | "byYearDay"
  | "byMonthDay"
  | "byHour"
  | "byMinute"
  | "bySecond"
  | "bySetPosition";

/** Names a part of a rule that expands or limits it. */
export type ByPart = NumberPart | "byDay";

/** What a BYxxx part does to the periods of a frequency. */
export type PartEffect = "Expand" | "Limit" | "N/A";

/**
 * RFC 5545 §3.3.10 with errata 1913, 3747 and 3779: the effect of a BYxxx part by frequency. Columns are in the order of
 * `frequencies`. Of BYDAY the notes 1 and 2 make a limit where BYMONTHDAY or BYYEARDAY stands beside it.
 */
const effects: Readonly<Record<ByPart, readonly PartEffect[]>> = {
  byMonth: ["Limit", "Limit", "Limit", "Limit", "Limit", "Limit", "Expand"],
  byWeekNumber: ["N/A", "N/A", "N/A", "N/A", "N/A", "N/A", "Expand"],
  byYearDay: ["Limit", "Limit", "Limit", "N/A", "N/A", "N/A", "Expand"],
  byMonthDay: ["Limit", "Limit", "Limit", "Limit", "N/A", "Expand", "Expand"],
  byDay: ["Limit", "Limit", "Limit", "Limit", "Expand", "Expand", "Expand"],
  byHour: ["Limit", "Limit", "Limit", "Expand", "Expand", "Expand", "Expand"],
  byMinute: ["Limit", "Limit", "Expand", "Expand", "Expand", "Expand", "Expand"],
  bySecond: ["Limit", "Expand", "Expand", "Expand", "Expand", "Expand", "Expand"],
  bySetPosition: ["Limit", "Limit", "Limit", "Limit", "Limit", "Limit", "Limit"],
};

/** Looks up what a BYxxx part does in a rule of that frequency. */
export function partEffect(part: ByPart, frequency: Frequency): PartEffect {
  return effects[part][frequencies.indexOf(frequency)] ?? "N/A";
}

/** Why a part of an RRULE was not read as written. */
export type RuleProblemKind =
  /** Not NAME=VALUE, or a name neither RFC has; left out. */
  | "unknown-part"
  /** A part written twice; the first counts. */
  | "repeated-part"
  /** A value out of bounds; left out of its list, and the rule is none where nothing else is in it. */
  | "bad-value"
  /** COUNT and UNTIL together; both hold. */
  | "count-and-until"
  /** A part, or a number before a weekday, the table of RFC 5545 §3.3.10 has no place for; it limits, the number is dropped. */
  | "not-with-frequency"
  /** BYSETPOS without another BYxxx part; it counts in what the rule has without it. */
  | "position-of-nothing"
  /** SKIP without RSCALE; left out. */
  | "skip-without-rscale"
  /** A calendar other than the Gregorian; the rule is none. RFC 7529 §4 asks that nobody guess. */
  | "unsupported-rscale"
  /** No FREQ, or one that is unknown; the rule is none. */
  | "no-frequency"
  /** More text or values than are read; the rule is none. */
  | "too-long";

/** A problem in an RRULE, and the name of the part it is in. */
export interface RuleProblem {
  readonly kind: RuleProblemKind;
  readonly part: string;
}

/** What was understood of an RRULE; no rule where repeating by it would be a guess. */
export interface RuleReading {
  readonly rule?: RecurrenceRule;
  readonly problems: readonly RuleProblem[];
}
