import { makeComponent, type Property } from "../icalendar/component.ts";
import {
  type DateOrDateTime,
  makeDateTimeProperty,
  parseDateTime,
  readDateTime,
  type WallSeconds,
} from "../icalendar/date-time.ts";
import { withParameter } from "../icalendar/parameter.ts";
import type { Limits } from "../limits.ts";
import { isInstance } from "../recurrence/instances.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { toWall } from "../recurrence/zone.ts";
import {
  type CalendarObject,
  governingComponent,
  type ObjectComponent,
  readObjectComponent,
  recurrenceIdOf,
} from "./calendar-object.ts";
import { type InstanceKey, instanceKey, masterKey, type RecurrenceId } from "./recurrence-id.ts";
import { readRecurrenceSet } from "./recurrence-set.ts";
import { readTimeSpan } from "./time-span.ts";
import { recurs } from "./times.ts";

/** Reads a key back into what it names; `undefined` for the master's, and for text that is no key. */
export function parseInstanceKey(key: InstanceKey): RecurrenceId | undefined {
  const value = parseDateTime(key);
  if (!value || value.kind === "zoned") return undefined;
  return { kind: value.kind === "utc" ? "instant" : value.kind, at: value.wall, range: "this" };
}

/**
 * Makes a RECURRENCE-ID in the form that DTSTART of the series has, as RFC 5545 §3.8.4.4 wants it; where there is no series, in
 * UTC, or as the date or floating time it is.
 */
export function makeRecurrenceId(id: RecurrenceId, series: ObjectComponent | undefined, zones: ZoneResolver): Property {
  const start = series && readTimeSpan(series.component)?.start;
  const property = makeDateTimeProperty("RECURRENCE-ID", writtenLike(id, start, zones));
  return id.range === "this" ? property : withParameter(property, "RANGE", ["THISANDFUTURE"]);
}

/** An original start as a value of the same form as another. */
function writtenLike(id: RecurrenceId, form: DateOrDateTime | undefined, zones: ZoneResolver): DateOrDateTime {
  if (id.kind === "date") return { kind: "date", wall: id.at };
  if (form?.kind !== "zoned") return { kind: id.kind === "instant" ? "utc" : "floating", wall: id.at };
  // A time in a zone nobody knows is a floating one to us, and has its name all the same.
  if (id.kind === "floating") return { ...form, wall: id.at };
  const zone = zones(form.tzid);
  return zone ? { ...form, wall: toWall(id.at, zone) } : { kind: "utc", wall: id.at };
}

/**
 * Returns an Instance as a component of its own: the one it has, or one made of the component that speaks for it, with its
 * RECURRENCE-ID and its own times. `undefined` where the object has no such Instance, as far as `limits` lets us look.
 */
export function instanceAt(
  object: CalendarObject,
  key: InstanceKey,
  zones: ZoneResolver,
  limits: Limits,
): ObjectComponent | undefined {
  const own = object.overrides.get(key);
  const id = parseInstanceKey(key);
  const governing = governingComponent(object, key);
  if (own || key === masterKey || !id || !governing) return own;
  if (!isInstance(readRecurrenceSet(object, zones, limits), id, limits)) return undefined;
  return makeInstance(object, governing, id, zones, limits);
}

/** Makes an Instance of the component that speaks for it; whether the series has one is not looked at. */
export function madeInstance(
  object: CalendarObject,
  id: RecurrenceId,
  zones: ZoneResolver,
  limits: Limits,
): ObjectComponent | undefined {
  const governing = governingComponent(object, instanceKey(id));
  return governing && makeInstance(object, governing, id, zones, limits);
}

/**
 * Finds the key of the only Instance of what does not repeat: whoever names it may know it from when it did. What has components of other
 * Instances beside repeats, but for those that are gone.
 */
export function onlyInstance(
  { master, overrides }: CalendarObject,
  zones: ZoneResolver,
  isGone: (one: ObjectComponent) => boolean = () => false,
): InstanceKey | undefined {
  const start = !master || recurs(master) ? undefined : readTimeSpan(master.component)?.start;
  const only = start && instanceKey(recurrenceIdOf(start, "this", zones));
  return [...overrides.values()].every((one) => one.key === only || isGone(one)) ? only : undefined;
}

const repetition: ReadonlySet<string> = new Set(["RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"]);
const times: ReadonlySet<string> = new Set(["DTSTART", "DTEND", "DUE"]);

/** Makes the component of an Instance out of the one that speaks for it; does not ask whether there is such an Instance. */
export function makeInstance(
  object: CalendarObject,
  governing: ObjectComponent,
  id: RecurrenceId,
  zones: ZoneResolver,
  limits: Limits,
): ObjectComponent | undefined {
  const { name, properties, components } = governing.component;
  const start = readTimeSpan(governing.component)?.start;
  if (!start) return undefined;
  // All times of what speaks for several Instances move by as much, on the clock: RFC 5545 §3.8.4.4.
  const first = governing.recurrenceId ? wallLike(governing.recurrenceId, start, zones) : start.wall;
  const shift = wallLike(id, start, zones) - first;
  const moved = properties
    .filter((property) => !repetition.has(property.name))
    .map((property) => move(property, shift));
  const recurrenceId = makeRecurrenceId(id, object.master, zones);
  return readObjectComponent(makeComponent(name, [...moved, recurrenceId], components), zones, limits);
}

function wallLike(id: RecurrenceId, form: DateOrDateTime, zones: ZoneResolver): WallSeconds {
  return writtenLike(id, form, zones).wall;
}

function move(property: Property, shift: number): Property {
  const value = times.has(property.name) ? readDateTime(property) : undefined;
  if (!value) return property;
  const { value: text } = makeDateTimeProperty(property.name, { ...value, wall: value.wall + shift });
  return { ...property, value: text };
}
