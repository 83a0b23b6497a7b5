import type { Quirk } from "./quirk.ts";

/** ORGANIZER carries PARTSTAT, ROLE or RSVP, which RFC 5545 §3.8.4.3 has for ATTENDEE only. */
export const organizerAsAttendee = {
  name: "organizer-as-attendee",
  who: "Google (replies), Thunderbird, GroupWise, Zoom",
  seen: ({ properties }) =>
    properties.some(
      (property) => property.name === "ORGANIZER" && property.parameters.some(({ name }) => own.has(name)),
    ),
  breach: {
    rule: "RFC 5545 §3.8.4.3",
    name: "ORGANIZER",
    what: "value",
    problem: "invalid",
    status: "3.2",
    detail: "ORGANIZER has a parameter of ATTENDEE.",
  },
} as const satisfies Quirk;

const own: ReadonlySet<string> = new Set(["PARTSTAT", "ROLE", "RSVP"]);
