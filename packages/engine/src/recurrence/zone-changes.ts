import { civilFromDays, daysFromCivil, daysInMonth, type EpochSeconds } from "../icalendar/date-time.ts";
import { maxPeriodsBefore, maxVtimezoneChanges } from "../limits.ts";
import { weekdayOf } from "./posix-rule.ts";
import type { Zone } from "./zone.ts";

/** A change of the clocks, with what an observance of a VTIMEZONE has to say about it. */
export interface ZoneChange {
  readonly at: EpochSeconds;
  readonly offsetFrom: number;
  readonly offsetTo: number;
  readonly abbreviation: string | undefined;
  /** Whether the clocks go forward, and back again within a year. */
  readonly daylight: boolean;
}

/** Changes that one yearly rule accounts for, year after year, none left out. */
export interface ZoneRun {
  readonly changes: readonly ZoneChange[];
  /** The BY parts of the rules, with what each gives: two where the days of the rule lie in two months. */
  readonly rules: readonly { readonly parts: string; readonly changes: readonly ZoneChange[] }[];
}

const day = 86_400;
const yearAtMost = 366 * day;
const weekdayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
/** Fewer changes than these are no rule. */
const shortestRun = 3;

/**
 * Lists the changes of a zone, ascending: first the one that made the offset at `from`, if it is known, then all up to
 * and with `to`; `maxVtimezoneChanges` at most.
 */
export function listChanges(zone: Zone, from: EpochSeconds, to: EpochSeconds): readonly ZoneChange[] {
  const changes: Omit<ZoneChange, "daylight">[] = [];
  let period = zone.periodAt(startOfOffset(zone, from));
  if (period.from > -Infinity) period = zone.periodAt(period.from - 1);
  while (period.until <= to && changes.length <= maxVtimezoneChanges) {
    const next = zone.periodAt(period.until);
    const { offset: offsetTo, abbreviation } = next;
    if (offsetTo !== period.offset) changes.push({ at: next.from, offsetFrom: period.offset, offsetTo, abbreviation });
    period = next;
  }
  return changes.map((change, i) => ({ ...change, daylight: isDaylight(change, changes[i + 1]) }));
}

/** Finds the instant since which the offset at `from` holds; `-Infinity` where the zone does not tell in time. */
function startOfOffset(zone: Zone, from: EpochSeconds): EpochSeconds {
  const { offset } = zone.periodAt(from);
  let at = from;
  for (let i = 0; i < maxPeriodsBefore; i++) {
    const period = zone.periodAt(at);
    if (period.offset !== offset) return period.until;
    if (period.from === -Infinity) break;
    at = period.from - 1;
  }
  return -Infinity;
}

function isDaylight(change: Omit<ZoneChange, "daylight">, next: Omit<ZoneChange, "daylight"> | undefined): boolean {
  if (change.offsetTo <= change.offsetFrom || !next) return false;
  return next.offsetTo < next.offsetFrom && next.at - change.at <= yearAtMost;
}

/** Sorts changes of one kind and time of day, ascending, into runs, the longest first, and those that follow no rule. */
export function findRuns(changes: readonly ZoneChange[]): {
  readonly runs: readonly ZoneRun[];
  readonly others: readonly ZoneChange[];
} {
  const runs: ZoneRun[] = [];
  const others: ZoneChange[] = [];
  // Each turn takes at least one change off.
  const parts: (readonly ZoneChange[])[] = [changes];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const { start, length } = longestRun(part);
    const members = part.slice(start, start + length);
    const rules = length >= shortestRun ? rulesFor(members) : undefined;
    if (!rules) {
      others.push(...part);
      continue;
    }
    runs.push({ changes: members, rules });
    parts.push(part.slice(0, start), part.slice(start + length));
  }
  return { runs, others };
}

function longestRun(changes: readonly ZoneChange[]): { readonly start: number; readonly length: number } {
  const dates = changes.map(dateOf);
  let longest = { start: 0, length: 0 };
  for (let start = 0; start + longest.length < dates.length; start++) {
    const length = runFrom(dates, start);
    if (length > longest.length) longest = { start, length };
  }
  return longest;
}

