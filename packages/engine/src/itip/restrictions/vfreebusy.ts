import type { Method } from "../../model/method.ts";
import { inUtc, statusesAgree } from "./common.ts";
import type { RestrictionTable } from "./restriction.ts";

/** RFC 5546 §3.3.1, METHOD:PUBLISH of a VFREEBUSY. */
const publishFreebusy: RestrictionTable = {
  rule: "RFC 5546 §3.3.1",
  calendar: { METHOD: "1" },
  components: {
    VFREEBUSY: "1+",
    "IANA-COMPONENT": "0+",
    "X-COMPONENT": "0+",
    VEVENT: "0",
    VTODO: "0",
    VJOURNAL: "0",
    VTIMEZONE: "0",
  },
  properties: {
    DTSTAMP: "1",
    DTSTART: "1",
    DTEND: "1",
    FREEBUSY: "0+",
    ORGANIZER: "1",
    UID: "1",
    COMMENT: "0+",
    CONTACT: "0-1",
    "IANA-PROPERTY": "0+",
    "X-PROPERTY": "0+",
    URL: "0-1",
    ATTENDEE: "0",
    DURATION: "0",
    "REQUEST-STATUS": "0",
  },
  subcomponents: { VALARM: "0" },
  conditions: [inUtc("DTSTART"), inUtc("DTEND"), { check: "busy-time", property: "FREEBUSY" }],
};

/** RFC 5546 §3.3.2, METHOD:REQUEST of a VFREEBUSY. */
const requestFreebusy: RestrictionTable = {
  rule: "RFC 5546 §3.3.2",
  calendar: { METHOD: "1" },
  components: {
    VFREEBUSY: "1",
    "IANA-COMPONENT": "0+",
    "X-COMPONENT": "0+",
    VEVENT: "0",
    VTODO: "0",
    VJOURNAL: "0",
    VTIMEZONE: "0",
  },
  properties: {
    ATTENDEE: "1+",
    DTEND: "1",
    DTSTAMP: "1",
    DTSTART: "1",
    ORGANIZER: "1",
    UID: "1",
    COMMENT: "0+",
    CONTACT: "0-1",
    "IANA-PROPERTY": "0+",
    "X-PROPERTY": "0+",
    FREEBUSY: "0",
    DURATION: "0",
    "REQUEST-STATUS": "0",
    URL: "0",
  },
  subcomponents: { VALARM: "0" },
  conditions: [inUtc("DTEND"), inUtc("DTSTART")],
};

/** RFC 5546 §3.3.3, METHOD:REPLY of a VFREEBUSY. */
const replyFreebusy: RestrictionTable = {
  rule: "RFC 5546 §3.3.3",
  calendar: { METHOD: "1" },
  components: {
    VFREEBUSY: "1",
    "IANA-COMPONENT": "0+",
    "X-COMPONENT": "0+",
    VEVENT: "0",
    VTODO: "0",
    VJOURNAL: "0",
    VTIMEZONE: "0",
  },
  properties: {
    ATTENDEE: "1",
    DTSTAMP: "1",
    DTEND: "1",
    DTSTART: "1",
    FREEBUSY: "0+",
    ORGANIZER: "1",
    UID: "1",
    COMMENT: "0+",
    CONTACT: "0-1",
    "REQUEST-STATUS": "0+",
    URL: "0-1",
    "IANA-PROPERTY": "0+",
    "X-PROPERTY": "0+",
    DURATION: "0",
    SEQUENCE: "0",
  },
  subcomponents: { VALARM: "0" },
  conditions: [statusesAgree, inUtc("DTEND"), inUtc("DTSTART"), { check: "busy-time", property: "FREEBUSY" }],
};

/** RFC 5546 §3.3: the restriction tables of a VFREEBUSY by METHOD. A METHOD that is not here does not exist for it. */
export const freebusyTables: Readonly<Partial<Record<Method, RestrictionTable>>> = {
  PUBLISH: publishFreebusy,
  REQUEST: requestFreebusy,
  REPLY: replyFreebusy,
};
