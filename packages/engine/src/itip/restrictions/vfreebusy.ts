// table: the restriction tables of RFC 5546 §3.3
import { busyTime, inUtc, statusesAgree } from "./common.ts";
import { type PrintedTables, readTables } from "./read-tables.ts";

/** RFC 5546 §3.3.1 to §3.3.3, a column each. */
const printed: PrintedTables = {
  rule: "RFC 5546 §3.3",
  // PUBLISH REQUEST REPLY
  components: `
+11 VFREEBUSY
000 VEVENT
000 VJOURNAL
000 VTIMEZONE
000 VTODO
*** IANA-COMPONENT
*** X-COMPONENT`,
  properties: `
0+1 ATTENDEE
111 DTEND
111 DTSTAMP
111 DTSTART
111 ORGANIZER
111 UID
*** COMMENT
??? CONTACT
000 DURATION
*0* FREEBUSY
00* REQUEST-STATUS
..0 SEQUENCE
?0? URL
*** IANA-PROPERTY
*** X-PROPERTY`,
  subcomponents: `
000 VALARM`,
};

/** RFC 5546 §3.3: the restriction tables of a VFREEBUSY by METHOD. A METHOD that is not here does not exist for it. */
export const freebusyTables = readTables(printed, {
  PUBLISH: { conditions: [inUtc("DTSTART"), inUtc("DTEND"), busyTime] },
  REQUEST: { conditions: [inUtc("DTEND"), inUtc("DTSTART")] },
  REPLY: { conditions: [statusesAgree, inUtc("DTEND"), inUtc("DTSTART"), busyTime] },
});
