/**
 * Undoes the charset of a calendar part. Of UTF-8 and windows-1252 the bytes are handed on, whatever the mail calls them: the
 * iCalendar reader unfolds before it decodes and tells the two apart line by line, and `charset=iso-8859-1` stands on many a text in
 * UTF-8. Text in any other charset the platform knows is unfolded, for folds split characters, and decoded here.
 */
export function decodeCalendarText(part: EncodedText): string | Uint8Array {
  const { bytes, charset = "" } = part;
  const order = byteOrders.get(charset) ?? markedOrder(bytes);
  if (order) return decodeUtf16(bytes, order);
  if (readAsBytes.has(charset) || isUtf8(bytes)) return bytes;
  return makeDecoder(charset)?.decode(unfoldOctets(bytes)) ?? bytes;
}

/** Encodes a text we made ourselves so that `decodeCalendarText` gives it back. */
export function encodeUtf16(text: string): EncodedText & { readonly charset: string } {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit & 0xff;
    bytes[2 * i + 1] = unit >> 8;
  }
  return { bytes, charset: "utf-16le" };
}

/** Octets, and the lower-case name of their charset where they have one. */
export interface EncodedText {
  readonly bytes: Uint8Array;
  readonly charset?: string;
}

/** Tells whether a calendar of that lower-case charset is read as its writer meant it; a missing one is UTF-8. */
export function isKnownCharset(charset: string | undefined): boolean {
  return (
    charset === undefined || readAsBytes.has(charset) || byteOrders.has(charset) || makeDecoder(charset) !== undefined
  );
}

const readAsBytes: ReadonlySet<string> = new Set([
  "",
  "utf-8",
  "utf8",
  "us-ascii",
  "ascii",
  "iso-8859-1",
  "iso8859-1",
  "latin1",
  "windows-1252",
  "cp1252",
]);

/** What all platforms have of it; their types are not among those of the language. */
declare class TextDecoder {
  constructor(label: string, options?: { readonly fatal: boolean });
  decode(bytes: Uint8Array): string;
}

function makeDecoder(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined; // a RangeError: the label is unknown, and there is no way to ask before
  }
}

const escapeOctet = 0x1b;

/** Tells whether bytes are UTF-8 after all; the charsets that are not but look so write an escape before their letters. */
function isUtf8(bytes: Uint8Array): boolean {
  if (bytes.includes(escapeOctet)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Takes out each line break with a blank after it. */
function unfoldOctets(bytes: Uint8Array): Uint8Array {
  const unfolded = new Uint8Array(bytes.length);
  let written = 0;
  for (let i = 0; i < bytes.length; i++) {
    const end = bytes[i] === 0x0d && bytes[i + 1] === 0x0a ? i + 2 : bytes[i] === 0x0a ? i + 1 : i;
    if (end > i && (bytes[end] === 0x20 || bytes[end] === 0x09)) i = end;
    else unfolded[written++] = bytes[i] ?? 0;
  }
  return unfolded.subarray(0, written);
}

type ByteOrder = "big" | "little";

/** A byte order mark, which no other charset begins with. */
function markedOrder([first, second]: Uint8Array): ByteOrder | undefined {
  if (first === 0xff && second === 0xfe) return "little";
  return first === 0xfe && second === 0xff ? "big" : undefined;
}

/** Without a mark UTF-16 is big-endian. */
const byteOrders: ReadonlyMap<string, ByteOrder> = new Map<string, ByteOrder>([
  ["utf-16", "big"],
  ["utf-16be", "big"],
  ["utf-16le", "little"],
]);

/** More arguments than this overflow the stack of some runtimes. */
const unitsAtOnce = 8_192;

/** Decodes UTF-16; a byte order mark overrules `order`, an odd last byte is dropped. */
function decodeUtf16(bytes: Uint8Array, order: ByteOrder): string {
  const marked = markedOrder(bytes);
  const little = (marked ?? order) === "little";
  const pieces: string[] = [];
  let units: number[] = [];
  for (let i = marked ? 2 : 0; i + 1 < bytes.length; i += 2) {
    const [a, b] = [bytes[i] ?? 0, bytes[i + 1] ?? 0];
    units.push(little ? a | (b << 8) : (a << 8) | b);
    if (units.length < unitsAtOnce) continue;
    pieces.push(String.fromCharCode(...units));
    units = [];
  }
  return [...pieces, String.fromCharCode(...units)].join("");
}
