import { type Component, type Property, withoutProperties, withProperty } from "../../icalendar/component.ts";
import { type DateOrDateTime, makeDateTimeProperty, readDateTime } from "../../icalendar/date-time.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import { defaultLimits } from "../../limits.ts";
import { type CalendarUserAddress, formatAddress, parseAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  type ObjectComponent,
  objectComponents,
  readObjectComponent,
  withComponents,
} from "../../model/calendar-object.ts";
import { instanceAt, makeRecurrenceId, parseInstanceKey } from "../../model/instance.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { ZoneProvider } from "../../recurrence/zone.ts";

/** What becomes of a component when a person edits it. */
export type Edit = (component: Component) => Component;

/** Edits the series, or one Instance, which gets a component of its own by that; `undefined` where there is none. */
export function editAt(
  object: CalendarObject,
  key: InstanceKey,
  edit: Edit,
  provider: ZoneProvider,
): CalendarObject | undefined {
  const zones = makeZoneResolver(object.timezones, provider, defaultLimits);
  const target = key === masterKey ? object.master : instanceAt(object, key, zones, defaultLimits);
  const edited = target && readObjectComponent(edit(target.component), zones, defaultLimits);
  if (!edited) return undefined;
  const others = objectComponents(object).filter((component) => component.key !== key);
  const overrides = [...others, edited].filter((one) => one.key !== masterKey).sort((a, b) => (a.key < b.key ? -1 : 1));
  const master = key === masterKey ? edited : object.master;
  return withComponents(object, master ? [master, ...overrides] : overrides);
}

/** Edits all components. */
export function editAll(object: CalendarObject, edit: Edit, provider: ZoneProvider): CalendarObject {
  const zones = makeZoneResolver(object.timezones, provider, defaultLimits);
  const edited = objectComponents(object).flatMap(
    ({ component }) => readObjectComponent(edit(component), zones, defaultLimits) ?? [],
  );
  return withComponents(object, edited);
}

/** Writes a text. */
export function withText(name: string, value: string): Edit {
  return (component) => withProperty(component, name, makeTextProperty(name, value));
}

const ends: ReadonlySet<string> = new Set(["DTEND", "DUE"]);

/** Moves start and end; whole days where they are dates. */
export function movedBy(seconds: number): Edit {
  return (component) => ({
    ...component,
    properties: component.properties.map((property) =>
      property.name === "DTSTART" || ends.has(property.name) ? later(property, seconds) : property,
    ),
  });
}

/** Moves the end alone. */
export function endingLater(seconds: number): Edit {
  return (component) => ({
    ...component,
    properties: component.properties.map((property) => (ends.has(property.name) ? later(property, seconds) : property)),
  });
}

/** Moves the time of a property; whole days where it is a date. */
export function later(property: Property, seconds: number): Property {
  const value = readDateTime(property);
  return value ? makeDateTimeProperty(property.name, laterValue(value, seconds)) : property;
}

/** Moves a time; whole days where it is a date. */
export function laterValue(value: DateOrDateTime, seconds: number): DateOrDateTime {
  const by = value.kind === "date" ? (Math.trunc(seconds / 86_400) || Math.sign(seconds)) * 86_400 : seconds;
  return { ...value, wall: value.wall + by };
}

/** Puts somebody on the list, and the Organizer where nobody was on it. */
export function withGuest(guest: CalendarUserAddress, organizer: CalendarUserAddress): Edit {
  const line = (address: CalendarUserAddress): Property => ({
    name: "ATTENDEE",
    parameters: [],
    value: formatAddress(address),
  });
  return (component) => {
    const listed = guestsIn(component);
    const own = listed.has(organizer) ? [] : [withParameter(line(organizer), "PARTSTAT", ["ACCEPTED"])];
    const added = listed.has(guest) ? [] : [line(guest)];
    const named = component.properties.some(({ name }) => name === "ORGANIZER")
      ? []
      : [{ ...line(organizer), name: "ORGANIZER" }];
    return { ...component, properties: [...component.properties, ...named, ...own, ...added] };
  };
}

/** Takes somebody off the list. */
export function withoutGuest(guest: CalendarUserAddress): Edit {
  return (component) => ({
    ...component,
    properties: component.properties.filter(
      (property) => property.name !== "ATTENDEE" || addressOf(property) !== guest,
    ),
  });
}

function guestsIn({ properties }: Component): ReadonlySet<CalendarUserAddress | undefined> {
  return new Set(properties.filter(({ name }) => name === "ATTENDEE").map(addressOf));
}

function addressOf({ value }: Property): CalendarUserAddress | undefined {
  return parseAddress(value);
}

/** Gives a series another rule; without one it repeats no more. */
export function withRule(rule: string): Edit {
  if (rule === "") return (component) => withoutProperties(component, new Set(["RRULE", "RDATE", "EXDATE"]));
  return (component) => withProperty(component, "RRULE", { name: "RRULE", parameters: [], value: rule });
}

/** Leaves an Instance out of the series; what it had of its own goes. */
export function excluded(object: CalendarObject, key: InstanceKey, provider: ZoneProvider): CalendarObject | undefined {
  const zones = makeZoneResolver(object.timezones, provider, defaultLimits);
  const id = parseInstanceKey(key);
  if (!id || !object.master) return undefined;
  const value = readDateTime(makeRecurrenceId(id, object.master, zones));
  if (!value) return undefined;
  const exception = makeDateTimeProperty("EXDATE", value);
  const edit: Edit = (component) => ({ ...component, properties: [...component.properties, exception] });
  return editAt(restored(object, key), masterKey, edit, provider);
}

/** Has an Instance as the series says again. */
export function restored(object: CalendarObject, key: InstanceKey): CalendarObject {
  const left = objectComponents(object).filter((component: ObjectComponent) => component.key !== key);
  return left.length === 0 ? object : withComponents(object, left);
}

/** Says no longer that something is cancelled. */
export const revived: Edit = (component) => withProperty(component, "STATUS", undefined);
