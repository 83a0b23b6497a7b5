import { subcomponents } from "../icalendar/component.ts";
import { type CalendarObject, componentAt, type ObjectComponent } from "../model/calendar-object.ts";
import { isCancelled, saysCancelled } from "../model/cancelled.ts";
import { madeInstance } from "../model/instance.ts";
import { mergeComponents } from "../model/merge.ts";
import { rangeStarts } from "../model/ranges.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { readRegister, writeRegisters } from "../model/registers.ts";
import { clampRevision, compareRevisions, type Revision } from "../model/revision.ts";
import type { ComponentRevisions, SchedulingState } from "../model/scheduling-state.ts";
import { markStrays, walkSeries } from "../model/strays.ts";
import { timesOf } from "../model/times.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { diffComponents, type VersionZones } from "./changes.ts";
import type { Context } from "./context.ts";
import type { Change } from "./outcome.ts";
import { renameInstances } from "./rename.ts";

/** A component of a message that is newer than what is known of it, with its revision, clamped. */
export interface TakenComponent {
  readonly component: ObjectComponent;
  readonly revision: Revision;
}

/** Picks the components that are newer than what is known of them; `older` where one of the others is older. RFC 5546 §2.1.5. */
export function pickNewer(
  state: SchedulingState,
  components: readonly ObjectComponent[],
  context: Context,
): { readonly newer: readonly TakenComponent[]; readonly older: boolean } {
  const newer: TakenComponent[] = [];
  let older = false;
  for (const component of components) {
    const revision = clampRevision(component.revision, context.now);
    const known = readRegister(state.revisions, component.key);
    const removed = !state.object && known?.cancelled && compareRevisions(revision, known.cancelled) <= 0;
    const order = removed ? -1 : known ? compareRevisions(revision, known.latest) : 1;
    if (order > 0) newer.push({ component: withoutAlarms(component), revision });
    if (order < 0) older = true;
  }
  return { newer, older };
}

/**
 * Puts newer components into an Attendee's copy, and finds what changes by that for its owner. What the message does not name
 * stays; Instances a newer series no longer has do not take place any more (decision 0017).
 */
export function takeComponents(
  state: SchedulingState,
  source: CalendarObject,
  taken: readonly TakenComponent[],
  context: Context,
): { readonly state: SchedulingState; readonly changes: readonly Change[] } {
  const stored = state.object?.timezones ?? [];
  const zones: VersionZones = {
    // What a version says of its zones holds for that version.
    before: makeZoneResolver(stored, context.zones, context.limits),
    after: makeZoneResolver([...source.timezones, ...stored], context.zones, context.limits),
  };
  const before = versionsBefore(state, taken, zones.before, context);
  const changes: Change[] = [];
  const revisions: [InstanceKey, ComponentRevisions][] = [];
  for (const { component, revision } of taken) {
    const known = before.get(component.key);
    if (known) changes.push(...diffComponents(known, component, zones));
    else changes.push({ kind: "created", key: component.key });
    revisions.push([component.key, revisionsAfter(state, known, { component, revision }, zones, context)]);
  }
  const components = taken.map(({ component, revision }) => withRangeOfCancel(state, component, revision));
  const merged: SchedulingState & { readonly object: CalendarObject } = {
    ...state,
    object: mergeComponents(state.object, source, components),
    revisions: writeRegisters(state.revisions, revisions),
  };
  const named = renameInstances(merged, zones.after, context);
  const next = { ...named, revisions: markStrays(named.object, named.revisions, zones.after, context.limits) };
  // Of what is cancelled all the same, by a CANCEL that came before, there is nothing to tell.
  const isEnded = (one: ObjectComponent): boolean => isCancelled(next, one) && !saysCancelled(one);
  const ended = new Set(components.filter(isEnded).map(({ key }) => key));
  return { state: next, changes: [...changes.filter(({ key }) => !ended.has(key)), ...endedBy(state, next)] };
}

/**
 * What was known of each Instance: the component it had, or, where the series has it, one made of what the series says. The
 * series is walked through once for all.
 */
function versionsBefore(
  { object }: SchedulingState,
  taken: readonly TakenComponent[],
  zones: ZoneResolver,
  { limits }: Context,
): ReadonlyMap<InstanceKey, ObjectComponent> {
  const before = new Map<InstanceKey, ObjectComponent>();
  if (!object) return before;
  const unknown: ObjectComponent[] = [];
  for (const { component } of taken) {
    const known = componentAt(object, component.key);
    if (known) before.set(component.key, known);
    else unknown.push(component);
  }
  const ids = unknown.flatMap(({ recurrenceId }) => recurrenceId ?? []);
  if (!object.master || ids.length === 0) return before;
  const series = walkSeries(object, ids, zones, limits);
  for (const { key, recurrenceId } of unknown) {
    if (!recurrenceId || series(recurrenceId) !== "present") continue;
    const made = madeInstance(object, { ...recurrenceId, range: "this" }, zones, limits);
    if (made) before.set(key, made);
  }
  return before;
}

function revisionsAfter(
  state: SchedulingState,
  before: ObjectComponent | undefined,
  { component, revision }: TakenComponent,
  zones: VersionZones,
  context: Context,
): ComponentRevisions {
  const own = readRegister(state.revisions, component.key);
  const known = own ?? (before && readRegister(state.revisions, governingKey(state, component.key)));
  const stands = known && before && !wasTakenBack(known) && !resetsAnswers(before, component, zones, context);
  const major = stands ? known.major : revision;
  return { latest: revision, major, ...(own?.cancelled && { cancelled: own.cancelled }) };
}

function governingKey({ object }: SchedulingState, key: InstanceKey): InstanceKey {
  return (object && rangeStarts(object).findLast((start) => start <= key)) ?? masterKey;
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

/** A CANCEL of a range that came before the text it is about: the text is of that range then. */
function withRangeOfCancel(state: SchedulingState, component: ObjectComponent, revision: Revision): ObjectComponent {
  const { cancelled } = readRegister(state.revisions, component.key) ?? {};
  const known = state.object?.overrides.get(component.key);
  if (!known || !cancelled || compareRevisions(revision, cancelled) > 0) return component;
  return withRangeOf(component, known);
}

/** Gives a component the RECURRENCE-ID of another of the same Instance, and with it its range. */
export function withRangeOf(component: ObjectComponent, other: ObjectComponent): ObjectComponent {
  const { recurrenceId } = other;
  if (!recurrenceId || recurrenceId.range === component.recurrenceId?.range) return component;
  const property = other.component.properties.find(({ name }) => name === "RECURRENCE-ID");
  const properties = component.component.properties.map((each) =>
    each.name === "RECURRENCE-ID" && property ? property : each,
  );
  return { ...component, recurrenceId, component: { ...component.component, properties } };
}

function isStray(state: SchedulingState, key: InstanceKey): boolean {
  return readRegister(state.revisions, key)?.stray === true;
}

/** The Instances that took place before, and that a newer series no longer has. */
function endedBy(before: SchedulingState, after: SchedulingState): readonly Change[] {
  return [...(before.object?.overrides.values() ?? [])].flatMap((component): readonly Change[] => {
    const isEnded = isStray(after, component.key) && !isCancelled(before, component);
    return isEnded ? [{ kind: "cancelled", key: component.key }] : [];
  });
}

/** Alarms are the owner's own: those of another system never ring here. */
function withoutAlarms(component: ObjectComponent): ObjectComponent {
  if (subcomponents(component.component, "VALARM").length === 0) return component;
  const components = component.component.components.filter((child) => child.name !== "VALARM");
  return { ...component, component: { ...component.component, components } };
}
