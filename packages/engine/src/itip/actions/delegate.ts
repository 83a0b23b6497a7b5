import { type Component, firstProperty, type Property, withProperty } from "../../icalendar/component.ts";
import { makeDateTimeProperties, readDateTime } from "../../icalendar/date-time.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import { type CalendarUserAddress, formatAddress, isMailAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  governingComponent,
  type ObjectComponent,
  objectComponents,
  readObjectComponent,
  withComponents,
} from "../../model/calendar-object.ts";
import { readAttendee } from "../../model/calendar-user.ts";
import { isCancelled } from "../../model/cancelled.ts";
import { delegatorsOf } from "../../model/delegation.ts";
import { makeRecurrenceId } from "../../model/instance.ts";
import { withoutRange } from "../../model/ranges.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { allRegisters, writeRegisters } from "../../model/registers.ts";
import { answersTo, currentAnswer, revisionsFor } from "../../model/render.ts";
import { makeRequestStatus } from "../../model/request-status.ts";
import { clampRevision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import {
  neverCounts,
  type Participation,
  type SchedulingState,
  writeParticipation,
} from "../../model/scheduling-state.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import { answerChange, dtstampOfAnswer } from "../answer-change.ts";
import { buildMessage, makeDtstamp } from "../build.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import { buildReply } from "../methods/reply.ts";
import type { Outcome } from "../outcome.ts";
import { invitedAs, meantComponent } from "../own-copy.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";

type Delegate = Extract<Action, { kind: "delegate" }>;

/**
 * Delegates an invitation, for the whole object or for one Instance. RFC 5546 §3.2.2.3 and §4.2.5: the Organizer is sent the REPLY
 * that names the delegate, and the delegate a copy of the REQUEST that names both, of the same revision.
 *
 * - `ignored/unknown-uid`: the object has no such Instance; `ignored/cancelled`: it does not take place.
 * - `ignored/not-for-us`: the owner is not on the guest list, so has nothing to delegate.
 * - `rejected`: the delegate cannot be written to, is the Organizer, or had it before the owner; or a table would be broken.
 */
export function delegate(
  state: SchedulingState,
  object: CalendarObject,
  organizer: CalendarUserAddress,
  action: Delegate,
  context: Context,
): Outcome {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const { to } = action;
  const named = meantComponent(state, object, action.key, zones, context.limits);
  // Nobody delegates all after an Instance (decision 0020): of what speaks for them the first is meant.
  const component = named && withoutRange(named);
  if (!component) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  if (isCancelled(state, component)) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  const attendee = invitedAs(component, context);
  if (!component.attendees.has(attendee)) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  const unfit = [organizer, to].find((address) => !isMailAddress(address));
  if (unfit || to === organizer || context.addresses.has(to) || delegatorsOf(component, attendee).has(to)) {
    const status = makeRequestStatus("3.7", formatAddress(unfit ?? to));
    return { kind: "rejected", rule: "decision 0020", status, violations: [] };
  }
  const participation = makeParticipation(state, component, attendee, action, context);
  const copies =
    action.key === undefined || component.key === masterKey
      ? copiesOf(state, object, attendee, zones, context)
      : [component];
  const changed = copies.flatMap((each) => {
    const delegated = withDelegate(each.component, participation, action);
    return readObjectComponent(delegated, zones, context.limits) ?? [];
  });
  const answered = changed.find((each) => each.key === component.key);
  if (!answered)
    return { kind: "rejected", rule: "RFC 5546 §3.6.23", status: makeRequestStatus("3.10"), violations: [] };
  const messages = [
    buildReply(object, answered, organizer, participation, context),
    buildDelegation(object, changed, participation, to, context),
  ];
  const unsendable = rejectUnsendable(messages, "RFC 5546 §3.2.3");
  if (unsendable) return unsendable;
  const old = currentAnswer(state, component, attendee).partstat;
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.2.3",
    state: writeParticipation(asNewDelegate(state, object, participation, to, zones, context), participation),
    messages,
    changes: [answerChange(state, participation, old)],
    tolerated: [],
  };
}

/** All that takes place for who delegates; the series leaves out what does not. */
function copiesOf(
  state: SchedulingState,
  object: CalendarObject,
  attendee: CalendarUserAddress,
  zones: ZoneResolver,
  { limits }: Context,
): readonly ObjectComponent[] {
  const all = objectComponents(object);
  const cancelled = all.filter((each) => isCancelled(state, each));
  const live = all.filter((each) => !cancelled.includes(each) && each.attendees.has(attendee));
  return live.flatMap((each) => {
    if (each.key !== masterKey || cancelled.length === 0) return each;
    const dates = cancelled.flatMap(({ recurrenceId }) => {
      if (!recurrenceId) return [];
      return readDateTime(makeRecurrenceId({ ...recurrenceId, range: "this" }, each, zones)) ?? [];
    });
    const properties = [...each.component.properties, ...makeDateTimeProperties("EXDATE", dates)];
    return readObjectComponent({ ...each.component, properties }, zones, limits) ?? [];
  });
}

