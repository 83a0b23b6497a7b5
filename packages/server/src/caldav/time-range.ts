import {
  type CalendarObject,
  componentAt,
  type Limits,
  type ObjectComponent,
  objectComponents,
  readRecurrenceSet,
} from "@parley/engine";
import {
  type Component,
  firstProperty,
  parameterValue,
  parseDuration,
  readDateTime,
  readInteger,
  readPeriods,
} from "@parley/engine/icalendar";
import {
  type Expansion,
  expand,
  type Instance,
  type InstantRange,
  resolveInstant,
  type Zone,
  type ZoneResolver,
} from "@parley/engine/recurrence";
import { spendWork, type Work, workOf } from "./work.ts";

/** With what times are placed. */
export interface Placing {
  readonly zones: ZoneResolver;
  /** Where dates and floating times are. */
  readonly localZone: Zone;
  readonly limits: Limits;
  /** Whether what does not say when it is always counts, as a REPLY in an inbox: RFC 6638 §2.3. */
  readonly isUndatedMet?: boolean;
  /** Shared by all that is looked at for one answer. */
  readonly work: Work;
}

/** Instances looked at for one object: what overlaps comes soon, or there is far more than anybody asks for. */
const maxLooked = 10_000;

/** Finds those components of an object that have an Instance in a range, by the tables of RFC 4791 §9.9. */
export function componentsInRange(
  object: CalendarObject,
  range: InstantRange,
  placing: Placing,
): ReadonlySet<Component> {
  const found = new Set<Component>();
  const all = objectComponents(object);
  for (const { component } of all) {
    if (!firstProperty(component, "DTSTART") && overlapsWithoutStart(component, range, placing)) found.add(component);
  }
  if (object.type === "VFREEBUSY") {
    for (const { component } of all) if (freeBusyOverlaps(component, range, placing)) found.add(component);
    return found;
  }
  // A second more on both sides: what only touches the range is for the tables to judge.
  const wider = { from: range.from - 1, to: range.to + 1 };
  let looked = 0;
  const lastAlone = lastOverride(object, placing);
  const instances = openInstances(object, wider, placing);
  for (let instance = instances.next(); instance; instance = instances.next()) {
    // What comes now is of the rule, which is found: ranges often have no end.
    if (instance.start > lastAlone && object.master && found.has(object.master.component)) break;
    const component = componentAt(object, instance.component)?.component;
    if (component && firstProperty(component, "DTSTART") && overlaps(object.type, component, instance, range)) {
      found.add(component);
    }
    looked += 1;
    if (found.size === all.length || looked >= maxLooked) break;
  }
  return found;
}

/** When the last of the overrides begins, after which every Instance is the master's. */
function lastOverride({ overrides }: CalendarObject, placing: Placing): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const { component } of overrides.values()) {
    const isRange = firstProperty(component, "RECURRENCE-ID")?.parameters.some(({ name }) => name === "RANGE");
    last = Math.max(last, isRange ? Number.POSITIVE_INFINITY : (instantOf(component, "DTSTART", placing) ?? last));
  }
  return last;
}

/** Expands an object over a range; what that takes is counted as it goes on. */
export function openInstances(
  object: CalendarObject,
  range: InstantRange,
  { zones, localZone, limits, work }: Placing,
): Pick<Expansion, "isIncomplete" | "next"> {
  const set = readRecurrenceSet(object, zones, limits);
  const dates = 1 + set.overrides.length + (set.master?.dates.length ?? 0) + (set.master?.exceptions.length ?? 0);
  spendWork(work, dates * workOf.date);
  const expansion = expand(set, range, limits, { localZone });
  let steps = 0;
  return {
    get isIncomplete() {
      return expansion.isIncomplete;
    },
    next() {
      const instance = expansion.next();
      spendWork(work, workOf.instance + (expansion.steps - steps) * workOf.step);
      ({ steps } = expansion);
      return instance;
    },
  };
}

type Condition = (range: InstantRange, start: number, end: number) => boolean;

/** RFC 4791 §9.9, VEVENT. DTEND? DURATION? DURATION greater than 0? DTSTART a DATE-TIME? `start` and `end` are the Instance's. */
const eventTable: readonly (readonly [string, Condition])[] = [
  ["YNN*", (range, start, end) => range.from < end && range.to > start],
  ["NYY*", (range, start, end) => range.from < end && range.to > start],
  ["NYN*", (range, start) => range.from <= start && range.to > start],
  ["NNNY", (range, start) => range.from <= start && range.to > start],
  ["NNNN", (range, start, end) => range.from < end && range.to > start],
  // Both DTEND and DURATION, which RFC 5545 §3.6.1 forbids: DTEND counts.
  ["YY**", (range, start, end) => range.from < end && range.to > start],
];

/** RFC 4791 §9.9, VTODO with DTSTART. DURATION? DUE? */
const todoTable: readonly (readonly [string, Condition])[] = [
  ["YN", (range, start, end) => range.from <= end && (range.to > start || range.to >= end)],
  ["NY", (range, start, end) => (range.from < end || range.from <= start) && (range.to > start || range.to >= end)],
  ["NN", (range, start) => range.from <= start && range.to > start],
  // Both, which RFC 5545 §3.6.2 forbids: DUE counts.
  ["YY", (range, start, end) => (range.from < end || range.from <= start) && (range.to > start || range.to >= end)],
];

/** RFC 4791 §9.9, VJOURNAL with DTSTART. A DATE-TIME? */
const journalTable: readonly (readonly [string, Condition])[] = [
  ["Y", (range, start) => range.from <= start && range.to > start],
  ["N", (range, start, end) => range.from < end && range.to > start],
];

