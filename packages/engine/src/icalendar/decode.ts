/** The text of some bytes and where they were not UTF-8. */
export interface DecodedText {
  readonly text: string;
  /** Numbers, from 1, of the first physical line of each content line that was read as windows-1252; at most `maxLines`. */
  readonly otherLines: readonly number[];
}

/**
 * Decodes bytes as UTF-8. A character that a fold splits is read whole and stands before the fold (RFC 5545 §3.1).
 * A content line that is not UTF-8 is read as windows-1252, it alone: texts glued from several sources and texts cut in
 * the middle of a character spoil one line, not all; and a text wholly in windows-1252 has no line that is also UTF-8.
 */
export function decodeBytes(bytes: Uint8Array, maxLines: number): DecodedText {
  const text = decodeSound(bytes);
  if (text !== undefined) return { text, otherLines: [] };
  // No character takes more UTF-16 units than it has octets.
  const units = new Uint16Array(bytes.length);
  const otherLines: number[] = [];
  const position: Position = { read: 0, written: 0, lineRead: 0, lineWritten: 0 };
  const counted = { read: 0, line: 1 };
  while (position.read < bytes.length) {
    copyAscii(bytes, units, position);
    if (position.read >= bytes.length || copyCharacter(bytes, units, position)) continue;
    if (otherLines.length < maxLines) otherLines.push(countLines(bytes, counted, position.lineRead));
    copyLineAsWindows1252(bytes, units, position);
  }
  return { text: textOf(units, position.written), otherLines };
}

interface Position {
  /** Bytes read so far, and units written for them. */
  read: number;
  written: number;
  /** The same at the beginning of the present content line. */
  lineRead: number;
  lineWritten: number;
}

/** Decodes bytes that are UTF-8 throughout, as nearly all are; the platform's decoder is many times faster than ours. */
function decodeSound(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What all platforms have of it; their types are not among those of the language. */
declare class TextDecoder {
  constructor(label: string, options: { readonly fatal: boolean; readonly ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function textOf(units: Uint8Array | Uint16Array, length: number): string {
  const chunks: string[] = [];
  // A plain array is handed over as arguments much faster than a typed one.
  const chunk: number[] = [];
  for (let start = 0; start < length; start += chunkUnits) {
    const size = Math.min(chunkUnits, length - start);
    chunk.length = size;
    for (let i = 0; i < size; i++) chunk[i] = units[start + i] ?? 0;
    chunks.push(String.fromCharCode.apply(null, chunk));
  }
  return chunks.join("");
}

function copyAscii(bytes: Uint8Array, units: Uint16Array, position: Position): void {
  let { read, written } = position;
  for (; read < bytes.length; read++) {
    const byte = at(bytes, read);
    if (byte > 0x7f) break;
    units[written++] = byte;
    if (byte > carriageReturn || !endsLine(bytes, read)) continue;
    position.lineRead = read + 1;
    position.lineWritten = written;
  }
  position.read = read;
  position.written = written;
}

/** Whether the byte is the last of a line break and the next line is no continuation. */
function endsLine(bytes: Uint8Array, index: number): boolean {
  const byte = at(bytes, index);
  const next = at(bytes, index + 1);
  if (byte === carriageReturn) return next !== lineFeed && next !== space && next !== tab;
  return byte === lineFeed && next !== space && next !== tab;
}

/** Copies the character that begins with a byte above 0x7f; false, and nothing done, where there is none. */
function copyCharacter(bytes: Uint8Array, units: Uint16Array, position: Position): boolean {
  const lead = at(bytes, position.read);
  const more = lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
  if (more === 0) return false;
  let code = lead & (0x3f >> more);
  let read = position.read + 1;
  let folds = 0;
  for (let i = 0; i < more; i++) {
    for (let skipped = foldLength(bytes, read); skipped > 0; skipped = foldLength(bytes, read)) {
      read += skipped;
      folds++;
    }
    const byte = at(bytes, read++);
    if ((byte & 0xc0) !== 0x80) return false;
    code = (code << 6) | (byte & 0x3f);
  }
  if (code < (smallestCode[more] ?? 0) || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  let written = position.written;
  if (code > 0xffff) {
    units[written++] = 0xd800 + ((code - 0x10000) >> 10);
    units[written++] = 0xdc00 + ((code - 0x10000) & 0x3ff);
  } else {
    units[written++] = code;
  }
  for (; folds > 0; folds--) {
    units[written++] = lineFeed;
    units[written++] = space;
  }
  position.read = read;
  position.written = written;
  return true;
}

function foldLength(bytes: Uint8Array, index: number): number {
  const first = at(bytes, index);
  if (first !== carriageReturn && first !== lineFeed) return 0;
  const breakLength = first === carriageReturn && at(bytes, index + 1) === lineFeed ? 2 : 1;
  const next = at(bytes, index + breakLength);
  return next === space || next === tab ? breakLength + 1 : 0;
}

function copyLineAsWindows1252(bytes: Uint8Array, units: Uint16Array, position: Position): void {
  let written = position.lineWritten;
  let read = position.lineRead;
  for (; read < bytes.length; read++) {
    const byte = at(bytes, read);
    units[written++] = byte >= 0x80 && byte < 0xa0 ? (windows1252[byte - 0x80] ?? byte) : byte;
    if (byte <= carriageReturn && endsLine(bytes, read)) break;
  }
  position.read = Math.min(read + 1, bytes.length);
  position.written = written;
  position.lineRead = position.read;
  position.lineWritten = written;
}

/** Counts on from where the last call ended, so all calls together read the bytes once. */
function countLines(bytes: Uint8Array, counted: { read: number; line: number }, until: number): number {
  for (; counted.read < until; counted.read++) {
    const byte = at(bytes, counted.read);
    if (byte === lineFeed || (byte === carriageReturn && at(bytes, counted.read + 1) !== lineFeed)) counted.line++;
  }
  return counted.line;
}

const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20];
/** Small enough for the arguments of one call. */
const chunkUnits = 4_096;
/** The smallest code that needs so many continuation bytes; a smaller one is written too long and is not UTF-8. */
const smallestCode = [0, 0x80, 0x800, 0x10000];
/** Windows-1252 from 0x80 to 0x9f; the five bytes it leaves open stay the C1 controls they are in ISO 8859-1. */
const windows1252 = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d,
  0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,
  0x017e, 0x0178,
];
