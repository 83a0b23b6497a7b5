// table: the parameters of the standards and their values

/** What a standard says of the values of a parameter. Where it names values, X- and registered names may stand too. */
export interface ParameterDefinition {
  /** The values it names, between spaces. */
  readonly values?: string;
  /** The value meant where the parameter is absent; one whose default depends on other things has none here. */
  readonly absent?: string;
  /** Whether values are a list between commas. */
  readonly list?: true;
}

const plain: ParameterDefinition = {};
const list: ParameterDefinition = { list: true };
const no: ParameterDefinition = { values: "TRUE FALSE", absent: "FALSE" };

/** The parameters by name, in the order of the standards. */
export const parameterDefinitions: Readonly<Record<string, ParameterDefinition>> = {
  // RFC 5545 §3.2; further values of RELTYPE by RFC 9074 §7.1 and RFC 9253 §4 and §5.
  ALTREP: plain,
  CN: plain,
  CUTYPE: { values: "INDIVIDUAL GROUP RESOURCE ROOM UNKNOWN", absent: "INDIVIDUAL" },
  "DELEGATED-FROM": list,
  "DELEGATED-TO": list,
  DIR: plain,
  ENCODING: { values: "8BIT BASE64", absent: "8BIT" },
  FMTTYPE: plain,
  FBTYPE: { values: "FREE BUSY BUSY-UNAVAILABLE BUSY-TENTATIVE", absent: "BUSY" },
  LANGUAGE: plain,
  MEMBER: list,
  PARTSTAT: {
    values: "NEEDS-ACTION ACCEPTED DECLINED TENTATIVE DELEGATED COMPLETED IN-PROCESS",
    absent: "NEEDS-ACTION",
  },
  RANGE: { values: "THISANDFUTURE" },
  RELATED: { values: "START END", absent: "START" },
  RELTYPE: {
    values:
      "PARENT CHILD SIBLING SNOOZE FINISHTOSTART FINISHTOFINISH STARTTOFINISH STARTTOSTART FIRST NEXT DEPENDS-ON REFID CONCEPT",
    absent: "PARENT",
  },
  ROLE: { values: "CHAIR REQ-PARTICIPANT OPT-PARTICIPANT NON-PARTICIPANT", absent: "REQ-PARTICIPANT" },
  RSVP: no,
  "SENT-BY": plain,
  TZID: plain,
  VALUE: plain,
  // RFC 6638 §7; the codes of SCHEDULE-STATUS stand in one quoted value, so they are no list.
  "SCHEDULE-AGENT": { values: "SERVER CLIENT NONE", absent: "SERVER" },
  "SCHEDULE-FORCE-SEND": { values: "REQUEST REPLY" },
  "SCHEDULE-STATUS": plain,
  // RFC 7986 §6.
  DISPLAY: { values: "BADGE GRAPHIC FULLSIZE THUMBNAIL", absent: "BADGE", list: true },
  EMAIL: plain,
  FEATURE: { values: "AUDIO CHAT FEED MODERATOR PHONE SCREEN VIDEO", list: true },
  LABEL: plain,
  // RFC 9073 §5.
  ORDER: plain,
  SCHEMA: plain,
  DERIVED: no,
  // RFC 9253 §6.
  LINKREL: plain,
  GAP: plain,
};
