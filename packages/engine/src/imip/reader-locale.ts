import { parameterValue } from "../icalendar/parameter.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import { type CalendarObject, leadingComponent, organizerOf } from "../model/calendar-object.ts";

/**
 * Tells which languages people of an object read, as far as it says so: LANGUAGE of their ATTENDEE or ORGANIZER, RFC 5545 §3.2.10,
 * which is that of their name.
 */
export function localesOf(object: CalendarObject): ReadonlyMap<CalendarUserAddress, string> {
  const organizer = organizerOf(object);
  const people = [...leadingComponent(object).attendees.values(), ...(organizer ? [organizer] : [])];
  const locales = people.flatMap(({ address, property }) => {
    const locale = parameterValue(property, "LANGUAGE");
    return locale ? [[address, locale] as const] : [];
  });
  return new Map(locales);
}
