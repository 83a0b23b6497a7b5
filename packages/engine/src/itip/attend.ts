import { allProperties, firstProperty, type Property } from "../icalendar/component.ts";
import { readDateTime, readDateTimes } from "../icalendar/date-time.ts";
import { readInteger } from "../icalendar/text.ts";
import { maxAnswersOfVersion } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import { alignValue } from "../model/align.ts";
import {
  type CalendarObject,
  governingComponent,
  type ObjectComponent,
  objectComponents,
  recurrenceIdOf,
} from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import { instanceAt } from "../model/instance.ts";
import { type InstanceKey, instanceKey, masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegisters } from "../model/registers.ts";
import { currentAnswer } from "../model/render.ts";
import { type OwnPart, participationKey, type SchedulingState } from "../model/scheduling-state.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Action } from "./action.ts";
import { answer } from "./actions/answer.ts";
import type { Context } from "./context.ts";
import type { Applied, Outcome } from "./outcome.ts";
import { invitedAs } from "./own-copy.ts";
import { isAnswer } from "./ownership.ts";

type Answer = Extract<Action, { kind: "answer" }>;

/** An Attendee's copy: what the Organizer said, and who that is. */
export interface AttendeeCopy {
  readonly object: CalendarObject;
  readonly organizer: CalendarUserAddress;
}

/**
 * Takes an Attendee's new version of their copy. RFC 6638 §3.2.2.1: their answers, for the whole or for single Instances, leave as
 * REPLYs; an Instance they leave out by EXDATE is declined; alarms and what else is theirs is kept beside the document. All else
 * is the Organizer's and stays as it was.
 */
export function reviseAsAttendee(
  state: SchedulingState,
  { object, organizer }: AttendeeCopy,
  after: CalendarObject,
  context: Context,
): Outcome {
  const kept: SchedulingState = { ...state, own: writeRegisters(state.own, ownParts(object, after)) };
  let all: Applied = {
    kind: "applied",
    rule: "RFC 6638 §3.2.2.1",
    state: kept,
    messages: [],
    changes: [],
    tolerated: [],
  };
  const said = [...objectComponents(after).map(({ key }) => key), ...excludedBy(object, after, context)];
  for (const key of [...new Set(said)].slice(0, maxAnswersOfVersion)) {
    const action = answerIn(all.state, object, after, key, context);
    const one = action && answer(all.state, object, organizer, action, context);
    if (one?.kind === "rejected") return one;
    if (one?.kind === "applied") all = joined(all, one);
  }
  return all;
}

/** Declines what the owner was invited to: the whole, or each Instance of a copy that knows no series; and what they said of Instances. */
export function declineAll(state: SchedulingState, { object, organizer }: AttendeeCopy, context: Context): Outcome {
  let all: Applied = { kind: "applied", rule: "RFC 5546 §3.2.3", state, messages: [], changes: [], tolerated: [] };
  const whole = (object.master ? [object.master] : objectComponents(object)).map(({ key }) => key);
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  for (const key of new Set([...whole, ...answeredInstances(state, context)])) {
    const component = key === masterKey ? object.master : instanceAt(object, key, zones, context.limits);
    if (!component || isCancelled(state, component)) continue;
    const attendee = invitedAs(component, context);
    // Who said something of all after an Instance takes that back for all of them.
    const after = readRegister(all.state.participations, participationKey(attendee, key, "this-and-future"));
    const range = after && after.partstat !== "DECLINED" ? after.range : undefined;
    if (!range && currentAnswer(all.state, component, attendee).partstat === "DECLINED") continue;
    const declined = { ...decline(key), ...(range && { range }) };
    const one = answer(all.state, object, organizer, declined, context);
    if (one.kind !== "applied") return one;
    all = joined(all, one);
  }
  return all;
}

/** The Instances the owner has answered by themselves. */
function answeredInstances(state: SchedulingState, { addresses }: Context): readonly InstanceKey[] {
  const own = [...allRegisters(state.participations).values()].filter(({ attendee }) => addresses.has(attendee));
  return [...new Set(own.map(({ key }) => key))].slice(0, maxAnswersOfVersion);
}

function joined(all: Applied, one: Applied): Applied {
  const messages = [...all.messages, ...one.messages];
  return { ...all, state: one.state, messages, changes: [...all.changes, ...one.changes] };
}

