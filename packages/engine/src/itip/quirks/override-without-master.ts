import { firstProperty } from "../../icalendar/component.ts";
import type { Quirk } from "./quirk.ts";

/** A REQUEST for instances alone, RFC 5546 §3.2.2: it neither replaces nor ends the series. */
export const overrideWithoutMaster = {
  name: "override-without-master",
  who: "Google, Thunderbird, Exchange and Lotus Notes to guests of one instance",
  seen: ({ method, components }) =>
    method === "REQUEST" &&
    components.length > 0 &&
    components.every((component) => firstProperty(component, "RECURRENCE-ID")),
} as const satisfies Quirk;
