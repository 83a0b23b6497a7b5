import type { CalendarUserAddress } from "../../model/address.ts";
import type { CalendarObject } from "../../model/calendar-object.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { readRegister } from "../../model/registers.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { Context } from "../context.ts";
import { liveComponents } from "./difference.ts";

/** Guests who have seen the same components and are to see the same. */
export interface GuestGroup {
  readonly guests: CalendarUserAddress[];
  /** Keys of the components they have been sent and that still stand; empty for new guests. */
  readonly had: readonly InstanceKey[];
  /** Keys of the components they are on now; empty for those who are invited to nothing any more. */
  readonly has: readonly InstanceKey[];
}

/**
 * Lists the components each guest is on, of those that take place. Guests are whom the Organizer's system sends messages to: all
 * Attendees but the owner, and but those a client takes care of. Linear in the ATTENDEEs of the object.
 */
export function guestsOf(
  object: CalendarObject,
  context: Context,
): ReadonlyMap<CalendarUserAddress, readonly InstanceKey[]> {
  const guests = new Map<CalendarUserAddress, InstanceKey[]>();
  for (const { key, attendees } of liveComponents(object)) {
    for (const { address, scheduleAgent } of attendees.values()) {
      if (scheduleAgent !== "SERVER" || context.addresses.has(address)) continue;
      const keys = guests.get(address);
      if (keys) keys.push(key);
      else guests.set(address, [key]);
    }
  }
  return guests;
}

/** Puts guests together who see the same before and after: what one of them is sent, all are. */
export function groupGuests(
  state: SchedulingState,
  before: CalendarObject | undefined,
  after: CalendarObject,
  context: Context,
): readonly GuestGroup[] {
  const were = before ? guestsOf(before, context) : new Map<CalendarUserAddress, readonly InstanceKey[]>();
  const are = guestsOf(after, context);
  const groups = new Map<string, GuestGroup>();
  for (const guest of new Set([...were.keys(), ...are.keys()])) {
    const had = sentOf(state, guest, were.get(guest) ?? []);
    const has = are.get(guest) ?? [];
    const name = `${had.length} ${had.join(" ")} ${has.length} ${has.join(" ")}`;
    const group = groups.get(name);
    if (group) group.guests.push(guest);
    else groups.set(name, { guests: [guest], had, has });
  }
  return [...groups.values()];
}

/** Of the components a guest is on those they were sent; who was sent the series knows its Instances. */
function sentOf(
  state: SchedulingState,
  guest: CalendarUserAddress,
  keys: readonly InstanceKey[],
): readonly InstanceKey[] {
  const sent = readRegister(state.sent, guest);
  if (!sent || sent.cancelled) return [];
  if (sent.instances.includes(masterKey)) return keys;
  const known = new Set(sent.instances);
  return keys.filter((key) => known.has(key));
}
