import { type Quirk, writtenTzids } from "./quirk.ts";

/** A TZID is a name of Windows, or one made up by Exchange, which no time zone database knows. RFC 5545 §3.8.3.1 allows any. */
export const windowsTimeZone = {
  name: "windows-time-zone",
  who: "Exchange, Outlook, Microsoft 365, Zimbra",
  seen: (sight) => writtenTzids(sight).some((tzid) => windowsName.test(tzid)),
} as const satisfies Quirk;

const windowsName = /(?:Standard|Daylight) Time"?$|^"?(?:\((?:UTC|GMT)|tzone:|Customized Time Zone|GMT [+-])/i;
