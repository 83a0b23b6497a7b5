import { readInteger } from "../../icalendar/text.ts";
import type { Quirk } from "./quirk.ts";

/** A SEQUENCE no 32-bit INTEGER can hold, RFC 5545 §3.3.8. It is clamped, or no later revision could outdo it. */
export const sequenceBeyondInt32 = {
  name: "sequence-beyond-int32",
  who: "Zoom (it counts seconds or milliseconds), some Google feeds",
  seen: ({ components }) =>
    components.some((component) => Math.abs(readInteger(component, "SEQUENCE") ?? 0) > maxInteger),
  breach: {
    rule: "RFC 5545 §3.3.8",
    name: "SEQUENCE",
    what: "value",
    problem: "invalid",
    status: "3.1",
    detail: "SEQUENCE is no 32-bit INTEGER.",
  },
} as const satisfies Quirk;

const maxInteger = 2_147_483_647;
