import { type Component, type Property, withProperty } from "../icalendar/component.ts";
import { withParameter } from "../icalendar/parameter.ts";
import { type CalendarUserAddress, formatAddress } from "../model/address.ts";
import {
  type CalendarObject,
  componentAt,
  type ObjectComponent,
  objectComponents,
  readObjectComponent,
  withComponents,
} from "../model/calendar-object.ts";
import { readAttendee } from "../model/calendar-user.ts";
import { isCancelled } from "../model/cancelled.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegisters } from "../model/registers.ts";
import { maxSequence, type Revision } from "../model/revision.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import {
  type ComponentRevisions,
  type Participation,
  participationKey,
  type SchedulingState,
  type Sent,
} from "../model/scheduling-state.ts";
import { scheduleOf, timesOf } from "../model/times.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { makeDtstamp, makeSequence } from "./build.ts";
import { diffObjects, sameContent, type VersionZones } from "./changes.ts";
import type { Context } from "./context.ts";
import { buildCancel, markCancelled } from "./methods/cancel.ts";
import { buildRequest } from "./methods/request.ts";
import type { Change, Outcome } from "./outcome.ts";
import { checkRestrictions } from "./restrictions/check.ts";
import { statusFor } from "./restrictions/status.ts";

/**
 * Takes the Organizer's new version of an object and finds what it implies. RFC 5546 §2.1.4 and §3.2.2.
 *
 * A major change raises SEQUENCE, and one of time makes the answers void; any other makes a new DTSTAMP. Who
 * was added gets a REQUEST and who was removed a CANCEL; the others hear of it only where something else changed
 * (decision 0008). `ignored/nothing-changed` where there is nothing to tell or to keep.
 */
export function reviseAsOrganizer(state: SchedulingState, after: CalendarObject, context: Context): Outcome {
  const before = state.object;
  const zones: VersionZones = {
    before: makeZoneResolver(before?.timezones ?? [], context.zones, context.limits),
    after: makeZoneResolver(after.timezones, context.zones, context.limits),
  };
  const what = compareVersions(before, after, zones, context);
  if (before && !what.content && what.added.size === 0 && what.removed.size === 0) {
    return { kind: "ignored", rule: "RFC 5546 §2.1.4", reason: "nothing-changed" };
  }
  const last = latestRevision(state);
  const cancelRevision = nextRevision(last, true, context);
  const cancels = before ? cancelFor(state, before, [...what.removed], cancelRevision, context) : [];
  const raised = cancels.length > 0 ? cancelRevision : last;
  const revision = revise(raised, what, after, context);
  const stamped = stampObject(after, revision, zones.after, context);
  const revisions = objectComponents(stamped).map(({ key }): [InstanceKey, ComponentRevisions] => {
    const known = readRegister(state.revisions, key);
    return [key, { latest: revision, major: known && !what.major.has(key) ? known.major : revision }];
  });
  const next: SchedulingState = {
    ...state,
    object: stamped,
    revisions: writeRegisters(state.revisions, revisions),
    participations: writeRegisters(state.participations, voidAnswers(state, before, what.removed)),
    sent: writeRegisters(
      state.sent,
      cancels.flatMap((cancel) => sentEntries(cancel, cancelRevision, true)),
    ),
  };
  const changes: readonly Change[] = before
    ? diffObjects(before, stamped, zones)
    : [{ kind: "created", key: masterKey }];
  const requests = requestsFor(next, stamped, what, changes, context);
  const sent = writeRegisters(
    next.sent,
    requests.flatMap((request) => sentEntries(request, revision, false)),
  );
  return checkOutgoing({ ...next, sent }, [...cancels, ...requests], changes);
}

/** What the removed have said counts no more, also if they are invited again. */
function voidAnswers(
  state: SchedulingState,
  before: CalendarObject | undefined,
  removed: ReadonlySet<CalendarUserAddress>,
): readonly (readonly [string, Participation])[] {
  const keys = before ? [masterKey, ...before.overrides.keys()] : [];
  return [...removed].flatMap((guest) =>
    keys.flatMap((key) => {
      const register = participationKey(guest, key);
      const said = readRegister(state.participations, register);
      return said ? [[register, { ...said, answeredSequence: -1 }] as const] : [];
    }),
  );
}

/**
 * The REQUESTs a new version calls for. Old and new guests get the same object, built once; only for the old ones is it an
 * update, and of the changes they are told what the Organizer said, never what other guests did.
 */
