import { firstProperty } from "../../icalendar/component.ts";
import type { Quirk } from "./quirk.ts";

/** No DTSTAMP, against every table of RFC 5546 §3: the revision is the oldest there can be of its SEQUENCE. */
export const missingDtstamp = {
  name: "missing-dtstamp",
  who: "Zoom, OpenPaaS, Microsoft CDO, booking sites",
  seen: ({ components }) => components.some((component) => !firstProperty(component, "DTSTAMP")),
  breach: {
    rule: "RFC 5545 §3.8.7.2",
    name: "DTSTAMP",
    what: "property",
    problem: "missing",
    status: "3.11",
    detail: "There is no DTSTAMP.",
  },
} as const satisfies Quirk;
