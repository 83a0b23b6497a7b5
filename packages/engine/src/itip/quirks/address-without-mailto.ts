import { isCalendarUser, type Quirk } from "./quirk.ts";

/** An address stands without `mailto:`, so it is no URI as RFC 5545 §3.3.3 wants. */
export const addressWithoutMailto = {
  name: "address-without-mailto",
  who: "Google and Apple (replies), Zoom, Outlook",
  seen: ({ properties }) =>
    properties.some((property) => isCalendarUser(property) && !scheme.test(property.value.trim())),
  breach: {
    rule: "RFC 5545 §3.3.3",
    name: "ATTENDEE",
    what: "value",
    problem: "invalid",
    status: "3.7",
    detail: "An address is no URI.",
  },
} as const satisfies Quirk;

const scheme = /^[a-z][a-z0-9+.-]*:/i;
