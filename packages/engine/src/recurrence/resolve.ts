import type { DateOrDateTime, EpochSeconds } from "../icalendar/date-time.ts";
import { toInstant, type Zone } from "./zone.ts";

/** Finds the zone a TZID means inside one calendar: by name, by product dialect, or by its own VTIMEZONE. */
export type ZoneResolver = (tzid: string) => Zone | undefined;

/**
 * Converts a value to an instant. Dates and floating times have none of their own: they take `localZone`,
 * the zone of whoever looks at them, and so do times with a TZID nobody knows; without it they give `undefined`.
 */
export function resolveInstant(value: DateOrDateTime, zones: ZoneResolver, localZone?: Zone): EpochSeconds | undefined {
  if (value.kind === "utc") return value.wall;
  const zone = value.kind === "zoned" ? (zones(value.tzid) ?? localZone) : localZone;
  return zone && toInstant(value.wall, zone);
}
