import type { Limits } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import {
  type CalendarObject,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
} from "../model/calendar-object.ts";
import { mayBeGroup } from "../model/calendar-user.ts";
import { isCancelled } from "../model/cancelled.ts";
import { instanceAt, onlyInstance } from "../model/instance.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import type { Context } from "./context.ts";

/** Finds the component that speaks for the whole, or the first Instance that still takes place of a copy without a master. */
export function leadingLive(state: SchedulingState, object: CalendarObject): ObjectComponent {
  if (object.master) return object.master;
  const live = objectComponents(object).find((component) => !isCancelled(state, component));
  return live ?? leadingComponent(object);
}

/**
 * Finds what the owner means: an Instance, or the whole where they name none. What does not repeat is meant as a whole, also by its only
 * Instance: what was a series may have left that a component of its own.
 */
export function meantComponent(
  state: SchedulingState,
  object: CalendarObject,
  key: InstanceKey | undefined,
  zones: ZoneResolver,
  limits: Limits,
): ObjectComponent | undefined {
  if (key === undefined) return leadingLive(state, object);
  const isGone = (one: ObjectComponent): boolean => isCancelled(state, one);
  if (key === masterKey || onlyInstance(object, zones, isGone) === key) return object.master;
  return instanceAt(object, key, zones, limits);
}

/**
 * The address the owner was invited by, first one listed as a person's (RFC 5546 §3.7.2); the owner's main address for one who got
 * the invitation another way, as a member of a group does.
 */
export function invitedAs(component: ObjectComponent, context: Context): CalendarUserAddress {
  return listedAs(component, context) ?? context.owner;
}

/** Finds the group the owner was invited as a member of: only who is not listed by an address of their own. RFC 5546 §3.7.2. */
export function invitedGroup(component: ObjectComponent, context: Context): CalendarUserAddress | undefined {
  if (!context.groups || listedAs(component, context)) return undefined;
  for (const attendee of component.attendees.values()) {
    if (mayBeGroup(attendee) && context.groups.has(attendee.address)) return attendee.address;
  }
  return undefined;
}

function listedAs({ attendees }: ObjectComponent, { addresses }: Context): CalendarUserAddress | undefined {
  let listed: CalendarUserAddress | undefined;
  for (const { address, type } of attendees.values()) {
    if (!addresses.has(address)) continue;
    if (type === "INDIVIDUAL") return address;
    listed ??= address;
  }
  return listed;
}
