import { daysFromCivil, daysInMonth } from "../icalendar/date-time.ts";
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

/** The same parts for looking up, empty where all fits: a list may be long, and each day of each year is held against it. */
type Choice = Pick<DayParts, "weekStart" | "skip" | "numberedIn"> & {
  readonly byMonth: ReadonlySet<number>;
  readonly byWeekNumber: ReadonlySet<number>;
  readonly byYearDay: ReadonlySet<number>;
  readonly byMonthDay: ReadonlySet<number>;
  /** For each weekday the numbers it may have; with 0 it may have any. */
  readonly byDay: ReadonlyMap<number, ReadonlySet<number>>;
};

/** A day and where it is; months count from 1, places from 0. */
interface Place {
  readonly day: number;
  readonly month: number;
  readonly monthLength: number;
  readonly inMonth: number;
  readonly yearLength: number;
  readonly inYear: number;
}

/** The Gregorian calendar repeats itself after as many years: its 146,097 days are whole weeks. */
const cycleYears = 400;
const none: readonly number[] = [];

/** Finds the days that fit all of the parts, each year and month of one shape only once. */
export function makeRuleDays(dayParts: DayParts): RuleDays {
  const parts = chooseDays(dayParts);
  const years = new Map<number, readonly number[]>();
  const months = new Map<number, readonly number[]>();
  const ofYear = (year: number): readonly number[] => {
    const key = yearKey(year);
    const known = years.get(key);
    if (known) return known;
    const found = daysOfYear(year, parts, ofMonth);
    years.set(key, found);
    return found;
  };
  const dependsOnYear = parts.byWeekNumber.size > 0 || parts.byYearDay.size > 0 || parts.numberedIn === "year";
  const ofMonth = (year: number, month: number): readonly number[] => {
    if (parts.byMonth.size > 0 && !parts.byMonth.has(month + 1)) return none;
    const key = dependsOnYear ? yearKey(year) * 12 + month : monthKey(year, month);
    const known = months.get(key);
    if (known) return known;
    const found = daysOfMonth(year, month, parts);
    months.set(key, found);
    return found;
  };
  return { ofYear, ofMonth, nextDay: makeNextDay(ofYear) };
}

function chooseDays(parts: DayParts): Choice {
  const byDay = new Map<number, Set<number>>();
  for (const { weekday, nth } of parts.byDay) {
    const numbers = byDay.get(weekday) ?? new Set();
    byDay.set(weekday, numbers.add(parts.numberedIn === "none" ? 0 : nth));
  }
  const { weekStart, skip, numberedIn } = parts;
  return {
    weekStart,
    skip,
    numberedIn,
    byMonth: new Set(parts.byMonth),
    byWeekNumber: new Set(parts.byWeekNumber),
    byYearDay: new Set(parts.byYearDay),
    byMonthDay: new Set(parts.byMonthDay),
    byDay,
  };
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
      while (cursor < places.length && newYear + (places[cursor] as number) < day) cursor++;
      if (cursor < places.length) return newYear + (places[cursor] as number);
      enter(year + 1);
    }
    return Infinity;
  };
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
  return (daysInMonth(year, month + 1) - 28) * 7 + weekdayOfDay(daysFromCivil(year, month + 1, 1));
}

function yearLength(year: number): number {
  return daysInMonth(year, 2) + 337;
}

/** The day of the week of a day: 0 is Sunday. */
export function weekdayOfDay(day: number): number {
  return modulo(day + 4, 7);
}

function modulo(number: number, by: number): number {
  return ((number % by) + by) % by;
}

function daysOfYear(
  year: number,
  parts: Choice,
  ofMonth: (year: number, month: number) => readonly number[],
): readonly number[] {
  const found: number[] = [];
  let first = 0;
  for (let month = 0; month < 12; month++) {
    for (const place of ofMonth(year, month)) found.push(first + place);
    first += daysInMonth(year, month + 1);
  }
  if (parts.skip === "OMIT") return found;
  return ascending([...found, ...movedYearDays(year, parts)]);
}

/** RFC 7529 §4.1: the 366th day a year lacks becomes its last one, or the first of the next year. */
function movedYearDays(year: number, { byMonth, byYearDay, byDay, skip }: Choice): readonly number[] {
  if (yearLength(year) === 366 || !byYearDay.has(366)) return [];
  if (byMonth.size > 0 && !byMonth.has(12)) return [];
  const place = skip === "BACKWARD" ? 364 : 365;
  const weekday = weekdayOfDay(daysFromCivil(year, 1, 1) + place);
  return byDay.size === 0 || byDay.has(weekday) ? [place] : [];
}

function daysOfMonth(year: number, month: number, parts: Choice): readonly number[] {
  const monthLength = daysInMonth(year, month + 1);
  const first = daysFromCivil(year, month + 1, 1);
  const before = first - daysFromCivil(year, 1, 1);
  const placeOf = (inMonth: number): Place => ({
    day: first + inMonth,
    month: month + 1,
    monthLength,
    inMonth,
    yearLength: yearLength(year),
    inYear: before + inMonth,
  });
  const found: number[] = [];
  for (let i = 0; i < monthLength; i++) {
    // Most days are not of a weekday that is asked for.
    if (parts.byDay.size > 0 && !parts.byDay.has(weekdayOfDay(first + i))) continue;
    if (fits(parts, placeOf(i))) found.push(i);
  }
  if (parts.skip === "OMIT" || ![29, 30, 31].some((day) => day > monthLength && parts.byMonthDay.has(day)))
    return found;
  const moved = parts.skip === "BACKWARD" ? monthLength - 1 : monthLength;
  return fits({ ...parts, byMonthDay: new Set() }, placeOf(moved)) ? ascending([...found, moved]) : found;
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function fits(parts: Choice, place: Place): boolean {
  const { byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = parts;
  if (byMonth.size > 0 && !byMonth.has(place.month)) return false;
  if (byMonthDay.size > 0 && !fitsPlace(byMonthDay, place.inMonth, place.monthLength)) return false;
  if (byYearDay.size > 0 && !fitsPlace(byYearDay, place.inYear, place.yearLength)) return false;
  if (byWeekNumber.size > 0 && !fitsWeekNumber(parts, place)) return false;
  return byDay.size === 0 || fitsWeekday(parts, place);
}

function fitsPlace(numbers: ReadonlySet<number>, place: number, length: number): boolean {
  return numbers.has(place + 1) || numbers.has(place - length);
}

function fitsWeekday({ byDay, numberedIn }: Choice, place: Place): boolean {
  const numbers = byDay.get(weekdayOfDay(place.day));
  if (!numbers || numbers.has(0)) return numbers !== undefined;
  const [index, length] =
    numberedIn === "month" ? [place.inMonth, place.monthLength] : [place.inYear, place.yearLength];
  return numbers.has(Math.floor(index / 7) + 1) || numbers.has(-Math.floor((length - 1 - index) / 7) - 1);
}

/** A week belongs to the year that has most of its days, and so its fourth one. */
function fitsWeekNumber({ byWeekNumber, weekStart }: Choice, { day }: Place): boolean {
  const fourth = day - modulo(weekdayOfDay(day) - weekStart, 7) + 3;
  const year = yearOfDay(fourth);
  const inYear = fourth - daysFromCivil(year, 1, 1);
  const weeks = Math.floor((yearLength(year) - 1 - (inYear % 7)) / 7) + 1;
  return fitsPlace(byWeekNumber, Math.floor(inYear / 7), weeks);
}
