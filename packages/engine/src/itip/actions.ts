import type { CalendarUserAddress } from "../model/address.ts";
import { type CalendarObject, organizerOf } from "../model/calendar-object.ts";
import type { Organizer } from "../model/calendar-user.ts";
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
  const isAttendee = organizer !== undefined && !isOrganizer;
  switch (action.kind) {
    case "answer":
    case "refresh":
    case "counter":
    case "delegate":
      return isAttendee ? actAsAttendee(state, object, organizer.address, action, context) : notForUs;
    // What has no Organizer is its owner's.
    case "cancel":
    case "publish":
    case "split":
    case "add":
      return isAttendee ? notForUs : actAsOwner(state, object, action, context);
    case "accept-proposal":
    case "decline-proposal":
    case "admit":
    case "refuse":
    case "ask-again":
    case "resend":
    case "hand-over":
      return isOrganizer ? actAsOrganizer(state, object, organizer, action, context) : notForUs;
  }
}

const notForUs: Outcome = { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };

type Of<Kind extends Action["kind"]> = Extract<Action, { readonly kind: Kind }>;

function actAsAttendee(
  state: SchedulingState,
  object: CalendarObject,
  organizer: CalendarUserAddress,
  action: Of<"answer" | "refresh" | "counter" | "delegate">,
  context: Context,
): Outcome {
  switch (action.kind) {
    case "answer":
      return answer(state, object, organizer, action, context);
    case "refresh":
      return refresh(state, object, action, context);
    case "counter":
      return counter(state, object, organizer, action, context);
    case "delegate":
      return delegate(state, object, organizer, action, context);
  }
}

function actAsOwner(
  state: SchedulingState,
  object: CalendarObject,
  action: Of<"cancel" | "publish" | "split" | "add">,
  context: Context,
): Outcome {
  switch (action.kind) {
    case "cancel":
      return cancel(state, object, action, context);
    case "publish":
      return publish(state, object, action, context);
    case "split":
      return split(state, object, action, context);
    case "add":
      return add(state, object, action, context);
  }
}

function actAsOrganizer(
  state: SchedulingState,
  object: CalendarObject,
  organizer: Organizer,
  action: Of<"accept-proposal" | "decline-proposal" | "admit" | "refuse" | "ask-again" | "resend" | "hand-over">,
  context: Context,
): Outcome {
  switch (action.kind) {
    case "accept-proposal":
      return acceptProposal(state, object, action, context);
    case "decline-proposal":
      return declineProposal(state, object, action, context);
    case "admit":
      return admit(state, object, action, context);
    case "refuse":
      return refuse(state, object, action, context);
    case "ask-again":
      return askAgain(state, object, action, context);
    case "resend":
      return resend(state, object, action, context);
    case "hand-over":
      return handOver(state, object, organizer, action, context);
  }
}
