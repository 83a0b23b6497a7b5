import { firstProperty } from "../../icalendar/component.ts";
import { readDateTime } from "../../icalendar/date-time.ts";
import type { Quirk } from "./quirk.ts";

/**
 * A whole day written as midnight to midnight, with X-MICROSOFT-CDO-ALLDAYEVENT:TRUE, where RFC 5545 §3.6.1 has a DATE. Whoever
 * reads the time of a component reads days (`model/time-span.ts`); the text stays as it came.
 */
export const allDayAsTimes = {
  name: "all-day-as-times",
  who: "Exchange 2003 and 2007 (CDO)",
  seen: ({ components }) =>
    components.some((component) => {
      const start = firstProperty(component, "DTSTART");
      const value = start && readDateTime(start);
      const flag = firstProperty(component, "X-MICROSOFT-CDO-ALLDAYEVENT")?.value.trim().toUpperCase();
      return flag === "TRUE" && value !== undefined && value.kind !== "date";
    }),
} as const satisfies Quirk;
