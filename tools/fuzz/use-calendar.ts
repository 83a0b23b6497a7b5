import assert from "node:assert/strict";
import {
  type CalendarObject,
  defaultLimits,
  type Limits,
  readCalendarObject,
  readTimeSpan,
  resolveTimeSpan,
} from "@parley/engine";
import {
  type Component,
  decodeBase64,
  decodeText,
  formatCalendar,
  type Property,
  parameterValue,
  parameterValues,
  parseCalendar,
  parseDateTime,
  parseDuration,
  parseFloatValue,
  parseGeo,
  parseInteger,
  parseUri,
  parseUtcOffset,
  readDateTimes,
  readPeriods,
  readTexts,
  valueTypeOf,
} from "@parley/engine/icalendar";
import {
  countInstances,
  expand,
  formatRule,
  intlZoneProvider,
  isInstance,
  lastInstance,
  makeZoneResolver,
  nextInstances,
  parseRule,
  type RecurrenceSet,
  toInstant,
  toWall,
  type ZoneResolver,
} from "@parley/engine/recurrence";
import { fromJcal, toJcal } from "../../packages/engine/src/icalendar/jcal.ts";
import { readRecurrenceSet } from "../../packages/engine/src/model/recurrence-set.ts";

/**
 * Does with a text all the engine does with what a peer sends: reads it, writes it, takes every value, zone and Instance out of it,
 * turns it into jCal and back. Throws where the engine does, and where a bound or a law does not hold.
 */
export function useCalendar(input: string | Uint8Array): void {
  const { calendar, problems } = parseCalendar(input, defaultLimits);
  assert.ok(problems.length <= defaultLimits.maxProblems);
  for (const { line, detail } of problems) assert.ok(line >= 1 && detail.length < 300, detail);
  if (!calendar) return;
  const text = formatCalendar(calendar);
  for (const line of text.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 75, `a line of ${line.length}`);
  assert.equal(formatCalendar(read(text)), text);
  readValues(calendar);
  checkJcal(calendar);
  const zones = makeZoneResolver(
    calendar.components.filter(({ name }) => name === "VTIMEZONE"),
    intlZoneProvider,
    defaultLimits,
  );
  useZones(calendar, zones);
  const reading = readCalendarObject(calendar, zones, defaultLimits);
  if ("problem" in reading) return;
  const { master, overrides } = reading.object;
  assert.ok(overrides.size <= defaultLimits.maxOverrides);
  for (const { component, attendees } of [...(master ? [master] : []), ...overrides.values()]) {
    assert.ok(attendees.size <= defaultLimits.maxAttendees);
    const span = readTimeSpan(component);
    if (span) resolveTimeSpan(span, zones);
  }
  expandWindows(reading.object, zones);
}

/** Expands an object over windows near and far; Instances come in order, inside the window, and not more than were asked for. */
function expandWindows(object: CalendarObject, zones: ZoneResolver): void {
  const limits = { ...defaultLimits, maxInstances: 200 };
  const set = readRecurrenceSet(object, zones, limits);
  for (const [from, to] of windows) {
    let [count, last] = [0, -Infinity];
    for (const { start, end } of expand(set, { from, to }, limits)) {
      assert.ok(start >= last && start < to && end >= from, `${start} to ${end} after ${last} in ${from} to ${to}`);
      last = start;
      count++;
    }
    assert.ok(count <= limits.maxInstances);
  }
  askAll(set, limits);
}

/** Asks a set for all else that is known of it; the answers agree. */
function askAll(set: RecurrenceSet, limits: Limits): void {
  const next = nextInstances(set, windows[0][0], 20, limits);
  assert.ok(next.instances.length <= 20 && next.instances.every(({ start }) => start >= windows[0][0]));
  for (const { recurrenceId } of next.instances.slice(0, 2)) assert.ok(isInstance(set, recurrenceId, defaultLimits));
  const expansion = expand(set, { from: -Infinity, to: Infinity }, limits);
  const all = [...expansion];
  const counted = countInstances(set, limits);
  const last = lastInstance(set, limits);
  if (counted.kind === "count" && !expansion.isIncomplete) assert.equal(counted.count, all.length);
  if (last.kind === "instance" && !expansion.isIncomplete) assert.equal(last.instance.start, all.at(-1)?.start);
  if (last.kind === "none") assert.equal(all.length, 0);
  const held = nextInstances(set, -Infinity, 20, limits, { withoutCancelled: true });
  assert.ok(held.instances.every(({ isCancelled }) => !isCancelled));
}

/** Takes the value of every property by the readers of all types, whatever its own. */
export function readProperty(property: Property): void {
  const { value } = property;
  const numbers = [parseInteger(value), parseFloatValue(value), parseUtcOffset(value), parseDuration(value)];
  for (const number of numbers) assert.ok(number === undefined || !Number.isNaN(number));
  for (const parameter of property.parameters) assert.ok(parameterValues(property, parameter.name).length > 0);
  const { rule } = parseRule(value);
  if (rule) assert.deepEqual(parseRule(formatRule(rule)).rule, rule);
  for (const { start } of readPeriods(property)) assert.notEqual(start.kind, "date");
  for (const { wall } of readDateTimes(property)) assert.ok(Number.isSafeInteger(wall));
  assert.ok(readTexts(property).length > 0);
  const others = [valueTypeOf(property), parseUri(value), decodeText(value)];
  for (const other of others) assert.ok(other === undefined || typeof other === "string");
  assert.ok((decodeBase64(value)?.length ?? 0) <= value.length);
  assert.ok(Math.abs(parseGeo(value)?.latitude ?? 0) <= 90);
}

function readValues(component: Component): void {
  for (const property of component.properties) readProperty(property);
  for (const child of component.components) readValues(child);
}

function checkJcal(calendar: Component): void {
  const sent = JSON.stringify(toJcal(calendar));
  const { calendar: back, problems } = fromJcal(JSON.parse(sent), defaultLimits);
  assert.ok(problems.length <= defaultLimits.maxProblems);
  if (problems.length > 0) return;
  assert.ok(back);
  assert.equal(JSON.stringify(toJcal(back)), sent);
}

/** Asks for the zone of every TZID, and for what its clocks show at many times. */
export function useZones(component: Component, zones: ZoneResolver): void {
  for (const property of component.properties) {
    const tzid = parameterValue(property, "TZID");
    const zone = tzid === undefined ? undefined : zones(tzid);
    if (!zone) continue;
    const own = parseDateTime(property.value)?.wall ?? 0;
    for (const wall of [own, ...times]) {
      const instant = toInstant(wall, zone);
      assert.ok(Math.abs(instant - wall) <= 2 * 86_400, `${tzid} at ${wall} is ${instant}`);
      assert.ok(Number.isFinite(toWall(instant, zone)));
    }
  }
  for (const child of component.components) useZones(child, zones);
}

function read(text: string): Component {
  const { calendar, problems } = parseCalendar(text, defaultLimits);
  assert.ok(calendar, problems[0]?.detail);
  return calendar;
}

/** A month around the dates of the fixtures, a week in the year 2990, a minute in 1970, and all there is. */
const windows = [
  [1_803_000_000, 1_806_000_000],
  [32_200_000_000, 32_200_604_800],
  [0, 60],
  [-Infinity, Infinity],
] as const;
/** Of the years 0, 1969, 1970, 2027 in winter and summer, 9999, in seconds of the wall. */
const times = [-62_167_219_200, -1, 0, 1_800_000_000, 1_814_400_000, 253_402_300_799];
