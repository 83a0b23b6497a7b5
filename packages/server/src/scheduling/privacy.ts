import type { CalendarObject } from "@parley/engine";
import { type Component, makeTextProperty } from "@parley/engine/icalendar";
import { privacyOf } from "../store/privacy.ts";
import type { Principal } from "../store/store.ts";
import type { Actor } from "./writing.ts";

/** Tells whether what is private in an owner's calendars is somebody's to see: it is the owner's alone, and that of all members of a group. */
export function seesPrivate({ caller, owner }: Actor): boolean {
  return caller.id === owner.id || (owner.kind === "group" && caller.groups.includes(owner.address));
}

/** Tells whether somebody may not look into an object. */
export function isHidden(actor: Actor, object: CalendarObject): boolean {
  return !seesPrivate(actor) && privacyOf(object) !== undefined;
}

/** Tells the same of whoever acts for a principal just now. */
export function isHiddenFromActor({ hidesPrivate = false }: Principal, object: CalendarObject): boolean {
  return hidesPrivate && privacyOf(object) !== undefined;
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
