import type { PrincipalKind } from "../store/store.ts";

/** What `calendar-user-type` says, RFC 6638 §2.4.2: the values of CUTYPE. */
export const userType: Readonly<Record<PrincipalKind, string>> = {
  person: "INDIVIDUAL",
  group: "GROUP",
  room: "ROOM",
  resource: "RESOURCE",
};
