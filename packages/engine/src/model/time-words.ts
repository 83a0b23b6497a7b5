import type { DateOrDateTime, WallSeconds } from "../icalendar/date-time.ts";
import { weekdayOf } from "../recurrence/posix-rule.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import type { Weekday } from "../recurrence/rule.ts";
import { clock, timeOfDay } from "../recurrence/words/clock.ts";
import { english } from "../recurrence/words/english.ts";
import type { Language } from "../recurrence/words/language.ts";
import { sayDate } from "../recurrence/words/say-rule.ts";
import { toWall, type Zone } from "../recurrence/zone.ts";
import type { TimeSpan } from "./time-span.ts";

const dayInSeconds = 86_400;

/** Says a day: `Tuesday, 2 March 2027`. */
export function dayInWords(wall: WallSeconds, language: Language = english): string {
  return language.dateOn(sayDate(wall, language), weekdayOf(dayOf(wall)) as Weekday);
}

/** Says a time of day: `09:05`; seconds only where there are any. */
export function clockInWords(wall: WallSeconds): string {
  return clock(timeOfDay(wall));
}

/** Says one value as it looks in the viewer's zone; floating times and those of unknown zones as they are written. */
export function timeInWords(
  value: DateOrDateTime,
  zones: ZoneResolver,
  viewer: Zone,
  language: Language = english,
): string {
  if (value.kind === "date") return dayInWords(value.wall, language);
  return sayTime(wallFor(value, zones, viewer), language);
}

/**
 * Says when something takes place: `Tuesday, 2 March 2027, 10:00–11:00 (Europe/Berlin)`. Days are said with their last day
 * included, as people do, not with the day after.
 */
export function spanInWords(span: TimeSpan, zones: ZoneResolver, viewer: Zone, language: Language = english): string {
  if (span.start.kind === "date") {
    const last = Math.max(span.start.wall, span.end.wall - dayInSeconds);
    const first = dayInWords(span.start.wall, language);
    return last === span.start.wall ? first : language.fromTo(first, dayInWords(last, language));
  }
  const zone = isPlaced(span, zones) ? zoneInWords(viewer) : "";
  const [start, end] = [wallFor(span.start, zones, viewer), wallFor(span.end, zones, viewer)];
  return `${lasts(span, zones) ? sayTimes(start, end, language) : sayTime(start, language)}${zone}`;
}

/** Says what the zone of times is, behind them. */
export function zoneInWords(zone: Zone): string {
  return ` (${zone.name})`;
}

/** Tells whether it is known when something takes place, wherever one is. */
export function isPlaced({ start }: TimeSpan, zones: ZoneResolver): boolean {
  return start.kind !== "date" && resolveInstant(start, zones) !== undefined;
}

/** Clocks may show the same at both ends, put back meanwhile. */
function lasts({ start, end }: TimeSpan, zones: ZoneResolver): boolean {
  return (resolveInstant(start, zones) ?? start.wall) !== (resolveInstant(end, zones) ?? end.wall);
}

function sayTimes(start: WallSeconds, end: WallSeconds, language: Language): string {
  if (dayOf(start) !== dayOf(end)) return language.fromTo(sayTime(start, language), sayTime(end, language));
  return sayTime(start, language, clockInWords(end));
}

function sayTime(start: WallSeconds, language: Language, end?: string): string {
  return language.dayAt(dayInWords(start, language), clockInWords(start), end);
}

function dayOf(wall: WallSeconds): number {
  return Math.floor(wall / dayInSeconds);
}

function wallFor(value: DateOrDateTime, zones: ZoneResolver, viewer: Zone): WallSeconds {
  const instant = resolveInstant(value, zones);
  return instant === undefined ? value.wall : toWall(instant, viewer);
}
