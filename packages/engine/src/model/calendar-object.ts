import { type Component, firstProperty } from "../icalendar/component.ts";
import { type DateOrDateTime, type EpochSeconds, readDateTime } from "../icalendar/date-time.ts";
import { parameterValue } from "../icalendar/parameter.ts";
import { decodeText, readInteger } from "../icalendar/text.ts";
import type { Limits } from "../limits.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import type { CalendarUserAddress } from "./address.ts";
import { type Attendee, type Organizer, readAttendee, readOrganizer } from "./calendar-user.ts";
import { type ObjectType, parseObjectType } from "./method.ts";
import { type InstanceKey, instanceKey, masterKey, type RecurrenceId } from "./recurrence-id.ts";
import type { Revision } from "./revision.ts";

/** One component of a CalendarObject with what scheduling asks of it read once. */
export interface ObjectComponent {
  readonly component: Component;
  readonly key: InstanceKey;
  readonly recurrenceId?: RecurrenceId;
  /** As written; not yet clamped. A missing SEQUENCE is 0, a missing DTSTAMP is 0. */
  readonly revision: Revision;
  readonly organizer?: Organizer;
  /** In the order of the text; of several lines for one address the first counts. */
  readonly attendees: ReadonlyMap<CalendarUserAddress, Attendee>;
}

/** All components of one UID, and the VTIMEZONEs they refer to. */
export interface CalendarObject {
  readonly uid: string;
  readonly type: ObjectType;
  /** The component without RECURRENCE-ID; a copy may know instances only. */
  readonly master?: ObjectComponent;
  /** Components with a RECURRENCE-ID by their key, in the order of the text. */
  readonly overrides: ReadonlyMap<InstanceKey, ObjectComponent>;
  readonly timezones: readonly Component[];
}

/** Why a VCALENDAR is no CalendarObject. */
export type ObjectProblem = "no-component" | "several-types" | "several-uids" | "no-uid" | "too-many";

/**
 * Reads the CalendarObject of a VCALENDAR.
 *
 * - `no-component`: nothing that can be scheduled; `no-uid`: a component without UID.
 * - `several-uids`, `several-types`: RFC 5546 §1.4 allows one object in a message.
 * - `too-many`: more overrides or attendees than `limits` has.
 */
export function readCalendarObject(
  calendar: Component,
  zones: ZoneResolver,
  limits: Limits,
): { readonly object: CalendarObject } | { readonly problem: ObjectProblem } {
  const parts = calendar.components.filter((child) => parseObjectType(child.name) !== undefined);
  const first = parts[0];
  const type = first && parseObjectType(first.name);
  if (!first || !type) return { problem: "no-component" };
  if (parts.some((part) => part.name !== first.name)) return { problem: "several-types" };
  if (parts.length > limits.maxOverrides + 1) return { problem: "too-many" };
  const uid = readUid(first);
  if (!uid || parts.some((part) => !readUid(part))) return { problem: "no-uid" };
  // Busy time is grouped into as many VFREEBUSYs as its writer likes: RFC 5546 §3.3.1 does not ask for one UID.
  if (type !== "VFREEBUSY" && parts.some((part) => readUid(part) !== uid)) return { problem: "several-uids" };
  const overrides = new Map<InstanceKey, ObjectComponent>();
  let master: ObjectComponent | undefined;
  for (const part of parts) {
    const component = readObjectComponent(part, zones, limits);
    if (!component) return { problem: "too-many" };
    if (component.key === masterKey) master ??= component;
    else if (!overrides.has(component.key)) overrides.set(component.key, component);
  }
  const timezones = calendar.components.filter((child) => child.name === "VTIMEZONE");
  return { object: { uid, type, ...(master && { master }), overrides, timezones } };
}

/** Reads one component; `undefined` where it has more attendees than `limits` allows. */
export function readObjectComponent(
  component: Component,
  zones: ZoneResolver,
  limits: Limits,
): ObjectComponent | undefined {
  const attendees = new Map<CalendarUserAddress, Attendee>();
  let organizer: Organizer | undefined;
  for (const property of component.properties) {
    if (property.name === "ATTENDEE") {
      const attendee = readAttendee(property);
      if (attendee && !attendees.has(attendee.address)) attendees.set(attendee.address, attendee);
      if (attendees.size > limits.maxAttendees) return undefined;
    } else if (property.name === "ORGANIZER") {
      organizer ??= readOrganizer(property);
    }
  }
  const recurrenceId = readRecurrenceId(component, zones);
  return {
    component,
    key: instanceKey(recurrenceId),
    ...(recurrenceId && { recurrenceId }),
    revision: { sequence: readInteger(component, "SEQUENCE") ?? 0, dtstamp: readDtstamp(component) },
    ...(organizer && { organizer }),
    attendees,
  };
}

