import { civilFromDays, daysFromCivil, type WallSeconds } from "../icalendar/date-time.ts";
import type { RecurrenceRule } from "./rule.ts";
import {
  ascending,
  type DayParts,
  dayInSeconds,
  dayOf,
  makeRuleDays,
  modulo,
  weekdayOfDay,
  yearOfDay,
} from "./rule-days.ts";
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

/** As many weeks as the 28 years from 2001 on have, among which is every shape a year can have, and more months than they have. */
const cycle = [...Array(1_464).keys()];
/** A Sunday of the week before 2001. */
const sundayBefore2001 = 11_315;
const noDays: readonly number[] = [];
const oneDay: readonly number[] = [0];
const everyPeriod: PeriodPattern = { before: (number) => number, nth: (index) => index };
/** A search turns from the times that fit to the days and back as often; that mostly ends it, else it counts as a step. */
const seekTurns = 2;

/** Divides the time since `start` into the periods of a rule. Every number is computed from another: none is stepped to. */
export function makePeriods(rule: RecurrenceRule, start: WallSeconds, isDate: boolean): RulePeriods {
  const isByCalendar = rule.frequency === "MONTHLY" || rule.frequency === "YEARLY";
  const makeThem = isByCalendar ? makeCalendarPeriods : makeEvenPeriods;
  return makeThem(completeRule(rule, dayOf(start)), start, makeRuleTimes(rule, start, isDate));
}

/** A rule with all it implies. */
type CompleteRule = RecurrenceRule & DayParts;

/**
 * What a rule does not say comes from its start, RFC 5545 §3.3.10: the weekday of a week, the day of a month, the month and day of a
 * year. BYMONTHDAY alone expands a year over all its months.
 */
