import { firstProperty, makeComponent, type Property } from "../../icalendar/component.ts";
import { makeDateTimeProperty, readDateTime } from "../../icalendar/date-time.ts";
import { parameterValue, withParameter } from "../../icalendar/parameter.ts";
import { makeTextProperty, readText } from "../../icalendar/text.ts";
import { maxProposalsOfAttendee } from "../../limits.ts";
import { type CalendarUserAddress, withoutTag } from "../../model/address.ts";
import {
  type CalendarObject,
  leadingComponent,
  type ObjectComponent,
  organizerOf,
  withComponents,
} from "../../model/calendar-object.ts";
import { isCancelled } from "../../model/cancelled.ts";
import type { ObjectType } from "../../model/method.ts";
import {
  applyProposed,
  makeOriginals,
  type ProposalZones,
  proposalPlace,
  proposalStatus,
  readProposed,
} from "../../model/proposal.ts";
import { isRange } from "../../model/ranges.ts";
import { instanceKey, masterKey, type RecurrenceId } from "../../model/recurrence-id.ts";
import { readRecurrenceSet } from "../../model/recurrence-set.ts";
import { allRegisters, readRegister, writeRegister } from "../../model/registers.ts";
import { makeRequestStatus } from "../../model/request-status.ts";
import { clampRevision, compareRevisions, type Revision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import {
  type Participation,
  type Proposal,
  participationKey,
  type SchedulingState,
} from "../../model/scheduling-state.ts";
import { recurs } from "../../model/times.ts";
import { nextInstances } from "../../recurrence/instances.ts";
import { resolveInstant, type ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import { utc } from "../../recurrence/zone.ts";
import { answersNothing } from "../answers.ts";
import { buildMessage, makeDtstamp, makeSequence } from "../build.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import { countHealing } from "../healing.ts";
import { guestsOf } from "../organize/guests.ts";
import { withoutUnseen } from "../organize/view.ts";
import type { Applied, Outcome } from "../outcome.ts";
import { type SentAgain, sendAgain } from "../present-version.ts";
import { proposalChange, proposedUpdates, takesNoCounters } from "../proposals.ts";
import { isOfMicrosoft } from "../quirks/counter-of-times-alone.ts";
import { sequenceOf } from "../restamp.ts";
import { restrictionTables } from "../restrictions/check.ts";
import { receiveReply } from "./receive-reply.ts";
import { answeringAttendee } from "./reply.ts";

/**
 * Keeps an Attendee's counter-proposal in the Organizer's copy, for the Organizer to decide; nothing in the object changes by it.
 * RFC 5546 §3.2.7 and §3.4.7. The newest of each Attendee for each Instance counts; what it says in PARTSTAT is an answer too
 * (decision 0021).
 *
 * - `ignored/unknown-uid`, `ignored/not-for-us`: the owner organizes no such object. `ignored/cancelled`: it takes place no more.
 * - `ignored/no-counters`: the Organizer has said to take none, and it is no answer either.
 * - `undecided/uninvited-counter`: its maker was never invited; confirmed by the owner, it is kept. Where policy refuses the
 *   uninvited, `ignored/not-for-us`.
 * - `ignored/superseded`, `ignored/duplicate`: an equal or newer one is known.
 * - `rejected`: it is for an Instance that does not exist, or for all from one on; or its maker has too many open.
 */
export function receiveCounter(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const { object } = state;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const organizer = organizerOf(object);
  const maker = message.originator;
  if (!organizer || !context.addresses.has(organizer.address) || !maker || context.addresses.has(maker)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const counter = leadingComponent(message.object);
  if (isRange(counter)) {
    const status = makeRequestStatus("3.14", "RANGE=THISANDFUTURE");
    return { kind: "rejected", rule: "RFC 5546 §3.6.27", status, violations: [] };
  }
  const zones: ProposalZones = {
    present: makeZoneResolver(object.timezones, context.zones, context.limits),
    proposed: makeZoneResolver(message.object.timezones, context.zones, context.limits),
  };
  const scope = scopeOf(state, object, message, zones, context);
  const present = scope && proposalPlace(object, scope.key, zones.present, context.limits);
  if (!scope || !present) return answersNothing(state, counter);
  if (isCancelled(state, present)) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  const invited = [maker, withoutTag(maker)].find((address) => present.attendees.has(address));
  if (!invited && !evidence.confirmedByOwner) {
    if (context.policy.uninvited === "refuse") {
      return { kind: "ignored", rule: "RFC 5546 §3.2.2.6", reason: "not-for-us" };
    }
    const question = { kind: "uninvited-counter", from: maker } as const;
    return { kind: "undecided", rule: "RFC 5546 §3.2.2.6", question, tolerated: [] };
  }
  const answered = invited ? takeAnswer(state, message, scope, evidence, context) : undefined;
  const place: Place = { present, maker: invited ?? maker, zones };
  return keepProposal(state, answered, readProposal(state, object, scope, place, context), place, context);
}

/**
 * The component of a COUNTER, named for what it is meant. Exchange has people propose times for one Instance only, and not always a
 * RECURRENCE-ID: then it is the one that starts at the original start. `undefined` where none does.
 */
function scopeOf(
  state: SchedulingState,
  object: CalendarObject,
  message: SchedulingMessage,
  zones: ProposalZones,
  context: Context,
): ObjectComponent | undefined {
  const counter = leadingComponent(message.object);
  const { master } = object;
  if (counter.key !== masterKey || !master || !recurs(master) || recurs(counter)) return counter;
  // Others name the Instance; without a name and of an older version it was for what did not repeat yet.
  const isOlder = counter.revision.sequence < sequenceOf(state, master);
  if (isOlder && !isOfMicrosoft(readText(message.calendar, "PRODID"))) return counter;
  const property = firstProperty(counter.component, "X-MS-OLK-ORIGINALSTART");
  const start = property && readDateTime(property);
  if (!start || !context.quirks.has("counter-of-times-alone")) return counter;
  const instant = resolveInstant(start, zones.proposed, utc);
  if (instant === undefined) return undefined;
  const set = readRecurrenceSet(object, zones.present, context.limits);
  const instance = nextInstances(set, instant, 1, context.limits).instances[0];
  if (instance?.start !== instant) return undefined;
  const recurrenceId: RecurrenceId = { ...instance.recurrenceId, range: "this" };
  return { ...counter, recurrenceId, key: instanceKey(recurrenceId) };
}

/** What a COUNTER says in PARTSTAT is taken as a REPLY would be; NEEDS-ACTION says nothing. */
function takeAnswer(
  state: SchedulingState,
  message: SchedulingMessage,
  scope: ObjectComponent,
  evidence: Evidence,
  context: Context,
): Applied | undefined {
  const attendee = message.originator && scope.attendees.get(message.originator);
  if (!attendee || attendee.partstat === "NEEDS-ACTION") return undefined;
  const reply: SchedulingMessage = { ...message, object: withComponents(message.object, [scope]) };
  const outcome = receiveReply(state, reply, evidence, context);
  return outcome.kind === "applied" ? outcome : undefined;
}

function readProposal(
  state: SchedulingState,
  object: CalendarObject,
  scope: ObjectComponent,
  place: Place,
  context: Context,
): Proposal {
  const { present, zones, maker } = place;
  // Who is not on some Instances sees a series that leaves them out (decision 0014): to repeat that asks for nothing.
  const keys = new Set(guestsOf(object, context).get(maker));
  const isSeries = scope.key === masterKey && keys.has(masterKey);
  const own = present.component;
  const seen = isSeries ? withoutUnseen(own, object, keys, zones.present, context.limits) : own;
  const counter = clampRevision(scope.revision, context.now);
  return {
    attendee: maker,
    key: scope.key,
    counter,
    // Google raises SEQUENCE in a COUNTER; nobody has seen a later version than there is.
    counteredSequence: Math.min(counter.sequence, sequenceOf(state, present)),
    component: readProposed(scope.component, { ...present, component: seen }, zones, context.limits),
    ...commentOf(readText(scope.component, "COMMENT"), context),
    at: context.now,
    status: "open",
  };
}

/** Where a proposal belongs: what is there now, who makes it, and what TZIDs mean. */
interface Place {
  readonly present: ObjectComponent;
  readonly maker: CalendarUserAddress;
  readonly zones: ProposalZones;
}

function keepProposal(
  state: SchedulingState,
  answered: Applied | undefined,
  proposal: Proposal,
  { present, zones }: Place,
  context: Context,
): Outcome {
  const register = participationKey(proposal.attendee, proposal.key);
  const known = readRegister(state.proposals, register);
  const order = known ? orderProposals(proposal, known) : 1;
  const refusal = refuse(state, proposal, present, known, order);
  if (refusal) return answered ?? refusal;
  const base = answered?.state ?? state;
  const kept = { ...base, proposals: writeRegister(base.proposals, register, proposal) };
  const status = proposalStatus(kept, proposal, present, zones.present, context.limits);
  const messages = answered?.messages ?? [];
  const healed = status === "outdated" && messages.length === 0 ? heal(kept, proposal.attendee, context) : undefined;
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.7",
    state: healed?.state ?? kept,
    messages: healed?.messages ?? messages,
    changes: [
      ...(answered?.changes ?? []),
      proposalChange(proposal, status, present, zones.present, context.limits),
      ...(healed ? [{ kind: "sent-again", key: proposal.key, attendee: proposal.attendee } as const] : []),
    ],
    tolerated: [],
  };
}

/** Who proposes against an older version is sent the present one, as often as policy allows. */
function heal(state: SchedulingState, attendee: CalendarUserAddress, context: Context): SentAgain | undefined {
  const counted = countHealing(state, attendee, context);
  return counted?.object && sendAgain(counted, counted.object, attendee, context);
}

function refuse(
  state: SchedulingState,
  proposal: Proposal,
  present: ObjectComponent,
  known: Proposal | undefined,
  order: number,
): Outcome | undefined {
  if (takesNoCounters(present)) return { kind: "ignored", rule: "decision 0021", reason: "no-counters" };
  if (order <= 0) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: order < 0 ? "superseded" : "duplicate" };
  if (known || countProposals(state, proposal.attendee) < maxProposalsOfAttendee) return undefined;
  return {
    kind: "rejected",
    rule: "RFC 5546 §3.6.27",
    status: makeRequestStatus("3.14", "METHOD:COUNTER"),
    violations: [],
  };
}

function countProposals(state: SchedulingState, attendee: CalendarUserAddress): number {
  let count = 0;
  for (const proposal of allRegisters(state.proposals).values()) if (proposal.attendee === attendee) count++;
  return count;
}

/** Orders two proposals of one Attendee; two of one revision that differ by what they say, so that all orders end alike. */
function orderProposals(a: Proposal, b: Proposal): number {
  const order = compareRevisions(revisionOf(a), revisionOf(b)) || a.counter.sequence - b.counter.sequence;
  if (order !== 0) return order;
  const [said, known] = [contentOf(a), contentOf(b)];
  return said === known ? 0 : said > known ? 1 : -1;
}

function revisionOf({ counter, counteredSequence }: Proposal): Revision {
  return { sequence: counteredSequence, dtstamp: counter.dtstamp };
}

function contentOf({ component, comment = "" }: Proposal): string {
  return [comment, ...component.properties.map(({ name, value }) => `${name}:${value}`)].join("\n");
}

/** What a COUNTER is made of. */
export interface CounterParts {
  readonly object: CalendarObject;
  /** What it is about, as it is now. */
  readonly present: ObjectComponent;
  readonly organizer: CalendarUserAddress;
  readonly proposal: Proposal;
  /** The answer that goes with it. */
  readonly participation: Participation;
}

/**
 * Builds a COUNTER: all of what there is with what is proposed in its place, RFC 5546 §3.2.7 and §3.4.7. Of the ATTENDEEs it names the
 * one who proposes, as Exchange and Google do; the old times go along in Exchange's form (decision 0021).
 */
export function buildCounter(parts: CounterParts, context: Context): SchedulingMessage {
  const { object, present, proposal, participation } = parts;
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const alternative = applyProposed(present, proposal.component, zones, context.limits) ?? present;
  // An empty value says that something is to be left out.
  const removed = proposal.component.properties.filter(({ value }) => value === "");
  const written = new Set(["SEQUENCE", "DTSTAMP", "ATTENDEE", "COMMENT", "REQUEST-STATUS"]);
  const properties = [...alternative.component.properties, ...removed]
    .filter(({ name }) => !written.has(name) && !name.startsWith("X-MS-OLK-ORIGINAL"))
    // Nobody proposes for all after: of what speaks for them the first Instance is meant.
    .map((property) => (property.name === "RECURRENCE-ID" ? withParameter(property, "RANGE", undefined) : property))
    .flatMap((property) => withKnownZone(property, object, zones));
  const defaults = [
    makeTextProperty("SUMMARY", ""),
    // RFC 5545 §3.8.1.9: 0 says that there is none.
    ...(object.type === "VTODO" ? [{ name: "PRIORITY", parameters: [], value: "0" }] : []),
  ];
  const all: readonly Property[] = [
    ...properties,
    makeSequence(proposal.counter.sequence),
    makeDtstamp(proposal.counter.dtstamp),
    answeringAttendee(present, participation, context),
    ...(proposal.comment ? [makeTextProperty("COMMENT", proposal.comment)] : []),
    ...makeOriginals(present, zones),
    ...defaults.filter(({ name }) => !properties.some((property) => property.name === name)),
  ];
  return {
    ...buildMessage({
      method: "COUNTER",
      originator: participation.attendee,
      recipients: [parts.organizer],
      type: object.type,
      components: [makeComponent(present.component.name, fitTable(all, object.type))],
      timezones: object.timezones,
      context,
    }),
    updates: proposedUpdates(proposal, present, zones, context.limits),
  };
}

/** What a request says twice against the table, or should not say, need not be repeated. */
function fitTable(properties: readonly Property[], type: ObjectType): readonly Property[] {
  const cells = restrictionTables[type].COUNTER?.properties ?? {};
  const seen = new Set<string>();
  return properties.filter(({ name }) => {
    const cell = cells[name];
    const isOne = cell === "1" || cell === "0-1";
    const fits = cell !== "0" && !(isOne && seen.has(name));
    seen.add(name);
    return fits;
  });
}

/** Times in a zone that has no VTIMEZONE to send along are said in UTC. */
function withKnownZone(property: Property, object: CalendarObject, zones: ZoneResolver): readonly Property[] {
  const tzid = parameterValue(property, "TZID");
  if (tzid === undefined || object.timezones.some((timezone) => readText(timezone, "TZID") === tzid)) return [property];
  const value = readDateTime(property);
  const instant = value && resolveInstant(value, zones);
  return instant === undefined ? [] : [makeDateTimeProperty(property.name, { kind: "utc", wall: instant })];
}
