import { type CalendarObject, objectComponents } from "../../model/calendar-object.ts";
import { masterKey } from "../../model/recurrence-id.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { Action } from "../action.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import type { Outcome } from "../outcome.ts";
import { refuseUninvited } from "../uninvited.ts";

/**
 * Tells somebody who was never invited that they are not, by a CANCEL to them alone: RFC 5546 §3.2.2.6.
 *
 * - `ignored/not-for-us`: they are on the guest list, so that they must be taken off it; or it is the owner.
 * - `rejected`: the object has no such Instance.
 */
export function refuse(
  state: SchedulingState,
  object: CalendarObject,
  { attendee, key, comment }: Extract<Action, { kind: "refuse" }>,
  context: Context,
): Outcome {
  const isListed = objectComponents(object).some(
    (component) => component.attendees.has(attendee) && (key === undefined || component.key === key),
  );
  if (isListed || context.addresses.has(attendee)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const guest = { address: attendee, ...commentOf(comment, context) };
  return refuseUninvited(state, object, key ?? masterKey, guest, context);
}
