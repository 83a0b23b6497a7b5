/** How well a wall time names an instant: `gap`, clocks skip it that day; `fold`, it comes twice. */
export type WallFit = "exact" | "gap" | "fold";

/** An instant in milliseconds since 1970, and how the wall time led to it. */
export interface Resolved {
  readonly instant: number;
  readonly fit: WallFit;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
const wallPattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?$/;
const datePattern = /^(\d{4})-(\d\d)-(\d\d)$/;
const formatters = new Map<string, Intl.DateTimeFormat | null>();

/** Gives the zone's name if this browser knows it, and `UTC` if not, so that what is shown and what is said agree. */
export function knownZone(name: string): string {
  return formatterOf(name) ? name : "UTC";
}

/** Writes an instant as the wall clock of the zone shows it, `2027-03-01T09:30`, whole minutes. */
export function wallTimeOf(instant: number, zone: string): string {
  return new Date(instant + offsetAt(instant, zone)).toISOString().slice(0, 16);
}

/** Writes the date an instant falls on in the zone, `2027-03-01`. */
export function dateOf(instant: number, zone: string): string {
  return wallTimeOf(instant, zone).slice(0, 10);
}

/**
 * Finds the instant a wall time of the zone names; null where it is no time at all, such as 30 February.
 * In a gap the offset before it counts, and of a fold the first pass: RFC 5545 §3.3.5.
 */
export function instantOf(wall: string, zone: string): Resolved | null {
  const naive = naiveInstant(wall);
  if (naive === null) return null;
  const offsetBefore = offsetAt(naive - dayMs, zone);
  const offsetAfter = offsetAt(naive + dayMs, zone);
  const first = naive - offsetBefore;
  const second = naive - offsetAfter;
  const firstFits = offsetAt(first, zone) === offsetBefore;
  const secondFits = offsetAt(second, zone) === offsetAfter;
  if (firstFits && secondFits && first !== second) return { instant: Math.min(first, second), fit: "fold" };
  if (firstFits) return { instant: first, fit: "exact" };
  if (secondFits) return { instant: second, fit: "exact" };
  return { instant: first, fit: "gap" };
}

/** Tells whether a text is a date that exists, `2027-03-01`. */
export function isDate(text: string): boolean {
  return datePattern.test(text) && naiveInstant(`${text}T00:00`) !== null;
}

/** Moves a date by whole days; the date must exist. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Counts the days from one date to another; negative where the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}

/** Writes an instant as the API has it: UTC, whole seconds. */
export function apiTime(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** The zone's offset from UTC at an instant in milliseconds, east positive. Zones count in whole minutes here. */
function offsetAt(instant: number, zone: string): number {
  const format = formatterOf(zone);
  if (!format) return 0;
  const field: Record<string, number> = {};
  for (const part of format.formatToParts(instant)) field[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = field;
  const wall = utc(year, month, day, hour, minute);
  return wall - Math.floor(instant / minuteMs) * minuteMs;
}

function naiveInstant(wall: string): number | null {
  const match = wallPattern.exec(wall);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const instant = utc(year, month, day, hour, minute);
  const written = new Date(instant).toISOString().slice(0, 16);
  return written === wall.slice(0, 16) ? instant : null;
}

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999; this does not. */
function utc(year: number, month: number, day: number, hour: number, minute: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute);
  return date.getTime();
}

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = makeFormatter(zone);
  formatters.set(zone, made);
  return made;
}

function makeFormatter(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
  } catch {
    // The browser's zone data lacks the name; `knownZone` tells callers.
    return null;
  }
}
