/**
 * Undoes the charset of a calendar part where it is one whose bytes cannot be unfolded: UTF-16. All else is handed on as
 * bytes, whatever the mail calls it: the iCalendar reader unfolds before it decodes and tells UTF-8 from windows-1252 line
 * by line, and `charset=iso-8859-1` stands on many a text in UTF-8.
 */
export function decodeCalendarText(part: EncodedText): string | Uint8Array {
  const order = byteOrders.get(part.charset ?? "");
  return order ? decodeUtf16(part.bytes, order) : part.bytes;
}

/** Octets, and the lower-case name of their charset where they have one. */
export interface EncodedText {
  readonly bytes: Uint8Array;
  readonly charset?: string;
}

/** Tells whether a calendar of that lower-case charset is read as its writer meant it; a missing one is UTF-8. */
export function isKnownCharset(charset: string | undefined): boolean {
  return charset === undefined || readAsBytes.has(charset) || byteOrders.has(charset);
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

type ByteOrder = "big" | "little";

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
  const [first, second] = bytes;
  const marked = (first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe);
  const little = marked ? first === 0xff : order === "little";
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
