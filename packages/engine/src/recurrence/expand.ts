import type { EpochSeconds, WallSeconds } from "../icalendar/date-time.ts";
import type { Limits } from "../limits.ts";
import { lastWall, refill, type StepBudget, spend, spentSteps, walkRule } from "./expand-rule.ts";
import { type InstantWalk, walkInstants } from "./instant-walk.ts";
import {
  compareInstances,
  type Frame,
  isMoved,
  makeInstance,
  type PlacedRule,
  type PreparedSet,
  prepareSet,
  type Segment,
} from "./prepare-set.ts";
import type { Expansion, ExpansionOptions, Instance, InstantRange, RecurrenceSet } from "./recurrence-set.ts";
import { dayInSeconds, dayOf } from "./rule-days.ts";
import { maxOffsetSeconds, toInstant, toWall, utc } from "./zone.ts";

/** Gives Instances in ascending order of their start. */
type InstanceSource = () => Instance | undefined;

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
    source ??= openSource(prepared, range, options);
    const instance = source();
    if (!instance) return undefined;
    isCutShort = left-- <= 0;
    if (isCutShort) return undefined;
    refill(budget);
    return instance;
  };
  return {
    get isIncomplete() {
      return isCutShort || budget.isSpent;
    },
    get steps() {
      return spentSteps(budget);
    },
    next,
    *[Symbol.iterator]() {
      for (let instance = next(); instance; instance = next()) yield instance;
    },
  };
}

function openSource(prepared: PreparedSet, range: Search, { withoutCancelled }: ExpansionOptions): InstanceSource {
  const counts = ({ isCancelled }: Instance | Segment): boolean => !(withoutCancelled && isCancelled);
  const singles = prepared.singles.filter((instance) => counts(instance) && isInRange(instance, range));
  const segments = prepared.segments.filter(counts);
  let index = 0;
  const ofRules = prepared.rules.flatMap((rule) =>
    segments.map((segment) => openSegment(prepared, rule, segment, range)),
  );
  return mergeSources([() => singles[index++], ...ofRules], prepared.budget);
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
  const heads = sources.flatMap((source): readonly Head[] => {
    const instance = source();
    return instance ? [{ source, instance }] : [];
  });
  heads.sort((a, b) => compareInstances(a.instance, b.instance));
  let last = Number.NaN;
  return () => {
    for (let [first] = heads; first; [first] = heads) {
      const { instance } = first;
      const following = first.source();
      if (following) first.instance = following;
      else {
        heads[0] = heads.at(-1) as Head;
        heads.pop();
      }
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

/** Gives what a rule says of one segment. */
function openSegment(prepared: PreparedSet, rule: PlacedRule, segment: Segment, range: Search): InstanceSource {
  const { frame, budget } = prepared;
  const { days, seconds } = segment.length;
  // A day of the wall clock may be longer than the seconds it is counted with.
  const longest = days * dayInSeconds + seconds + (days > 0 ? maxOffsetSeconds : 0);
  // A time moved to a date starts with its day.
  const moved = segment.shift + (segment.kind === "date" ? dayInSeconds : 0);
  const earliest = seekWall(range.from - (range.startsOnly ? 0 : longest), segment) - moved;
  const edge = (id: number, side: -1 | 1): WallSeconds => (frame.kind === "instant" ? seekWall(id, frame, side) : id);
  const first = Math.max(earliest, edge(segment.from, -1));
  const open = isMoved(segment, frame) ? walkMoved : openWalk;
  const walk = open(prepared, rule, first, edge(segment.until, 1), segment);
  const nextId = walkAdded(prepared, walk);
  return () => {
    for (let id = nextId(); id < Infinity; id = nextId()) {
      if (id >= segment.from && id < segment.until) {
        const instance = makeInstance(segment, frame, walk.wall, walk.instant, id);
        if (instance.start >= range.to) break;
        if (isInRange(instance, range)) return instance;
      }
      spend(budget);
    }
    return undefined;
  };
}

/** Walks through what a rule generates in the order in which a segment places it, moved or on another clock. */
function walkMoved(
  { frame, budget }: PreparedSet,
  { rule, from, until }: PlacedRule,
  first: WallSeconds,
  last: WallSeconds,
  { shift, kind, zone }: Segment,
): InstantWalk {
  const walk = walkRule(rule, first, budget, last);
  // Days follow each other, whatever the clocks skip.
  const placed = walkInstants(() => walk() + shift, kind === "date" ? utc : zone, -Infinity, Infinity);
  const skipped = new Set<number>();
  const state: InstantWalk = {
    wall: 0,
    instant: 0,
    next: () => {
      while (placed.next()) {
        state.wall = placed.wall - shift;
        state.instant = toInstant(state.wall, frame.zone);
        // A time the clocks of the set skip may be placed where another is.
        if (state.instant < from || state.instant > until || skipped.has(state.instant)) continue;
        if (frame.kind === "instant" && toWall(state.instant, frame.zone) !== state.wall) skipped.add(state.instant);
        return true;
      }
      return false;
    },
  };
  return state;
}

/** Opens the walk through what a rule generates from one moment of the wall clock of the set to another. */
export function openWalk(
  { frame, budget }: PreparedSet,
  { rule, from, until }: PlacedRule,
  first: WallSeconds,
  last?: WallSeconds,
): InstantWalk {
  return walkInstants(walkRule(rule, first, budget, last), frame.zone, from, until);
}

/**
 * Finds a time of the wall clock no later than all that are placed at or after an instant, or, on the other side, no earlier than
 * all that are placed before it. It is a few days off at most.
 */
export function seekWall(instant: EpochSeconds, { zone }: Pick<Frame, "zone">, side: -1 | 1 = -1): WallSeconds {
  if (Math.abs(instant) > 2 * lastWall) return instant;
  const { from, offset } = zone.periodAt(instant);
  // Times the clocks have just skipped are placed after the gap, and those they show twice before they are turned back.
  return instant + offset + (instant - from < maxOffsetSeconds ? side * 2 * maxOffsetSeconds : 0);
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
      if (excludedDays.size === 0 || !excludedDays.has(dayOf(walk.wall))) {
        last = id;
        return id;
      }
      spend(budget);
    }
    return Infinity;
  };
}
