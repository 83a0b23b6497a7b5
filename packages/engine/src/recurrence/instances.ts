import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { Limits } from "../limits.ts";
import { expandPrepared, openWalk, seekWall, walkAdded } from "./expand.ts";
import { endByUntil, lastWall, makeBudget, refill, spend, walkRule } from "./expand-rule.ts";
import type { InstantWalk } from "./instant-walk.ts";
import { type PlacedRule, type PreparedSet, prepareSet, segmentAt, wallOfId } from "./prepare-set.ts";
import type { ExpansionOptions, Instance, InstanceId, RecurrenceSet } from "./recurrence-set.ts";
import { dayInSeconds, dayOf } from "./rule-days.ts";
import { toInstant } from "./zone.ts";

/** So many Instances are more than the last one is sought among. */
const manyInstances = 1_000;

/** Some Instances, and whether a bound may have kept out others that were asked for. */
export interface SomeInstances {
  readonly instances: readonly Instance[];
  readonly isIncomplete: boolean;
}

/** Lists the first `count` Instances that start at or after an instant, in ascending order. */
export function nextInstances(
  set: RecurrenceSet,
  after: EpochSeconds,
  count: number,
  limits: Limits,
  options: ExpansionOptions = {},
): SomeInstances {
  const range = { from: after, to: Infinity, startsOnly: true };
  const expansion = expandPrepared(prepareSet(set, limits, options), range, limits, options);
  const instances: Instance[] = [];
  while (instances.length < count) {
    const instance = expansion.next();
    if (!instance) break;
    instances.push(instance);
  }
  return { instances, isIncomplete: expansion.isIncomplete };
}

/**
 * Tells whether a set has an Instance of that original start, be it moved or cancelled. A name of another kind than those of the
 * set is none; nor is one that only a rule with COUNT could tell of beyond `limits.maxRecurrenceSteps`.
 */
export function isInstance(
  set: RecurrenceSet,
  id: InstanceId,
  limits: Limits,
  options: ExpansionOptions = {},
): boolean {
  const prepared = prepareSet(set, limits, options);
  const { frame, taken, singles, excludedDays } = prepared;
  if (id.kind !== frame.kind || !(Math.abs(id.at) <= 2 * lastWall)) return false;
  if (taken.has(id.at)) return singles.some(({ recurrenceId }) => recurrenceId.at === id.at);
  const wall = wallOfId(id.at, frame);
  if (excludedDays.has(dayOf(wall))) return false;
  return prepared.rules.some((rule) => generates(prepared, rule, id.at));
}

function generates(prepared: PreparedSet, rule: PlacedRule, id: number): boolean {
  const isByInstant = prepared.frame.kind === "instant";
  const walk = openWalk(prepared, rule, isByInstant ? seekWall(id, prepared.frame) : id);
  while (walk.next()) {
    if ((isByInstant ? walk.instant : walk.wall) === id) return true;
    if (isByInstant ? walk.instant > id : walk.wall > id + dayInSeconds) return false;
  }
  return false;
}

/** How many Instances a set has; `at-least` where a bound ended the counting. */
export type InstanceCount =
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "at-least"; readonly count: number }
  | { readonly kind: "endless" };

/** Counts the Instances of a set, up to `limits.maxInstances`. None is made for it. */
export function countInstances(set: RecurrenceSet, limits: Limits, options: ExpansionOptions = {}): InstanceCount {
  const prepared = prepareSet(set, limits, options);
  if (isEndless(prepared)) return { kind: "endless" };
  const { segments, singles } = prepared;
  const counts = (isCancelled: boolean | undefined): boolean => !(isCancelled && options.withoutCancelled);
  const isSame = segments.every(({ isCancelled }) => counts(isCancelled));
  const budget = prepared.budget.isSpent ? prepared.budget : makeBudget(limits);
  // What is left without an end generates nothing.
  const rules = prepared.rules.filter(
    (each) => !hasNoEnd(each) && segments.some((segment) => counts(segment.isCancelled)),
  );
  const nextId = mergeIds({ ...prepared, budget, rules });
  let count = singles.filter(({ isCancelled }) => counts(isCancelled)).length;
  for (let id = nextId(); id < Infinity && count <= limits.maxInstances; id = nextId()) {
    if (isSame || counts(segmentAt(segments, id)?.isCancelled)) {
      count++;
      refill(budget);
    } else spend(budget);
  }
  const isIncomplete = budget.isSpent || count > limits.maxInstances;
  return { kind: isIncomplete ? "at-least" : "count", count: Math.min(count, limits.maxInstances) };
}

