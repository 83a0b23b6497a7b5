import { daysFromCivil, daysInMonth, type WallSeconds } from "../icalendar/date-time.ts";
import type { RecurrenceRule } from "./rule.ts";

/** Days are counted from 1970-01-01; places in a month or year from 0. */
export interface RuleDays {
  /** Places of the days of a year that fit, ascending; a day moved by SKIP may lie just behind the year. */
  ofYear(year: number): readonly number[];
  /** The same for a month, which counts from 0. */
  ofMonth(year: number, month: number): readonly number[];
  /** The first day that fits, at or after one; infinite where no day ever does. */
  nextDay(day: number): number;
}

/** The parts of a rule that choose days, each implied part made plain. */
export type DayParts = Pick<
  RecurrenceRule,
  "byMonth" | "byWeekNumber" | "byYearDay" | "byMonthDay" | "byDay" | "weekStart" | "skip"
> & {
  /** What a number before a weekday counts in; with `none` it says nothing. */
  readonly numberedIn: "month" | "year" | "none";
};

/** The seconds of a day on the wall clock. */
export const dayInSeconds = 86_400;
/** The Gregorian calendar repeats itself after as many years: its 146,097 days are whole weeks. */
const cycleYears = 400;
const none: readonly number[] = [];

/** Finds the days that fit all of the parts, each year and month of one shape only once. */
export function makeRuleDays(parts: DayParts): RuleDays {
  const { byWeekNumber, byYearDay, skip } = parts;
  const months = new Set(parts.byMonth);
  const weekdays = numbersByWeekday(parts);
  const daysOfMonth = chooseDays(parts, weekdays);
  const dependsOnYear = byWeekNumber.length > 0 || byYearDay.length > 0 || parts.numberedIn === "year";
  const knownMonths = new Map<number, readonly number[]>();
  const knownYears = new Map<number, readonly number[]>();
  const ofMonth = (year: number, month: number): readonly number[] => {
    if (!fitsPlace(months, month, 12)) return none;
    const key = dependsOnYear ? yearKey(year) * 12 + month : monthKey(year, month);
    return recall(knownMonths, key, () => daysOfMonth(year, month));
  };
  const daysOfYear = (year: number): readonly number[] => {
    const found: number[] = [];
    let before = 0;
    for (let month = 0; month < 12; month++) {
      for (const place of ofMonth(year, month)) found.push(before + place);
      before += daysInMonth(year, month + 1);
    }
    if (skip === "OMIT") return found;
    // RFC 7529 §4.1: the 366th day a year lacks becomes its last one, or the first of the next year.
    const moved = skip === "BACKWARD" ? 364 : 365;
    const isMoved = before === 365 && byYearDay.includes(366) && fitsPlace(months, 11, 12);
    if (isMoved && (weekdays.size === 0 || weekdays.has(weekdayOfDay(daysFromCivil(year, 1, 1) + moved))))
      found.push(moved);
    return ascending(found);
  };
  const ofYear = (year: number): readonly number[] => recall(knownYears, yearKey(year), () => daysOfYear(year));
  return { ofYear, ofMonth, nextDay: makeNextDay(ofYear) };
}

/** Looks up what is made only once for each number. */
export function recall<T>(known: Map<number, T>, key: number, make: () => T): T {
  let found = known.get(key);
  if (found === undefined) {
    found = make();
    known.set(key, found);
  }
  return found;
}

/** For each weekday the numbers it may have; with 0 it may have any. */
function numbersByWeekday({ byDay, numberedIn }: DayParts): ReadonlyMap<number, ReadonlySet<number>> {
  const numbers = new Map<number, Set<number>>();
  for (const { weekday, nth } of byDay) {
    recall(numbers, weekday, () => new Set()).add(numberedIn === "none" ? 0 : nth);
  }
  return numbers;
}

function makeNextDay(ofYear: (year: number) => readonly number[]): (day: number) => number {
  let year = 0;
  let newYear = 0;
  let yearEnd = 0;
  let places: readonly number[] = [];
  let cursor = 0;
  const enter = (entered: number): void => {
    year = entered;
    newYear = daysFromCivil(year, 1, 1);
    yearEnd = newYear + yearLength(year);
    places = ofYear(year);
    cursor = 0;
  };
  return (day) => {
    if (day < newYear || day >= yearEnd) enter(yearOfDay(day));
    // Days are mostly asked for in ascending order.
    if (cursor > 0 && newYear + (places[cursor - 1] as number) >= day) cursor = 0;
    for (let i = 0; i <= cycleYears; i++) {
      for (; cursor < places.length; cursor++) {
        const found = newYear + (places[cursor] as number);
        if (found >= day) return found;
      }
      enter(year + 1);
    }
    return Infinity;
  };
}

