import { organizerOf } from "../model/calendar-object.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import type { Action } from "./action.ts";
import { acceptProposal } from "./actions/accept-proposal.ts";
import { add } from "./actions/add.ts";
import { admit } from "./actions/admit.ts";
import { answer } from "./actions/answer.ts";
import { askAgain } from "./actions/ask-again.ts";
import { cancel } from "./actions/cancel.ts";
import { counter } from "./actions/counter.ts";
import { declineProposal } from "./actions/decline-proposal.ts";
import { delegate } from "./actions/delegate.ts";
import { handOver } from "./actions/hand-over.ts";
import { publish } from "./actions/publish.ts";
import { refresh } from "./actions/refresh.ts";
import { refuse } from "./actions/refuse.ts";
import { resend } from "./actions/resend.ts";
import { split } from "./actions/split.ts";
import type { Context } from "./context.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Does what the owner of this copy says.
 *
 * - `applied`: with the messages that tell the others.
 * - `ignored/unknown-uid`: there is nothing to act on; `ignored/cancelled`: it is cancelled already.
 * - `ignored/not-for-us`: the action belongs to the other role, the Organizer's or an Attendee's.
 * - `ignored/no-counters`, `ignored/no-proposal`, `ignored/nothing-changed`: of counter-proposals, see each.
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
    case "refresh":
      if (!organizer || isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return refresh(state, object, action, context);
    case "counter":
      if (!organizer || isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return counter(state, object, organizer.address, action, context);
    case "accept-proposal":
      if (!isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return acceptProposal(state, object, action, context);
    case "decline-proposal":
      if (!isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return declineProposal(state, object, action, context);
    case "delegate":
      if (!organizer || isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return delegate(state, object, organizer.address, action, context);
    case "admit":
      if (!isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return admit(state, object, action, context);
    case "refuse":
      if (!isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return refuse(state, object, action, context);
    case "ask-again":
      if (!isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return askAgain(state, object, action, context);
    case "cancel":
      if (organizer && !isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return cancel(state, object, action, context);
    case "publish":
      if (organizer && !isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return publish(state, object, action, context);
    case "split":
      if (organizer && !isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return split(state, object, action, context);
    case "add":
      if (organizer && !isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return add(state, object, action, context);
    case "resend":
      if (!isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return resend(state, object, action, context);
    case "hand-over":
      if (!isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return handOver(state, object, organizer, action, context);
  }
}
