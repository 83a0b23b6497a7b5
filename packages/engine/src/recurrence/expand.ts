import type { EpochSeconds, WallSeconds } from "../icalendar/date-time.ts";
import type { Limits } from "../limits.ts";
import { lastWall, refill, type StepBudget, spend, walkRule } from "./expand-rule.ts";
import { type InstantWalk, walkInstants } from "./instant-walk.ts";
import {
  compareInstances,
  type Frame,
  makeInstance,
  type PlacedRule,
  type PreparedSet,
  prepareSet,
  type Segment,
} from "./prepare-set.ts";
import type { Expansion, ExpansionOptions, Instance, InstantRange, RecurrenceSet } from "./recurrence-set.ts";
import { maxOffsetSeconds } from "./zone.ts";

/** Gives Instances in ascending order of their start. */
type InstanceSource = () => Instance | undefined;

const dayInSeconds = 86_400;

/**
 * Expands a set over a range, lazily: gives the Instances that take place in it, be it in part. RFC 5545 §3.8.5.
 *
 * - DTSTART is always an Instance and counts in COUNT, also where no rule generates it; several rules give their union.
 * - EXDATE comes before all else, then overrides, also those of Instances no rule generates, then RDATE, then the rules.
 * - An Instance is placed by its wall clock time, as `toInstant` does.
 *
 * It gives at most `limits.maxInstances`, and takes `limits.maxRecurrenceSteps` in vain.
 */
export function expand(
  set: RecurrenceSet,
  range: InstantRange,
  limits: Limits,
  options: ExpansionOptions = {},
): Expansion {
  return expandPrepared(prepareSet(set, limits, options), range, limits, options);
}

/** A range, and whether what began before it counts while it lasts. */
interface Search extends InstantRange {
  readonly startsOnly?: boolean;
}

/** Expands a set that is ready, see `expand`. */
export function expandPrepared(
  prepared: PreparedSet,
  range: Search,
  limits: Limits,
  options: ExpansionOptions,
): Expansion {
  const { budget } = prepared;
  let source: InstanceSource | undefined;
  let left = limits.maxInstances;
  let isCutShort = false;
  const next = (): Instance | undefined => {
    source ??= openSource(prepared, range);
    for (let instance = source(); instance; instance = source()) {
      if (options.withoutCancelled && instance.isCancelled) continue;
      if (left <= 0) {
        isCutShort = true;
        return undefined;
      }
      left--;
      refill(budget);
      return instance;
    }
    return undefined;
  };
  return {
    get isIncomplete() {
      return isCutShort || budget.isSpent;
    },
    next,
    *[Symbol.iterator]() {
      for (let instance = next(); instance; instance = next()) yield instance;
    },
  };
}

function openSource(prepared: PreparedSet, range: Search): InstanceSource {
  const singles = prepared.singles.filter((instance) => isInRange(instance, range));
  let index = 0;
  const sources: InstanceSource[] = [() => singles[index++]];
  for (const rule of prepared.rules) {
    for (const segment of prepared.segments) sources.push(openSegment(prepared, rule, segment, range));
  }
  return mergeSources(sources, prepared.budget);
}

function isInRange({ start, end }: Instance, { from, to, startsOnly }: Search): boolean {
  return start < to && (start >= from || (end > from && !startsOnly));
}

interface Head {
  readonly source: InstanceSource;
  instance: Instance;
}

/** Merges sources; what several of them give counts once, and a step for each of the others. */
function mergeSources(sources: readonly InstanceSource[], budget: StepBudget): InstanceSource {
  // A heap: no head comes before the one it hangs from, the one at half its place.
  const heads: Head[] = [];
  for (const source of sources) {
    const instance = source();
    if (instance) heads.push({ source, instance });
  }
  heads.sort((a, b) => compareInstances(a.instance, b.instance));
  let last = Number.NaN;
  return () => {
    for (let [first] = heads; first; [first] = heads) {
      const { instance } = first;
      const following = first.source();
      if (following) first.instance = following;
      else replaceFirst(heads);
      sink(heads);
      const { at } = instance.recurrenceId;
      if (at !== last) {
        last = at;
        return instance;
      }
      spend(budget);
    }
    return undefined;
  };
}

/** Puts the last head into the place of the first. */
function replaceFirst(heads: Head[]): void {
  const head = heads.pop();
  if (head && heads.length > 0) heads[0] = head;
}

