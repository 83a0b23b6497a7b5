import { readDateTime } from "../../icalendar/date-time.ts";
import type { Quirk } from "./quirk.ts";

/** A DTSTAMP that is not in UTC, against RFC 5545 §3.8.7.2. Its time is UTC all the same. */
export const localDtstamp = {
  name: "local-dtstamp",
  who: "Synology, Exchange, booking sites",
  seen: ({ properties }) =>
    properties.some((property) => property.name === "DTSTAMP" && readDateTime(property)?.kind !== "utc"),
  breach: {
    rule: "RFC 5545 §3.8.7.2",
    name: "DTSTAMP",
    what: "value",
    problem: "invalid",
    status: "3.5",
    detail: "DTSTAMP is not in UTC.",
  },
} as const satisfies Quirk;
