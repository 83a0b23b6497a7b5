import { civilFromDays, daysFromCivil, daysInMonth, type WallSeconds } from "../icalendar/date-time.ts";
import type { RecurrenceRule } from "./rule.ts";
import { makeRuleDays, type RuleDays, weekdayOfDay, yearOfDay } from "./rule-days.ts";
import { countBelow, makeRuleTimes, type RuleTimes, secondsOf } from "./rule-times.ts";

/**
 * One period of a rule: what it generates are all `times` of all `days`, in ascending order. `days` are counted from the one
 * that begins with `base`, `times` are seconds from there.
 */
export interface Period {
  base: WallSeconds;
  days: readonly number[];
  /** The number of the next period that can hold anything; infinite where there is none. */
  next: number;
}

/** Which periods hold anything, where that is the same over and over, and each of them holds as much as every other. */
export interface PeriodPattern {
  /** How many of those before the period of that number hold something. */
  before(number: number): number;
  /** The number of the period that holds something and has so many of its kind before it. */
  nth(index: number): number;
}

/** The periods of a rule, numbered from 0, the one of its start. */
export interface RulePeriods {
  readonly times: ArrayLike<number>;
  /** The last period that begins at or before that moment; negative before the start. */
  numberAt(wall: WallSeconds): number;
  /** Puts the period of that number into `period`; with no days where the rule generates nothing in it. */
  load(number: number, period: Period): void;
  /** Missing where the calendar decides. */
  readonly pattern?: PeriodPattern | undefined;
  /** The most days any period can hold, of all that `interval` reaches; 0 where none of them holds any. Takes a while. */
  mostDays(): number;
}

const dayInSeconds = 86_400;
/** Years among which every shape a year can have is found: four kinds of leap years near, on seven weekdays. */
const cycle = Array.from({ length: 28 }, (_, index) => 2001 + index);
const noDays: readonly number[] = [];
const oneDay: readonly number[] = [0];
const everyPeriod: PeriodPattern = { before: (number) => number, nth: (index) => index };
/** A search turns from the times that fit to the days and back as often; that mostly ends it, else it counts as a step. */
const seekTurns = 2;

/** Divides the time since `start` into the periods of a rule. Every number is computed from another: none is stepped to. */
export function makePeriods(rule: RecurrenceRule, start: WallSeconds, isDate: boolean): RulePeriods {
  const day = Math.floor(start / dayInSeconds);
  const completed = completeRule(rule, day);
  const { frequency } = rule;
  const ruleTimes = makeRuleTimes(rule, start, isDate);
  const { times } = ruleTimes;
  const days = makeRuleDays({
    ...completed,
    numberedIn: numberedIn(rule),
    skip: frequency === "MONTHLY" || frequency === "YEARLY" ? rule.skip : "OMIT",
  });
  if (frequency === "YEARLY") return makeYears(rule.interval, day, days, times);
  if (frequency === "MONTHLY") return makeMonths(rule.interval, day, days, times);
  const limited = hasDayParts(completed);
  if (frequency === "WEEKLY") return makeWeeks(completed, day, days, times);
  if (frequency === "DAILY") return makeDays(rule, day, limited ? days : undefined, times);
  return makeUnits(rule, start, limited ? days : undefined, ruleTimes);
}

/**
 * What a rule does not say comes from its start, RFC 5545 §3.3.10: the weekday of a week, the day of a month, the month and day of a
 * year. BYMONTHDAY alone expands a year over all its months.
 */
