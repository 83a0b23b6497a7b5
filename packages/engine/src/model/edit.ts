import {
  type Component,
  firstProperty,
  makeComponent,
  type Property,
  withoutProperties,
  withProperty,
} from "../icalendar/component.ts";
import { type DateOrDateTime, makeDateTimeProperty } from "../icalendar/date-time.ts";
import { withParameter } from "../icalendar/parameter.ts";
import { makeTextProperty } from "../icalendar/text.ts";
import type { Limits } from "../limits.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import { toWall } from "../recurrence/zone.ts";
import { type CalendarUserAddress, formatAddress } from "./address.ts";
import { type CalendarObject, leadingComponent, readObjectComponent, withComponents } from "./calendar-object.ts";
import { type Role, readAttendee } from "./calendar-user.ts";
import { readTimeSpan } from "./time-span.ts";

/** What a person fills in about an event. */
export interface EventFields {
  readonly summary: string;
  readonly start: DateOrDateTime;
  /** Exclusive. */
  readonly end: DateOrDateTime;
  /** Empty for none. */
  readonly location: string;
  /** Empty for none. */
  readonly description: string;
  /** All guests; the Organizer is not among them. */
  readonly attendees: readonly {
    readonly address: CalendarUserAddress;
    readonly name?: string;
    readonly role?: Role;
  }[];
}

/** The Organizer's line: who they are to their guests. */
export interface EventOrganizer {
  readonly address: CalendarUserAddress;
  readonly name?: string;
}

/**
 * Makes an event of what a person filled in. With guests it has the Organizer as ORGANIZER and as an ATTENDEE who comes.
 * `undefined` where it has more guests than `limits` allows.
 */
export function makeEvent(
  uid: string,
  fields: EventFields,
  organizer: EventOrganizer,
  zones: ZoneResolver,
  limits: Limits,
): CalendarObject | undefined {
  const empty = makeComponent("VEVENT", [makeTextProperty("UID", uid)]);
  const master = readObjectComponent(fillIn(empty, fields, organizer, zones), zones, limits);
  return master && { uid, type: "VEVENT", master, overrides: new Map(), timezones: [] };
}

/**
 * Writes what a person filled in into an event they have, and leaves all else as it was: properties no form shows, guests'
 * parameters, the zone a time was written in. `undefined` where it has more guests than `limits` allows.
 */
export function editEvent(
  object: CalendarObject,
  fields: EventFields,
  organizer: EventOrganizer,
  zones: ZoneResolver,
  limits: Limits,
): CalendarObject | undefined {
  const leading = leadingComponent(object);
  const edited = readObjectComponent(fillIn(leading.component, fields, organizer, zones), zones, limits);
  if (!edited) return undefined;
  const others = [...object.overrides.values()].filter((component) => component !== leading);
  return withComponents(object, [edited, ...others]);
}

function fillIn(component: Component, fields: EventFields, organizer: EventOrganizer, zones: ZoneResolver): Component {
  let filled = withTimes(component, fields, zones);
  filled = withText(filled, "SUMMARY", fields.summary);
  filled = withText(filled, "LOCATION", fields.location);
  filled = withText(filled, "DESCRIPTION", fields.description);
  return withGuests(filled, fields, organizer);
}

function withText(component: Component, name: string, text: string): Component {
  return withProperty(component, name, text === "" ? undefined : makeTextProperty(name, text));
}

/** Keeps the form a time was written in: untouched where it did not move, in its zone where that is known. */
function withTimes(component: Component, fields: EventFields, zones: ZoneResolver): Component {
  const present = readTimeSpan(component);
  const start = inFormOf(present?.start, fields.start, zones);
  const end = inFormOf(present?.end, fields.end, zones);
  if (present && start === present.start && end === present.end) return component;
  const dated = withProperty(component, "DTSTART", makeDateTimeProperty("DTSTART", start));
  return withProperty(withoutProperties(dated, duration), "DTEND", makeDateTimeProperty("DTEND", end));
}

const duration: ReadonlySet<string> = new Set(["DURATION"]);

function inFormOf(present: DateOrDateTime | undefined, value: DateOrDateTime, zones: ZoneResolver): DateOrDateTime {
  if (!present) return value;
  if (present.kind === value.kind && present.wall === value.wall) return present;
  if (present.kind !== "zoned" || value.kind !== "utc") return value;
  if (resolveInstant(present, zones) === value.wall) return present;
  const zone = zones(present.tzid);
  return zone ? { ...present, wall: toWall(value.wall, zone) } : value;
}

function withGuests(component: Component, fields: EventFields, organizer: EventOrganizer): Component {
  const present = new Map<CalendarUserAddress, Property>();
  for (const property of component.properties) {
    const attendee = property.name === "ATTENDEE" ? readAttendee(property) : undefined;
    if (attendee && !present.has(attendee.address)) present.set(attendee.address, property);
  }
  const bare = withoutProperties(component, guestLines);
  if (fields.attendees.length === 0) return bare;
  const organizerLine =
    firstProperty(component, "ORGANIZER") ?? userProperty("ORGANIZER", organizer.address, organizer.name);
  const ownLine =
    present.get(organizer.address) ??
    withParameter(userProperty("ATTENDEE", organizer.address, organizer.name), "ROLE", ["CHAIR"]);
  const guests = new Map<CalendarUserAddress, Property>([[organizer.address, ownLine]]);
  for (const { address, name, role } of fields.attendees) {
    if (guests.has(address)) continue;
    const known = present.get(address);
    guests.set(address, withRole(known ?? userProperty("ATTENDEE", address, name), role));
  }
  return { ...bare, properties: [...bare.properties, organizerLine, ...guests.values()] };
}

const guestLines: ReadonlySet<string> = new Set(["ATTENDEE", "ORGANIZER"]);

function userProperty(name: string, address: CalendarUserAddress, displayName: string | undefined): Property {
  const property: Property = { name, parameters: [], value: formatAddress(address) };
  return displayName ? withParameter(property, "CN", [displayName]) : property;
}

function withRole(property: Property, role: Role | undefined): Property {
  return role === undefined ? property : withParameter(property, "ROLE", [role]);
}
