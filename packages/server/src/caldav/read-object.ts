import { readCalendarObject } from "@parley/engine";
import { parseCalendar } from "@parley/engine/icalendar";
import { makeZoneResolver, type Zone } from "@parley/engine/recurrence";
import type { House } from "../scheduling/house.ts";
import { zoneOf } from "../scheduling/span.ts";
import type { Calendar, Principal } from "../store/store.ts";
import type { Filtered } from "./match-filter.ts";
import type { InboxItemNode, ObjectNode } from "./node.ts";
import type { Placing } from "./time-range.ts";
import type { Work } from "./work.ts";

/** Reads the text of a resource; `undefined` where it is no object. */
export function readObject({ zones, limits }: House, text: string): Filtered | undefined {
  const { calendar } = parseCalendar(text, limits);
  if (!calendar) return undefined;
  const timezones = calendar.components.filter(({ name }) => name === "VTIMEZONE");
  const read = readCalendarObject(calendar, makeZoneResolver(timezones, zones, limits), limits);
  return "object" in read ? { calendar, object: read.object } : undefined;
}

/** Reads the text of a loaded resource, where it was not read before; `undefined` where it is no object. */
export function readNode(house: House, node: ObjectNode | InboxItemNode): Filtered | undefined {
  if (node.kind === "object" && node.read) return node.read();
  return node.text === undefined ? undefined : readObject(house, node.text);
}

/** Where an object is: an inbox has no zone of its own. */
export interface Surroundings {
  readonly owner: Principal;
  readonly calendar?: Calendar;
}

/** Says with what the times of an object are placed; those without a zone where `localZoneOf` says. */
export function placingOf(
  house: House,
  { object }: Filtered,
  around: Surroundings,
  { zone, work }: { readonly zone: Zone | undefined; readonly work: Work },
): Placing {
  const { zones, limits } = house;
  const localZone = localZoneOf(house, around, zone);
  const isUndatedMet = around.calendar === undefined;
  return { zones: makeZoneResolver(object.timezones, zones, limits), localZone, limits, isUndatedMet, work };
}

/** Finds where times without a zone are: in the zone a query names, that of the calendar, or its owner's. RFC 4791 §5.2.2, §7.3. */
export function localZoneOf(house: House, { owner, calendar }: Surroundings, asked: Zone | undefined): Zone {
  const id = calendar?.timezoneId;
  return asked ?? (id === undefined ? undefined : house.zones.zone(id)) ?? zoneOf(house, owner);
}
