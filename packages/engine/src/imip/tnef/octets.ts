import { decodeCalendarText } from "../charset.ts";

/** Octets that are read from the front, numbers with their least octet first. Past the end everything is 0, and `short` is set. */
export interface Octets {
  readonly bytes: Uint8Array;
  at: number;
  short: boolean;
}

/** Begins to read octets. */
export function openOctets(bytes: Uint8Array): Octets {
  return { bytes, at: 0, short: false };
}

/** Reads a number of two octets, or of four, without a sign. */
export function readNumber(octets: Octets, size: 1 | 2 | 4): number {
  if (!has(octets, size)) return 0;
  let number = 0;
  for (let i = size - 1; i >= 0; i--) number = number * 256 + (octets.bytes[octets.at + i] ?? 0);
  octets.at += size;
  return number;
}

/** Reads a number of four octets with a sign. */
export function readSigned(octets: Octets): number {
  return readNumber(octets, 4) | 0;
}

/** Reads so many octets; it is a view of them. */
export function readOctets(octets: Octets, count: number): Uint8Array {
  if (!has(octets, count)) return new Uint8Array();
  octets.at += count;
  return octets.bytes.subarray(octets.at - count, octets.at);
}

/** Reads text of two octets a character, without what follows a NUL. */
export function decodeWide(bytes: Uint8Array): string {
  const text = decodeCalendarText({ bytes, charset: "utf-16le" });
  return typeof text === "string" ? text.replace(/\u0000.*$/s, "") : "";
}

function has(octets: Octets, count: number): boolean {
  if (octets.at + count <= octets.bytes.length) return true;
  octets.at = octets.bytes.length;
  octets.short = true;
  return false;
}
