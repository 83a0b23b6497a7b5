import type { DateOrDateTime, EpochSeconds, WallSeconds } from "../icalendar/date-time.ts";
import { type Limits, maxRulesOfSet } from "../limits.ts";
import { lastWall, makeBudget, type StartedRule, type StepBudget, startRule } from "./expand-rule.ts";
import type {
  ExpansionOptions,
  Instance,
  InstanceKind,
  InstanceLength,
  RecurrenceMaster,
  RecurrenceOverride,
  RecurrenceSet,
} from "./recurrence-set.ts";
import type { ZoneResolver } from "./resolve.ts";
import { frequencies, type RecurrenceRule } from "./rule.ts";
import { maxOffsetSeconds, toInstant, toWall, utc, type Zone } from "./zone.ts";

/** How the Instances of a set are named, and the wall clock its rules count on. */
export interface Frame {
  readonly kind: InstanceKind;
  readonly zone: Zone;
  readonly localZone: Zone;
  readonly zones: ZoneResolver;
  /** Seconds from midnight to the start of the set: a date that names one of its Instances means that time. */
  readonly timeOfDay: number;
}

/** A stretch of the original starts of a set in which one component says what takes place. */
export interface Segment {
  /** The first original start it holds, and the first it no longer does. */
  readonly from: number;
  readonly until: number;
  readonly component: string;
  readonly kind: InstanceKind;
  /** Where its starts are placed: wall clock times of the set, moved by `shift` seconds. */
  readonly zone: Zone;
  readonly shift: number;
  readonly length: InstanceLength;
  readonly isCancelled: boolean;
}

/** A rule with the instants its DTSTART and UNTIL name. */
export interface PlacedRule {
  readonly rule: StartedRule;
  readonly from: EpochSeconds;
  readonly until: EpochSeconds;
}

/** A set made ready: what it lists one by one, and what its rules generate. */
export interface PreparedSet {
  readonly frame: Frame;
  readonly segments: readonly Segment[];
  readonly rules: readonly PlacedRule[];
  /** DTSTART, RDATEs and overrides, in the order of their starts. */
  readonly singles: readonly Instance[];
  /** Original starts the rules are not to generate: listed already, or excluded. */
  readonly taken: ReadonlySet<number>;
  readonly lastTaken: number;
  /** Days of the wall clock on which nothing is generated. */
  readonly excludedDays: ReadonlySet<number>;
  readonly budget: StepBudget;
}

const dayInSeconds = 86_400;

/** Makes a set ready to be expanded. */
export function prepareSet(set: RecurrenceSet, limits: Limits, options: ExpansionOptions): PreparedSet {
  const frame = makeFrame(set, options.localZone ?? utc);
  const { master } = set;
  const overrides = set.overrides.slice(0, limits.maxOverrides);
  const excluded = new Set<number>();
  const excludedDays = new Set<number>();
  for (const value of master?.exceptions ?? []) {
    if (value.kind === "date" && frame.kind !== "date") excludedDays.add(dayOf(value.wall));
    else excluded.add(idOf(value, frame));
  }
  const isExcluded = (id: number): boolean =>
    excluded.has(id) || (excludedDays.size > 0 && excludedDays.has(dayOf(wallOfId(id, frame))));
  const segments = master ? makeSegments(master, overrides, frame) : [];
  const singles = new Map<number, Instance>();
  for (const override of overrides) {
    const id = idOf(override.recurrenceId, frame);
    // RFC 5545 §3.8.5.3: an EXDATE takes precedence.
    if (!isExcluded(id) && !singles.has(id)) singles.set(id, instanceOfOverride(override, id, frame));
  }
  for (const { id, length } of master ? listStarts(master, frame) : []) {
    if (isExcluded(id) || singles.has(id)) continue;
    const segment = segmentAt(segments, id);
    const wall = wallOfId(id, frame);
    const instant = frame.kind === "instant" ? id : toInstant(wall, frame.zone);
    if (segment) singles.set(id, makeInstance(segment, frame, wall, instant, id, length));
  }
  const taken = new Set([...excluded, ...singles.keys()]);
  let lastTaken = -Infinity;
  for (const id of taken) lastTaken = Math.max(lastTaken, id);
  return {
    frame,
    segments,
    rules: master ? placeRules(master, frame) : [],
    singles: [...singles.values()].sort(compareInstances),
    taken,
    lastTaken,
    excludedDays,
    budget: makeBudget(limits),
  };
}

