import { maxInstancesNamed } from "../../limits.ts";
import {
  type CalendarObject,
  componentAt,
  type ObjectComponent,
  objectComponents,
  withComponents,
} from "../../model/calendar-object.ts";
import { saysCancelled } from "../../model/cancelled.ts";
import { isRange, withoutRange } from "../../model/ranges.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { excludedInstances, movesInstances, sameSchedule, sameTimes } from "../../model/times.ts";
import { sameContent, sameGuests, sameText, type VersionZones } from "../changes.ts";
import type { Context } from "../context.ts";
import { readSeries, type Series } from "./series.ts";

/** How a component, or an Instance of the series, differs between two versions of the Organizer's object. */
export interface Difference {
  readonly key: InstanceKey;
  /** What it was like, and the key of the component that said so; absent where it did not take place. */
  readonly before?: ObjectComponent;
  readonly from?: InstanceKey;
  /** What it is like now; absent where it does not take place any more. */
  readonly after?: ObjectComponent;
  readonly to?: InstanceKey;
  /** It takes place at another time, or anew: answers to it are void. */
  readonly moved: boolean;
  /** SEQUENCE rises, RFC 5546 §2.1.4. */
  readonly raises: boolean;
  /** Those who are on it have to hear of it, decision 0008: more than the guest list changed. */
  readonly told: boolean;
}

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
   * that component, or a CANCEL of it.
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
  // Who has no component of a later Instance would take it to be as what speaks for all after says.
  for (const { key } of [...differences.values()]) {
    if (after.overrides.get(key)?.recurrenceId?.range !== "this-and-future") continue;
    for (const component of liveComponents(after)) {
      if (component.key <= key || differences.has(component.key)) continue;
      const sides = { before: component, from: component.key, after: component, to: component.key };
      differences.set(component.key, { key: component.key, ...sides, moved: false, raises: false, told: true });
    }
  }
  // Where the series moves, those who have an Instance by name have to be told of it by name.
  for (const key of differences.get(masterKey)?.moved ? new Set(former) : []) {
    const sides = { ...beforeOf(undefined, key, seriesBefore), ...afterOf(undefined, key, seriesAfter) };
    if (key === masterKey || listed.includes(key) || !sides.before || !sides.after) continue;
    differences.set(key, { key, ...sides, moved: true, raises: true, told: true });
  }
  const ended = [...(before?.overrides.values() ?? [])].filter((one) => isRange(one) && !after.overrides.has(one.key));
  // Whether its first Instance moved since it was answered the series does not show.
  for (const one of ended) {
    const sides = { ...beforeOf(one, one.key, seriesBefore), ...afterOf(undefined, one.key, seriesAfter) };
    if (differences.has(one.key) || !sides.before || !sides.after) continue;
    differences.set(one.key, { key: one.key, ...sides, moved: false, raises: true, told: true });
  }
  const series = after.master && before?.master;
  if (ended.length > 0 && series && after.master) {
    const sides = { before: series, from: masterKey, after: after.master, to: masterKey };
    const known = differences.get(masterKey) ?? { key: masterKey, ...sides, moved: false };
    differences.set(masterKey, { ...known, raises: true, told: true });
  }
  // What was called off from an Instance on ends the series before it.
  const end = [...after.overrides.values()].find((one) => isRange(one) && saysCancelled(one))?.key;
  const isOutside = (one: ObjectComponent): boolean =>
    after.master !== undefined && (isRange(one) || !seriesAfter.has(one.key) || (end !== undefined && one.key > end));
  const outside = new Set([...after.overrides.values()].filter(isOutside).map(({ key }) => key));
  const excluded = after.master ? excludedInstances(after.master, zones.after) : new Set<InstanceKey>();
  const again = new Map(former.flatMap((key) => instanceAgain(after, key, seriesAfter)));
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

type Sides = Pick<Difference, "before" | "from" | "after" | "to">;

function beforeOf(own: ObjectComponent | undefined, key: InstanceKey, series: Series): Sides {
  if (own) return saysCancelled(own) ? {} : { before: own, from: key };
  const [before, from] = [series.at(key), series.governing(key)];
  return before && from !== undefined ? { before, from } : {};
}

function afterOf(own: ObjectComponent | undefined, key: InstanceKey, series: Series): Sides {
  const { before: after, from: to } = beforeOf(own, key, series);
  return after && to !== undefined ? { after, to } : {};
}

function compareSides(key: InstanceKey, sides: Sides, zones: VersionZones, context: Context): Difference | undefined {
  const { before, after } = sides;
  if (!before && !after) return undefined;
  if (!before || !after) {
    return { key, ...sides, moved: after !== undefined, raises: true, told: after !== undefined };
  }
  const { majorProperties } = context.policy;
  const isSame = sameTimes(before, after, zones, majorProperties, context.limits);
  const moved = !isSame && movesInstances(before, after, zones, majorProperties, context.limits);
  const raises = !isSame || !sameSchedule(before, after, zones);
  // An Instance that is as it was speaks for others from now on.
  const isWider = sides.from === key && isRange(after) && !isRange(before);
  const told = !isSame || isWider || (!sameContent(before, after) && !leavesOutMore(key, before, after, zones));
  if (!raises && !told && sameGuests(before, after) && sameContent(before, after)) return undefined;
  return { key, ...sides, moved, raises, told };
}

/** Whether nothing is new of a series but that it leaves out some more Instances: each of those is cancelled by itself. */
function leavesOutMore(
  key: InstanceKey,
  before: ObjectComponent,
  after: ObjectComponent,
  zones: VersionZones,
): boolean {
  if (key !== masterKey || !sameContent(before, after, exceptions)) return false;
  const [old, now] = [excludedInstances(before, zones.before), excludedInstances(after, zones.after)];
  return now.size - old.size <= maxInstancesNamed && [...old].every((each) => now.has(each));
}

const exceptions: ReadonlySet<string> = new Set(["EXDATE"]);

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

/** Lists the components of an object that take place. */
export function liveComponents(object: CalendarObject): readonly ObjectComponent[] {
  return objectComponents(object).filter((component) => !saysCancelled(component));
}
