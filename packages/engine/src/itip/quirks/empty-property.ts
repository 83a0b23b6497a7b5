import type { Quirk } from "./quirk.ts";

/** A property that must be one of a list is empty. RFC 5545 §3.8.1.3 gives CLASS no such value: it counts as absent. */
export const emptyProperty = {
  name: "empty-property",
  who: "Exchange 2003 (CLASS), Outlook",
  seen: ({ properties }) => properties.some((property) => listed.has(property.name) && property.value.trim() === ""),
  breach: {
    rule: "RFC 5545 §3.8.1.3",
    name: "CLASS",
    what: "value",
    problem: "invalid",
    status: "3.1",
    detail: "A property that must be one of a list is empty.",
  },
} as const satisfies Quirk;

const listed: ReadonlySet<string> = new Set(["CLASS", "STATUS", "TRANSP", "PRIORITY", "SEQUENCE", "PERCENT-COMPLETE"]);
