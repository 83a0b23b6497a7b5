import type { EventInput, EventView } from "@parley/server/contract";
import { guestsOf, isOrganizer } from "../people.ts";
import { addDays, apiTime, dateOf, daysBetween, instantOf, isDate, wallTimeOf } from "../time/wall.ts";
import { type Guest, readGuests, writeGuests } from "./guests.ts";

/** What the fields of the event form hold. Times are wall times of the person's zone; `lastDay` is included. */
export interface Draft {
  readonly summary: string;
  readonly allDay: boolean;
  readonly start: string;
  readonly end: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly location: string;
  readonly description: string;
  readonly guests: string;
  readonly optionalGuests: string;
}

/** What is wrong with a field; `piece` is the text that is no address. */
export type FieldError =
  | { readonly kind: "missing" | "no-time" | "no-date" | "ends-before-start" }
  | { readonly kind: "no-address"; readonly piece: string };

/** Holds one fault a field at most; a field that is not named is in order. */
export type FieldErrors = Partial<Record<keyof Draft, FieldError>>;

/** What a draft comes to: something to send, or what to mend. */
export type DraftReading =
  | { readonly kind: "ok"; readonly input: EventInput }
  | { readonly kind: "invalid"; readonly errors: FieldErrors };

type Attendees = NonNullable<EventInput["attendees"]>;

const hourMs = 3_600_000;

/** Begins an empty event: the next full hour, for an hour. */
export function newDraft(now: number, zone: string): Draft {
  const start = Math.ceil((now + 1) / hourMs) * hourMs;
  const day = dateOf(start, zone);
  return {
    summary: "",
    allDay: false,
    start: wallTimeOf(start, zone),
    end: wallTimeOf(start + hourMs, zone),
    firstDay: day,
    lastDay: day,
    location: "",
    description: "",
    guests: "",
    optionalGuests: "",
  };
}

/** Opens an event for editing. The organizer's own line among the guests stays out of sight; `readDraft` puts it back. */
export function draftOf(event: EventView, zone: string): Draft {
  const others = guestsOf(event);
  return {
    summary: event.summary,
    location: event.location,
    description: event.description,
    guests: writeGuests(others.filter(({ role }) => role !== "OPT-PARTICIPANT")),
    optionalGuests: writeGuests(others.filter(({ role }) => role === "OPT-PARTICIPANT")),
    allDay: event.allDay,
    ...(event.allDay ? timesOfDays(event) : timesOfHours(event, zone)),
  };
}

/** Moves the start of a draft; the end follows, so that the event lasts as long as before. */
export function withStart(draft: Draft, start: string, zone: string): Draft {
  const old = instantOf(draft.start, zone);
  const end = instantOf(draft.end, zone);
  const moved = instantOf(start, zone);
  if (!old || !end || !moved || end.instant < old.instant) return { ...draft, start };
  return { ...draft, start, end: wallTimeOf(moved.instant + end.instant - old.instant, zone) };
}

/** Moves the first day of a draft; the last day follows. */
export function withFirstDay(draft: Draft, firstDay: string): Draft {
  if (!isDate(firstDay) || !isDate(draft.firstDay) || !isDate(draft.lastDay)) return { ...draft, firstDay };
  const length = Math.max(0, daysBetween(draft.firstDay, draft.lastDay));
  return { ...draft, firstDay, lastDay: addDays(firstDay, length) };
}

/** Switches between hours and whole days; the dates stay. */
export function withAllDay(draft: Draft, allDay: boolean): Draft {
  if (allDay) {
    return { ...draft, allDay, firstDay: draft.start.slice(0, 10), lastDay: draft.end.slice(0, 10) };
  }
  const start = isDate(draft.firstDay) ? `${draft.firstDay}T${draft.start.slice(11)}` : draft.start;
  const end = isDate(draft.lastDay) ? `${draft.lastDay}T${draft.end.slice(11)}` : draft.end;
  return { ...draft, allDay, start, end };
}

/**
 * Checks a draft and makes of it what the API takes. With `original` a time left as it was keeps its instant, seconds and
 * second pass of a fold included, and guests keep roles the form has no field for.
 */
