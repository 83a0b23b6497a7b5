import { type Property, withoutProperties } from "../icalendar/component.ts";
import { parameterValues, withParameter } from "../icalendar/parameter.ts";
import { type CalendarUserAddress, formatAddress } from "../model/address.ts";
import {
  type CalendarObject,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
  readObjectComponent,
} from "../model/calendar-object.ts";
import { readAttendee } from "../model/calendar-user.ts";
import { instanceAt } from "../model/instance.ts";
import { mergeComponents } from "../model/merge.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegister, writeRegisters } from "../model/registers.ts";
import { findParticipation, revisionsFor } from "../model/render.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { Participation, SchedulingState } from "../model/scheduling-state.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Context } from "./context.ts";
import { buildCancel } from "./methods/build-cancel.ts";
import { guestsOf } from "./organize/guests.ts";
import { requestFor } from "./organize/view.ts";
import { takenOff } from "./organize/void-answers.ts";
import { restamp, sendAgain, sendPresent, sentRevisions } from "./present-version.ts";
import { nextDtstamp, raisedRevision, sequenceOf, stamp } from "./restamp.ts";

/** An Organizer's copy, and what leaves because of how it came to be. */
export interface GuestListChange {
  readonly state: SchedulingState;
  readonly messages: readonly SchedulingMessage[];
}

/** Somebody who is to be on the guest list. */
export interface NewGuest {
  readonly address: CalendarUserAddress;
  readonly name?: string;
  /** ROLE as it is written. */
  readonly role?: string;
  /** They come in place of this Attendee. */
  readonly delegator?: CalendarUserAddress;
  /** They are a member of this group, which is on the list. */
  readonly group?: CalendarUserAddress;
}

/**
 * Puts guests on the list of the whole object, or of one Instance, and sends them the REQUEST; nobody else is told (decision 0008),
 * and SEQUENCE stays (RFC 5546 §2.1.4). Of what is cancelled they get the CANCEL, for they have it from somebody else. Who is on it already is sent nothing. `undefined` where the object has no such Instance, or
 * would have more Attendees than `limits` allows.
 */
export function addGuests(
  state: SchedulingState,
  object: CalendarObject,
  key: InstanceKey,
  guests: readonly NewGuest[],
  context: Context,
): GuestListChange | undefined {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const targets = targetsOf(object, key, zones, context);
  const dtstamp = nextDtstamp(state, context);
  const changed: ObjectComponent[] = [];
  for (const target of targets) {
    const properties = withGuests(target.component.properties, guests);
    if (properties === target.component.properties) continue;
    const revision = { sequence: sequenceOf(state, target), dtstamp };
    const component = stamp({ ...target, component: { ...target.component, properties } }, revision, zones, context);
    if (!component) return undefined;
    changed.push(component);
  }
  if (targets.length === 0) return undefined;
  const added = guests.filter(({ address }) => targets.some((target) => !target.attendees.has(address)));
  let next = writeComponents(state, object, changed);
  const messages: SchedulingMessage[] = [];
  for (const { address } of added) {
    const list = next.object ?? object;
    const keys = guestsOf(list, context).get(address);
    if (!keys) {
      const told = sendAgain(next, list, address, context);
      messages.push(...(told?.messages ?? []));
      next = told?.state ?? next;
      continue;
    }
    // All of it is of that time: what was older than the series would not stand beside it.
    const view = restamp(requestFor(next, list, keys, [address], context), dtstamp);
    next = { ...next, revisions: writeRegisters(next.revisions, sentRevisions(next, view, dtstamp)) };
    messages.push(view);
    const instances = objectComponents(view.object).map((component) => component.key);
    const revision = leadingComponent(view.object).revision;
    const sent = { attendee: address, revision, instances };
    next = { ...next, sent: writeRegister(next.sent, address, { ...sent, cancelled: false }) };
  }
  return { state: next, messages };
}

