import { readFileSync } from "node:fs";
import {
  type CalendarUserAddress,
  type Context,
  defaultLimits,
  defaultPolicy,
  defaultQuirks,
  type Evidence,
  type Method,
  type Outcome,
  parseAddress,
  readCalendarObject,
  type SchedulingMessage,
} from "@parley/engine";
import { parseCalendar } from "@parley/engine/icalendar";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";

type Applied = Extract<Outcome, { kind: "applied" }>;

/** Reads a fixture as text. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../../../../fixtures/${name}`, import.meta.url), "utf8");
}

/** Makes an address of a text that is one. */
export function address(text: string): CalendarUserAddress {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`${text} is no address`);
  return parsed;
}

export const ann = address("ann@example.test");
export const ben = address("ben@example.test");
export const clara = address("clara@partner.test");
export const mallory = address("mallory@elsewhere.test");

/** 2027-03-02T12:00:00Z. */
export const noon = 1_803_988_800;

export function contextOf(owner: CalendarUserAddress, now = noon): Context {
  return {
    owner,
    addresses: new Set([owner]),
    now,
    zones: intlZoneProvider,
    limits: defaultLimits,
    policy: defaultPolicy,
    quirks: defaultQuirks,
  };
}

export function evidenceOf(from: CalendarUserAddress | undefined, over: Partial<Evidence> = {}): Evidence {
  return {
    strength: "domain",
    ...(from && { from }),
    relation: "correspondent",
    confirmedByOwner: false,
    detail: "",
    ...over,
  };
}

/** What was applied; a test whose outcome is another fails here. */
export function applied(outcome: Outcome): Applied {
  if (outcome.kind !== "applied") throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** Puts things into an order that random numbers say. */
export function shuffle<T>(items: readonly T[], random: Iterable<number>): T[] {
  const left = [...items];
  const out: T[] = [];
  for (const number of random) {
    if (left.length === 0) break;
    out.push(...left.splice(number % left.length, 1));
  }
  return out;
}

export interface EventText {
  readonly method: Method;
  readonly uid?: string;
  readonly sequence?: number;
  readonly dtstamp?: string;
  readonly start?: string;
  readonly end?: string;
  readonly summary?: string;
  readonly organizer?: CalendarUserAddress | null;
  /** ATTENDEE lines from the parameters on, such as `;PARTSTAT=ACCEPTED:mailto:a@x.test`. */
  readonly attendees?: readonly string[];
  /** Further content lines. */
  readonly lines?: readonly string[];
}

/** Makes a message of one VEVENT; whatever is not given has a sound value. */
export function message(event: EventText): SchedulingMessage {
  const organizer = event.organizer === null ? [] : [`ORGANIZER:mailto:${event.organizer ?? ann}`];
  const text = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Test//EN",
    `METHOD:${event.method}`,
    "BEGIN:VEVENT",
    `UID:${event.uid ?? "one@example.test"}`,
    `DTSTAMP:${event.dtstamp ?? "20270301T090000Z"}`,
    `SEQUENCE:${event.sequence ?? 0}`,
    `DTSTART:${event.start ?? "20270310T090000Z"}`,
    `DTEND:${event.end ?? "20270310T100000Z"}`,
    `SUMMARY:${event.summary ?? "Planning"}`,
    ...organizer,
    ...(event.attendees ?? [`;RSVP=TRUE:mailto:${clara}`, `;RSVP=TRUE:mailto:${ben}`]).map((line) => `ATTENDEE${line}`),
    ...(event.lines ?? []),
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  return readText(text, event.method, originatorOf(event));
}

function originatorOf(event: EventText): CalendarUserAddress | undefined {
  const fromAttendee = event.method === "REPLY" || event.method === "REFRESH";
  if (!fromAttendee) return event.organizer === null ? undefined : (event.organizer ?? ann);
  return parseAddress(event.attendees?.[0]?.replace(/^.*:mailto:/i, "") ?? "");
}

export function readText(text: string, method: Method, originator: CalendarUserAddress | undefined): SchedulingMessage {
  const { calendar } = parseCalendar(text, defaultLimits);
  if (!calendar) throw new Error("no calendar");
  const timezones = calendar.components.filter((component) => component.name === "VTIMEZONE");
  const zones = makeZoneResolver(timezones, intlZoneProvider, defaultLimits);
  const read = readCalendarObject(calendar, zones, defaultLimits);
  if ("problem" in read) throw new Error(read.problem);
  return { method, ...(originator && { originator }), recipients: [], object: read.object, calendar, updates: [] };
}
