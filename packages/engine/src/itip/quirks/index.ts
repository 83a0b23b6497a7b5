import { addressWithoutMailto } from "./address-without-mailto.ts";
import { commentInAttendee } from "./comment-in-attendee.ts";
import { counterOfTimesAlone } from "./counter-of-times-alone.ts";
import { emptyProperty } from "./empty-property.ts";
import type { legalQuirks } from "./legal.ts";
import { localDtstamp } from "./local-dtstamp.ts";
import { missingDtstamp } from "./missing-dtstamp.ts";
import { missingProdid } from "./missing-prodid.ts";
import { missingSequence } from "./missing-sequence.ts";
import { organizerAsAttendee } from "./organizer-as-attendee.ts";
import type { Quirk } from "./quirk.ts";
import { recurrenceIdOfOtherType } from "./recurrence-id-of-other-type.ts";
import { repeatedProperty } from "./repeated-property.ts";
import { replyWithoutOrganizer } from "./reply-without-organizer.ts";
import { sequenceBeyondInt32 } from "./sequence-beyond-int32.ts";
import { serverParameters } from "./server-parameters.ts";
import { spacesInRule } from "./spaces-in-rule.ts";
import { undefinedTimeZone } from "./undefined-time-zone.ts";
import { unknownRole } from "./unknown-role.ts";
import { untilOfOtherType } from "./until-of-other-type.ts";

const switched = [
  addressWithoutMailto,
  commentInAttendee,
  counterOfTimesAlone,
  emptyProperty,
  localDtstamp,
  missingDtstamp,
  missingProdid,
  missingSequence,
  organizerAsAttendee,
  recurrenceIdOfOtherType,
  repeatedProperty,
  replyWithoutOrganizer,
  sequenceBeyondInt32,
  serverParameters,
  spacesInRule,
  undefinedTimeZone,
  unknownRole,
  untilOfOtherType,
] as const;

/** Names of the deviations. Those that are legal switch nothing (decision 0025). */
export type QuirkName = (typeof switched | typeof legalQuirks)[number]["name"];

/** A deviation with its name known. */
export type NamedQuirk = Quirk & { readonly name: QuirkName };

/** What `Context.quirks` switches: deviations that break a standard, or say something elsewhere. Each is in the file of its name. */
export const switchedQuirks: readonly NamedQuirk[] = switched;

/** Tolerates all of them: what a house does that wants to be understood. */
export const defaultQuirks: ReadonlySet<QuirkName> = new Set(switched.map((quirk) => quirk.name));