function completeRule(rule: RecurrenceRule, startDay: number): CompleteRule {
  const { frequency, byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = rule;
  const { month, day } = civilFromDays(startDay);
  const isYearly = frequency === "YEARLY";
  const mayLack = isYearly || frequency === "MONTHLY";
  const complete = { ...rule, numberedIn: numbering(rule), skip: mayLack ? rule.skip : "OMIT" };
  if (byMonthDay.length > 0 || byDay.length > 0 || (isYearly && byYearDay.length > 0)) return complete;
  if (frequency === "WEEKLY" || (isYearly && byWeekNumber.length > 0))
    return { ...complete, byDay: [{ weekday: weekdayOfDay(startDay) as 0, nth: 0 }] };
  const months = isYearly && byMonth.length === 0 ? [month] : byMonth;
  return mayLack ? { ...complete, byMonth: months, byMonthDay: [day] } : complete;
}

/** RFC 5545 §3.3.10 with errata 1913 and 3779. */
function numbering({ frequency, byMonth, byWeekNumber }: RecurrenceRule): DayParts["numberedIn"] {
  if (frequency === "MONTHLY") return "month";
  if (frequency !== "YEARLY" || byWeekNumber.length > 0) return "none";
  return byMonth.length > 0 ? "month" : "year";
}

/** The periods of a frequency whose periods are not all as long: months, or years. */
function makeCalendarPeriods(rule: CompleteRule, start: WallSeconds, { times }: RuleTimes): RulePeriods {
  const { interval } = rule;
  const isYearly = rule.frequency === "YEARLY";
  const { ofYear, ofMonth, nextDay } = makeRuleDays(rule);
  const unitOf = isYearly ? yearOfDay : monthOfDay;
  const firstDay = (unit: number): number =>
    isYearly ? daysFromCivil(unit, 1, 1) : daysFromCivil(Math.floor(unit / 12), modulo(unit, 12) + 1, 1);
  const daysOf = (year: number, month: number): readonly number[] => (isYearly ? ofYear(year) : ofMonth(year, month));
  const first = unitOf(dayOf(start));
  return {
    times,
    mostDays: () =>
      Math.max(...cycle.map((i) => daysOf(2001 + Math.floor(i / 12), modulo(first + i * interval, 12)).length)),
    numberAt: (wall) => Math.floor((unitOf(dayOf(wall)) - first) / interval),
    load: (number, period) => {
      const unit = first + number * interval;
      const day = firstDay(unit);
      period.base = day * dayInSeconds;
      period.days = isYearly ? ofYear(unit) : ofMonth(Math.floor(unit / 12), modulo(unit, 12));
      period.next = number + 1;
      if (period.days.length > 0) return;
      // The day that fits next may be one that SKIP moved there from the month before.
      const next = nextDay(firstDay(unit + 1));
      period.next = next === Infinity ? next : Math.max(number + 1, Math.ceil((unitOf(next - 1) - first) / interval));
    },
  };
}

/** Months since the year 0 began. */
function monthOfDay(day: number): number {
  const { year, month } = civilFromDays(day);
  return year * 12 + month - 1;
}

/** The periods of a frequency up to a week, which are all as long. What does not fit is leapt over. */
function makeEvenPeriods(rule: CompleteRule, start: WallSeconds, { times, fits }: RuleTimes): RulePeriods {
  const { frequency, interval, weekStart, byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = rule;
  const isWeekly = frequency === "WEEKLY";
  const span = isWeekly ? 7 : 1;
  const length = secondsOf(frequency) * span;
  // 1970-01-01 was a Thursday.
  const shift = isWeekly ? (4 - weekStart) * dayInSeconds : 0;
  const unitOf = (wall: WallSeconds): number => Math.floor((wall + shift) / length);
  const first = unitOf(start);
  const baseOf = (number: number): WallSeconds => (first + number * interval) * length - shift;
  const days = isWeekly ? ascending(byDay.map(({ weekday }) => modulo(weekday - weekStart, 7))) : oneDay;
  const limits = [byMonth, byWeekNumber, byYearDay, byMonthDay, isWeekly ? [] : byDay];
  const nextDay = limits.some((part) => part.length > 0) ? makeRuleDays(rule).nextDay : undefined;
  const pattern = fits ? makePattern(fits, first, interval) : everyPeriod;
  let found = Number.NaN;
  let index = 0;
  /** The number itself where it fits; else one not after the next that does. */
  const seek = (from: number): number => {
    let number = from;
    for (let turn = 0; number !== found && number < Infinity && turn < seekTurns; turn++) {
      if (fits) {
        index = number === found + 1 ? index + 1 : pattern.before(number);
        number = pattern.nth(index);
      }
      found = number;
      if (!nextDay || number === Infinity) break;
      const day = dayOf(baseOf(number));
      const fitting = nextDay(day);
      if (fitting < day + span) break;
      number = Math.ceil((unitOf(fitting * dayInSeconds) - first) / interval);
      found = Number.NaN;
    }
    return number;
  };
  return {
    times,
    pattern: nextDay ? undefined : pattern,
    mostDays: () => {
      if (!isWeekly) return reachesWeekday(rule, first, dayInSeconds / length, pattern);
      if (!nextDay) return days.length;
      return Math.max(...cycle.map((i) => daysOfWeek(nextDay, sundayBefore2001 + weekStart + i * 7).length));
    },
    numberAt: (wall) => Math.floor((unitOf(wall) - first) / interval),
    load: (number, period) => {
      const fitting = nextDay || fits ? seek(number) : number;
      period.base = baseOf(number);
      period.days = noDays;
      period.next = fitting;
      if (fitting > number) return;
      period.days = nextDay && isWeekly ? daysOfWeek(nextDay, dayOf(period.base)) : days;
      period.next = fits ? seek(number + 1) : number + 1;
    },
  };
}

function daysOfWeek(nextDay: (day: number) => number, first: number): readonly number[] {
  const found: number[] = [];
  for (let day = nextDay(first); day < first + 7; day = nextDay(day + 1)) found.push(day - first);
  return found;
}

/** 1 where a period that fits, so many of them being a day, ever lies on a weekday that does, else 0: after some weeks all comes again. */
function reachesWeekday(
  { byDay, interval }: RecurrenceRule,
  first: number,
  perDay: number,
  { nth }: PeriodPattern,
): number {
  const turn = 7 * perDay;
  const length = turn / commonDivisor(interval, turn);
  for (let index = 0, number = nth(0); number < length; number = nth(++index)) {
    const today = weekdayOfDay(Math.floor((first + number * interval) / perDay));
    if (byDay.length === 0 || byDay.some(({ weekday }) => weekday === today)) return 1;
  }
  return 0;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Steps of one interval come back to the same time of day; the pattern is what fits until they do. */
function makePattern(fits: ArrayLike<number>, first: number, interval: number): PeriodPattern {
  const perDay = fits.length;
  const length = perDay / commonDivisor(interval, perDay);
  const fitting: number[] = [];
  for (let number = 0; number < length; number++)
    if (fits[modulo(first + number * interval, perDay)]) fitting.push(number);
  const count = fitting.length;
  return {
    before: (number) => {
      const turns = Math.floor(number / length);
      return turns * count + countBelow(fitting, number - turns * length);
    },
    nth: (index) => {
      if (count === 0) return Infinity;
      const turns = Math.floor(index / count);
      return turns * length + (fitting[index - turns * count] as number);
    },
  };
}
