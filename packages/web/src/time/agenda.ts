import type { EventView } from "@parley/server/contract";
import { addDays, dateOf, daysBetween, instantOf } from "./wall.ts";

/** An event's place in time as the viewer sees it: instants in milliseconds, dates in the viewer's zone, both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly firstDate: string;
  readonly lastDate: string;
}

/** An event on one of its days; `day` counts from 1. */
export interface AgendaItem {
  readonly event: EventView;
  readonly day: number;
  readonly days: number;
}

/** One day that has something in it. */
export interface AgendaDay {
  readonly date: string;
  readonly items: readonly AgendaItem[];
}

/** Finds where an event lies for a viewer in the zone: an all-day event fills the viewer's days, whatever the zone. */
export function spanOf(event: Pick<EventView, "start" | "end" | "allDay">, zone: string): Span {
  if (event.allDay) {
    const lastDate = event.end > event.start ? addDays(event.end, -1) : event.start;
    const from = instantOf(`${event.start}T00:00`, zone)?.instant ?? 0;
    const to = instantOf(`${addDays(lastDate, 1)}T00:00`, zone)?.instant ?? from;
    return { from, to, firstDate: event.start, lastDate };
  }
  const from = Date.parse(event.start);
  const to = Math.max(from, Date.parse(event.end));
  // An event that ends at midnight does not touch the day that begins then.
  return { from, to, firstDate: dateOf(from, zone), lastDate: dateOf(Math.max(from, to - 1), zone) };
}

/** Groups events by day, from `today` on for `horizonDays` days; one of several days is in each of them. A meeting that is the viewer's own is there once. */
export function agendaOf(
  events: readonly EventView[],
  zone: string,
  today: string,
  horizonDays: number,
): readonly AgendaDay[] {
  const end = addDays(today, horizonDays);
  const days = new Map<string, AgendaItem[]>();
  for (const event of withoutCopiesOfOthers(events).toSorted(bySpan(zone))) {
    const { firstDate, lastDate } = spanOf(event, zone);
    const count = daysBetween(firstDate, lastDate) + 1;
    for (let date = firstDate > today ? firstDate : today; date <= lastDate && date < end; date = addDays(date, 1)) {
      const items = days.get(date) ?? [];
      items.push({ event, day: daysBetween(firstDate, date) + 1, days: count });
      days.set(date, items);
    }
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([date, items]) => ({ date, items }));
}

/** Leaves out of what others share the meetings the viewer has too, at the same time. */
function withoutCopiesOfOthers(events: readonly EventView[]): readonly EventView[] {
  const nameOf = ({ uid, start, end }: EventView): string => JSON.stringify([uid, start, end]);
  const own = new Set(events.filter(({ shared }) => !shared).map(nameOf));
  return events.filter((event) => !event.shared || !own.has(nameOf(event)));
}

/** Lists the events whose answer is still owed and not yet too late, soonest first. */
export function waitingOf(events: readonly EventView[], zone: string, now: number): readonly EventView[] {
  return events
    .filter((event) => event.role === "attendee" && event.status !== "CANCELLED")
    .filter((event) => event.answer?.partstat === "NEEDS-ACTION")
    .filter((event) => event.recurring || spanOf(event, zone).to > now)
    .sort(bySpan(zone));
}

/** Finds what the person has at the same time: neither cancelled, nor declined, nor lasting whole days, nor somebody else's. */
export function conflictsOf(event: EventView, events: readonly EventView[], zone: string): readonly EventView[] {
  if (event.allDay) return [];
  const mine = spanOf(event, zone);
  return events.filter((other) => {
    if (other.uid === event.uid || other.allDay || other.status === "CANCELLED" || other.shared) return false;
    if (other.answer?.partstat === "DECLINED") return false;
    const theirs = spanOf(other, zone);
    return theirs.from < mine.to && mine.from < theirs.to;
  });
}

function bySpan(zone: string): (a: EventView, b: EventView) => number {
  return (a, b) => {
    if (a.allDay !== b.allDay && spanOf(a, zone).firstDate === spanOf(b, zone).firstDate) return a.allDay ? -1 : 1;
    return spanOf(a, zone).from - spanOf(b, zone).from || a.summary.localeCompare(b.summary);
  };
}
