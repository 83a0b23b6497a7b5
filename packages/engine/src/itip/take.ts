import { subcomponents } from "../icalendar/component.ts";
import { type CalendarObject, componentAt, type ObjectComponent } from "../model/calendar-object.ts";
import { isCancelled, saysCancelled } from "../model/cancelled.ts";
import { madeInstance, makeInstance } from "../model/instance.ts";
import { mergeComponents } from "../model/merge.ts";
import { withoutOverruledExceptions } from "../model/overruled.ts";
import { withoutProvisional } from "../model/provisional.ts";
import { isRange, speakerAfter } from "../model/ranges.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { readRegister, writeRegisters } from "../model/registers.ts";
import { answersTo } from "../model/render.ts";
import { clampRevision, compareRevisions, type Revision } from "../model/revision.ts";
import type { ComponentRevisions, SchedulingState } from "../model/scheduling-state.ts";
import { markStrays, walkSeries } from "../model/strays.ts";
import { movesInstances, recurs } from "../model/times.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { diffComponents, type VersionZones } from "./changes.ts";
import type { Context } from "./context.ts";
import { withAnswersToOnly } from "./only-instance.ts";
import type { Change } from "./outcome.ts";
import {
  endsElsewhere,
  isDoubted,
  isOfCancelled,
  resetsAnswers,
  type TakenComponent,
  voidedAnswers,
  wasTakenBack,
} from "./own-answers.ts";
import { renameInstances } from "./rename.ts";

/**
 * Tells whose word a message is: the Organizer's; an ADD, whose Instances belong to a series and are answered by who answered that;
 * or that of somebody who forwards it, as a delegator does, who may make Instances of their own of it.
 */
export type Origin = "organizer" | "add" | "forwarded";

/** Picks the components that are newer than what is known of them; `older` where one of the others is older. RFC 5546 §2.1.5. */
export function pickNewer(
  state: SchedulingState,
  components: readonly ObjectComponent[],
  context: Context,
): { readonly newer: readonly TakenComponent[]; readonly older: boolean } {
  const newer: TakenComponent[] = [];
  const same: TakenComponent[] = [];
  let older = false;
  for (const component of components) {
    const revision = clampRevision(component.revision, context.now);
    const known = readRegister(state.revisions, component.key);
    const removed = !state.object && known?.cancelled && compareRevisions(revision, known.cancelled) <= 0;
    const order = removed ? -1 : known ? compareRevisions(revision, known.latest) : 1;
    if (order > 0) newer.push({ component: withoutAlarms(component), revision });
    if (order === 0) same.push({ component: withoutAlarms(component), revision });
    if (order < 0) older = true;
  }
  // What the owner threw away comes back whole.
  if (!state.object && newer.length > 0) newer.push(...same);
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
  origin: Origin = "organizer",
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
  const series = taken.find(({ component }) => component.key === masterKey)?.revision.dtstamp;
  const isMoved = endsElsewhere(state, taken, zones, context);
  for (const { component, revision } of taken) {
    const known = before.get(component.key);
    if (known) changes.push(...diffComponents(known, component, zones));
    else changes.push({ kind: "created", key: component.key });
    const governing = known || origin === "add" ? speakerAfter(state.object, component.key) : undefined;
    const made = revisionsAfter(state, known, governing, { component, revision }, zones, context);
    const after = isMoved && component.key === masterKey ? { ...made, major: revision } : made;
    // What is no later than the series that comes with it is the Organizer's own word, whoever forwards it.
    const isOwnWord =
      origin === "organizer" || (origin === "forwarded" && series !== undefined && revision.dtstamp <= series);
    const isProvisional = !isOwnWord && component.key !== masterKey;
    revisions.push([component.key, isProvisional ? { ...after, provisional: true } : after]);
  }
  const components = taken.map(({ component, revision }) => withRangeOfCancel(state, component, revision));
  const merged: SchedulingState & { readonly object: CalendarObject } = {
    ...state,
    object: mergeComponents(state.object, source, components),
    participations: writeRegisters(state.participations, voidedAnswers(state, taken, zones, context)),
    revisions: writeRegisters(state.revisions, revisions),
  };
  const named = renameInstances(merged, zones.after, context);
  const object = withoutOverruledExceptions(named.object, named.revisions, zones.after);
  const marked = markStrays(object, named.revisions, zones.after, context.limits);
  const next = withAnswersToOnly({ ...named, ...withoutProvisional({ object, revisions: marked }) }, zones.after);
  // Of what is cancelled all the same, by a CANCEL that came before, there is nothing to tell.
  const isEnded = (one: ObjectComponent): boolean =>
    !(next.object && componentAt(next.object, one.key)) || (isCancelled(next, one) && !saysCancelled(one));
  const ended = new Set(components.filter(isEnded).map(({ key }) => key));
  return { state: next, changes: [...changes.filter(({ key }) => !ended.has(key)), ...endedBy(state, marked)] };
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
  governing: InstanceKey | undefined,
  { component, revision }: TakenComponent,
  zones: VersionZones,
  context: Context,
): ComponentRevisions {
  const own = readRegister(state.revisions, component.key);
  const isAsSeries = own?.provisional && state.object !== undefined && !state.object.overrides.has(component.key);
  const ofSeries = governing === undefined ? undefined : readRegister(state.revisions, governing);
  const known = isAsSeries ? ofSeries : (own ?? ofSeries);
  // Of what the owner threw away the text is gone: whether it moved is told by what the Organizer says of their answer, but for all after.
  const isUnsure = isRange(component) && component.revision.sequence > (own?.latest.sequence ?? 0);
  const isLost = (known: Revision): boolean => isUnsure || isDoubted(state, known, component, context);
  const isKnown = own && !state.object ? !isLost(own.latest) : governing !== undefined;
  const isSame = (one: ObjectComponent): boolean => !resetsAnswers(state, one, component, zones, context);
  const isAsBefore = before ? isSame(before) && !isWider(state, before, component, zones, context) : isKnown;
  const stands = known && isAsBefore && !wasTakenBack(known) && !isOfCancelled(state, component.key, own);
  const major = confirmedMajor(state, component, stands ? known.major : revision, context);
  return { latest: revision, major, ...(own?.cancelled && { cancelled: own.cancelled }) };
}

