import type { Property } from "../icalendar/component.ts";
import { parameterValue, parameterValues } from "../icalendar/parameter.ts";
import { type CalendarUserAddress, parseAddress } from "./address.ts";

/** RFC 5545 §3.2.12, all components. What a component does not allow, or nobody knows, is read as NEEDS-ACTION. */
export type Partstat =
  | "NEEDS-ACTION"
  | "ACCEPTED"
  | "DECLINED"
  | "TENTATIVE"
  | "DELEGATED"
  | "COMPLETED"
  | "IN-PROCESS";

/** RFC 5545 §3.2.16; unknown ones are read as REQ-PARTICIPANT. */
export type Role = "CHAIR" | "REQ-PARTICIPANT" | "OPT-PARTICIPANT" | "NON-PARTICIPANT";

/** RFC 5545 §3.2.3; unknown ones are read as UNKNOWN, a missing one as INDIVIDUAL. */
export type CalendarUserType = "INDIVIDUAL" | "GROUP" | "RESOURCE" | "ROOM" | "UNKNOWN";

/** RFC 6638 §7.1; unknown ones are read as NONE. */
export type ScheduleAgent = "SERVER" | "CLIENT" | "NONE";

/** An ORGANIZER property, read. */
export interface Organizer {
  readonly address: CalendarUserAddress;
  readonly name?: string;
  readonly sentBy?: CalendarUserAddress;
  readonly property: Property;
}

/** An ATTENDEE property, read. */
export interface Attendee {
  readonly address: CalendarUserAddress;
  readonly name?: string;
  readonly partstat: Partstat;
  readonly role: Role;
  readonly type: CalendarUserType;
  readonly rsvp: boolean;
  readonly sentBy?: CalendarUserAddress;
  readonly delegatedTo: readonly CalendarUserAddress[];
  readonly delegatedFrom: readonly CalendarUserAddress[];
  readonly scheduleAgent: ScheduleAgent;
  readonly property: Property;
}

/** Lists all answers, RFC 5545 §3.2.12. */
export const partstats: readonly Partstat[] = [
  "NEEDS-ACTION",
  "ACCEPTED",
  "DECLINED",
  "TENTATIVE",
  "DELEGATED",
  "COMPLETED",
  "IN-PROCESS",
];
const roles: readonly Role[] = ["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"];
const types: readonly CalendarUserType[] = ["INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"];
const agents: readonly ScheduleAgent[] = ["SERVER", "CLIENT", "NONE"];

/** Reads an ORGANIZER; `undefined` where its value is no address. */
export function readOrganizer(property: Property): Organizer | undefined {
  const address = parseAddress(property.value);
  if (!address) return undefined;
  const name = displayName(property);
  const sentBy = addressParameter(property, "SENT-BY");
  return { address, ...(name && { name }), ...(sentBy && { sentBy }), property };
}

/** Reads an ATTENDEE; `undefined` where its value is no address. */
export function readAttendee(property: Property): Attendee | undefined {
  const address = parseAddress(property.value);
  if (!address) return undefined;
  const name = displayName(property);
  const sentBy = addressParameter(property, "SENT-BY");
  return {
    address,
    ...(name && { name }),
    partstat: token(property, "PARTSTAT", partstats, "NEEDS-ACTION", "NEEDS-ACTION"),
    role: token(property, "ROLE", roles, "REQ-PARTICIPANT", "REQ-PARTICIPANT"),
    type: token(property, "CUTYPE", types, "INDIVIDUAL", "UNKNOWN"),
    rsvp: parameterValue(property, "RSVP")?.toUpperCase() === "TRUE",
    ...(sentBy && { sentBy }),
    delegatedTo: addressParameters(property, "DELEGATED-TO"),
    delegatedFrom: addressParameters(property, "DELEGATED-FROM"),
    scheduleAgent: readScheduleAgent(property),
    property,
  };
}

/** Reads who sends messages to a calendar user, RFC 6638 §7.1: what nobody knows is NONE. */
export function readScheduleAgent(property: Property): ScheduleAgent {
  return token(property, "SCHEDULE-AGENT", agents, "SERVER", "NONE");
}

/** Reads the groups an ATTENDEE says to be a member of, RFC 5545 §3.2.11. */
export function groupsOf({ property }: Attendee): readonly CalendarUserAddress[] {
  return addressParameters(property, "MEMBER");
}

/** Tells whether an ATTENDEE may stand for several people: RFC 5546 §3.7.2. */
export function mayBeGroup({ type }: Attendee): boolean {
  return type === "GROUP" || type === "UNKNOWN";
}

/** Reads the CN; an empty one is none, and quotes Outlook puts around an address are dropped. */
function displayName(property: Property): string | undefined {
  const name = parameterValue(property, "CN")
    ?.trim()
    .replace(/^'(.*)'$/s, "$1");
  return name || undefined;
}

function token<T extends string>(property: Property, name: string, known: readonly T[], absent: T, unknown: T): T {
  const value = parameterValue(property, name);
  if (value === undefined) return absent;
  const upper = value.toUpperCase();
  return known.find((candidate) => candidate === upper) ?? unknown;
}

function addressParameter(property: Property, name: string): CalendarUserAddress | undefined {
  const value = parameterValue(property, name);
  return value === undefined ? undefined : parseAddress(value);
}

function addressParameters(property: Property, name: string): readonly CalendarUserAddress[] {
  return parameterValues(property, name).flatMap((value) => parseAddress(value) ?? []);
}
