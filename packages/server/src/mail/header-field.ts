import { isUtf8 } from "node:buffer";

/** A field of a header: its name in lower case, its value unfolded and trimmed, encoded words left as they are. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** A value such as that of Content-Type: the part before the first semicolon, and its parameters by lower-case name. */
export interface ParametrizedValue {
  readonly value: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const maxFields = 1_000;
const maxFieldLength = 65_536;
const maxParameters = 100;

/** Reads the fields of a header, RFC 5322 §2.2; octets beyond ASCII as UTF-8 or else windows-1252. Bounded, never throws. */
export function readHeader(bytes: Uint8Array): readonly HeaderField[] {
  const lines = decodeHeaderText(bytes).split(/\r?\n/);
  const fields: { name: string; value: string }[] = [];
  let last: { name: string; value: string } | undefined;
  for (const line of lines) {
    if (/^[ \t]/.test(line)) {
      if (last && last.value.length < maxFieldLength) last.value += line;
      continue;
    }
    if (fields.length >= maxFields) break;
    const match = /^([!-9;-~]{1,100})[ \t]*:/.exec(line);
    last = match?.[1] ? { name: match[1].toLowerCase(), value: line.slice(match[0].length) } : undefined;
    if (last) fields.push(last);
  }
  return fields.map(({ name, value }) => ({ name, value: value.slice(0, maxFieldLength).trim() }));
}

/** Finds the value of the first field of that lower-case name. */
export function firstField(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

/** Lists the values of all fields of that lower-case name, topmost first. */
export function allFields(fields: readonly HeaderField[], name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}

function decodeHeaderText(bytes: Uint8Array): string {
  return new TextDecoder(isUtf8(bytes) ? "utf-8" : "windows-1252").decode(bytes);
}

/**
 * Reads a value with parameters, RFC 2045 §5.1, as mails really have them: comments and stray semicolons are skipped, quotes
 * may be missing or left open, and continued or percent-encoded parameters are put together (RFC 2231 §3 and §4).
 * Of two parameters of one name the first counts.
 */
export function readParameters(text: string): ParametrizedValue {
  const [value = "", ...segments] = splitSegments(text);
  const raw = new Map<string, string>();
  for (const segment of segments.slice(0, maxParameters)) {
    const equals = segment.indexOf("=");
    const name = segment.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    if (name !== "" && !raw.has(name)) raw.set(name, segment.slice(equals + 1).trim());
  }
  return { value: value.trim(), parameters: Object.fromEntries(joinContinued(raw)) };
}

/** Splits at semicolons outside quotes; drops comments, quotes, and the backslash of what is quoted. */
function splitSegments(text: string): readonly string[] {
  const segments: string[] = [];
  let present = "";
  let quoted = false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "\\" && (quoted || depth > 0)) {
      if (depth === 0) present += text.charAt(i + 1);
      i++;
    } else if (character === '"' && depth === 0) {
      quoted = !quoted;
    } else if (!quoted && (character === "(" || (character === ")" && depth > 0))) {
      depth += character === "(" ? 1 : -1;
    } else if (!quoted && depth === 0 && character === ";") {
      segments.push(present);
      present = "";
    } else if (depth === 0) {
      present += character;
    }
  }
  return [...segments, present];
}

/** Puts `name*0`, `name*1*` and `name*` together under `name`; a plain `name` gives way to an extended one. */
function joinContinued(raw: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of raw) {
    const [, base = "", section] = /^([^*]+)(\*0)?\*?$/.exec(name) ?? [];
    if (base === "") continue;
    if (name === base) {
      if (!joined.has(base)) joined.set(base, value);
      continue;
    }
    const extended = name.endsWith("*");
    joined.set(base, section ? joinSections(raw, base) : extended ? decodeExtended(value) : value);
  }
  return joined;
}

function joinSections(raw: ReadonlyMap<string, string>, base: string): string {
  const sections: string[] = [];
  let extended = false;
  for (let i = 0; i < maxParameters; i++) {
    const encoded = raw.get(`${base}*${i}*`);
    const section = encoded ?? raw.get(`${base}*${i}`);
    if (section === undefined) break;
    // In a value that is partly encoded a `%` of a plain section stands for itself.
    extended ||= encoded !== undefined;
    sections.push(encoded === undefined ? section.replaceAll("%", "%25") : section);
  }
  const whole = sections.join("");
  return extended ? decodeExtended(whole) : whole.replaceAll("%25", "%");
}

/** Decodes `charset'language'percent-encoded`; without the quotes the charset is taken to be UTF-8. */
function decodeExtended(text: string): string {
  const [, charset = "utf-8", encoded = text] = /^([^']*)'[^']*'(.*)$/s.exec(text) ?? [];
  const latin = encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decodeCharset(Buffer.from(latin, "latin1"), charset) ?? latin;
}

/** Decodes bytes by the name of a charset; `undefined` for a charset the runtime does not know. */
export function decodeCharset(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset.trim()).decode(bytes);
  } catch {
    return undefined; // a RangeError: the label is unknown, and there is no way to ask before
  }
}

const encodedWord = /=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bq])\?([^?\s]*)\?=/gi;

/**
 * Decodes the encoded words of a text, RFC 2047 §6.2; the space between two of them is dropped, and neighbours of one charset
 * are decoded together, as many a program cuts characters in two. Words of an unknown charset stay as they are.
 */
export function decodeWords(text: string): string {
  if (!text.includes("=?")) return text;
  let decoded = "";
  let at = 0;
  let pending: { charset: string; bytes: Uint8Array[]; written: string } | undefined;
  const flush = (): void => {
    if (pending) decoded += decodeCharset(Buffer.concat(pending.bytes), pending.charset) ?? pending.written;
    pending = undefined;
  };
  for (const match of text.matchAll(encodedWord)) {
    const between = text.slice(at, match.index);
    at = match.index + match[0].length;
    const [written, charset = "", encoding = "", content = ""] = match;
    const bytes = encoding.toLowerCase() === "b" ? Buffer.from(content, "base64") : decodeQ(content);
    const apart = !pending || between.trim() !== "";
    if (apart || pending?.charset !== charset.toLowerCase()) flush();
    if (apart) decoded += between;
    pending ??= { charset: charset.toLowerCase(), bytes: [], written: "" };
    pending.bytes.push(bytes);
    pending.written += written;
  }
  flush();
  return decoded + text.slice(at);
}

function decodeQ(text: string): Uint8Array {
  const latin = text
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(latin, "latin1");
}
