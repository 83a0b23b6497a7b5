import type { CalendarComponent } from "../store/calendars.ts";

/** Components a calendar can hold. */
export const calendarComponents: readonly CalendarComponent[] = ["VEVENT", "VTODO", "VJOURNAL"];

/** Tells whether an upper-case name is that of a component a calendar can hold. */
export function isObjectType(name: string): name is CalendarComponent {
  return calendarComponents.some((one) => one === name);
}
