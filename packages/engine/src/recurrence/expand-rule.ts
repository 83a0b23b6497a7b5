import { daysFromCivil, type WallSeconds } from "../icalendar/date-time.ts";
import type { RecurrenceRule } from "./rule.ts";
import { makePeriods, type Period, type RulePeriods } from "./rule-periods.ts";

/** What an expansion may still spend on periods and Instances it does not give. */
export interface StepBudget {
  steps: number;
  /** Whether something was left undone for want of steps. */
  isSpent: boolean;
}

/** Takes a step. */
export function spend(budget: StepBudget): void {
  if (--budget.steps < 0) budget.isSpent = true;
}

/** A rule with its start, made ready to be walked from anywhere. */
export interface StartedRule {
  readonly start: WallSeconds;
  /** The last moment an Instance may start; infinite without UNTIL. */
  readonly until: WallSeconds;
  /** Instances from the start on that the rule itself generates; infinite without COUNT. */
  readonly count: number;
  readonly periods: RulePeriods;
  /** BYSETPOS; empty for all. */
  readonly positions: readonly number[];
}

/** A walk through what a rule generates. Infinite once it has ended, or the budget has. */
export type RuleWalk = () => WallSeconds;

/** DATE and DATE-TIME have four digits for the year: nothing later can be written. */
export const lastWall: WallSeconds = daysFromCivil(10_000, 1, 1) * 86_400 - 1;

const dayInSeconds = 86_400;
/** After so many periods that hold nothing it is worth while to find out whether any does. */
const silentPeriods = 100;

/**
 * Makes a rule ready. `until` is the UNTIL of the rule on the wall clock of its start, infinite for none.
 * DTSTART counts in COUNT even where the rule does not generate it, RFC 5545 §3.3.10.
 */
export function startRule(rule: RecurrenceRule, start: WallSeconds, isDate: boolean, until: WallSeconds): StartedRule {
  const periods = makePeriods(rule, start, isDate);
  const positions = rule.bySetPosition;
  const started = { start, until: Math.min(until, lastWall), count: Infinity, periods, positions };
  if (rule.count === undefined) return started;
  const first = walkPeriod(started);
  const generatesStart = first.enter(0, start) && first.next(start) === start;
  return { ...started, count: generatesStart ? rule.count : rule.count - 1 };
}

/**
 * Walks through what a rule generates at or after a moment, in ascending order, each once. It begins in the period of that
 * moment; only with COUNT and limits must it count its way from the start. Each period entered takes a step of the budget.
 */
export function walkRule(rule: StartedRule, from: WallSeconds, budget: StepBudget): RuleWalk {
  if (from > rule.until) return () => Infinity;
  if (from <= rule.start) return walkFrom(rule, 0, rule.start, rule.count, budget);
  // SKIP may have moved the last day of the period before to this moment.
  const number = Math.max(0, rule.periods.numberAt(from) - 1);
  if (rule.count === Infinity) return walkFrom(rule, number, from, Infinity, budget);
  if (!rule.periods.isRegular || number === 0)
    return skipUntil(walkFrom(rule, 0, rule.start, rule.count, budget), from, budget);
  const left = rule.count - countBefore(rule, number);
  return skipUntil(walkFrom(rule, number, rule.start, left, budget), from, budget);
}

/** Whether no period can hold anything. */
function isBarren({ periods, positions }: StartedRule): boolean {
  const most = periods.mostDays() * periods.times.length;
  return most === 0 || (positions.length > 0 && positions.every((position) => Math.abs(position) > most));
}

function walkFrom(rule: StartedRule, number: number, from: WallSeconds, count: number, budget: StepBudget): RuleWalk {
  const inside = walkPeriod(rule);
  let entered = number;
  let low = from;
  let left = inside.enter(number, low) ? count : 0;
  let silent = 0;
  return () => {
    while (left > 0) {
      const wall = inside.next(low);
      if (wall > rule.until && wall !== Infinity) break;
      if (wall !== Infinity) {
        low = wall + 1;
        left--;
        silent = 0;
        return wall;
      }
      if (++silent === silentPeriods && isBarren(rule)) break;
      entered = inside.nextNumber();
      if (entered === Infinity) break;
      spend(budget);
      if (budget.isSpent || !inside.enter(entered, low)) break;
    }
    left = 0;
    return Infinity;
  };
}

