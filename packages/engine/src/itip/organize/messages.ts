import { withProperty } from "../../icalendar/component.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
} from "../../model/calendar-object.ts";
import { makeRecurrenceId } from "../../model/instance.ts";
import { withoutRange } from "../../model/ranges.ts";
import type { InstanceKey } from "../../model/recurrence-id.ts";
import { readRegister } from "../../model/registers.ts";
import { hearsOfChanges } from "../../model/render.ts";
import { compareRevisions, type Revision } from "../../model/revision.ts";
import type { PropertyUpdate, SchedulingMessage } from "../../model/scheduling-message.ts";
import { beginning, type SchedulingState, type Sent } from "../../model/scheduling-state.ts";
import type { VersionZones } from "../changes.ts";
import type { Context } from "../context.ts";
import { buildCancel } from "../methods/build-cancel.ts";
import { buildRequestOf } from "../methods/build-request.ts";
import type { Change } from "../outcome.ts";
import type { Comparison } from "./compare.ts";
import type { NewRevisions, ToldGroup } from "./stamp.ts";
import type { CancelledPart } from "./tell.ts";
import { makeRenderer } from "./view.ts";

/** All that messages of a new version are made of. */
export interface MessageSources {
  /** The state after the change. */
  readonly state: SchedulingState;
  readonly what: Comparison;
  readonly object: CalendarObject;
  /** Instances without a component of their own that are named all the same. */
  readonly further: ReadonlyMap<InstanceKey, ObjectComponent>;
  readonly told: readonly ToldGroup[];
  readonly revisions: NewRevisions;
  readonly changes: readonly Change[];
  readonly zones: VersionZones;
  readonly context: Context;
  readonly comment?: string;
}

/** The messages of a new version, and what everybody who gets one has been sent now. */
export interface BuiltMessages {
  readonly messages: readonly SchedulingMessage[];
  readonly sent: readonly (readonly [CalendarUserAddress, Sent])[];
}

/** Builds the messages of a new version: CANCELs first; one for all who are told the same, and what they share built once. */
export function buildMessages(sources: MessageSources): BuiltMessages {
  const messages = [...buildCancels(sources), ...buildRequests(sources)];
  return { messages, sent: sentRegisters(sources, messages) };
}

/** Guests who lose the same. */
interface AlikeCancels {
  readonly parts: readonly CancelledPart[];
  readonly recipients: CalendarUserAddress[];
}

/** Guests who are sent the same. */
interface AlikeRequests {
  readonly keys: readonly InstanceKey[];
  readonly knowing: boolean;
  readonly recipients: CalendarUserAddress[];
}

function buildCancels(sources: MessageSources): readonly SchedulingMessage[] {
  const { what, told, revisions, context, comment, object } = sources;
  const alike = new Map<string, AlikeCancels>();
  for (const { group, telling } of told) {
    for (const whole of [true, false]) {
      const parts = telling.cancels.filter((part) => part.whole === whole);
      if (parts.length > 0)
        gather(alike, `${whole} ${parts.map(({ key }) => key)}`, group.guests, { parts, recipients: [] });
    }
  }
  return [...alike.values()].map(({ parts, recipients }) => {
    const targets = parts.flatMap(({ key }) => cancelTarget(sources, key));
    const whole = parts[0]?.whole === true;
    const cancel = { revision: revisions.cancel, whole, targets, ...(comment && { comment }) };
    return buildCancel(what.before ?? object, recipients, cancel, context);
  });
}

/** What is cancelled, as its guests know it; an Instance from which on the series goes on without them is a range. */
function cancelTarget({ what, zones }: MessageSources, key: InstanceKey): readonly ObjectComponent[] {
  const before = what.differences.get(key)?.before;
  if (!before) return [];
  const id = what.after.overrides.get(key)?.recurrenceId;
  // Of what spoke for all after an Instance that one alone is taken back: those are as the series says again.
  if (id?.range !== "this-and-future") return [withoutRange(before)];
  if (before.recurrenceId?.range === id.range) return [before];
  const ranged = makeRecurrenceId(id, what.before?.master, zones.before);
  return [{ ...before, component: withProperty(before.component, "RECURRENCE-ID", ranged) }];
}

