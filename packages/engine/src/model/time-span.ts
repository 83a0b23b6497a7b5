import { type Component, firstProperty, type Property } from "../icalendar/component.ts";
import { type DateOrDateTime, type EpochSeconds, parseDuration, readDateTime } from "../icalendar/date-time.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import type { Zone } from "../recurrence/zone.ts";

/** When a component takes place, as written: from `start` up to, not including, `end`. */
export interface TimeSpan {
  readonly start: DateOrDateTime;
  readonly end: DateOrDateTime;
}

const dayInSeconds = 86_400;

/**
 * Reads when a component takes place: DTSTART with DTEND, DUE or DURATION, in that order of preference. RFC 5545 §3.6.1:
 * without an end a date lasts one day and a time no time. An end before its start is read as the start.
 * `undefined` where there is no DTSTART (or DUE) that can be read.
 */
export function readTimeSpan(component: Component): TimeSpan | undefined {
  const span = readWrittenSpan(component);
  return span && isAllDay(component, span) ? { start: asDate(span.start), end: asDate(span.end) } : span;
}

/** Outlook writes whole days as midnights and says so beside them; a flag that fits no midnights is not believed. */
function isAllDay(component: Component, { start, end }: TimeSpan): boolean {
  if (start.kind === "date" || start.kind === "utc" || end.wall <= start.wall) return false;
  if (start.wall % dayInSeconds !== 0 || end.wall % dayInSeconds !== 0) return false;
  return firstProperty(component, "X-MICROSOFT-CDO-ALLDAYEVENT")?.value.trim().toUpperCase() === "TRUE";
}

function asDate({ wall }: DateOrDateTime): DateOrDateTime {
  return { kind: "date", wall };
}

function readWrittenSpan(component: Component): TimeSpan | undefined {
  const startProperty = firstProperty(component, "DTSTART") ?? firstProperty(component, "DUE");
  const start = startProperty && readDateTime(startProperty);
  if (!start) return undefined;
  const endProperty = firstProperty(component, "DTEND") ?? firstProperty(component, "DUE");
  const end = (endProperty && readDateTime(endProperty)) ?? endByDuration(component, start);
  const shortest = start.kind === "date" ? start.wall + dayInSeconds : start.wall;
  if (end && isComparable(start, end) && end.wall < shortest) return { start, end: { ...end, wall: shortest } };
  return { start, end: end ?? { ...start, wall: shortest } };
}

function endByDuration(component: Component, start: DateOrDateTime): DateOrDateTime | undefined {
  const property: Property | undefined = firstProperty(component, "DURATION");
  const seconds = property && parseDuration(property.value);
  return seconds === undefined ? undefined : { ...start, wall: start.wall + seconds };
}

/** Wall clock times can be compared only where both were written for one clock. */
function isComparable(a: DateOrDateTime, b: DateOrDateTime): boolean {
  return a.kind === b.kind && (a.kind !== "zoned" || (b.kind === "zoned" && a.tzid === b.tzid));
}

/** Converts a span to instants; dates and floating times begin in `localZone`. `undefined` where a TZID is unknown. */
export function resolveTimeSpan(
  span: TimeSpan,
  zones: ZoneResolver,
  localZone?: Zone,
): { readonly starts: EpochSeconds; readonly ends: EpochSeconds } | undefined {
  const starts = resolveInstant(span.start, zones, localZone);
  const ends = resolveInstant(span.end, zones, localZone);
  return starts === undefined || ends === undefined ? undefined : { starts, ends: Math.max(starts, ends) };
}
