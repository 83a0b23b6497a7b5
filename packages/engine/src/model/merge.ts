import { type CalendarObject, type ObjectComponent, withComponents } from "./calendar-object.ts";
import { masterKey } from "./recurrence-id.ts";

/**
 * Puts components into an object; those it does not name stay as they were. Instances stand in the order of time, whichever
 * came first; VTIMEZONEs are joined by TZID.
 */
export function mergeComponents(
  known: CalendarObject | undefined,
  source: CalendarObject,
  components: readonly ObjectComponent[],
): CalendarObject {
  const master = components.find((component) => component.key === masterKey) ?? known?.master;
  const overrides = new Map(known?.overrides);
  for (const component of components) if (component.key !== masterKey) overrides.set(component.key, component);
  const present = new Set(source.timezones.map(timezoneId));
  const kept = (known?.timezones ?? []).filter((timezone) => !present.has(timezoneId(timezone)));
  const object = { uid: source.uid, type: source.type, overrides, timezones: [...source.timezones, ...kept] };
  return withComponents(object, [...(master ? [master] : []), ...inOrderOfTime(overrides.values())]);
}

function inOrderOfTime(overrides: Iterable<ObjectComponent>): readonly ObjectComponent[] {
  return [...overrides].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function timezoneId(timezone: CalendarObject["timezones"][number]): string {
  return timezone.properties.find((property) => property.name === "TZID")?.value ?? "";
}
