import { firstProperty } from "../../icalendar/component.ts";
import type { Quirk } from "./quirk.ts";

/** No PRODID, or no VERSION, against RFC 5546 §3.1.1. */
export const missingProdid = {
  name: "missing-prodid",
  who: "Zoom, Thunderbird, scripts",
  seen: ({ calendar }) => !firstProperty(calendar, "PRODID") || !firstProperty(calendar, "VERSION"),
} as const satisfies Quirk;
