import type { Property } from "../icalendar/component.ts";
import { maxInstancesNamed } from "../limits.ts";
import {
  type CalendarObject,
  componentAt,
  type ObjectComponent,
  objectComponents,
  organizerOf,
  withComponents,
} from "../model/calendar-object.ts";
import { isRange, isRangeStart, speakerAfter } from "../model/ranges.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegisters } from "../model/registers.ts";
import { majorSequence, revisionsFor } from "../model/render.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { ComponentRevisions, Participation, SchedulingState } from "../model/scheduling-state.ts";
import { recurs } from "../model/times.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { diffComponents, type VersionZones } from "./changes.ts";
import type { Context } from "./context.ts";
import { withAnswersToOnly } from "./only-instance.ts";
import { type Comparison, compareVersions } from "./organize/compare.ts";
import { type Difference, liveComponents } from "./organize/difference.ts";
import { groupGuests, guestsOf } from "./organize/guests.ts";
import { buildMessages } from "./organize/messages.ts";
import { makeRevisions, type NewRevisions, organizerProperty, stampComponent } from "./organize/stamp.ts";
import { type Telling, tellGroup } from "./organize/tell.ts";
import { voidAnswers } from "./organize/void-answers.ts";
import type { Change, Outcome } from "./outcome.ts";
import { answeredBy, named, type SentAgain, sendPresent } from "./present-version.ts";
import { rejectUnsendable } from "./restrictions/unsendable.ts";

/** What comes with a new version beside its text. */
export interface RevisionOptions {
  /** What those are told who are sent a CANCEL. */
  readonly comment?: string;
  /** The ORGANIZER from now on, of which all are told; without it the object keeps the one it has. */
  readonly organizer?: Property;
  /** Instances that are told by name, though they are as the series says. */
  readonly named?: readonly InstanceKey[];
}

/**
 * Takes the Organizer's new version of an object and finds what it implies. RFC 5546 §2.1.4 and §3.2.2.
 *
 * - `applied`: what changed has a new revision (`makeRevisions`), and each guest is told what is new of what they are on, and no
 *   more (`tellGroup`, decisions 0008 and 0014). Answers are void to what takes place at another time.
 * - `ignored/nothing-changed` where there is nothing to tell or to keep.
 * - `rejected` where what would be sent breaks a restriction table.
 */
export function reviseAsOrganizer(
  state: SchedulingState,
  after: CalendarObject,
  context: Context,
  options: RevisionOptions = {},
): Outcome {
  const before = state.object;
  const zones: VersionZones = {
    before: makeZoneResolver(before?.timezones ?? [], context.zones, context.limits),
    after: makeZoneResolver(after.timezones, context.zones, context.limits),
  };
  const former = [...allRegisters(state.revisions).keys(), ...(options.named ?? [])];
  const what = adjust(state, compareVersions(before, after, zones, context, former), options);
  if (before && what.differences.size === 0 && !what.differsForOwner) {
    return { kind: "ignored", rule: "RFC 5546 §2.1.4", reason: "nothing-changed" };
  }
  const groups = groupGuests(state, before, what.after, context);
  const told = groups.map((group) => ({ group, telling: tellGroup(group, what) }));
  const tellings = told.map(({ telling }) => telling);
  const made = makeRevisions(state, what, told, context);
  const voided = voidAnswers(state, what, made.cancel);
  const stamped = { ...state, object: what.after, revisions: writeRegisters(state.revisions, made.components) };
  const revisions = { ...made, components: new Map([...made.components, ...askedAnew(stamped, voided, made)]) };
  const organizer = options.organizer ?? organizerProperty(before, after, context);
  const stamp = (component: ObjectComponent): ObjectComponent =>
    stampComponent(component, revisionOf(state, component, revisions), organizer, zones.after, context);
  const object = withComponents(what.after, objectComponents(what.after).map(stamp));
  const revised = {
    ...state,
    object,
    revisions: writeRegisters(state.revisions, revisions.components),
    participations: writeRegisters(state.participations, voided),
  };
  const next = withAnswersToOnly(revised, zones.after);
  const changes = [...changesOf(what, zones), ...organizerChange(before, options)];
  const further = restoredInstances(what, tellings, stamp);
  const { messages, sent } = buildMessages({
    state: next,
    what,
    object,
    further,
    told,
    revisions,
    changes,
    zones,
    context,
    ...options,
  });
  const known = { ...next, sent: writeRegisters(state.sent, sent) };
  const asked = askDelegators(known, object, voided, messages, context);
  return checkOutgoing(asked.state, [...messages, ...asked.messages], changes);
}

/** Of what was delegated, where that is void, SEQUENCE rises to say so; an Instance without a component is told of by name for it. */
function askedAnew(
  state: SchedulingState,
  voided: readonly (readonly [string, Participation])[],
  { cancel, components }: NewRevisions,
): readonly (readonly [InstanceKey, ComponentRevisions])[] {
  return voided.flatMap(([, { key, partstat }]) => {
    const [touched, known] = [components.get(key), revisionsFor(state, key)];
    const isRaised = touched !== undefined && touched.latest.sequence >= cancel.sequence;
    if (partstat !== "DELEGATED" || !known || isRaised) return [];
    const dtstamp = touched?.latest.dtstamp ?? cancel.dtstamp + 1;
    return [[key, { latest: { ...cancel, dtstamp }, major: known.major }] as const];
  });
}

