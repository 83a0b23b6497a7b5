import { type Limits, maxFormatDepth } from "../limits.ts";
import { decodeBase64 } from "./binary.ts";
import type { Component, Parameter, Property } from "./component.ts";
import { decodeBytes } from "./decode.ts";
import { definitionOf, parameterDefinitionOf, valueTypeOf } from "./definitions/definition.ts";
import { fromJcalValue, type JcalValue, toJcalValues, unknownType } from "./jcal-value.ts";
import { readName } from "./name.ts";
import { makeParameter, parameterValue, parameterValues } from "./parameter.ts";
import { quoteForDetail } from "./problem.ts";
import { encodeText } from "./text.ts";

/** A component in jCal, RFC 7265 §3.3. */
export type JcalComponent = readonly [
  name: string,
  properties: readonly JcalProperty[],
  components: readonly JcalComponent[],
];
/** A property in jCal, RFC 7265 §3.4. */
export type JcalProperty = readonly [
  name: string,
  parameters: Readonly<Record<string, string | readonly string[]>>,
  type: string,
  ...values: JcalValue[],
];

/** Something in jCal that was read otherwise than it stands there. */
export interface JcalProblem {
  /** Where it stands, as a JSON Pointer such as `/2/0/1/4`. */
  readonly at: string;
  readonly kind: "not-jcal" | "bad-name" | "bad-value" | "too-long" | "too-many" | "too-deep" | "further-problems";
  /** What was found and how it was read, in words. */
  readonly detail: string;
}

/**
 * Turns a component into jCal, RFC 7265 §3. A property without a known type has the type `unknown` and its text as it stands, as
 * §5.1 wants it; a value that is not of its type is a string of its text under that type. A parameter has an array where it has several
 * values, also one that no standard knows, which RFC 5545 §3.2 allows a list; one that may have one value only has its commas
 * kept.
 *
 * Lost are, by §3: the case of names, VALUE where it says the default, folds, needless escapes, and how numbers are written;
 * and of parameters with the same name all but the first. Components deeper than `maxFormatDepth` are left out.
 */
export function toJcal(calendar: Component): JcalComponent {
  return componentToJcal(calendar, 1);
}

function componentToJcal(component: Component, depth: number): JcalComponent {
  const children = depth < maxFormatDepth ? component.components : [];
  return [
    lowerName(component.name),
    component.properties.map(propertyToJcal),
    children.map((child) => componentToJcal(child, depth + 1)),
  ];
}

function propertyToJcal(written: Property): JcalProperty {
  const type = valueTypeOf(written)?.toLowerCase() ?? unknownType;
  const property = type === "binary" ? written : unpackBase64(written, type);
  const parameters = new Map<string, string | readonly string[]>();
  for (const { name } of property.parameters) {
    const key = lowerName(name);
    if (name === "VALUE" || parameters.has(key)) continue;
    const values = parameterValues(property, name);
    const definition = parameterDefinitionOf(name);
    const single = values.length === 1 || (definition && !definition.list);
    parameters.set(key, single ? values.join(",") : values);
  }
  const values = toJcalValues(property.value, type, definitionOf(property.name)?.form);
  return [lowerName(property.name), Object.fromEntries(parameters), type, ...values];
}

/** RFC 7265 §3.1: only a BINARY stays base64. What is no text inside is left as it stands. */
function unpackBase64(property: Property, type: string): Property {
  if (parameterValue(property, "ENCODING")?.toUpperCase() !== "BASE64") return property;
  const bytes = decodeBase64(property.value);
  const decoded = bytes && decodeBytes(bytes, 1);
  if (!decoded || decoded.otherLines.length > 0) return property;
  const value = type === "text" ? encodeText(decoded.text) : decoded.text;
  if (value.search(controls) >= 0) return property;
  return { ...property, parameters: property.parameters.filter(({ name }) => name !== "ENCODING"), value };
}

/**
 * Reads jCal, such as `JSON.parse` gives it, RFC 7265 §4. `calendar` is what was understood; `undefined` where the value is no
 * VCALENDAR at all. What is not of jCal's form, or beyond `limits`, is left out, and a problem says so. Total.
 */
export function fromJcal(
  value: unknown,
  limits: Limits,
): { readonly calendar?: Component; readonly problems: readonly JcalProblem[] } {
  const reading: Reading = { limits, problems: [], dropped: 0, properties: 0, components: 0 };
  const calendar = readComponent(reading, value, "", 1);
  const isCalendar = calendar?.name === "VCALENDAR";
  if (calendar && !isCalendar) note(reading, "", "not-jcal", `${quoteForDetail(calendar.name)} is no vcalendar`);
  const last = reading.problems.at(-1);
  if (last && reading.dropped > 0) {
    const detail = `${reading.dropped + 1} further problems are not listed`;
    reading.problems.splice(-1, 1, { at: last.at, kind: "further-problems", detail });
  }
  return isCalendar ? { calendar, problems: reading.problems } : { problems: reading.problems };
}

interface Reading {
  readonly limits: Limits;
  readonly problems: JcalProblem[];
  dropped: number;
  properties: number;
  components: number;
}

