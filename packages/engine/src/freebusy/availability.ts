import { type Component, firstProperty } from "../icalendar/component.ts";
import { parseDuration, readDateTime } from "../icalendar/date-time.ts";
import { readInteger, readText } from "../icalendar/text.ts";
import { type Limits, maxAvailabilities, maxBusyPeriods } from "../limits.ts";
import { type BusyPeriod, type BusyType, parseBusyType } from "../model/busy-time.ts";
import { type ObjectComponent, readObjectComponent } from "../model/calendar-object.ts";
import { clipSpan, joinSpans, subtractSpans } from "../model/instant-spans.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { readRecurrenceSet } from "../model/recurrence-set.ts";
import { expand } from "../recurrence/expand.ts";
import type { InstantRange, RecurrenceSet } from "../recurrence/recurrence-set.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Zone, ZoneProvider } from "../recurrence/zone.ts";

/** A VAVAILABILITY, read: in `span` its owner is as busy as `type` says, but for the times of `available`. RFC 7953 §3.1. */
export interface Availability {
  /** 1 is the highest, 9 the lowest; 0, which is none, is lower than all. RFC 7953 §4. */
  readonly priority: number;
  readonly type: BusyType;
  /** Either end may be infinite. */
  readonly span: InstantRange;
  readonly available: readonly RecurrenceSet[];
}

/** Where times without a zone are placed, and how far is looked. */
export interface AvailabilityOptions {
  readonly localZone: Zone;
  readonly limits: Limits;
}

/**
 * Reads the VAVAILABILITYs of a calendar. RFC 7953 §3.1. One whose DTSTART or DTEND is there and cannot be read says nothing,
 * as nobody knows where it holds. Of each kind the first `maxAvailabilities` are read.
 */
export function readAvailabilities(
  calendar: Component,
  provider: ZoneProvider,
  { localZone, limits }: AvailabilityOptions,
): readonly Availability[] {
  const zones = makeZoneResolver(allChildren(calendar, "VTIMEZONE", limits.maxZones), provider, limits);
  return allChildren(calendar, "VAVAILABILITY", maxAvailabilities).flatMap((component) => {
    const span = readSpan(component, zones, localZone);
    const priority = readInteger(component, "PRIORITY") ?? 0;
    if (!span) return [];
    return {
      priority: priority >= 1 && priority <= 9 ? priority : 0,
      type: readType(component),
      span,
      available: readAvailable(component, zones, limits),
    };
  });
}

function allChildren(component: Component, name: string, count: number): readonly Component[] {
  return component.components.filter((child) => child.name === name).slice(0, count);
}

/** RFC 7953 §3.2: BUSY-UNAVAILABLE where nothing else is said; FREE is no value of a BUSYTYPE. */
function readType(component: Component): BusyType {
  const text = readText(component, "BUSYTYPE");
  const type = text ? parseBusyType(text) : "FREE";
  return type === "FREE" ? "BUSY-UNAVAILABLE" : type;
}

function readSpan(component: Component, zones: ZoneResolver, localZone: Zone): InstantRange | undefined {
  const from = readEnd(component, "DTSTART", -Infinity, zones, localZone);
  const until = readEnd(component, "DTEND", Infinity, zones, localZone);
  const duration = firstProperty(component, "DURATION");
  if (from === undefined || until === undefined) return undefined;
  const seconds = duration && parseDuration(duration.value);
  // A DURATION counts from DTSTART; without one it says nothing.
  const to = until === Infinity && seconds !== undefined && from > -Infinity ? from + seconds : until;
  return { from, to };
}

function readEnd(
  component: Component,
  name: string,
  absent: number,
  zones: ZoneResolver,
  localZone: Zone,
): number | undefined {
  const property = firstProperty(component, name);
  if (!property) return absent;
  const value = readDateTime(property);
  return value && resolveInstant(value, zones, localZone);
}