export function readDraft(draft: Draft, zone: string, original?: EventView): DraftReading {
  const errors: { -readonly [Field in keyof FieldErrors]: FieldErrors[Field] } = {};
  if (draft.summary.trim() === "") errors.summary = { kind: "missing" };
  const times = draft.allDay ? readDays(draft) : readHours(draft, zone, original);
  if (times.kind === "invalid") Object.assign(errors, times.errors);
  const guests = readGuests(draft.guests);
  if (guests.kind === "invalid") errors.guests = { kind: "no-address", piece: guests.piece };
  const optional = readGuests(draft.optionalGuests);
  if (optional.kind === "invalid") errors.optionalGuests = { kind: "no-address", piece: optional.piece };
  const wrong = Object.keys(errors).length > 0;
  if (wrong || times.kind === "invalid" || guests.kind === "invalid" || optional.kind === "invalid") {
    return { kind: "invalid", errors };
  }
  return {
    kind: "ok",
    input: {
      summary: draft.summary.trim(),
      start: times.start,
      end: times.end,
      location: draft.location.trim(),
      description: draft.description,
      attendees: attendeesOf(guests.guests, optional.guests, original),
    },
  };
}

type TimesReading =
  | { readonly kind: "ok"; readonly start: string; readonly end: string }
  | { readonly kind: "invalid"; readonly errors: FieldErrors };

function readDays(draft: Draft): TimesReading {
  if (!isDate(draft.firstDay)) return { kind: "invalid", errors: { firstDay: { kind: "no-date" } } };
  if (!isDate(draft.lastDay)) return { kind: "invalid", errors: { lastDay: { kind: "no-date" } } };
  if (draft.lastDay < draft.firstDay) return { kind: "invalid", errors: { lastDay: { kind: "ends-before-start" } } };
  return { kind: "ok", start: draft.firstDay, end: addDays(draft.lastDay, 1) };
}

function readHours(draft: Draft, zone: string, original?: EventView): TimesReading {
  const start = readTime(draft.start, zone, original?.start);
  if (start === null) return { kind: "invalid", errors: { start: { kind: "no-time" } } };
  const end = readTime(draft.end, zone, original?.end);
  if (end === null) return { kind: "invalid", errors: { end: { kind: "no-time" } } };
  if (end < start) return { kind: "invalid", errors: { end: { kind: "ends-before-start" } } };
  return { kind: "ok", start: apiTime(start), end: apiTime(end) };
}

function readTime(wall: string, zone: string, original: string | undefined): number | null {
  if (original?.includes("T")) {
    const known = Date.parse(original);
    if (wallTimeOf(known, zone) === wall) return known;
  }
  return instantOf(wall, zone)?.instant ?? null;
}

function attendeesOf(guests: readonly Guest[], optional: readonly Guest[], original?: EventView): Attendees {
  const required = guests.map((guest) => ({ ...guest, role: roleBefore(guest.address, original) }));
  const named = new Set(guests.map((guest) => guest.address.toLowerCase()));
  const others = optional
    .filter((guest) => !named.has(guest.address.toLowerCase()))
    .map((guest) => ({ ...guest, role: "OPT-PARTICIPANT" as const }));
  const organizer = (original?.attendees ?? [])
    .filter(({ address }) => original && isOrganizer(original, address) && !named.has(address.toLowerCase()))
    .map(({ address, name, role }) => (name === null ? { address, role } : { address, name, role }));
  return [...organizer, ...required, ...others];
}

/** The roles CHAIR and NON-PARTICIPANT have no field; who had one keeps it. */
function roleBefore(address: string, original?: EventView): Attendees[number]["role"] & string {
  const before = original?.attendees.find((attendee) => attendee.address.toLowerCase() === address.toLowerCase());
  return before && before.role !== "OPT-PARTICIPANT" ? before.role : "REQ-PARTICIPANT";
}

type Times = Pick<Draft, "start" | "end" | "firstDay" | "lastDay">;

function timesOfHours(event: EventView, zone: string): Times {
  const start = wallTimeOf(Date.parse(event.start), zone);
  const end = wallTimeOf(Date.parse(event.end), zone);
  return { start, end, firstDay: start.slice(0, 10), lastDay: end.slice(0, 10) };
}

function timesOfDays(event: EventView): Times {
  const lastDay = event.end > event.start ? addDays(event.end, -1) : event.start;
  return { start: `${event.start}T09:00`, end: `${lastDay}T10:00`, firstDay: event.start, lastDay };
}
