import { parameterValue } from "../../icalendar/parameter.ts";
import { isCalendarUser, type Quirk } from "./quirk.ts";

/** CN holds the address between single quotes: an escape of another program, not part of the name. */
export const quotedName = {
  name: "quoted-name",
  who: "Outlook, Exchange",
  seen: ({ properties }) =>
    properties.some((property) => isCalendarUser(property) && /^'.*'$/s.test(parameterValue(property, "CN") ?? "")),
} as const satisfies Quirk;
