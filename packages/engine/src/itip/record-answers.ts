import { formatAddress } from "../model/address.ts";
import type { ObjectComponent } from "../model/calendar-object.ts";
import type { ObjectType } from "../model/method.ts";
import { isRange, isRangeStart } from "../model/ranges.ts";
import { masterKey } from "../model/recurrence-id.ts";
import { readRegister } from "../model/registers.ts";
import { currentAnswer, isOverruled, lastAnswer, revisionsFor, sequenceAfter } from "../model/render.ts";
import { formatRequestStatus, type KnownStatusCode, makeRequestStatus } from "../model/request-status.ts";
import { clampRevision, compareRevisions, type Revision } from "../model/revision.ts";
import {
  carriedAlong,
  type Participation,
  participationKey,
  type SchedulingState,
  writeParticipation,
} from "../model/scheduling-state.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { answerChange } from "./answer-change.ts";
import type { Answer } from "./answers.ts";
import type { Context } from "./context.ts";
import { type Consequences, followDelegation, isEndlessDelegation } from "./delegation.ts";
import { countHealing } from "./healing.ts";
import { withAnswersToOnly } from "./only-instance.ts";
import type { Outcome, Rejected, Rule } from "./outcome.ts";
import { readParticipation } from "./ownership.ts";
import { sendAgain } from "./present-version.ts";
import { rejectUnsendable } from "./restrictions/unsendable.ts";

/**
 * Records answers of one invited Attendee: their own registers change, and what delegation makes of the guest list. Who answers an
 * older time is sent the present version, as often a day as policy allows (decision 0019).
 *
 * - `ignored/superseded`, `ignored/duplicate`: for every Instance answered an equal or newer answer is recorded.
 * - `rejected`: a delegation that would never end, or one from some Instance on; or what would be sent breaks a restriction table.
 */
export function recordAnswers(
  state: SchedulingState,
  type: ObjectType,
  answers: readonly Answer[],
  context: Context,
): Outcome {
  return record(state, type, answers, recordOne, context);
}

/**
 * Records in a delegator's copy what a delegate said, RFC 5546 §3.2.2.3. What becomes of the guest list, and who is written to, is the
 * Organizer's to say.
 *
 * - `ignored/superseded`, `ignored/duplicate`: as for an Organizer.
 */
export function recordHearsay(
  state: SchedulingState,
  type: ObjectType,
  answers: readonly Answer[],
  context: Context,
): Outcome {
  return record(state, type, answers, writeAnswer, context);
}

type Recorder = (
  state: SchedulingState,
  answer: Answer,
  participation: Participation,
  last: Participation | undefined,
  context: Context,
) => Consequences | Rejected;

function record(
  state: SchedulingState,
  type: ObjectType,
  answers: readonly Answer[],
  recorder: Recorder,
  context: Context,
): Outcome {
  let all: Consequences = { state, messages: [], changes: [] };
  let older = false;
  // To Instances first: what is sent because of an answer to the whole shows them.
  for (const answer of answers.toReversed()) {
    const read = readAnswer(state, type, answer, context);
    const last = lastAnswer(all.state, read.attendee, read.key);
    // Why the request was not served is told of what stands.
    const known = isStatusAlone(read) ? last : knownAnswer(all.state, read);
    const participation = besideStatus(read, known);
    const order = known ? orderOf(read, participation, known) : 1;
    if (order < 0) older = true;
    if (order <= 0) continue;
    const one = recorder(all.state, answer, participation, last, context);
    if ("kind" in one) return one;
    all = { ...one, messages: [...all.messages, ...one.messages], changes: [...one.changes, ...all.changes] };
  }
  if (all.state === state) {
    return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: older ? "superseded" : "duplicate" };
  }
  const healed = recorder === recordOne ? healOutdated(all, context) : all;
  const unsendable = rejectUnsendable(healed.messages);
  if (unsendable) return unsendable;
  return { kind: "applied", rule: "RFC 5546 §3.2.3", ...healed, tolerated: [] };
}

function readAnswer(state: SchedulingState, type: ObjectType, answer: Answer, context: Context): Participation {
  const { component, attendee, invitedAs } = answer;
  const invited = { ...attendee, address: invitedAs ?? attendee.address };
  const read = readParticipation(type, component, invited, component.revision, context.limits);
  const reply = answeredRevision(state, component, knownAnswer(state, read), context);
  return { ...read, reply, answeredSequence: reply.sequence };
}

/** What is known of the same: the Instance alone, that and all after, or the whole. */
function knownAnswer(
  { participations }: SchedulingState,
  { attendee, key, range }: Participation,
): Participation | undefined {
  return readRegister(participations, participationKey(attendee, key, range));
}

/**
 * What is kept of a REPLY beside what is known. One that says only why the request was not served (decision 0019) is no answer: it takes
 * the place of none, and that a METHOD is not served (3.14) is known until something else is said of that.
 */
function besideStatus(said: Participation, known: Participation | undefined): Participation {
  if (isStatusAlone(said)) {
    const { attendee, key, partstat, answeredSequence, requestStatus } = said;
    const base = known ?? { attendee, key, partstat, answeredSequence, reply: { sequence: carriedAlong, dtstamp: 0 } };
    return { ...base, ...(requestStatus && { requestStatus }) };
  }
  const status = known?.requestStatus;
  const isUnserved = status?.code[0] === 3 && status.code[1] === 14;
  return !said.requestStatus && isUnserved ? { ...said, requestStatus: status } : said;
}

