import { firstProperty } from "../../icalendar/component.ts";
import type { Quirk } from "./quirk.ts";

/** A REPLY or COUNTER does not say whose invitation it answers, against RFC 5546 §3.2.3: it is whoever received it. */
export const replyWithoutOrganizer = {
  name: "reply-without-organizer",
  who: "Exchange, Outlook, Microsoft 365; Apple Mail at times",
  seen: ({ method, components }) =>
    (method === "REPLY" || method === "COUNTER") &&
    components.some((component) => !firstProperty(component, "ORGANIZER")),
  breach: {
    rule: "RFC 5546 §3.2.3",
    name: "ORGANIZER",
    what: "property",
    problem: "missing",
    status: "3.11",
    detail: "There is no ORGANIZER.",
  },
} as const satisfies Quirk;
