import type { Component, Property } from "../icalendar/component.ts";
import { type DateOrDateTime, readDateTime } from "../icalendar/date-time.ts";
import { parameterValue } from "../icalendar/parameter.ts";
import { type Period, readPeriods } from "../icalendar/period.ts";
import type { Limits } from "../limits.ts";
import { expand } from "../recurrence/expand.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";
import { formatRule, parseRule } from "../recurrence/rule-text.ts";
import { type CalendarObject, readObjectComponent, recurrenceIdOf, withComponents } from "./calendar-object.ts";
import { instanceAt, parseInstanceKey } from "./instance.ts";
import { isRange, isRangeStart } from "./ranges.ts";
import { type InstanceKey, instanceKey, type RecurrenceId } from "./recurrence-id.ts";
import { readRecurrenceSet } from "./recurrence-set.ts";

const dayInSeconds = 86_400;

/**
 * Ends a series before one of its Instances: its rules get an UNTIL, and what it adds or leaves out from there on goes. RFC 5545
 * §3.3.10 wants UNTIL in UTC for instants, else like DTSTART. `undefined` where the key names no Instance.
 */
export function cutSeries(master: Component, key: InstanceKey, zones: ZoneResolver): Component | undefined {
  const id = parseInstanceKey(key);
  if (!id) return undefined;
  const until = lastBefore(id);
  const isBefore = (value: DateOrDateTime): boolean => instanceKey(recurrenceIdOf(value, "this", zones)) < key;
  const properties = master.properties.flatMap((property): readonly Property[] => {
    if (property.name === "RRULE") return [cutRule(property, until)];
    if (property.name === "RDATE") return keepDates(property, isBefore);
    return property.name === "EXDATE" ? keepDates(property, isBefore) : [property];
  });
  return { ...master, properties };
}

function lastBefore({ kind, at }: RecurrenceId): DateOrDateTime {
  if (kind === "date") return { kind, wall: at - dayInSeconds };
  return { kind: kind === "instant" ? "utc" : "floating", wall: at - 1 };
}

function cutRule(property: Property, until: DateOrDateTime): Property {
  const { rule } = parseRule(property.value);
  if (!rule) return property;
  const { count: _count, ...endless } = rule;
  return { ...property, value: formatRule({ ...endless, until: earlierEnd(rule.until, until) }) };
}

/** An UNTIL of another kind, such as the date of a series of times, counts where it is earlier in any zone. */
function earlierEnd(known: DateOrDateTime | undefined, end: DateOrDateTime): DateOrDateTime {
  if (!known) return end;
  const doubt = known.kind === end.kind ? 0 : 2 * dayInSeconds;
  return known.wall + doubt < end.wall ? known : end;
}

/** Keeps the dates or periods of an RDATE or EXDATE that pass; none left, no property. */
function keepDates(property: Property, passes: (start: DateOrDateTime) => boolean): readonly Property[] {
  const texts = property.value.split(",");
  const kept = texts.filter((text) => {
    const start = startOf({ ...property, value: text });
    return start === undefined || passes(start);
  });
  return kept.length === 0 ? [] : [kept.length === texts.length ? property : { ...property, value: kept.join(",") }];
}

function startOf(property: Property): DateOrDateTime | undefined {
  if (parameterValue(property, "VALUE")?.toUpperCase() !== "PERIOD" && !property.value.includes("/")) {
    return readDateTime(property);
  }
  const period: Period | undefined = readPeriods(property)[0];
  return period?.start;
}

/** Ends an object before one of its Instances; what has a component of its own from there on goes. */
export function cutObject(
  object: CalendarObject,
  key: InstanceKey,
  zones: ZoneResolver,
  limits: Limits,
): CalendarObject | undefined {
  const component = object.master && cutSeries(object.master.component, key, zones);
  const master = component && readObjectComponent(component, zones, limits);
  return master && withComponents(object, [master, ...[...object.overrides.values()].filter((one) => one.key < key)]);
}