function requestsFor(
  state: SchedulingState,
  object: CalendarObject,
  what: VersionDifference,
  changes: readonly Change[],
  context: Context,
): readonly SchedulingMessage[] {
  const added = [...what.added];
  const known = what.content ? [...guestsOf(object, context)].filter((guest) => !what.added.has(guest)) : [];
  if (added.length + known.length === 0) return [];
  const request = buildRequest(state, object, added, context);
  const updates = changes.filter((change) => change.kind === "property");
  const all = [request, { ...request, recipients: known, updates }];
  return all.filter(({ recipients }) => recipients.length > 0);
}

/** Cancels the whole object: RFC 5546 §3.2.5. The Organizer's copy stays, as STATUS:CANCELLED. */
export function cancelAsOrganizer(state: SchedulingState, comment: string | undefined, context: Context): Outcome {
  const { object } = state;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §5.2.1", reason: "unknown-uid" };
  if (objectComponents(object).every((component) => isCancelled(state, component))) {
    return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  }
  const revision = nextRevision(latestRevision(state), true, context);
  const cancels = cancelFor(state, object, "all", revision, context, comment);
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const components = objectComponents(object).map((component) =>
    stampComponent(markCancelled(component), revision, zones, context),
  );
  const revisions = components.map(({ key }): [InstanceKey, ComponentRevisions] => [
    key,
    { latest: revision, major: readRegister(state.revisions, key)?.major ?? revision },
  ]);
  const next: SchedulingState = {
    ...state,
    object: withComponents(object, components),
    revisions: writeRegisters(state.revisions, revisions),
    sent: writeRegisters(
      state.sent,
      cancels.flatMap((cancel) => sentEntries(cancel, revision, true)),
    ),
  };
  return checkOutgoing(next, cancels, [{ kind: "cancelled", key: masterKey, ...(comment && { comment }) }]);
}

/** No message leaves that breaks the strict tables: what would is refused, whole, with what is wrong with it. */
function checkOutgoing(
  state: SchedulingState,
  messages: readonly SchedulingMessage[],
  changes: readonly Change[],
): Outcome {
  const violations = messages.flatMap((message) => checkRestrictions(message));
  if (violations.length > 0) {
    return { kind: "rejected", rule: "RFC 5546 §3", status: statusFor(violations), violations };
  }
  return { kind: "applied", rule: "RFC 5546 §2.1.4", state, messages, changes, tolerated: [] };
}

interface VersionDifference {
  /** Keys of components that now take place at another time, or are new: answers to them are void. */
  readonly major: ReadonlySet<InstanceKey>;
  /** Whether something changed that raises SEQUENCE. */
  readonly raises: boolean;
  /** Whether anything but the guest list changed. */
  readonly content: boolean;
  readonly added: ReadonlySet<CalendarUserAddress>;
  readonly removed: ReadonlySet<CalendarUserAddress>;
}

function compareVersions(
  before: CalendarObject | undefined,
  after: CalendarObject,
  zones: VersionZones,
  context: Context,
): VersionDifference {
  const guests = guestsOf(after, context);
  const components = objectComponents(after);
  if (!before) {
    const major = new Set(components.map(({ key }) => key));
    return { major, raises: true, content: true, added: guests, removed: new Set() };
  }
  const alsoMajor = context.policy.majorProperties;
  const major = new Set<InstanceKey>();
  let content = components.length !== objectComponents(before).length;
  let raises = content;
  for (const component of components) {
    const old = componentAt(before, component.key);
    if (!old || timesOf(old, zones.before, alsoMajor) !== timesOf(component, zones.after, alsoMajor))
      major.add(component.key);
    if (!old || scheduleOf(old, zones.before, alsoMajor) !== scheduleOf(component, zones.after, alsoMajor))
      raises = true;
    if (!old || !sameContent(old, component)) content = true;
  }
  const oldGuests = guestsOf(before, context);
  const added = new Set([...guests].filter((guest) => !oldGuests.has(guest)));
  const removed = new Set([...oldGuests].filter((guest) => !guests.has(guest)));
  return { major, raises, content: content || raises, added, removed };
}

/** Those the Organizer's system sends messages to: all Attendees but the owner, and but those a client takes care of. */
function guestsOf(object: CalendarObject, context: Context): Set<CalendarUserAddress> {
  const guests = new Set<CalendarUserAddress>();
  for (const component of objectComponents(object)) {
    for (const attendee of component.attendees.values()) {
      if (attendee.scheduleAgent === "SERVER" && !context.addresses.has(attendee.address)) guests.add(attendee.address);
    }
  }
  return guests;
}

