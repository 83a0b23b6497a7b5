import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { Limits } from "../limits.ts";
import { nextInstances } from "../recurrence/instances.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Zone, ZoneProvider } from "../recurrence/zone.ts";
import { componentAt, type ObjectComponent } from "./calendar-object.ts";
import { isCancelled } from "./cancelled.ts";
import { madeInstance } from "./instance.ts";
import { readRecurrenceSet } from "./recurrence-set.ts";
import type { SchedulingState } from "./scheduling-state.ts";

/** With what Instances are placed. */
export interface PlacingOptions {
  readonly zones: ZoneProvider;
  readonly limits: Limits;
  /** Where floating times and dates are. */
  readonly localZone: Zone;
}

/**
 * Lists the next Instances of an object that take place and start at or after an instant, at most `count`, each as a component of its
 * own, by start.
 */
export function upcomingInstances(
  state: SchedulingState,
  after: EpochSeconds,
  count: number,
  { zones: provider, limits, localZone }: PlacingOptions,
): readonly ObjectComponent[] {
  const { object } = state;
  if (!object) return [];
  const zones = makeZoneResolver(object.timezones, provider, limits);
  const set = readRecurrenceSet(object, zones, limits, { isCancelled: (component) => isCancelled(state, component) });
  const found = nextInstances(set, after, count, limits, { localZone, withoutCancelled: true });
  return found.instances.flatMap(({ component: name, isOverride, recurrenceId }) => {
    const component = componentAt(object, name);
    if (!component || isOverride) return component ?? [];
    return madeInstance(object, { ...recurrenceId, range: "this" }, zones, limits) ?? [];
  });
}