/** The walk through one period after another. */
interface PeriodWalk {
  /** `false` where that period begins too late. */
  enter(number: number, low: WallSeconds): boolean;
  /** What comes next in the period, from a moment on; infinite where nothing does. */
  next(low: WallSeconds): WallSeconds;
  /** The number of the period to enter next. */
  nextNumber(): number;
  /** How much the whole period holds. */
  size(): number;
}

function walkPeriod({ periods, positions, until }: StartedRule): PeriodWalk {
  const { times } = periods;
  const period: Period = { base: 0, days: [], next: 0 };
  let days: readonly number[] = [];
  let day = 0;
  let dayBase = 0;
  let time = 0;
  const nextOfAll = (low: WallSeconds): WallSeconds => {
    while (day < days.length) {
      const wall = dayBase + (times[time] as number);
      time++;
      if (time === times.length) {
        time = 0;
        day++;
        dayBase = period.base + (days[day] as number) * dayInSeconds;
      }
      if (wall >= low) return wall;
    }
    return Infinity;
  };
  let places: readonly number[] = [];
  const placesBySize = new Map<number, readonly number[]>();
  let placed = 0;
  const nextOfPlaces = (low: WallSeconds): WallSeconds => {
    while (placed < places.length) {
      const place = places[placed++] as number;
      const placeDay = Math.floor(place / times.length);
      const inDay = times[place - placeDay * times.length] as number;
      const wall = period.base + (days[placeDay] as number) * dayInSeconds + inDay;
      if (wall >= low) return wall;
    }
    return Infinity;
  };
  const placesIn = (size: number): readonly number[] => {
    const known = placesBySize.get(size) ?? placesOf(positions, size);
    // A period has at most 366 days, and seldom two of one rule differ by many.
    placesBySize.set(size, known);
    return known;
  };
  return {
    enter: (number, low) => {
      periods.load(number, period);
      if (period.base > until) return false;
      days = period.days;
      day = 0;
      while (day < days.length && low >= period.base + ((days[day] as number) + 1) * dayInSeconds) day++;
      time = 0;
      dayBase = period.base + (days[day] ?? 0) * dayInSeconds;
      placed = 0;
      if (positions.length > 0) places = placesIn(days.length * times.length);
      return true;
    },
    next: positions.length > 0 ? nextOfPlaces : nextOfAll,
    nextNumber: () => period.next,
    size: () => (positions.length > 0 ? places.length : days.length * times.length),
  };
}

/** Turns positions, which count from 1 or from the end, into ascending places in a set of that size. */
function placesOf(positions: readonly number[], size: number): readonly number[] {
  const places = positions.map((position) => (position > 0 ? position - 1 : size + position));
  return [...new Set(places)].filter((place) => place >= 0 && place < size).sort((a, b) => a - b);
}

/** Counts what a rule whose periods are all alike generates before the period of that number, which is not the first. */
function countBefore(rule: StartedRule, number: number): number {
  const inside = walkPeriod(rule);
  if (!inside.enter(0, rule.start)) return 0;
  let inFirst = 0;
  while (inside.next(rule.start) !== Infinity) inFirst++;
  return inFirst + (number - 1) * inside.size();
}

/** Leaves out what comes before a moment; each takes a step of the budget. */
function skipUntil(walk: RuleWalk, from: WallSeconds, budget: StepBudget): RuleWalk {
  let isThere = false;
  return () => {
    if (isThere) return walk();
    isThere = true;
    for (;;) {
      const wall = walk();
      if (wall >= from) return wall;
      spend(budget);
      if (budget.isSpent) return Infinity;
    }
  };
}
