import {
  type EpochSeconds,
  objectComponents,
  readTimeSpan,
  recurs,
  resolveTimeSpan,
  type SchedulingState,
} from "@parley/engine";
import { makeZoneResolver, utc, type Zone } from "@parley/engine/recurrence";
import type { ObjectSpan, Principal } from "../store/store.ts";
import type { House } from "./house.ts";

const beginning: EpochSeconds = 0;

/** Tells when an object takes place, for the index. What recurs has no end there; what was removed is over. */
export function spanOf(house: House, principal: Principal, { object }: SchedulingState): ObjectSpan {
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
  return { starts, ends: components.some(recurs) ? null : ends };
}

/** The zone a principal sees times in. */
export function zoneOf(house: House, principal: Principal): Zone {
  return house.zones.zone(principal.timezone) ?? utc;
}
