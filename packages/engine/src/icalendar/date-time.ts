import { maxDurationSeconds } from "../limits.ts";
import type { Property } from "./component.ts";
import { makeParameter, parameterValue } from "./parameter.ts";

/** Seconds since 1970-01-01T00:00:00Z, whole. */
export type EpochSeconds = number;
/** A time on a clock on the wall: seconds since 1970-01-01T00:00:00 of that wall, whole, without any zone. */
export type WallSeconds = number;

/**
 * A DATE or DATE-TIME value, RFC 5545 §3.3.4 and §3.3.5. A date is the midnight it begins with.
 * In the form `utc` wall seconds are epoch seconds.
 */
export type DateOrDateTime =
  | { readonly kind: "date"; readonly wall: WallSeconds }
  | { readonly kind: "utc"; readonly wall: WallSeconds }
  | { readonly kind: "floating"; readonly wall: WallSeconds }
  | { readonly kind: "zoned"; readonly wall: WallSeconds; readonly tzid: string };

const form = /^\d{8}(?:T\d{6}(Z?))?$/;

/**
 * Reads a DATE or DATE-TIME value; `tzid` is that of the property and is ignored for UTC times and dates.
 * Eight digits are a date whatever VALUE says. A leap second is read as second 59 (RFC 5545 §3.3.12).
 * Returns `undefined` for text of another form, or a day or time that does not exist.
 */
export function parseDateTime(text: string, tzid?: string): DateOrDateTime | undefined {
  const trimmed = text.trim();
  const match = form.exec(trimmed);
  const wall = match ? wallFrom(Number(trimmed.slice(0, 8)), Number(trimmed.slice(9, 15))) : undefined;
  if (!match || wall === undefined) return undefined;
  if (match[1] === undefined) return { kind: "date", wall };
  if (match[1] === "Z") return { kind: "utc", wall };
  return tzid ? { kind: "zoned", wall, tzid } : { kind: "floating", wall };
}

/** Of a date and a time as numbers: 20270405 and 93000. */
function wallFrom(date: number, time: number): WallSeconds | undefined {
  const [year, month, day] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100];
  const [hour, minute, second] = [Math.floor(time / 10_000), Math.floor(time / 100) % 100, time % 100];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return daysFromCivil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + Math.min(second, 59);
}

/** Reads the value of a property such as DTSTART, with its TZID. Lists are not split. */
export function readDateTime(property: Property): DateOrDateTime | undefined {
  return parseDateTime(property.value, parameterValue(property, "TZID"));
}

/** Reads the list of dates or times of a property such as EXDATE, with its TZID; what cannot be read is left out. */
export function readDateTimes(property: Property): readonly DateOrDateTime[] {
  const tzid = parameterValue(property, "TZID");
  return property.value.split(",").flatMap((text) => parseDateTime(text, tzid) ?? []);
}

/** Formats a value as it stands after the colon. */
export function formatDateTime(value: DateOrDateTime): string {
  const text = formatWall(value.wall);
  if (value.kind === "date") return text.slice(0, 8);
  return value.kind === "utc" ? `${text}Z` : text;
}

/** Makes a property such as DTSTART with the VALUE and TZID parameters its value needs. */
export function makeDateTimeProperty(name: string, value: DateOrDateTime): Property {
  const parameters =
    value.kind === "date"
      ? [makeParameter("VALUE", ["DATE"])]
      : value.kind === "zoned"
        ? [makeParameter("TZID", [value.tzid])]
        : [];
  return { name, parameters, value: formatDateTime(value) };
}

/**
 * Makes properties such as EXDATE of a list: one for each form its values have, as VALUE and TZID hold for a whole property.
 * Within a form the order is kept. Empty for an empty list.
 */
export function makeDateTimeProperties(name: string, values: readonly DateOrDateTime[]): readonly Property[] {
  const forms = new Map<string, DateOrDateTime[]>();
  for (const value of values) {
    const form = value.kind === "zoned" ? `TZID ${value.tzid}` : value.kind;
    const same = forms.get(form);
    if (same) same.push(value);
    else forms.set(form, [value]);
  }
  return [...forms.values()].flatMap((same) =>
    same[0] ? [{ ...makeDateTimeProperty(name, same[0]), value: same.map(formatDateTime).join(",") }] : [],
  );
}

/** Formats wall seconds as `YYYYMMDDTHHMMSS`; years outside 0000 to 9999 are held at those. */
export function formatWall(wall: WallSeconds): string {
  const days = Math.floor(wall / 86_400);
  const seconds = wall - days * 86_400;
  const { year, month, day } = civilFromDays(days);
  const clock = `${pad(Math.floor(seconds / 3_600))}${pad(Math.floor(seconds / 60) % 60)}${pad(seconds % 60)}`;
  return `${pad(Math.min(Math.max(year, 0), 9_999), 4)}${pad(month)}${pad(day)}T${clock}`;
}

function pad(number: number, width = 2): string {
  return String(number).padStart(width, "0");
}

/** Days of a month of the Gregorian calendar; months count from 1. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar; months count from 1. */
export function daysFromCivil(year: number, month: number, day: number): number {
  // A year that begins in March puts the leap day last, so every month has a fixed offset.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of the proleptic Gregorian calendar that many days after 1970-01-01. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

const durationForm = /^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i;

/**
 * Reads a DURATION, RFC 5545 §3.3.6, in seconds; a day is 24 hours and a week 7 days of them.
 * `undefined` for other text, for one without any part, and for one longer than `maxDurationSeconds`.
 */
export function parseDuration(text: string): number | undefined {
  const match = durationForm.exec(text.trim());
  if (!match?.slice(2).some((part) => part !== undefined)) return undefined;
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  const total = ((weeks ?? 0) * 7 + (days ?? 0)) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  if (total > maxDurationSeconds) return undefined;
  return match[1] === "-" ? 0 - total : total;
}

/**
 * Formats a DURATION given in whole seconds, held at `maxDurationSeconds`: in weeks where it is whole weeks, else in days and
 * time. A negative one begins with a minus.
 */
export function formatDuration(seconds: number): string {
  const total = Math.min(Math.abs(Math.trunc(seconds)) || 0, maxDurationSeconds);
  const sign = seconds < 0 && total > 0 ? "-" : "";
  if (total > 0 && total % 604_800 === 0) return `${sign}P${total / 604_800}W`;
  const days = Math.floor(total / 86_400);
  const clock = [Math.floor(total / 3_600) % 24, Math.floor(total / 60) % 60, total % 60];
  const time = clock.map((part, index) => (part === 0 ? "" : `${part}${"HMS"[index]}`)).join("");
  // RFC 5545 §3.3.6 lets no minutes be skipped between hours and seconds.
  const whole = clock[1] === 0 && clock[0] && clock[2] ? `${clock[0]}H0M${clock[2]}S` : time;
  if (total === 0) return "PT0S";
  return `${sign}P${days > 0 ? `${days}D` : ""}${whole && `T${whole}`}`;
}
