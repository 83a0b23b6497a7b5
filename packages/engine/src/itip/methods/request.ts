import { firstProperty, subcomponents, withProperty } from "../../icalendar/component.ts";
import { makeTextProperty } from "../../icalendar/text.ts";
import { maxSpeakers } from "../../limits.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  componentAt,
  type ObjectComponent,
  objectComponents,
  organizerOf,
} from "../../model/calendar-object.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { readRegister, writeRegisters } from "../../model/registers.ts";
import { renderDocument } from "../../model/render.ts";
import { clampRevision, compareRevisions, type Revision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { ComponentRevisions, SchedulingState } from "../../model/scheduling-state.ts";
import { timesOf } from "../../model/times.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import { buildMessage } from "../build.ts";
import { diffComponents, type VersionZones } from "../changes.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import type { Applied, Change, Outcome } from "../outcome.ts";

/**
 * Takes an invitation or an update into an Attendee's copy, component by component. RFC 5546 §3.2.2, ordered by §2.1.5.
 *
 * - `ignored/not-for-us`: the owner organizes this object; nobody else can revise it.
 * - `ignored/duplicate`, `ignored/superseded`: every component is known already, or older than what is known.
 * - `undecided/new-organizer`: it names another Organizer than the stored one (RFC 5546 §6.1.3).
 * - `applied`: newer components replaced theirs. A REQUEST without master never replaces the series, and one with a master
 *   keeps the overrides it does not mention.
 */
export function receiveRequest(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const organizer = organizerOf(message.object);
  const stored = state.object && organizerOf(state.object);
  if (context.addresses.has((stored ?? organizer)?.address as CalendarUserAddress)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  if (organizer && state.object && organizer.address !== stored?.address && !evidence.confirmedByOwner) {
    return {
      kind: "undecided",
      rule: "RFC 5546 §6.1.3",
      question: { kind: "new-organizer", organizer: organizer.address },
      tolerated: [],
    };
  }
  const taken = takeNewer(state, message.object, context);
  if (taken.components.length === 0) {
    return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: taken.older ? "superseded" : "duplicate" };
  }
  return applyRequest(state, message.object, taken.components, speakersAfter(state, message, evidence), context);
}

/** Builds the REQUEST of an object for some of its Attendees, with all answers as they count now. RFC 5546 §3.2.2. */
export function buildRequest(
  state: SchedulingState,
  object: CalendarObject,
  recipients: readonly CalendarUserAddress[],
  context: Context,
): SchedulingMessage {
  const components = objectComponents(object).map((component) => {
    const rendered = renderDocument(state, component);
    return firstProperty(rendered, "SUMMARY")
      ? rendered
      : withProperty(rendered, "SUMMARY", makeTextProperty("SUMMARY", ""));
  });
  return buildMessage({
    method: "REQUEST",
    originator: organizerOf(object)?.address ?? context.owner,
    recipients,
    type: object.type,
    components,
    timezones: object.timezones,
    context,
  });
}

interface TakenComponent {
  readonly component: ObjectComponent;
  readonly revision: Revision;
}

/** Picks the components that are newer than what is known of them. */
function takeNewer(state: SchedulingState, object: CalendarObject, context: Context) {
  const components: TakenComponent[] = [];
  let older = false;
  for (const component of objectComponents(object)) {
    const revision = clampRevision(component.revision, context.now);
    const known = readRegister(state.revisions, component.key);
    const removed = !state.object && known?.cancelled && compareRevisions(revision, known.cancelled) <= 0;
    const order = removed ? -1 : known ? compareRevisions(revision, known.latest) : 1;
    if (order > 0) components.push({ component: withoutAlarms(component), revision });
    if (order < 0) older = true;
  }
  return { components, older };
}

function applyRequest(
  state: SchedulingState,
  object: CalendarObject,
  taken: readonly TakenComponent[],
  speakers: readonly CalendarUserAddress[],
  context: Context,
): Applied {
  const stored = state.object?.timezones ?? [];
  const zones: VersionZones = {
    // What a version says of its zones holds for that version.
    before: makeZoneResolver(stored, context.zones, context.limits),
    after: makeZoneResolver([...object.timezones, ...stored], context.zones, context.limits),
  };
  const changes: Change[] = [];
  const revisions: [InstanceKey, ComponentRevisions][] = [];
  for (const { component, revision } of taken) {
    const known = state.object && componentAt(state.object, component.key);
    if (known) changes.push(...diffComponents(known, component, zones));
    else changes.push({ kind: "created", key: component.key });
    const before = readRegister(state.revisions, component.key);
    const stands = before && known && !wasTakenBack(before) && !resetsAnswers(known, component, zones, context);
    const major = stands ? before.major : revision;
    const cancelled = before?.cancelled;
    revisions.push([component.key, { latest: revision, major, ...(cancelled && { cancelled }) }]);
  }
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.2",
    state: {
      ...state,
      object: mergeComponents(
        state.object,
        object,
        taken.map(({ component }) => component),
      ),
      revisions: writeRegisters(state.revisions, revisions),
      speakers,
    },
    messages: [],
    changes,
    tolerated: [],
  };
}

