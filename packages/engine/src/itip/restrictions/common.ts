import { readCells } from "./read-tables.ts";
import type { CommonTable, Condition } from "./restriction.ts";

/** "All components MUST have the same UID." */
export const sameUid: Condition = { check: "same-uid" };

/** "MUST be present if any date/time refers to a timezone." */
export const zonesDefined: Condition = { check: "zones-defined" };

/** "If present, DURATION MUST NOT be present", of DTEND, and the other way round. */
export const endOrDuration: Condition = { check: "not-with", property: "DTEND", other: "DURATION" };

/** "If present, DURATION MUST NOT be present", of DUE, and the other way round. */
export const dueOrDuration: Condition = { check: "not-with", property: "DUE", other: "DURATION" };

/** "Only if referring to an instance of a recurring calendar component": one that cannot be read refers to none. */
export const instanceNamed: Condition = { check: "readable-time", property: "RECURRENCE-ID" };

/** A DTSTART that MUST be there must say when. */
export const startReadable: Condition = { check: "readable-time", property: "DTSTART" };

/** The classes of REQUEST-STATUS in one message agree, RFC 5546 §3.6. */
export const statusesAgree: Condition = { check: "status-classes" };

/** "MUST be greater than 0." */
export const sequenceAboveZero: Condition = { check: "above-zero", property: "SEQUENCE" };

/** "MUST be BUSYTIME." */
export const busyTime: Condition = { check: "busy-time", property: "FREEBUSY" };

/** Makes the condition on STATUS. */
export function statusIn(...values: readonly string[]): Condition {
  return { check: "one-of", property: "STATUS", values };
}

/** Makes "DateTime values must be in UTC." */
export function inUtc(property: string): Condition {
  return { check: "utc", property };
}

/** RFC 5546 §3.1.1, properties of the VCALENDAR. METHOD stands in the table of each METHOD. */
export const calendarTable: CommonTable = {
  rule: "RFC 5546 §3.1.1",
  properties: readCells(`
? CALSCALE
1 PRODID
1 VERSION
* IANA-PROPERTY
* X-PROPERTY`),
  subcomponents: {},
  conditions: [{ check: "one-of", property: "VERSION", values: ["2.0"] }],
};

/** RFC 5546 §3.1.2, VTIMEZONE. */
export const timezoneTable: CommonTable = {
  rule: "RFC 5546 §3.1.2",
  properties: readCells(`
? LAST-MODIFIED
1 TZID
? TZURL
* IANA-PROPERTY
* X-PROPERTY`),
  subcomponents: { DAYLIGHT: "0+", STANDARD: "0+" },
  conditions: [{ check: "any-of", components: ["STANDARD", "DAYLIGHT"] }],
};

const localStart: Condition = { check: "local-time", property: "DTSTART" };
const datesOrRule: Condition = { check: "not-with", property: "RDATE", other: "RRULE" };

/** RFC 5546 §3.1.2, DAYLIGHT. That RDATE and RRULE exclude each other is erratum 3932; the text prints it for STANDARD only. */
export const daylightTable: CommonTable = {
  rule: "RFC 5546 §3.1.2",
  properties: readCells(`
* COMMENT
1 DTSTART
* RDATE
? RRULE
* TZNAME
1 TZOFFSETFROM
1 TZOFFSETTO
* IANA-PROPERTY
* X-PROPERTY`),
  subcomponents: {},
  conditions: [localStart, datesOrRule],
};

/** RFC 5546 §3.1.2, STANDARD. */
export const standardTable: CommonTable = {
  rule: "RFC 5546 §3.1.2",
  properties: readCells(`
* COMMENT
1 DTSTART
* RDATE
? RRULE
* TZNAME
1 TZOFFSETFROM
1 TZOFFSETTO
* IANA-PROPERTY
* X-PROPERTY`),
  subcomponents: {},
  conditions: [localStart, datesOrRule],
};

/** RFC 5546 §3.1.3, VALARM. */
export const alarmTable: CommonTable = {
  rule: "RFC 5546 §3.1.3",
  properties: readCells(`
1 ACTION
* ATTACH
* ATTENDEE
? DESCRIPTION
? DURATION
? REPEAT
? SUMMARY
1 TRIGGER
* IANA-PROPERTY
* X-PROPERTY`),
  subcomponents: {},
  conditions: [
    { check: "only-with", property: "DURATION", other: "REPEAT" },
    { check: "only-with", property: "REPEAT", other: "DURATION" },
  ],
};
