import { civilFromDays, type DateOrDateTime, type WallSeconds } from "../icalendar/date-time.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import { toWall, type Zone } from "../recurrence/zone.ts";
import type { TimeSpan } from "./time-span.ts";

const weekdays = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"] as const;
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

const dayInSeconds = 86_400;

/** Says a day: `Tuesday, 2 March 2027`. */
export function dayInWords(wall: WallSeconds): string {
  const days = Math.floor(wall / dayInSeconds);
  const { year, month, day } = civilFromDays(days);
  // 1970-01-01 was a Thursday.
  return `${weekdays[((days % 7) + 7) % 7]}, ${day} ${months[month - 1]} ${year}`;
}

/** Says a time of day: `09:05`; seconds only where there are any. */
export function clockInWords(wall: WallSeconds): string {
  const seconds = ((wall % dayInSeconds) + dayInSeconds) % dayInSeconds;
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, ...(seconds % 60 ? [seconds % 60] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** Says one value as it looks in the viewer's zone; floating times and those of unknown zones as they are written. */
export function timeInWords(value: DateOrDateTime, zones: ZoneResolver, viewer: Zone): string {
  if (value.kind === "date") return dayInWords(value.wall);
  const wall = wallFor(value, zones, viewer);
  return `${dayInWords(wall)}, ${clockInWords(wall)}`;
}

/**
 * Says when something takes place: `Tuesday, 2 March 2027, 10:00–11:00 (Europe/Berlin)`. Days are said with their last day
 * included, as people do, not with the day after.
 */
export function spanInWords(span: TimeSpan, zones: ZoneResolver, viewer: Zone): string {
  if (span.start.kind === "date") {
    const last = Math.max(span.start.wall, span.end.wall - dayInSeconds);
    const first = dayInWords(span.start.wall);
    return last === span.start.wall ? first : `${first} – ${dayInWords(last)}`;
  }
  const start = wallFor(span.start, zones, viewer);
  const end = wallFor(span.end, zones, viewer);
  const zone = isPlaced(span.start, zones) ? ` (${viewer.name})` : "";
  if (start === end) return `${dayInWords(start)}, ${clockInWords(start)}${zone}`;
  const sameDay = Math.floor(start / dayInSeconds) === Math.floor(end / dayInSeconds);
  const until = sameDay ? clockInWords(end) : ` ${dayInWords(end)}, ${clockInWords(end)}`;
  return `${dayInWords(start)}, ${clockInWords(start)}${sameDay ? "–" : " –"}${until}${zone}`;
}

function wallFor(value: DateOrDateTime, zones: ZoneResolver, viewer: Zone): WallSeconds {
  const instant = resolveInstant(value, zones);
  return instant === undefined ? value.wall : toWall(instant, viewer);
}

function isPlaced(value: DateOrDateTime, zones: ZoneResolver): boolean {
  return resolveInstant(value, zones) !== undefined;
}
