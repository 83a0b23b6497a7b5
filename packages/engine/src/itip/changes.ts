import { allProperties, type Component, type Property } from "../icalendar/component.ts";
import type { ObjectComponent } from "../model/calendar-object.ts";
import { readScheduleAgent } from "../model/calendar-user.ts";
import { timesOf } from "../model/times.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import type { Change } from "./outcome.ts";

/** What a person is told about when it changes, in the order they are told. */
export const toldProperties = [
  "SUMMARY",
  "DTSTART",
  "DTEND",
  "DUE",
  "DURATION",
  "RRULE",
  "RDATE",
  "EXDATE",
  "LOCATION",
  "STATUS",
  "DESCRIPTION",
  "URL",
  "PRIORITY",
  "GEO",
  "RESOURCES",
  "ATTACH",
] as const;

/** Properties every new revision or every copy has anew; a difference there is no change. */
const untold: ReadonlySet<string> = new Set([
  "DTSTAMP",
  "SEQUENCE",
  "CREATED",
  "LAST-MODIFIED",
  "ATTENDEE",
  "ORGANIZER",
  "RECURRENCE-ID",
  "TRANSP",
]);

/** What TZIDs mean in two versions of an object. */
export interface VersionZones {
  readonly before: ZoneResolver;
  readonly after: ZoneResolver;
}

/** Lists what differs between two versions of one component. */
export function diffComponents(
  before: ObjectComponent,
  after: ObjectComponent,
  zones: VersionZones,
): readonly Change[] {
  const { key } = after;
  const changes: Change[] = [];
  const sameTime = timesOf(before, zones.before, none) === timesOf(after, zones.after, none);
  for (const name of toldProperties) {
    const old = propertyText(before, name);
    const now = propertyText(after, name);
    if (old === now || (sameTime && timeProperties.has(name))) continue;
    changes.push({
      kind: "property",
      key,
      name,
      ...(old !== undefined && { old }),
      ...(now !== undefined && { new: now }),
    });
  }
  for (const attendee of after.attendees.keys()) {
    if (!before.attendees.has(attendee)) changes.push({ kind: "attendee-added", key, attendee });
  }
  for (const attendee of before.attendees.keys()) {
    if (!after.attendees.has(attendee)) changes.push({ kind: "attendee-removed", key, attendee });
  }
  return changes;
}

const none: ReadonlySet<string> = new Set();
const timeProperties: ReadonlySet<string> = new Set(["DTSTART", "DTEND", "DUE", "DURATION"]);

function propertyText(component: ObjectComponent, name: string): string | undefined {
  const properties = allProperties(component.component, name);
  if (properties.length === 0) return undefined;
  const tzid = timeProperties.has(name)
    ? properties[0]?.parameters.find((parameter) => parameter.name === "TZID")
    : undefined;
  const text = properties.map((property) => property.value).join(",");
  return tzid ? `TZID=${tzid.value}:${text}` : text;
}

/**
 * Tells whether two versions of a component say the same but for who is invited and how the revision is stamped, and but for
 * properties that are left aside.
 */
export function sameContent(
  before: ObjectComponent,
  after: ObjectComponent,
  aside: ReadonlySet<string> = none,
): boolean {
  return contentText(before, aside) === contentText(after, aside);
}

function contentText(component: ObjectComponent, aside: ReadonlySet<string>): string {
  return linesOf(component.component.properties.filter(({ name }) => !untold.has(name) && !aside.has(name)));
}

/** Tells whether two versions of a component invite the same people in the same way; what they answered is theirs to say. */
export function sameGuests(before: ObjectComponent, after: ObjectComponent): boolean {
  return guestText(before) === guestText(after);
}

function guestText({ component }: ObjectComponent): string {
  return linesOf(allProperties(component, "ATTENDEE").map(withoutAnswer));
}

function withoutAnswer(attendee: Property): Property {
  if (readScheduleAgent(attendee) !== "SERVER") return attendee;
  return { ...attendee, parameters: attendee.parameters.filter(({ name }) => !answering.has(name)) };
}

/** Parameters that come and go with answers and with their delivery. */
const answering: ReadonlySet<string> = new Set([
  "PARTSTAT",
  "RSVP",
  "SENT-BY",
  "SCHEDULE-STATUS",
  "SCHEDULE-FORCE-SEND",
]);

/** Tells whether two versions of a component are the same to their owner too: alarms, and what only its owner sees. */
export function sameText(before: ObjectComponent, after: ObjectComponent): boolean {
  return ownText(before.component) === ownText(after.component);
}

function ownText({ properties, components }: Component): string {
  const own = properties.filter(({ name }) => !stamps.has(name)).map(withoutAnswer);
  return [linesOf(own), ...components.map((child) => `${child.name}\n${ownText(child)}`)].join("\n\n");
}

/** What every new writing has anew, and what we write ourselves. */
const stamps: ReadonlySet<string> = new Set(["DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "ORGANIZER"]);

function linesOf(properties: readonly Property[]): string {
  return properties
    .map((property) => {
      const parameters = property.parameters
        .map((parameter) => `;${parameter.name}=${parameter.value}`)
        .sort()
        .join("");
      return `${property.name}${parameters}:${property.value}`;
    })
    .sort()
    .join("\n");
}
