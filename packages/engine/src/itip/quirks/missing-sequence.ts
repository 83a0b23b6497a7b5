import { firstProperty } from "../../icalendar/component.ts";
import type { Method } from "../../model/method.ts";
import type { Quirk } from "./quirk.ts";

/** No SEQUENCE where RFC 5546 §3.2.4, §3.2.5, §3.2.7 and §3.2.8 want one. It counts as 0. */
export const missingSequence = {
  name: "missing-sequence",
  who: "Outlook and Exchange before 2007, scripts",
  seen: ({ method, components }) =>
    method !== null &&
    wantsSequence.has(method) &&
    components.some((component) => component.name !== "VFREEBUSY" && !firstProperty(component, "SEQUENCE")),
  breach: {
    rule: "RFC 5546 §3.2.5",
    name: "SEQUENCE",
    what: "property",
    problem: "missing",
    status: "3.11",
    detail: "There is no SEQUENCE.",
  },
} as const satisfies Quirk;

const wantsSequence: ReadonlySet<Method> = new Set(["ADD", "CANCEL", "COUNTER", "DECLINECOUNTER"]);