/** Old and new guests get the same text; only for the old ones is it an update, of what the Organizer changed. */
function buildRequests(sources: MessageSources): readonly SchedulingMessage[] {
  const { state, object, further, told, changes, zones, context } = sources;
  const alike = new Map<string, AlikeRequests>();
  for (const { group, telling } of told) {
    const { requested: keys, knowing } = telling;
    const name = `${knowing} ${keys.length} ${keys.join(" ")}`;
    const leading = leadingComponent(object);
    const guests = knowing ? group.guests.filter((guest) => hearsOfChanges(state, leading, guest)) : group.guests;
    if (keys.length > 0 && guests.length > 0) gather(alike, name, guests, { keys, knowing, recipients: [] });
  }
  const renderer = makeRenderer(state, object, further, zones.after, context.limits);
  const built = new Map<string, SchedulingMessage>();
  const updates = changes.filter((change): change is PropertyUpdate => change.kind === "property");
  return [...alike.values()]
    .sort((a, b) => Number(a.knowing) - Number(b.knowing))
    .map(({ keys, knowing, recipients }) => {
      const name = keys.join(" ");
      const message = built.get(name) ?? buildRequestOf(object, renderer.render(keys), [], context);
      built.set(name, message);
      const named = new Set(keys);
      return { ...message, recipients, updates: knowing ? updates.filter(({ key }) => named.has(key)) : [] };
    });
}

function gather<Group extends { readonly recipients: CalendarUserAddress[] }>(
  groups: Map<string, Group>,
  name: string,
  guests: readonly CalendarUserAddress[],
  empty: Group,
): void {
  const group = groups.get(name) ?? empty;
  groups.set(name, group);
  for (const guest of guests) group.recipients.push(guest);
}

/**
 * Who gets a message has been sent all they are on; who is on nothing any more had it taken back. Who does not wish to hear of changes
 * has been sent no version that stands.
 */
function sentRegisters(
  { state, told, revisions }: MessageSources,
  messages: readonly SchedulingMessage[],
): readonly (readonly [CalendarUserAddress, Sent])[] {
  const latest = new Map<CalendarUserAddress, Revision>();
  const requested = new Set<CalendarUserAddress>();
  for (const { method, object, recipients } of messages) {
    const revision = highestRevision(object);
    for (const recipient of recipients) {
      latest.set(recipient, revision);
      if (method === "REQUEST") requested.add(recipient);
    }
  }
  return told.flatMap(({ group, telling }) =>
    group.guests.flatMap((attendee): readonly (readonly [CalendarUserAddress, Sent])[] => {
      const revision = latest.get(attendee);
      const known = readRegister(state.sent, attendee);
      const isBehind =
        !requested.has(attendee) &&
        known !== undefined &&
        (telling.requested.length > 0 || compareRevisions(known.revision, beginning) === 0);
      if (!revision) return isBehind ? [[attendee, { ...known, revision: beginning }]] : [];
      const cancelled = group.has.length === 0;
      const instances = cancelled ? group.had : group.has;
      const present = isBehind ? beginning : revision;
      return [
        [attendee, { attendee, revision: cancelled ? revisions.cancel : present, instances, cancelled }] as const,
      ];
    }),
  );
}

function highestRevision(object: CalendarObject): Revision {
  return objectComponents(object).reduce(
    (highest, { revision }) => ({
      sequence: Math.max(highest.sequence, revision.sequence),
      dtstamp: Math.max(highest.dtstamp, revision.dtstamp),
    }),
    { sequence: 0, dtstamp: 0 },
  );
}