function overlaps(
  type: CalendarObject["type"],
  component: Component,
  instance: Instance,
  range: InstantRange,
): boolean {
  const has = (name: string): string => (firstProperty(component, name) ? "Y" : "N");
  const isTime = instance.kind === "date" ? "N" : "Y";
  const { start, end } = instance;
  if (type === "VTODO") return lookUp(todoTable, has("DURATION") + has("DUE"))(range, start, end);
  if (type === "VJOURNAL") return lookUp(journalTable, isTime)(range, start, end);
  const isLonger = has("DURATION") === "Y" && end > start ? "Y" : "N";
  return lookUp(eventTable, has("DTEND") + has("DURATION") + isLonger + isTime)(range, start, end);
}

function lookUp(table: readonly (readonly [string, Condition])[], state: string): Condition {
  const row = table.find(([pattern]) => [...pattern].every((cell, index) => cell === "*" || cell === state[index]));
  return row?.[1] ?? (() => false);
}

/** RFC 4791 §9.9: a VTODO without DTSTART, by DUE, COMPLETED and CREATED; of others nobody knows when they are. */
function overlapsWithoutStart(component: Component, { from, to }: InstantRange, placing: Placing): boolean {
  if (component.name !== "VTODO") return placing.isUndatedMet === true;
  const [due, completed, created] = ["DUE", "COMPLETED", "CREATED"].map((name) => instantOf(component, name, placing));
  if (due !== undefined) return from < due && to >= due;
  if (completed !== undefined && created !== undefined) {
    return (from <= created || from <= completed) && (to >= created || to >= completed);
  }
  if (completed !== undefined) return from <= completed && to >= completed;
  return created === undefined || to > created;
}

/** RFC 4791 §9.9: a VFREEBUSY, by its own bounds, or else by its periods. */
function freeBusyOverlaps(component: Component, { from, to }: InstantRange, placing: Placing): boolean {
  const [start, end] = [instantOf(component, "DTSTART", placing), instantOf(component, "DTEND", placing)];
  if (start !== undefined && end !== undefined) return from <= end && to > start;
  const { zones, localZone } = placing;
  return component.properties
    .filter(({ name }) => name === "FREEBUSY")
    .flatMap(readPeriods)
    .some((period) => {
      const begins = resolveInstant(period.start, zones, localZone);
      if (begins === undefined) return false;
      const ends = "end" in period ? resolveInstant(period.end, zones, localZone) : begins + period.seconds;
      return ends !== undefined && from < ends && to > begins;
    });
}

/** Tells whether a property is of a time in a range; DTEND and DUE may be told by a DURATION, RFC 4791 §9.9. */
export function propertyInRange(component: Component, name: string, range: InstantRange, placing: Placing): boolean {
  const own = instantOf(component, name, placing);
  const at = own ?? (name === "DTEND" || name === "DUE" ? endByDuration(component, placing) : undefined);
  return at !== undefined && range.from <= at && range.to > at;
}

function endByDuration(component: Component, placing: Placing): number | undefined {
  const start = instantOf(component, "DTSTART", placing);
  const duration = firstProperty(component, "DURATION");
  const seconds = duration && parseDuration(duration.value);
  return start === undefined || seconds === undefined ? undefined : start + seconds;
}

function instantOf(component: Component, name: string, { zones, localZone }: Placing): number | undefined {
  const property = firstProperty(component, name);
  const value = property && readDateTime(property);
  return value && resolveInstant(value, zones, localZone);
}

/** Tells whether an alarm goes off in a range, be it for one Instance of many, or the last of its repetitions. RFC 4791 §9.9. */
export function alarmInRange(
  alarm: Component,
  { component, key }: ObjectComponent,
  object: CalendarObject,
  range: InstantRange,
  placing: Placing,
): boolean {
  const trigger = firstProperty(alarm, "TRIGGER");
  if (!trigger) return false;
  const repeats = readRepetition(alarm);
  const goesOff = (first: number): boolean => meets(first, repeats, range);
  const absolute = readDateTime(trigger);
  if (absolute?.kind === "utc") return goesOff(absolute.wall);
  const offset = parseDuration(trigger.value);
  if (offset === undefined) return false;
  const isOfEnd = parameterValue(trigger, "RELATED")?.toUpperCase() === "END";
  if (!firstProperty(component, "DTSTART")) {
    const at = instantOf(component, "DUE", placing);
    return at !== undefined && goesOff(at + offset);
  }
  const window = { from: range.from - offset - repeats.count * repeats.seconds - 1, to: range.to - offset + 1 };
  let looked = 0;
  const instances = openInstances(object, window, placing);
  for (let instance = instances.next(); instance; instance = instances.next()) {
    if (instance.component === key && goesOff((isOfEnd ? instance.end : instance.start) + offset)) return true;
    looked += 1;
    if (looked >= maxLooked) break;
  }
  return false;
}

interface Repetition {
  readonly count: number;
  readonly seconds: number;
}

function readRepetition(alarm: Component): Repetition {
  const duration = firstProperty(alarm, "DURATION");
  const seconds = (duration && parseDuration(duration.value)) ?? 0;
  const count = readInteger(alarm, "REPEAT") ?? 0;
  return seconds > 0 && count > 0 ? { count, seconds } : { count: 0, seconds: 0 };
}

/** Whether the first time, or one of its repetitions, lies in the range. */
function meets(first: number, { count, seconds }: Repetition, { from, to }: InstantRange): boolean {
  const skipped = seconds > 0 && from > first ? Math.min(Math.ceil((from - first) / seconds), count) : 0;
  const at = first + skipped * seconds;
  return at >= from && at < to;
}