/** Lists the components of an object, the master first. */
export function objectComponents(object: CalendarObject): readonly ObjectComponent[] {
  return object.master ? [object.master, ...object.overrides.values()] : [...object.overrides.values()];
}

/** Returns the component of that key. */
export function componentAt(object: CalendarObject, key: InstanceKey): ObjectComponent | undefined {
  return key === masterKey ? object.master : object.overrides.get(key);
}

/**
 * Returns the component that says what an Instance is like: its own, else the latest one before it that speaks for its Instance
 * and all after (RFC 5545 §3.2.13), else the master.
 */
export function governingComponent(object: CalendarObject, key: InstanceKey): ObjectComponent | undefined {
  if (key === masterKey) return object.master;
  const own = object.overrides.get(key);
  if (own) return own;
  let governing = object.master;
  for (const override of object.overrides.values()) {
    if (override.recurrenceId?.range !== "this-and-future" || override.key > key) continue;
    if (!governing || governing.key < override.key) governing = override;
  }
  return governing;
}

/** Replaces all components of an object. */
export function withComponents(object: CalendarObject, components: readonly ObjectComponent[]): CalendarObject {
  const master = components.find((component) => component.key === masterKey);
  const overrides = new Map(
    components.filter((component) => component.key !== masterKey).map((component) => [component.key, component]),
  );
  return { uid: object.uid, type: object.type, ...(master && { master }), overrides, timezones: object.timezones };
}

/** Tells whether an object has grown beyond what could be read again: by components, Attendees or properties. */
export function exceedsLimits(object: CalendarObject, limits: Limits): boolean {
  if (object.overrides.size > limits.maxOverrides) return true;
  let properties = 0;
  for (const { component, attendees } of objectComponents(object)) {
    properties += component.properties.length;
    if (attendees.size > limits.maxAttendees) return true;
  }
  return properties > limits.maxProperties / 2;
}

/** Returns the component that speaks for the whole: the master, or the first instance of a copy that knows no master. */
export function leadingComponent(object: CalendarObject): ObjectComponent {
  const leading = object.master ?? object.overrides.values().next().value;
  if (!leading) throw new Error("a CalendarObject has at least one component");
  return leading;
}

/** Returns the Organizer of the object; `undefined` for one that is not scheduled. */
export function organizerOf(object: CalendarObject): Organizer | undefined {
  return leadingComponent(object).organizer ?? objectComponents(object).find((part) => part.organizer)?.organizer;
}

/** Reads the UID of a component, as this system knows it; `undefined` where there is none. */
export function readUid(component: Component): string | undefined {
  const property = firstProperty(component, "UID");
  // Controls never leave this system, so they cannot be part of a name either.
  const text =
    property &&
    decodeText(property.value)
      .replace(/[\u0000-\u001f\u007f]/g, "")
      .trim();
  return text || undefined;
}

function readDtstamp(component: Component): EpochSeconds {
  const property = firstProperty(component, "DTSTAMP");
  // Products that leave the Z out mean UTC all the same.
  return property ? (readDateTime(property)?.wall ?? 0) : 0;
}

function readRecurrenceId(component: Component, zones: ZoneResolver): RecurrenceId | undefined {
  const property = firstProperty(component, "RECURRENCE-ID");
  const value = property && readDateTime(property);
  if (!property || !value) return undefined;
  const range = parameterValue(property, "RANGE")?.toUpperCase() === "THISANDFUTURE" ? "this-and-future" : "this";
  return recurrenceIdOf(value, range, zones);
}

/** Names the Instance that originally starts at this value. */
export function recurrenceIdOf(value: DateOrDateTime, range: RecurrenceId["range"], zones: ZoneResolver): RecurrenceId {
  if (value.kind === "date" || value.kind === "floating") return { kind: value.kind, at: value.wall, range };
  const at = resolveInstant(value, zones);
  return at === undefined ? { kind: "floating", at: value.wall, range } : { kind: "instant", at, range };
}
