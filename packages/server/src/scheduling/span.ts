import {
  type CalendarObject,
  type EpochSeconds,
  objectComponents,
  readRecurrenceSet,
  readTimeSpan,
  recurs,
  resolveTimeSpan,
  type SchedulingState,
} from "@parley/engine";
import { allProperties } from "@parley/engine/icalendar";
import { expand, makeZoneResolver, utc, type Zone } from "@parley/engine/recurrence";
import type { ObjectSpan, Principal } from "../store/store.ts";
import type { House } from "./house.ts";

const beginning: EpochSeconds = 0;

/** Instances and vain steps of what recurs and is to have an end in the index; what takes more has none. */
const maxInstances = 500;
const maxRecurrenceSteps = 10_000;

/**
 * Tells when an object takes place, for the index: what was removed is over. An event that recurs has its first Instance and the end of its
 * last there where that is soon found; all else that recurs has no end.
 */
export function spanOf(house: House, principal: Principal, { object }: Pick<SchedulingState, "object">): ObjectSpan {
  if (!object) return { starts: beginning, ends: beginning };
  const components = objectComponents(object);
  const zones = makeZoneResolver(object.timezones, house.zones, house.limits);
  const zone = zoneOf(house, principal);
  const spans = components.flatMap((component) => {
    const span = readTimeSpan(component.component);
    return (span && resolveTimeSpan(span, zones, zone)) ?? [];
  });
  if (spans.length === 0) return { starts: beginning, ends: null };
  const starts = spans.reduce((least, span) => Math.min(least, span.starts), Number.POSITIVE_INFINITY);
  const ends = spans.reduce((most, span) => Math.max(most, span.ends), Number.NEGATIVE_INFINITY);
  if (!components.some(recurs)) return { starts, ends };
  const isWhole = object.type === "VEVENT" && spans.length === components.length;
  return (isWhole ? spanOfSeries(house, object, zone) : undefined) ?? { starts, ends: null };
}

/** The span of all Instances of what ends by a rule's COUNT or UNTIL, or has no rule; `undefined` where there are none, or too many. */
function spanOfSeries({ zones, limits }: House, object: CalendarObject, localZone: Zone): ObjectSpan | undefined {
  const rules = objectComponents(object).flatMap(({ component }) => allProperties(component, "RRULE"));
  if (!rules.every(({ value }) => /(?:^|;)(?:COUNT|UNTIL)=/i.test(value))) return undefined;
  const set = readRecurrenceSet(object, makeZoneResolver(object.timezones, zones, limits), limits);
  const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  const instances = expand(set, always, { ...limits, maxInstances, maxRecurrenceSteps }, { localZone });
  let [starts, ends] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let instance = instances.next(); instance; instance = instances.next()) {
    starts = Math.min(starts, instance.start);
    ends = Math.max(ends, instance.end);
  }
  return instances.isIncomplete || !Number.isFinite(starts) ? undefined : { starts, ends };
}

/** The zone a principal sees times in. */
export function zoneOf(house: House, principal: Principal): Zone {
  return house.zones.zone(principal.timezone) ?? utc;
}
