import { civilFromDays, daysFromCivil, type WallSeconds } from "../icalendar/date-time.ts";
import type { RecurrenceRule } from "./rule.ts";
import { makeRuleDays, type RuleDays, weekdayOfDay, yearOfDay } from "./rule-days.ts";
import { makeRuleTimes, type RuleTimes, secondsOf } from "./rule-times.ts";

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

/** The periods of a rule, numbered from 0, the one of its start. */
export interface RulePeriods {
  readonly times: readonly number[];
  /** The last period that begins at or before that moment; negative before the start. */
  numberAt(wall: WallSeconds): number;
  /** Puts the period of that number into `period`; with no days where the rule generates nothing in it. */
  load(number: number, period: Period): void;
  /** Whether every period holds as much as every other. */
  readonly isRegular: boolean;
  /** The most days any period can hold, of all that `interval` reaches; 0 where none of them holds any. Takes a while. */
  mostDays(): number;
}

const dayInSeconds = 86_400;
/** Years among which every shape a year can have is found: four kinds of leap years near, on seven weekdays. */
const cycle = Array.from({ length: 28 }, (_, index) => 2001 + index);
const noDays: readonly number[] = [];
const oneDay: readonly number[] = [0];

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

function makeYears(interval: number, startDay: number, ruleDays: RuleDays, times: readonly number[]): RulePeriods {
  const first = yearOfDay(startDay);
  return {
    times,
    isRegular: false,
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

function makeMonths(interval: number, startDay: number, ruleDays: RuleDays, times: readonly number[]): RulePeriods {
  const first = monthOfDay(startDay);
  return {
    times,
    isRegular: false,
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
    },
  };
}

/** Months since the year 0 began. */
function monthOfDay(day: number): number {
  const { year, month } = civilFromDays(day);
  return year * 12 + month - 1;
}

function makeWeeks(rule: RecurrenceRule, startDay: number, ruleDays: RuleDays, times: readonly number[]): RulePeriods {
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
    isRegular: !limited,
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
  { interval, byDay }: RecurrenceRule,
  startDay: number,
  ruleDays: RuleDays | undefined,
  times: readonly number[],
): RulePeriods {
  const isAlwaysOneWeekday = byDay.length > 0 && interval % 7 === 0;
  const isOnIt = byDay.some(({ weekday }) => weekday === weekdayOfDay(startDay));
  return {
    times,
    isRegular: !ruleDays,
    mostDays: () => (isAlwaysOneWeekday && !isOnIt ? 0 : 1),
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

/** The periods of a frequency shorter than a day. Whole days, hours and minutes that do not fit are leapt over. */
function makeUnits(
  rule: RecurrenceRule,
  start: WallSeconds,
  ruleDays: RuleDays | undefined,
  { times, nextTime }: RuleTimes,
): RulePeriods {
  const unit = secondsOf(rule.frequency);
  const length = unit * rule.interval;
  const first = Math.floor(start / unit) * unit;
  const fittingAt = (wall: WallSeconds): WallSeconds => {
    const day = Math.floor(wall / dayInSeconds);
    const fitting = ruleDays ? ruleDays.nextDay(day) : day;
    if (!nextTime) return fitting === day ? wall : fitting * dayInSeconds;
    const time = nextTime(fitting === day ? wall - day * dayInSeconds : 0);
    return fitting * dayInSeconds + time;
  };
  return {
    times,
    isRegular: !ruleDays && !nextTime,
    mostDays: () => (nextTime && !reachesTime(nextTime, start, rule.interval, unit) ? 0 : 1),
    numberAt: (wall) => Math.floor((wall - first) / length),
    load: (number, period) => {
      const wall = first + number * length;
      const fitting = ruleDays || nextTime ? fittingAt(wall) : wall;
      period.base = wall;
      period.days = fitting === wall ? oneDay : noDays;
      period.next = fitting === wall ? number + 1 : Math.ceil((fitting - first) / length);
    },
  };
}

/** Whether steps of so many units ever come to a time of day that fits: they come to those a divisor of both apart. */
function reachesTime(
  nextTime: (second: number) => number,
  start: WallSeconds,
  interval: number,
  unit: number,
): boolean {
  let [divisor, rest] = [dayInSeconds, (interval * unit) % dayInSeconds];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  const first = start - (start % unit);
  for (let time = nextTime(0); time < dayInSeconds; time = nextTime(time + unit)) {
    if ((time - first) % divisor === 0) return true;
  }
  return false;
}
