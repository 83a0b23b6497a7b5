import {
  type Component,
  formatCalendar,
  makeComponent,
  makeTextProperty,
  parseCalendar,
  readText,
} from "@parley/engine/icalendar";
import { makeVtimezone } from "@parley/engine/recurrence";
import type { House } from "../scheduling/house.ts";

/**
 * Takes out of a text the VTIMEZONEs of zones that everybody knows by their name, for a client that asks for that: RFC 7809 §3.1.3. For all
 * others they are there, as RFC 5545 §3.2.19 has it.
 */
export function withoutTimezones({ zones, limits }: House, text: string): string {
  if (!text.includes("BEGIN:VTIMEZONE")) return text;
  const { calendar } = parseCalendar(text, limits);
  if (!calendar) return text;
  const isKnown = (part: Component): boolean => zones.zone(readText(part, "TZID") ?? "") !== undefined;
  const components = calendar.components.filter((part) => part.name !== "VTIMEZONE" || !isKnown(part));
  return components.length === calendar.components.length ? text : formatCalendar({ ...calendar, components });
}

/** Writes a VTIMEZONE of its own, as `calendar-timezone` has it; `undefined` for a zone nobody knows. */
export function timezoneText({ zones, policy, clock }: House, name: string): string | undefined {
  const timezone = makeVtimezone(name, { from: clock(), to: clock() }, zones);
  if (!timezone) return undefined;
  const properties = [makeTextProperty("VERSION", "2.0"), makeTextProperty("PRODID", policy.productId)];
  return formatCalendar(makeComponent("VCALENDAR", properties, [timezone]));
}
