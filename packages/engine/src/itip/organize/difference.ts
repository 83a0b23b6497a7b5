import { maxInstancesNamed } from "../../limits.ts";
import { type CalendarObject, type ObjectComponent, objectComponents } from "../../model/calendar-object.ts";
import { saysCancelled } from "../../model/cancelled.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { excludedInstances, movesInstances, sameSchedule, sameTimes } from "../../model/times.ts";
import { sameContent, sameGuests, type VersionZones } from "../changes.ts";
import type { Context } from "../context.ts";
import type { Series } from "./series.ts";

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

/** What an Instance was and is like, by which components. */
export type Sides = Pick<Difference, "before" | "from" | "after" | "to">;

/** What an Instance was like: by its own component, else by what the series says. */
export function beforeOf(own: ObjectComponent | undefined, key: InstanceKey, series: Series): Sides {
  if (own) return saysCancelled(own) ? {} : { before: own, from: key };
  const [before, from] = [series.at(key), series.governing(key)];
  return before && from !== undefined ? { before, from } : {};
}

/** The same of what it is like now. */
export function afterOf(own: ObjectComponent | undefined, key: InstanceKey, series: Series): Sides {
  const { before: after, from: to } = beforeOf(own, key, series);
  return after && to !== undefined ? { after, to } : {};
}

/** Compares what a component or an Instance was and is like; `undefined` where nothing differs. */
export function compareSides(
  key: InstanceKey,
  sides: Sides,
  zones: VersionZones,
  context: Context,
): Difference | undefined {
  const { before, after } = sides;
  if (!before && !after) return undefined;
  if (!before || !after) {
    return { key, ...sides, moved: after !== undefined, raises: true, told: after !== undefined };
  }
  const { majorProperties } = context.policy;
  const isSame = sameTimes(before, after, zones, majorProperties, context.limits);
  const moved = !isSame && movesInstances(before, after, zones, majorProperties, context.limits);
  const raises = !isSame || !sameSchedule(before, after, zones);
  const told = !isSame || (!sameContent(before, after) && !leavesOutMore(key, before, after, zones));
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

/** Lists the components of an object that take place. */
export function liveComponents(object: CalendarObject): readonly ObjectComponent[] {
  return objectComponents(object).filter((component) => !saysCancelled(component));
}
