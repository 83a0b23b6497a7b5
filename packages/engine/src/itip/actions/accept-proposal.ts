import type { CalendarObject } from "../../model/calendar-object.ts";
import { mergeComponents } from "../../model/merge.ts";
import { applyProposed } from "../../model/proposal.ts";
import { masterKey } from "../../model/recurrence-id.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { Action } from "../action.ts";
import type { Context } from "../context.ts";
import { reviseAsOrganizer } from "../organize.ts";
import type { Change, Outcome } from "../outcome.ts";
import { findProposal, settleProposal } from "../proposals.ts";
import { raisedRevision, stamp } from "../restamp.ts";

/**
 * Takes up an Attendee's counter-proposal: the object becomes as they would have it, and all whom that concerns get a REQUEST with a
 * higher SEQUENCE. RFC 5546 §3.2.7 and §3.2.2.1. An Instance of a series gets a component of its own for it.
 *
 * - `ignored/no-proposal`: nothing of theirs waits, or it is for what is no more.
 * - otherwise as `reviseAsOrganizer`; where it is as they wanted already, only the proposal is settled.
 */
export function acceptProposal(
  state: SchedulingState,
  object: CalendarObject,
  action: Extract<Action, { kind: "accept-proposal" }>,
  context: Context,
): Outcome {
  const key = action.key ?? masterKey;
  const { zones, present, proposal, status } = findProposal(state, object, action.attendee, key, context);
  const wanted = proposal && present && applyProposed(present, proposal.component, zones, context.limits);
  if (!wanted || proposal.status !== "open" || status === "withdrawn") {
    return { kind: "ignored", rule: "RFC 5546 §3.2.7", reason: "no-proposal" };
  }
  // RFC 5546 §4.2.4: what takes a proposal over has a higher SEQUENCE, also where no time moves.
  const after = stamp(wanted, raisedRevision(state, context), zones, context) ?? wanted;
  const revised = reviseAsOrganizer(state, mergeComponents(object, object, [after]), context);
  if (revised.kind !== "applied" && revised.kind !== "ignored") return revised;
  const unchanged = { kind: "applied", messages: [], changes: [], tolerated: [], state } as const;
  const base = revised.kind === "applied" ? revised : unchanged;
  const told: Change = { kind: "proposal", key, attendee: proposal.attendee, status: "accepted", updates: [] };
  return {
    ...base,
    rule: "RFC 5546 §3.2.7",
    state: settleProposal(base.state, proposal, "accepted"),
    changes: [told, ...base.changes],
  };
}
