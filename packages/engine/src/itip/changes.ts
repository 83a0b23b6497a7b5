import { allProperties } from "../icalendar/component.ts";
import { type CalendarObject, componentAt, type ObjectComponent, objectComponents } from "../model/calendar-object.ts";
import { timesOf } from "../model/times.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import type { Change } from "./outcome.ts";

/** What a person is told about when it changes, in the order they are told. */
const toldProperties = [
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
];

/** Properties every new revision or every copy has anew; a difference there is no change. */
const untold: ReadonlySet<string> = new Set([
  "DTSTAMP",
  "SEQUENCE",
  "CREATED",
  "LAST-MODIFIED",
  "ATTENDEE",
  "ORGANIZER",
  "TRANSP",
]);

/** What TZIDs mean in two versions of an object. */
export interface VersionZones {
  readonly before: ZoneResolver;
  readonly after: ZoneResolver;
}

/** Lists what differs between two versions of an object, component by component. Linear in properties and Attendees. */
export function diffObjects(before: CalendarObject, after: CalendarObject, zones: VersionZones): readonly Change[] {
  const changes: Change[] = [];
  for (const component of objectComponents(after)) {
    const old = componentAt(before, component.key);
    if (old) changes.push(...diffComponents(old, component, zones));
    else changes.push({ kind: "created", key: component.key });
  }
  return changes;
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

/** Tells whether two versions of a component say the same but for who is invited and how the revision is stamped. */
export function sameContent(before: ObjectComponent, after: ObjectComponent): boolean {
  return contentText(before) === contentText(after);
}

function contentText(component: ObjectComponent): string {
  return component.component.properties
    .filter((property) => !untold.has(property.name))
    .map((property) => {
      const parameters = property.parameters.map((parameter) => `;${parameter.name}=${parameter.value}`).join("");
      return `${property.name}${parameters}:${property.value}`;
    })
    .sort()
    .join("\n");
}
