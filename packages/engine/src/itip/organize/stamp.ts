import { type Component, type Property, withProperty } from "../../icalendar/component.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import { formatAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  type ObjectComponent,
  organizerOf,
  readObjectComponent,
} from "../../model/calendar-object.ts";
import { readAttendee, readOrganizer } from "../../model/calendar-user.ts";
import { isRange, isRangeStart, speakerAfter } from "../../model/ranges.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { allRegisters, readRegister } from "../../model/registers.ts";
import { sequenceAfter } from "../../model/render.ts";
import { maxSequence, type Revision } from "../../model/revision.ts";
import type { ComponentRevisions, SchedulingState } from "../../model/scheduling-state.ts";
import { recurs } from "../../model/times.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { makeDtstamp, makeSequence } from "../build.ts";
import type { Context } from "../context.ts";
import type { Comparison } from "./compare.ts";
import type { GuestGroup } from "./guests.ts";
import type { Telling } from "./tell.ts";

/** Guests of one view, and what they are told. */
export interface ToldGroup {
  readonly group: GuestGroup;
  readonly telling: Telling;
}

/** The revisions one change of the Organizer's makes; all that rise in it rise to one SEQUENCE. */
export interface NewRevisions {
  readonly cancel: Revision;
  /** By key: what stands anew, be it in the object or only in a message. Components that are not in it keep theirs. */
  readonly components: ReadonlyMap<InstanceKey, ComponentRevisions>;
}

/**
 * Gives revisions to what a change touches. RFC 5546 §2.1.4: SEQUENCE rises to one more than any component ever had where times,
 * exceptions or STATUS change, and where somebody is sent a CANCEL; else only DTSTAMP is new. What is sent is later than what is
 * cancelled in the same step, so that it stands. All else keeps its revision.
 */
export function makeRevisions(
  state: SchedulingState,
  what: Comparison,
  told: readonly ToldGroup[],
  context: Context,
): NewRevisions {
  const tellings = told.map(({ telling }) => telling);
  const last = latestRevision(state);
  const sequence = Math.min(last ? last.sequence + 1 : 0, maxSequence);
  const cancel = { sequence, dtstamp: Math.max(context.now, last ? last.dtstamp + 1 : 0) };
  const hasCancels = tellings.some(({ cancels }) => cancels.length > 0);
  const dtstamp = hasCancels ? cancel.dtstamp + 1 : cancel.dtstamp;
  const components = new Map<InstanceKey, ComponentRevisions>();
  const raised = raisedKeys(what, told);
  for (const key of touchedKeys(what, tellings, raised)) {
    const known = knownRevisions(state, what, key);
    // Who got it by an ADD, or never heard of the component it had once, has it with the SEQUENCE of what speaks for it.
    const speaking = state.object?.overrides.has(key) ? [] : [key, masterKey];
    const kept = Math.max(known?.latest.sequence ?? 0, ...speaking.map((one) => sequenceAfter(state, one)));
    const difference = what.differences.get(key);
    const isRaised = raised.has(key) || goesOnAt(state, what, key);
    const least = isRaised || !known ? sequence : kept;
    // A program may have raised SEQUENCE by itself, as RFC 5546 asks of it; it never lowers it.
    const written = difference?.to === key ? (difference.after?.revision.sequence ?? 0) : 0;
    const latest = { sequence: Math.min(Math.max(least, written), maxSequence), dtstamp };
    components.set(key, { latest, major: known && !difference?.moved ? known.major : latest });
  }
  for (const [key, known, mover] of movedAlong(state, what)) {
    const major = components.get(mover)?.latest ?? known.major;
    components.set(key, { latest: known.latest, major });
  }
  return { cancel, components };
}

/** Components whose SEQUENCE rises: because of what changed, and because a CANCEL takes somebody off them, be it one of the whole. */
function raisedKeys({ differences, after }: Comparison, told: readonly ToldGroup[]): ReadonlySet<InstanceKey> {
  const raised = new Set<InstanceKey>();
  for (const { key, raises } of differences.values()) if (raises) raised.add(key);
  for (const { group, telling } of told) {
    const has = new Set(group.has);
    for (const { key } of telling.cancels) {
      raised.add(key === masterKey || after.overrides.has(key) ? key : masterKey).add(key);
      const lost = key === masterKey ? group.had.filter((had) => !has.has(had)) : [];
      for (const had of lost) if (after.overrides.has(had)) raised.add(had);
    }
  }
  return raised;
}