/**
 * Who took a delegation back had the Organizer take the delegate off the list: that they declined it, by the copy or by what they told, is
 * no answer to another one.
 */
function asNewDelegate(
  state: SchedulingState,
  object: CalendarObject,
  { attendee, key }: Participation,
  to: CalendarUserAddress,
  zones: ZoneResolver,
  { limits }: Context,
): SchedulingState {
  const governing = governingComponent(object, key);
  const isMeant = (one: InstanceKey): boolean => {
    const isPlace = key === masterKey || one === key || one === governing?.key;
    return isPlace && answersTo(state, attendee, one).every(({ partstat }) => partstat !== "DELEGATED");
  };
  const components = objectComponents(object).map((one) => {
    const line = one.attendees.get(to);
    if (line?.partstat !== "DECLINED" || !line.delegatedFrom.includes(attendee) || !isMeant(one.key)) return one;
    const asked = withParameter(line.property, "PARTSTAT", ["NEEDS-ACTION"]);
    const properties = one.component.properties.map((each) => (each === line.property ? asked : each));
    return readObjectComponent({ ...one.component, properties }, zones, limits) ?? one;
  });
  const told = [...allRegisters(state.participations)].flatMap(([register, said]) =>
    said.attendee === to && isMeant(said.key) ? [[register, { ...said, answeredSequence: neverCounts }] as const] : [],
  );
  const participations = writeRegisters(state.participations, told);
  return { ...state, participations, object: withComponents(object, components) };
}

function makeParticipation(
  state: SchedulingState,
  component: ObjectComponent,
  attendee: CalendarUserAddress,
  { to, comment: text, keepInformed }: Delegate,
  context: Context,
): Participation {
  const { key } = component;
  const revision = revisionsFor(state, key)?.latest ?? clampRevision(component.revision, context.now);
  const delegatedFrom = component.attendees.get(attendee)?.delegatedFrom ?? [];
  return {
    attendee,
    key,
    partstat: "DELEGATED",
    reply: { sequence: revision.sequence, dtstamp: dtstampOfAnswer(state, attendee, key, context) },
    answeredSequence: revision.sequence,
    delegatedTo: [to],
    ...(delegatedFrom.length > 0 && { delegatedFrom }),
    ...(keepInformed && { informed: true }),
    ...commentOf(text, context),
    ...(context.actor && { sentBy: context.actor }),
  };
}

/** Says in a component that the owner delegates, and adds the delegate: changes A and B of RFC 5546 §4.2.5. */
function withDelegate(component: Component, participation: Participation, { to, name }: Delegate): Component {
  const { attendee, informed } = participation;
  const from = [formatAddress(attendee)];
  const bare: Property = { name: "ATTENDEE", parameters: [], value: formatAddress(to) };
  const line = withParameter(name ? withParameter(bare, "CN", [name]) : bare, "RSVP", ["TRUE"]);
  // Former delegates are not part of what the new one gets.
  const others = component.properties.filter((each) => {
    const guest = each.name === "ATTENDEE" ? readAttendee(each) : undefined;
    return guest?.address !== to && !guest?.delegatedFrom.includes(attendee);
  });
  const properties = others.map((each) => {
    if (each.name !== "ATTENDEE" || readAttendee(each)?.address !== attendee) return each;
    const delegated = withParameter(withParameter(each, "PARTSTAT", ["DELEGATED"]), "DELEGATED-TO", [
      formatAddress(to),
    ]);
    return withParameter(delegated, "RSVP", informed ? ["TRUE"] : undefined);
  });
  return { ...component, properties: [...properties, withParameter(line, "DELEGATED-FROM", from)] };
}

/** The copy of the REQUEST for the delegate. Of the revision the owner has: what the Organizer sends them is newer. */
function buildDelegation(
  object: CalendarObject,
  components: readonly ObjectComponent[],
  { attendee, comment, reply }: Participation,
  to: CalendarUserAddress,
  context: Context,
): SchedulingMessage {
  const copies = components.map(({ component }) => {
    const titled = firstProperty(component, "SUMMARY") ? component : withText(component, "SUMMARY", "");
    const stamped = firstProperty(titled, "DTSTAMP")
      ? titled
      : withProperty(titled, "DTSTAMP", makeDtstamp(reply.dtstamp));
    return comment ? withText(stamped, "COMMENT", comment) : stamped;
  });
  return buildMessage({
    method: "REQUEST",
    originator: attendee,
    recipients: [to],
    type: object.type,
    components: copies,
    timezones: object.timezones,
    context,
  });
}

function withText(component: Component, name: string, text: string): Component {
  return withProperty(component, name, makeTextProperty(name, text));
}
