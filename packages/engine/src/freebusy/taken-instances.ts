import type { EpochSeconds } from "../icalendar/date-time.ts";
import { maxBusyPeriods } from "../limits.ts";
import type { BusyPeriod } from "../model/busy-time.ts";
import { componentAt } from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import { type InstanceKey, instanceKey, masterKey } from "../model/recurrence-id.ts";
import { readRecurrenceSet } from "../model/recurrence-set.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { recurs } from "../model/times.ts";
import { expand } from "../recurrence/expand.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { BusyOptions } from "./busy-periods.ts";
import { type BusyOwner, busyTypeOf } from "./busy-type.ts";

/** One Instance that takes its owner's time. */
export interface TakenInstance {
  /** Of the Instance, whether it has a component of its own or not; the master's for what takes place once. */
  readonly key: InstanceKey;
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/** The Instances of an object that take its owner's time. */
export interface TakenInstances {
  /** Ascending by start. */
  readonly instances: readonly TakenInstance[];
  /** Whether a bound ended the search: there may be more. */
  readonly isIncomplete: boolean;
}

/**
 * Lists the Instances of a VEVENT in a range that take its owner's time, as `busyPeriods` counts it (decision 0022): what a room
 * must be free for. Of other components none. No more than `maxBusyPeriods` are looked at.
 */
export function takenInstances(state: SchedulingState, range: InstantRange, options: BusyOptions): TakenInstances {
  const { object } = state;
  if (object?.type !== "VEVENT") return { instances: [], isIncomplete: false };
  const { limits, localZone, addresses, unanswered = "BUSY-TENTATIVE" } = options;
  const owner: BusyOwner = { addresses, unanswered };
  const zones = makeZoneResolver(object.timezones, options.zones, limits);
  const isSingle = object.master && object.overrides.size === 0 && !recurs(object.master);
  const set = readRecurrenceSet(object, zones, limits, { isCancelled: (component) => isCancelled(state, component) });
  const bounds = { ...limits, maxInstances: Math.min(limits.maxInstances, maxBusyPeriods) };
  const found = expand(set, range, bounds, { localZone, withoutCancelled: true });
  const instances: TakenInstance[] = [];
  for (const { start: from, end: to, component: name, isOverride, recurrenceId } of found) {
    const component = componentAt(object, name);
    if (!component || from >= to) continue;
    const own = isOverride ? component.key : instanceKey({ ...recurrenceId, range: "this" });
    const key = isSingle ? masterKey : own;
    if (busyTypeOf(state, component, key, owner) !== "FREE") instances.push({ key, from, to });
  }
  return { instances, isIncomplete: found.isIncomplete };
}

/** Finds the first busy period that an Instance meets; `periods` as `busyPeriods` gives them. Logarithmic in their number. */
export function busyDuring(periods: readonly BusyPeriod[], { from, to }: TakenInstance): BusyPeriod | undefined {
  let [low, high] = [0, periods.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((periods[middle]?.to ?? 0) > from) high = middle;
    else low = middle + 1;
  }
  const first = periods[low];
  return first && first.from < to ? first : undefined;
}
