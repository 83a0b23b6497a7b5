// table: the properties of the standards and their value types

/** A value type of RFC 5545 §3.3, or of RFC 9253 §7. */
export type ValueType =
  | "BINARY"
  | "BOOLEAN"
  | "CAL-ADDRESS"
  | "DATE"
  | "DATE-TIME"
  | "DURATION"
  | "FLOAT"
  | "INTEGER"
  | "PERIOD"
  | "RECUR"
  | "TEXT"
  | "TIME"
  | "UID"
  | "URI"
  | "UTC-OFFSET"
  | "XML-REFERENCE";

/** What a standard says of the value of a property. */
export interface PropertyDefinition {
  /** The value types allowed; the first is meant where there is no VALUE, unless `needsType`. */
  readonly types: readonly [ValueType, ...ValueType[]];
  /** Whether the property has no default type, so that VALUE must say it. */
  readonly needsType?: true;
  /** Whether values are a list between commas, or parts of one value between semicolons; else there is one. */
  readonly form?: "list" | "parts";
  /** The value meant where the property is absent. */
  readonly absent?: string;
}

const text: PropertyDefinition = { types: ["TEXT"] };
const texts: PropertyDefinition = { types: ["TEXT"], form: "list" };
const uri: PropertyDefinition = { types: ["URI"] };
const integer: PropertyDefinition = { types: ["INTEGER"] };
const zero: PropertyDefinition = { types: ["INTEGER"], absent: "0" };
const instant: PropertyDefinition = { types: ["DATE-TIME"] };
const time: PropertyDefinition = { types: ["DATE-TIME", "DATE"] };
const duration: PropertyDefinition = { types: ["DURATION"] };
const address: PropertyDefinition = { types: ["CAL-ADDRESS"] };
const offset: PropertyDefinition = { types: ["UTC-OFFSET"] };
const rule: PropertyDefinition = { types: ["RECUR"] };

/** The properties by name, in the order of the standards. */
export const propertyDefinitions: Readonly<Record<string, PropertyDefinition>> = {
  // RFC 5545 §3.7: of the calendar.
  CALSCALE: { types: ["TEXT"], absent: "GREGORIAN" },
  METHOD: text,
  PRODID: text,
  VERSION: text,
  // RFC 5545 §3.8.1: descriptive.
  ATTACH: { types: ["URI", "BINARY"] },
  CATEGORIES: texts,
  CLASS: { types: ["TEXT"], absent: "PUBLIC" },
  COMMENT: text,
  DESCRIPTION: text,
  GEO: { types: ["FLOAT"], form: "parts" },
  LOCATION: text,
  "PERCENT-COMPLETE": integer,
  PRIORITY: zero,
  RESOURCES: texts,
  STATUS: text,
  SUMMARY: text,
  // RFC 5545 §3.8.2: date and time.
  COMPLETED: instant,
  DTEND: time,
  DUE: time,
  DTSTART: time,
  DURATION: duration,
  FREEBUSY: { types: ["PERIOD"], form: "list" },
  TRANSP: { types: ["TEXT"], absent: "OPAQUE" },
  // RFC 5545 §3.8.3: time zones.
  TZID: text,
  TZNAME: text,
  TZOFFSETFROM: offset,
  TZOFFSETTO: offset,
  TZURL: uri,
  // RFC 5545 §3.8.4: relationships; RELATED-TO as RFC 9253 §9.1 has it.
  ATTENDEE: address,
  CONTACT: text,
  ORGANIZER: address,
  "RECURRENCE-ID": time,
  "RELATED-TO": { types: ["TEXT", "UID", "URI"] },
  URL: uri,
  UID: text,
  // RFC 5545 §3.8.5: recurrence; EXRULE is of its predecessor and still registered, RFC 5545 §8.3.2.
  EXDATE: { types: ["DATE-TIME", "DATE"], form: "list" },
  EXRULE: rule,
  RDATE: { types: ["DATE-TIME", "DATE", "PERIOD"], form: "list" },
  RRULE: rule,
  // RFC 5545 §3.8.6: alarms.
  ACTION: text,
  REPEAT: zero,
  TRIGGER: { types: ["DURATION", "DATE-TIME"] },
  // RFC 5545 §3.8.7: change management.
  CREATED: instant,
  DTSTAMP: instant,
  "LAST-MODIFIED": instant,
  SEQUENCE: zero,
  // RFC 5545 §3.8.8: miscellaneous.
  "REQUEST-STATUS": { types: ["TEXT"], form: "parts" },
  // RFC 7808 §7: time zones that are distributed.
  TZUNTIL: instant,
  "TZID-ALIAS-OF": text,
  // RFC 7953 §3.2: availability.
  BUSYTYPE: { types: ["TEXT"], absent: "BUSY-UNAVAILABLE" },
  // RFC 7986 §5.
  NAME: text,
  "REFRESH-INTERVAL": { types: ["DURATION"], needsType: true },
  SOURCE: { types: ["URI"], needsType: true },
  COLOR: text,
  IMAGE: { types: ["URI", "BINARY"], needsType: true },
  CONFERENCE: { types: ["URI"], needsType: true },
  // RFC 9073 §6.
  "LOCATION-TYPE": texts,
  "PARTICIPANT-TYPE": text,
  "RESOURCE-TYPE": text,
  "CALENDAR-ADDRESS": address,
  "STYLED-DESCRIPTION": { types: ["URI", "TEXT"], needsType: true },
  "STRUCTURED-DATA": { types: ["TEXT", "BINARY", "URI"], needsType: true },
  // RFC 9074 §6.1 and §8.1: alarms.
  ACKNOWLEDGED: instant,
  PROXIMITY: text,
  // RFC 9253 §8.
  CONCEPT: uri,
  LINK: { types: ["URI", "UID", "XML-REFERENCE"], needsType: true },
  REFID: text,
};
