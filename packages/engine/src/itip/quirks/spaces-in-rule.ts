import type { Quirk } from "./quirk.ts";

/** Spaces inside an RRULE, where RFC 5545 §3.3.10 has none. */
export const spacesInRule = {
  name: "spaces-in-rule",
  who: "Outlook 2003 and 2007, Exchange",
  seen: ({ properties }) => properties.some((property) => property.name === "RRULE" && /\S\s+\S/.test(property.value)),
} as const satisfies Quirk;