/**
 * Tells whether the owner has to answer anew: another time, or a higher SEQUENCE under which the Organizer says so
 * (RFC 5546 §2.1.4: a change that the Organizer deems to put the answers in doubt).
 */
function resetsAnswers(
  before: ObjectComponent,
  after: ObjectComponent,
  zones: VersionZones,
  context: Context,
): boolean {
  const major = context.policy.majorProperties;
  if (timesOf(before, zones.before, major) !== timesOf(after, zones.after, major)) return true;
  if (after.revision.sequence <= before.revision.sequence) return false;
  for (const address of context.addresses) {
    const attendee = after.attendees.get(address);
    if (attendee) return attendee.partstat === "NEEDS-ACTION";
  }
  return false;
}

/** Whether the owner was taken off the list, or all was called off: an invitation after that asks anew. */
function wasTakenBack({ latest, cancelled }: ComponentRevisions): boolean {
  return cancelled !== undefined && compareRevisions(cancelled, latest) >= 0;
}

/** Puts components into an object; those it does not name stay as they were. VTIMEZONEs are joined by TZID. */
export function mergeComponents(
  known: CalendarObject | undefined,
  source: CalendarObject,
  components: readonly ObjectComponent[],
): CalendarObject {
  const master = components.find((component) => component.key === masterKey) ?? known?.master;
  const overrides = new Map(known?.overrides);
  for (const component of components) if (component.key !== masterKey) overrides.set(component.key, component);
  const present = new Set(source.timezones.map(timezoneId));
  const kept = (known?.timezones ?? []).filter((timezone) => !present.has(timezoneId(timezone)));
  return {
    uid: source.uid,
    type: source.type,
    ...(master && { master }),
    overrides,
    timezones: [...source.timezones, ...kept],
  };
}

function timezoneId(timezone: CalendarObject["timezones"][number]): string {
  return timezone.properties.find((property) => property.name === "TZID")?.value ?? "";
}

/** Alarms are the owner's own: those of another system never ring here. */
function withoutAlarms(component: ObjectComponent): ObjectComponent {
  if (subcomponents(component.component, "VALARM").length === 0) return component;
  const components = component.component.components.filter((child) => child.name !== "VALARM");
  return { ...component, component: { ...component.component, components } };
}

function speakersAfter(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
): readonly CalendarUserAddress[] {
  const organizer = organizerOf(message.object)?.address;
  if (!organizer || !evidence.from || !evidence.confirmedByOwner || evidence.from === organizer) return state.speakers;
  if (state.speakers.includes(evidence.from) || state.speakers.length >= maxSpeakers) return state.speakers;
  return [...state.speakers, evidence.from];
}