/** A walk through what one rule adds to a set, and the original start it is at. */
interface IdHead {
  readonly walk: InstantWalk;
  readonly next: () => number;
  id: number;
}

/** Merges the original starts all rules add to a set, each once; infinite after the last one. What repeats another takes a step. */
function mergeIds(prepared: PreparedSet): () => number {
  const heads = prepared.rules.map((rule): IdHead => {
    const walk = openWalk(prepared, rule, -Infinity);
    const next = walkAdded(prepared, walk);
    return { walk, next, id: next() };
  });
  let last = Number.NaN;
  return () => {
    for (let head = firstOf(heads); head; head = firstOf(heads)) {
      const { id } = head;
      head.id = head.next();
      if (id !== last) {
        last = id;
        return id;
      }
      spend(prepared.budget);
    }
    return Infinity;
  };
}

function firstOf(heads: readonly IdHead[]): IdHead | undefined {
  let first: IdHead | undefined;
  for (const head of heads) {
    if (head.id === Infinity) continue;
    if (!first || (head.walk.instant - first.walk.instant || head.id - first.id) < 0) first = head;
  }
  return first;
}

/** The Instance of a set that starts last; `unknown` where a bound ended the search. */
export type LastInstance =
  | { readonly kind: "instance"; readonly instance: Instance }
  | { readonly kind: "none" }
  | { readonly kind: "endless" }
  | { readonly kind: "unknown" };

/**
 * Finds the Instance that starts last. It is looked for from the end, in ever longer stretches of time; where one holds many, in
 * the latter half of it.
 */
export function lastInstance(set: RecurrenceSet, limits: Limits, options: ExpansionOptions = {}): LastInstance {
  const all = prepareSet(set, limits, options);
  if (isEndless(all)) return { kind: "endless" };
  const prepared = withoutCount(all, limits);
  if (!prepared) return { kind: "unknown" };
  const end = endOf(prepared);
  const few = { ...limits, maxInstances: Math.min(limits.maxInstances, manyInstances) };
  let known: Instance | undefined;
  let empty = 2 * lastWall;
  for (let stretch = 60; ; stretch *= 4) {
    const before = stretch > 2 * lastWall ? -Infinity : end - stretch;
    const from = known ? Math.ceil((known.start + empty) / 2) : before;
    // All that are left start at once.
    if (known && from >= empty) return { kind: "instance", instance: known };
    const budget = makeBudget(limits);
    const expansion = expandPrepared({ ...prepared, budget }, { from, to: Infinity, startsOnly: true }, few, options);
    let last: Instance | undefined;
    for (let instance = expansion.next(); instance; instance = expansion.next()) last = instance;
    if (budget.isSpent || (expansion.isIncomplete && !last)) return { kind: "unknown" };
    if (last && !expansion.isIncomplete) return { kind: "instance", instance: last };
    known = last ?? known;
    if (!last) empty = from;
    if (from === -Infinity && !known) return { kind: "none" };
  }
}

/** Leaves out the rules that generate nothing, and puts UNTIL for COUNT; `undefined` where a bound ended that. */
function withoutCount(prepared: PreparedSet, limits: Limits): PreparedSet | undefined {
  if (prepared.budget.isSpent) return undefined;
  const budget = makeBudget(limits);
  const rules = prepared.rules.filter((each) => !hasNoEnd(each));
  const ended = rules.map((each) => ({ ...each, rule: endByUntil(each.rule, budget) }));
  return budget.isSpent ? undefined : { ...prepared, rules: ended };
}

/** Whether nothing but the calendar itself ends a rule. */
function hasNoEnd({ rule, until }: PlacedRule): boolean {
  return rule.count === Infinity && rule.until >= lastWall && until === Infinity;
}

/** Tells whether a rule without end generates anything after its start. */
function isEndless({ rules, budget }: PreparedSet): boolean {
  return rules.some((each) => hasNoEnd(each) && walkRule(each.rule, each.rule.start + 1, budget)() !== Infinity);
}

/** An instant near which, if not before, the last Instance starts. */
function endOf({ frame, rules, singles }: PreparedSet): EpochSeconds {
  let end = singles.at(-1)?.start ?? -Infinity;
  for (const { rule, until } of rules) {
    if (rule.until >= rule.start) end = Math.max(end, Math.min(until, toInstant(rule.until, frame.zone)));
  }
  return end;
}
