import {
  civilFromDays,
  daysFromCivil,
  daysInMonth,
  type EpochSeconds,
  parseDateTime,
  type WallSeconds,
} from "../icalendar/date-time.ts";
import { maxSilentZoneYears, maxZoneRuleList, maxZoneRuleOnsetsPerYear } from "../limits.ts";
import { weekdayOf } from "./posix-rule.ts";

/** A yearly rule by which an observance of a VTIMEZONE begins, RFC 5545 §3.6.5. */
export interface ZoneRule {
  readonly start: WallSeconds;
  /** The offset in force before each onset, in which `start` and the days of the rule are told. */
  readonly offsetFrom: number;
  readonly until: EpochSeconds;
  /** Onsets in all; infinite where the rule has no COUNT. */
  readonly count: number;
  readonly interval: number;
  /** Months, 1 to 12. */
  readonly months: readonly number[];
  /** Days of the month, 1 to 31, or from its end -31 to -1. */
  readonly monthDays: readonly number[];
  readonly weekdays: readonly NumberedWeekday[];
  /** Seconds from midnight to the onset. */
  readonly time: number;
}

/** A BYDAY: `nth` counts in the month, or in the year where the rule names no month; 0 is every one. Sunday is 0. */
interface NumberedWeekday {
  readonly weekday: number;
  readonly nth: number;
}

const dayInSeconds = 86_400;
const weekdayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const partsOfZones = new Set([
  "FREQ",
  "INTERVAL",
  "UNTIL",
  "COUNT",
  "WKST",
  "BYMONTH",
  "BYMONTHDAY",
  "BYDAY",
  "BYHOUR",
  "BYMINUTE",
  "BYSECOND",
]);

/**
 * Reads an RRULE as time zones use it: yearly, by month, day of the month and weekday, at one time of day.
 * `undefined` for every other rule. The times of onset are those of `start` where the rule has none.
 */
export function readZoneRule(text: string, start: WallSeconds, offsetFrom: number): ZoneRule | undefined {
  const parts = readParts(text);
  if (parts?.get("FREQ") !== "YEARLY") return undefined;
  const { month, day } = civilFromDays(Math.floor(start / dayInSeconds));
  const months = readNumbers(parts.get("BYMONTH"), 1, 12);
  const monthDays = readNumbers(parts.get("BYMONTHDAY"), -31, 31);
  const weekdays = readWeekdays(parts.get("BYDAY"), months?.length === 0 ? 53 : 5);
  const until = readUntil(parts.get("UNTIL"), offsetFrom);
  const time = readTimeOfDay(parts, start);
  const interval = readCount(parts.get("INTERVAL"), 1);
  const count = readCount(parts.get("COUNT"), Infinity);
  if (!months || !monthDays || !weekdays || until === undefined || time === undefined) return undefined;
  if (interval === undefined || count === undefined) return undefined;
  const plain = monthDays.length === 0 && weekdays.length === 0;
  return {
    start,
    offsetFrom,
    until,
    count,
    interval,
    months: months.length === 0 && plain ? [month] : months,
    monthDays: plain ? [day] : monthDays,
    weekdays,
    time,
  };
}

function readParts(text: string): ReadonlyMap<string, string> | undefined {
  const parts = new Map<string, string>();
  const written = text.trim().toUpperCase();
  for (const part of written.split(";", partsOfZones.size + 1)) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = part.slice(0, equals).trim();
    if (equals < 0 || !partsOfZones.has(name)) return undefined;
    parts.set(name, part.slice(equals + 1).trim());
  }
  return parts;
}

/** Reads a list of whole numbers other than 0; empty where the rule has no such part. */
function readNumbers(text: string | undefined, min: number, max: number): readonly number[] | undefined {
  if (text === undefined) return [];
  const numbers = text.split(",", maxZoneRuleList).map((each) => (/^[+-]?\d{1,2}$/.test(each) ? Number(each) : 0));
  return numbers.every((number) => number !== 0 && number >= min && number <= max) ? numbers : undefined;
}

function readWeekdays(text: string | undefined, maxNth: number): readonly NumberedWeekday[] | undefined {
  if (text === undefined) return [];
  const weekdays: NumberedWeekday[] = [];
  for (const each of text.split(",", maxZoneRuleList)) {
    const match = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(each);
    const weekday = weekdayNames.indexOf(match?.[2] ?? "");
    const nth = Number(match?.[1] ?? 0);
    if (weekday < 0 || Math.abs(nth) > maxNth) return undefined;
    weekdays.push({ weekday, nth });
  }
  return weekdays;
}

/** A local UNTIL is told in the offset before the onset; a date means the whole day. */
function readUntil(text: string | undefined, offsetFrom: number): EpochSeconds | undefined {
  if (text === undefined) return Infinity;
  const until = parseDateTime(text);
  if (!until) return undefined;
  if (until.kind === "utc") return until.wall;
  return until.wall - offsetFrom + (until.kind === "date" ? dayInSeconds - 1 : 0);
}

