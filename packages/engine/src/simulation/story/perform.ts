import { firstProperty } from "../../icalendar/component.ts";
import { readDateTime } from "../../icalendar/date-time.ts";
import type { Action } from "../../itip/action.ts";
import { act } from "../../itip/actions.ts";
import type { Context } from "../../itip/context.ts";
import type { Outcome } from "../../itip/outcome.ts";
import { openProposals } from "../../itip/proposals.ts";
import { schedule } from "../../itip/schedule.ts";
import { type CalendarObject, leadingComponent, objectComponents } from "../../model/calendar-object.ts";
import { saysCancelled } from "../../model/cancelled.ts";
import { seriesFrom } from "../../model/cut-series.ts";
import { instanceAt } from "../../model/instance.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { type SchedulingState, unknownState } from "../../model/scheduling-state.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import { beginObject } from "./begin.ts";
import { type Calendar, instancesOf, isOrganizer, isRepeated } from "./calendar.ts";
import {
  type Edit,
  editAll,
  editAt,
  endingLater,
  excluded,
  later,
  laterValue,
  movedBy,
  restored,
  revived,
  withGuest,
  withoutGuest,
  withRule,
  withText,
} from "./edits.ts";
import type { StepKind, StoryStep } from "./story.ts";
import { systemOf } from "./systems.ts";

/** What came of a step, for one object. */
export interface Performed {
  readonly uid: string;
  readonly outcome: Outcome;
}

/** One object somebody does something with. */
interface Scene {
  readonly state: SchedulingState;
  readonly object: CalendarObject;
  /** The Instance that is meant; the master's key for the whole. */
  readonly key: InstanceKey;
  readonly step: StoryStep;
  readonly context: Context;
}

type Performer = (scene: Scene) => Outcome | undefined;

/** Does what a person does in a step; `undefined` where it means nothing as things are. */
export function perform(calendar: Calendar, step: StoryStep, context: Context): Performed | undefined {
  const system = systemOf(calendar.owner);
  if (system.lacks.has(step.kind)) return undefined;
  if (step.kind === "create") return create(calendar, step, context);
  const uids = [...calendar.objects]
    .filter(([uid, { object }]) => object !== undefined && isNamed(uid, step.object))
    .map(([uid]) => uid)
    .sort();
  const uid = uids[(step.part ?? 0) % uids.length];
  const state = uid === undefined ? undefined : calendar.objects.get(uid);
  if (uid === undefined || !state?.object) return undefined;
  const key = keyOf(state, state.object, step, context, named[step.kind]);
  if (key === undefined) return undefined;
  const outcome = performers[step.kind]({ state, object: state.object, key, step, context });
  return outcome && { uid, outcome };
}

function isNamed(uid: string, name: string): boolean {
  return uid === `${name}@story.test` || uid.startsWith(`${name}@story.test_`);
}

function create(calendar: Calendar, step: StoryStep, context: Context): Performed | undefined {
  const uid = `${step.object}@story.test`;
  if (calendar.objects.has(uid)) return undefined;
  const object = beginObject(uid, step.form ?? "single", calendar.owner, step.people ?? [], context.zones);
  return { uid, outcome: schedule(unknownState, object, context) };
}

/** What some kinds of steps are about, where that is not any Instance. */
const named: Partial<Record<StepKind, (object: CalendarObject) => readonly InstanceKey[]>> = {
  restore: ({ overrides }) => [...overrides.keys()],
  revive: ({ overrides }) => [...overrides.values()].filter(saysCancelled).map(({ key }) => key),
};

function keyOf(
  state: SchedulingState,
  object: CalendarObject,
  { instance }: StoryStep,
  { zones }: Context,
  find: ((object: CalendarObject) => readonly InstanceKey[]) | undefined,
): InstanceKey | undefined {
  if (instance === undefined || !isRepeated(object)) return masterKey;
  const keys = find?.(object) ?? instancesOf(state, zones).map(({ key }) => key);
  const sorted = [...new Set(keys)].sort();
  return sorted[instance % sorted.length];
}

/** The same that an Organizer's program does when its owner saves: the version as it is to be. */
function revise(edit: (scene: Scene) => CalendarObject | undefined): Performer {
  return (scene) => {
    if (!isOrganizer(scene.context.owner, scene.object)) return undefined;
    const after = edit(scene);
    return after && schedule(scene.state, after, scene.context);
  };
}

function editing(edit: (step: StoryStep) => Edit): Performer {
  return revise(({ object, key, step, context }) => editAt(object, key, edit(step), context.zones));
}

/** Guests are put on the list, or taken off it, of all there is, or of one Instance. */
function listing(edit: (scene: Scene) => Edit | undefined): Performer {
  return revise((scene) => {
    const { object, key, context } = scene;
    const change = edit(scene);
    // Nobody looks after the guests of what does not take place.
    if (!change || objectComponents(object).every(saysCancelled)) return undefined;
    return key === masterKey ? editAll(object, change, context.zones) : editAt(object, key, change, context.zones);
  });
}

