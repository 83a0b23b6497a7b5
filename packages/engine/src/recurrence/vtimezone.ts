import { allProperties, type Component, firstProperty } from "../icalendar/component.ts";
import { type EpochSeconds, parseDateTime } from "../icalendar/date-time.ts";
import { parseUtcOffset } from "../icalendar/number.ts";
import { readText } from "../icalendar/text.ts";
import { type Limits, maxZoneOnsetsPerYear } from "../limits.ts";
import { fixedZone, type Zone, zoneOfPeriods } from "./zone.ts";
import { firstOnsets, lastOnset, onsetsInYear, readZoneRule, type ZoneRule } from "./zone-rule.ts";
import { cutYear, findByYear, type Onset, startOfYear } from "./zone-years.ts";

/** A STANDARD or DAYLIGHT part of a VTIMEZONE, with the onsets it lists and the rules by which it begins again. */
interface Observance {
  readonly offsetFrom: number;
  readonly offsetTo: number;
  readonly onsets: readonly EpochSeconds[];
  readonly rules: readonly ZoneRule[];
  /** The first onset of all. */
  readonly begins: EpochSeconds;
}

/** What is left to spend on one VTIMEZONE. */
interface Budget {
  steps: number;
  rules: number;
}

/**
 * Makes a zone of a VTIMEZONE, RFC 5545 §3.6.5, named after its TZID.
 *
 * - Observances that lack DTSTART, TZOFFSETFROM or TZOFFSETTO, or have one that cannot be read, count for nothing;
 *   `undefined` where no other is left.
 * - Rules of a kind no time zone uses count for nothing: such an observance begins at its DTSTART only.
 * - Where all observances lead to one offset, that has always been the offset, whatever TZOFFSETFROM says.
 * - Before the first onset the TZOFFSETFROM of that one holds. Where two begin at once, STANDARD wins.
 *
 * What goes beyond `limits.maxZoneSteps` or `limits.maxZoneRules` is cut off; the years are computed when asked for.
 */
export function zoneFromVtimezone(vtimezone: Component, limits: Limits): Zone | undefined {
  const name = readText(vtimezone, "TZID")?.trim() ?? "";
  const observances = readObservances(vtimezone, limits);
  const [first] = observances;
  if (!first) return undefined;
  if (observances.every((each) => each.offsetTo === first.offsetTo)) return fixedZone(name, first.offsetTo);
  const listed = listOnsets(observances);
  const ruled = observances.filter((each) => each.rules.length > 0);
  const earliest = observances.reduce((a, b) => (b.begins < a.begins ? b : a));
  const find = findByYear((year) => {
    const start = startOfYear(year);
    const before = offsetBefore(start, listed, ruled) ?? earliest.offsetFrom;
    return cutYear(year, before, onsetsOfYear(year, listed, ruled));
  });
  return zoneOfPeriods(name, find);
}

/** Reads the observances, DAYLIGHT first, so that of equal onsets that of STANDARD comes last. */
function readObservances(vtimezone: Component, limits: Limits): readonly Observance[] {
  const budget: Budget = { steps: limits.maxZoneSteps, rules: limits.maxZoneRules };
  const daylight: Observance[] = [];
  const standard: Observance[] = [];
  for (const component of vtimezone.components) {
    budget.steps -= 1 + component.properties.length;
    if (budget.steps < 0) break;
    const list = component.name === "STANDARD" ? standard : component.name === "DAYLIGHT" ? daylight : undefined;
    const observance = list && readObservance(component, budget);
    if (observance) list.push(observance);
  }
  return [...daylight, ...standard];
}

function readObservance(component: Component, budget: Budget): Observance | undefined {
  const start = parseDateTime(firstProperty(component, "DTSTART")?.value ?? "");
  const offsetFrom = readOffset(component, "TZOFFSETFROM");
  const offsetTo = readOffset(component, "TZOFFSETTO");
  if (!start || offsetFrom === undefined || offsetTo === undefined) return undefined;
  const onsets = readRdates(component, offsetFrom, budget);
  const rules: ZoneRule[] = [];
  let begins = Infinity;
  for (const property of allProperties(component, "RRULE")) {
    const rule = readZoneRule(property.value, start.wall, offsetFrom);
    if (!rule) continue;
    if (budget.rules-- <= 0) break;
    const endless = rule.count === Infinity;
    const first = firstOnsets(rule, endless ? 1 : rule.count, budget);
    begins = Math.min(begins, first[0] ?? Infinity);
    if (endless && first.length > 0) rules.push(rule);
    if (!endless) onsets.push(...first);
  }
  // A DTSTART its rule does not come to is where writers let a rule begin, not a change of the clocks.
  if (begins === Infinity) onsets.push(start.wall - offsetFrom);
  return { offsetFrom, offsetTo, onsets, rules, begins: onsets.reduce((a, b) => Math.min(a, b), begins) };
}

function readRdates(component: Component, offsetFrom: number, budget: Budget): EpochSeconds[] {
  const onsets: EpochSeconds[] = [];
  for (const property of allProperties(component, "RDATE")) {
    for (const text of property.value.split(",", Math.max(budget.steps, 0))) {
      budget.steps--;
      // Of a PERIOD the start.
      const date = parseDateTime(text.split("/", 1)[0] ?? "");
      if (date) onsets.push(date.kind === "utc" ? date.wall : date.wall - offsetFrom);
    }
  }
  return onsets;
}

function readOffset(component: Component, name: string): number | undefined {
  const property = firstProperty(component, name);
  return property && parseUtcOffset(property.value);
}

function listOnsets(observances: readonly Observance[]): readonly Onset[] {
  return observances
    .flatMap((each) => each.onsets.map((at): Onset => ({ at, offset: each.offsetTo })))
    .sort((a, b) => a.at - b.at);
}

function offsetBefore(
  instant: EpochSeconds,
  listed: readonly Onset[],
  ruled: readonly Observance[],
): number | undefined {
  let latest = listed[countUntil(listed, instant) - 1];
  for (const observance of ruled) {
    for (const rule of observance.rules) {
      const at = lastOnset(rule, instant);
      if (at !== undefined && (!latest || at >= latest.at)) latest = { at, offset: observance.offsetTo };
    }
  }
  return latest?.offset;
}

function onsetsOfYear(year: number, listed: readonly Onset[], ruled: readonly Observance[]): readonly Onset[] {
  const start = startOfYear(year);
  const end = startOfYear(year + 1);
  const onsets = listed.slice(countUntil(listed, start), countUntil(listed, end));
  for (const observance of ruled) {
    const ruledOnsets = onsetsByRules(observance, year).filter(({ at }) => at > start && at < end);
    for (const onset of ruledOnsets) onsets.push(onset);
    if (onsets.length > maxZoneOnsetsPerYear) break;
  }
  return onsets.slice(0, maxZoneOnsetsPerYear).sort((a, b) => a.at - b.at);
}

/** The wall clock may be in the year before or after while it is this year in UTC. */
function onsetsByRules({ rules, offsetTo }: Observance, year: number): readonly Onset[] {
  return rules.flatMap((rule) =>
    [year - 1, year, year + 1].flatMap((wallYear) =>
      onsetsInYear(rule, wallYear).map((at) => ({ at, offset: offsetTo })),
    ),
  );
}

/** Counts the onsets at or before an instant. */
function countUntil(onsets: readonly Onset[], instant: EpochSeconds): number {
  let low = 0;
  let high = onsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((onsets[middle] as Onset).at <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
