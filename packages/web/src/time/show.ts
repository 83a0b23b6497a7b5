import type { EventView } from "@parley/server/contract";
import { locale, words } from "../words.ts";
import { spanOf } from "./agenda.ts";
import { daysBetween, knownZone } from "./wall.ts";

const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const shortDate = { weekday: "short", day: "numeric", month: "long" } as const;
const formats = new Map<string, Intl.DateTimeFormat>();

/** When an event is, in words: for the viewer, and for the organizer where their clock shows something else. */
export interface When {
  readonly mine: string;
  readonly theirs: string | null;
}

/** Says when an event is. The year is named unless it is this one (`now`). */
export function showWhen(event: EventView, zone: string, now: number): When {
  const mine = showRange(event, zone, now);
  const other = event.timezone;
  if (event.allDay || other === null || knownZone(other) !== other) return { mine, theirs: null };
  const theirs = showRange(event, other, now);
  if (theirs === mine) return { mine, theirs: null };
  const [here, there] = [spanOf(event, zone), spanOf(event, other)];
  const sameDay = here.firstDate === there.firstDate && here.lastDate === there.lastDate;
  const short = sameDay && there.firstDate === there.lastDate ? showHours(event, other, 1, 1) : theirs;
  return { mine, theirs: words.when.forOrganizer(short, showZone(other)) };
}

/** Says the times of day of an event on one of its days in the agenda. */
export function showHours(event: EventView, zone: string, day: number, days: number): string {
  if (event.allDay) return days > 1 ? words.when.dayOf(day, days) : words.when.allDay;
  const { from, to } = spanOf(event, zone);
  const format = formatOf(clock, zone);
  if (days === 1) return from === to ? format.format(from) : format.formatRange(from, to);
  if (day === 1) return words.when.from(format.format(from));
  if (day === days) return words.when.until(format.format(to));
  return words.when.allDay;
}

/** Names a day: today, tomorrow, or with its weekday; the year only where it is another. */
export function showDay(date: string, today: string): string {
  const at = Date.parse(`${date}T12:00:00Z`);
  const year = date.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  const name = formatOf({ weekday: "long", day: "numeric", month: "long", ...year }, "UTC").format(at);
  const distance = daysBetween(today, date);
  if (distance === 0) return words.when.today(name);
  if (distance === 1) return words.when.tomorrow(name);
  return name;
}

/** Says an instant of the API in full. */
export function showInstant(time: string, zone: string): string {
  return formatOf({ ...shortDate, year: "numeric", ...clock }, zone).format(Date.parse(time));
}

/** Says how long ago something was, roughly; after a week its date. */
export function showAgo(time: string, zone: string, now: number): string {
  const minutes = Math.round((now - Date.parse(time)) / 60_000);
  if (minutes < 1) return words.when.justNow;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (minutes < 60) return relative.format(-minutes, "minute");
  if (minutes < 24 * 60) return relative.format(-Math.round(minutes / 60), "hour");
  if (minutes < 7 * 24 * 60) return relative.format(-Math.round(minutes / 1_440), "day");
  return showInstant(time, zone);
}

/** Names a zone as its last part, as people do: `America/New_York` is “New York”. */
export function showZone(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

function showRange(event: EventView, zone: string, now: number): string {
  const { from, to, firstDate, lastDate } = spanOf(event, zone);
  const thisYear = formatOf({ year: "numeric" }, zone).format(now);
  const year = firstDate.startsWith(thisYear) && lastDate.startsWith(thisYear) ? {} : ({ year: "numeric" } as const);
  if (!event.allDay) return formatOf({ ...shortDate, ...year, ...clock }, zone).formatRange(from, to);
  const [first, last] = [Date.parse(`${firstDate}T12:00:00Z`), Date.parse(`${lastDate}T12:00:00Z`)];
  return words.when.wholeDays(formatOf({ ...shortDate, ...year }, "UTC").formatRange(first, last));
}

function formatOf(options: Intl.DateTimeFormatOptions, zone: string): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: knownZone(zone) });
  formats.set(key, made);
  return made;
}