/** The whole is every component it has; an Instance is one of its own, made where there is none yet. */
function targetsOf(
  object: CalendarObject,
  key: InstanceKey,
  zones: ZoneResolver,
  context: Context,
): readonly ObjectComponent[] {
  if (key === masterKey) return objectComponents(object);
  const instance = instanceAt(object, key, zones, context.limits);
  return instance ? [instance] : [];
}

/** The same list where all are on it, for the same delegators. */
function withGuests(properties: readonly Property[], guests: readonly NewGuest[]): readonly Property[] {
  let lines = properties;
  for (const guest of guests) {
    const place = lines.findIndex((line) => line.name === "ATTENDEE" && readAttendee(line)?.address === guest.address);
    const present = lines[place];
    if (!present) lines = [...lines, guestLine(guest)];
    else if (guest.delegator) lines = lines.with(place, withDelegator(present, guest.delegator));
  }
  return lines.some((line, place) => line !== properties[place]) ? lines : properties;
}

function guestLine({ address, name, role, delegator, group }: NewGuest): Property {
  let line: Property = { name: "ATTENDEE", parameters: [], value: formatAddress(address) };
  if (name) line = withParameter(line, "CN", [name]);
  if (role) line = withParameter(line, "ROLE", [role]);
  if (group) line = withParameter(line, "MEMBER", [formatAddress(group)]);
  line = withParameter(withParameter(line, "PARTSTAT", ["NEEDS-ACTION"]), "RSVP", ["TRUE"]);
  return delegator ? withParameter(line, "DELEGATED-FROM", [formatAddress(delegator)]) : line;
}

/** Who is a guest in their own right stays one, whoever delegates to them. */
function withDelegator(line: Property, delegator: CalendarUserAddress): Property {
  const known = parameterValues(line, "DELEGATED-FROM");
  const from = formatAddress(delegator);
  if (known.length === 0 || readAttendee(line)?.delegatedFrom.includes(delegator)) return line;
  return withParameter(line, "DELEGATED-FROM", [...known, from].sort());
}

/**
 * Takes guests off the list of the whole object, or of one Instance, and sends those who have it the CANCEL, which has a SEQUENCE
 * one higher; the object takes it over (decision 0008). What they have answered is void, also if they are invited again.
 */
export function removeGuests(
  state: SchedulingState,
  object: CalendarObject,
  key: InstanceKey,
  guests: ReadonlySet<CalendarUserAddress>,
  context: Context,
): GuestListChange {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const leaving = new Map(
    targetsOf(object, key, zones, context).map((one) => [
      one,
      new Set([...guests].filter((guest) => isOnForNobody(state, one, guest, guests))),
    ]),
  );
  const targets = [...leaving].flatMap(([one, gone]) => (gone.size > 0 ? one : []));
  const recipients = [...guests].filter((guest) => {
    const sent = readRegister(state.sent, guest);
    return sent !== undefined && !sent.cancelled && targets.some(({ attendees }) => attendees.has(guest));
  });
  const revision = raisedRevision(state, context);
  const changed = targets.flatMap((target) => {
    const gone = leaving.get(target) ?? new Set();
    const properties = target.component.properties.filter((line) => !isLineOf(line, gone));
    const shortened = { ...target, component: { ...target.component, properties } };
    const sequence = recipients.length > 0 ? revision.sequence : sequenceOf(state, target);
    return stamp(shortened, { ...revision, sequence }, zones, context) ?? [];
  });
  const next = writeComponents(state, object, changed);
  if (recipients.length === 0) return { state: next, messages: [] };
  const named = key === masterKey ? {} : { targets };
  const cancel = buildCancel(object, recipients, { revision, whole: false, ...named }, context);
  const list = objectComponents(next.object ?? object);
  const sent = recipients.map((guest) => {
    const left = list.filter(({ attendees }) => attendees.has(guest));
    const instances = (left.length > 0 ? left : targets).map((component) => component.key);
    return [guest, { attendee: guest, revision, instances, cancelled: left.length === 0 }] as const;
  });
  const off = new Set([key]);
  const byKey = new Map(list.map((one) => [one.key, one]));
  const isStillOn = ({ attendee, key: place }: Participation): boolean =>
    place !== masterKey && byKey.get(place)?.attendees.has(attendee) === true;
  const voided = [...allRegisters(state.participations)].flatMap(([register, said]) =>
    guests.has(said.attendee) && !isStillOn(said) ? takenOff(register, said, off, revision.sequence) : [],
  );
  const participations = writeRegisters(state.participations, voided);
  const known = { ...next, participations, sent: writeRegisters(next.sent, sent) };
  // Who is taken off the whole is sent the Instances they are still on.
  const partly = key === masterKey ? sent.filter(([, { cancelled }]) => !cancelled).map(([guest]) => guest) : [];
  const told = sendPresent(known, known.object ?? object, partly, context);
  return { state: told.state, messages: [cancel, ...told.messages.filter(({ method }) => method === "REQUEST")] };
}

