import type { CalendarUserAddress } from "../../model/address.ts";
import { isMailAddress } from "../../model/address.ts";
import { type CalendarObject, componentAt } from "../../model/calendar-object.ts";
import { isCancelled } from "../../model/cancelled.ts";
import { readRegister } from "../../model/registers.ts";
import { currentAnswer } from "../../model/render.ts";
import {
  type Participation,
  participationKey,
  type SchedulingState,
  writeParticipation,
} from "../../model/scheduling-state.ts";
import type { Action } from "../action.ts";
import type { Context } from "../context.ts";
import { buildReply } from "../methods/reply.ts";
import type { Outcome } from "../outcome.ts";
import { invitedAs, leadingLive } from "../own-copy.ts";
import { checkRestrictions } from "../restrictions/check.ts";
import { statusFor } from "../restrictions/status.ts";

/** Answers an invitation, for the whole object or for one Instance. RFC 5546 §3.2.3. */
export function answer(
  state: SchedulingState,
  object: CalendarObject,
  organizer: CalendarUserAddress,
  action: Extract<Action, { kind: "answer" }>,
  context: Context,
): Outcome {
  const component = action.key === undefined ? leadingLive(state, object) : componentAt(object, action.key);
  if (!component) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  if (isCancelled(state, component)) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  if (!isMailAddress(organizer)) {
    const status = { code: [3, 7], description: "Invalid calendar user", exception: `ORGANIZER:${organizer}` } as const;
    return { kind: "rejected", rule: "RFC 5546 §3.6.20", status, violations: [] };
  }
  const attendee = invitedAs(component, context);
  const known = readRegister(state.participations, participationKey(attendee, component.key));
  const sequence = readRegister(state.revisions, component.key)?.latest.sequence ?? component.revision.sequence;
  // Two answers in one second must still be ordered: the Organizer keeps the later DTSTAMP.
  const dtstamp = Math.max(context.now, known ? known.reply.dtstamp + 1 : 0);
  const comment = action.comment?.trim().slice(0, context.limits.maxCommentLength);
  const participation: Participation = {
    attendee,
    key: component.key,
    partstat: action.partstat,
    reply: { sequence, dtstamp },
    answeredSequence: sequence,
    ...(comment && { comment }),
  };
  const reply = buildReply(object, component, organizer, participation, context);
  const violations = checkRestrictions(reply);
  if (violations.length > 0) {
    return { kind: "rejected", rule: "RFC 5546 §3.2.3", status: statusFor(violations), violations };
  }
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.3",
    state: writeParticipation(state, participation),
    messages: [reply],
    changes: [
      {
        kind: "participation",
        key: component.key,
        attendee,
        old: currentAnswer(state, component, attendee).partstat,
        new: action.partstat,
        ...(comment && { comment }),
        outdated: false,
      },
    ],
    tolerated: [],
  };
}