/**
 * Whether a component speaks for all after its Instance from now on, which were at other times, by what spoke for them; who knows that
 * Instance alone does not know what they were like.
 */
function isWider(
  { object }: SchedulingState,
  before: ObjectComponent,
  component: ObjectComponent,
  zones: VersionZones,
  { policy, limits }: Context,
): boolean {
  const { key, recurrenceId } = component;
  if (!object || !recurrenceId || !isRange(component) || isRange(before)) return false;
  const speaker = object.master && recurs(object.master) && componentAt(object, speakerAfter(object, key));
  const made = speaker && makeInstance(object, speaker, { ...recurrenceId, range: "this" }, zones.before, limits);
  return !made || movesInstances(made, component, zones, policy.majorProperties, limits);
}

/** What the Organizer shows as the owner's answer to an Instance counts, also where it was in doubt before. */
function confirmedMajor(
  state: SchedulingState,
  { key, attendees }: ObjectComponent,
  major: Revision,
  { addresses }: Context,
): Revision {
  for (const address of key === masterKey ? [] : addresses) {
    const shown = attendees.get(address)?.partstat;
    // What was delegated stays so whatever the time; the delegate's answer does not.
    if (shown === "DELEGATED") continue;
    const same = answersTo(state, address, key).filter(({ partstat }) => partstat === shown);
    const latest = Math.max(-1, ...same.map(({ answeredSequence }) => answeredSequence));
    if (latest >= 0 && latest < major.sequence) return { ...major, sequence: latest };
  }
  return major;
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

/** The Instances that took place before, and that a newer series no longer has. */
function endedBy(before: SchedulingState, marked: SchedulingState["revisions"]): readonly Change[] {
  return [...(before.object?.overrides.values() ?? [])].flatMap((component): readonly Change[] => {
    const isStray = readRegister(marked, component.key)?.stray === true;
    return isStray && !isCancelled(before, component) ? [{ kind: "cancelled", key: component.key }] : [];
  });
}

/** Alarms are the owner's own: those of another system never ring here. */
function withoutAlarms(component: ObjectComponent): ObjectComponent {
  if (subcomponents(component.component, "VALARM").length === 0) return component;
  const components = component.component.components.filter((child) => child.name !== "VALARM");
  return { ...component, component: { ...component.component, components } };
}
