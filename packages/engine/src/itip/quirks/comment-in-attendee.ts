import { findParameter } from "../../icalendar/parameter.ts";
import type { Quirk } from "./quirk.ts";

/** The answer comes with a note in X-RESPONSE-COMMENT, a parameter of ATTENDEE, where RFC 5546 §3.2.3 has COMMENT. */
export const commentInAttendee = {
  name: "comment-in-attendee",
  who: "Google",
  seen: ({ properties }) =>
    properties.some((property) => property.name === "ATTENDEE" && findParameter(property, "X-RESPONSE-COMMENT")),
} as const satisfies Quirk;
