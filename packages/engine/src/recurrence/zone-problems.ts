import { allProperties, type Component, firstProperty, type Property, subcomponents } from "../icalendar/component.ts";
import { type EpochSeconds, parseDateTime, readDateTime, type WallSeconds } from "../icalendar/date-time.ts";
import { parameterValue } from "../icalendar/parameter.ts";
import { type Limits, maxPeriodsCompared } from "../limits.ts";
import { type CompareBudget, compareZones } from "./compare-zones.ts";
import { makeZoneResolver } from "./resolver.ts";
import { parseRule } from "./rule-text.ts";
import { toInstant, type Zone, type ZoneProvider } from "./zone.ts";

/** What is wrong with a TZID that a calendar uses. */
export type ZoneProblem =
  /** Nobody knows the name, and no VTIMEZONE of it can be read: its times are taken for floating ones. */
  | { readonly kind: "unknown-zone"; readonly tzid: string }
  /**
   * The name is known, and its VTIMEZONE says other offsets: `at` is the first instant of those the calendar is about, `written`
   * the offset of the VTIMEZONE then, `known` that of the name, `followed` which of the two counts (decision 0012).
   */
  | {
      readonly kind: "zone-differs";
      readonly tzid: string;
      readonly at: EpochSeconds;
      readonly written: number;
      readonly known: number;
      readonly followed: "written" | "known";
    };

/** Wall clock times from the first to the last. */
interface WallSpan {
  readonly from: WallSeconds;
  readonly to: WallSeconds;
}

/** How long after it begins, or after it was written, an endless series is looked at. */
const seriesSeconds = 2 * 366 * 86_400;

/**
 * Finds the TZIDs of a calendar that mean nothing, or something else than their VTIMEZONE says, in the order of their first use.
 *
 * Offsets are compared at the times the components name, and while a series goes on: until its UNTIL, and at most until two
 * years after its DTSTART or DTSTAMP, the later one. At most `limits.maxZones` TZIDs and `maxPeriodsCompared` periods are looked
 * at; what comes after them is passed over.
 */
export function findZoneProblems(calendar: Component, provider: ZoneProvider, limits: Limits): readonly ZoneProblem[] {
  const timezones = subcomponents(calendar, "VTIMEZONE");
  const followed = makeZoneResolver(timezones, provider, limits);
  const known = makeZoneResolver([], provider, limits);
  const written = makeZoneResolver(timezones, { zone: () => undefined }, limits);
  const budget: CompareBudget = { periods: maxPeriodsCompared };
  const problems: ZoneProblem[] = [];
  for (const [tzid, spans] of [...collectUses(calendar)].slice(0, limits.maxZones)) {
    const used = followed(tzid);
    const [ofText, ofName] = [written(tzid), known(tzid)];
    if (!used) problems.push({ kind: "unknown-zone", tzid });
    const found = ofText && ofName && firstDifference(ofText, ofName, spans, budget);
    if (!found) continue;
    const [offset, other] = found.offsets;
    const follows = used?.offsetAt(found.at) === other ? "known" : "written";
    problems.push({ kind: "zone-differs", tzid, at: found.at, written: offset, known: other, followed: follows });
  }
  return problems;
}

/** Collects the times each TZID is used for. */
function collectUses(calendar: Component): ReadonlyMap<string, readonly WallSpan[]> {
  const uses = new Map<string, WallSpan[]>();
  for (const component of calendar.components) {
    if (component.name === "VTIMEZONE") continue;
    for (const property of component.properties) {
      const tzid = parameterValue(property, "TZID");
      const span = tzid ? readSpan(property) : undefined;
      if (!tzid || !span) continue;
      const whole = property.name === "DTSTART" ? { ...span, to: lastOfSeries(component, span.to) } : span;
      const spans = uses.get(tzid);
      if (spans) spans.push(whole);
      else uses.set(tzid, [whole]);
    }
  }
  return uses;
}

/** Reads the first and the last of the local times of a property, a list of times or of periods; of periods their starts. */
function readSpan({ value }: Property): WallSpan | undefined {
  let [from, to] = [Infinity, -Infinity];
  for (const text of value.split(",")) {
    const time = parseDateTime(text.split("/", 1)[0] ?? "");
    if (time?.kind !== "floating") continue;
    from = Math.min(from, time.wall);
    to = Math.max(to, time.wall);
  }
  return from <= to ? { from, to } : undefined;
}

function lastOfSeries(component: Component, start: WallSeconds): WallSeconds {
  const stamp = firstProperty(component, "DTSTAMP");
  const written = (stamp && readDateTime(stamp)?.wall) ?? start;
  const bound = Math.max(start, written) + seriesSeconds;
  const ends = allProperties(component, "RRULE").map(({ value }) => parseRule(value).rule?.until?.wall ?? bound);
  return Math.min(
    bound,
    ends.reduce((a, b) => Math.max(a, b), start),
  );
}

function firstDifference(written: Zone, known: Zone, spans: readonly WallSpan[], budget: CompareBudget) {
  let done = -Infinity;
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const to = toInstant(span.to, known) + 1;
    const found = compareZones(written, known, { from: Math.max(done, toInstant(span.from, known)), to }, budget);
    if (found.kind === "different") return found;
    done = Math.max(done, to);
  }
  return undefined;
}
