import type { EpochSeconds } from "../../icalendar/date-time.ts";
import { decodeBytes } from "../../icalendar/decode.ts";
import { maxTnefItems } from "../../limits.ts";
import { decodeWide, type Octets, openOctets, readNumber, readOctets } from "./octets.ts";

/** Properties of MAPI by their key: the number of one that has a number everywhere, else its set and its number in that. */
export type MapiProperties = ReadonlyMap<string, MapiValue>;

/** A value, its type told by who asks for it: text, the octets of a number, a truth or a time, or octets as they are. */
type MapiValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "octets"; readonly bytes: Uint8Array };

/**
 * Reads a list of properties, MS-OXTNEF section 2.1.3.4; of several values the first. At most `maxTnefItems`; a list that is cut keeps
 * what came before.
 */
export function readProperties(octets: Octets): MapiProperties {
  const properties = new Map<string, MapiValue>();
  const count = Math.min(readNumber(octets, 4), maxTnefItems);
  for (let i = 0; i < count && !octets.short; i++) {
    const type = readNumber(octets, 2);
    const key = readKey(octets);
    const value = readValues(octets, type);
    if (value && key !== undefined && !properties.has(key)) properties.set(key, value);
  }
  return properties;
}

/** The sets of properties we know, by the first four octets of their ids. */
const sets: ReadonlyMap<number, string> = new Map([
  [0x00062002, "appointment"],
  [0x6ed8da90, "meeting"],
]);

function readKey(octets: Octets): string | undefined {
  const id = readNumber(octets, 2);
  if (id < 0x8000) return id.toString(16);
  const set = sets.get(readNumber(octets, 4));
  readOctets(octets, 12);
  const isText = readNumber(octets, 4) !== 0;
  const number = readNumber(octets, 4);
  if (isText) readPadded(octets, number);
  return set === undefined || isText ? undefined : `${set} ${number.toString(16)}`;
}

const [string8, wideString, binary, object] = [0x1e, 0x1f, 0x102, 0x0d];
/** Octets of a value by its type; two are filled up to four. */
const sizes: ReadonlyMap<number, number> = new Map([
  ...[2, 3, 4, 10, 11].map((type) => [type, 4] as const),
  ...[5, 6, 7, 0x14, 0x40].map((type) => [type, 8] as const),
  [0x48, 16],
]);

/** Reads the values of one property and gives the first. Of a type nobody knows the length is not known: it ends the list. */
function readValues(octets: Octets, written: number): MapiValue | undefined {
  const type = written & ~0x1000;
  const hasLength = type === string8 || type === wideString || type === binary || type === object;
  const size = sizes.get(type);
  const count = hasLength || type !== written ? readNumber(octets, 4) : 1;
  let first: MapiValue | undefined;
  for (let i = 0; i < count && !octets.short; i++) {
    if (!hasLength && size === undefined) octets.short = true;
    const bytes = hasLength ? readPadded(octets, readNumber(octets, 4)) : readOctets(octets, size ?? 0);
    first ??= octets.short ? undefined : toValue(type, bytes);
  }
  return first;
}

function toValue(type: number, bytes: Uint8Array): MapiValue {
  if (type === wideString) return { kind: "text", text: decodeWide(bytes) };
  if (type === string8) return { kind: "text", text: decodeNarrow(bytes) };
  return { kind: "octets", bytes };
}

/** Reads text of one octet a character, without what follows a NUL; beyond UTF-8 and windows-1252 letters are guessed. */
export function decodeNarrow(bytes: Uint8Array): string {
  return decodeBytes(bytes, 0).text.replace(/\u0000.*$/s, "");
}

function readPadded(octets: Octets, size: number): Uint8Array {
  const bytes = readOctets(octets, size);
  // The last value of a list may lack what fills it up.
  octets.at = Math.min(octets.at + ((4 - (size % 4)) % 4), octets.bytes.length);
  return bytes;
}

/** Finds the text of the first of these properties that has some. */
export function textOf(properties: MapiProperties, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = properties.get(key);
    if (value?.kind === "text" && value.text.trim() !== "") return value.text.trim();
  }
  return undefined;
}

/** Finds the octets of the first of these properties that is there. */
export function octetsOf(properties: MapiProperties, ...keys: readonly string[]): Uint8Array | undefined {
  for (const key of keys) {
    const value = properties.get(key);
    if (value?.kind === "octets") return value.bytes;
  }
  return undefined;
}

/** Reads a number. */
export function numberOf(properties: MapiProperties, key: string): number | undefined {
  const bytes = octetsOf(properties, key);
  return bytes?.length === 4 ? readNumber(openOctets(bytes), 4) | 0 : undefined;
}

/** Tells whether a property says yes. */
export function isTrue(properties: MapiProperties, key: string): boolean {
  return ((numberOf(properties, key) ?? 0) & 0xffff) !== 0;
}

/** Reads the first of these times that is one: tenths of microseconds since 1601, within the years iCalendar can write. */
export function timeOf(properties: MapiProperties, ...keys: readonly string[]): EpochSeconds | undefined {
  for (const key of keys) {
    const bytes = octetsOf(properties, key);
    if (bytes?.length !== 8) continue;
    const octets = openOctets(bytes);
    const low = readNumber(octets, 4);
    const seconds = Math.floor((readNumber(octets, 4) * 2 ** 32 + low) / 10_000_000) - secondsFrom1601;
    if (seconds > -secondsFrom1601 && seconds < year9999) return seconds;
  }
  return undefined;
}

/** Seconds from the year 1601, with which these times begin, to 1970. */
export const secondsFrom1601 = 11_644_473_600;
/** The first second of the year 9999: what Outlook writes for never is later. */
const year9999 = 253_370_764_800;
