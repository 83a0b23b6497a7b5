import { allProperties, type Component, withoutProperties } from "../../icalendar/component.ts";
import { makeDateTimeProperties, readDateTime, readDateTimes } from "../../icalendar/date-time.ts";
import type { Limits } from "../../limits.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { type CalendarObject, componentAt, type ObjectComponent, recurrenceIdOf } from "../../model/calendar-object.ts";
import { cutSeries, hasInstanceFrom } from "../../model/cut-series.ts";
import { makeRecurrenceId, parseInstanceKey } from "../../model/instance.ts";
import { rangeStarts } from "../../model/ranges.ts";
import { type InstanceKey, instanceKey, masterKey, type RecurrenceId } from "../../model/recurrence-id.ts";
import { readRecurrenceSet } from "../../model/recurrence-set.ts";
import { allRegisters } from "../../model/registers.ts";
import { renderDocument } from "../../model/render.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import { readTimeSpan } from "../../model/time-span.ts";
import { excludedInstances } from "../../model/times.ts";
import { expand } from "../../recurrence/expand.ts";
import type { ZoneResolver } from "../../recurrence/resolve.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Context } from "../context.ts";
import { buildRequestOf } from "../methods/build-request.ts";
import { stamp } from "../restamp.ts";
import { readSeries } from "./series.ts";

/** Makes the components of an object as guests who are on some of them see it. Each is rendered once, however many views there are. */
export interface Renderer {
  /** The components of these keys; Instances as the series says come from `further`. */
  render(keys: readonly InstanceKey[]): readonly Component[];
}

/** Makes a Renderer. `further` holds Instances without a component of their own in the object. */
export function makeRenderer(
  state: SchedulingState,
  object: CalendarObject,
  further: ReadonlyMap<InstanceKey, ObjectComponent>,
  zones: ZoneResolver,
  limits: Limits,
): Renderer {
  const rendered = new Map<InstanceKey, Component>();
  const renderOne = (key: InstanceKey): readonly Component[] => {
    const component = componentAt(object, key) ?? further.get(key);
    if (!component) return [];
    const made = rendered.get(key) ?? renderDocument(state, component);
    rendered.set(key, made);
    return [made];
  };
  return {
    render(keys) {
      const seen = new Set(keys);
      return keys.flatMap((key) =>
        renderOne(key).map((one) => (key === masterKey ? withoutUnseen(one, object, seen, zones, limits) : one)),
      );
    },
  };
}

/**
 * Leaves the Instances out of a series that those who see it are not invited to, or that are cancelled, and ends it where they are
 * not invited from some Instance on (decision 0014). EXDATE is in the form of DTSTART, RFC 5545 §3.8.5.1.
 */
export function withoutUnseen(
  rendered: Component,
  object: CalendarObject,
  seen: ReadonlySet<InstanceKey>,
  zones: ZoneResolver,
  limits: Limits,
): Component {
  const { master } = object;
  const unseen = [...object.overrides.values()].filter(({ key }) => !seen.has(key));
  if (!master || unseen.length === 0) return rendered;
  const starts = rangeStarts(object);
  const ended = starts[starts.findLastIndex((start) => seen.has(start)) + 1];
  const isLonger = ended !== undefined && hasInstanceFrom(object, ended, zones, limits);
  const known = excludedInstances(master, zones);
  const between = unseenBetween(object, seen, starts, zones, limits);
  const ids = new Map(unseen.flatMap(({ key, recurrenceId }) => (recurrenceId ? [[key, recurrenceId] as const] : [])));
  const more = [...new Map([...ids, ...between])].flatMap(([key, id]) =>
    known.has(key) ? [] : (readDateTime(makeRecurrenceId({ ...id, range: "this" }, master, zones)) ?? []),
  );
  const all = [...allProperties(rendered, "EXDATE").flatMap(readDateTimes), ...more];
  const bare = withoutProperties(rendered, new Set(["EXDATE"]));
  const left: Component = { ...bare, properties: [...bare.properties, ...makeDateTimeProperties("EXDATE", all)] };
  return isLonger ? endedBefore(left, master, ended, zones) : left;
}

/** The Instances that a component they do not see speaks for, up to one for all after that they see. */
function unseenBetween(
  object: CalendarObject,
  seen: ReadonlySet<InstanceKey>,
  starts: readonly InstanceKey[],
  zones: ZoneResolver,
  limits: Limits,
): ReadonlyMap<InstanceKey, RecurrenceId> {
  const between = new Map<InstanceKey, RecurrenceId>();
  const bare = readRecurrenceSet({ ...object, overrides: new Map() }, zones, limits);
  for (const [index, start] of starts.entries()) {
    const end = starts.findIndex((other, place) => place > index && seen.has(other));
    const [from, to] = [parseInstanceKey(start), parseInstanceKey(starts[end] ?? "")];
    if (seen.has(start) || !from || !to) continue;
    for (const { recurrenceId } of expand(bare, { from: from.at, to: to.at }, limits)) {
      const id: RecurrenceId = { ...recurrenceId, range: "this" };
      const key = instanceKey(id);
      if (key >= start && !seen.has(key)) between.set(key, id);
    }
  }
  return between;
}

/** Ends a series before an Instance. Its first one takes place by DTSTART whatever the rule says, so it is left out by name. */
function endedBefore(series: Component, master: ObjectComponent, key: InstanceKey, zones: ZoneResolver): Component {
  const start = readTimeSpan(master.component)?.start;
  const cut = cutSeries(series, key, zones) ?? series;
  if (!start || instanceKey(recurrenceIdOf(start, "this", zones)) < key) return cut;
  return { ...cut, properties: [...cut.properties, ...makeDateTimeProperties("EXDATE", [start])] };
}

/**
 * Builds the REQUEST of all that some guests are on, as it is now: what answers a REFRESH, and heals a copy that is out of date.
 * RFC 5546 §3.2.6. `keys` are those of the components they are on. An Instance that had a component of its own once, and is as the
 * series says again, is named: a copy would keep what it has of it (decision 0017).
 */
export function requestFor(
  state: SchedulingState,
  object: CalendarObject,
  keys: readonly InstanceKey[],
  guests: readonly CalendarUserAddress[],
  context: Context,
): SchedulingMessage {
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const again = instancesAgain(state, object, keys, zones, context);
  const components = makeRenderer(state, object, again, zones, context.limits).render([...keys, ...again.keys()]);
  return buildRequestOf(object, components, guests, context);
}

function instancesAgain(
  state: SchedulingState,
  object: CalendarObject,
  keys: readonly InstanceKey[],
  zones: ZoneResolver,
  context: Context,
): ReadonlyMap<InstanceKey, ObjectComponent> {
  const again = new Map<InstanceKey, ObjectComponent>();
  const former = [...allRegisters(state.revisions)].filter(([key]) => key !== masterKey && !object.overrides.has(key));
  if (former.length === 0) return again;
  const named = former.map(([key]) => key);
  const series = readSeries(object, named, zones, context.limits);
  for (const [key, { latest, major }] of former) {
    const instance = series.at(key);
    const spoken = series.governing(key);
    if (!instance || spoken === undefined || !keys.includes(spoken)) continue;
    // What speaks for all after an Instance says nothing without its series.
    if (spoken !== masterKey && !keys.includes(masterKey)) continue;
    // Where its series moved since, the answers to it are void.
    const sequence = Math.max(latest.sequence, major.sequence);
    const stamped = stamp(instance, { ...latest, sequence }, zones, context);
    if (stamped) again.set(key, stamped);
  }
  return again;
}
