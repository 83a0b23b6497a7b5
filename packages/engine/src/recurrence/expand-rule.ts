import { daysFromCivil, type WallSeconds } from "../icalendar/date-time.ts";
import { type Limits, maxRefills, stepsPerInstance } from "../limits.ts";
import type { RecurrenceRule } from "./rule.ts";
import { ascending, dayInSeconds, dayOf, recall } from "./rule-days.ts";
import { makePeriods, type Period, type RulePeriods } from "./rule-periods.ts";
import { countBelow } from "./rule-times.ts";

/** What an expansion may still spend on periods and Instances it does not give. */
export interface StepBudget {
  steps: number;
  /** What it may spend between two Instances. */
  readonly most: number;
  /** What it may get back for the Instances it gives. */
  reserve: number;
  /** Whether something was left undone for want of steps. */
  isSpent: boolean;
}

/** Makes the budget of one expansion. */
export function makeBudget({ maxRecurrenceSteps }: Limits): StepBudget {
  const reserve = maxRefills * maxRecurrenceSteps;
  return { steps: maxRecurrenceSteps, most: maxRecurrenceSteps, reserve, isSpent: false };
}

/** Takes a step. */
export function spend(budget: StepBudget): void {
  if (--budget.steps < 0) budget.isSpent = true;
}

/** Gives steps back for an Instance that was found. */
export function refill(budget: StepBudget): void {
  const back = Math.min(stepsPerInstance, budget.most - budget.steps, budget.reserve);
  budget.steps += back;
  budget.reserve -= back;
}

/** Counts the steps taken so far. */
export function spentSteps({ steps, most, reserve }: StepBudget): number {
  return most - steps + (maxRefills * most - reserve);
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
export const lastWall: WallSeconds = daysFromCivil(10_000, 1, 1) * dayInSeconds - 1;

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
  const generatesStart = first.enter(0) && first.at(first.countBefore(start)) === start;
  return { ...started, count: rule.count - (generatesStart ? 0 : 1) };
}

/**
 * Walks through what a rule generates from one moment to another, in ascending order, each once. It begins in the period of that
 * moment; with COUNT it first counts what all periods before hold. Each period looked at takes a step of the budget.
 */
export function walkRule(rule: StartedRule, from: WallSeconds, budget: StepBudget, until = rule.until): RuleWalk {
  if (from > Math.min(until, rule.until)) return () => Infinity;
  const period = walkPeriod(rule);
  // SKIP may have moved the last day of the period before to this moment.
  const nearby = from > rule.start ? Math.max(0, rule.periods.numberAt(from) - 1) : 0;
  let { number, low, left } = countTo(rule, nearby, budget);
  let index = 0;
  const enter = (): boolean => {
    if (!period.enter(number)) return false;
    index = period.countBefore(low);
    const reached = from > low ? period.countBefore(from) : index;
    if (reached > index) {
      left -= reached - index;
      index = reached;
      low = period.at(index - 1) + 1;
    }
    return left > 0;
  };
  if (!enter()) left = 0;
  let silent = 0;
  return () => {
    while (left > 0) {
      if (index < period.size) {
        const wall = period.at(index++);
        if (wall > until || wall > rule.until) break;
        low = wall + 1;
        left--;
        silent = 0;
        return wall;
      }
      number = period.nextNumber();
      if (number === Infinity || (++silent === silentPeriods && isBarren(rule))) break;
      spend(budget);
      if (budget.isSpent || !enter()) break;
    }
    left = 0;
    return Infinity;
  };
}

/** Makes of a rule one without COUNT that ends by UNTIL where COUNT would end it. It is the same rule once the budget is spent. */
export function endByUntil(rule: StartedRule, budget: StepBudget): StartedRule {
  if (rule.count === Infinity) return rule;
  const { number, low, left } = countTo(rule, Infinity, budget);
  if (budget.isSpent) return rule;
  const period = walkPeriod(rule);
  // Else it never comes to its COUNT.
  const isCounted = left > 0 && period.enter(number);
  const last = isCounted ? period.at(period.countBefore(low) + left - 1) : low - 1;
  return { ...rule, count: Infinity, until: Math.min(rule.until, last) };
}