/** Whether somebody is listed for delegators alone who have all taken that back. */
function isOnForNobody(
  state: SchedulingState,
  { key, attendees }: ObjectComponent,
  guest: CalendarUserAddress,
  gone: ReadonlySet<CalendarUserAddress>,
): boolean {
  const { delegatedFrom = [] } = attendees.get(guest) ?? {};
  const delegatesStill = (each: CalendarUserAddress): boolean =>
    !gone.has(each) && findParticipation(state, each, key)?.delegatedTo?.includes(guest) === true;
  return delegatedFrom.length > 0 && !delegatedFrom.some(delegatesStill);
}

/**
 * Sends a CANCEL to somebody who was never on the guest list, RFC 5546 §3.2.2.6: of the whole object or of one Instance. Its SEQUENCE
 * is one higher, as of every CANCEL, and the object takes it over, so that the person can be invited later.
 */
export function refuseGuest(
  state: SchedulingState,
  object: CalendarObject,
  key: InstanceKey,
  guest: NewGuest & { readonly comment?: string },
  context: Context,
): GuestListChange | undefined {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const [target] = targetsOf(object, key, zones, context);
  if (!target) return undefined;
  const revision = raisedRevision(state, context);
  const stored = objectComponents(object).find((component) => component.key === target.key) ?? object.master;
  const raised = stored && stamp(stored, revision, zones, context);
  const listed = withGuests(withoutProperties(target.component, guestLines).properties, [guest]);
  const refused = readObjectComponent({ ...target.component, properties: listed }, zones, context.limits);
  if (!raised || !refused) return undefined;
  const { comment } = guest;
  const cancellation = { revision, whole: false, targets: [refused], ...(comment && { comment }) };
  const cancel = buildCancel(object, [guest.address], cancellation, context);
  const next = writeComponents(state, object, [raised]);
  const sent = { attendee: guest.address, revision, instances: [target.key], cancelled: true };
  // Should they be invited after all, the Instance is to be named: the CANCEL of it stands until then.
  const major = revisionsFor(state, target.key)?.major ?? revision;
  const named = { latest: { ...revision, dtstamp: revision.dtstamp + 1 }, major };
  const revisions = raised.key === target.key ? next.revisions : writeRegister(next.revisions, target.key, named);
  return { state: { ...next, revisions, sent: writeRegister(next.sent, guest.address, sent) }, messages: [cancel] };
}

const guestLines: ReadonlySet<string> = new Set(["ATTENDEE"]);

function isLineOf(line: Property, guests: ReadonlySet<CalendarUserAddress>): boolean {
  const attendee = line.name === "ATTENDEE" ? readAttendee(line) : undefined;
  return attendee !== undefined && guests.has(attendee.address);
}

/** Keeps changed components with their new versions; what makes answers void stays as it was. */
function writeComponents(
  state: SchedulingState,
  object: CalendarObject,
  changed: readonly ObjectComponent[],
): SchedulingState {
  if (changed.length === 0) return state;
  const revisions = changed.map(({ key, revision }) => {
    const known = revisionsFor(state, key);
    return [key, { latest: revision, major: known?.major ?? revision }] as const;
  });
  return {
    ...state,
    object: mergeComponents(object, object, changed),
    revisions: writeRegisters(state.revisions, revisions),
  };
}
