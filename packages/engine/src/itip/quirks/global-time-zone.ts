import { type Quirk, writtenTzids } from "./quirk.ts";

/** A TZID is the path of a zone in some vendor's registry, RFC 5545 §3.2.19; the name stands at its end. */
export const globalTimeZone = {
  name: "global-time-zone",
  who: "Evolution, Mozilla before 2008, libical",
  seen: (sight) => writtenTzids(sight).some((tzid) => /^"?\//.test(tzid)),
} as const satisfies Quirk;
