import { daysFromCivil, daysInMonth } from "../icalendar/date-time.ts";
import { type Onset, startOfYear } from "./zone-years.ts";

/** A day of every year as POSIX writes it, and seconds from its midnight on, from -167 to 167 hours. */
type RuleDay =
  | { readonly kind: "weekday"; readonly month: number; readonly week: number; readonly weekday: number }
  | { readonly kind: "julian"; readonly day: number }
  | { readonly kind: "zero-based"; readonly day: number };

interface RuleTime {
  readonly day: RuleDay;
  readonly seconds: number;
}

/** What a POSIX TZ string says. Offsets are seconds east of UTC, the other way round than the string has them. */
export interface PosixRule {
  readonly standard: number;
  /** The name of standard time; none where it is a number, as in "<+03>-3". */
  readonly abbreviation: string | undefined;
  readonly daylight: Daylight | undefined;
}

interface Daylight {
  readonly offset: number;
  readonly abbreviation: string | undefined;
  readonly start: RuleTime;
  readonly end: RuleTime;
}

const nameForm = "([A-Za-z]{3,32}|<[A-Za-z0-9+-]{3,32}>)";
const offsetForm = "[+-]?\\d{1,2}(?::\\d\\d){0,2}";
const timeForm = "[^,/]{1,8}(?:/[+-]?\\d{1,3}(?::\\d\\d){0,2})?";
const ruleForm = new RegExp(`^${nameForm}(${offsetForm})(?:${nameForm}(${offsetForm})?,(${timeForm}),(${timeForm}))?$`);

/**
 * Reads a POSIX TZ string as RFC 9636 allows it at the end of a TZif file, its extension of times included.
 * `undefined` for other text; also for a daylight saving time without rules, which POSIX leaves to each system.
 */
export function parsePosixRule(text: string): PosixRule | undefined {
  const match = ruleForm.exec(text);
  if (!match) return undefined;
  const [, standardName, standardText, daylightName, daylightText, startText, endText] = match;
  const standard = readOffset(standardText);
  if (standard === undefined) return undefined;
  const abbreviation = readAbbreviation(standardName);
  if (startText === undefined) return { standard, abbreviation, daylight: undefined };
  const offset = daylightText === undefined ? standard + 3_600 : readOffset(daylightText);
  const start = readRuleTime(startText);
  const end = readRuleTime(endText);
  if (offset === undefined || !start || !end) return undefined;
  return { standard, abbreviation, daylight: { offset, abbreviation: readAbbreviation(daylightName), start, end } };
}

/** Takes the name of a time as people write it; a number in its place says no more than the offset does. */
export function readAbbreviation(text: string | undefined): string | undefined {
  const name = /^<?([A-Za-z]{3,32})>?$/.exec(text ?? "")?.[1];
  // Local mean time, which no clock shows any more.
  return name === "LMT" ? undefined : name;
}

function readOffset(text: string | undefined): number | undefined {
  const seconds = readClock(text, 24);
  return seconds === undefined ? undefined : 0 - seconds;
}

function readClock(text: string | undefined, maxHours: number): number | undefined {
  const match = /^([+-]?)(\d{1,3})(?::(\d\d))?(?::(\d\d))?$/.exec(text ?? "");
  if (!match) return undefined;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3] ?? 0), Number(match[4] ?? 0)];
  if (hours > maxHours || minutes > 59 || seconds > 59) return undefined;
  const total = hours * 3_600 + minutes * 60 + seconds;
  return match[1] === "-" ? 0 - total : total;
}

function readRuleTime(text: string | undefined): RuleTime | undefined {
  const [dayText = "", timeText] = (text ?? "").split("/");
  const day = readRuleDay(dayText);
  const seconds = timeText === undefined ? 7_200 : readClock(timeText, 167);
  return day && seconds !== undefined ? { day, seconds } : undefined;
}

function readRuleDay(text: string): RuleDay | undefined {
  const weekday = /^M(\d{1,2})\.([1-5])\.([0-6])$/.exec(text);
  if (weekday) {
    const month = Number(weekday[1]);
    if (month < 1 || month > 12) return undefined;
    return { kind: "weekday", month, week: Number(weekday[2]), weekday: Number(weekday[3]) };
  }
  const numbered = /^(J?)(\d{1,3})$/.exec(text);
  if (!numbered) return undefined;
  const day = Number(numbered[2]);
  if (numbered[1] === "J") return day >= 1 && day <= 365 ? { kind: "julian", day } : undefined;
  return day <= 365 ? { kind: "zero-based", day } : undefined;
}

/** Lists the two onsets of a year of the wall clock, in ascending order; none where the clocks are never changed. */
export function posixOnsets(rule: PosixRule, year: number): readonly Onset[] {
  if (!rule.daylight) return [];
  const { standard, abbreviation, daylight } = rule;
  const { offset, start, end } = daylight;
  const startAt = dayIn(year, start.day) * 86_400 + start.seconds - standard;
  const endAt = dayIn(year, end.day) * 86_400 + end.seconds - offset;
  const begins: Onset = { at: startAt, offset, abbreviation: daylight.abbreviation };
  const ends: Onset = { at: endAt, offset: standard, abbreviation };
  return begins.at <= ends.at ? [begins, ends] : [ends, begins];
}

/** Lists the onsets that may lie in a UTC year, and at least one before it where there is any. */
export function posixOnsetsAround(rule: PosixRule, year: number): readonly Onset[] {
  // Daylight saving time all the year round ends and begins again at one instant: there the later year counts.
  return [year - 2, year - 1, year, year + 1].flatMap((each) => posixOnsets(rule, each)).sort((a, b) => a.at - b.at);
}

/** Days from 1970-01-01 to that day of that year. */
function dayIn(year: number, day: RuleDay): number {
  const newYear = startOfYear(year) / 86_400;
  if (day.kind === "zero-based") return newYear + day.day;
  if (day.kind === "julian") {
    // Day 60 is the first of March in every year.
    return newYear + day.day - 1 + (day.day >= 60 && daysInMonth(year, 2) === 29 ? 1 : 0);
  }
  const first = daysFromCivil(year, day.month, 1);
  const inFirstWeek = (day.weekday - weekdayOf(first) + 7) % 7;
  const inMonth = inFirstWeek + (day.week - 1) * 7;
  return first + (inMonth < daysInMonth(year, day.month) ? inMonth : inMonth - 7);
}

/** The day of the week of a day counted from 1970-01-01: 0 is Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
