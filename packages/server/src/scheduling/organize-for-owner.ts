import {
  type CalendarObject,
  type CalendarUserAddress,
  formatAddress,
  objectComponents,
  organizerOf,
  readCalendarObject,
} from "@parley/engine";
import { type Component, makeComponent, withParameter } from "@parley/engine/icalendar";
import { makeZoneResolver } from "@parley/engine/recurrence";
import type { Principal, Transaction } from "../store/store.ts";
import type { House } from "./house.ts";
import type { Actor } from "./writing.ts";

/**
 * Makes the owner of a calendar the Organizer of what somebody writes there who names themselves. Whoever writes in another's calendar acts
 * for them (decision 0041), but there are programs that know no address but their user's, Thunderbird among them; as it is, nobody would
 * be invited, and nobody told so. What its writer has in their own calendars too is theirs, and a copy of it.
 */
export async function organizedForOwner(
  house: House,
  transaction: Transaction,
  { caller, owner }: Actor,
  object: CalendarObject,
): Promise<CalendarObject> {
  const named = organizerOf(object)?.address;
  if (caller.id === owner.id || !named || !caller.addresses.includes(named) || owner.addresses.includes(named)) {
    return object;
  }
  const present = await transaction.objects.byUid(owner.id, object.uid);
  const known = present?.state.object && organizerOf(present.state.object)?.address;
  if (known !== undefined && !owner.addresses.includes(known)) return object;
  const own = await transaction.objects.byUid(caller.id, object.uid);
  return own?.state.object ? object : withOrganizer(house, object, named, owner);
}

function withOrganizer(
  { zones, limits }: House,
  object: CalendarObject,
  named: CalendarUserAddress,
  { address, name }: Principal,
): CalendarObject {
  const components = objectComponents(object).map(({ component, organizer }): Component => {
    if (organizer?.address !== named) return component;
    const owners = { ...withParameter(organizer.property, "CN", [name]), value: formatAddress(address) };
    const properties = component.properties.map((one) => (one === organizer.property ? owners : one));
    return { ...component, properties };
  });
  const calendar = makeComponent("VCALENDAR", [], [...object.timezones, ...components]);
  const reading = readCalendarObject(calendar, makeZoneResolver(object.timezones, zones, limits), limits);
  return "problem" in reading ? object : reading.object;
}