/** Counts the dates from `start` on that come once in each year and fit a rule together. */
function runFrom(dates: readonly LocalDate[], start: number): number {
  let end = start + 1;
  while (end < dates.length) {
    const [last, next] = [dates[end - 1], dates[end]];
    if (!last || !next || next.year !== last.year + 1 || !windowOf(dates.slice(start, end + 1))) break;
    end++;
  }
  return end - start;
}

interface LocalDate {
  readonly days: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function dateOf(change: ZoneChange): LocalDate {
  const days = Math.floor((change.at + change.offsetFrom) / day);
  return { days, ...civilFromDays(days) };
}

/** The days of a rule: seven of them for one weekday, or a single one for any. */
interface Window {
  readonly month: number;
  /** Days of the month, or past its end or before its beginning. */
  readonly first: number;
  readonly last: number;
  readonly weekday: number | undefined;
  readonly lastOfMonth: boolean;
}

/** Finds the days that a rule for all of these dates has to name. */
function windowOf(dates: readonly LocalDate[]): Window | undefined {
  const [one] = dates;
  if (!one) return undefined;
  const { month } = one;
  if (dates.every((each) => each.month === month && each.day === one.day) && dates.length > 1) {
    return { month, first: one.day, last: one.day, weekday: undefined, lastOfMonth: false };
  }
  const weekday = weekdayOf(one.days);
  if (dates.some((each) => weekdayOf(each.days) !== weekday)) return undefined;
  const places = dates.map((each) => each.days - daysFromCivil(each.year, month, 1) + 1);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const lastOfMonth = dates.every((each) => each.month === month && each.day > daysInMonth(each.year, month) - 7);
  // The end of February is not on the same day each year.
  const unsteady = (month === 2 && last > 28) || (month === 3 && first < 1);
  return last - first > 6 || (unsteady && !lastOfMonth) ? undefined : { month, first, last, weekday, lastOfMonth };
}

function rulesFor(changes: readonly ZoneChange[]): ZoneRun["rules"] | undefined {
  const window = windowOf(changes.map(dateOf));
  if (!window) return undefined;
  const { month, first, last, weekday, lastOfMonth } = window;
  if (weekday === undefined) return [{ parts: `BYMONTH=${month};BYMONTHDAY=${first}`, changes }];
  const name = weekdayNames[weekday];
  if (lastOfMonth) return [{ parts: `BYMONTH=${month};BYDAY=-1${name}`, changes }];
  const week = Math.ceil(first / 7);
  if (week >= 1 && week <= 4 && last <= week * 7) return [{ parts: `BYMONTH=${month};BYDAY=${week}${name}`, changes }];
  const months = [...new Set(changes.map((change) => dateOf(change).month))];
  return months.map((each) => {
    const members = changes.filter((change) => dateOf(change).month === each);
    return { parts: `BYMONTH=${each};BYMONTHDAY=${daysIn(window, each)};BYDAY=${name}`, changes: members };
  });
}

/** Lists the days of a window of seven that lie in a month: its own, the one before or the one after. */
function daysIn(window: Window, month: number): string {
  const length = daysInMonth(2_001, window.month);
  const start = firstDay(window, length);
  const week = Array.from({ length: 7 }, (_, i) => start + i);
  if (month === window.month) return week.filter((each) => each >= 1 && each <= length).join();
  const isNext = month === (window.month % 12) + 1;
  if (isNext) return week.flatMap((each) => (each > length ? [each - length] : [])).join();
  const before = daysInMonth(2_001, month);
  return week.flatMap((each) => (each < 1 ? [each + before] : [])).join();
}

/** Keeps the seven days within the month where the dates allow it. */
function firstDay({ first, last }: Window, length: number): number {
  if (first < 1 || last > length) return last - 6;
  return Math.max(1, last - 6);
}