function decline(key: InstanceKey): Answer {
  return { kind: "answer", partstat: "DECLINED", key };
}

/** The answer a version holds for one Instance or the whole, where it is another than the one that counts. */
function answerIn(
  state: SchedulingState,
  object: CalendarObject,
  after: CalendarObject,
  key: InstanceKey,
  context: Context,
): Answer | undefined {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const known = key === masterKey ? object.master : instanceAt(object, key, zones, context.limits);
  if (!known || isCancelled(state, known)) return undefined;
  const attendee = invitedAs(known, context);
  const present = currentAnswer(state, known, attendee);
  const written = key === masterKey ? after.master : after.overrides.get(key);
  const action = written ? saidIn(written, known, attendee) : decline(key);
  // Who delegates says to whom: that is an action of its own.
  if (action.partstat === "NEEDS-ACTION" || action.partstat === "DELEGATED") return undefined;
  if (!isAnswer(object.type, action.partstat)) return undefined;
  const progress = present.participation?.percentComplete;
  const isSame = action.partstat === present.partstat && (action.percentComplete ?? progress) === progress;
  return isSame ? undefined : { ...action, key };
}

/** What a component of theirs says for an Attendee. Programs for to-dos say how far it is, and leave PARTSTAT alone. */
function saidIn(
  { component, attendees }: ObjectComponent,
  known: ObjectComponent,
  attendee: CalendarUserAddress,
): Answer {
  const partstat = attendees.get(attendee)?.partstat ?? "NEEDS-ACTION";
  if (component.name !== "VTODO") return { kind: "answer", partstat };
  const completed = firstProperty(component, "COMPLETED");
  const isDone = statusOf(component) === "COMPLETED" && statusOf(known.component) !== "COMPLETED";
  const at = completed && readDateTime(completed)?.wall;
  if (isDone || partstat === "COMPLETED") {
    return { kind: "answer", partstat: "COMPLETED", percentComplete: 100, ...(at !== undefined && { completed: at }) };
  }
  const percentComplete = readInteger(component, "PERCENT-COMPLETE");
  if (percentComplete === undefined || percentComplete === readInteger(known.component, "PERCENT-COMPLETE")) {
    return { kind: "answer", partstat };
  }
  return { kind: "answer", partstat: "IN-PROCESS", percentComplete };
}

function statusOf(component: ObjectComponent["component"]): string | undefined {
  return firstProperty(component, "STATUS")?.value.trim().toUpperCase();
}

/** The Instances a version leaves out by EXDATE that the Organizer's has. */
function excludedBy(object: CalendarObject, after: CalendarObject, context: Context): readonly InstanceKey[] {
  const timezones = [...after.timezones, ...object.timezones];
  const zones = makeZoneResolver(timezones, context.zones, context.limits);
  const excluded = (master: ObjectComponent): readonly InstanceKey[] =>
    allProperties(master.component, "EXDATE")
      .flatMap(readDateTimes)
      .map((value) => instanceKey(recurrenceIdOf(alignValue(value, object.master), "this", zones)));
  const before = new Set(object.master ? excluded(object.master) : []);
  return after.master ? excluded(after.master).filter((key) => !before.has(key)) : [];
}

/** What an Attendee may keep in a copy for themselves. */
const ownProperties: ReadonlySet<string> = new Set(["TRANSP", "CATEGORIES", "COLOR"]);
/** The same where it is not as the Organizer has it: how far a to-do is, RFC 6638 §3.2.2.1; and X- properties, such as when they saw an alarm. */
const ownWhereOther = /^(?:PERCENT-COMPLETE|COMPLETED|X-.*)$/;

function ownParts(object: CalendarObject, after: CalendarObject): readonly (readonly [InstanceKey, OwnPart])[] {
  return objectComponents(after).map(({ key, component }) => {
    const theirs = new Set((governingComponent(object, key)?.component.properties ?? []).map(textOf));
    const properties: Property[] = component.properties.filter(
      (property) =>
        ownProperties.has(property.name) || (ownWhereOther.test(property.name) && !theirs.has(textOf(property))),
    );
    return [key, { properties, alarms: component.components.filter((child) => child.name === "VALARM") }];
  });
}

function textOf({ name, value }: Property): string {
  return `${name}:${value}`;
}
