/**
 * Reads an INTEGER, RFC 5545 §3.3.8; `undefined` for other text. Values past 2^53 lose digits; past the largest number they
 * are infinite.
 */
export function parseInteger(text: string): number | undefined {
  const trimmed = text.trim();
  return /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) + 0 : undefined;
}

/** Formats an INTEGER: the whole number nearest to zero of it, held at the 32 bits of RFC 5545 §3.3.8; 0 for no number. */
export function formatInteger(value: number): string {
  return String(Math.min(Math.max(Math.trunc(value), -(2 ** 31)), 2 ** 31 - 1) || 0);
}

/** Reads a FLOAT, RFC 5545 §3.3.7, of digits with or without a fraction; `undefined` for other text. */
export function parseFloatValue(text: string): number | undefined {
  const trimmed = text.trim();
  const value = /^[+-]?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) + 0 : Infinity;
  return Number.isFinite(value) ? value : undefined;
}

/** Formats a FLOAT without an exponent, for it may have none. 0 for what is not finite. */
export function formatFloat(value: number): string {
  const short = String(Number.isFinite(value) ? value : 0);
  const [, sign = "", digits = "", fraction = "", exponent] = /^(-?)(\d)\.?(\d*)e(.+)$/.exec(short) ?? [];
  if (exponent === undefined) return short;
  const power = Number(exponent);
  if (power < 0) return `${sign}0.${"0".repeat(-1 - power)}${digits}${fraction}`;
  return `${sign}${digits}${fraction.padEnd(power, "0")}`;
}

/** Reads a BOOLEAN, RFC 5545 §3.3.2, in any case; `undefined` for other text. */
export function parseBoolean(text: string): boolean | undefined {
  const upper = text.trim().toUpperCase();
  return upper === "TRUE" ? true : upper === "FALSE" ? false : undefined;
}

/** Formats a BOOLEAN. */
export function formatBoolean(value: boolean): string {
  return value ? "TRUE" : "FALSE";
}

/** A place on Earth in degrees, north and east positive, RFC 5545 §3.8.1.6. */
export interface Geo {
  readonly latitude: number;
  readonly longitude: number;
}

/** Reads the value of a GEO; `undefined` for other text and for places not on Earth. Some products write a comma between. */
export function parseGeo(text: string): Geo | undefined {
  const [latitude, longitude, ...rest] = text.split(/[;,]/, 3).map(parseFloatValue);
  if (latitude === undefined || longitude === undefined || rest.length > 0) return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

/** Formats the value of a GEO. */
export function formatGeo(geo: Geo): string {
  return `${formatFloat(geo.latitude)};${formatFloat(geo.longitude)}`;
}

/** Reads a UTC-OFFSET, RFC 5545 §3.3.14, in seconds east of UTC; -0000 is read as 0. `undefined` for other text. */
export function parseUtcOffset(text: string): number | undefined {
  const match = /^([+-])(\d\d)(\d\d)(\d\d)?$/.exec(text.trim());
  if (!match) return undefined;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const total = hours * 3_600 + minutes * 60 + seconds;
  return match[1] === "-" ? 0 - total : total;
}

/** Formats a UTC-OFFSET given in whole seconds, held within a day; the seconds are left out where there are none. */
export function formatUtcOffset(offset: number): string {
  const total = Math.min(Math.abs(Math.trunc(offset)) || 0, 86_399);
  const parts = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60];
  if (total % 60 === 0) parts.pop();
  return `${offset < 0 && total > 0 ? "-" : "+"}${parts.map((part) => String(part).padStart(2, "0")).join("")}`;
}
