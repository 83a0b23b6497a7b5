import { type Component, type Property, withoutProperties, withProperty } from "../../icalendar/component.ts";
import type { EpochSeconds } from "../../icalendar/date-time.ts";
import { parameterValue } from "../../icalendar/parameter.ts";
import { encodeText, makeTextProperty } from "../../icalendar/text.ts";
import {
  type CalendarObject,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
  readObjectComponent,
  withComponents,
} from "../../model/calendar-object.ts";
import { cutObject, hasInstanceBefore, seriesFrom } from "../../model/cut-series.ts";
import { makeRecurrenceId, parseInstanceKey } from "../../model/instance.ts";
import type { InstanceKey } from "../../model/recurrence-id.ts";
import { type SchedulingState, unknownState } from "../../model/scheduling-state.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import { makeDtstamp } from "../build.ts";
import type { Context } from "../context.ts";
import { carryAnswers } from "../organize/carry-answers.ts";
import { reviseAsOrganizer } from "../organize.ts";
import type { Outcome } from "../outcome.ts";

/**
 * Changes one Instance of a series and all after it (decision 0015). As policy has it:
 *
 * - `split`: the series ends before the Instance, and what follows is an object of its own, in `further`, with a UID made of the old
 *   one, the Instance and the version that ended. Answers go along where no time moved.
 * - `range`: one component with RANGE=THISANDFUTURE, RFC 5545 §3.2.13, as long as the repetition stays; else as `split`.
 *
 * From the first Instance on it is a change of the whole. `ignored/unknown-uid`: the series has no such Instance.
 */
export function split(
  state: SchedulingState,
  object: CalendarObject,
  action: Extract<Action, { kind: "split" }>,
  context: Context,
): Outcome {
  const { key, after } = action;
  const zones = makeZoneResolver([...after.timezones, ...object.timezones], context.zones, context.limits);
  const present = seriesFrom(object, key, zones, context.limits);
  if (!present?.master || !after.master) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  if (!hasInstanceBefore(object, key, zones, context.limits)) {
    return reviseAsOrganizer(state, renamed(after, object.uid, zones, context), context);
  }
  const repeatsAlike = repetitionOf(present.master) === repetitionOf(after.master);
  if (context.policy.thisAndFuture === "range" && repeatsAlike) {
    return reviseAsOrganizer(state, withRange(object, key, after, zones, context), context);
  }
  return splitSeries(state, object, { key, present, after }, context);
}

interface Halves {
  readonly key: InstanceKey;
  /** The latter half as it is, and as it is to be. */
  readonly present: CalendarObject;
  readonly after: CalendarObject;
}

function splitSeries(
  state: SchedulingState,
  object: CalendarObject,
  { key, present, after }: Halves,
  context: Context,
): Outcome {
  const zones = makeZoneResolver([...after.timezones, ...object.timezones], context.zones, context.limits);
  const former = cutObject(object, key, zones, context.limits) ?? object;
  const ended = reviseAsOrganizer(state, former, context);
  if (ended.kind !== "applied" || !ended.state.object) return ended;
  const uid = latterUid(ended.state.object, key);
  const latter = renamed(after, uid, zones, context, object.uid);
  const { instances, ...answers } = carryAnswers(state, key, present, latter, context);
  const begun = reviseAsOrganizer({ ...unknownState, ...answers }, latter, context, { named: instances });
  if (begun.kind !== "applied") return begun;
  return {
    ...ended,
    rule: "decision 0015",
    messages: [...ended.messages, ...begun.messages],
    further: [begun.state],
  };
}

/**
 * Names the latter half after the series, its first Instance and the version by which the former one ended: a series may be split there
 * again, also by who takes it over. A half of a half is named alike.
 */
function latterUid(ended: CalendarObject, key: InstanceKey): string {
  const stem = ended.uid.replace(/_R\d{8}(T\d{6}Z?)?(-\d{8}T\d{6}Z)?$/, "");
  const { dtstamp } = leadingComponent(ended).revision;
  const uidOf = (time: EpochSeconds): string => `${stem}_R${key}-${makeDtstamp(time).value}`;
  // What was split off in this very second may begin anew at an Instance of that name.
  return uidOf(dtstamp) === ended.uid ? uidOf(dtstamp + 1) : uidOf(dtstamp);
}

function renamed(
  object: CalendarObject,
  uid: string,
  zones: ZoneResolver,
  context: Context,
  relatedTo?: string,
): CalendarObject {
  const components = objectComponents(object).flatMap((one) => {
    const named = withProperty(one.component, "UID", makeTextProperty("UID", uid));
    const related = relatedTo === undefined ? named : withRelation(named, relatedTo);
    return readObjectComponent(withProperty(related, "SEQUENCE", undefined), zones, context.limits) ?? [];
  });
  return { ...withComponents(object, components), uid };
}

/** RFC 5545 §3.8.4.5: what was one series stands side by side. */
function withRelation(component: Component, uid: string): Component {
  const value = encodeText(uid);
  if (component.properties.some((property) => property.name === "RELATED-TO" && property.value === value))
    return component;
  const relation: Property = { name: "RELATED-TO", parameters: [{ name: "RELTYPE", value: "SIBLING" }], value };
  return { ...component, properties: [...component.properties, relation] };
}

const repetition: ReadonlySet<string> = new Set(["RRULE", "RDATE", "EXDATE", "EXRULE"]);

function repetitionOf({ component }: ObjectComponent): string {
  const lines = component.properties.filter(({ name }) => repetition.has(name));
  return lines
    .map((line) => `${line.name};${parameterValue(line, "TZID") ?? ""}:${line.value}`)
    .sort()
    .join("\n");
}

/** Puts the later version into the series as the component that speaks for the Instance and all after. */
function withRange(
  object: CalendarObject,
  key: InstanceKey,
  after: CalendarObject,
  zones: ZoneResolver,
  context: Context,
): CalendarObject {
  const id = parseInstanceKey(key);
  if (!id || !after.master) return object;
  const recurrenceId = makeRecurrenceId({ ...id, range: "this-and-future" }, object.master, zones);
  const bare = withProperty(withoutProperties(after.master.component, repetition), "RECURRENCE-ID", recurrenceId);
  const ranged = readObjectComponent(bare, zones, context.limits);
  const former = objectComponents(object).filter((component) => component.key < key);
  const later = [...after.overrides.values()].filter((component) => component.key > key);
  const timezones = [...object.timezones, ...after.timezones.filter((one) => !object.timezones.includes(one))];
  return { ...withComponents(object, [...former, ...(ranged ? [ranged] : []), ...later]), timezones };
}
