import type { CalendarObject } from "@parley/engine";
import { type Component, makeTextProperty } from "@parley/engine/icalendar";
import { privacyOf } from "../store/privacy.ts";
import type { Actor } from "./writing.ts";

/** Tells whether somebody may not look into an object: what is private is its owner's alone, and that of all members of a group. */
export function isHidden({ caller, owner }: Actor, object: CalendarObject): boolean {
  return caller.id !== owner.id && owner.kind !== "group" && privacyOf(object) !== undefined;
}

/** What others may know of something private: when it takes their time. */
const shown: ReadonlySet<string> = new Set([
  "UID",
  "DTSTAMP",
  "DTSTART",
  "DTEND",
  "DUE",
  "DURATION",
  "RRULE",
  "RDATE",
  "EXDATE",
  "RECURRENCE-ID",
  "SEQUENCE",
  "STATUS",
  "TRANSP",
  "CLASS",
]);

/** Leaves of a component what others may know of it. */
export function withoutContent(component: Component): Component {
  const properties = component.properties.filter(({ name }) => shown.has(name));
  return { ...component, properties: [...properties, makeTextProperty("SUMMARY", "Busy")], components: [] };
}
