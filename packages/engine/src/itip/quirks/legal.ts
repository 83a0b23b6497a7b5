// table: deviations that are legal, or that no reader can tell from what is
import { allDayAsTimes } from "./all-day-as-times.ts";
import { cancelWithoutStatus } from "./cancel-without-status.ts";
import { globalTimeZone } from "./global-time-zone.ts";
import { lowerCaseMethod } from "./lower-case-method.ts";
import { overrideWithoutMaster } from "./override-without-master.ts";
import { quotedName } from "./quoted-name.ts";
import { quotedTzid } from "./quoted-tzid.ts";
import { upperCaseMailto } from "./upper-case-mailto.ts";
import { windowsTimeZone } from "./windows-time-zone.ts";

/** Deviations that are always read, and only named for people who ask (decision 0025). Each is in the file of its name. */
export const legalQuirks = [
  allDayAsTimes,
  cancelWithoutStatus,
  globalTimeZone,
  lowerCaseMethod,
  overrideWithoutMaster,
  quotedName,
  quotedTzid,
  upperCaseMailto,
  windowsTimeZone,
] as const;
