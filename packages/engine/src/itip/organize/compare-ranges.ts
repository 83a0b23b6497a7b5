import type { CalendarObject, ObjectComponent } from "../../model/calendar-object.ts";
import { saysCancelled } from "../../model/cancelled.ts";
import { isRange, isRangeStart } from "../../model/ranges.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import type { VersionZones } from "../changes.ts";
import type { Context } from "../context.ts";
import { isElsewhere } from "../own-answers.ts";
import { afterOf, beforeOf, compareSides, type Difference, liveComponents } from "./difference.ts";
import type { Series } from "./series.ts";

/** Two versions of an object, and what each says of Instances without a component of their own. */
export interface TwoVersions {
  readonly before: CalendarObject | undefined;
  readonly after: CalendarObject;
  readonly seriesBefore: Series;
  readonly seriesAfter: Series;
}

/**
 * Finds what differs because components begin or end to speak for all after their Instance, RFC 5545 §3.2.13, though that Instance
 * may be as it was.
 */
export function compareRanges(
  versions: TwoVersions,
  differences: ReadonlyMap<InstanceKey, Difference>,
  zones: VersionZones,
  context: Context,
): readonly Difference[] {
  const begun = begunRanges(versions, differences, zones, context);
  const known = new Map([...differences, ...begun.map((one) => [one.key, one] as const)]);
  return [...begun, ...besideRanges(versions, known), ...endedRanges(versions, known, zones, context)];
}

/** Where an Instance speaks for all after it from now on, it is these that move or do not. */
function begunRanges(
  { before, after, seriesBefore }: TwoVersions,
  differences: ReadonlyMap<InstanceKey, Difference>,
  zones: VersionZones,
  context: Context,
): readonly Difference[] {
  return [...after.overrides.values()].flatMap((now): readonly Difference[] => {
    const { key } = now;
    const old = before?.overrides.get(key);
    if (!old || !isRange(now) || isRange(old) || saysCancelled(old) || saysCancelled(now)) return [];
    const others = { ...beforeOf(undefined, key, seriesBefore), after: now, to: key };
    const { moved = false, raises = false } = compareSides(key, others, zones, context) ?? {};
    const known = differences.get(key) ?? sameDifference(old, now, { raises });
    return [{ ...known, moved: known.moved || moved, raises: known.raises || raises, told: true }];
  });
}

/** Who has no component of a later Instance would take it to be as what speaks for all after says. */
function besideRanges(
  { after }: TwoVersions,
  differences: ReadonlyMap<InstanceKey, Difference>,
): readonly Difference[] {
  const [first] = [...differences.keys()].filter((key) => isRangeStart(after, key)).sort();
  if (first === undefined) return [];
  const beside = liveComponents(after).filter(({ key }) => key > first && !differences.has(key));
  return beside.map((one) => sameDifference(one, one, { raises: false }));
}

/**
 * Whether the first Instance of what ended moved since it was answered the series does not show; and the series tells that it ended. Where
 * it goes on and what followed is at another time now, what was said of all while it was does not count.
 */
function endedRanges(
  { before, after, seriesAfter, seriesBefore }: TwoVersions,
  differences: ReadonlyMap<InstanceKey, Difference>,
  zones: VersionZones,
  context: Context,
): readonly Difference[] {
  const ended = [...(before?.overrides.values() ?? [])].filter((one) => isRange(one) && !isRangeStart(after, one.key));
  if (ended.length === 0) return [];
  const firsts = ended.flatMap((one): readonly Difference[] => {
    const { key } = one;
    const now = after.overrides.get(key);
    const sides = { ...beforeOf(one, key, seriesBefore), ...afterOf(now, key, seriesAfter) };
    if (!sides.before || !sides.after) return [];
    return [{ key, ...sides, moved: false, ...differences.get(key), raises: true, told: true }];
  });
  const series = after.master && before?.master;
  if (!series || !after.master) return firsts;
  const known = differences.get(masterKey) ?? sameDifference(series, after.master, { raises: true });
  const stays = new Set(firsts.map(({ key }) => key));
  const moved = known.moved || ended.some((one) => stays.has(one.key) && isElsewhere(one, after, zones, context));
  return [...firsts, { ...known, moved, raises: true, told: true }];
}

/** A component that did not change, and is told all the same. */
function sameDifference(
  before: ObjectComponent,
  after: ObjectComponent,
  { raises }: Pick<Difference, "raises">,
): Difference {
  return { key: after.key, before, from: before.key, after, to: after.key, moved: false, raises, told: true };
}
