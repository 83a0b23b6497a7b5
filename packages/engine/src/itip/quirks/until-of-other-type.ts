import { firstProperty } from "../../icalendar/component.ts";
import { readDateTime } from "../../icalendar/date-time.ts";
import type { Quirk } from "./quirk.ts";

/** UNTIL is a date where DTSTART is a time, or the other way round, against RFC 5545 §3.3.10. */
export const untilOfOtherType = {
  name: "until-of-other-type",
  who: "Google, Apple, Outlook",
  seen: ({ components }) =>
    components.some((component) => {
      const start = firstProperty(component, "DTSTART");
      const value = start && readDateTime(start);
      const until = untilForm.exec(firstProperty(component, "RRULE")?.value ?? "");
      return value && until ? (value.kind === "date") !== (until[1] === undefined) : false;
    }),
  breach: {
    rule: "RFC 5545 §3.3.10",
    name: "RRULE",
    what: "value",
    problem: "invalid",
    status: "3.6",
    detail: "UNTIL and DTSTART are not both dates or both times.",
  },
} as const satisfies Quirk;

const untilForm = /(?:^|;)UNTIL=\d{8}(T\d{6}Z?)?/i;
