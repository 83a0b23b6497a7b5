import { organizerOf } from "../model/calendar-object.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import type { Action } from "./action.ts";
import { answer } from "./actions/answer.ts";
import type { Context } from "./context.ts";
import { cancelAsOrganizer } from "./organize.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Does what the owner of this copy says.
 *
 * - `applied`: with the messages that tell the others.
 * - `ignored/unknown-uid`: there is nothing to act on; `ignored/cancelled`: it is cancelled already.
 * - `ignored/not-for-us`: the action belongs to the other role, the Organizer's or an Attendee's.
 * - `rejected`: what would be sent breaks a restriction table.
 */
export function act(state: SchedulingState, action: Action, context: Context): Outcome {
  const { object } = state;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const organizer = organizerOf(object);
  const isOrganizer = organizer !== undefined && context.addresses.has(organizer.address);
  switch (action.kind) {
    case "answer":
      if (!organizer || isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return answer(state, object, organizer.address, action, context);
    case "cancel":
      if (organizer && !isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return cancelAsOrganizer(state, action.comment, context);
  }
}
