import type { DateOrDateTime, EpochSeconds, WallSeconds } from "../icalendar/date-time.ts";
import { type Limits, maxRulesOfSet } from "../limits.ts";
import { makeBudget, type StartedRule, type StepBudget, startRule } from "./expand-rule.ts";
import type {
  ExpansionOptions,
  Instance,
  InstanceKind,
  InstanceLength,
  RecurrenceDate,
  RecurrenceMaster,
  RecurrenceOverride,
  RecurrenceSet,
} from "./recurrence-set.ts";
import { resolveInstant, type ZoneResolver } from "./resolve.ts";
import { dayInSeconds, dayOf, modulo } from "./rule-days.ts";
import { secondsOf } from "./rule-times.ts";
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

/** Makes a set ready to be expanded. */
export function prepareSet(set: RecurrenceSet, limits: Limits, options: ExpansionOptions): PreparedSet {
  const frame = makeFrame(set, options.localZone ?? utc);
  const { master } = set;
  const overrides = set.overrides.slice(0, limits.maxOverrides);
  const taken = new Set<number>();
  const excludedDays = new Set<number>();
  for (const value of master?.exceptions ?? []) {
    if (value.kind === "date" && frame.kind !== "date") excludedDays.add(dayOf(value.wall));
    else taken.add(idOf(value, frame));
  }
  const singles: Instance[] = [];
  const add = (value: DateOrDateTime, make: (id: number) => Instance): void => {
    const id = idOf(value, frame);
    // RFC 5545 §3.8.5.3: an EXDATE takes precedence.
    if (taken.has(id) || excludedDays.has(dayOf(wallOfId(id, frame)))) return;
    taken.add(id);
    singles.push(make(id));
  };
  for (const override of overrides) add(override.recurrenceId, (id) => instanceOfOverride(override, id, frame));
  const segments = master ? makeSegments(master, overrides, frame) : [];
  for (const { start, length } of master ? listStarts(master) : []) {
    add(start, (id) => {
      const segment = segmentAt(segments, id) as Segment;
      const wall = wallOfId(id, frame);
      const instant = frame.kind === "instant" ? id : toInstant(wall, frame.zone);
      const own = segment.from === -Infinity ? length : undefined;
      return makeInstance(segment, frame, wall, instant, id, own);
    });
  }
  let lastTaken = -Infinity;
  for (const id of taken) lastTaken = Math.max(lastTaken, id);
  const rules = master ? placeRules(master, frame) : [];
  singles.sort(compareInstances);
  return { frame, segments, rules, singles, taken, lastTaken, excludedDays, budget: makeBudget(limits) };
}

/** Orders Instances by their starts, and of equal ones by their original starts. */
export function compareInstances(a: Instance, b: Instance): number {
  return a.start - b.start || a.recurrenceId.at - b.recurrenceId.at;
}

function makeFrame({ master, overrides, zones }: RecurrenceSet, localZone: Zone): Frame {
  const start = master?.start ?? overrides[0]?.recurrenceId ?? { kind: "utc", wall: 0 };
  return { ...clockOf(start, zones, localZone), localZone, zones, timeOfDay: modulo(start.wall, dayInSeconds) };
}

/** On which clock a value is told. */
function clockOf(value: DateOrDateTime, zones: ZoneResolver, localZone: Zone): Pick<Frame, "kind" | "zone"> {
  const zone = value.kind === "zoned" ? zones(value.tzid) : value.kind === "utc" ? utc : undefined;
  return { kind: value.kind === "date" ? "date" : zone ? "instant" : "floating", zone: zone ?? localZone };
}

/**
 * Finds the original start a value means: values of another type or form than DTSTART are compared in the zone of the set, and
 * then by date.
 */
export function idOf(value: DateOrDateTime, { kind, zone, zones, timeOfDay }: Frame): number {
  if (kind === "date") return dayOf(value.wall) * dayInSeconds;
  const instant = resolveInstant(value, zones);
  if (instant !== undefined) return kind === "instant" ? instant : toWall(instant, zone);
  const wall = value.wall + (value.kind === "date" ? timeOfDay : 0);
  return kind === "instant" ? toInstant(wall, zone) : wall;
}

