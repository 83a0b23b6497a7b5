import type { EpochSeconds, WallSeconds } from "../icalendar/date-time.ts";
import { maxPeriodsNearTime } from "../limits.ts";

/**
 * A stretch of time in which the offset of a zone does not change: `from` is inside, `until` is not; either may be
 * infinite. The next period may have the same offset: a period is not always as long as it could be.
 */
export interface ZonePeriod {
  readonly from: EpochSeconds;
  readonly until: EpochSeconds;
  /** Seconds east of UTC, at most `maxOffsetSeconds` either way. */
  readonly offset: number;
  /** What people there call this time, such as "CEST"; absent where they have no word for it, or the data none. */
  readonly abbreviation?: string | undefined;
}

/** A time zone: what its wall clocks show at each instant. */
export interface Zone {
  /** IANA name where it has one, else the TZID it was defined under. */
  readonly name: string;
  /** Seconds east of UTC at that instant. */
  readonly offsetAt: (instant: EpochSeconds) => number;
  /** The period that instant lies in. */
  readonly periodAt: (instant: EpochSeconds) => ZonePeriod;
}

/** Gives zones by IANA name. The engine is handed one; it reads no file and asks no runtime by itself. */
export interface ZoneProvider {
  /** The zone, or `undefined` where the name is unknown. Names are compared without case. */
  zone(name: string): Zone | undefined;
}

/** No zone is further from UTC than this; readers refuse what claims to be. RFC 9636 sets the same bound. */
export const maxOffsetSeconds = 26 * 3_600;

/** Makes a zone whose clocks are never changed. */
export function fixedZone(name: string, offset: number, abbreviation?: string): Zone {
  const always: ZonePeriod = { from: -Infinity, until: Infinity, offset, abbreviation };
  return { name, offsetAt: () => offset, periodAt: () => always };
}

/** Makes a zone of a way to find the period of an instant. The last period found is tried first. */
export function zoneOfPeriods(name: string, find: (instant: EpochSeconds) => ZonePeriod): Zone {
  let last: ZonePeriod | undefined;
  const periodAt = (instant: EpochSeconds): ZonePeriod => {
    if (last && instant >= last.from && instant < last.until) return last;
    last = find(instant);
    return last;
  };
  return { name, offsetAt: (instant) => periodAt(instant).offset, periodAt };
}

/** Is UTC. */
export const utc: Zone = fixedZone("UTC", 0, "UTC");

/**
 * Converts a wall clock time of a zone to an instant. RFC 5545 §3.3.5: a time that occurs twice means the first one;
 * a time that is skipped is read with the offset before the gap. Exact whatever the distance and size of the changes,
 * as long as a zone has no more than `maxPeriodsNearTime` of them around that time.
 */
export function toInstant(wall: WallSeconds, zone: Zone): EpochSeconds {
  // No period that ended before this instant can show that time, and none that begins `maxOffsetSeconds` after it.
  let period = zone.periodAt(wall - maxOffsetSeconds);
  let before = period.offset;
  let skipped: EpochSeconds | undefined;
  for (let i = 0; i < maxPeriodsNearTime; i++) {
    const { from, until, offset } = period;
    if (wall >= from + offset && wall < until + offset) return wall - offset;
    // The clocks went past it; only where they are soon turned back far enough is it shown after all.
    if (wall < from + offset) skipped ??= wall - before;
    if (until > wall + maxOffsetSeconds) break;
    before = offset;
    period = zone.periodAt(until);
  }
  return skipped ?? wall - before;
}

/** Converts an instant to what wall clocks of the zone show. */
export function toWall(instant: EpochSeconds, zone: Zone): WallSeconds {
  return instant + zone.offsetAt(instant);
}
