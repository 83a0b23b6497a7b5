import { civilFromDays, daysFromCivil, type EpochSeconds } from "../icalendar/date-time.ts";
import { maxCachedZoneYears } from "../limits.ts";
import type { ZonePeriod } from "./zone.ts";

/** An instant, and the offset that begins with it. */
export interface Onset {
  readonly at: EpochSeconds;
  readonly offset: number;
  readonly abbreviation?: string | undefined;
}

/** The instant a year begins in UTC. */
export function startOfYear(year: number): EpochSeconds {
  return daysFromCivil(year, 1, 1) * 86_400;
}

/** The UTC year of an instant. */
export function yearOf(instant: EpochSeconds): number {
  return civilFromDays(Math.floor(instant / 86_400)).year;
}

/**
 * Cuts a UTC year into periods. `onsets` are in ascending order and may reach beyond the year; of two at one instant
 * the later in the list counts. `offset` is the one in force before the first of them.
 */
export function cutYear(year: number, offset: number, onsets: readonly Onset[]): readonly ZonePeriod[] {
  const periods: ZonePeriod[] = [];
  const end = startOfYear(year + 1);
  let from = startOfYear(year);
  let current: Omit<Onset, "at"> = { offset };
  for (const onset of onsets) {
    if (onset.at >= end) break;
    if (onset.at > from && onset.offset !== current.offset) {
      periods.push({ from, until: onset.at, offset: current.offset, abbreviation: current.abbreviation });
      from = onset.at;
    }
    current = onset;
  }
  periods.push({ from, until: end, offset: current.offset, abbreviation: current.abbreviation });
  return periods;
}

/** Makes a lookup over periods that are computed a UTC year at a time, and kept for a bounded number of years. */
export function findByYear(
  periodsOfYear: (year: number) => readonly ZonePeriod[],
): (instant: EpochSeconds) => ZonePeriod {
  const years = new Map<number, readonly ZonePeriod[]>();
  return (instant) => {
    const year = yearOf(instant);
    let periods = years.get(year);
    if (!periods) {
      periods = periodsOfYear(year);
      if (years.size >= maxCachedZoneYears) years.clear();
      years.set(year, periods);
    }
    return findPeriod(periods, instant);
  };
}

/** Finds the period of an instant among periods in ascending order without holes; the nearest one outside of them. */
export function findPeriod(periods: readonly ZonePeriod[], instant: EpochSeconds): ZonePeriod {
  let low = 0;
  let high = periods.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((periods[middle] as ZonePeriod).from <= instant) low = middle;
    else high = middle - 1;
  }
  return periods[low] as ZonePeriod;
}
