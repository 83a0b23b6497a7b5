import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { Limits } from "../limits.ts";
import { expandPrepared, openWalk, seekWall } from "./expand.ts";
import { lastWall, walkRule } from "./expand-rule.ts";
import { type PlacedRule, type PreparedSet, prepareSet, wallOfId } from "./prepare-set.ts";
import type { ExpansionOptions, Instance, InstanceId, RecurrenceSet } from "./recurrence-set.ts";

const dayInSeconds = 86_400;
const always = { from: -Infinity, to: Infinity };

/** Some Instances, and whether a bound kept out more that were asked for. */
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
  const expansion = expandPrepared(prepareSet(set, limits, options), { from: after, to: Infinity }, limits, options);
  const instances: Instance[] = [];
  while (instances.length < count) {
    const instance = expansion.next();
    if (!instance) break;
    // What takes place already started before.
    if (instance.start >= after) instances.push(instance);
  }
  return { instances, isIncomplete: instances.length < count && expansion.isIncomplete };
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
  if (excludedDays.has(Math.floor(wall / dayInSeconds))) return false;
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

/** Counts the Instances of a set, up to `limits.maxInstances`. */
export function countInstances(set: RecurrenceSet, limits: Limits, options: ExpansionOptions = {}): InstanceCount {
  const prepared = prepareSet(set, limits, options);
  if (isEndless(prepared, limits)) return { kind: "endless" };
  const expansion = expandPrepared(prepared, always, limits, options);
  let count = 0;
  while (expansion.next()) count++;
  return { kind: expansion.isIncomplete ? "at-least" : "count", count };
}

/** The Instance of a set that starts last; `unknown` where a bound ended the search. */
export type LastInstance =
  | { readonly kind: "instance"; readonly instance: Instance }
  | { readonly kind: "none" }
  | { readonly kind: "endless" }
  | { readonly kind: "unknown" };

/** Finds the Instance that starts last. It is looked for from the end, in ever longer stretches of time. */
export function lastInstance(set: RecurrenceSet, limits: Limits, options: ExpansionOptions = {}): LastInstance {
  const first = prepareSet(set, limits, options);
  if (isEndless(first, limits)) return { kind: "endless" };
  const end = endOf(first, limits);
  for (let stretch = dayInSeconds; ; stretch *= 4) {
    const from = stretch > 2 * lastWall ? -Infinity : end - stretch;
    const prepared = prepareSet(set, limits, options);
    const expansion = expandPrepared(prepared, { from, to: Infinity }, limits, options);
    let last: Instance | undefined;
    for (let instance = expansion.next(); instance; instance = expansion.next()) last = instance;
    if (expansion.isIncomplete) return { kind: "unknown" };
    if (last && last.start >= from) return { kind: "instance", instance: last };
    if (from === -Infinity) return { kind: "none" };
  }
}

/** Tells whether a rule without end generates anything after its start. */
function isEndless({ rules }: PreparedSet, limits: Limits): boolean {
  const budget = { steps: limits.maxRecurrenceSteps, isSpent: false };
  return rules.some(({ rule, until }) => {
    const hasEnd = rule.count !== Infinity || rule.until < lastWall || until !== Infinity;
    return !hasEnd && walkRule(rule, rule.start + 1, budget)() !== Infinity;
  });
}

/** An instant near which, if not before, the last Instance starts. */
function endOf({ rules, singles }: PreparedSet, limits: Limits): EpochSeconds {
  let end = singles.at(-1)?.start ?? -Infinity;
  for (const { rule, until } of rules) {
    if (rule.until < lastWall || until !== Infinity) {
      end = Math.max(end, rule.until);
      continue;
    }
    const walk = walkRule(rule, rule.start, { steps: limits.maxRecurrenceSteps, isSpent: false });
    for (let i = 0; i < limits.maxInstances; i++) {
      const wall = walk();
      if (wall === Infinity) break;
      end = Math.max(end, wall);
    }
  }
  return end;
}
