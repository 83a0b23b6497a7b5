import {
  type CalendarObject,
  type CalendarUserAddress,
  type ObjectComponent,
  type ObjectProblem,
  objectComponents,
  parseAddress,
  readCalendarObject,
  readTimeSpan,
  resolveTimeSpan,
} from "@parley/engine";
import {
  allProperties,
  type Component,
  firstProperty,
  formatCalendar,
  type Property,
  parameterValue,
  parseCalendar,
  parseDateTime,
  withParameter,
} from "@parley/engine/icalendar";
import { makeZoneResolver, utc } from "@parley/engine/recurrence";
import type { House } from "./house.ts";
import { ownTimezones } from "./own-timezones.ts";
import { objectBounds, type PreconditionName } from "./writing.ts";

/** An object as a client wrote it, and what it asks of the server beside it. */
export interface Written {
  readonly object: CalendarObject;
  /** Whom it is to be sent to in any case, RFC 6638 §7.2: Attendees, and the Organizer. */
  readonly forced: ReadonlySet<CalendarUserAddress>;
  /** The VCALENDAR around it, without components, where it is one of its own. */
  readonly heading?: string;
}

/** Why a text cannot be kept. */
export interface Unwritable {
  readonly kind: "precondition";
  readonly name: PreconditionName;
  readonly detail: string;
}

/** Reads what a client wrote as one object of a calendar, or says which precondition of RFC 4791 §5.3.2.1 it breaks. */
export function readWritten(house: House, text: string): Written | Unwritable {
  if (Buffer.byteLength(text) > objectBounds.maxResourceSize) {
    return refuse("max-resource-size", `It is longer than ${objectBounds.maxResourceSize} octets.`);
  }
  const { calendar, problems } = parseCalendar(text, house.limits);
  if (!calendar) return refuse("valid-calendar-data", "It is no iCalendar text.");
  const cut = problems.find(({ kind }) => kind === "missing-end" || kind.startsWith("too-"));
  if (cut) return refuse("valid-calendar-data", `Line ${cut.line}: ${cut.detail}.`);
  if (firstProperty(calendar, "METHOD")) {
    return refuse("valid-calendar-object-resource", "It has a METHOD: it is a message, and no object of a calendar.");
  }
  const read = readComponents(house, calendar);
  return "kind" in read ? read : { ...read, ...headingOf(calendar) };
}

/** Octets of what is kept around an object. */
const maxHeadingOctets = 2_000;

/** Gives what a program writes around an object: its name, and what it says of the calendar. RFC 5545 §3.6. */
function headingOf(calendar: Component): { readonly heading?: string } {
  const isWhole = ["VERSION", "PRODID"].every((name) => allProperties(calendar, name).length === 1);
  const heading = formatCalendar({ ...calendar, components: [] });
  return isWhole && Buffer.byteLength(heading) <= maxHeadingOctets ? { heading } : {};
}

/** Reads the one object of a VCALENDAR. */
export function readComponents(house: House, written: Component): Written | Unwritable {
  const calendar = { ...written, components: [...ownTimezones(house, written.components), ...written.components] };
  const timezones = calendar.components.filter((component) => component.name === "VTIMEZONE");
  const zones = makeZoneResolver(timezones, house.zones, house.limits);
  const stripped = withoutInward(calendar);
  const reading = readCalendarObject(stripped.calendar, zones, house.limits);
  if ("problem" in reading) return refuse(...problemWords[reading.problem]);
  const { object } = reading;
  const all = objectComponents(object);
  if (calendar.components.filter(({ name }) => name === object.type).length !== all.length) {
    return refuse("valid-calendar-object-resource", "It has two components for the same Instance.");
  }
  return findFault(house, object, all) ?? { object, forced: stripped.forced };
}

const problemWords: Readonly<Record<ObjectProblem, readonly [PreconditionName, string]>> = {
  "no-component": ["supported-calendar-component", "It has no component that a calendar here can hold."],
  "several-types": ["valid-calendar-object-resource", "It has components of several types."],
  "several-uids": ["valid-calendar-object-resource", "It has components of several UIDs."],
  "no-uid": ["valid-calendar-object-resource", "It has a component without UID."],
  "too-many": ["max-attendees-per-instance", "It has more Attendees or Instances than can be kept."],
};

function refuse(name: PreconditionName, detail: string): Unwritable {
  return { kind: "precondition", name, detail };
}

