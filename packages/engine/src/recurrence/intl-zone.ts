import { daysFromCivil, type EpochSeconds } from "../icalendar/date-time.ts";
import { maxCachedZones, maxZoneNameLength } from "../limits.ts";
import { type Zone, type ZoneProvider, zoneOfPeriods } from "./zone.ts";
import { cutYear, findByYear, type Onset, startOfYear } from "./zone-years.ts";

const namePattern = /^[A-Za-z][A-Za-z0-9_+/-]*$/;
/** The shortest time any zone kept an offset between two others is a little under four days (Freetown, 1939). */
const probeSeconds = 3 * 86_400;
/** Intl writes years before 1 and after 9999 in ways of their own; the zone stands still beyond these. */
const firstInstant = startOfYear(1) + 86_400;
const lastInstant = startOfYear(9_999);

/** Whether a text has the form of an IANA zone name: no dots, not absolute, and of bounded length. */
export function isZoneName(name: string): boolean {
  return name.length <= maxZoneNameLength && namePattern.test(name);
}

/**
 * Gives zones by what the runtime's Intl knows: the last resort, as that data is often out of date, and slow to ask.
 * Each zone asked for is kept, up to `maxCachedZones`.
 */
export const intlZoneProvider: ZoneProvider = makeIntlZoneProvider();

function makeIntlZoneProvider(): ZoneProvider {
  const zones = new Map<string, Zone | undefined>();
  return {
    zone: (name) => {
      if (!isZoneName(name)) return undefined;
      const key = name.toLowerCase();
      if (zones.has(key)) return zones.get(key);
      if (zones.size >= maxCachedZones) zones.clear();
      const zone = makeIntlZone(name);
      zones.set(key, zone);
      return zone;
    },
  };
}

function makeIntlZone(name: string): Zone | undefined {
  const formatter = makeFormatter(name);
  if (!formatter) return undefined;
  const resolved = formatter.resolvedOptions().timeZone;
  // Intl may answer with an alias; only the case is taken over from it.
  const written = resolved.toLowerCase() === name.toLowerCase() ? resolved : name;
  return zoneOfOffsets(written, (instant) => formattedOffset(formatter, instant));
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    // A RangeError is how Intl says that it does not know the name.
    return undefined;
  }
}

function formattedOffset(formatter: Intl.DateTimeFormat, instant: EpochSeconds): number {
  const held = Math.min(Math.max(instant, firstInstant), lastInstant);
  const numbers = formatter.format(held * 1_000).match(/\d+/g) ?? [];
  const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = numbers.map(Number);
  return daysFromCivil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - held;
}

/**
 * Makes a zone of a function that only tells offsets, by probing a year at a time, every three days, and halving where
 * two probes differ. A change that is taken back within three days is not seen; no real zone has had one.
 */
export function zoneOfOffsets(name: string, offsetAt: (instant: EpochSeconds) => number): Zone {
  const find = findByYear((year) => {
    const start = startOfYear(year);
    return cutYear(year, offsetAt(start), probeYear(start, startOfYear(year + 1), offsetAt));
  });
  return zoneOfPeriods(name, find);
}

function probeYear(
  start: EpochSeconds,
  end: EpochSeconds,
  offsetAt: (instant: EpochSeconds) => number,
): readonly Onset[] {
  const onsets: Onset[] = [];
  let known = start;
  let offset = offsetAt(start);
  while (known < end) {
    const next = Math.min(known + probeSeconds, end);
    if (offsetAt(next) === offset) {
      known = next;
      continue;
    }
    known = firstChange(known, next, offset, offsetAt);
    offset = offsetAt(known);
    onsets.push({ at: known, offset });
  }
  return onsets;
}

/** Finds the instant at which an offset ends that holds at `low` and no longer at `high`. */
function firstChange(
  low: EpochSeconds,
  high: EpochSeconds,
  offset: number,
  offsetAt: (instant: EpochSeconds) => number,
): EpochSeconds {
  let [holds, ended] = [low, high];
  while (ended - holds > 1) {
    const middle = Math.floor((holds + ended) / 2);
    if (offsetAt(middle) === offset) holds = middle;
    else ended = middle;
  }
  return ended;
}
