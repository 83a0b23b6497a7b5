import { maxBinaryBytes } from "../limits.ts";
import type { Property } from "./component.ts";

/**
 * Decodes base64, RFC 5545 §3.3.1. Blanks inside and missing padding are passed over. `undefined` for other characters, for a
 * length no bytes give, and for more than `maxBinaryBytes`.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length > maxBinaryBytes * 1.5) return undefined;
  const digits = text.replace(/[ \t\r\n]/g, "").replace(/={0,2}$/, "");
  const length = Math.floor((digits.length * 3) / 4);
  if (digits.length % 4 === 1 || length > maxBinaryBytes) return undefined;
  const bytes = new Uint8Array(length);
  let bits = 0;
  for (let i = 0, at = 0; i < digits.length; i++) {
    const value = alphabet.indexOf(digits.charAt(i));
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    // After the 2nd, 3rd and 4th digit of each four a byte is whole.
    if (i % 4 > 0) bytes[at++] = bits >> (6 - 2 * (i % 4));
  }
  return bytes;
}

/** Encodes bytes as base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) text += alphabet.charAt((bits >> shift) & 63);
  }
  const padding = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - padding) + "=".repeat(padding);
}

/** Makes a property of value type BINARY, such as ATTACH, with the parameters RFC 5545 §3.3.1 wants. */
export function makeBinaryProperty(name: string, bytes: Uint8Array): Property {
  const parameters = [
    { name: "VALUE", value: "BINARY" },
    { name: "ENCODING", value: "BASE64" },
  ];
  return { name, parameters, value: encodeBase64(bytes) };
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
