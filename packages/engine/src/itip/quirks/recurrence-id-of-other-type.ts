import { firstProperty } from "../../icalendar/component.ts";
import { readDateTime } from "../../icalendar/date-time.ts";
import type { Quirk } from "./quirk.ts";

/** RECURRENCE-ID is a time where DTSTART is a date, or the other way round, against RFC 5545 §3.8.4.4. */
export const recurrenceIdOfOtherType = {
  name: "recurrence-id-of-other-type",
  who: "Exchange 2010 and later, in all-day series",
  seen: ({ components }) =>
    components.some((component) => {
      const [start, id] = [firstProperty(component, "DTSTART"), firstProperty(component, "RECURRENCE-ID")];
      const [startValue, idValue] = [start && readDateTime(start), id && readDateTime(id)];
      return startValue && idValue ? (startValue.kind === "date") !== (idValue.kind === "date") : false;
    }),
  breach: {
    rule: "RFC 5545 §3.8.4.4",
    name: "RECURRENCE-ID",
    what: "value",
    problem: "invalid",
    status: "3.5",
    detail: "RECURRENCE-ID and DTSTART are not both dates or both times.",
  },
} as const satisfies Quirk;
