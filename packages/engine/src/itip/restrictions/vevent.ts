// table: the restriction tables of RFC 5546 §3.2
import {
  endOrDuration,
  instanceNamed,
  sameUid,
  sequenceAboveZero,
  startReadable,
  statusesAgree,
  statusIn,
  zonesDefined,
} from "./common.ts";
import { type PrintedTables, readTables } from "./read-tables.ts";

/** RFC 5546 §3.2.1 to §3.2.8, a column each. */
const printed: PrintedTables = {
  rule: "RFC 5546 §3.2",
  // PUBLISH REQUEST REPLY ADD CANCEL REFRESH COUNTER DECLINECOUNTER
  components: `
+++1+11+ VEVENT
00000000 VFREEBUSY
00000000 VJOURNAL
**?***** VTIMEZONE
00000000 VTODO
******** IANA-COMPONENT
******** X-COMPONENT`,
  properties: `
0+1**1*+ ATTENDEE
11111111 DTSTAMP
11?1?01? DTSTART
11111111 ORGANIZER
???11011 SEQUENCE
11?1?01? SUMMARY
11111111 UID
*****0** ATTACH
*****0** CATEGORIES
?????0?? CLASS
******** COMMENT
?****0** CONTACT
?????0?? CREATED
?????0?? DESCRIPTION
?????0?? DTEND
?????0?? DURATION
***0*0** EXDATE
?????0?? GEO
?????0?? LAST-MODIFIED
?????0?? LOCATION
?????0?? PRIORITY
***0*0** RDATE
???0???? RECURRENCE-ID
*****0** RELATED-TO
00*000** REQUEST-STATUS
*****0** RESOURCES
???0?0?? RRULE
?????0?? STATUS
?????0?? TRANSP
?????0?? URL
******** IANA-PROPERTY
******** X-PROPERTY`,
  subcomponents: `
**0*00*0 VALARM`,
};

/** RFC 5546 §3.2: the restriction tables of a VEVENT by METHOD. */
export const eventTables = readTables(printed, {
  PUBLISH: {
    conditions: [
      instanceNamed,
      endOrDuration,
      statusIn("TENTATIVE", "CONFIRMED", "CANCELLED"),
      zonesDefined,
      startReadable,
    ],
  },
  REQUEST: {
    conditions: [
      sameUid,
      endOrDuration,
      instanceNamed,
      statusIn("TENTATIVE", "CONFIRMED"),
      zonesDefined,
      startReadable,
    ],
  },
  REPLY: {
    conditions: [statusesAgree, sameUid, instanceNamed, endOrDuration, zonesDefined],
    readings: { ATTENDEE: "delegation", VTIMEZONE: "each-tzid" },
  },
  ADD: {
    conditions: [sequenceAboveZero, endOrDuration, statusIn("TENTATIVE", "CONFIRMED"), zonesDefined, startReadable],
  },
  CANCEL: { conditions: [sameUid, endOrDuration, instanceNamed, statusIn("CANCELLED"), zonesDefined] },
  REFRESH: { conditions: [instanceNamed] },
  COUNTER: {
    conditions: [
      statusesAgree,
      endOrDuration,
      instanceNamed,
      statusIn("CONFIRMED", "TENTATIVE", "CANCELLED"),
      zonesDefined,
      startReadable,
    ],
    readings: { SEQUENCE: "absent-if-zero" },
  },
  DECLINECOUNTER: {
    conditions: [
      statusesAgree,
      sameUid,
      endOrDuration,
      instanceNamed,
      statusIn("TENTATIVE", "CONFIRMED"),
      zonesDefined,
    ],
  },
});