function acting(action: (scene: Scene) => Action | undefined): Performer {
  return (scene) => {
    const wanted = action(scene);
    return wanted && act(scene.state, wanted, scene.context);
  };
}

const performers: Readonly<Record<Exclude<StepKind, "create">, Performer>> = {
  edit: editing(({ name = "SUMMARY", value = "" }) => withText(name, value)),
  move: editing(({ by = 0 }) => movedBy(by)),
  lengthen: editing(({ by = 0 }) => endingLater(by)),
  rule: revise(({ object, step, context }) =>
    object.master && isRepeated(object)
      ? editAt(object, masterKey, withRule(step.value ?? ""), context.zones)
      : undefined,
  ),
  exclude: revise(({ object, key, context }) => (key === masterKey ? undefined : excluded(object, key, context.zones))),
  restore: revise(({ object, key }) => (key === masterKey ? undefined : restored(object, key))),
  revive: revise(({ object, key, context }) =>
    key === masterKey ? editAll(object, revived, context.zones) : editAt(object, key, revived, context.zones),
  ),
  split: (scene) => {
    if (!isOrganizer(scene.context.owner, scene.object)) return undefined;
    const after = latterHalf(scene);
    return after && act(scene.state, { kind: "split", key: scene.key, after }, scene.context);
  },
  invite: listing(({ step, context }) => {
    const guest = step.people?.[0];
    return guest === undefined || guest === context.owner ? undefined : withGuest(guest, context.owner);
  }),
  uninvite: listing(({ step, context }) => {
    const guest = step.people?.[0];
    return guest === undefined || guest === context.owner ? undefined : withoutGuest(guest);
  }),
  cancel: acting(({ key, step: { range, value } }) => ({
    kind: "cancel",
    ...(key !== masterKey && { keys: [key], ...(range && { range }) }),
    ...(value && { comment: value }),
  })),
  add: acting(({ object, step, context }) => {
    const property = firstProperty(leadingComponent(object).component, "DTSTART");
    const start = property && readDateTime(property);
    if (!start || !isOrganizer(context.owner, object)) return undefined;
    return { kind: "add", starts: [laterValue(start, step.by ?? 86_400)] };
  }),
  publish: acting(({ step }) => ({ kind: "publish", to: step.people ?? [] })),
  "hand-over": acting(({ step: { people: [to] = [] } }) => to && { kind: "hand-over", to }),
  "accept-proposal": acting((scene) => decideProposal(scene, "accept-proposal")),
  "decline-proposal": acting((scene) => decideProposal(scene, "decline-proposal")),
  resend: acting(() => ({ kind: "resend" })),
  remove: ({ state, context }) => schedule(state, undefined, context),
  answer: acting(({ key, step: { partstat = "ACCEPTED", range, value, percent } }) => ({
    kind: "answer",
    partstat,
    ...(key !== masterKey && { key, ...(range && { range }) }),
    ...(value && { comment: value }),
    ...(percent !== undefined && { percentComplete: percent }),
  })),
  delegate: acting(
    ({ key, step: { people: [to] = [], value } }) =>
      to && { kind: "delegate", to, ...(key !== masterKey && { key }), ...(value && { keepInformed: true }) },
  ),
  counter: acting(propose),
  refresh: acting(() => ({ kind: "refresh" })),
  forward: () => undefined,
};

function latterHalf({ object, key, step, context }: Scene): CalendarObject | undefined {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const half = key === masterKey ? undefined : seriesFrom(object, key, zones, context.limits);
  if (!half) return undefined;
  const edit = step.by === undefined ? withText(step.name ?? "SUMMARY", step.value ?? "") : movedBy(step.by);
  return editAt(half, masterKey, edit, context.zones);
}

function decideProposal({ state, context }: Scene, kind: "accept-proposal" | "decline-proposal"): Action | undefined {
  const [proposal] = openProposals(state, context);
  return proposal && { kind, attendee: proposal.attendee, ...(proposal.key !== masterKey && { key: proposal.key }) };
}

function propose({ object, key, step, context }: Scene): Action | undefined {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const present = key === masterKey ? object.master : instanceAt(object, key, zones, context.limits);
  const isSeries = key === masterKey && isRepeated(object);
  if (!present || (isSeries && systemOf(context.owner).countersInstances)) return undefined;
  const { component } = present;
  const times = component.properties.filter(({ name }) => name === "DTSTART" || name === "DTEND" || name === "DUE");
  const changes =
    step.by === undefined
      ? withText(step.name ?? "LOCATION", step.value ?? "")({ ...component, properties: [] }).properties
      : times.map((property) => later(property, step.by ?? 0));
  return { kind: "counter", changes, ...(key !== masterKey && { key }) };
}
