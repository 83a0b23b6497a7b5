import { withProperty } from "../../icalendar/component.ts";
import {
  type CalendarObject,
  type ObjectComponent,
  objectComponents,
  readObjectComponent,
  withComponents,
} from "../../model/calendar-object.ts";
import { saysCancelled } from "../../model/cancelled.ts";
import { cutObject, hasInstanceBefore, nextSpokenFor, seriesFrom } from "../../model/cut-series.ts";
import { makeRecurrenceId, parseInstanceKey } from "../../model/instance.ts";
import { isRange, isRangeStart, withoutRange } from "../../model/ranges.ts";
import type { InstanceKey } from "../../model/recurrence-id.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import { commentOf } from "../comment.ts";
import type { Context } from "../context.ts";
import { cancelAsOrganizer, markCancelled } from "../organize/cancel.ts";
import { readSeries } from "../organize/series.ts";
import { reviseAsOrganizer } from "../organize.ts";
import { type Applied, joined, type Outcome } from "../outcome.ts";
import { split } from "./split.ts";

type Cancel = Extract<Action, { kind: "cancel" }>;

/**
 * Cancels the whole object, some Instances of it, or one Instance and all after. RFC 5546 §3.2.5. Cancelled Instances stay visible
 * as STATUS:CANCELLED. A series that is cancelled from an Instance on ends before it; with policy `range` that leaves as one CANCEL
 * with RANGE=THISANDFUTURE. Where a component speaks for all after an Instance and that one alone is cancelled, the others go on as an
 * object of their own, in `further` (decision 0015).
 *
 * - `ignored/unknown-uid`: there is no such Instance; `ignored/cancelled`: all that is named is cancelled already.
 */
export function cancel(state: SchedulingState, object: CalendarObject, action: Cancel, context: Context): Outcome {
  const { keys, range, comment } = action;
  if (!keys) return cancelAsOrganizer(state, comment, context);
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const [first] = [...keys].sort();
  const isToEnd = range === "this-and-future" && first !== undefined;
  if (isToEnd && !hasInstanceBefore(object, first, zones, context.limits)) {
    return cancelAsOrganizer(state, comment, context);
  }
  const instances = instancesAt(object, isToEnd ? [first] : keys, zones, context);
  if (!instances) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  if (instances.every(saysCancelled)) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  if (isToEnd) return save(state, endedBefore(object, first, instances, zones, context), action, context);
  const named = withInstances(object, instances);
  const goesOn = (one: ObjectComponent): boolean =>
    isRange(one) && !saysCancelled(one) && nextSpokenFor(named, one.key, zones, context.limits) !== undefined;
  const firsts = instances.filter(goesOn);
  if (firsts.length > 0) return cancelFirsts(state, instances, firsts, action, context);
  return save(state, withInstances(object, instances.map(markCancelled)), action, context);
}

function save(state: SchedulingState, after: CalendarObject, { comment }: Cancel, context: Context): Outcome {
  const said = commentOf(comment, context);
  const outcome = reviseAsOrganizer(state, after, context, said);
  if (outcome.kind !== "applied") return outcome;
  const changes = outcome.changes.map((change) => (change.kind === "cancelled" ? { ...change, ...said } : change));
  return { ...outcome, rule: "RFC 5546 §3.2.5", changes };
}

/** No component says of what it speaks for that the first does not take place and the others do: these are split off before. */
function cancelFirsts(
  state: SchedulingState,
  instances: readonly ObjectComponent[],
  firsts: readonly ObjectComponent[],
  action: Cancel,
  context: Context,
): Outcome {
  const others = instances.filter((one) => !firsts.includes(one));
  const saved = (each: readonly ObjectComponent[]): Step => {
    const cancelled = each.map((one) => markCancelled(withoutRange(one)));
    return (now, object) => save(now, withInstances(object, cancelled), action, context);
  };
  const lastFirst = firsts.toSorted((a, b) => (a.key < b.key ? 1 : -1));
  const steps: readonly Step[] = [
    saved(others),
    ...lastFirst.flatMap((one): readonly Step[] => [
      (now, object) => splitAfter(now, object, one.key, context),
      saved([one]),
    ]),
  ];
  let all: Applied = { kind: "applied", rule: "RFC 5546 §3.2.5", state, messages: [], changes: [], tolerated: [] };
  for (const step of steps) {
    const outcome = all.state.object && step(all.state, all.state.object);
    if (outcome?.kind === "rejected") return outcome;
    if (outcome?.kind === "applied") all = joined(all, outcome);
  }
  return all;
}

type Step = (state: SchedulingState, object: CalendarObject) => Outcome | undefined;

function splitAfter(
  state: SchedulingState,
  object: CalendarObject,
  first: InstanceKey,
  context: Context,
): Outcome | undefined {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const key = nextSpokenFor(object, first, zones, context.limits);
  const after = key === undefined ? undefined : seriesFrom(object, key, zones, context.limits);
  const policy = { ...context.policy, thisAndFuture: "split" } as const;
  return key !== undefined && after
    ? split(state, object, { kind: "split", key, after }, { ...context, policy })
    : undefined;
}

/** The Instances of these keys as components; `undefined` where the object does not have one of them. */
function instancesAt(
  object: CalendarObject,
  keys: readonly InstanceKey[],
  zones: ZoneResolver,
  context: Context,
): readonly ObjectComponent[] | undefined {
  const series = readSeries(object, keys, zones, context.limits);
  const found = keys.flatMap((key) => object.overrides.get(key) ?? series.at(key) ?? []);
  return found.length === keys.length && keys.length > 0 ? found : undefined;
}

function withInstances(object: CalendarObject, instances: readonly ObjectComponent[]): CalendarObject {
  return { ...object, overrides: new Map([...object.overrides, ...instances.map((one) => [one.key, one] as const)]) };
}

function endedBefore(
  object: CalendarObject,
  key: InstanceKey,
  [instance]: readonly ObjectComponent[],
  zones: ZoneResolver,
  context: Context,
): CalendarObject {
  const id = parseInstanceKey(key);
  const cut = cutObject(object, key, zones, context.limits);
  // Who is on the series and not on that Instance of its would hear of nothing.
  const own = isRangeStart(object, key) ? undefined : object.overrides.get(key);
  const isForAll = !own || [...(object.master?.attendees.keys() ?? [])].every((guest) => own.attendees.has(guest));
  if (context.policy.thisAndFuture === "split" || !id || !instance || !isForAll) return cut ?? object;
  const ranged = makeRecurrenceId({ ...id, range: "this-and-future" }, object.master, zones);
  const named = withProperty(markCancelled(instance).component, "RECURRENCE-ID", ranged);
  const ending = readObjectComponent(named, zones, context.limits);
  const earlier = objectComponents(object).filter((component) => component.key < key);
  return withComponents(object, ending ? [...earlier, ending] : earlier);
}
