import { componentDefinitions } from "./definitions/components.ts";
import { parameterDefinitions } from "./definitions/parameters.ts";
import { propertyDefinitions } from "./definitions/properties.ts";

/** Whether the character may stand in a name, RFC 5545 §3.1. */
export function isNameCode(code: number): boolean {
  return code < 128 && nameCodes[code] === allowed;
}

/** Whether the character is read as part of a property's name: `_`, which is not allowed, is taken for a slip. */
export function isReadAsNameCode(code: number): boolean {
  return code < 128 && nameCodes[code] !== 0;
}

/** Reads a name: upper-case for ASCII letters; `written` where that differs from the text. */
export function readName(raw: string): { readonly name: string; readonly written?: string } {
  const known = knownNames.get(raw);
  if (known !== undefined) return { name: known };
  // Other letters have upper-case forms in ASCII, and must not turn into a name they are not.
  const upper = isAscii(raw) ? raw.toUpperCase() : raw;
  const name = knownNames.get(upper) ?? upper;
  return name === raw ? { name } : { name, written: raw };
}

/** Finds the name of the standards between two places of a text, without making a string of it. */
export function knownNameAt(source: string, start: number, end: number): string | undefined {
  const length = end - start;
  const bucket = nameBuckets[bucketOf(length, source.charCodeAt(start), source.charCodeAt(end - 1))];
  if (bucket === undefined) return undefined;
  for (const name of bucket) if (name.length === length && source.startsWith(name, start)) return name;
  return undefined;
}

function bucketOf(length: number, first: number, last: number): number {
  return (length * 37 + first * 5 + last) & (bucketCount - 1);
}

/** What may be written of a name: itself, or what is left of one with other characters, as an X- name; may be empty. */
export function writableName(name: string): string {
  if (knownNames.has(name)) return name;
  for (let i = 0; i < name.length; i++) if (!isNameCode(name.charCodeAt(i))) return repairName(name);
  return name;
}

/** What is left of `AT_TENDEE` must not pass for an ATTENDEE nobody has checked. */
function repairName(name: string): string {
  const rest = name.replace(/[^A-Za-z0-9-]/g, "");
  return rest === "" || /^x-/i.test(rest) ? rest : `X-${rest}`;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/**
 * Maps the names of the standards to themselves, and those large products use. A name looked up here is one shared string:
 * it costs no memory per property and is compared by identity.
 */
export const knownNames: ReadonlyMap<string, string> = new Map(
  [
    "BEGIN",
    "END",
    ...Object.keys(componentDefinitions),
    ...Object.keys(propertyDefinitions),
    ...Object.keys(parameterDefinitions),
    ...(
      "X-ALT-DESC X-APPLE-STRUCTURED-LOCATION X-LIC-LOCATION X-MICROSOFT-CDO-ALLDAYEVENT X-MICROSOFT-CDO-APPT-SEQUENCE " +
      "X-MICROSOFT-CDO-BUSYSTATUS X-MICROSOFT-CDO-IMPORTANCE X-MICROSOFT-CDO-INTENDEDSTATUS X-MICROSOFT-DISALLOW-COUNTER " +
      "X-WR-ALARMUID X-WR-CALNAME X-WR-TIMEZONE X-NUM-GUESTS X-FILENAME X-RESPONSE-COMMENT"
    ).split(" "),
  ].map((name) => [name, name]),
);

const bucketCount = 512;
const nameBuckets: (string[] | undefined)[] = Array.from({ length: bucketCount }, () => undefined);
for (const name of knownNames.keys()) {
  const bucket = bucketOf(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1));
  nameBuckets[bucket] = [...(nameBuckets[bucket] ?? []), name];
}

const [allowed, slip] = [1, 2];
/** By ASCII code: whether it stands in names. */
const nameCodes = new Uint8Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") {
  nameCodes[character.charCodeAt(0)] = allowed;
}
nameCodes["_".charCodeAt(0)] = slip;
