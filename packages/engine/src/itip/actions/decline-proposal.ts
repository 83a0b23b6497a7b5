import type { CalendarObject } from "../../model/calendar-object.ts";
import { proposalPlace, proposalStatus } from "../../model/proposal.ts";
import { masterKey } from "../../model/recurrence-id.ts";
import { readRegister, writeRegister } from "../../model/registers.ts";
import { participationKey, type SchedulingState } from "../../model/scheduling-state.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import type { Context } from "../context.ts";
import { buildDeclineCounter } from "../methods/decline-counter.ts";
import type { Outcome } from "../outcome.ts";
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
  const { limits } = context;
  const key = action.key ?? masterKey;
  const register = participationKey(action.attendee, key);
  const proposal = readRegister(state.proposals, register);
  const zones = makeZoneResolver(object.timezones, context.zones, limits);
  const present = proposalPlace(object, key, zones, limits);
  const status = proposal && proposalStatus(state, proposal, present, zones, limits);
  if (!proposal || (status !== "open" && status !== "outdated")) {
    return { kind: "ignored", rule: "RFC 5546 §3.2.8", reason: "no-proposal" };
  }
  const comment = action.comment?.trim().slice(0, limits.maxCommentLength);
  // Never before the COUNTER, whatever its maker's clock said: they take it for an answer to an earlier one.
  const dtstamp = Math.max(context.now, proposal.counter.dtstamp);
  const told = { dtstamp, ...(comment && { comment }) };
  const message = buildDeclineCounter(object, present, proposal, told, context);
  const unsendable = rejectUnsendable([message], "RFC 5546 §3.2.8");
  if (unsendable) return unsendable;
  const { attendee } = proposal;
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.8",
    state: { ...state, proposals: writeRegister(state.proposals, register, { ...proposal, status: "declined" }) },
    messages: [message],
    changes: [{ kind: "proposal", key, attendee, status: "declined", updates: [], ...(comment && { comment }) }],
    tolerated: [],
  };
}
