import { type SchedulingState, unknownState } from "@parley/engine";
import type { BusyOptions, BusyPeriod, BusyType } from "@parley/engine/freebusy";
import { parseCalendar } from "@parley/engine/icalendar";
import { intlZoneProvider, makeZoneResolver, utc, type Zone } from "@parley/engine/recurrence";
import { parseDateTime } from "../../src/icalendar/date-time.ts";
import { defaultLimits } from "../../src/limits.ts";
import { readCalendarObject } from "../../src/model/calendar-object.ts";
import { ann } from "../itip/world.ts";

/** The instant of a time in UTC, such as `20270310T090000Z`. */
export function at(text: string): number {
  const value = parseDateTime(text);
  if (value?.kind !== "utc") throw new Error(`${text} is no time in UTC`);
  return value.wall;
}

export function berlin(): Zone {
  const zone = intlZoneProvider.zone("Europe/Berlin");
  if (!zone) throw new Error("no Berlin");
  return zone;
}

/** Reads components, each given by its name and lines, as one calendar. */
export function calendarOf(...components: readonly (readonly string[])[]) {
  const lines = components.flatMap(([name, ...rest]) => [`BEGIN:${name}`, ...rest, `END:${name}`]);
  const text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Test//EN", ...lines, "END:VCALENDAR", ""];
  const { calendar } = parseCalendar(text.join("\r\n"), defaultLimits);
  if (!calendar) throw new Error("no calendar");
  return calendar;
}

/** A copy whose document has these components; where none says otherwise, of one UID and stamp. */
export function copyOf(...components: readonly (readonly string[])[]): SchedulingState {
  const calendar = calendarOf(
    ...components.map(([name = "VEVENT", ...lines]) => [
      name,
      "UID:one@example.test",
      "DTSTAMP:20270101T000000Z",
      ...lines,
    ]),
  );
  const read = readCalendarObject(calendar, makeZoneResolver([], intlZoneProvider, defaultLimits), defaultLimits);
  if ("problem" in read) throw new Error(read.problem);
  return { ...unknownState, object: read.object };
}

export const options: BusyOptions = {
  addresses: new Set([ann]),
  localZone: utc,
  zones: intlZoneProvider,
  limits: defaultLimits,
};

const letters: Readonly<Record<string, BusyType>> = { U: "BUSY-UNAVAILABLE", B: "BUSY", T: "BUSY-TENTATIVE" };

/** What each stretch of `seconds` from an instant on is, as RFC 7953 §5.1 prints it: F, B, U or T; `?` for a mixed one. */
export function printed(periods: readonly BusyPeriod[], from: number, seconds: number, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const start = from + index * seconds;
    const found = periods.filter((period) => period.from < start + seconds && period.to > start);
    const [only] = found;
    if (!only) return "F";
    const covers = found.length === 1 && only.from <= start && only.to >= start + seconds;
    return covers ? (Object.entries(letters).find(([, type]) => type === only.type)?.[0] ?? "?") : "?";
  }).join("");
}

/** Periods of small numbers, told as `from-to` with the letter of their type before it. */
export function told(periods: readonly BusyPeriod[]): readonly string[] {
  return periods.map(({ from, to, type }) => {
    const letter = Object.entries(letters).find(([, each]) => each === type)?.[0];
    return `${letter}${from}-${to}`;
  });
}
