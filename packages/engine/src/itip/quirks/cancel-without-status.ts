import { firstProperty } from "../../icalendar/component.ts";
import type { Quirk } from "./quirk.ts";

/** A CANCEL of a whole object without STATUS:CANCELLED, which RFC 5546 §3.2.5 asks for. The METHOD decides. */
export const cancelWithoutStatus = {
  name: "cancel-without-status",
  who: "Outlook 2007, iCloud, Evolution, Tine",
  seen: ({ method, components }) =>
    method === "CANCEL" && components.some((component) => !firstProperty(component, "STATUS")),
} as const satisfies Quirk;
