import { type Component, firstProperty } from "../../icalendar/component.ts";
import { decodeText } from "../../icalendar/text.ts";
import { type Quirk, writtenTzids } from "./quirk.ts";

/** A TZID without its VTIMEZONE, against RFC 5545 §3.2.19. */
export const undefinedTimeZone = {
  name: "undefined-time-zone",
  who: "Google, Exchange, Apple, Zimbra",
  seen: (sight) => {
    const defined = new Set(sight.calendar.components.map(definedTzid));
    return writtenTzids(sight).some((tzid) => !defined.has(tzid.replace(/"/g, "")));
  },
  breach: {
    rule: "RFC 5545 §3.2.19",
    name: "VTIMEZONE",
    what: "component",
    problem: "missing",
    status: "3.11",
    detail: "A TZID has no VTIMEZONE.",
  },
} as const satisfies Quirk;

function definedTzid(child: Component): string | undefined {
  const property = child.name === "VTIMEZONE" ? firstProperty(child, "TZID") : undefined;
  return property && decodeText(property.value);
}