function readTimeOfDay(parts: ReadonlyMap<string, string>, start: WallSeconds): number | undefined {
  const ofStart = start - Math.floor(start / dayInSeconds) * dayInSeconds;
  const hour = readClockPart(parts.get("BYHOUR"), 23, Math.floor(ofStart / 3_600));
  const minute = readClockPart(parts.get("BYMINUTE"), 59, Math.floor(ofStart / 60) % 60);
  const second = readClockPart(parts.get("BYSECOND"), 59, ofStart % 60);
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  return hour * 3_600 + minute * 60 + second;
}

function readClockPart(text: string | undefined, max: number, usual: number): number | undefined {
  if (text === undefined) return usual;
  return /^\d{1,2}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}

function readCount(text: string | undefined, usual: number): number | undefined {
  if (text === undefined) return usual;
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

/** Lists the onsets of a rule in a year of its wall clock, ascending. COUNT is not looked at. */
export function onsetsInYear(rule: ZoneRule, year: number): readonly EpochSeconds[] {
  const firstYear = yearOfWall(rule.start);
  if (year < firstYear || (year - firstYear) % rule.interval !== 0) return [];
  if (daysFromCivil(year, 1, 1) * dayInSeconds - rule.offsetFrom > rule.until) return [];
  const onsets: EpochSeconds[] = [];
  for (let month = 1; month <= 12; month++) {
    if (rule.months.length > 0 && !rule.months.includes(month)) continue;
    for (const day of daysOfMonth(rule, year, month)) {
      const wall = day * dayInSeconds + rule.time;
      const at = wall - rule.offsetFrom;
      if (wall >= rule.start && at <= rule.until) onsets.push(at);
    }
  }
  return onsets;
}

function daysOfMonth(rule: ZoneRule, year: number, month: number): readonly number[] {
  const days: number[] = [];
  const length = daysInMonth(year, month);
  const first = daysFromCivil(year, month, 1);
  const newYear = daysFromCivil(year, 1, 1);
  const yearLength = daysInMonth(year, 2) + 337;
  for (let i = 0; i < length; i++) {
    if (rule.monthDays.length > 0 && !rule.monthDays.includes(i + 1) && !rule.monthDays.includes(i - length)) continue;
    const fits =
      rule.months.length > 0
        ? fitsWeekday(rule, first + i, i, length)
        : fitsWeekday(rule, first + i, first + i - newYear, yearLength);
    if (fits) days.push(first + i);
  }
  return days;
}

/** Whether a day is one of the BYDAYs; `index` of `length` is its place in the month or year they count in. */
function fitsWeekday(rule: ZoneRule, day: number, index: number, length: number): boolean {
  if (rule.weekdays.length === 0) return true;
  const weekday = weekdayOf(day);
  const nth = Math.floor(index / 7) + 1;
  const nthFromEnd = -Math.floor((length - 1 - index) / 7) - 1;
  return rule.weekdays.some(
    (each) => each.weekday === weekday && (each.nth === 0 || each.nth === nth || each.nth === nthFromEnd),
  );
}

/** Finds the last onset at or before an instant; `undefined` for none, or none within `maxSilentZoneYears` turns. */
export function lastOnset(rule: ZoneRule, instant: EpochSeconds): EpochSeconds | undefined {
  const firstYear = yearOfWall(rule.start);
  const lastYear = yearOfWall(Math.min(instant, rule.until) + rule.offsetFrom);
  const turns = Math.floor((lastYear - firstYear) / rule.interval);
  for (let turn = turns; turn >= 0 && turn > turns - maxSilentZoneYears; turn--) {
    const onset = onsetsInYear(rule, firstYear + turn * rule.interval).findLast((at) => at <= instant);
    if (onset !== undefined) return onset;
  }
  return undefined;
}

/**
 * Lists the first onsets of a rule, at most so many and no more than its COUNT; ascending. Every month looked at and
 * every onset takes one of `budget.steps`; the list ends with them, or after `maxSilentZoneYears` turns without any.
 * Empty for a rule of more than `maxZoneRuleOnsetsPerYear`.
 */
export function firstOnsets(rule: ZoneRule, most: number, budget: { steps: number }): readonly EpochSeconds[] {
  const onsets: EpochSeconds[] = [];
  const wanted = Math.min(most, rule.count);
  let silent = 0;
  for (let year = yearOfWall(rule.start); silent < maxSilentZoneYears && budget.steps > 0; year += rule.interval) {
    budget.steps -= rule.months.length || 12;
    const found = onsetsInYear(rule, year);
    if (found.length > maxZoneRuleOnsetsPerYear) return [];
    budget.steps -= found.length;
    silent = found.length > 0 ? 0 : silent + 1;
    onsets.push(...found.slice(0, wanted - onsets.length));
    if (onsets.length >= wanted) break;
  }
  return onsets;
}

function yearOfWall(wall: WallSeconds): number {
  return civilFromDays(Math.floor(wall / dayInSeconds)).year;
}