/** Orders Instances by their starts, and of equal ones by their original starts. */
export function compareInstances(a: Instance, b: Instance): number {
  return a.start - b.start || a.recurrenceId.at - b.recurrenceId.at;
}

function makeFrame({ master, overrides, zones }: RecurrenceSet, localZone: Zone): Frame {
  const start = master?.start ?? overrides[0]?.recurrenceId ?? { kind: "utc", wall: 0 };
  const zone = zoneOf(start, zones);
  const timeOfDay = start.wall - dayOf(start.wall) * dayInSeconds;
  return { kind: kindOf(start, zones), zone: zone ?? localZone, localZone, zones, timeOfDay };
}

function zoneOf(value: DateOrDateTime, zones: ZoneResolver): Zone | undefined {
  if (value.kind === "utc") return utc;
  return value.kind === "zoned" ? zones(value.tzid) : undefined;
}

function kindOf(value: DateOrDateTime, zones: ZoneResolver): InstanceKind {
  if (value.kind === "date") return "date";
  return zoneOf(value, zones) ? "instant" : "floating";
}

function dayOf(wall: WallSeconds): number {
  return Math.floor(wall / dayInSeconds);
}

/**
 * Finds the original start a value means: values of another type or form than DTSTART are compared in the zone of the set, and
 * then by date.
 */
export function idOf(value: DateOrDateTime, frame: Frame): number {
  if (frame.kind === "date") return dayOf(value.wall) * dayInSeconds;
  const instant = value.kind === "date" ? undefined : instantOf(value, frame.zones);
  if (instant !== undefined) return frame.kind === "instant" ? instant : toWall(instant, frame.zone);
  const wall = value.kind === "date" ? value.wall + frame.timeOfDay : value.wall;
  return frame.kind === "instant" ? toInstant(wall, frame.zone) : wall;
}

function instantOf(value: DateOrDateTime, zones: ZoneResolver): EpochSeconds | undefined {
  const zone = zoneOf(value, zones);
  return zone && toInstant(value.wall, zone);
}

/** What the wall clock of the set shows at an original start. */
export function wallOfId(id: number, frame: Frame): WallSeconds {
  return frame.kind === "instant" ? toWall(id, frame.zone) : id;
}

function listStarts(master: RecurrenceMaster, frame: Frame): readonly { id: number; length?: InstanceLength }[] {
  const dates = master.dates.map(({ start, length }) => ({ id: idOf(start, frame), ...(length && { length }) }));
  // Of an RDATE that repeats another or DTSTART, the one with a length of its own tells more.
  const first = [...dates.filter(({ length }) => length), { id: idOf(master.start, frame) }];
  return [...first, ...dates.filter(({ length }) => !length)];
}

function makeSegments(
  master: RecurrenceMaster,
  overrides: readonly RecurrenceOverride[],
  frame: Frame,
): readonly Segment[] {
  const { kind, zone } = frame;
  const { key, length, isCancelled } = master;
  const segments: Segment[] = [
    { from: -Infinity, until: Infinity, component: key, kind, zone, shift: 0, length, isCancelled },
  ];
  const ranged = overrides.filter(({ range }) => range === "this-and-future");
  const moved = ranged.map((override) => ({ override, id: idOf(override.recurrenceId, frame) }));
  for (const { override, id } of moved.sort((a, b) => a.id - b.id)) {
    const before = segments.at(-1);
    if (!before || before.from === id) continue;
    segments[segments.length - 1] = { ...before, until: id };
    segments.push(segmentOf(override, id, frame));
  }
  return segments;
}

/** Finds the segment an original start is in, of those of a set with a master. */
export function segmentAt(segments: readonly Segment[], id: number): Segment | undefined {
  let low = 0;
  for (let high = segments.length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if ((segments[middle] as Segment).from <= id) low = middle;
    else high = middle;
  }
  return segments[low];
}

