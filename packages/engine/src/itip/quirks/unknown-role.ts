import { parameterValue } from "../../icalendar/parameter.ts";
import type { Quirk } from "./quirk.ts";

/** ROLE is none of RFC 5545 §3.2.16 and no X- name. It counts as REQ-PARTICIPANT. */
export const unknownRole = {
  name: "unknown-role",
  who: "Yahoo (REQ_PARTICIPANT)",
  seen: ({ properties }) =>
    properties.some((property) => {
      const role = property.name === "ATTENDEE" ? parameterValue(property, "ROLE")?.toUpperCase() : undefined;
      return role !== undefined && !role.startsWith("X-") && !roles.has(role);
    }),
  breach: {
    rule: "RFC 5545 §3.2.16",
    name: "ATTENDEE",
    what: "value",
    problem: "invalid",
    status: "3.3",
    detail: "ROLE is none that is defined.",
  },
} as const satisfies Quirk;

const roles: ReadonlySet<string> = new Set(["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"]);
