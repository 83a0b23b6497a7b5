import type { Component, Property } from "../../icalendar/component.ts";
import {
  type DateOrDateTime,
  formatDateTime,
  makeDateTimeProperties,
  makeDateTimeProperty,
} from "../../icalendar/date-time.ts";
import type { MeetingId } from "./global-object-id.ts";
import { property } from "./names.ts";
import { isTrue, type MapiProperties, octetsOf, timeOf } from "./properties.ts";
import { readSeries, type TnefSeries } from "./recurrence.ts";
import { dayOf, makeTnefVtimezone, readZone, type TnefZone } from "./zone.ts";

/** When a meeting is: its properties, and the zone they are in. */
export interface TnefTimes {
  readonly properties: readonly Property[];
  readonly timezones: readonly Component[];
}

/** Why it cannot be said when a meeting is. */
export type TimesProblem = "no-time" | "series" | "instance";

/**
 * Says when a meeting is. Times are in UTC, whole days are dates, and a series is in its zone. `isWhole`: the message is about the
 * meeting itself, so that a series must be read surely; an answer or a CANCEL only points at it.
 *
 * - `no-time`: it does not say when it is.
 * - `series`: it repeats, and how cannot be said without doubt.
 * - `instance`: it is one of a series, and which cannot be told.
 */
export function readTimes(properties: MapiProperties, id: MeetingId, isWhole: boolean): TnefTimes | TimesProblem {
  const zone = readZone(properties);
  const isSeries = isTrue(properties, property.recurring) || isTrue(properties, property.isRecurring);
  if (isSeries && id.day === undefined && isWhole) {
    const series = readSeries(octetsOf(properties, property.recurrence) ?? new Uint8Array());
    return series && zone ? seriesTimes(series, zone, isTrue(properties, property.wholeDays)) : "series";
  }
  const start = timeOf(properties, property.start, property.startDate);
  const end = timeOf(properties, property.end, property.endDate);
  if (start === undefined) return "no-time";
  const days = isTrue(properties, property.wholeDays) ? wholeDays(start, end, zone) : undefined;
  const from: DateOrDateTime = days?.from ?? { kind: "utc", wall: start };
  const to: DateOrDateTime | undefined =
    days?.to ?? (end === undefined || end < start ? undefined : { kind: "utc", wall: end });
  const lines = [makeDateTimeProperty("DTSTART", from), ...(to ? [makeDateTimeProperty("DTEND", to)] : [])];
  if (id.day === undefined) return { properties: lines, timezones: [] };
  const instance = days ? { kind: "date" as const, wall: id.day } : instanceOf(properties, id.day, start);
  if (!instance) return "instance";
  return { properties: [...lines, makeDateTimeProperty("RECURRENCE-ID", instance)], timezones: [] };
}

/** The days of a meeting that lasts whole ones; where it does not by any clock we know, its times stand. */
function wholeDays(
  start: number,
  end: number | undefined,
  zone: TnefZone | undefined,
): { readonly from: DateOrDateTime; readonly to?: DateOrDateTime } | undefined {
  const from = dayOf(start, zone);
  const to = end === undefined ? undefined : dayOf(end, zone);
  if (from === undefined || (end !== undefined && to === undefined)) return undefined;
  return {
    from: { kind: "date", wall: from },
    ...(to !== undefined && to > from && { to: { kind: "date", wall: to } }),
  };
}

const day = 86_400;

/** When an Instance was to start: said, or its own start where it was not moved and that is the day in some zone. */
function instanceOf(properties: MapiProperties, on: number, start: number): DateOrDateTime | undefined {
  const replaced = timeOf(properties, property.replacedTime);
  if (replaced !== undefined) return { kind: "utc", wall: replaced };
  if (isTrue(properties, property.isException) || start <= on - day / 2 || start >= on + day * 1.6) return undefined;
  return { kind: "utc", wall: start };
}

function seriesTimes(series: TnefSeries, zone: TnefZone, isWholeDays: boolean): TnefTimes {
  const { firstDay, from, to, deleted } = series;
  const asDates = isWholeDays && from === 0 && to % day === 0 && to > 0;
  const at = (wall: number): DateOrDateTime =>
    asDates ? { kind: "date", wall } : { kind: "zoned", wall, tzid: zone.tzid };
  return {
    properties: [
      makeDateTimeProperty("DTSTART", at(firstDay + from)),
      makeDateTimeProperty("DTEND", at(firstDay + to)),
      { name: "RRULE", parameters: [], value: [series.rule, ...endOf(series, zone, asDates)].join(";") },
      ...makeDateTimeProperties(
        "EXDATE",
        deleted.map((one) => at(one + from)),
      ),
    ],
    timezones: asDates ? [] : [makeTnefVtimezone(zone)],
  };
}

/** UNTIL is in UTC: by the clock that is further behind, for there is no other Instance within an hour of the last one. */
function endOf({ end, from }: TnefSeries, zone: TnefZone, asDates: boolean): readonly string[] {
  if (end.count !== undefined) return [`COUNT=${end.count}`];
  if (end.lastDay === undefined) return [];
  if (asDates) return [`UNTIL=${formatDateTime({ kind: "date", wall: end.lastDay })}`];
  const wall = end.lastDay + from - Math.min(zone.standard, zone.daylight);
  return [`UNTIL=${formatDateTime({ kind: "utc", wall })}`];
}
