import type { Parameter, Property } from "./component.ts";

/**
 * Makes a parameter from plain values: quoted where RFC 5545 §3.2 wants it, `^`, `"` and newlines by RFC 6868 §3.1,
 * other controls dropped. Always safe to put into a content line.
 */
export function makeParameter(name: string, values: readonly string[]): Parameter {
  return { name, value: values.map(encodeParameterValue).join(",") };
}

function encodeParameterValue(value: string): string {
  const encoded = value
    .replace(/\^/g, "^^")
    .replace(/\r\n|\r|\n/g, "^n")
    .replace(/"/g, "^'")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
  // Outlook needs every non-ASCII CN in quotes; quoting too much harms nobody.
  return /^[A-Za-z0-9 ._@/+-]*$/.test(encoded) ? encoded : `"${encoded}"`;
}

/** Finds the first parameter of that upper-case name. */
export function findParameter(property: Property, name: string): Parameter | undefined {
  for (const parameter of property.parameters) if (parameter.name === name) return parameter;
  return undefined;
}

/**
 * Reads the first value of a parameter, unquoted and decoded; `undefined` where the property has none of that name. RFC 5545
 * §3.2.19: a TZID has one value, so commas belong to it, be they quoted, escaped as in a TEXT, or neither.
 */
export function parameterValue(property: Property, name: string): string | undefined {
  const parameter = findParameter(property, name);
  if (!parameter) return undefined;
  if (isPlain(parameter.value)) return parameter.value;
  const values = splitValues(parameter.value);
  return name === "TZID" ? values.join(",").replaceAll("\\,", ",") : values[0];
}

/** Reads all values of a parameter, unquoted and decoded. Empty where the property has none of that name. */
export function parameterValues(property: Property, name: string): readonly string[] {
  const parameter = findParameter(property, name);
  if (!parameter) return [];
  return isPlain(parameter.value) ? [parameter.value] : splitValues(parameter.value);
}

/** Replaces a parameter at its place, or adds it at the end; further ones of that name go; `undefined` removes it. */
export function withParameter(property: Property, name: string, values: readonly string[] | undefined): Property {
  const kept = property.parameters.filter((parameter) => parameter.name !== name);
  if (!values) return { ...property, parameters: kept };
  const place = property.parameters.findIndex((parameter) => parameter.name === name);
  return { ...property, parameters: kept.toSpliced(place < 0 ? kept.length : place, 0, makeParameter(name, values)) };
}

function isPlain(value: string): boolean {
  return !value.includes('"') && !value.includes(",") && !value.includes("^");
}

function splitValues(text: string): string[] {
  const values: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= text.length; i++) {
    if (i === text.length || (text[i] === "," && !quoted)) {
      values.push(decodeParameterValue(text.slice(start, i)));
      start = i + 1;
    } else if (text[i] === '"') {
      quoted = !quoted;
    }
  }
  return values;
}

function decodeParameterValue(text: string): string {
  const bare = text.includes('"') ? text.replace(/"/g, "") : text;
  if (!bare.includes("^")) return bare;
  return bare.replace(/\^([n^'])/g, (_, code: string) => (code === "n" ? "\n" : code === "^" ? "^" : '"'));
}
