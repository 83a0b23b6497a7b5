import { civilFromDays, type WallSeconds } from "../../icalendar/date-time.ts";
import { type Octets, openOctets, readNumber } from "./octets.ts";
import { secondsFrom1601 } from "./properties.ts";

/** A series as Outlook keeps it. */
export interface TnefSeries {
  /** The RRULE without its end. */
  readonly rule: string;
  /** The day of the last Instance, or how many there are; neither for a series without end. */
  readonly end: { readonly lastDay?: WallSeconds; readonly count?: number };
  /** The day of the first Instance. */
  readonly firstDay: WallSeconds;
  /** Seconds from midnight to where an Instance starts and ends. */
  readonly from: number;
  readonly to: number;
  /** Days of Instances that do not take place. */
  readonly deleted: readonly WallSeconds[];
}

const [daily, weekly, monthly, yearly] = [0x200a, 0x200b, 0x200c, 0x200d];
const [byDay, byWeek, byMonth, byNth, byMonthEnd] = [0, 1, 2, 3, 4];
const [endsByDate, endsByCount, endsNever] = [0x2021, 0x2022, 0x2023];
const maxDeleted = 5_000;
const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/**
 * Reads the series of a meeting, MS-OXOCAL section 2.2.1.44. `undefined` for all that cannot be said in an RRULE without doubt:
 * other calendars than the Gregorian, Instances that were changed, a pattern or an end nobody knows.
 */
export function readSeries(bytes: Uint8Array): TnefSeries | undefined {
  const octets = openOctets(bytes);
  const version = readNumber(octets, 2);
  readNumber(octets, 2);
  const pattern = readPattern(octets);
  const end = readNumber(octets, 4);
  const count = readNumber(octets, 4);
  const weekStart = weekdays[readNumber(octets, 4)];
  const deleted = readDays(octets);
  const changed = readNumber(octets, 4);
  const [firstDay, lastDay] = [readDay(octets), readDay(octets)];
  readNumber(octets, 4);
  readNumber(octets, 4);
  const [from, to] = [readNumber(octets, 4) * 60, readNumber(octets, 4) * 60];
  const exceptions = readNumber(octets, 2);
  if (octets.short || version !== 0x3004 || changed !== 0 || exceptions !== 0 || !deleted || !weekStart)
    return undefined;
  if (from >= 86_400 || to < from || to > 40 * 86_400) return undefined;
  const parts = ruleParts(pattern, firstDay, weekStart);
  const until = endOf(end, count, lastDay);
  if (!parts || !until) return undefined;
  return { rule: parts.join(";"), end: until, firstDay, from, to, deleted };
}

interface Pattern {
  readonly frequency: number;
  readonly type: number;
  readonly calendar: number;
  /** Minutes of days, weeks, or months. */
  readonly period: number;
  readonly sliding: boolean;
  /** Weekdays, a bit each, or the day of the month. */
  readonly days: number;
  readonly nth: number;
}

function readPattern(octets: Octets): Pattern {
  const [frequency, type, calendar] = [readNumber(octets, 2), readNumber(octets, 2), readNumber(octets, 2)];
  readNumber(octets, 4);
  const period = readNumber(octets, 4);
  const sliding = readNumber(octets, 4) !== 0;
  const days = type === byDay ? 0 : readNumber(octets, 4);
  const nth = type === byNth ? readNumber(octets, 4) : 0;
  return { frequency, type, calendar, period, sliding, days, nth };
}

function readDays(octets: Octets): readonly WallSeconds[] | undefined {
  const count = readNumber(octets, 4);
  return count > maxDeleted ? undefined : Array.from({ length: count }, () => readDay(octets));
}

/** Days are minutes since 1601. */
function readDay(octets: Octets): WallSeconds {
  return readNumber(octets, 4) * 60 - secondsFrom1601;
}

function endOf(type: number, count: number, lastDay: WallSeconds): TnefSeries["end"] | undefined {
  if (type === endsNever || type === 0xffffffff) return {};
  if (type === endsByCount) return count > 0 && count < 100_000 ? { count } : undefined;
  return type === endsByDate && lastDay % 86_400 === 0 ? { lastDay } : undefined;
}

function ruleParts(pattern: Pattern, firstDay: WallSeconds, weekStart: string): readonly string[] | undefined {
  const { frequency, type, calendar, period, sliding } = pattern;
  if (calendar > 2 || sliding || period === 0 || firstDay % 86_400 !== 0) return undefined;
  if (type === byDay) {
    return frequency === daily && period % 1_440 === 0 ? ["FREQ=DAILY", `INTERVAL=${period / 1_440}`] : undefined;
  }
  if (type === byWeek) return weekParts(pattern, weekStart);
  const days = type === byNth ? nthParts(pattern) : dayParts(pattern);
  if (!days || period > 1_200 || (frequency !== monthly && frequency !== yearly)) return undefined;
  if (frequency === monthly || period % 12 !== 0) return ["FREQ=MONTHLY", `INTERVAL=${period}`, ...days];
  const { month } = civilFromDays(firstDay / 86_400);
  return ["FREQ=YEARLY", `INTERVAL=${period / 12}`, `BYMONTH=${month}`, ...days];
}

/** Every weekday is a daily series that is written like a weekly one. */
function weekParts({ frequency, period, days }: Pattern, weekStart: string): readonly string[] | undefined {
  const named = namedDays(days);
  if (named.length === 0 || (frequency !== weekly && (frequency !== daily || period !== 1))) return undefined;
  return ["FREQ=WEEKLY", `INTERVAL=${period}`, `BYDAY=${named.join(",")}`, `WKST=${weekStart}`];
}

/** A day that a month does not have is its last one there. */
function dayParts({ type, days: day }: Pattern): readonly string[] | undefined {
  if (type === byMonthEnd || (type === byMonth && day === 31)) return ["BYMONTHDAY=-1"];
  if (type !== byMonth || day < 1 || day > 31) return undefined;
  if (day <= 28) return [`BYMONTHDAY=${day}`];
  const days = Array.from({ length: day - 27 }, (_, i) => 28 + i);
  return [`BYMONTHDAY=${days.join(",")}`, "BYSETPOS=-1"];
}

/** The 5th is the last. */
function nthParts({ days, nth }: Pattern): readonly string[] | undefined {
  const named = namedDays(days);
  if (named.length === 0 || nth < 1 || nth > 5) return undefined;
  return [`BYDAY=${named.join(",")}`, `BYSETPOS=${nth === 5 ? -1 : nth}`];
}

function namedDays(bits: number): readonly string[] {
  return weekdays.filter((_, i) => (bits & (1 << i)) !== 0);
}