function findFault(
  house: House,
  object: CalendarObject,
  components: readonly ObjectComponent[],
): Unwritable | undefined {
  const { maxAttendeesPerInstance } = objectBounds;
  if (components.some(({ attendees }) => attendees.size > maxAttendeesPerInstance)) {
    return refuse("max-attendees-per-instance", `It has more than ${maxAttendeesPerInstance} Attendees.`);
  }
  const organizers = new Set(components.flatMap(({ organizer }) => organizer?.address ?? []));
  if (organizers.size > 1) {
    return refuse("same-organizer-in-all-components", "Its components have different Organizers.");
  }
  const agents = new Set(components.flatMap(({ organizer }) => (organizer ? agentOf(organizer.property) : [])));
  if (agents.size > 1) {
    return refuse("valid-calendar-object-resource", "Its components have different SCHEDULE-AGENTs for the Organizer.");
  }
  const guests = components.flatMap(({ attendees }) => [...attendees.values()]);
  const agentsOfGuests = new Map(guests.map(({ address, property }) => [address, agentOf(property)]));
  if (guests.some(({ address, property }) => agentsOfGuests.get(address) !== agentOf(property))) {
    return refuse("valid-calendar-object-resource", "Its components have different SCHEDULE-AGENTs for an Attendee.");
  }
  for (const { component } of components) {
    const fault = findTimeFault(house, object, component);
    if (fault) return fault;
  }
  return undefined;
}

/** What sends messages to a calendar user, RFC 6638 §7.1; in capitals. */
export function agentOf(property: Property): string {
  return parameterValue(property, "SCHEDULE-AGENT")?.toUpperCase() ?? "SERVER";
}

const earliest = parseDateTime(objectBounds.minDateTime)?.wall ?? 0;
const latest = parseDateTime(objectBounds.maxDateTime)?.wall ?? 0;

function findTimeFault(house: House, object: CalendarObject, component: Component): Unwritable | undefined {
  const written = readTimeSpan(component);
  if (!written) {
    if (component.name !== "VEVENT") return undefined;
    return refuse("valid-calendar-data", "It has an event without a DTSTART that can be read.");
  }
  const zones = makeZoneResolver(object.timezones, house.zones, house.limits);
  const span = resolveTimeSpan(written, zones, utc);
  if (span && span.starts < earliest) return refuse("min-date-time", "It begins before there are calendars here.");
  if (span && span.ends >= latest) return refuse("max-date-time", "It ends after calendars here do.");
  const counts = allProperties(component, "RRULE").map(({ value }) => Number(/COUNT=(\d+)/i.exec(value)?.[1] ?? 0));
  if (counts.some((count) => count > objectBounds.maxInstances)) {
    return refuse("max-instances", `It repeats more than ${objectBounds.maxInstances} times.`);
  }
  return undefined;
}

/**
 * Takes out what a client says to the server and not to others: SCHEDULE-FORCE-SEND is done and not kept (RFC 6638 §7.2), and
 * SCHEDULE-STATUS is the server's to say, but of those a client looks after (§7.3).
 */
function withoutInward(calendar: Component): {
  readonly calendar: Component;
  readonly forced: ReadonlySet<CalendarUserAddress>;
} {
  const forced = new Set<CalendarUserAddress>();
  const strip = (property: Property): Property => {
    if (!scheduled.has(property.name)) return property;
    const force = parameterValue(property, "SCHEDULE-FORCE-SEND")?.toUpperCase();
    const address = force === scheduled.get(property.name) ? parseAddress(property.value) : undefined;
    if (address) forced.add(address);
    const unforced = force === undefined ? property : withParameter(property, "SCHEDULE-FORCE-SEND", undefined);
    const isOurs = agentOf(property) === "SERVER" && parameterValue(property, "SCHEDULE-STATUS") !== undefined;
    return isOurs ? withParameter(unforced, "SCHEDULE-STATUS", undefined) : unforced;
  };
  const components = calendar.components.map((component) => {
    const properties = component.properties.map(strip);
    const isSame = properties.every((property, place) => property === component.properties[place]);
    return withPriority(isSame ? component : { ...component, properties });
  });
  return { calendar: { ...calendar, components }, forced };
}

/** RFC 5546 §3.4.2 wants a PRIORITY in a to-do with guests, which programs leave out: 0 says no more than its absence. */
function withPriority(component: Component): Component {
  const isComplete = component.name !== "VTODO" || firstProperty(component, "PRIORITY") !== undefined;
  if (isComplete || !firstProperty(component, "ATTENDEE")) return component;
  return { ...component, properties: [...component.properties, { name: "PRIORITY", parameters: [], value: "0" }] };
}

/** What SCHEDULE-FORCE-SEND can ask for, by the property it is on. */
const scheduled: ReadonlyMap<string, string> = new Map([
  ["ATTENDEE", "REQUEST"],
  ["ORGANIZER", "REPLY"],
]);
