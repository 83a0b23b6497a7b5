import { allProperties } from "../icalendar/component.ts";
import { type DateOrDateTime, formatDateTime, readDateTimes } from "../icalendar/date-time.ts";
import { type Limits, maxInstancesCompared, maxPeriodsOfSeries } from "../limits.ts";
import { compareZones } from "../recurrence/compare-zones.ts";
import { expand } from "../recurrence/expand.ts";
import type { Expansion } from "../recurrence/recurrence-set.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import { formatRule, parseRule } from "../recurrence/rule-text.ts";
import { utc, type Zone } from "../recurrence/zone.ts";
import { type CalendarObject, type ObjectComponent, recurrenceIdOf } from "./calendar-object.ts";
import { type InstanceKey, instanceKey } from "./recurrence-id.ts";
import { readRecurrenceSet } from "./recurrence-set.ts";
import { readTimeSpan, resolveTimeSpan } from "./time-span.ts";

/**
 * Tells when a component takes place in one comparable text: start, end, repetition, and what policy counts like them. Two
 * components with the same text take place at the same instants: a change of zone that moves nothing is no change. Answers
 * to another text than the present one no longer count (decision 0006).
 */
export function timesOf(component: ObjectComponent, zones: ZoneResolver, alsoMajor: ReadonlySet<string>): string {
  const span = readTimeSpan(component.component);
  const instants = span && resolveTimeSpan(span, zones);
  const time = instants
    ? `${instants.starts}/${instants.ends}`
    : span && `${span.start.kind} ${formatDateTime(span.start)}/${formatDateTime(span.end)}`;
  // A series moves with its zone: the same first instant in another zone gives other later ones.
  const zone = recurs(component) && span?.start.kind === "zoned" ? span.start.tzid : "";
  return [time ?? "", zone, ...["RRULE", "RDATE", ...alsoMajor].map((name) => valuesOf(component, name))].join("\n");
}

/** What TZIDs mean in two versions of an object. */
interface Zones {
  readonly before: ZoneResolver;
  readonly after: ZoneResolver;
}

/**
 * Tells whether two versions of a component take place at the same times. A series moved to another zone does where no Instance
 * moves: looked for as far as `maxInstancesCompared` and `limits` allow, and taken for moved beyond.
 */
export function sameTimes(
  before: ObjectComponent,
  after: ObjectComponent,
  zones: Zones,
  alsoMajor: ReadonlySet<string>,
  limits: Limits,
): boolean {
  if (timesOf(before, zones.before, alsoMajor) === timesOf(after, zones.after, alsoMajor)) return true;
  if (!recurs(before) || !recurs(after) || valuesOf(before, "RRULE") !== valuesOf(after, "RRULE")) return false;
  if ([...alsoMajor].some((name) => valuesOf(before, name) !== valuesOf(after, name))) return false;
  const [old, now] = [expandAll(before, zones.before, limits), expandAll(after, zones.after, limits)];
  for (let count = 0; count < maxInstancesCompared; count++) {
    const [a, b] = [old.next(), now.next()];
    if (!a && !b) return !old.isIncomplete && !now.isIncomplete;
    if (a?.kind !== b?.kind || a?.startAt !== b?.startAt || a?.endAt !== b?.endAt) return false;
  }
  return haveSameOffsets(before, after, zones);
}

/**
 * Tells whether a new version has Instances take place at other times than they did: answers to those are void (decision 0006). What
 * comes or goes leaves the others where they are: a rule that ends earlier or later, and RDATEs, as ADD makes them.
 */
export function movesInstances(
  before: ObjectComponent,
  after: ObjectComponent,
  zones: Zones,
  alsoMajor: ReadonlySet<string>,
  limits: Limits,
): boolean {
  return !sameTimes(withoutEnd(before), withoutEnd(after), zones, alsoMajor, limits);
}

function withoutEnd(one: ObjectComponent): ObjectComponent {
  if (!recurs(one)) return one;
  const properties = one.component.properties.flatMap((property) => {
    if (property.name === "RDATE") return [];
    const rule = property.name === "RRULE" ? parseRule(property.value).rule : undefined;
    if (!rule) return [property];
    const { count: _count, until: _until, ...endless } = rule;
    return [{ ...property, value: formatRule(endless) }];
  });
  return { ...one, component: { ...one.component, properties } };
}

function expandAll(master: ObjectComponent, zones: ZoneResolver, limits: Limits): Expansion {
  const object: CalendarObject = { uid: "", type: "VEVENT", master, overrides: new Map(), timezones: [] };
  const set = readRecurrenceSet(object, zones, limits);
  const all = set.master && { ...set, master: { ...set.master, exceptions: [], isCancelled: false } };
  return expand(all ?? set, { from: -Infinity, to: Infinity }, limits);
}

/** Whether the clocks of both zones show the same from the start on, as far as anybody plans: 100 years where they change twice. */
function haveSameOffsets(before: ObjectComponent, after: ObjectComponent, zones: Zones): boolean {
  const [old, now] = [readTimeSpan(before.component)?.start, readTimeSpan(after.component)?.start];
  const [a, b] = [old && zoneOf(old, zones.before), now && zoneOf(now, zones.after)];
  const from = old && resolveInstant(old, zones.before);
  if (!a || !b || from === undefined) return false;
  return compareZones(a, b, { from, to: Infinity }, { periods: maxPeriodsOfSeries }).kind !== "different";
}

function zoneOf(start: DateOrDateTime, zones: ZoneResolver): Zone | undefined {
  if (start.kind === "utc") return utc;
  return start.kind === "zoned" ? zones(start.tzid) : undefined;
}

/**
 * Tells whether nothing else of a component changed that raises SEQUENCE, RFC 5546 §2.1.4: EXDATE and STATUS, which move no
 * Instance and so leave the answers alone.
 */
export function sameSchedule(before: ObjectComponent, after: ObjectComponent, zones: Zones): boolean {
  if (valuesOf(before, "STATUS") !== valuesOf(after, "STATUS")) return false;
  const [old, now] = [excludedInstances(before, zones.before), excludedInstances(after, zones.after)];
  return old.size === now.size && [...old].every((key) => now.has(key));
}

/** Lists the Instances that a series leaves out, RFC 5545 §3.8.5.1. */
export function excludedInstances({ component }: ObjectComponent, zones: ZoneResolver): ReadonlySet<InstanceKey> {
  const values = allProperties(component, "EXDATE").flatMap(readDateTimes);
  return new Set(values.map((value) => instanceKey(recurrenceIdOf(value, "this", zones))));
}

function valuesOf(component: ObjectComponent, name: string): string {
  const values = allProperties(component.component, name).map((property) => property.value.trim().toUpperCase());
  return values.sort().join("|");
}

/** Tells whether a component stands for more than one Instance. */
export function recurs(component: ObjectComponent): boolean {
  return component.component.properties.some((property) => property.name === "RRULE" || property.name === "RDATE");
}
