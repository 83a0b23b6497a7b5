import type { EpochSeconds } from "../icalendar/date-time.ts";
import { type Limits, maxBusyPeriods } from "../limits.ts";
import { type BusyPeriod, clipBusyPeriods, mergeBusyPeriods, readBusyPeriods } from "../model/busy-time.ts";
import { type CalendarObject, componentAt, type ObjectComponent, objectComponents } from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import { type InstanceKey, instanceKey } from "../model/recurrence-id.ts";
import { readRecurrenceSet } from "../model/recurrence-set.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { readTimeSpan, resolveTimeSpan } from "../model/time-span.ts";
import { recurs } from "../model/times.ts";
import { expand } from "../recurrence/expand.ts";
import type { Instance, InstantRange } from "../recurrence/recurrence-set.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Zone, ZoneProvider } from "../recurrence/zone.ts";
import { type Availability, unavailablePeriods } from "./availability.ts";
import { type BusyOwner, busyTypeOf, type TimeType } from "./busy-type.ts";

/** Whose busy time is asked for, and what is known of them beside their calendar. */
export interface BusyOptions extends Pick<BusyOwner, "addresses"> {
  /** What an invitation does to its time until it is answered; BUSY-TENTATIVE where nothing else is said. */
  readonly unanswered?: TimeType;
  /** Where whole days and floating times are placed: the owner's zone. */
  readonly localZone: Zone;
  readonly zones: ZoneProvider;
  readonly limits: Limits;
  /** When the owner can be met at all, RFC 7953. */
  readonly availabilities?: readonly Availability[];
}

/** When somebody is busy. */
export interface BusyTime {
  /** Ascending; no two of them overlap, and of one type none adjoin. */
  readonly periods: readonly BusyPeriod[];
  /** Whether a bound ended the search: there may be more, so what is not here must not be told as free. */
  readonly isIncomplete: boolean;
}

/**
 * Computes when the owner of some copies is busy in a range: by their VEVENTs that take time (`busyTypeOf`), the periods of
 * their VFREEBUSYs, and the time in which they are not available. RFC 4791 §7.10, RFC 7953 §5, decision 0022. Other components
 * take no time. Linear in objects and Instances, but for sorting; no more than `maxBusyPeriods` Instances are looked at.
 */
export function busyPeriods(states: Iterable<SchedulingState>, range: InstantRange, options: BusyOptions): BusyTime {
  const search: Search = {
    range,
    options,
    owner: { addresses: options.addresses, unanswered: options.unanswered ?? "BUSY-TENTATIVE" },
    found: [],
    left: maxBusyPeriods,
    isIncomplete: false,
  };
  for (const state of states) {
    if (search.left <= 0) search.isIncomplete = true;
    if (search.left <= 0) break;
    addState(search, state);
  }
  const away = unavailablePeriods(options.availabilities ?? [], range, options);
  const periods = mergeBusyPeriods(clipBusyPeriods([...search.found, ...away.periods], range));
  return { periods, isIncomplete: search.isIncomplete || away.isIncomplete };
}

interface Search {
  readonly range: InstantRange;
  readonly options: BusyOptions;
  readonly owner: BusyOwner;
  readonly found: BusyPeriod[];
  /** Instances that may still be looked at. */
  left: number;
  isIncomplete: boolean;
}

function addState(search: Search, state: SchedulingState): void {
  const { object } = state;
  const { zones: provider, limits, localZone } = search.options;
  if (object?.type !== "VEVENT" && object?.type !== "VFREEBUSY") return;
  const zones = makeZoneResolver(object.timezones, provider, limits);
  if (object.type === "VEVENT") {
    const { master } = object;
    const isSingle = master && object.overrides.size === 0 && !recurs(master);
    return isSingle ? addSingle(search, state, master, zones) : addInstances(search, state, object, zones);
  }
  for (const { component } of objectComponents(object)) {
    for (const period of readBusyPeriods(component, zones, localZone)) add(search, period.from, period.to, period.type);
  }
}

/** Most events take place once, and need no expansion. */
function addSingle(search: Search, state: SchedulingState, master: ObjectComponent, zones: ZoneResolver): void {
  const written = readTimeSpan(master.component);
  const span = written && resolveTimeSpan(written, zones, search.options.localZone);
  if (!span || span.ends <= search.range.from || span.starts >= search.range.to || isCancelled(state, master)) return;
  add(search, span.starts, span.ends, busyTypeOf(state, master, master.key, search.owner));
}

function addInstances(search: Search, state: SchedulingState, object: CalendarObject, zones: ZoneResolver): void {
  const { limits, localZone } = search.options;
  const set = readRecurrenceSet(object, zones, limits, { isCancelled: (component) => isCancelled(state, component) });
  const bounds: Limits = { ...limits, maxInstances: Math.min(limits.maxInstances, search.left) };
  const instances = expand(set, search.range, bounds, { localZone, withoutCancelled: true });
  const typeOf = makeTyping(search.owner, state, object);
  for (let instance = instances.next(); instance; instance = instances.next()) {
    add(search, instance.start, instance.end, typeOf(instance));
  }
  if (instances.isIncomplete) search.isIncomplete = true;
}

/** Makes what tells the type of an Instance: component by component where no single Instance was answered. */
function makeTyping(
  owner: BusyOwner,
  state: SchedulingState,
  object: CalendarObject,
): (instance: Instance) => TimeType {
  const hasAnswers = state.participations.stored.size + state.participations.written.size > 0;
  const known = new Map<InstanceKey, TimeType>();
  return (instance) => {
    const component = componentAt(object, instance.component);
    if (!component) return "FREE";
    if (hasAnswers) {
      const key = instance.isOverride ? component.key : instanceKey({ ...instance.recurrenceId, range: "this" });
      return busyTypeOf(state, component, key, owner);
    }
    const type = known.get(component.key) ?? busyTypeOf(state, component, component.key, owner);
    known.set(component.key, type);
    return type;
  };
}

function add(search: Search, from: EpochSeconds, to: EpochSeconds, type: TimeType): void {
  search.left--;
  if (type !== "FREE" && from < to) search.found.push({ from, to, type });
}
