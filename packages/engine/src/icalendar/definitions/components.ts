// table: the components of the standards and how often each property stands in them

/**
 * What a standard says of the properties of a component: names between spaces. What it makes depend on other properties or on
 * METHOD is left out here; that of scheduling messages stands in the restriction tables.
 */
export interface ComponentDefinition {
  /** Exactly once. */
  readonly one?: string;
  /** At most once. */
  readonly atMostOne?: string;
  /** Any number of times; RRULE stands here, which SHOULD NOT occur more than once. */
  readonly any?: string;
  /** Two of which only one may stand there. */
  readonly notBoth?: string;
}

const observance: ComponentDefinition = {
  one: "DTSTART TZOFFSETTO TZOFFSETFROM",
  // EXDATE by RFC 5545 §3.8.5.1; the grammar of the component forgot it.
  any: "RRULE COMMENT EXDATE RDATE TZNAME",
};

/** The properties that may stand any number of times in every component, RFC 9253 §8 and §9.1. */
export const everywhere = "CONCEPT LINK REFID RELATED-TO";

/** The components by name, with the errata of the standards. */
export const componentDefinitions: Readonly<Record<string, ComponentDefinition>> = {
  // RFC 5545 §3.6, RFC 7986 §4.
  VCALENDAR: {
    one: "PRODID VERSION",
    atMostOne: "CALSCALE METHOD UID LAST-MODIFIED URL REFRESH-INTERVAL SOURCE COLOR",
    any: "NAME DESCRIPTION CATEGORIES IMAGE",
  },
  // RFC 5545 §3.6.1, RFC 7986 §4, RFC 9073 §4. DTSTART is required where there is no METHOD.
  VEVENT: {
    one: "DTSTAMP UID",
    atMostOne:
      "DTSTART CLASS CREATED DESCRIPTION GEO LAST-MODIFIED LOCATION ORGANIZER PRIORITY SEQUENCE STATUS SUMMARY TRANSP URL RECURRENCE-ID DTEND DURATION COLOR",
    any: "RRULE ATTACH ATTENDEE CATEGORIES COMMENT CONTACT EXDATE REQUEST-STATUS RESOURCES RDATE CONFERENCE IMAGE STYLED-DESCRIPTION STRUCTURED-DATA",
    notBoth: "DTEND DURATION",
  },
  // RFC 5545 §3.6.2, RFC 7986 §4, RFC 9073 §4. DURATION wants a DTSTART.
  VTODO: {
    one: "DTSTAMP UID",
    atMostOne:
      "CLASS COMPLETED CREATED DESCRIPTION DTSTART GEO LAST-MODIFIED LOCATION ORGANIZER PERCENT-COMPLETE PRIORITY RECURRENCE-ID SEQUENCE STATUS SUMMARY URL DUE DURATION COLOR",
    any: "RRULE ATTACH ATTENDEE CATEGORIES COMMENT CONTACT EXDATE REQUEST-STATUS RESOURCES RDATE CONFERENCE IMAGE STYLED-DESCRIPTION STRUCTURED-DATA",
    notBoth: "DUE DURATION",
  },
  // RFC 5545 §3.6.3, RFC 7986 §4, RFC 9073 §4.
  VJOURNAL: {
    one: "DTSTAMP UID",
    atMostOne: "CLASS CREATED DTSTART LAST-MODIFIED ORGANIZER RECURRENCE-ID SEQUENCE STATUS SUMMARY URL COLOR",
    any: "RRULE ATTACH ATTENDEE CATEGORIES COMMENT CONTACT DESCRIPTION EXDATE RDATE REQUEST-STATUS IMAGE STYLED-DESCRIPTION STRUCTURED-DATA",
  },
  // RFC 5545 §3.6.4, RFC 9073 §4.
  VFREEBUSY: {
    one: "DTSTAMP UID",
    atMostOne: "CONTACT DTSTART DTEND ORGANIZER URL",
    any: "ATTENDEE COMMENT FREEBUSY REQUEST-STATUS STYLED-DESCRIPTION",
  },
  // RFC 5545 §3.6.5, RFC 7808 §7.
  VTIMEZONE: { one: "TZID", atMostOne: "LAST-MODIFIED TZURL TZUNTIL", any: "TZID-ALIAS-OF" },
  STANDARD: observance,
  DAYLIGHT: observance,
  // RFC 5545 §3.6.6, RFC 9073 §6.5, RFC 9074. Which of the optional ones must stand there depends on ACTION.
  VALARM: {
    one: "ACTION TRIGGER",
    atMostOne: "DESCRIPTION DURATION REPEAT SUMMARY UID ACKNOWLEDGED PROXIMITY",
    any: "ATTACH ATTENDEE STYLED-DESCRIPTION",
  },
  // RFC 7953 §3.1.
  VAVAILABILITY: {
    one: "DTSTAMP UID",
    atMostOne:
      "BUSYTYPE CLASS CREATED DESCRIPTION DTSTART LAST-MODIFIED LOCATION ORGANIZER PRIORITY SEQUENCE SUMMARY URL DTEND DURATION",
    any: "CATEGORIES COMMENT CONTACT",
    notBoth: "DTEND DURATION",
  },
  AVAILABLE: {
    one: "DTSTAMP DTSTART UID",
    atMostOne: "DTEND DURATION CREATED DESCRIPTION LAST-MODIFIED LOCATION RECURRENCE-ID RRULE SUMMARY",
    any: "CATEGORIES COMMENT CONTACT EXDATE RDATE",
    notBoth: "DTEND DURATION",
  },
  // RFC 9073 §7.
  PARTICIPANT: {
    one: "PARTICIPANT-TYPE UID",
    atMostOne: "CALENDAR-ADDRESS CREATED DESCRIPTION DTSTAMP GEO LAST-MODIFIED PRIORITY SEQUENCE STATUS SUMMARY URL",
    any: "ATTACH CATEGORIES COMMENT CONTACT LOCATION REQUEST-STATUS RESOURCES STYLED-DESCRIPTION STRUCTURED-DATA",
  },
  VLOCATION: { one: "UID", atMostOne: "DESCRIPTION GEO LOCATION-TYPE NAME URL", any: "STRUCTURED-DATA" },
  VRESOURCE: { one: "UID", atMostOne: "DESCRIPTION GEO NAME RESOURCE-TYPE", any: "STRUCTURED-DATA" },
};