/** Lets the first head sink to where it belongs. */
function sink(heads: Head[]): void {
  const isBefore = (a: number, b: number): boolean =>
    compareInstances((heads[a] as Head).instance, (heads[b] as Head).instance) < 0;
  let place = 0;
  for (let child = 1; child < heads.length; child = 2 * place + 1) {
    if (child + 1 < heads.length && isBefore(child + 1, child)) child++;
    if (!isBefore(child, place)) break;
    [heads[place], heads[child]] = [heads[child] as Head, heads[place] as Head];
    place = child;
  }
}

function openSegment(prepared: PreparedSet, rule: PlacedRule, segment: Segment, range: Search): InstanceSource {
  const { frame } = prepared;
  const { days, seconds } = segment.length;
  // A day of the wall clock may be longer than the seconds it is counted with.
  const longest = days * dayInSeconds + seconds + (days > 0 ? maxOffsetSeconds : 0);
  const isMoved = segment.shift !== 0 || segment.kind !== frame.kind || segment.zone !== frame.zone;
  // A time moved to a date starts with its day.
  const moved = isMoved ? segment.shift + (segment.kind === "date" ? dayInSeconds : 0) : 0;
  const earliest = seekWall(range.from - (range.startsOnly ? 0 : longest), isMoved ? segment : frame) - moved;
  const first = frame.kind === "instant" ? seekWall(segment.from, frame) : segment.from;
  const walk = openWalk(prepared, rule, Math.max(earliest, first));
  if (isMoved) return sortNearby(generate(prepared, segment, walk, range, 2 * maxOffsetSeconds));
  return generate(prepared, segment, walk, range, 0);
}

/** Opens the walk through what a rule generates from a moment of the wall clock of the set on. */
export function openWalk({ frame, budget }: PreparedSet, placed: PlacedRule, from: WallSeconds): InstantWalk {
  return walkInstants(walkRule(placed.rule, from, budget), frame.zone, placed.from, placed.until);
}

/** Finds the earliest time of the wall clock that is placed at or after an instant. */
export function seekWall(instant: EpochSeconds, { zone }: Pick<Frame, "zone">): WallSeconds {
  if (Math.abs(instant) > 2 * lastWall) return instant;
  const { from, offset } = zone.periodAt(instant);
  // A time the clocks have just skipped is placed after the gap, though its wall clock time is before.
  return instant + offset - (instant - from < maxOffsetSeconds ? 2 * maxOffsetSeconds : 0);
}

/** Generates what the rules say of one segment. With `slack`, starts may be out of order by as many seconds. */
function generate(
  prepared: PreparedSet,
  segment: Segment,
  walk: InstantWalk,
  range: Search,
  slack: number,
): InstanceSource {
  const { frame, budget } = prepared;
  const nextId = walkAdded(prepared, walk);
  return () => {
    for (let id = nextId(); id < segment.until + dayInSeconds * 2; id = nextId()) {
      if (id < segment.from || id >= segment.until) continue;
      const instance = makeInstance(segment, frame, walk.wall, walk.instant, id);
      if (instance.start >= range.to + slack) return undefined;
      if (isInRange(instance, range)) return instance;
      spend(budget);
    }
    return undefined;
  };
}

/**
 * Walks through the original starts a rule adds to those a set lists, each once; infinite after the last one. `walk` is at the one
 * it gave last.
 */
export function walkAdded(
  { frame, taken, lastTaken, excludedDays, budget }: PreparedSet,
  walk: InstantWalk,
): () => number {
  const isInstant = frame.kind === "instant";
  let last = Number.NaN;
  return () => {
    while (!budget.isSpent && walk.next()) {
      const id = isInstant ? walk.instant : walk.wall;
      // A time the clocks skip may be placed where another is.
      if (id === last || (id <= lastTaken && taken.has(id))) continue;
      if (excludedDays.size === 0 || !excludedDays.has(Math.floor(walk.wall / dayInSeconds))) {
        last = id;
        return id;
      }
      spend(budget);
    }
    return Infinity;
  };
}

/** Puts starts in order that are out of it by less than four times `maxOffsetSeconds`. */
function sortNearby(source: InstanceSource): InstanceSource {
  const held: Instance[] = [];
  let hasEnded = false;
  return () => {
    while (!hasEnded) {
      const [first] = held;
      const last = held.at(-1);
      if (first && last && last.start - first.start > 4 * maxOffsetSeconds) break;
      const instance = source();
      if (instance) insertSorted(held, instance);
      else hasEnded = true;
    }
    return held.shift();
  };
}

function insertSorted(held: Instance[], instance: Instance): void {
  let index = held.length;
  while (index > 0 && compareInstances(held[index - 1] as Instance, instance) > 0) index--;
  held.splice(index, 0, instance);
}