function touchedKeys(
  what: Comparison,
  tellings: readonly Telling[],
  raised: ReadonlySet<InstanceKey>,
): ReadonlySet<InstanceKey> {
  const touched = new Set([...what.differences.keys(), ...raised]);
  for (const { renews, requested } of tellings) if (renews) for (const key of requested) touched.add(key);
  if (touched.has(masterKey)) for (const key of what.outside) touched.add(key);
  return touched;
}

/** What is known of a component, and of what spoke for its Instance so far: that is where its answers come from. */
function knownRevisions(state: SchedulingState, what: Comparison, key: InstanceKey): ComponentRevisions | undefined {
  const before = goesOnAt(state, what, key) ? speakerAfter(what.before, key) : key;
  const { from = before, to = key } = what.differences.get(key) ?? {};
  // The only Instance of what does not repeat has the answers to the whole, where that speaks for it.
  const { master } = what.after;
  const whole = master && !recurs(master) ? to : key;
  const known = [...new Set([key, from, whole])].flatMap((one) => readRegister(state.revisions, one) ?? []);
  return known.length === 0 ? undefined : known.reduce(later);
}

/** Whether a component begins to speak for all after its Instance as another did that began before: it has the answers of that. */
function goesOnAt({ revisions }: SchedulingState, { after, differences }: Comparison, key: InstanceKey): boolean {
  return isRangeStart(after, key) && !differences.has(key) && !readRegister(revisions, key);
}

function later(one: ComponentRevisions, other: ComponentRevisions): ComponentRevisions {
  const { latest } = other.latest.sequence >= one.latest.sequence ? other : one;
  const { major } = other.major.sequence >= one.major.sequence ? other : one;
  return { latest, major };
}

/** Instances that had a component of their own once: what speaks for them again takes them along when it moves. */
function* movedAlong(
  state: SchedulingState,
  { after, differences }: Comparison,
): Iterable<readonly [InstanceKey, ComponentRevisions, InstanceKey]> {
  const ranges = [...after.overrides.values()].filter(isRange);
  const speakers = [masterKey, ...ranges.map(({ key }) => key).sort()];
  if (!speakers.some((key) => differences.get(key)?.moved)) return;
  for (const [key, known] of allRegisters(state.revisions)) {
    const speaker = speakers.findLast((start) => start <= key) ?? masterKey;
    const isSpokenFor = key !== masterKey && !after.overrides.has(key);
    if (isSpokenFor && !differences.has(key) && differences.get(speaker)?.moved) yield [key, known, speaker];
  }
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

/** The ORGANIZER an object keeps, whatever its owner's program writes: only handing over changes it. RFC 6638 §3.2.2.1. */
export function organizerProperty(
  before: CalendarObject | undefined,
  after: CalendarObject,
  context: Context,
): Property {
  const known = (before && organizerOf(before)) ?? organizerOf(after);
  if (known) return known.property;
  const property: Property = { name: "ORGANIZER", parameters: [], value: formatAddress(context.owner) };
  return context.ownerName ? withParameter(property, "CN", [context.ownerName]) : property;
}

/** Writes SEQUENCE and DTSTAMP, the Organizer, and every guest as not having answered: answers live in their registers. */
export function stampComponent(
  component: ObjectComponent,
  revision: Revision,
  organizer: Property,
  zones: ZoneResolver,
  context: Context,
): ObjectComponent {
  const properties = component.component.properties.map((property) =>
    property.name === "ATTENDEE" ? unanswered(property, context) : property,
  );
  let stamped: Component = { ...component.component, properties };
  stamped = withProperty(stamped, "DTSTAMP", makeDtstamp(revision.dtstamp));
  stamped = withProperty(stamped, "SEQUENCE", makeSequence(revision.sequence));
  const isOther = component.organizer?.address !== readOrganizer(organizer)?.address;
  if (isOther && (component.organizer || component.attendees.size > 0)) {
    stamped = withProperty(stamped, "ORGANIZER", organizer);
  }
  const read = readObjectComponent(stamped, zones, context.limits);
  if (!read) throw new Error("stamping a component cannot add attendees to it");
  return read;
}

function unanswered(property: Property, context: Context): Property {
  const attendee = readAttendee(property);
  if (!attendee) return property;
  // Whom a client writes to the client asks: what it says of their answers is all there is.
  if (attendee.scheduleAgent !== "SERVER") return property;
  if (context.addresses.has(attendee.address)) {
    return withParameter(withParameter(property, "RSVP", undefined), "PARTSTAT", ["ACCEPTED"]);
  }
  // Delegations live in the registers too.
  const own = withParameter(property, "DELEGATED-TO", undefined);
  return withParameter(withParameter(own, "PARTSTAT", ["NEEDS-ACTION"]), "RSVP", ["TRUE"]);
}
