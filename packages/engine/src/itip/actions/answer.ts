import { firstProperty, withProperty } from "../../icalendar/component.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { maxAnswersOfVersion } from "../../limits.ts";
import { type CalendarUserAddress, isMailAddress } from "../../model/address.ts";
import { type CalendarObject, type ObjectComponent, objectComponents } from "../../model/calendar-object.ts";
import { isCancelled } from "../../model/cancelled.ts";
import { isRange } from "../../model/ranges.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { readRegister } from "../../model/registers.ts";
import { currentAnswer, lastAnswer, majorSequence, revisionsFor, sequenceAfter } from "../../model/render.ts";
import { makeRequestStatus } from "../../model/request-status.ts";
import { clampRevision } from "../../model/revision.ts";
import {
  type Participation,
  participationKey,
  type SchedulingState,
  writeParticipation,
} from "../../model/scheduling-state.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import { answerChange, dtstampOfAnswer } from "../answer-change.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import { isPublication } from "../methods/receive-publish.ts";
import { type Answered, buildReply } from "../methods/reply.ts";
import type { Outcome } from "../outcome.ts";
import { invitedAs, meantComponent } from "../own-copy.ts";
import { isAnswer } from "../ownership.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";

type Answer = Extract<Action, { kind: "answer" }>;

/**
 * Answers an invitation: for the whole object, for one Instance of it, or for that one and all after. RFC 5546 §3.2.3 and §3.4.3.
 *
 * What is `isRestated`, said once more because the Organizer asks, is said of nothing that moved since.
 *
 * - `ignored/unknown-uid`: the object has no such Instance; `ignored/cancelled`: it does not take place.
 * - `ignored/not-for-us`: it is published, and nobody answers that.
 * - `rejected`: nobody says that of such an object, the Organizer has no mail address, or the REPLY would break its table.
 */
export function answer(
  state: SchedulingState,
  object: CalendarObject,
  organizer: CalendarUserAddress,
  action: Answer,
  context: Context,
  isRestated = false,
): Outcome {
  if (isPublication(object)) return { kind: "ignored", rule: "RFC 5546 §3.2.1", reason: "not-for-us" };
  const component = answeredComponent(state, object, action, context);
  if (!component) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  if (isCancelled(state, component)) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  if (!isAnswer(object.type, action.partstat)) {
    const status = makeRequestStatus("3.1", `PARTSTAT=${action.partstat}`);
    return { kind: "rejected", rule: "RFC 5545 §3.2.12", status, violations: [] };
  }
  if (!isMailAddress(organizer)) {
    const status = makeRequestStatus("3.7", `ORGANIZER:${organizer}`);
    return { kind: "rejected", rule: "RFC 5546 §3.6.20", status, violations: [] };
  }
  const participation = makeParticipation(state, object, component, action, context);
  const revised = revisedInstances(state, object, participation, action.key);
  const further = isRestated ? revised.filter((one) => isAnswered(state, one)) : revised;
  const reply = buildReply(object, component, organizer, participation, context, further);
  const unsendable = rejectUnsendable([reply], "RFC 5546 §3.2.3");
  if (unsendable) return unsendable;
  const old = currentAnswer(state, component, participation.attendee).partstat;
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.3",
    state: further.reduce(
      (next, one) => writeParticipation(next, one.participation),
      writeParticipation(state, participation),
    ),
    messages: [reply],
    changes: [answerChange(state, participation, old)],
    tolerated: [],
  };
}

/**
 * The same answer to the Instances it is for that were revised after what it names: an answer counts for the SEQUENCE it has (decision
 * 0019), and the owner has seen them. Not to those they have answered by themselves, but for the one they name (`meantComponent`); at most
 * `maxAnswersOfVersion`.
 */
export function revisedInstances(
  state: SchedulingState,
  object: CalendarObject,
  said: Participation,
  named?: InstanceKey,
): readonly Answered[] {
  if (said.key !== masterKey && !said.range) return [];
  const { range: _range, ...single } = said;
  // Who got it forwarded is on none of it, and answers all of it.
  const isInvited = objectComponents(object).some(({ attendees }) => attendees.has(said.attendee));
  const answered = [...object.overrides.values()].flatMap((component): readonly Answered[] => {
    const { key } = component;
    const sequence = revisionsFor(state, key)?.latest.sequence ?? 0;
    if (key <= said.key || (key !== named && sequence <= said.answeredSequence)) return [];
    if (isInvited && !component.attendees.has(said.attendee)) return [];
    const own = lastAnswer(state, said.attendee, key);
    if (isCancelled(state, component)) return [];
    if (key !== named && own && own.answeredSequence >= majorSequence(state, key)) return [];
    const dtstamp = Math.max(said.reply.dtstamp, own ? own.reply.dtstamp + 1 : 0);
    const range = isRange(component) ? ({ range: "this-and-future" } as const) : {};
    const participation = { ...single, ...range, key, answeredSequence: sequence, reply: { sequence, dtstamp } };
    return [{ component, participation }];
  });
  return answered.slice(0, maxAnswersOfVersion);
}

/** Whether what was said of an Instance counts there: what moved since nobody has answered. */
function isAnswered(state: SchedulingState, { component, participation }: Answered): boolean {
  const known = currentAnswer(state, component, participation.attendee);
  return known.participation !== undefined && !known.outdated;
}

/** What is answered, its RECURRENCE-ID of the range of the answer; who knows no series says nothing of what follows. */
function answeredComponent(
  state: SchedulingState,
  object: CalendarObject,
  action: Answer,
  context: Context,
): ObjectComponent | undefined {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const range = object.master && action.range;
  const component = meantComponent(state, object, action.key, zones, context.limits);
  const property = component && firstProperty(component.component, "RECURRENCE-ID");
  if (!component?.recurrenceId || !property) return component;
  return {
    ...component,
    recurrenceId: { ...component.recurrenceId, range: range ?? "this" },
    component: withProperty(
      component.component,
      "RECURRENCE-ID",
      withParameter(property, "RANGE", range && ["THISANDFUTURE"]),
    ),
  };
}

function makeParticipation(
  state: SchedulingState,
  { type }: CalendarObject,
  component: ObjectComponent,
  action: Answer,
  context: Context,
): Participation {
  const { key } = component;
  const attendee = invitedAs(component, context);
  const answered = revisionsFor(state, key)?.latest ?? clampRevision(component.revision, context.now);
  const range = isRange(component) ? "this-and-future" : undefined;
  const known = readRegister(state.participations, participationKey(attendee, key, range));
  // What is said of all after is said of the version those have; and nothing is said of less than before, for that would be older.
  const sequence = Math.max(answered.sequence, range ? sequenceAfter(state, key) : 0, known?.reply.sequence ?? 0);
  const revision = { ...answered, sequence };
  return {
    attendee,
    key,
    ...(range && { range }),
    partstat: action.partstat,
    reply: { sequence: revision.sequence, dtstamp: dtstampOfAnswer(state, attendee, key, context) },
    answeredSequence: revision.sequence,
    ...commentOf(action.comment, context),
    ...(type === "VTODO" && progressOf(action, context)),
    ...(context.actor && { sentBy: context.actor }),
  };
}

/** How far a to-do is, RFC 5546 §3.4.3: what is done is done whole, and at some time. */
function progressOf({ partstat, percentComplete, completed }: Answer, { now }: Context): Partial<Participation> {
  if (partstat === "COMPLETED") return { percentComplete: 100, completed: completed ?? now };
  if (percentComplete === undefined) return {};
  return { percentComplete: Math.min(Math.max(Math.trunc(percentComplete), 0), 100) };
}