/** Whose delegates were all taken off the list has to answer anew (decision 0020), also who is told of nothing else. */
function askDelegators(
  state: SchedulingState,
  object: CalendarObject,
  voided: readonly (readonly [string, Participation])[],
  messages: readonly SchedulingMessage[],
  context: Context,
): SentAgain {
  const ended = voided.flatMap(([, said]) => (said.partstat === "DELEGATED" ? [said] : []));
  if (ended.length === 0) return { state, messages: [] };
  const requests = new Map(ended.map(({ attendee }) => [attendee, [] as CalendarObject[]]));
  for (const { method, object: told, recipients } of messages) {
    if (method === "REQUEST") for (const recipient of recipients) requests.get(recipient)?.push(told);
  }
  const guests = guestsOf(object, context);
  const isUntold = ({ attendee, key }: Participation): boolean =>
    guests.has(attendee) && requests.get(attendee)?.every((told) => !componentAt(told, key)) === true;
  const untold = new Set(ended.filter(isUntold).map(({ attendee }) => attendee));
  // They did not hear of what changed since: whether what they said of single Instances counts is to be told too.
  return sendPresent(untold.size > 0 ? named(state, answeredBy(state, untold)) : state, object, untold, context);
}

/**
 * Has what comes with a version count: another Organizer is news of all of it. And an Instance that others speak for from now on, who moved
 * since it was answered, is to be answered anew: what was said of the whole does not count there.
 */
function adjust(state: SchedulingState, what: Comparison, { organizer }: RevisionOptions): Comparison {
  const differences = new Map(what.differences);
  for (const [key, one] of differences) {
    const { from, to } = one;
    // What was said of all since the first of a range moved, or came back, does not count there: its SEQUENCE says so.
    const isLater = majorSequence(state, key) > majorSequence(state, speakerAfter(what.before, key));
    if (isLater && beginsRange(one)) differences.set(key, { ...one, raises: true });
    if (from === undefined || to === undefined || from === to || to === key) continue;
    const isMoved = majorSequence(state, to) > majorSequence(state, from);
    // What does not repeat any more is answered as a whole.
    const moved = one.moved || !what.after.master || recurs(what.after.master);
    if (isMoved) differences.set(key, { ...one, moved, raises: true, told: true });
  }
  const series = differences.get(masterKey);
  // What was said while a range that has moved stood, and now ends, is said of no later Instance of the series.
  const wasMoved = ({ key, before, from, after }: Difference): boolean =>
    after !== undefined &&
    from === key &&
    before !== undefined &&
    isRange(before) &&
    !isRangeStart(what.after, key) &&
    majorSequence(state, key) > majorSequence(state, masterKey);
  if (series && [...differences.values()].some(wasMoved)) differences.set(masterKey, { ...series, moved: true });
  if (!organizer) return { ...what, differences };
  for (const component of liveComponents(what.after)) {
    const { key } = component;
    const known = differences.get(key);
    const before = what.before && componentAt(what.before, key);
    const sides = { ...(before && { before, from: key }), after: component, to: key };
    differences.set(key, { key, moved: false, ...(known ?? sides), raises: true, told: true });
  }
  // Instances that are told of by name have the revision of what speaks for them.
  for (const [key, { instance, from }] of [...what.again].slice(0, maxInstancesNamed)) {
    const sides = { before: instance, from, after: instance, to: from };
    differences.set(key, { key, moved: false, ...(differences.get(key) ?? sides), raises: true, told: true });
  }
  return { ...what, differences };
}

/** Whether a component speaks for all after its Instance that did not. */
function beginsRange({ key, before, from, after, to }: Difference): boolean {
  return after !== undefined && to === key && isRange(after) && !(before && from === key && isRange(before));
}

/** The revision a component has from now on: a new one, or the one it had. */
function revisionOf(state: SchedulingState, { key, revision }: ObjectComponent, { components }: NewRevisions) {
  return (components.get(key) ?? readRegister(state.revisions, key))?.latest ?? revision;
}

/** Instances that are as the series says again, and are told so by name. */
function restoredInstances(
  { after, differences, again }: Comparison,
  tellings: readonly Telling[],
  stamp: (component: ObjectComponent) => ObjectComponent,
): ReadonlyMap<InstanceKey, ObjectComponent> {
  const further = new Map<InstanceKey, ObjectComponent>();
  for (const { requested } of tellings) {
    for (const key of requested) {
      const instance = differences.get(key)?.after ?? again.get(key)?.instance;
      if (!instance || key === masterKey || after.overrides.has(key) || further.has(key)) continue;
      further.set(key, stamp(instance));
    }
  }
  return further;
}

function changesOf({ before, differences }: Comparison, zones: VersionZones): readonly Change[] {
  if (!before) return [{ kind: "created", key: masterKey }];
  return [...differences.values()].flatMap((difference) => changesTo(difference, zones));
}

function changesTo({ key, before, after }: Difference, zones: VersionZones): readonly Change[] {
  if (!after) return [{ kind: "cancelled", key }];
  return before ? diffComponents(before, { ...after, key }, zones) : [{ kind: "created", key }];
}

function organizerChange(before: CalendarObject | undefined, { organizer }: RevisionOptions): readonly Change[] {
  const old = before && organizerOf(before)?.property.value;
  if (!organizer || old === undefined) return [];
  return [{ kind: "property", key: masterKey, name: "ORGANIZER", old, new: organizer.value }];
}

/** No message leaves that breaks the strict tables: what would is refused, whole, with what is wrong with it. */
function checkOutgoing(
  state: SchedulingState,
  messages: readonly SchedulingMessage[],
  changes: readonly Change[],
): Outcome {
  const unsendable = rejectUnsendable(messages);
  if (unsendable) return unsendable;
  return { kind: "applied", rule: "RFC 5546 §2.1.4", state, messages, changes, tolerated: [] };
}
