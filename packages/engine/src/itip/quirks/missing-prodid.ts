import { firstProperty } from "../../icalendar/component.ts";
import type { Quirk } from "./quirk.ts";

/** No PRODID, or no VERSION, against RFC 5546 §3.1.1. */
export const missingProdid = {
  name: "missing-prodid",
  who: "Zoom, Thunderbird, scripts",
  seen: ({ calendar }) => !firstProperty(calendar, "PRODID") || !firstProperty(calendar, "VERSION"),
  breach: {
    rule: "RFC 5546 §3.1.1",
    name: "PRODID",
    what: "property",
    problem: "missing",
    status: "3.11",
    detail: "There is no PRODID, or no VERSION.",
  },
} as const satisfies Quirk;
