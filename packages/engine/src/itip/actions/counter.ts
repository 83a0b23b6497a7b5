import { makeComponent } from "../../icalendar/component.ts";
import { type CalendarUserAddress, isMailAddress } from "../../model/address.ts";
import type { CalendarObject } from "../../model/calendar-object.ts";
import { isCancelled } from "../../model/cancelled.ts";
import { makeOriginals, proposesChange, readProposed } from "../../model/proposal.ts";
import type { InstanceKey } from "../../model/recurrence-id.ts";
import { readRegister, writeRegister } from "../../model/registers.ts";
import { currentAnswer, lastAnswer } from "../../model/render.ts";
import { makeRequestStatus } from "../../model/request-status.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import {
  type Participation,
  type Proposal,
  participationKey,
  type SchedulingState,
  writeParticipation,
} from "../../model/scheduling-state.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import { answerChange } from "../answer-change.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import { buildCounter } from "../methods/counter.ts";
import { isPublication } from "../methods/receive-publish.ts";
import { buildReply } from "../methods/reply.ts";
import type { Outcome } from "../outcome.ts";
import { invitedAs, meantComponent } from "../own-copy.ts";
import { proposalChange, takesNoCounters } from "../proposals.ts";
import { sequenceOf } from "../restamp.ts";
import { checkRestrictions } from "../restrictions/check.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";
import { revisedInstances } from "./answer.ts";

/**
 * Proposes to the Organizer to have it otherwise, all of it or one Instance. RFC 5546 §3.2.7 and §3.4.7. The copy stays as it is, but
 * for the owner's answer, which goes with the proposal: TENTATIVE unless they say otherwise (decision 0021).
 *
 * - `ignored/not-for-us`: it is published, and nobody is asked about that.
 * - `ignored/unknown-uid`: there is no such Instance. `ignored/cancelled`: it takes place no more.
 * - `ignored/no-counters`: the Organizer has said to take none.
 * - `ignored/nothing-changed`: it would be as it is.
 * - `rejected`: no mail reaches the Organizer, or the COUNTER would break its table.
 */
export function counter(
  state: SchedulingState,
  object: CalendarObject,
  organizer: CalendarUserAddress,
  action: Extract<Action, { kind: "counter" }>,
  context: Context,
): Outcome {
  if (isPublication(object)) return { kind: "ignored", rule: "RFC 5546 §3.2.1", reason: "not-for-us" };
  const { limits } = context;
  const zones = makeZoneResolver(object.timezones, context.zones, limits);
  const present = meantComponent(state, object, action.key, zones, limits);
  if (!present) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  if (isCancelled(state, present)) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  if (takesNoCounters(present)) return { kind: "ignored", rule: "decision 0021", reason: "no-counters" };
  if (!isMailAddress(organizer)) {
    const status = makeRequestStatus("3.7", `ORGANIZER:${organizer}`);
    return { kind: "rejected", rule: "RFC 5546 §3.6.20", status, violations: [] };
  }
  const wanted = makeComponent(present.component.name, action.changes);
  const proposed = readProposed(wanted, present, { present: zones, proposed: zones }, limits);
  if (!proposesChange(proposed)) return { kind: "ignored", rule: "RFC 5546 §3.2.7", reason: "nothing-changed" };
  const attendee = invitedAs(present, context);
  const register = participationKey(attendee, present.key);
  const said = lastAnswer(state, attendee, present.key)?.reply.dtstamp ?? 0;
  const before = readRegister(state.proposals, register)?.counter.dtstamp ?? 0;
  const sequence = sequenceOf(state, present);
  const proposal: Proposal = {
    attendee,
    key: present.key,
    // Two in one second must still be ordered: the Organizer keeps the later DTSTAMP.
    counter: { sequence, dtstamp: Math.max(context.now, said + 1, before + 1) },
    counteredSequence: sequence,
    component: { ...proposed, properties: [...proposed.properties, ...makeOriginals(present, zones)] },
    ...commentOf(action.comment, context),
    at: context.now,
    status: "open",
  };
  const participation = answerWith(proposal, action.partstat ?? "TENTATIVE", context);
  const message = buildCounter({ object, present, organizer, proposal, participation }, context);
  const unsendable = rejectUnsendable([message], "RFC 5546 §3.2.7");
  if (unsendable) return unsendable;
  const beside = answerBeside(state, object, organizer, participation, context, action.key);
  const old = currentAnswer(state, present, attendee).partstat;
  // What they say beside is told with the proposal.
  const { comment: _said, ...plain } = participation;
  const answered = old === participation.partstat ? [] : [answerChange(state, plain, old)];
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.7",
    state: {
      ...beside.answered.reduce(writeParticipation, writeParticipation(state, participation)),
      proposals: writeRegister(state.proposals, register, proposal),
    },
    messages: [message, ...beside.messages],
    changes: [proposalChange(proposal, "open", present, zones, limits), ...answered],
    tolerated: [],
  };
}

/** A COUNTER is of one thing alone: the same answer to Instances that were revised since leaves by itself. */
function answerBeside(
  state: SchedulingState,
  object: CalendarObject,
  organizer: CalendarUserAddress,
  participation: Participation,
  context: Context,
  named: InstanceKey | undefined,
): { readonly messages: readonly SchedulingMessage[]; readonly answered: readonly Participation[] } {
  const [first, ...others] = revisedInstances(state, object, participation, named);
  const reply = first && buildReply(object, first.component, organizer, first.participation, context, others);
  if (!first || !reply || checkRestrictions(reply).length > 0) return { messages: [], answered: [] };
  return { messages: [reply], answered: [first, ...others].map((one) => one.participation) };
}

function answerWith(proposal: Proposal, partstat: Participation["partstat"], { actor }: Context): Participation {
  const { attendee, key, counter: revision, counteredSequence, comment } = proposal;
  return {
    attendee,
    key,
    partstat,
    reply: revision,
    answeredSequence: counteredSequence,
    ...(comment && { comment }),
    ...(actor && { sentBy: actor }),
  };
}
