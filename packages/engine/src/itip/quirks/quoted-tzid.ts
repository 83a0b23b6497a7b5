import { type Quirk, writtenTzids } from "./quirk.ts";

/** A TZID in quotes. Legal, RFC 5545 §3.2, but the VTIMEZONE it names is written without. */
export const quotedTzid = {
  name: "quoted-tzid",
  who: "Exchange, Outlook, Lotus Notes, Zimbra",
  seen: (sight) => writtenTzids(sight).some((tzid) => tzid.startsWith('"')),
} as const satisfies Quirk;
