import type { PropertyDefinition } from "./definitions/properties.ts";
import { formatBoolean, formatFloat, parseBoolean, parseFloatValue, parseInteger } from "./number.ts";
import { decodeText, encodeText, splitEscaped } from "./text.ts";

/** A value as jCal has it, RFC 7265 §3.6. */
export type JcalValue = string | number | boolean | readonly JcalValue[] | { readonly [part: string]: JcalValue };

/** The type jCal gives what has no known one, RFC 7265 §5. */
export const unknownType = "unknown";

/**
 * Turns the value of a property into the values of jCal; `type` is in lower case. Text that is not of its type is left as a
 * string, so that no value is lost. Total.
 */
export function toJcalValues(value: string, type: string, form: PropertyDefinition["form"]): readonly JcalValue[] {
  if (type === unknownType) return [value];
  if (form === "parts") return [partsToJcal(value, type)];
  if (form !== "list") return [toJcalValue(value, type)];
  const pieces = type === "text" ? splitEscaped(value, ",") : value.split(",");
  return pieces.map((piece) => toJcalValue(piece, type));
}

function toJcalValue(text: string, type: string): JcalValue {
  if (type === "text") return decodeText(text);
  if (type === "boolean") return parseBoolean(text) ?? text;
  if (type === "integer") return integerOf(text);
  if (type === "float") return floatOf(text);
  if (type === "recur") return ruleToJcal(text);
  if (type === "period") return periodToJcal(text);
  return extendible.has(type) ? extend(text) : text;
}

/** A number JSON would write otherwise, or RFC 5545 §3.3.8 does not allow, stays text. */
function integerOf(text: string): JcalValue {
  const number = parseInteger(text);
  return number !== undefined && Math.abs(number) < 2 ** 31 ? number : text;
}

function floatOf(text: string): JcalValue {
  const number = parseFloatValue(text);
  return number === undefined || String(number).includes("e") ? text : number;
}

/** GEO and REQUEST-STATUS, RFC 7265 §3.4.1. */
function partsToJcal(value: string, type: string): JcalValue {
  const [first = "", second, ...rest] = splitEscaped(value, ";");
  if (second === undefined) return type === "text" ? decodeText(value) : value;
  if (type === "text") return [first, second, ...(rest.length > 0 ? [rest.join(";")] : [])].map(decodeText);
  const numbers = [first, second, ...rest].map(floatOf);
  return numbers.every((number) => typeof number === "number") ? numbers : value;
}

/** RFC 7265 §3.6.9. */
function periodToJcal(text: string): JcalValue {
  const [start = "", end, ...rest] = text.split("/", 3);
  return end === undefined || rest.length > 0 ? text : [extend(start), extend(end)];
}

/** RFC 7265 §3.6.10; a rule of another form, or that names a part twice, stays text. */
function ruleToJcal(text: string): JcalValue {
  const parts = new Map<string, JcalValue>();
  for (const written of text.split(";")) {
    const part = written.trim();
    const [, name = "", value = ""] = /^([A-Za-z][A-Za-z-]*)=([^=]+)$/.exec(part) ?? [];
    const key = name.toLowerCase();
    if (part === "") continue;
    if (key === "" || parts.has(key)) return text;
    parts.set(key, rulePartToJcal(key, value));
  }
  return parts.size === 0 ? text : Object.fromEntries(parts);
}

function rulePartToJcal(key: string, value: string): JcalValue {
  if (key === "until") return extend(value);
  if (key === "count" || key === "interval") return integerOf(value);
  if (!key.startsWith("by")) return value;
  const values = value.split(",").map((each) => (key === "byday" ? each : integerOf(each)));
  return values.length === 1 ? (values[0] ?? "") : values;
}

/**
 * Turns a value of jCal into text that stands after the colon; controls may still be in it. `undefined` for a value jCal does not
 * have for the type.
 */
export function fromJcalValue(value: unknown, type: string, form: PropertyDefinition["form"]): string | undefined {
  if (typeof value === "boolean") return formatBoolean(value);
  if (typeof value === "number") return numberText(value, type);
  if (typeof value === "string") return fromString(value, type);
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return type === "recur" ? ruleFromJcal(value) : undefined;
  if (form === "parts") return joinAll(value, ";", (part) => fromJcalValue(part, type, "list"));
  return type === "period" && value.length === 2 ? joinAll(value, "/", textAsBasic) : undefined;
}

function fromString(value: string, type: string): string {
  if (type === "text") return encodeText(value);
  if (type === "period") return value.split("/").map(toBasic).join("/");
  return extendible.has(type) ? toBasic(value) : value;
}

function numberText(value: number, type: string): string | undefined {
  if (!Number.isFinite(value) || (type === "integer" && !Number.isInteger(value))) return undefined;
  return formatFloat(value);
}

function ruleFromJcal(rule: object): string | undefined {
  return joinAll(Object.entries(rule), ";", (entry) => {
    const [key, value] = Array.isArray(entry) ? entry : [];
    const name = typeof key === "string" ? key.toUpperCase() : "";
    const text = joinAll(Array.isArray(value) ? value : [value], ",", (each) => rulePartText(each, name));
    return /^[A-Z][A-Z-]*$/.test(name) && text ? `${name}=${text}` : undefined;
  });
}

function rulePartText(value: unknown, name: string): string | undefined {
  if (typeof value === "number") return numberText(value, "integer");
  if (typeof value !== "string" || value.includes(";")) return undefined;
  return name === "UNTIL" ? toBasic(value) : value;
}

function textAsBasic(value: unknown): string | undefined {
  return typeof value === "string" ? toBasic(value) : undefined;
}

/** Joins the texts of all parts; `undefined` where one has none, or there are no parts. */
function joinAll(
  parts: readonly unknown[],
  separator: string,
  textOf: (part: unknown) => string | undefined,
): string | undefined {
  const texts: string[] = [];
  for (const part of parts) {
    const text = textOf(part);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts.length > 0 ? texts.join(separator) : undefined;
}

/** The extended form of a date, time or offset, RFC 7265 §3.6.4; other text unchanged. */
function extend(text: string): string {
  const trimmed = text.trim();
  for (const [form, , extended] of forms) if (form.test(trimmed)) return trimmed.replace(form, extended);
  return text;
}

/** The form of RFC 5545 of a date, time or offset in extended form; other text unchanged. */
function toBasic(text: string): string {
  for (const [, form] of forms) if (form.test(text)) return text.replace(/[:]|(?<=.)-/g, "");
  return text;
}

/** Basic form, extended form, and how the one becomes the other: date, date-time, time, offset. */
const forms: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^(\d{4})(\d\d)(\d\d)$/, /^\d{4}-\d\d-\d\d$/, "$1-$2-$3"],
  [/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)$/, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$/, "$1-$2-$3T$4:$5:$6$7"],
  [/^(\d\d)(\d\d)(\d\d)(Z?)$/, /^\d\d:\d\d:\d\dZ?$/, "$1:$2:$3$4"],
  [/^([+-]\d\d)(\d\d)$/, /^[+-]\d\d:\d\d$/, "$1:$2"],
  [/^([+-]\d\d)(\d\d)(\d\d)$/, /^[+-]\d\d:\d\d:\d\d$/, "$1:$2:$3"],
];
const extendible = new Set(["date", "date-time", "time", "utc-offset"]);
