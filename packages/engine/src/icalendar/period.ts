import type { Property } from "./component.ts";
import {
  type DateOrDateTime,
  formatDateTime,
  formatDuration,
  makeDateTimeProperty,
  parseDateTime,
  parseDuration,
} from "./date-time.ts";
import { makeParameter, parameterValue } from "./parameter.ts";

/** A PERIOD, RFC 5545 §3.3.9: its end is told, or how many seconds it lasts. Start and end are times, not dates. */
export type Period =
  | { readonly kind: "explicit"; readonly start: DateOrDateTime; readonly end: DateOrDateTime }
  | { readonly kind: "start"; readonly start: DateOrDateTime; readonly seconds: number };

/**
 * Reads a PERIOD; `tzid` is that of the property. `undefined` for other text and for a period that lasts a negative time. An end
 * before its start is kept as written.
 */
export function parsePeriod(text: string, tzid?: string): Period | undefined {
  const [startText = "", endText = "", ...rest] = text.split("/", 3);
  const start = parseDateTime(startText, tzid);
  if (!start || start.kind === "date" || rest.length > 0) return undefined;
  const end = parseDateTime(endText, tzid);
  if (end) return end.kind === "date" ? undefined : { kind: "explicit", start, end };
  const seconds = parseDuration(endText);
  return seconds === undefined || seconds < 0 ? undefined : { kind: "start", start, seconds };
}

/** Formats a PERIOD as it stands after the colon. */
export function formatPeriod(period: Period): string {
  const end = period.kind === "start" ? formatDuration(period.seconds) : formatDateTime(period.end);
  return `${formatDateTime(period.start)}/${end}`;
}

/** Reads the periods of a FREEBUSY, or an RDATE of that type, with its TZID; what cannot be read is left out. */
export function readPeriods(property: Property): readonly Period[] {
  const tzid = parameterValue(property, "TZID");
  return property.value.split(",").flatMap((text) => parsePeriod(text, tzid) ?? []);
}

/**
 * Makes a property of a list of periods. All of them take the form of the first one's start: UTC, floating, or of its TZID.
 * FREEBUSY has no other type, so only other names get a VALUE.
 */
export function makePeriodProperty(name: string, periods: readonly [Period, ...Period[]]): Property {
  const { parameters } = makeDateTimeProperty(name, periods[0].start);
  const type = name === "FREEBUSY" ? [] : [makeParameter("VALUE", ["PERIOD"])];
  return { name, parameters: [...type, ...parameters], value: periods.map(formatPeriod).join(",") };
}
