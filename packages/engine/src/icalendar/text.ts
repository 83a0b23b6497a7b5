import type { Component, Property } from "./component.ts";
import { firstProperty } from "./component.ts";

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

/** Reads an INTEGER, RFC 5545 §3.3.8; `undefined` for other text. Values past 2^53 lose digits; past the largest number they are infinite. */
export function readInteger(component: Component, name: string): number | undefined {
  const property = firstProperty(component, name);
  const text = property?.value.trim();
  return text && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}
