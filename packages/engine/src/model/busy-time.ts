import { allProperties, type Component, type Property } from "../icalendar/component.ts";
import { makeParameter, parameterValue } from "../icalendar/parameter.ts";
import { makePeriodProperty, type Period, readPeriods } from "../icalendar/period.ts";
import { maxBusyPeriods } from "../limits.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import type { Zone } from "../recurrence/zone.ts";
import { clipSpan, joinSpans, subtractSpans } from "./instant-spans.ts";

/** Lists what busy time can be, RFC 5545 §3.2.9; of several at one time the first counts (decision 0022). */
export const busyTypes = ["BUSY-UNAVAILABLE", "BUSY", "BUSY-TENTATIVE"] as const;

/** Says how busy somebody is; free time is what no period covers, RFC 5546 §3.3. */
export type BusyType = (typeof busyTypes)[number];

/** A stretch of time in which somebody is busy. */
export interface BusyPeriod extends InstantRange {
  readonly type: BusyType;
}

/** Reads a type as FBTYPE and BUSYTYPE have it: none or an unknown one is BUSY. RFC 5545 §3.2.9. */
export function parseBusyType(text: string | undefined): BusyType | "FREE" {
  const upper = text?.trim().toUpperCase();
  return upper === "FREE" ? "FREE" : (busyTypes.find((type) => type === upper) ?? "BUSY");
}

/**
 * Puts busy time in order: periods of one type that overlap or adjoin become one, and where types overlap the strongest counts,
 * so that no two periods of the result overlap. Ascending. RFC 4791 §7.10.
 */
export function mergeBusyPeriods(periods: readonly BusyPeriod[]): readonly BusyPeriod[] {
  const merged: BusyPeriod[] = [];
  let covered: readonly InstantRange[] = [];
  for (const type of busyTypes) {
    const spans = joinSpans(periods.filter((period) => period.type === type));
    if (spans.length === 0) continue;
    for (const { from, to } of subtractSpans(spans, covered)) merged.push({ from, to, type });
    covered = covered.length === 0 ? spans : joinSpans([...covered, ...spans]);
  }
  return merged.sort((a, b) => a.from - b.from);
}

/** Cuts periods to a range; what lies outside goes. */
export function clipBusyPeriods(periods: readonly BusyPeriod[], range: InstantRange): readonly BusyPeriod[] {
  return periods.flatMap((period) => {
    const { from, to } = clipSpan(period, range);
    return from < to ? [{ from, to, type: period.type }] : [];
  });
}

/**
 * Reads the busy time a VFREEBUSY tells, in order: several values in one FREEBUSY and several FREEBUSYs mean the same, RFC 5546
 * §3.3. Times that are not in UTC are placed where they say, or in `localZone`. No more than `maxBusyPeriods` are read.
 */
export function readBusyPeriods(component: Component, zones: ZoneResolver, localZone: Zone): readonly BusyPeriod[] {
  const found: BusyPeriod[] = [];
  for (const property of allProperties(component, "FREEBUSY")) {
    const type = parseBusyType(parameterValue(property, "FBTYPE"));
    if (type === "FREE") continue;
    for (const period of readPeriods(property)) {
      const span = placePeriod(period, zones, localZone);
      if (span && found.length < maxBusyPeriods) found.push({ ...span, type });
    }
  }
  return mergeBusyPeriods(found);
}

function placePeriod(period: Period, zones: ZoneResolver, localZone: Zone): InstantRange | undefined {
  const from = resolveInstant(period.start, zones, localZone);
  if (from === undefined) return undefined;
  if (period.kind === "start") return { from, to: from + period.seconds };
  const to = resolveInstant(period.end, zones, localZone);
  return to === undefined ? undefined : { from, to };
}

/**
 * Makes FREEBUSY properties of periods that are in order: in UTC, each with its FBTYPE, ascending. RFC 5545 §3.8.2.6 lets periods of one
 * type share a property; programs are known that then read none of them.
 */
export function makeBusyProperties(periods: readonly BusyPeriod[]): readonly Property[] {
  return periods.map((period) => {
    const property = makePeriodProperty("FREEBUSY", [writePeriod(period)]);
    return { ...property, parameters: [makeParameter("FBTYPE", [period.type])] };
  });
}

function writePeriod({ from, to }: BusyPeriod): Period {
  return { kind: "explicit", start: { kind: "utc", wall: from }, end: { kind: "utc", wall: to } };
}
