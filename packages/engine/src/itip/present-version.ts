import { type Component, makeComponent, type Property, withProperty } from "../icalendar/component.ts";
import type { EpochSeconds } from "../icalendar/date-time.ts";
import { maxInstancesNamed } from "../limits.ts";
import { type CalendarUserAddress, formatAddress } from "../model/address.ts";
import {
  type CalendarObject,
  componentAt,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
  organizerOf,
  readObjectComponent,
  withComponents,
} from "../model/calendar-object.ts";
import { saysCancelled } from "../model/cancelled.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegisters } from "../model/registers.ts";
import { revisionsFor } from "../model/render.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { ComponentRevisions, SchedulingState, Sent } from "../model/scheduling-state.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { highestSequence } from "./ask-refresh.ts";
import { makeDtstamp } from "./build.ts";
import type { Context } from "./context.ts";
import { buildCancel } from "./methods/build-cancel.ts";
import { guestsOf } from "./organize/guests.ts";
import { requestFor } from "./organize/view.ts";
import { nextDtstamp, sequenceOf } from "./restamp.ts";

/** What is to be sent, and what is to be kept with it. */
export interface SentAgain {
  readonly state: SchedulingState;
  readonly messages: readonly SchedulingMessage[];
}

/**
 * Sends one Attendee the present version again: the REQUEST of all they are invited to, or the CANCEL where it does not take place.
 * SEQUENCE stays and DTSTAMP is new (RFC 5546 §2.1.4), so that it is newer than what they have. `undefined` for who is not on the
 * guest list, or is not to be written to.
 */
export function sendAgain(
  state: SchedulingState,
  object: CalendarObject,
  attendee: CalendarUserAddress,
  context: Context,
): SentAgain | undefined {
  if (context.addresses.has(attendee) || !isWrittenTo(object, attendee)) return undefined;
  const sent = sendPresent(state, object, [attendee], context);
  return sent.messages.length > 0 ? sent : undefined;
}

/**
 * Sends people what there is for them now, those who see the same in one message: the REQUEST of all they are invited to, which
 * also names what is as the series says again, or the CANCEL of what they are not. Who is on some Instances alone may have others that
 * were taken back, or come from somebody else: they get a CANCEL of all, and one second later what they are on.
 */
export function sendPresent(
  state: SchedulingState,
  object: CalendarObject,
  people: Iterable<CalendarUserAddress>,
  context: Context,
): SentAgain {
  const first = nextDtstamp(state, context);
  const groups = groupByView(state, object, people, context);
  const sendings = groups.flatMap((group) => sendingsTo(state, object, group, first, context));
  const revisions = sendings.flatMap(({ message, dtstamp }) => sentRevisions(state, message, dtstamp));
  const sent = sendings.flatMap(({ message, dtstamp }) => {
    const { sequence } = leadingComponent(message.object).revision;
    const instances = objectComponents(message.object).map(({ key }) => key);
    const cancelled = message.method === "CANCEL";
    return message.recipients.map((attendee): [string, Sent] => [
      attendee,
      { attendee, revision: { sequence, dtstamp }, instances, cancelled },
    ]);
  });
  return {
    state: {
      ...state,
      revisions: writeRegisters(state.revisions, revisions),
      sent: writeRegisters(state.sent, sent),
    },
    messages: sendings.map(({ message }) => message),
  };
}

/** Gives Instances versions of their own, `maxInstancesNamed` at most: who is sent the series is told of them by name. */
export function named(state: SchedulingState, keys: Iterable<InstanceKey>): SchedulingState {
  const first = [...new Set(keys)]
    .filter((key) => key !== masterKey)
    .sort()
    .slice(0, maxInstancesNamed);
  const revisions = first.flatMap((key) => {
    const known = revisionsFor(state, key);
    return known ? [[key, known] as const] : [];
  });
  return { ...state, revisions: writeRegisters(state.revisions, revisions) };
}

/** Lists what people answered by themselves: one walk through the registers. */
export function answeredBy(
  { participations }: SchedulingState,
  people: ReadonlySet<CalendarUserAddress>,
): readonly InstanceKey[] {
  return [...allRegisters(participations).values()].flatMap(({ attendee, key }) => (people.has(attendee) ? key : []));
}

/** The versions of what a message names, of the time it is sent: what is sent next is later. */
export function sentRevisions(
  { revisions }: SchedulingState,
  { object }: SchedulingMessage,
  dtstamp: EpochSeconds,
): readonly (readonly [InstanceKey, ComponentRevisions])[] {
  return objectComponents(object).flatMap(({ key }) => {
    const known = readRegister(revisions, key);
    return known ? [[key, { ...known, latest: { ...known.latest, dtstamp } }]] : [];
  });
}

/** People who are sent the same. */
interface Group {
  readonly people: CalendarUserAddress[];
  /** What they are invited to; empty for those who are invited to nothing. */
  readonly keys: readonly InstanceKey[];
  /** What they are on the list of that is said to them: `keys`, or what does not take place. */
  readonly listed: readonly InstanceKey[];
  /** What they are told they are not invited to, and nothing of it. */
  readonly notTheirs: readonly InstanceKey[];
}

