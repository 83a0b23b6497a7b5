import { countProperties } from "../../icalendar/component.ts";
import type { Quirk } from "./quirk.ts";

/** A property of which RFC 5545 §3.6.1 allows one stands there twice. The first counts. */
export const repeatedProperty = {
  name: "repeated-property",
  who: "Yahoo (STATUS), Google (SUMMARY), Cyrus (RRULE)",
  seen: ({ components }) =>
    components.some((component) => singles.some((name) => countProperties(component, name) > 1)),
  breach: {
    rule: "RFC 5545 §3.6.1",
    name: "SUMMARY",
    what: "property",
    problem: "too-many",
    status: "3.1",
    detail: "A property that may stand there once is repeated.",
  },
} as const satisfies Quirk;

const singles: readonly string[] = [
  "SUMMARY",
  "STATUS",
  "DTSTART",
  "DTEND",
  "RRULE",
  "SEQUENCE",
  "DESCRIPTION",
  "LOCATION",
];
