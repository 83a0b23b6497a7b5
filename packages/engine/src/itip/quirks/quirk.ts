import { type Component, firstProperty, type Property } from "../../icalendar/component.ts";
import type { Limits } from "../../limits.ts";
import { type Method, parseMethod, parseObjectType } from "../../model/method.ts";
import type { KnownStatusCode } from "../../model/request-status.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { ZoneProvider } from "../../recurrence/zone.ts";
import type { Violation } from "../outcome.ts";

/** A deviation from the standards that products are known for, and that is let pass. */
export interface Quirk {
  /** The name of its file. */
  readonly name: string;
  /** Which products do it. */
  readonly who: string;
  /** Tells whether a message shows it. Linear in the message; never throws. */
  readonly seen: (sight: Sight) => boolean;
  /** What it breaks: where it is not tolerated, the message is rejected for it. Absent for what is legal, if odd. */
  readonly breach?: QuirkBreach;
  /** Says it as the standard would, where it is tolerated. Absent where reading takes it as it is. Never throws. */
  readonly mend?: (message: SchedulingMessage, world: MendingContext) => SchedulingMessage;
}

/** What a quirk breaks, and the REQUEST-STATUS that earns. */
export interface QuirkBreach extends Pick<Violation, "rule" | "name" | "what" | "problem" | "detail"> {
  readonly status: KnownStatusCode;
}

/** What mending needs beside the message. */
export interface MendingContext {
  readonly zones: ZoneProvider;
  readonly limits: Limits;
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