/** Whether no period can hold anything. */
function isBarren({ periods, positions }: StartedRule): boolean {
  const most = periods.mostDays() * periods.times.length;
  return most === 0 || (positions.length > 0 && positions.every((position) => Math.abs(position) > most));
}

/** How far a walk has come: what is left of COUNT, and before which moment all is done, when it enters a period. */
interface Progress {
  readonly number: number;
  readonly low: WallSeconds;
  readonly left: number;
}

/**
 * Counts from the start to the period of that number, or the one COUNT ends in. Where the rule ends before, nothing is left, and
 * `low` is behind all it generates.
 */
function countTo(rule: StartedRule, number: number, budget: StepBudget): Progress {
  let { start: low, count: left } = rule;
  if (left === Infinity) return { number, low, left };
  const period = walkPeriod(rule);
  const { pattern } = rule.periods;
  let silent = 0;
  for (let entered = 0; left > 0 && period.enter(entered); spend(budget)) {
    const held = period.size - period.countBefore(low);
    if (budget.isSpent || (silent === silentPeriods && isBarren(rule))) break;
    if (entered >= number || left <= held) return { number: entered, low, left };
    left -= held;
    silent = held > 0 ? 0 : silent + 1;
    // A day that SKIP moved may be in the next period as well.
    if (held > 0) low = period.at(period.size - 1) + 1;
    let next = period.nextNumber();
    if (next === Infinity) break;
    if (pattern && entered === 0 && period.enter(next) && period.size > 0) {
      const before = pattern.before(next);
      const alike = Math.max(0, Math.min(pattern.before(number) - before, Math.ceil(left / period.size) - 1));
      if (alike > 0)
        low = period.enter(pattern.nth(before + alike - 1)) ? period.at(period.size - 1) + 1 : rule.until + 1;
      left -= alike * period.size;
      next = pattern.nth(before + alike);
    }
    entered = next;
  }
  return { number: 0, low, left: 0 };
}

/** A walk through one period after another. */
interface PeriodWalk {
  /** How much the period holds that was entered last. */
  size: number;
  /** `false` where that period begins too late. */
  enter(number: number): boolean;
  /** What the period holds, in ascending order. */
  at(index: number): WallSeconds;
  /** How much of it comes before a moment. */
  countBefore(wall: WallSeconds): number;
  /** The number of the period to enter next. */
  nextNumber(): number;
}

function walkPeriod({ periods, positions, until }: StartedRule): PeriodWalk {
  const { times } = periods;
  const perDay = times.length;
  const period: Period = { base: 0, days: [], next: 0 };
  const atPlace = (place: number): WallSeconds => {
    const day = perDay === 1 ? place : Math.floor(place / perDay);
    return period.base + (period.days[day] as number) * dayInSeconds + (times[place - day * perDay] as number);
  };
  const placesBefore = (wall: WallSeconds): number => {
    const day = dayOf(wall - period.base);
    const days = countBelow(period.days, day);
    if (period.days[days] !== day) return days * perDay;
    return days * perDay + countBelow(times, wall - period.base - day * dayInSeconds);
  };
  let places: readonly number[] = [];
  // A period has at most 366 days, and seldom two of one rule differ by many.
  const placesBySize = new Map<number, readonly number[]>();
  const isWhole = positions.length === 0;
  const walk: PeriodWalk = {
    size: 0,
    enter: (number) => {
      periods.load(number, period);
      const size = period.days.length * perDay;
      if (!isWhole) places = recall(placesBySize, size, () => placesOf(positions, size));
      walk.size = isWhole ? size : places.length;
      return period.base <= until;
    },
    at: isWhole ? atPlace : (index) => atPlace(places[index] as number),
    countBefore: isWhole ? placesBefore : (wall) => countBelow(places, placesBefore(wall)),
    nextNumber: () => period.next,
  };
  return walk;
}

/** Turns positions, which count from 1 or from the end, into ascending places in a set of that size. */
function placesOf(positions: readonly number[], size: number): readonly number[] {
  const places = positions.map((position) => (position > 0 ? position - 1 : size + position));
  return ascending(places.filter((place) => place >= 0 && place < size));
}