/** The day a moment of the wall clock is in. */
export function dayOf(wall: WallSeconds): number {
  return Math.floor(wall / dayInSeconds);
}

/** The year a day lies in. */
export function yearOfDay(day: number): number {
  const guess = Math.floor((day + 719_528) / 365.2425);
  if (daysFromCivil(guess, 1, 1) > day) return guess - 1;
  return daysFromCivil(guess + 1, 1, 1) <= day ? guess + 1 : guess;
}

/**
 * Two years of one key have the same weekdays and week numbers: a leap year next to a year changes where its first and last weeks
 * belong.
 */
function yearKey(year: number): number {
  const leap = [year, year - 1, year + 1].findIndex((each) => yearLength(each) === 366);
  return leap * 7 + weekdayOfDay(daysFromCivil(year, 1, 1));
}

/** Months of one length that begin on one weekday are alike. */
function monthKey(year: number, month: number): number {
  return daysInMonth(year, month + 1) * 7 + weekdayOfDay(daysFromCivil(year, month + 1, 1));
}

function yearLength(year: number): number {
  return daysInMonth(year, 2) + 337;
}

/** The day of the week of a day: 0 is Sunday. */
export function weekdayOfDay(day: number): number {
  return modulo(day + 4, 7);
}

/** What is left of a number, never negative. */
export function modulo(number: number, by: number): number {
  return ((number % by) + by) % by;
}

/** Makes the choice of the days of a month. Lists may be long, and each day of each year is held against them. */
function chooseDays(
  { byWeekNumber, byYearDay, byMonthDay, numberedIn, skip, weekStart }: DayParts,
  weekdays: ReadonlyMap<number, ReadonlySet<number>>,
): (year: number, month: number) => readonly number[] {
  const [weeks, yearDays, monthDays] = [new Set(byWeekNumber), new Set(byYearDay), new Set(byMonthDay)];
  return (year, month) => {
    const length = daysInMonth(year, month + 1);
    const first = daysFromCivil(year, month + 1, 1);
    const before = first - daysFromCivil(year, 1, 1);
    const inYear = yearLength(year);
    const weekday = weekdayOfDay(first);
    const fitsWeekday = (place: number): boolean => {
      const numbers = weekdays.get((weekday + place) % 7);
      if (!numbers || numbers.has(0)) return numbers !== undefined || weekdays.size === 0;
      if (numberedIn === "month") return fitsPlace(numbers, place, length, 7);
      return fitsPlace(numbers, before + place, inYear, 7);
    };
    const fits = (place: number): boolean =>
      fitsWeekday(place) &&
      fitsPlace(yearDays, before + place, inYear) &&
      fitsWeekNumber(weeks, first + place, weekStart);
    const found: number[] = [];
    for (let i = 0; i < length; i++) if (fitsPlace(monthDays, i, length) && fits(i)) found.push(i);
    const moved = skip === "BACKWARD" ? length - 1 : length;
    const isMoved = skip !== "OMIT" && byMonthDay.some((day) => day > length) && fits(moved);
    return isMoved ? ascending([...found, moved]) : found;
  };
}

/** Puts numbers in order, each once. */
export function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Whether a place is one of the numbers, which count from 1 or from the end, one for so many places; empty for all. */
function fitsPlace(numbers: ReadonlySet<number>, place: number, length: number, by = 1): boolean {
  if (numbers.size === 0 || numbers.has(Math.floor(place / by) + 1)) return true;
  return numbers.has(-Math.floor((length - 1 - place) / by) - 1);
}

/** A week belongs to the year that has most of its days, and so its fourth one. */
function fitsWeekNumber(weeks: ReadonlySet<number>, day: number, weekStart: number): boolean {
  if (weeks.size === 0) return true;
  const fourth = day - modulo(weekdayOfDay(day) - weekStart, 7) + 3;
  const year = yearOfDay(fourth);
  return fitsPlace(weeks, fourth - daysFromCivil(year, 1, 1), yearLength(year), 7);
}