function note(reading: Reading, at: string, kind: JcalProblem["kind"], detail: string): undefined {
  if (reading.problems.length < reading.limits.maxProblems) reading.problems.push({ at, kind, detail });
  else reading.dropped++;
}

function readComponent(reading: Reading, value: unknown, at: string, depth: number): Component | undefined {
  const { limits } = reading;
  const [name, properties, components] = Array.isArray(value) ? value : [];
  if (typeof name !== "string" || !Array.isArray(properties) || !Array.isArray(components)) {
    return note(reading, at, "not-jcal", "this is no array of name, properties and components; it is left out");
  }
  if (depth > limits.maxDepth) {
    return note(reading, at, "too-deep", `components deeper than ${limits.maxDepth} are left out`);
  }
  const made: { name: string; properties: Property[]; components: Component[] } = {
    name: readName(name).name,
    properties: [],
    components: [],
  };
  if (name === "") return note(reading, at, "bad-name", "a component without a name is left out");
  for (const [index, property] of properties.entries()) {
    if (++reading.properties > limits.maxProperties) {
      note(reading, `${at}/1`, "too-many", `properties beyond ${limits.maxProperties} are left out`);
      break;
    }
    const read = readProperty(reading, property, `${at}/1/${index}`);
    if (read) made.properties.push(read);
  }
  for (const [index, component] of components.entries()) {
    if (++reading.components >= limits.maxComponents) {
      note(reading, `${at}/2`, "too-many", `components beyond ${limits.maxComponents} are left out`);
      break;
    }
    const read = readComponent(reading, component, `${at}/2/${index}`, depth + 1);
    if (read) made.components.push(read);
  }
  return made;
}

function readProperty(reading: Reading, value: unknown, at: string): Property | undefined {
  const [written, parameters, type] = Array.isArray(value) ? value : [];
  if (!Array.isArray(value) || typeof written !== "string" || typeof type !== "string" || !isObject(parameters)) {
    return note(reading, at, "not-jcal", "this is no array of name, parameters, type and values; it is left out");
  }
  const { name } = readName(written);
  // A line of such a name would begin or end a component.
  if (name === "" || name === "BEGIN" || name === "END") {
    return note(reading, `${at}/0`, "bad-name", `${quoteForDetail(name)} is no name of a property; it is left out`);
  }
  const text = readValues(reading, value, { at, name, type: type.toLowerCase() });
  if (text === undefined) return undefined;
  return {
    name,
    parameters: [...typeParameter(name, type), ...readParameters(reading, parameters, `${at}/1`)],
    value: text.replace(controls, ""),
  };
}

/** VALUE where the type is known and not the default, RFC 7265 §3.5.1. */
function typeParameter(name: string, type: string): readonly Parameter[] {
  const upper = type.toUpperCase();
  const isDefault = upper === valueTypeOf({ name, parameters: [], value: "" });
  return upper === "" || type.toLowerCase() === unknownType || isDefault ? [] : [makeParameter("VALUE", [upper])];
}

function readParameters(reading: Reading, parameters: object, at: string): readonly Parameter[] {
  const read: Parameter[] = [];
  for (const [key, value] of Object.entries(parameters)) {
    const { name } = readName(key);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const texts = values.filter((each) => typeof each === "string");
    if (read.length >= reading.limits.maxParameters) {
      note(reading, at, "too-many", `parameters beyond ${reading.limits.maxParameters} are left out`);
      break;
    }
    if (name === "" || name === "VALUE")
      note(reading, at, "bad-name", `the parameter ${quoteForDetail(key)} is left out`);
    else if (texts.length === 0 || texts.length < values.length) {
      note(
        reading,
        at,
        "bad-value",
        `the parameter ${quoteForDetail(key)} is neither a string nor some; it is left out`,
      );
    } else read.push(makeParameter(name, texts));
  }
  return read;
}

function readValues(
  reading: Reading,
  property: readonly unknown[],
  { at, name, type }: { readonly at: string; readonly name: string; readonly type: string },
): string | undefined {
  const form = definitionOf(name)?.form;
  const texts: string[] = [];
  let length = 0;
  for (let i = 3; i < property.length; i++) {
    const text = fromJcalValue(property[i], type, form);
    if (text === undefined) {
      return note(reading, `${at}/${i}`, "bad-value", `this is no value of the type ${quoteForDetail(type)}`);
    }
    length += text.length + 1;
    if (length > reading.limits.maxLineBytes) {
      return note(reading, at, "too-long", `a property longer than ${reading.limits.maxLineBytes} is left out`);
    }
    // The semicolon between two versions is no part of a text, RFC 5545 §3.7.4: it has no escape.
    texts.push(name === "VERSION" ? text.replaceAll("\\;", ";") : text);
  }
  return texts.length > 0 ? texts.join(",") : note(reading, at, "bad-value", "a property without a value is left out");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Names with other letters keep their case, for `readName` leaves it too. */
function lowerName(name: string): string {
  return /^[\u0000-\u007f]*$/.test(name) ? name.toLowerCase() : name;
}

const controls = /[\u0000-\u0008\u000a-\u001f\u007f]/g;