/** Tells whether a series has an Instance before that one, be it cancelled or moved. */
export function hasInstanceBefore(
  object: CalendarObject,
  key: InstanceKey,
  zones: ZoneResolver,
  limits: Limits,
): boolean {
  const id = parseInstanceKey(key);
  if (!id) return false;
  if ([...object.overrides.keys()].some((other) => other < key)) return true;
  const set = readRecurrenceSet({ ...object, overrides: new Map() }, zones, limits);
  return expand(set, { from: -Infinity, to: id.at }, limits).next() !== undefined;
}

/** Tells whether a series itself has an Instance from that one on. */
export function hasInstanceFrom(
  object: CalendarObject,
  key: InstanceKey,
  zones: ZoneResolver,
  limits: Limits,
): boolean {
  const id = parseInstanceKey(key);
  if (!id) return false;
  const set = readRecurrenceSet({ ...object, overrides: new Map() }, zones, limits);
  for (const { recurrenceId } of expand(set, { from: id.at, to: Infinity }, limits))
    if (recurrenceId.at >= id.at) return true;
  return false;
}

/** Finds the first Instance after one that the component of that one speaks for too: which has none of its own. */
export function nextSpokenFor(
  object: CalendarObject,
  key: InstanceKey,
  zones: ZoneResolver,
  limits: Limits,
): RecurrenceId | undefined {
  const id = parseInstanceKey(key);
  const set = readRecurrenceSet({ ...object, overrides: new Map() }, zones, limits);
  for (const { recurrenceId } of id ? expand(set, { from: id.at, to: Infinity }, limits) : []) {
    const each = instanceKey({ ...recurrenceId, range: "this" });
    if (each <= key) continue;
    if (isRangeStart(object, each)) return undefined;
    if (!object.overrides.has(each)) return { ...recurrenceId, range: "this" };
  }
  return undefined;
}

/**
 * Returns the latter part of a series as an object of its own, from one of its Instances on: what a person edits who changes this
 * and all that follow. COUNT is what is left of it. `undefined` where the series does not have the Instance, or a bound ended the
 * counting.
 */
export function seriesFrom(
  object: CalendarObject,
  key: InstanceKey,
  zones: ZoneResolver,
  limits: Limits,
): CalendarObject | undefined {
  const { master } = object;
  const ranges = [...object.overrides].filter(([, one]) => isRange(one));
  const first = instanceAt(
    { ...object, overrides: new Map(ranges.filter(([start]) => start !== key)) },
    key,
    zones,
    limits,
  );
  const id = parseInstanceKey(key);
  if (!master || !first || !id) return undefined;
  const isAfter = (value: DateOrDateTime): boolean => instanceKey(recurrenceIdOf(value, "this", zones)) >= key;
  const repetition = master.component.properties.map((property) => {
    if (property.name === "RRULE") return restOfRule(object, property, id, zones, limits);
    return dates.has(property.name) ? keepDates(property, isAfter) : [];
  });
  if (repetition.includes(undefined)) return undefined;
  const own = first.component.properties.filter(({ name }) => name !== "RECURRENCE-ID");
  const properties = [...own, ...repetition.flatMap((lines) => lines ?? [])];
  const latter = readObjectComponent({ ...first.component, properties }, zones, limits);
  return latter && withComponents(object, [latter, ...[...object.overrides.values()].filter((one) => one.key >= key)]);
}

const dates: ReadonlySet<string> = new Set(["RDATE", "EXDATE"]);

/** A rule as it goes on from an Instance; `undefined` where nobody can tell how often. */
function restOfRule(
  object: CalendarObject,
  property: Property,
  { at }: RecurrenceId,
  zones: ZoneResolver,
  limits: Limits,
): readonly Property[] | undefined {
  const { rule } = parseRule(property.value);
  if (rule?.count === undefined) return [property];
  const set = readRecurrenceSet({ ...object, overrides: new Map() }, zones, limits);
  if (!set.master) return undefined;
  const alone = { ...set, master: { ...set.master, rules: [rule], dates: [], exceptions: [] } };
  const expansion = expand(alone, { from: -Infinity, to: at }, limits);
  let count = rule.count;
  while (expansion.next()) count--;
  if (expansion.isIncomplete) return undefined;
  return count > 0 ? [{ ...property, value: formatRule({ ...rule, count }) }] : [];
}