/** RFC 5545 §3.8.4.4: what follows is moved by the same difference, on the clock, and lasts as long. */
function segmentOf(override: RecurrenceOverride, id: number, frame: Frame): Segment {
  const own = ownSegment(override, id, frame);
  const zone = own.kind === "instant" && frame.kind === "instant" ? frame.zone : own.zone;
  const { wall } = override.start;
  const shown = zone === own.zone ? wall : toWall(toInstant(wall, own.zone), zone);
  return { ...own, zone, shift: shown - wallOfId(id, frame) };
}

function ownSegment({ key, start, length, isCancelled }: RecurrenceOverride, id: number, frame: Frame): Segment {
  const zone = zoneOf(start, frame.zones) ?? frame.localZone;
  const kind = kindOf(start, frame.zones);
  return { from: id, until: Infinity, component: key, kind, zone, shift: 0, length, isCancelled };
}

function instanceOfOverride(override: RecurrenceOverride, id: number, frame: Frame): Instance {
  const own = ownSegment(override, id, frame);
  const { wall } = override.start;
  const recurrenceId = { kind: frame.kind, at: id };
  return { ...placeInstance(own, wall, toInstant(wall, own.zone), recurrenceId, own.length), isOverride: true };
}

/** Makes the Instance of an original start, told on the wall clock, as an instant and as its name, by what its segment says. */
export function makeInstance(
  segment: Segment,
  frame: Frame,
  wall: WallSeconds,
  instant: EpochSeconds,
  id: number,
  ownLength?: InstanceLength,
): Instance {
  const recurrenceId = { kind: frame.kind, at: id };
  const isMoved = segment.shift !== 0 || segment.kind !== frame.kind;
  const length = (segment.from === -Infinity && ownLength) || segment.length;
  if (!isMoved) return placeInstance(segment, wall, instant, recurrenceId, length);
  const moved = wall + segment.shift;
  const start = segment.kind === "date" ? dayOf(moved) * dayInSeconds : moved;
  return placeInstance(segment, start, toInstant(start, segment.zone), recurrenceId, length);
}

function placeInstance(
  { component, kind, zone, isCancelled }: Segment,
  wall: WallSeconds,
  start: EpochSeconds,
  recurrenceId: Instance["recurrenceId"],
  { days, seconds }: InstanceLength,
): Instance {
  const isInstant = kind === "instant";
  const endWall = wall + days * dayInSeconds + (isInstant ? 0 : seconds);
  const exactEnd = isInstant && days === 0 ? start + seconds : toInstant(endWall, zone) + (isInstant ? seconds : 0);
  const end = Math.max(start, exactEnd);
  const startAt = isInstant ? start : wall;
  const endAt = isInstant ? end : endWall;
  return { recurrenceId, kind, startAt, endAt, start, end, component, isOverride: false, isCancelled };
}

function placeRules(master: RecurrenceMaster, frame: Frame): readonly PlacedRule[] {
  const isDate = frame.kind === "date";
  const start = master.start.wall;
  return (
    master.rules
      .slice(0, maxRulesOfSet)
      // A rule that repeats within a day says nothing about dates.
      .filter(({ frequency }) => !isDate || frequencies.indexOf(frequency) >= frequencies.indexOf("DAILY"))
      .map((rule) => {
        const until = untilOf(rule, frame);
        // Where the clocks skip DTSTART, times after the gap are placed before it; it is the first Instance all the same.
        const from = toInstant(start, frame.zone);
        return { rule: startRule(rule, start, isDate, until.wall), from, until: until.instant };
      })
  );
}

/**
 * Says where UNTIL ends a rule: a date with its whole day, where DTSTART is a time; a time in UTC at that instant, where DTSTART
 * has a zone; all else by the wall clock, as written.
 */
function untilOf({ until }: RecurrenceRule, { kind }: Frame): { wall: WallSeconds; instant: EpochSeconds } {
  if (!until) return { wall: lastWall, instant: Infinity };
  if (until.kind === "date" && kind !== "date") return { wall: until.wall + dayInSeconds - 1, instant: Infinity };
  if (until.kind === "utc" && kind === "instant") return { wall: until.wall + maxOffsetSeconds, instant: until.wall };
  return { wall: until.wall, instant: Infinity };
}
