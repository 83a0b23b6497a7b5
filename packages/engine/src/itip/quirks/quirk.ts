import { type Component, firstProperty, type Property } from "../../icalendar/component.ts";
import { type Method, parseMethod, parseObjectType } from "../../model/method.ts";

/** A deviation from the standards that products are known for, and that is let pass. */
export interface Quirk {
  /** The name of its file. */
  readonly name: string;
  /** Which products do it. */
  readonly who: string;
  /** Tells whether a message shows it. Linear in the message; never throws. */
  readonly seen: (sight: Sight) => boolean;
}

/** A message, looked at once for all quirks. */
export interface Sight {
  readonly calendar: Component;
  /** Null where METHOD is absent or unknown. */
  readonly method: Method | null;
  /** The components that can be scheduled. */
  readonly components: readonly Component[];
  /** All their properties. */
  readonly properties: readonly Property[];
}

/** Looks at a VCALENDAR. */
export function makeSight(calendar: Component): Sight {
  const components = calendar.components.filter((child) => parseObjectType(child.name) !== undefined);
  const method = parseMethod(firstProperty(calendar, "METHOD")?.value ?? "") ?? null;
  return { calendar, method, components, properties: components.flatMap((component) => component.properties) };
}

/** Tells whether a property is an ORGANIZER or ATTENDEE. */
export function isCalendarUser(property: Property): boolean {
  return property.name === "ORGANIZER" || property.name === "ATTENDEE";
}

/** Lists the TZIDs the properties of a message name, as written: quotes included. */
export function writtenTzids(sight: Sight): readonly string[] {
  return sight.properties.flatMap((property) =>
    property.parameters.filter((parameter) => parameter.name === "TZID").map((parameter) => parameter.value),
  );
}
