import type { CalendarObject } from "../../model/calendar-object.ts";
import { masterKey } from "../../model/recurrence-id.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { Action } from "../action.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import { buildDeclineCounter } from "../methods/decline-counter.ts";
import type { Outcome } from "../outcome.ts";
import { findProposal, settleProposal } from "../proposals.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";

/**
 * Declines an Attendee's counter-proposal and tells them alone. RFC 5546 §3.2.8 and §3.4.8. The object stays as it is.
 *
 * - `ignored/no-proposal`: nothing of theirs waits; what they took back, or what is so by now, needs no answer.
 * - `rejected`: the DECLINECOUNTER would break its table.
 */
export function declineProposal(
  state: SchedulingState,
  object: CalendarObject,
  action: Extract<Action, { kind: "decline-proposal" }>,
  context: Context,
): Outcome {
  const key = action.key ?? masterKey;
  const { present, proposal, status } = findProposal(state, object, action.attendee, key, context);
  if (!proposal || (status !== "open" && status !== "outdated")) {
    return { kind: "ignored", rule: "RFC 5546 §3.2.8", reason: "no-proposal" };
  }
  const comment = commentOf(action.comment, context);
  // Never before the COUNTER, whatever its maker's clock said: they take it for an answer to an earlier one.
  const dtstamp = Math.max(context.now, proposal.counter.dtstamp);
  const message = buildDeclineCounter(object, present, proposal, { dtstamp, ...comment }, context);
  const unsendable = rejectUnsendable([message], "RFC 5546 §3.2.8");
  if (unsendable) return unsendable;
  const { attendee } = proposal;
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.8",
    state: settleProposal(state, proposal, "declined"),
    messages: [message],
    changes: [{ kind: "proposal", key, attendee, status: "declined", updates: [], ...comment }],
    tolerated: [],
  };
}
