// table: the restriction tables of RFC 5546 §3.4
import {
  dueOrDuration,
  instanceNamed,
  sameUid,
  sequenceAboveZero,
  startReadable,
  statusesAgree,
  statusIn,
  zonesDefined,
} from "./common.ts";
import { type PrintedTables, readTables } from "./read-tables.ts";

/** RFC 5546 §3.4.1 to §3.4.8, a column each. ORGANIZER of a REFRESH by erratum 2097; the text prints 0. */
const printed: PrintedTables = {
  rule: "RFC 5546 §3.4",
  // PUBLISH REQUEST REPLY ADD CANCEL REFRESH COUNTER DECLINECOUNTER
  components: `
+++1+111 VTODO
00000000 VEVENT
00000000 VFREEBUSY
00.0.... VJOURNAL
**?*?*?* VTIMEZONE
******** IANA-COMPONENT
******** X-COMPONENT`,
  properties: `
0+1**1++ ATTENDEE
11111111 DTSTAMP
11???0?? DTSTART
11111111 ORGANIZER
11?1?01? PRIORITY
???110?1 SEQUENCE
11?1..1. SUMMARY
11111111 UID
*****0** ATTACH
*****0** CATEGORIES
?????0?? CLASS
*****0** COMMENT
?????0?? COMPLETED
*****0** CONTACT
?????0?? CREATED
?????0?? DESCRIPTION
?????0?? DUE
?????0?? DURATION
***0*0** EXDATE
?????0?? GEO
?????0?? LAST-MODIFIED
?????0?? LOCATION
?????0?? PERCENT-COMPLETE
***0*0** RDATE
???0???? RECURRENCE-ID
*****0** RELATED-TO
00*000** REQUEST-STATUS
*****0** RESOURCES
???0?0?? RRULE
?????0?? STATUS
?????0?? URL
******** IANA-PROPERTY
******** X-PROPERTY`,
  subcomponents: `
**0*00*0 VALARM`,
  unprinted: {
    components: `
..0.0000 VJOURNAL`,
    properties: `
....?0.? SUMMARY`,
  },
};

/** RFC 5546 §3.4: the restriction tables of a VTODO by METHOD. */
export const todoTables = readTables(printed, {
  PUBLISH: {
    conditions: [
      dueOrDuration,
      instanceNamed,
      statusIn("COMPLETED", "NEEDS-ACTION", "IN-PROCESS", "CANCELLED"),
      zonesDefined,
      startReadable,
    ],
  },
  REQUEST: {
    conditions: [
      sameUid,
      dueOrDuration,
      instanceNamed,
      statusIn("COMPLETED", "NEEDS-ACTION", "IN-PROCESS"),
      zonesDefined,
      startReadable,
    ],
  },
  REPLY: {
    conditions: [statusesAgree, sameUid, dueOrDuration, instanceNamed, zonesDefined],
    readings: { ATTENDEE: "delegation", VTIMEZONE: "each-tzid" },
  },
  ADD: {
    conditions: [sequenceAboveZero, dueOrDuration, statusIn("COMPLETED", "NEEDS-ACTION", "IN-PROCESS"), zonesDefined],
  },
  CANCEL: {
    conditions: [dueOrDuration, instanceNamed, statusIn("CANCELLED"), zonesDefined],
    readings: { VTIMEZONE: "each-tzid" },
  },
  REFRESH: { conditions: [instanceNamed] },
  COUNTER: {
    conditions: [
      statusesAgree,
      dueOrDuration,
      instanceNamed,
      statusIn("COMPLETED", "NEEDS-ACTION", "IN-PROCESS", "CANCELLED"),
      zonesDefined,
    ],
    readings: { VTIMEZONE: "each-tzid" },
  },
  DECLINECOUNTER: {
    conditions: [
      statusesAgree,
      dueOrDuration,
      instanceNamed,
      statusIn("COMPLETED", "NEEDS-ACTION", "IN-PROCESS"),
      zonesDefined,
    ],
  },
});
