import { type CalendarObject, objectComponents, readTimeSpan } from "@parley/engine";
import {
  type Component,
  formatCalendar,
  makeComponent,
  makeTextProperty,
  parameterValue,
  readText,
} from "@parley/engine/icalendar";
import { makeVtimezone } from "@parley/engine/recurrence";
import type { House } from "../scheduling/house.ts";
import { readObject } from "./read-object.ts";

/**
 * Gives a text with a VTIMEZONE for each zone it names, or with none that everybody knows by its name: RFC 7809 §3.1.3. Which it is the
 * client says; where it says nothing they are there, as RFC 5545 §3.2.19 has it.
 */
export function withTimezones(house: House, text: string, isWanted: boolean): string {
  if (!text.includes(isWanted ? "TZID=" : "BEGIN:VTIMEZONE")) return text;
  const read = readObject(house, text);
  if (!read) return text;
  const { calendar } = read;
  const isKnown = (part: Component): boolean => house.zones.zone(readText(part, "TZID") ?? "") !== undefined;
  if (!isWanted) {
    const components = calendar.components.filter((part) => part.name !== "VTIMEZONE" || !isKnown(part));
    return components.length === calendar.components.length ? text : formatCalendar({ ...calendar, components });
  }
  const missing = missingZones(calendar);
  const made = missing.flatMap((name) => makeVtimezone(name, rangeOf(read.object), house.zones) ?? []);
  if (made.length === 0) return text;
  return formatCalendar({ ...calendar, components: [...made, ...calendar.components] });
}

/** Zones of one object that are made up for. */
const maxMissing = 20;

/** Names the zones that are used, and have no VTIMEZONE. */
function missingZones({ components }: Component): readonly string[] {
  const told = new Set(
    components.filter(({ name }) => name === "VTIMEZONE").map((part) => readText(part, "TZID") ?? ""),
  );
  const used = new Set<string>();
  for (const part of components) {
    if (part.name === "VTIMEZONE") continue;
    for (const property of part.properties) {
      const tzid = parameterValue(property, "TZID");
      if (tzid !== undefined && !told.has(tzid)) used.add(tzid);
    }
  }
  return [...used].slice(0, maxMissing);
}

const daySeconds = 86_400;

/** From its earliest start; what recurs goes on by the rules the VTIMEZONE ends with. */
function rangeOf(object: CalendarObject): { readonly from: number; readonly to: number } {
  const walls = objectComponents(object).flatMap(({ component }) => readTimeSpan(component)?.start.wall ?? []);
  const from = walls.reduce((least, wall) => Math.min(least, wall), Number.POSITIVE_INFINITY);
  const to = walls.reduce((most, wall) => Math.max(most, wall), Number.NEGATIVE_INFINITY);
  // Wall clocks differ from instants by less than a day.
  return walls.length === 0 ? { from: 0, to: 0 } : { from: from - daySeconds, to: to + daySeconds };
}

/** Writes a VTIMEZONE of its own, as `calendar-timezone` has it; `undefined` for a zone nobody knows. */
export function timezoneText({ zones, policy, clock }: House, name: string): string | undefined {
  const timezone = makeVtimezone(name, { from: clock(), to: clock() }, zones);
  if (!timezone) return undefined;
  const properties = [makeTextProperty("VERSION", "2.0"), makeTextProperty("PRODID", policy.productId)];
  return formatCalendar(makeComponent("VCALENDAR", properties, [timezone]));
}
