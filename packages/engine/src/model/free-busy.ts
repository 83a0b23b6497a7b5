import { type Component, firstProperty, makeComponent, type Property } from "../icalendar/component.ts";
import { type EpochSeconds, makeDateTimeProperty, readDateTime } from "../icalendar/date-time.ts";
import { makeTextProperty, readText } from "../icalendar/text.ts";
import { maxBusyReports } from "../limits.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";
import { resolveInstant, type ZoneResolver } from "../recurrence/resolve.ts";
import type { Zone } from "../recurrence/zone.ts";
import { type CalendarUserAddress, formatAddress } from "./address.ts";
import {
  type BusyPeriod,
  clipBusyPeriods,
  makeBusyProperties,
  mergeBusyPeriods,
  readBusyPeriods,
} from "./busy-time.ts";
import { joinSpans, subtractSpans } from "./instant-spans.ts";
import { formatRequestStatus, type RequestStatus, readRequestStatuses } from "./request-status.ts";

/** All that a VFREEBUSY of ours can hold: it is made of these and of nothing else, so no event can shine through. */
export interface FreeBusyFields {
  readonly uid: string;
  readonly dtstamp: EpochSeconds;
  readonly range: InstantRange;
  /** Who asks, or in what is published, whose time it is. */
  readonly organizer?: CalendarUserAddress;
  /** Who is asked about, or who answers. */
  readonly attendees?: readonly CalendarUserAddress[];
  readonly status?: RequestStatus;
  readonly periods?: readonly BusyPeriod[];
  readonly comment?: string;
}

/**
 * Makes a VFREEBUSY, RFC 5545 §3.6.4: times in UTC, the range before the periods, these merged, cut to the range and in order,
 * ATTENDEEs without parameters (§3.8.4.1).
 */
export function makeFreeBusy(fields: FreeBusyFields): Component {
  const { range, organizer, status, comment } = fields;
  const periods = mergeBusyPeriods(clipBusyPeriods(fields.periods ?? [], range));
  return makeComponent("VFREEBUSY", [
    makeTextProperty("UID", fields.uid),
    makeDateTimeProperty("DTSTAMP", { kind: "utc", wall: fields.dtstamp }),
    ...(organizer ? [makeAddressProperty("ORGANIZER", organizer)] : []),
    ...(fields.attendees ?? []).map((attendee) => makeAddressProperty("ATTENDEE", attendee)),
    makeDateTimeProperty("DTSTART", { kind: "utc", wall: range.from }),
    makeDateTimeProperty("DTEND", { kind: "utc", wall: range.to }),
    ...(status ? [{ name: "REQUEST-STATUS", parameters: [], value: formatRequestStatus(status) }] : []),
    ...makeBusyProperties(periods),
    ...(comment ? [makeTextProperty("COMMENT", comment)] : []),
  ]);
}

function makeAddressProperty(name: string, address: CalendarUserAddress): Property {
  return { name, parameters: [], value: formatAddress(address) };
}

/**
 * Reads the range a VFREEBUSY is about. Times that are not in UTC are placed where they say, or in `localZone`; `undefined` where
 * one is missing or cannot be read, or the end is not after the start.
 */
export function readFreeBusyRange(
  component: Component,
  zones: ZoneResolver,
  localZone: Zone,
): InstantRange | undefined {
  const [from, to] = ["DTSTART", "DTEND"].map((name) => {
    const property = firstProperty(component, name);
    const value = property && readDateTime(property);
    return value && resolveInstant(value, zones, localZone);
  });
  return from !== undefined && to !== undefined && from < to ? { from, to } : undefined;
}

/** What somebody told of their own busy time, in answer or unasked. */
export interface FreeBusyReport {
  readonly address: CalendarUserAddress;
  readonly uid: string;
  readonly dtstamp: EpochSeconds;
  /** What it speaks of: outside nothing is known. */
  readonly range: InstantRange;
  /** In order, within `range`. */
  readonly periods: readonly BusyPeriod[];
}

/** What came of asking somebody: what they told, or why they did not; then nothing is known, which is not free. */
export type FreeBusyAnswer =
  | { readonly kind: "report"; readonly report: FreeBusyReport }
  | { readonly kind: "unknown"; readonly address: CalendarUserAddress; readonly status: RequestStatus };

/**
 * Reads one VFREEBUSY that somebody sent about themselves. RFC 5546 §3.3.3: where its REQUEST-STATUS is no success (class 1 or
 * 2), or it names no range and no period, nothing is known. Without a range it speaks of its periods alone.
 */
export function readFreeBusyAnswer(
  component: Component,
  address: CalendarUserAddress,
  dtstamp: EpochSeconds,
  zones: ZoneResolver,
  localZone: Zone,
): FreeBusyAnswer {
  const failed = readRequestStatuses(component).find(({ code }) => code[0] > 2);
  if (failed) return { kind: "unknown", address, status: failed };
  const found = readBusyPeriods(component, zones, localZone);
  const first = found[0];
  const last = found.at(-1);
  const hull = first && last && { from: first.from, to: last.to };
  const range = readFreeBusyRange(component, zones, localZone) ?? hull;
  if (!range) return { kind: "unknown", address, status: { code: [3, 5], description: "Invalid date or time" } };
  const uid = readText(component, "UID") ?? "";
  return { kind: "report", report: { address, uid, dtstamp, range, periods: clipBusyPeriods(found, range) } };
}

/** What is known of one person's time: busy where `periods` say, free in the rest of `known`, and unknown outside. */
export interface KnownBusyTime {
  readonly known: readonly InstantRange[];
  readonly periods: readonly BusyPeriod[];
}

/**
 * Puts together what one person told at several times: at each moment the newest report that speaks of it counts, RFC 5545
 * §3.6.4; of equally new ones the strongest type. The order of the reports does not matter. Of more than `maxBusyReports` the
 * oldest are forgotten.
 */
export function combineReports(reports: readonly FreeBusyReport[]): KnownBusyTime {
  const newest = [...reports].sort((a, b) => b.dtstamp - a.dtstamp).slice(0, maxBusyReports);
  const periods: BusyPeriod[] = [];
  let known: readonly InstantRange[] = [];
  for (let first = 0; first < newest.length; ) {
    const dtstamp = newest[first]?.dtstamp;
    let next = first;
    while (newest[next]?.dtstamp === dtstamp && next < newest.length) next++;
    const level = newest.slice(first, next);
    for (const period of mergeBusyPeriods(level.flatMap((report) => report.periods))) {
      for (const { from, to } of subtractSpans([period], known)) periods.push({ from, to, type: period.type });
    }
    known = joinSpans([...known, ...level.map(({ range }) => range)]);
    first = next;
  }
  return { known, periods: mergeBusyPeriods(periods) };
}
