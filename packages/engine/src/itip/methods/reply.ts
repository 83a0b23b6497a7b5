import { makeComponent, type Property } from "../../icalendar/component.ts";
import { makeDateTimeProperty, readDateTime } from "../../icalendar/date-time.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import { type CalendarUserAddress, formatAddress, withoutTag } from "../../model/address.ts";
import {
  type CalendarObject,
  componentAt,
  type ObjectComponent,
  objectComponents,
  organizerOf,
  readObjectComponent,
  withComponents,
} from "../../model/calendar-object.ts";
import type { Attendee } from "../../model/calendar-user.ts";
import { masterKey } from "../../model/recurrence-id.ts";
import { readRegister } from "../../model/registers.ts";
import { currentAnswer, majorSequence } from "../../model/render.ts";
import { clampRevision, compareRevisions, type Revision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import {
  type Participation,
  participationKey,
  type SchedulingState,
  writeParticipation,
} from "../../model/scheduling-state.ts";
import { recurs } from "../../model/times.ts";
import { resolveInstant, type ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import { buildMessage, makeDtstamp, makeSequence } from "../build.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import { reviseAsOrganizer } from "../organize.ts";
import type { Change, Outcome } from "../outcome.ts";
import { readParticipation } from "../ownership.ts";
import { checkRestrictions } from "../restrictions/check.ts";

/**
 * Records an Attendee's answers in the Organizer's copy. RFC 5546 §3.2.3, ordered by §2.1.5 rules 3 and 4. It reads and
 * writes the registers of that one Attendee, however many others there are.
 *
 * - `ignored/unknown-uid`, `ignored/not-for-us`: the owner organizes no such object.
 * - `undecided/uninvited-reply`: the originator was never invited (RFC 5546 §3.2.2.6). Confirmed by the owner, they become
 *   an Attendee with their answer, and are sent the REQUEST.
 * - `ignored/superseded`, `ignored/duplicate`: for every Instance answered an equal or newer answer is recorded.
 * - `rejected`: it answers an Instance that does not exist.
 * - `applied`: the answer is recorded; to an older time it is shown but does not count (decision 0006).
 */
export function receiveReply(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const { object } = state;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const organizer = organizerOf(object);
  if (!organizer || !context.addresses.has(organizer.address)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const answers = objectComponents(message.object).flatMap((component) =>
    findAnswer(object, component, message.originator, context),
  );
  const first = answers[0];
  if (!first) {
    const exception = objectComponents(message.object)[0]?.key ?? "";
    const status = { code: [3, 1], description: "Invalid property value", exception } as const;
    return { kind: "rejected", rule: "RFC 5546 §3.6.14", status, violations: [] };
  }
  if (!first.invitedAs && evidence.confirmedByOwner) return admit(state, object, answers, context);
  if (!first.invitedAs) {
    const { address, partstat } = first.attendee;
    return {
      kind: "undecided",
      rule: "RFC 5546 §3.2.2.6",
      question: { kind: "uninvited-reply", from: address, partstat },
      tolerated: [],
    };
  }
  return recordAnswers(state, object, answers, context);
}

interface Answer {
  readonly component: ObjectComponent;
  readonly attendee: Attendee;
  /** The address of the ATTENDEE that was invited; absent for the uninvited. */
  readonly invitedAs?: CalendarUserAddress;
}

/**
 * The answer one component of a REPLY holds: its originator's alone, who is the one that evidence speaks of. None where it does
 * not name them, or names an Instance the object cannot have.
 */
function findAnswer(
  object: CalendarObject,
  component: ObjectComponent,
  originator: CalendarUserAddress | undefined,
  context: Context,
): readonly Answer[] {
  const attendee = originator && component.attendees.get(originator);
  if (!attendee) return [];
  const known = componentAt(object, component.key);
  const mayExist = known ?? (component.key !== masterKey && object.master && recurs(object.master));
  const lacksMaster = component.key === masterKey && !object.master;
  if (!mayExist && !lacksMaster) return [];
  const invited = known ?? object.master;
  const invitedAs = invited && findInvited(invited, attendee.address);
  return [{ component, attendee, ...(invitedAs && !context.addresses.has(invitedAs) && { invitedAs }) }];
}

/** The invited address a reply is for: the same, or the same without its plus-tag. */
function findInvited(invited: ObjectComponent, address: CalendarUserAddress): CalendarUserAddress | undefined {
  if (invited.attendees.has(address)) return address;
  const untagged = withoutTag(address);
  return invited.attendees.has(untagged) ? untagged : undefined;
}

/** Makes an uninvited originator an Attendee of what they answered, and records their answer. */
function admit(state: SchedulingState, object: CalendarObject, answers: readonly Answer[], context: Context): Outcome {
  const first = answers[0];
  if (!first || context.addresses.has(first.attendee.address)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const { address, name } = first.attendee;
  const bare: Property = { name: "ATTENDEE", parameters: [], value: formatAddress(address) };
  const invitation = name ? withParameter(bare, "CN", [name]) : bare;
  const admitted = reviseAsOrganizer(state, withAttendee(object, invitation, context), context);
  if (admitted.kind !== "applied" || !admitted.state.object) return admitted;
  const invited = answers.map((answer) => ({ ...answer, invitedAs: address }));
  const recorded = recordAnswers(admitted.state, admitted.state.object, invited, context);
  if (recorded.kind !== "applied") return admitted;
  return { ...recorded, messages: admitted.messages, changes: [...admitted.changes, ...recorded.changes] };
}

function withAttendee(object: CalendarObject, attendee: Property, context: Context): CalendarObject {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const components = objectComponents(object).flatMap((component) => {
    const properties = [...component.component.properties, attendee];
    return readObjectComponent({ ...component.component, properties }, zones, context.limits) ?? [];
  });
  return withComponents(object, components);
}

function recordAnswers(
  state: SchedulingState,
  object: CalendarObject,
  answers: readonly Answer[],
  context: Context,
): Outcome {
  const changes: Change[] = [];
  let next = state;
  let older = false;
  for (const { component, attendee, invitedAs } of answers) {
    const address = invitedAs ?? attendee.address;
    const revision = answeredRevision(state, component, context);
    const key = participationKey(address, component.key);
    const read = readParticipation(object.type, component, { ...attendee, address }, revision, context.limits);
    const known = readRegister(next.participations, key);
    const order = known ? compareAnswers(read, known) : 1;
    if (order < 0) older = true;
    if (order <= 0) continue;
    changes.push(answerChange(state, object, read));
    next = writeParticipation(next, read);
  }
  if (changes.length === 0) {
    return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: older ? "superseded" : "duplicate" };
  }
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.3",
    state: next,
    messages: [],
    changes,
    tolerated: [],
  };
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

function contentOf({ partstat, comment = "", percentComplete = 0, delegatedTo = [] }: Participation): string {
  return [partstat, comment, percentComplete, ...delegatedTo].join("\n");
}

/** No answer is to a later version than there is: a SEQUENCE beyond would outlive all versions to come. */
function answeredRevision(state: SchedulingState, component: ObjectComponent, context: Context): Revision {
  const revision = clampRevision(component.revision, context.now);
  const known = readRegister(state.revisions, component.key) ?? readRegister(state.revisions, masterKey);
  return known ? { ...revision, sequence: Math.min(revision.sequence, known.latest.sequence) } : revision;
}

function answerChange(state: SchedulingState, object: CalendarObject, answer: Participation): Change {
  const component = componentAt(object, answer.key) ?? object.master;
  return {
    kind: "participation",
    key: answer.key,
    attendee: answer.attendee,
    old: component ? currentAnswer(state, component, answer.attendee).partstat : "NEEDS-ACTION",
    new: answer.partstat,
    ...(answer.comment && { comment: answer.comment }),
    outdated: answer.answeredSequence < majorSequence(state, answer.key),
  };
}

/**
 * Properties a REPLY repeats from the request. RFC 5546 §3.2.3 wants few of them; Outlook and Google find the event by
 * them (decision 0007).
 */
const echoed: ReadonlySet<string> = new Set([
  "UID",
  "RECURRENCE-ID",
  "DTSTART",
  "DTEND",
  "DURATION",
  "DUE",
  "SUMMARY",
  "LOCATION",
  "ORGANIZER",
  "PRIORITY",
]);

/**
 * Builds the REPLY that tells the Organizer one recorded answer. RFC 5546 §3.2.3: exactly one ATTENDEE, the one invited.
 * Times stay in the zone of the request; where its VTIMEZONE is not fit to be sent on, they are said in UTC.
 */
export function buildReply(
  object: CalendarObject,
  component: ObjectComponent,
  organizer: CalendarUserAddress,
  participation: Participation,
  context: Context,
): SchedulingMessage {
  const echo = echoOf(component);
  const build = (properties: readonly Property[]): SchedulingMessage =>
    buildMessage({
      method: "REPLY",
      originator: participation.attendee,
      recipients: [organizer],
      type: object.type,
      components: [
        makeComponent(component.component.name, [
          ...properties,
          makeSequence(participation.answeredSequence),
          makeDtstamp(participation.reply.dtstamp),
          replyAttendee(component, participation, context),
          ...(participation.comment ? [makeTextProperty("COMMENT", participation.comment)] : []),
        ]),
      ],
      timezones: object.timezones,
      context,
    });
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const plain = echo.flatMap((property) => inUtc(property, zones));
  // What a request says badly need not be repeated; who answers what must be.
  const tries = [echo, plain, plain.filter((property) => needed.has(property.name))].map(build);
  return (tries.find((reply) => checkRestrictions(reply).length === 0) ?? tries.at(-1)) as SchedulingMessage;
}

const needed: ReadonlySet<string> = new Set(["UID", "RECURRENCE-ID", "ORGANIZER"]);

/** The first of each property, and one way to say an end. */
function echoOf({ component }: ObjectComponent): readonly Property[] {
  const named = new Map<string, Property>();
  for (const property of component.properties) {
    if (echoed.has(property.name) && !named.has(property.name)) named.set(property.name, property);
  }
  if (named.has("DTEND") || named.has("DUE")) named.delete("DURATION");
  return [...named.values()];
}

/** Says a zoned time in UTC. One of an unknown zone is left out, but for the Instance, which must be named somehow. */
function inUtc(property: Property, zones: ZoneResolver): readonly Property[] {
  const value = readDateTime(property);
  if (value?.kind !== "zoned") return [property];
  const instant = resolveInstant(value, zones);
  if (instant !== undefined) return [makeDateTimeProperty(property.name, { kind: "utc", wall: instant })];
  if (property.name !== "RECURRENCE-ID") return [];
  return [makeDateTimeProperty(property.name, { kind: "floating", wall: value.wall })];
}

/** The ATTENDEE as it was invited, letter for letter, with the answer and without RSVP. */
function replyAttendee(component: ObjectComponent, participation: Participation, context: Context): Property {
  const invited = component.attendees.get(participation.attendee)?.property ?? {
    name: "ATTENDEE",
    parameters: [],
    value: formatAddress(participation.attendee),
  };
  const named =
    context.ownerName && !invited.parameters.some((parameter) => parameter.name === "CN")
      ? withParameter(invited, "CN", [context.ownerName])
      : invited;
  return withParameter(withParameter(named, "RSVP", undefined), "PARTSTAT", [participation.partstat]);
}
