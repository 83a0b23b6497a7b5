import type { EpochSeconds, WallSeconds } from "../icalendar/date-time.ts";
/** A time zone: what its wall clocks show at each instant. */
export interface Zone {
  /** IANA name where it has one, else the TZID it was defined under. */
  readonly name: string;
  /** Seconds east of UTC at that instant. */
  offsetAt(instant: EpochSeconds): number;
}

/** Gives zones by IANA name. The engine is handed one; it reads no file and asks no runtime by itself. */
export interface ZoneProvider {
  /** The zone, or `undefined` where the name is unknown. Names are compared without case. */
  zone(name: string): Zone | undefined;
}

export const utc: Zone = { name: "UTC", offsetAt: () => 0 };

const dayInSeconds = 86_400;

/**
 * Converts a wall clock time of a zone to an instant. RFC 5545 §3.3.5: a time that occurs twice means the first one;
 * a time that is skipped is read with the offset before the gap.
 */
export function toInstant(wall: WallSeconds, zone: Zone): EpochSeconds {
  const before = zone.offsetAt(wall - dayInSeconds);
  const after = zone.offsetAt(wall + dayInSeconds);
  const early = wall - Math.max(before, after);
  if (zone.offsetAt(early) === Math.max(before, after)) return early;
  const late = wall - Math.min(before, after);
  if (zone.offsetAt(late) === Math.min(before, after)) return late;
  return wall - before;
}

/** Converts an instant to what wall clocks of the zone show. */
export function toWall(instant: EpochSeconds, zone: Zone): WallSeconds {
  return instant + zone.offsetAt(instant);
}
