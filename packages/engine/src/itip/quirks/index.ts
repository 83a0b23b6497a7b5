import type { Component } from "../../icalendar/component.ts";
import { addressWithoutMailto } from "./address-without-mailto.ts";
import { allDayAsTimes } from "./all-day-as-times.ts";
import { cancelWithoutStatus } from "./cancel-without-status.ts";
import { commentInAttendee } from "./comment-in-attendee.ts";
import { counterOfTimesAlone } from "./counter-of-times-alone.ts";
import { emptyProperty } from "./empty-property.ts";
import { globalTimeZone } from "./global-time-zone.ts";
import { localDtstamp } from "./local-dtstamp.ts";
import { lowerCaseMethod } from "./lower-case-method.ts";
import { missingDtstamp } from "./missing-dtstamp.ts";
import { missingProdid } from "./missing-prodid.ts";
import { missingSequence } from "./missing-sequence.ts";
import { organizerAsAttendee } from "./organizer-as-attendee.ts";
import { overrideWithoutMaster } from "./override-without-master.ts";
import { makeSight, type Quirk } from "./quirk.ts";
import { quotedName } from "./quoted-name.ts";
import { quotedTzid } from "./quoted-tzid.ts";
import { recurrenceIdOfOtherType } from "./recurrence-id-of-other-type.ts";
import { repeatedProperty } from "./repeated-property.ts";
import { replyWithoutOrganizer } from "./reply-without-organizer.ts";
import { sequenceBeyondInt32 } from "./sequence-beyond-int32.ts";
import { serverParameters } from "./server-parameters.ts";
import { spacesInRule } from "./spaces-in-rule.ts";
import { undefinedTimeZone } from "./undefined-time-zone.ts";
import { unknownRole } from "./unknown-role.ts";
import { untilOfOtherType } from "./until-of-other-type.ts";
import { upperCaseMailto } from "./upper-case-mailto.ts";
import { windowsTimeZone } from "./windows-time-zone.ts";

/** The tolerated deviations, each in the file of its name. */
export const quirks = [
  addressWithoutMailto,
  allDayAsTimes,
  cancelWithoutStatus,
  commentInAttendee,
  counterOfTimesAlone,
  emptyProperty,
  globalTimeZone,
  localDtstamp,
  lowerCaseMethod,
  missingDtstamp,
  missingProdid,
  missingSequence,
  organizerAsAttendee,
  overrideWithoutMaster,
  quotedName,
  quotedTzid,
  recurrenceIdOfOtherType,
  repeatedProperty,
  replyWithoutOrganizer,
  sequenceBeyondInt32,
  serverParameters,
  spacesInRule,
  undefinedTimeZone,
  unknownRole,
  untilOfOtherType,
  upperCaseMailto,
  windowsTimeZone,
] as const;

/** Names of the tolerated deviations. */
export type QuirkName = (typeof quirks)[number]["name"];

/** Tolerates all of them: what a house does that wants to be understood. */
export const defaultQuirks: ReadonlySet<QuirkName> = new Set(quirks.map((quirk) => quirk.name));

/** A deviation with its name known. */
export type NamedQuirk = Quirk & { readonly name: QuirkName };

/** Is the same list, each with all that a Quirk may have. */
export const allQuirks: readonly NamedQuirk[] = quirks;

/** Lists the deviations a VCALENDAR shows. Linear in the calendar; never throws. */
export function seenQuirks(calendar: Component): readonly QuirkName[] {
  const sight = makeSight(calendar);
  return quirks.filter((quirk) => quirk.seen(sight)).map((quirk) => quirk.name);
}
