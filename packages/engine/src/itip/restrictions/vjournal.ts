// table: the restriction tables of RFC 5546 §3.5
import { instanceNamed, sameUid, sequenceAboveZero, startReadable, statusIn, zonesDefined } from "./common.ts";
import { type PrintedTables, readTables } from "./read-tables.ts";

/** RFC 5546 §3.5.1 to §3.5.3, a column each. */
const printed: PrintedTables = {
  rule: "RFC 5546 §3.5",
  // PUBLISH ADD CANCEL
  components: `
+1+ VJOURNAL
000 VEVENT
000 VFREEBUSY
*?* VTIMEZONE
000 VTODO
*** IANA-COMPONENT
*** X-COMPONENT`,
  properties: `
000 ATTENDEE
11? DESCRIPTION
111 DTSTAMP
11? DTSTART
111 ORGANIZER
?11 SEQUENCE
111 UID
*** ATTACH
*** CATEGORIES
??? CLASS
*** COMMENT
*** CONTACT
??? CREATED
*0* EXDATE
??? LAST-MODIFIED
*0* RDATE
?0? RECURRENCE-ID
*** RELATED-TO
000 REQUEST-STATUS
?0? RRULE
??? STATUS
??? SUMMARY
??? URL
*** IANA-PROPERTY
*** X-PROPERTY`,
  subcomponents: `
**0 VALARM`,
};

/** RFC 5546 §3.5: the restriction tables of a VJOURNAL by METHOD. A METHOD that is not here does not exist for it. */
export const journalTables = readTables(printed, {
  PUBLISH: { conditions: [instanceNamed, statusIn("DRAFT", "FINAL", "CANCELLED"), zonesDefined, startReadable] },
  ADD: {
    conditions: [sequenceAboveZero, statusIn("DRAFT", "FINAL", "CANCELLED"), zonesDefined, startReadable],
    readings: { VTIMEZONE: "each-tzid" },
  },
  CANCEL: { conditions: [sameUid, instanceNamed, statusIn("CANCELLED"), zonesDefined] },
});
