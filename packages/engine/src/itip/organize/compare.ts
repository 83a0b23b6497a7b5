import { maxInstancesNamed } from "../../limits.ts";
import { type CalendarObject, componentAt, type ObjectComponent, withComponents } from "../../model/calendar-object.ts";
import { saysCancelled } from "../../model/cancelled.ts";
import { isRange, withoutRange } from "../../model/ranges.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { excludedInstances, sameTimes } from "../../model/times.ts";
import { sameText, type VersionZones } from "../changes.ts";
import type { Context } from "../context.ts";
import { compareRanges } from "./compare-ranges.ts";
import { afterOf, beforeOf, compareSides, type Difference } from "./difference.ts";
import { readSeries, type Series } from "./series.ts";

/** All that differs between two versions of an object. */
export interface Comparison {
  readonly before?: CalendarObject;
  /** The new version, without Instances its series no longer has. */
  readonly after: CalendarObject;
  /** By key; what is the same is not in it. */
  readonly differences: ReadonlyMap<InstanceKey, Difference>;
  /** Whether anything differs that concerns the Organizer alone: alarms, TRANSP. */
  readonly differsForOwner: boolean;
  /** Instances the series now leaves out. */
  readonly excluded: ReadonlySet<InstanceKey>;
  /**
   * Components that are named anew with every new version of the series: those of Instances it does not have, and those that speak for
   * all after.
   */
  readonly outside: ReadonlySet<InstanceKey>;
  /**
   * Instances that had a component of their own once and are as the series says, by what speaks for them: somebody may still have
   * that component, or a CANCEL of it. In the order of time.
   */
  readonly again: ReadonlyMap<InstanceKey, AsSeries>;
}

/** An Instance as the component of that key says it is. */
export interface AsSeries {
  readonly instance: ObjectComponent;
  readonly from: InstanceKey;
}

/**
 * Compares two versions of an object, component by component, and Instance by Instance where those are spoken for by others. `former`
 * are Instances that had a component of their own before: where a series has them again, somebody may still have that.
 */
export function compareVersions(
  before: CalendarObject | undefined,
  saved: CalendarObject,
  zones: VersionZones,
  context: Context,
  former: readonly InstanceKey[] = [],
): Comparison {
  const written = withoutLoneRanges(saved);
  const listed = [...(before?.overrides.keys() ?? []), ...written.overrides.keys()];
  const keys = new Set([...listed, ...excludedOnce(before?.master, written.master, zones), ...former]);
  keys.delete(masterKey);
  const seriesBefore = readSeries(before, keys, zones.before, context.limits);
  const seriesWritten = readSeries(written, keys, zones.after, context.limits);
  const dropped = droppedInstances(before, written, seriesBefore, seriesWritten, zones, context);
  const overrides = new Map([...written.overrides].filter(([key]) => !dropped.has(key)));
  const after: CalendarObject = dropped.size === 0 ? written : { ...written, overrides };
  const seriesAfter = dropped.size === 0 ? seriesWritten : readSeries(after, keys, zones.after, context.limits);
  const differences = new Map<InstanceKey, Difference>();
  let differsForOwner = false;
  for (const key of [masterKey, ...keys]) {
    const [old, now] = [before && componentAt(before, key), componentAt(after, key)];
    if (old && old.component === now?.component) continue;
    if (old && now && !sameText(old, now)) differsForOwner = true;
    const sides = { ...beforeOf(old, key, seriesBefore), ...afterOf(now, key, seriesAfter) };
    const difference = compareSides(key, sides, zones, context);
    if (difference) differences.set(key, difference);
  }
  const ranges = compareRanges({ before, after, seriesBefore, seriesAfter }, differences, zones, context);
  for (const one of ranges) differences.set(one.key, one);
  // Where the series moves, those who have an Instance by name have to be told of it by name.
  for (const key of differences.get(masterKey)?.moved ? new Set(former) : []) {
    const sides = { ...beforeOf(undefined, key, seriesBefore), ...afterOf(undefined, key, seriesAfter) };
    if (key === masterKey || listed.includes(key) || !sides.before || !sides.after) continue;
    differences.set(key, { key, ...sides, moved: true, raises: true, told: true });
  }
  // What was called off from an Instance on ends the series before it.
  const [end] = [...after.overrides.values()]
    .flatMap((one) => (isRange(one) && saysCancelled(one) ? one.key : []))
    .sort();
  const isOutside = (one: ObjectComponent): boolean =>
    after.master !== undefined && (isRange(one) || !seriesAfter.has(one.key) || (end !== undefined && one.key > end));
  const outside = new Set([...after.overrides.values()].filter(isOutside).map(({ key }) => key));
  const excluded = after.master ? excludedInstances(after.master, zones.after) : new Set<InstanceKey>();
  const again = new Map([...former].sort().flatMap((key) => instanceAgain(after, key, seriesAfter)));
  return { ...(before && { before }), after, differences, differsForOwner, excluded, outside, again };
}

/** What speaks for all after an Instance says nothing where its series does not take place: only that Instance is left. */
function withoutLoneRanges(object: CalendarObject): CalendarObject {
  const { master, overrides } = object;
  if (!master || !saysCancelled(master)) return object;
  const singles = [...overrides.values()].map((one) => (saysCancelled(one) ? one : withoutRange(one)));
  return withComponents(object, [master, ...singles]);
}

function instanceAgain(
  { overrides }: CalendarObject,
  key: InstanceKey,
  series: Series,
): readonly (readonly [InstanceKey, AsSeries])[] {
  const [instance, from] = overrides.has(key) ? [] : [series.at(key), series.governing(key)];
  return instance && from !== undefined ? [[key, { instance, from }]] : [];
}

/** Instances that only one of two versions of a series leaves out; none where they are too many to be named. */
function excludedOnce(
  before: ObjectComponent | undefined,
  after: ObjectComponent | undefined,
  zones: VersionZones,
): readonly InstanceKey[] {
  if (!before || !after) return [];
  const [old, now] = [excludedInstances(before, zones.before), excludedInstances(after, zones.after)];
  const changed = [...[...old].filter((key) => !now.has(key)), ...[...now].filter((key) => !old.has(key))];
  return changed.length > maxInstancesNamed ? [] : changed;
}

/** The Instances with a component of their own that a changed repetition no longer has. */
function droppedInstances(
  before: CalendarObject | undefined,
  after: CalendarObject,
  seriesBefore: Series,
  seriesAfter: Series,
  zones: VersionZones,
  context: Context,
): ReadonlySet<InstanceKey> {
  if (!before?.master || !after.master) return new Set();
  if (sameTimes(before.master, after.master, zones, new Set(), context.limits)) return new Set();
  const kept = [...after.overrides.values()].filter(({ key }) => before.overrides.has(key));
  // What was called off from some Instance on stays so.
  const gone = kept.filter((one) => !(isRange(one) && saysCancelled(one)));
  return new Set(gone.map(({ key }) => key).filter((key) => seriesBefore.has(key) && !seriesAfter.has(key)));
}