function groupByView(
  state: SchedulingState,
  object: CalendarObject,
  people: Iterable<CalendarUserAddress>,
  context: Context,
): readonly Group[] {
  const invited = guestsOf(object, context);
  const known = [...allRegisters(state.revisions).keys()];
  const cancelled = cancelledComponents(object);
  const groups = new Map<string, Group>();
  for (const person of people) {
    const keys = invited.get(person) ?? [];
    const listed = keys.length > 0 ? keys : listedOn(cancelled, person);
    const notTheirs = othersOf(state, object, person, listed, known);
    const name = [keys.length, listed.length, ...listed, ...notTheirs].join(" ");
    const group = groups.get(name) ?? { people: [], keys, listed, notTheirs };
    groups.set(name, group);
    group.people.push(person);
  }
  return [...groups.values()];
}

/** What does not take place. What is called off as a whole speaks for all its Instances. */
function cancelledComponents(object: CalendarObject): readonly ObjectComponent[] {
  const { master } = object;
  return master && saysCancelled(master) ? [master] : objectComponents(object).filter(saysCancelled);
}

function listedOn(components: readonly ObjectComponent[], person: CalendarUserAddress): readonly InstanceKey[] {
  return components.filter(({ attendees }) => attendees.has(person)).map(({ key }) => key);
}

/** Of a series who is not on it, or that is called off, they may have all, from whomever; of Instances without a series what they were sent. */
function othersOf(
  { sent }: SchedulingState,
  { master, overrides }: CalendarObject,
  person: CalendarUserAddress,
  listed: readonly InstanceKey[],
  known: readonly InstanceKey[],
): readonly InstanceKey[] {
  const theirs = new Set(listed);
  if (master) {
    const isTheirs = theirs.has(masterKey) || (!saysCancelled(master) && master.attendees.has(person));
    return isTheirs || known.every((key) => theirs.has(key)) ? [] : [masterKey];
  }
  const had = readRegister(sent, person)?.instances ?? [];
  return had.filter((key) => overrides.has(key) && !theirs.has(key));
}

interface Sending {
  readonly message: SchedulingMessage;
  readonly dtstamp: EpochSeconds;
}

function sendingsTo(
  state: SchedulingState,
  object: CalendarObject,
  { people, keys, listed, notTheirs }: Group,
  first: EpochSeconds,
  context: Context,
): readonly Sending[] {
  const isAll = notTheirs.length === 0;
  const dtstamp = isAll ? first : first + 1;
  const before = isAll ? [] : [{ message: uninvite(state, object, people, notTheirs, first, context), dtstamp: first }];
  if (listed.length === 0) return before;
  if (keys.length === 0) {
    return [...before, { message: callOff(state, object, people, listed, dtstamp, context), dtstamp }];
  }
  return [...before, { message: restamp(requestFor(state, object, keys, people, context), dtstamp), dtstamp }];
}

/** Says what they are on the list of does not take place. */
function callOff(
  state: SchedulingState,
  object: CalendarObject,
  people: readonly CalendarUserAddress[],
  listed: readonly InstanceKey[],
  dtstamp: EpochSeconds,
  context: Context,
): SchedulingMessage {
  const targets = listed.flatMap((key) => componentAt(object, key) ?? []);
  const sequence = Math.max(...targets.map((target) => sequenceOf(state, target)));
  return buildCancel(object, people, { revision: { sequence, dtstamp }, whole: true, targets }, context);
}

/** Says they are not invited, and nothing of what. */
function uninvite(
  state: SchedulingState,
  object: CalendarObject,
  people: readonly CalendarUserAddress[],
  keys: readonly InstanceKey[],
  dtstamp: EpochSeconds,
  context: Context,
): SchedulingMessage {
  // Not above what the series has: else it could not be sent to them later.
  const sequence = object.master ? sequenceOf(state, object.master) : highestSequence(state);
  const organizer = organizerOf(object);
  const listed = people.map((person): Property => ({ name: "ATTENDEE", parameters: [], value: formatAddress(person) }));
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const targets = keys.flatMap((key) => {
    const component = componentAt(object, key)?.component;
    if (!component) return [];
    const named = component.properties.filter(({ name }) => naming.has(name));
    const properties = [...named, ...(organizer ? [organizer.property] : []), ...listed];
    return readObjectComponent(makeComponent(component.name, properties), zones, context.limits) ?? [];
  });
  return buildCancel(object, people, { revision: { sequence, dtstamp }, whole: false, targets }, context);
}

const naming: ReadonlySet<string> = new Set(["UID", "RECURRENCE-ID"]);

function isWrittenTo(object: CalendarObject, attendee: CalendarUserAddress): boolean {
  return objectComponents(object).some(({ attendees }) => attendees.get(attendee)?.scheduleAgent === "SERVER");
}

/** Dates all that a message says. */
export function restamp(message: SchedulingMessage, dtstamp: EpochSeconds): SchedulingMessage {
  const { object, calendar } = message;
  const stampOne = (component: Component): Component =>
    component.name === object.type ? withProperty(component, "DTSTAMP", makeDtstamp(dtstamp)) : component;
  const components = objectComponents(object).map((one) => ({
    ...one,
    component: stampOne(one.component),
    revision: { ...one.revision, dtstamp },
  }));
  return {
    ...message,
    object: withComponents(object, components),
    calendar: { ...calendar, components: calendar.components.map(stampOne) },
  };
}
