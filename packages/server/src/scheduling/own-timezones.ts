import {
  type Component,
  makeTextProperty,
  parameterValue,
  parseDateTime,
  readText,
  withProperty,
} from "@parley/engine/icalendar";
import { makeVtimezone } from "@parley/engine/recurrence";
import type { House } from "./house.ts";

/** A zone's rules go on behind it; only zones without rules are listed up to here. */
const yearsOfZone = 20;
const yearSeconds = 366 * 86_400;
/** Zones of one object; a meeting has one or two. */
const maxZones = 20;

/**
 * Makes the VTIMEZONEs of zones that the parts of a VCALENDAR name and do not bring along, as far as they are known here: clients may leave
 * them out, RFC 7809 §3.1.1, and no message may, RFC 5546 §3.
 */
export function ownTimezones({ zones }: Pick<House, "zones">, parts: readonly Component[]): readonly Component[] {
  const brought = new Set(parts.flatMap((one) => (one.name === "VTIMEZONE" ? (readText(one, "TZID") ?? []) : [])));
  const missing = new Map<string, number>();
  const look = (component: Component): void => {
    for (const property of component.properties) {
      const name = parameterValue(property, "TZID");
      if (name === undefined || brought.has(name)) continue;
      const time = parseDateTime(property.value.split(/[,/]/, 1)[0] ?? "")?.wall;
      if (time === undefined || (!missing.has(name) && missing.size >= maxZones)) continue;
      missing.set(name, Math.min(missing.get(name) ?? time, time));
    }
    component.components.forEach(look);
  };
  for (const part of parts) if (part.name !== "VTIMEZONE") look(part);
  return [...missing].flatMap(([name, first]) => {
    const from = first - yearSeconds;
    const made = makeVtimezone(name, { from, to: from + yearsOfZone * yearSeconds }, zones);
    // Under the name it is called by, which may be an older one.
    return made ? [withProperty(made, "TZID", makeTextProperty("TZID", name))] : [];
  });
}
