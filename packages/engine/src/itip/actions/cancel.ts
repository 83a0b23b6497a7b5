import { withProperty } from "../../icalendar/component.ts";
import {
  type CalendarObject,
  type ObjectComponent,
  objectComponents,
  readObjectComponent,
  withComponents,
} from "../../model/calendar-object.ts";
import { saysCancelled } from "../../model/cancelled.ts";
import { cutObject, hasInstanceBefore, nextSpokenFor } from "../../model/cut-series.ts";
import { makeInstance, makeRecurrenceId, parseInstanceKey } from "../../model/instance.ts";
import { mergeComponents } from "../../model/merge.ts";
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
import type { Outcome } from "../outcome.ts";

type Cancel = Extract<Action, { kind: "cancel" }>;

/**
 * Cancels the whole object, some Instances of it, or one Instance and all after. RFC 5546 §3.2.5. Cancelled Instances stay visible
 * as STATUS:CANCELLED. A series that is cancelled from an Instance on ends before it; with policy `range` that leaves as one CANCEL
 * with RANGE=THISANDFUTURE. What speaks for all after an Instance goes on from the next one where that one alone is cancelled.
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
  return save(state, calledOff(object, instances, zones, context), action, context);
}

function save(state: SchedulingState, after: CalendarObject, { comment }: Cancel, context: Context): Outcome {
  const said = commentOf(comment, context);
  const outcome = reviseAsOrganizer(state, after, context, said);
  if (outcome.kind !== "applied") return outcome;
  const changes = outcome.changes.map((change) => (change.kind === "cancelled" ? { ...change, ...said } : change));
  return { ...outcome, rule: "RFC 5546 §3.2.5", changes };
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

/** Calls Instances off, and those alone: what spoke for all after one of them begins with the next it speaks for. */
function calledOff(
  object: CalendarObject,
  instances: readonly ObjectComponent[],
  zones: ZoneResolver,
  { limits }: Context,
): CalendarObject {
  const named = mergeComponents(object, object, instances);
  const further = new Map<InstanceKey, ObjectComponent>();
  for (const one of instances) {
    const next = isRange(one) && !saysCancelled(one) ? nextSpokenFor(named, one.key, zones, limits) : undefined;
    const begun = next && makeInstance(object, one, { ...next, range: "this-and-future" }, zones, limits);
    if (begun) further.set(one.key, begun);
  }
  const cancelled = instances.map((one) => markCancelled(further.has(one.key) ? withoutRange(one) : one));
  return mergeComponents(object, object, [...cancelled, ...further.values()]);
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