/** What the wall clock of the set shows at an original start. */
export function wallOfId(id: number, { kind, zone }: Frame): WallSeconds {
  return kind === "instant" ? toWall(id, zone) : id;
}

/** Of an RDATE that repeats another or DTSTART, the one with a length of its own tells more. */
function listStarts({ dates, start }: RecurrenceMaster): readonly RecurrenceDate[] {
  return [...dates.filter(({ length }) => length), { start }, ...dates.filter(({ length }) => !length)];
}

function makeSegments(
  master: RecurrenceMaster,
  overrides: readonly RecurrenceOverride[],
  frame: Frame,
): readonly Segment[] {
  const segments = [ownSegment(master, -Infinity, frame)];
  const ranged = overrides.filter(({ range }) => range === "this-and-future");
  const moved = ranged.map((override) => ({ override, id: idOf(override.recurrenceId, frame) }));
  for (const { override, id } of moved.sort((a, b) => a.id - b.id)) {
    const before = segments.at(-1) as Segment;
    if (before.from === id) continue;
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

function ownSegment(
  { key, start, length, isCancelled }: RecurrenceMaster | RecurrenceOverride,
  from: number,
  { zones, localZone }: Frame,
): Segment {
  const clock = clockOf(start, zones, localZone);
  return { ...clock, from, until: Infinity, component: key, shift: 0, length, isCancelled };
}

function instanceOfOverride(override: RecurrenceOverride, id: number, frame: Frame): Instance {
  const own = ownSegment(override, id, frame);
  const { wall } = override.start;
  return { ...placeInstance(own, frame, wall, toInstant(wall, own.zone), id), isOverride: true };
}

/** Whether what a segment holds takes place at another time, or is told on another clock. */
export function isMoved({ shift, kind }: Segment, frame: Frame): boolean {
  return shift !== 0 || kind !== frame.kind;
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
  if (!isMoved(segment, frame)) return placeInstance(segment, frame, wall, instant, id, ownLength);
  const moved = wall + segment.shift;
  const start = segment.kind === "date" ? dayOf(moved) * dayInSeconds : moved;
  return placeInstance(segment, frame, start, toInstant(start, segment.zone), id, ownLength);
}

function placeInstance(
  { component, kind, zone, isCancelled, length }: Segment,
  frame: Frame,
  wall: WallSeconds,
  start: EpochSeconds,
  id: number,
  { days, seconds }: InstanceLength = length,
): Instance {
  const recurrenceId = { kind: frame.kind, at: id };
  const isInstant = kind === "instant";
  const endWall = wall + days * dayInSeconds + (isInstant ? 0 : seconds);
  const exactEnd = isInstant && days === 0 ? start + seconds : toInstant(endWall, zone) + (isInstant ? seconds : 0);
  const end = Math.max(start, exactEnd);
  const startAt = isInstant ? start : wall;
  const endAt = isInstant ? end : endWall;
  return { recurrenceId, kind, startAt, endAt, start, end, component, isOverride: false, isCancelled };
}

/**
 * UNTIL ends a rule: a date with its whole day, where DTSTART is a time; a time in UTC at that instant, where DTSTART has a zone;
 * all else by the wall clock, as written.
 */
function placeRules({ rules, start }: RecurrenceMaster, { kind, zone }: Frame): readonly PlacedRule[] {
  const isDate = kind === "date";
  // Where the clocks skip DTSTART, times after the gap are placed before it; it is the first Instance all the same.
  const from = toInstant(start.wall, zone);
  return (
    rules
      .slice(0, maxRulesOfSet)
      // A rule that repeats within a day says nothing about dates.
      .filter(({ frequency }) => !isDate || secondsOf(frequency) === dayInSeconds)
      .map((rule) => {
        const { kind: form, wall = Infinity } = rule.until ?? {};
        const isInstant = form === "utc" && kind === "instant";
        const later = isInstant ? maxOffsetSeconds : form === "date" && !isDate ? dayInSeconds - 1 : 0;
        const until = isInstant ? wall : Infinity;
        return { rule: startRule(rule, start.wall, isDate, wall + later), from, until };
      })
  );
}
