import type { Quirk } from "./quirk.ts";

/** SCHEDULE-AGENT and its like, which RFC 6638 §7.1 to §7.3 keep between a server and its own clients, went out by mail. */
export const serverParameters = {
  name: "server-parameters",
  who: "Apple Calendar Server, iCloud, Yahoo",
  seen: ({ method, properties }) =>
    method !== null && properties.some((property) => property.parameters.some(({ name }) => inward.has(name))),
  breach: {
    rule: "RFC 6638 §7.1",
    name: "ATTENDEE",
    what: "value",
    problem: "invalid",
    status: "3.2",
    detail: "A parameter that servers keep to themselves was sent.",
  },
} as const satisfies Quirk;

const inward: ReadonlySet<string> = new Set(["SCHEDULE-AGENT", "SCHEDULE-STATUS", "SCHEDULE-FORCE-SEND"]);
