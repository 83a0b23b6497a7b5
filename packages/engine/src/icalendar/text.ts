import type { Component, Property } from "./component.ts";
import { firstProperty } from "./component.ts";
import { parseInteger } from "./number.ts";

/** Decodes a TEXT value, RFC 5545 §3.3.11. An escape it does not know stands for the character itself. */
export function decodeText(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\(.)/gs, (_, character: string) =>
    character === "n" || character === "N" ? "\n" : character,
  );
}

/** Encodes a text as a TEXT value: never more than one line, no controls but tab. */
export function encodeText(text: string): string {
  return text
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n|\r|\n/g, "\\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}

/** Reads the text of the first property of that name; `undefined` where there is none. */
export function readText(component: Component, name: string): string | undefined {
  const property = firstProperty(component, name);
  return property ? decodeText(property.value) : undefined;
}

/** Makes a property of value type TEXT. */
export function makeTextProperty(name: string, text: string): Property {
  return { name, parameters: [], value: encodeText(text) };
}

/** Splits a value at a separator that is not escaped; the pieces are still escaped. */
export function splitEscaped(value: string, separator: "," | ";"): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  for (let i = 0; i < value.length; i++) {
    if (value[i] === "\\") i++;
    else if (value[i] === separator) {
      pieces.push(value.slice(start, i));
      start = i + 1;
    }
  }
  return [...pieces, value.slice(start)];
}

/** Reads the texts of a list such as CATEGORIES. An empty value is one empty text. */
export function readTexts(property: Property): readonly string[] {
  return splitEscaped(property.value, ",").map(decodeText);
}

/** Makes a property of a list of texts. */
export function makeTextsProperty(name: string, texts: readonly string[]): Property {
  return { name, parameters: [], value: texts.map(encodeText).join(",") };
}

/** Reads the INTEGER of the first property of that name, see `parseInteger`. */
export function readInteger(component: Component, name: string): number | undefined {
  const property = firstProperty(component, name);
  return property && parseInteger(property.value);
}