/** The highest SEQUENCE and the latest DTSTAMP of any component there ever was; also of an object that was removed. */
function latestRevision(state: SchedulingState): Revision | undefined {
  let latest: Revision | undefined;
  for (const { latest: revision } of allRegisters(state.revisions).values()) {
    latest = {
      sequence: Math.max(revision.sequence, latest?.sequence ?? 0),
      dtstamp: Math.max(revision.dtstamp, latest?.dtstamp ?? 0),
    };
  }
  return latest;
}

function revise(
  last: Revision | undefined,
  what: VersionDifference,
  after: CalendarObject,
  context: Context,
): Revision {
  const next = nextRevision(last, what.raises, context);
  const written = Math.max(...objectComponents(after).map((component) => component.revision.sequence));
  // A program may have raised SEQUENCE by itself, as RFC 5546 asks of it; it never lowers it.
  return { ...next, sequence: Math.min(Math.max(next.sequence, written), maxSequence) };
}

/** The revision after `last`: its DTSTAMP is later even where two changes fall into one second. */
function nextRevision(last: Revision | undefined, raise: boolean, context: Context): Revision {
  if (!last) return { sequence: 0, dtstamp: context.now };
  return {
    sequence: Math.min(last.sequence + (raise ? 1 : 0), maxSequence),
    dtstamp: Math.max(context.now, last.dtstamp + 1),
  };
}

/** A CANCEL for those who were sent something that still stands; without a list, for all of them. */
function cancelFor(
  state: SchedulingState,
  object: CalendarObject,
  removed: readonly CalendarUserAddress[] | "all",
  revision: Revision,
  context: Context,
  comment?: string,
): readonly SchedulingMessage[] {
  const candidates = removed === "all" ? [...guestsOf(object, context)] : removed;
  const recipients = candidates.filter((guest) => {
    const sent = readRegister(state.sent, guest);
    return sent !== undefined && !sent.cancelled;
  });
  if (recipients.length === 0) return [];
  return [
    buildCancel(object, recipients, { revision, whole: removed === "all", ...(comment && { comment }) }, context),
  ];
}

function sentEntries(
  message: SchedulingMessage,
  revision: Revision,
  cancelled: boolean,
): readonly (readonly [CalendarUserAddress, Sent])[] {
  const instances = objectComponents(message.object).map(({ key }) => key);
  return message.recipients.map((attendee) => [attendee, { attendee, revision, instances, cancelled }]);
}

/** Writes SEQUENCE and DTSTAMP, the Organizer, and every guest as not having answered: answers live in their registers. */
function stampObject(
  object: CalendarObject,
  revision: Revision,
  zones: ZoneResolver,
  context: Context,
): CalendarObject {
  const components = objectComponents(object).map((component) => stampComponent(component, revision, zones, context));
  return withComponents(object, components);
}

function stampComponent(
  component: ObjectComponent,
  revision: Revision,
  zones: ZoneResolver,
  context: Context,
): ObjectComponent {
  const properties = component.component.properties.map((property) =>
    property.name === "ATTENDEE" ? unanswered(property, context) : property,
  );
  let stamped: Component = { ...component.component, properties };
  stamped = withProperty(stamped, "DTSTAMP", makeDtstamp(revision.dtstamp));
  stamped = withProperty(stamped, "SEQUENCE", makeSequence(revision.sequence));
  if (component.attendees.size > 0 && !component.organizer) {
    stamped = withProperty(stamped, "ORGANIZER", ownerProperty(context));
  }
  const read = readObjectComponent(stamped, zones, context.limits);
  if (!read) throw new Error("stamping a component cannot add attendees to it");
  return read;
}

function ownerProperty(context: Context): Property {
  const property: Property = { name: "ORGANIZER", parameters: [], value: formatAddress(context.owner) };
  return context.ownerName ? withParameter(property, "CN", [context.ownerName]) : property;
}

function unanswered(property: Property, context: Context): Property {
  const attendee = readAttendee(property);
  if (!attendee) return property;
  if (context.addresses.has(attendee.address)) {
    return withParameter(withParameter(property, "RSVP", undefined), "PARTSTAT", ["ACCEPTED"]);
  }
  return withParameter(withParameter(property, "PARTSTAT", ["NEEDS-ACTION"]), "RSVP", ["TRUE"]);
}
