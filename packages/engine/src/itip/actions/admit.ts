import type { CalendarObject } from "../../model/calendar-object.ts";
import { masterKey } from "../../model/recurrence-id.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { Action } from "../action.ts";
import type { Context } from "../context.ts";
import type { Outcome } from "../outcome.ts";
import { admitGuest } from "../uninvited.ts";

/**
 * Makes somebody an Attendee of the whole object, or of one Instance alone, and sends them the REQUEST: RFC 5546 §3.2.2.6. The others
 * are not told (decision 0008).
 *
 * - `ignored/not-for-us`: it is the owner; `rejected`: the object has no such Instance, or no room.
 */
export function admit(
  state: SchedulingState,
  object: CalendarObject,
  { attendee, name, key }: Extract<Action, { kind: "admit" }>,
  context: Context,
): Outcome {
  if (context.addresses.has(attendee)) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  return admitGuest(state, object, [key ?? masterKey], { address: attendee, ...(name && { name }) }, context);
}
