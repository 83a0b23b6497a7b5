import { isCalendarUser, type Quirk } from "./quirk.ts";

/** `MAILTO:` in capitals. Legal, as schemes have no case, but programs that compare addresses as text stumble over it. */
export const upperCaseMailto = {
  name: "upper-case-mailto",
  who: "Exchange before 2013, Outlook, Lotus Notes, Zimbra",
  seen: ({ properties }) =>
    properties.some((property) => isCalendarUser(property) && property.value.startsWith("MAILTO:")),
} as const satisfies Quirk;