function completeRule(rule: RecurrenceRule, startDay: number): RecurrenceRule {
  const { frequency, byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = rule;
  const { month, day } = civilFromDays(startDay);
  const weekday = [{ weekday: weekdayOfDay(startDay) as 0, nth: 0 }];
  const hasDays = byMonthDay.length > 0 || byDay.length > 0;
  if (hasDays || (frequency === "YEARLY" && byYearDay.length > 0)) return rule;
  if (frequency === "WEEKLY" || (frequency === "YEARLY" && byWeekNumber.length > 0)) return { ...rule, byDay: weekday };
  if (frequency === "MONTHLY") return { ...rule, byMonthDay: [day] };
  if (frequency !== "YEARLY") return rule;
  return { ...rule, byMonth: byMonth.length > 0 ? byMonth : [month], byMonthDay: [day] };
}

/** RFC 5545 §3.3.10 with errata 1913 and 3779. */
function numberedIn({ frequency, byMonth, byWeekNumber }: RecurrenceRule): "month" | "year" | "none" {
  if (frequency === "MONTHLY") return "month";
  if (frequency !== "YEARLY" || byWeekNumber.length > 0) return "none";
  return byMonth.length > 0 ? "month" : "year";
}

function hasDayParts(rule: RecurrenceRule): boolean {
  const { byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = rule;
  return [byMonth, byWeekNumber, byYearDay, byMonthDay, byDay].some((part) => part.length > 0);
}

function makeYears(interval: number, startDay: number, ruleDays: RuleDays, times: ArrayLike<number>): RulePeriods {
  const first = yearOfDay(startDay);
  return {
    times,
    mostDays: () => Math.max(...cycle.map((year) => ruleDays.ofYear(year).length)),
    numberAt: (wall) => Math.floor((yearOfDay(Math.floor(wall / dayInSeconds)) - first) / interval),
    load: (number, period) => {
      const year = first + number * interval;
      period.base = daysFromCivil(year, 1, 1) * dayInSeconds;
      period.days = ruleDays.ofYear(year);
      period.next = number + 1;
    },
  };
}

function makeMonths(interval: number, startDay: number, ruleDays: RuleDays, times: ArrayLike<number>): RulePeriods {
  const first = monthOfDay(startDay);
  return {
    times,
    mostDays: () => {
      const reached = new Set(cycle.slice(0, 12).map((_, turn) => (((first + turn * interval) % 12) + 12) % 12));
      return Math.max(...[...reached].flatMap((month) => cycle.map((year) => ruleDays.ofMonth(year, month).length)));
    },
    numberAt: (wall) => Math.floor((monthOfDay(Math.floor(wall / dayInSeconds)) - first) / interval),
    load: (number, period) => {
      const months = first + number * interval;
      const year = Math.floor(months / 12);
      const month = months - year * 12;
      period.base = daysFromCivil(year, month + 1, 1) * dayInSeconds;
      period.days = ruleDays.ofMonth(year, month);
      period.next = number + 1;
      if (period.days.length > 0) return;
      // The day that fits next may be one that SKIP moved there from the month before.
      const day = ruleDays.nextDay(period.base / dayInSeconds + daysInMonth(year, month + 1));
      period.next = day === Infinity ? day : Math.max(number + 1, Math.ceil((monthOfDay(day - 1) - first) / interval));
    },
  };
}

/** Months since the year 0 began. */
function monthOfDay(day: number): number {
  const { year, month } = civilFromDays(day);
  return year * 12 + month - 1;
}

function makeWeeks(rule: RecurrenceRule, startDay: number, ruleDays: RuleDays, times: ArrayLike<number>): RulePeriods {
  const { interval, weekStart } = rule;
  const first = startDay - ((weekdayOfDay(startDay) - weekStart + 7) % 7);
  const length = 7 * interval;
  const limited = hasDayParts({ ...rule, byDay: [] });
  const weekdays = [...new Set(rule.byDay.map(({ weekday }) => (weekday - weekStart + 7) % 7))].sort((a, b) => a - b);
  const limit = (number: number, start: number, period: Period): void => {
    const found: number[] = [];
    let day = ruleDays.nextDay(start);
    for (; day < start + 7; day = ruleDays.nextDay(day + 1)) found.push(day - start);
    period.days = found;
    // The week that fits next begins up to six days before the day that does.
    if (found.length === 0) period.next = Math.max(number + 1, Math.floor((day - first) / length));
  };
  return {
    times,
    pattern: limited ? undefined : everyPeriod,
    mostDays: () => weekdays.length,
    numberAt: (wall) => Math.floor((Math.floor(wall / dayInSeconds) - first) / length),
    load: (number, period) => {
      const start = first + number * length;
      period.base = start * dayInSeconds;
      period.next = number + 1;
      if (limited) limit(number, start, period);
      else period.days = weekdays;
    },
  };
}

function makeDays(
  rule: RecurrenceRule,
  startDay: number,
  ruleDays: RuleDays | undefined,
  times: ArrayLike<number>,
): RulePeriods {
  const { interval } = rule;
  return {
    times,
    pattern: ruleDays ? undefined : everyPeriod,
    mostDays: () => (reachesWeekday(rule, startDay, 1, everyPeriod) ? 1 : 0),
    numberAt: (wall) => Math.floor((Math.floor(wall / dayInSeconds) - startDay) / interval),
    load: (number, period) => {
      const day = startDay + number * interval;
      const fitting = ruleDays ? ruleDays.nextDay(day) : day;
      period.base = day * dayInSeconds;
      period.days = fitting === day ? oneDay : noDays;
      period.next = fitting === day ? number + 1 : Math.ceil((fitting - startDay) / interval);
    },
  };
}

/** Whether a period that fits, so many of them being a day, ever lies on a weekday that does: after some weeks all comes again. */
function reachesWeekday(
  { byDay, interval }: RecurrenceRule,
  first: number,
  perDay: number,
  pattern: PeriodPattern,
): boolean {
  const cycle = (7 * perDay) / commonDivisor(interval, 7 * perDay);
  for (let index = 0, number = pattern.nth(0); number < cycle; number = pattern.nth(++index)) {
    const today = weekdayOfDay(Math.floor((first + number * interval) / perDay));
    if (byDay.length === 0 || byDay.some(({ weekday }) => weekday === today)) return true;
  }
  return false;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** The periods of a frequency shorter than a day. What does not fit is leapt over. */
function makeUnits(
  rule: RecurrenceRule,
  start: WallSeconds,
  ruleDays: RuleDays | undefined,
  { times, fits }: RuleTimes,
): RulePeriods {
  const { frequency, interval } = rule;
  const unit = secondsOf(frequency);
  const perDay = dayInSeconds / unit;
  const first = Math.floor(start / unit);
  const pattern = fits ? makePattern(fits, first, interval) : everyPeriod;
  let found = Number.NaN;
  /** The number itself where it fits; else one not after the next that does. */
  const seek = (from: number): number => {
    if (from === found) return from;
    let number = from;
    for (let turn = 0; turn < seekTurns; turn++) {
      number = pattern.nth(pattern.before(number));
      found = number;
      if (!ruleDays || number === Infinity) break;
      const day = Math.floor((first + number * interval) / perDay);
      const fitting = ruleDays.nextDay(day);
      if (fitting === day) break;
      number = Math.ceil((fitting * perDay - first) / interval);
      found = Number.NaN;
    }
    return number;
  };
  const isLimited = ruleDays !== undefined || fits !== undefined;
  return {
    times,
    pattern: ruleDays ? undefined : pattern,
    mostDays: () => (reachesWeekday(rule, first, perDay, pattern) ? 1 : 0),
    numberAt: (wall) => Math.floor((Math.floor(wall / unit) - first) / interval),
    load: (number, period) => {
      const fitting = isLimited ? seek(number) : number;
      period.base = (first + number * interval) * unit;
      period.days = fitting === number ? oneDay : noDays;
      if (fitting > number) period.next = fitting;
      else period.next = isLimited ? seek(number + 1) : number + 1;
    },
  };
}

/** Steps of one interval come back to the same time of day; the pattern is what fits until they do. */
function makePattern(fits: ArrayLike<number>, first: number, interval: number): PeriodPattern {
  const perDay = fits.length;
  const [start, step] = [((first % perDay) + perDay) % perDay, interval % perDay];
  const fitting: number[] = [];
  let length = 0;
  for (let place = start; length === 0 || place !== start; place = (place + step) % perDay) {
    if (fits[place] === 1) fitting.push(length);
    length++;
  }
  const count = fitting.length;
  let cursor = 0;
  return {
    before: (number) => {
      const turns = Math.floor(number / length);
      const place = number - turns * length;
      // Numbers are mostly asked for one after the other.
      if (cursor < count && (fitting[cursor] as number) < place) cursor++;
      const isThere = !((fitting[cursor - 1] ?? -1) >= place || (fitting[cursor] ?? length) < place);
      if (!isThere) cursor = countBelow(fitting, place);
      return turns * count + cursor;
    },
    nth: (index) => {
      if (count === 0) return Infinity;
      const turns = Math.floor(index / count);
      return turns * length + (fitting[index - turns * count] as number);
    },
  };
}
