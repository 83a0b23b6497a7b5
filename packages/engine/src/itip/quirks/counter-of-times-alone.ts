import { readText } from "../../icalendar/text.ts";
import { type ObjectComponent, objectComponents, withComponents } from "../../model/calendar-object.ts";
import type { Quirk } from "./quirk.ts";

/**
 * A COUNTER is no complete description of the alternative, as RFC 5546 §3.2.7 has it: people can propose another time and nothing
 * else, SUMMARY says "New Time Proposed: ..." in their language, and where RECURRENCE-ID is missing the Instance is told by its
 * original start (X-MS-OLK-ORIGINALSTART). Only its times are taken for a proposal.
 */
export const counterOfTimesAlone = {
  name: "counter-of-times-alone",
  who: "Exchange, Outlook, Microsoft 365",
  seen: ({ method, calendar }) => method === "COUNTER" && isOfMicrosoft(readText(calendar, "PRODID")),
  mend: (message) => {
    const { method, calendar, object } = message;
    if (method !== "COUNTER" || !isOfMicrosoft(readText(calendar, "PRODID"))) return message;
    return { ...message, object: withComponents(object, objectComponents(object).map(withTimesAlone)) };
  },
} as const satisfies Quirk;

/** Tells whether a PRODID is of a program of Microsoft's. */
export function isOfMicrosoft(product: string | undefined): boolean {
  return product !== undefined && /\bMicrosoft\b/i.test(product);
}

const wishes: ReadonlySet<string> = new Set([
  "SUMMARY",
  "LOCATION",
  "DESCRIPTION",
  "GEO",
  "URL",
  "PRIORITY",
  "RESOURCES",
  "RRULE",
  "RDATE",
  "EXDATE",
]);

function withTimesAlone(part: ObjectComponent): ObjectComponent {
  const { component } = part;
  const properties = component.properties.filter(({ name }) => !wishes.has(name));
  return { ...part, component: { ...component, properties } };
}
