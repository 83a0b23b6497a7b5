import type { CalendarUserAddress } from "../model/address.ts";
import {
  type CalendarObject,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
} from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import type { Context } from "./context.ts";

/** The component that speaks for the whole, or the first Instance that still takes place of a copy without a master. */
export function leadingLive(state: SchedulingState, object: CalendarObject): ObjectComponent {
  if (object.master) return object.master;
  const live = objectComponents(object).find((component) => !isCancelled(state, component));
  return live ?? leadingComponent(object);
}

/** The address the owner was invited by; the owner's main address for one who got the invitation another way. */
export function invitedAs(component: ObjectComponent, context: Context): CalendarUserAddress {
  for (const address of component.attendees.keys()) if (context.addresses.has(address)) return address;
  return context.owner;
}