function isStatusAlone({ partstat, requestStatus }: Participation): boolean {
  return partstat === "NEEDS-ACTION" && (requestStatus?.code[0] === 3 || requestStatus?.code[0] === 5);
}

function orderOf(read: Participation, kept: Participation, known: Participation): number {
  if (!isStatusAlone(read)) return compareAnswers(kept, known);
  if (compareRevisions(read.reply, known.reply) < 0) return -1;
  return contentOf(kept) === contentOf(known) ? 0 : 1;
}

/**
 * No answer is to a later version than there is: a SEQUENCE beyond would outlive all versions to come. Who answered all after an Instance
 * named the version those have, and goes on from there.
 */
function answeredRevision(
  state: SchedulingState,
  component: ObjectComponent,
  before: Participation | undefined,
  context: Context,
): Revision {
  const { key } = component;
  const revision = clampRevision(component.revision, context.now);
  const known = (revisionsFor(state, key) ?? readRegister(state.revisions, masterKey))?.latest.sequence;
  if (known === undefined) return revision;
  const after = isRange(component) ? sequenceAfter(state, key) : 0;
  const latest = Math.max(known, after, before?.reply.sequence ?? 0);
  return { ...revision, sequence: Math.min(revision.sequence, latest) };
}

/**
 * Orders two answers of one Attendee, RFC 5546 §2.1.5. Two that claim the same revision and differ are put in some order that
 * does not depend on which came first, so that all copies of the mail end in one state.
 */
function compareAnswers(a: Participation, b: Participation): number {
  const order = compareRevisions(a.reply, b.reply);
  if (order !== 0) return order;
  const [said, known] = [contentOf(a), contentOf(b)];
  return said === known ? 0 : said > known ? 1 : -1;
}

function contentOf(participation: Participation): string {
  const { partstat, range = "", comment = "", percentComplete = -1, completed = 0, requestStatus } = participation;
  const { delegatedTo = [], informed = false, sentBy = "" } = participation;
  const status = requestStatus ? formatRequestStatus(requestStatus) : "";
  return JSON.stringify([partstat, range, comment, percentComplete, completed, status, sentBy, informed, delegatedTo]);
}

function writeAnswer(state: SchedulingState, { answered }: Answer, participation: Participation): Consequences {
  const { key, attendee } = participation;
  const old = currentAnswer(state, answered, attendee, key).partstat;
  // What has been overruled is kept all the same, so that the registers are the same in any order.
  const changes = isOverruled(state, participation) ? [] : [answerChange(state, participation, old)];
  return { state: writeParticipation(state, participation), messages: [], changes };
}

function recordOne(
  state: SchedulingState,
  answer: Answer,
  participation: Participation,
  last: Participation | undefined,
  context: Context,
): Consequences | Rejected {
  const { component, answered } = answer;
  const { key, delegatedTo, range } = participation;
  const written = writeAnswer(state, answer, participation);
  // The first of all that one component speaks for cannot go to somebody else alone.
  const isOfRange = state.object !== undefined && isRangeStart(state.object, key);
  if (delegatedTo && (range || isOfRange)) return refused("3.14", "RANGE=THISANDFUTURE", "RFC 5546 §3.6.27");
  if (delegatedTo && isEndlessDelegation(state, answered, participation)) {
    return refused("3.7", delegatedTo.map(formatAddress).join(","), "decision 0020");
  }
  if (written.changes.length === 0) return written;
  const recorded = { participation, component, answered, ...(last && { known: last }) };
  const followed = followDelegation(state, written.state, recorded, context);
  if (!followed) return refused("3.10", undefined, "RFC 5546 §3.6.23");
  return { ...followed, changes: [...written.changes, ...followed.changes] };
}

function refused(code: KnownStatusCode, exception: string | undefined, rule: Rule): Rejected {
  return { kind: "rejected", rule, status: makeRequestStatus(code, exception), violations: [] };
}

/** Whose answer is to an older time has an older version: the present one is sent again to them alone. */
function healOutdated(all: Consequences, context: Context): Consequences {
  const outdated = all.changes.find((change) => change.kind === "participation" && change.outdated);
  const { object } = all.state;
  if (outdated?.kind !== "participation" || !object) return all;
  const { key, attendee } = outdated;
  // What counts of the only Instance goes on to count for the whole.
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const kept = { ...all, state: withAnswersToOnly({ ...all.state, object }, zones, [attendee]) };
  // What was sent because of one answer does not show another that came with it.
  const isAlone = all.changes.filter(({ kind }) => kind === "participation").length === 1;
  if (isAlone && all.changes.some((each) => each.kind === "sent-again" && each.attendee === attendee)) return kept;
  const counted = countHealing(kept.state, attendee, context);
  const sent = counted && sendAgain(counted, object, attendee, context);
  if (!sent) return kept;
  return {
    state: sent.state,
    messages: [...all.messages, ...sent.messages],
    changes: [...all.changes, { kind: "sent-again", key, attendee }],
  };
}