/** Reads the AVAILABLEs; those of one UID are one set, with the Instances it overrides. */
function readAvailable(component: Component, zones: ZoneResolver, limits: Limits): readonly RecurrenceSet[] {
  const byUid = new Map<string, ObjectComponent[]>();
  for (const [index, child] of allChildren(component, "AVAILABLE", maxAvailabilities).entries()) {
    const read = readObjectComponent(child, zones, limits);
    // Those without a UID have nothing to do with each other.
    const uid = readText(child, "UID") ?? `\n${index}`;
    if (read) byUid.set(uid, [...(byUid.get(uid) ?? []), read]);
  }
  return [...byUid].map(([uid, parts]) => {
    const master = parts.find(({ key }) => key === masterKey);
    const overrides = new Map<InstanceKey, ObjectComponent>();
    for (const part of parts) if (part.key !== masterKey && !overrides.has(part.key)) overrides.set(part.key, part);
    return readRecurrenceSet(
      { uid, type: "VEVENT", ...(master && { master }), overrides, timezones: [] },
      zones,
      limits,
    );
  });
}

/**
 * Computes the time in which somebody is not available, RFC 7953 §4, ascending and without overlaps: from the lowest priority to
 * the highest, each level takes the place of those below it wherever one of its VAVAILABILITYs holds. Within a level their
 * AVAILABLEs are all open, and where they are not the strongest BUSYTYPE counts. The order of the components does not matter.
 */
export function unavailablePeriods(
  availabilities: readonly Availability[],
  range: InstantRange,
  options: AvailabilityOptions,
): { readonly periods: readonly BusyPeriod[]; readonly isIncomplete: boolean } {
  let periods: readonly BusyPeriod[] = [];
  let isIncomplete = false;
  for (const priority of lowestFirst) {
    const level = availabilities.filter((each) => each.priority === priority);
    if (level.length === 0) continue;
    const closed = joinSpans(level.map(({ span }) => clipSpan(span, range)));
    const open = findOpen(level, range, options);
    isIncomplete ||= open.isIncomplete;
    periods = [...without(periods, closed), ...without(levelPeriods(level, range), open.spans)];
  }
  return { periods: [...periods].sort((a, b) => a.from - b.from), isIncomplete };
}

const lowestFirst = [0, 9, 8, 7, 6, 5, 4, 3, 2, 1];

/** RFC 7953 §4: of overlapping components with one priority; another order than that of FBTYPE. */
const strongestFirst: readonly BusyType[] = ["BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE"];

function levelPeriods(level: readonly Availability[], range: InstantRange): readonly BusyPeriod[] {
  const periods: BusyPeriod[] = [];
  let covered: readonly InstantRange[] = [];
  for (const type of strongestFirst) {
    const spans = joinSpans(level.filter((each) => each.type === type).map(({ span }) => clipSpan(span, range)));
    for (const { from, to } of subtractSpans(spans, covered)) periods.push({ from, to, type });
    covered = joinSpans([...covered, ...spans]);
  }
  return periods;
}

/** Takes spans out of periods of several types. */
function without(periods: readonly BusyPeriod[], spans: readonly InstantRange[]): readonly BusyPeriod[] {
  return strongestFirst.flatMap((type) => {
    const left = subtractSpans(joinSpans(periods.filter((period) => period.type === type)), spans);
    return left.map(({ from, to }) => ({ from, to, type }));
  });
}

function findOpen(
  level: readonly Availability[],
  range: InstantRange,
  { localZone, limits }: AvailabilityOptions,
): { readonly spans: readonly InstantRange[]; readonly isIncomplete: boolean } {
  const spans: InstantRange[] = [];
  let isIncomplete = false;
  for (const { span, available } of level) {
    const within = clipSpan(span, range);
    if (within.from >= within.to) continue;
    for (const set of available) {
      const bounds = { ...limits, maxInstances: Math.min(limits.maxInstances, maxBusyPeriods - spans.length) };
      const instances = expand(set, within, bounds, { localZone, withoutCancelled: true });
      for (let instance = instances.next(); instance; instance = instances.next()) {
        spans.push(clipSpan({ from: instance.start, to: instance.end }, within));
      }
      isIncomplete ||= instances.isIncomplete;
    }
  }
  return { spans: joinSpans(spans), isIncomplete };
}
