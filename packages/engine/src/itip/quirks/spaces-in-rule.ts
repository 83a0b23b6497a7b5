import type { Quirk } from "./quirk.ts";

/** Spaces inside an RRULE, where RFC 5545 §3.3.10 has none. */
export const spacesInRule = {
  name: "spaces-in-rule",
  who: "Outlook 2003 and 2007, Exchange",
  seen: ({ properties }) => properties.some((property) => property.name === "RRULE" && /\S\s+\S/.test(property.value)),
  breach: {
    rule: "RFC 5545 §3.3.10",
    name: "RRULE",
    what: "value",
    problem: "invalid",
    status: "3.6",
    detail: "RRULE has spaces inside.",
  },
} as const satisfies Quirk;
