import { createHmac } from "node:crypto";
import { type CalendarObject, objectComponents, readCalendarObject } from "@parley/engine";
import { type Component, formatCalendar, makeComponent, makeTextProperty } from "@parley/engine/icalendar";
import { makeZoneResolver } from "@parley/engine/recurrence";
import type { House } from "../scheduling/house.ts";

/** What makes of a copy something to answer, or to be told of. */
const live: ReadonlySet<string> = new Set(["ORGANIZER", "ATTENDEE", "REQUEST-STATUS"]);

/**
 * Makes a copy of which nobody is ever told, and about which no message comes: it has no Organizer, no Attendees and no alarms, and a UID that
 * nobody else knows, so that it does not get in the way of an invitation to the same. `undefined` where it cannot be read so. Decision 0041.
 */
export function makeInert(
  { zones, limits }: House,
  object: CalendarObject,
  { secret, calendar }: { readonly secret: string; readonly calendar: string },
): CalendarObject | undefined {
  const digest = createHmac("sha256", secret)
    .update(JSON.stringify([calendar, object.uid]))
    .digest("hex");
  const uid = makeTextProperty("UID", `${digest.slice(0, 32)}@subscription.invalid`);
  const components = objectComponents(object).map(({ component }) => ({
    ...component,
    properties: component.properties
      .filter(({ name }) => !live.has(name))
      .map((property) => (property.name === "UID" ? uid : property)),
    components: component.components.filter(({ name }) => name !== "VALARM"),
  }));
  const calendarOf = makeComponent("VCALENDAR", [], [...object.timezones, ...components]);
  const reading = readCalendarObject(calendarOf, makeZoneResolver(object.timezones, zones, limits), limits);
  return "problem" in reading ? undefined : reading.object;
}

/** Tells whether two versions of an object say the same: many servers write the present time into each as they send it. */
export function saysTheSame(a: CalendarObject, b: CalendarObject): boolean {
  return textOf(a) === textOf(b);
}

function textOf(object: CalendarObject): string {
  const components = objectComponents(object).map(({ component }) => withoutStamp(component));
  return formatCalendar(makeComponent("VCALENDAR", [], [...object.timezones, ...components]));
}

function withoutStamp(component: Component): Component {
  return { ...component, properties: component.properties.filter(({ name }) => name !== "DTSTAMP") };
}
