import { type CalendarObject, objectComponents } from "@parley/engine";
import { firstProperty } from "@parley/engine/icalendar";
import type { Privacy } from "./calendars.ts";

/** Tells what an object says of itself, the most of all its Instances: RFC 5545 §3.8.1.3, where what nobody knows is PRIVATE. */
export function privacyOf(object: CalendarObject): Privacy | undefined {
  const said = new Set(
    objectComponents(object).map(
      ({ component }) => firstProperty(component, "CLASS")?.value.trim().toUpperCase() ?? "PUBLIC",
    ),
  );
  said.delete("PUBLIC");
  if (said.size === 0) return undefined;
  return said.size === 1 && said.has("CONFIDENTIAL") ? "confidential" : "private";
}
