import { isReadAsNameCode } from "./name.ts";

/**
 * Walks over the content lines of a text, unfolded. A line is given as a span of `source`, which is the text itself
 * where the line has one physical line: the usual line costs no copy.
 */
export interface LineCursor {
  readonly text: string;
  /** Units of a line that are kept; the rest is dropped. */
  readonly maxUnits: number;
  /** The line read last. */
  source: string;
  start: number;
  end: number;
  /** End of its name, where `;` or `:` follows one; -1 for a line of another form. */
  nameEnd: number;
  /** Number of its first physical line, from 1. */
  number: number;
  /** Whether a line without a name was joined to it. */
  joined: boolean;
  /** The physical line to read next: where it begins, its number, and the end of its name as far as known. */
  next: number;
  nextNumber: number;
  nextNameEnd: number;
  /** The first line feed and carriage return not before `next`; the length of the text where there is none. */
  lineFeed: number;
  carriageReturn: number;
}

/** Makes a cursor before the first line of the text. A byte order mark is passed over. */
export function openLines(text: string, maxUnits: number): LineCursor {
  const next = text.charCodeAt(0) === byteOrderMark ? 1 : 0;
  const spans = { source: text, start: 0, end: 0, nameEnd: none, number: 0, joined: false };
  const cursor = { text, maxUnits, ...spans, next, nextNumber: 1, nextNameEnd: none, lineFeed: -1, carriageReturn: -1 };
  skipBlankLines(cursor);
  cursor.nextNameEnd = nameAt(cursor);
  return cursor;
}

/**
 * Reads the next content line; false at the end of the text. Lines end with CRLF, LF or CR; empty lines are passed over.
 * A line beginning with space or tab continues the one before, RFC 5545 §3.1. So does a line that begins with no name
 * and `;` or `:` (Outlook 2007 breaks lines so), except after BEGIN and END.
 */
export function nextLine(cursor: LineCursor): boolean {
  if (cursor.next >= cursor.text.length) return false;
  cursor.number = cursor.nextNumber;
  cursor.source = cursor.text;
  cursor.start = cursor.next;
  cursor.nameEnd = cursor.nextNameEnd;
  cursor.joined = false;
  cursor.end = takePhysicalLine(cursor);
  const marker = isMarker(cursor);
  if (marker && isEndOfCalendar(cursor)) {
    findNext(cursor);
    return true;
  }
  let continuation = findNext(cursor);
  if (continuation === "none" || (marker && continuation === "broken")) return true;
  const pieces = [cursor.text.slice(cursor.start, cursor.end)];
  let units = cursor.end - cursor.start;
  while (continuation === "fold" || (continuation === "broken" && !marker)) {
    if (continuation === "broken") cursor.joined = true;
    const from = continuation === "fold" ? cursor.next + 1 : cursor.next;
    const end = takePhysicalLine(cursor);
    if (units <= cursor.maxUnits) pieces.push(cursor.text.slice(from, end));
    units += end - from;
    continuation = findNext(cursor);
  }
  cursor.source = pieces.join("");
  cursor.start = 0;
  cursor.end = cursor.source.length;
  cursor.nameEnd = endOfName(cursor.source, 0, cursor.end);
  return true;
}

type Continuation = "none" | "fold" | "broken";

/** Says what the physical line at `next` is; for a line of its own, notes the end of its name. */
function findNext(cursor: LineCursor): Continuation {
  skipBlankLines(cursor);
  if (cursor.next >= cursor.text.length) return "none";
  const first = cursor.text.charCodeAt(cursor.next);
  if (first === space || first === tab) {
    // Where this is not wanted as a continuation it is a line without a name.
    cursor.nextNameEnd = none;
    return "fold";
  }
  cursor.nextNameEnd = nameAt(cursor);
  return cursor.nextNameEnd === none && !hasFoldedName(cursor.text, cursor.next) ? "broken" : "none";
}

function nameAt(cursor: LineCursor): number {
  return endOfName(cursor.text, cursor.next, cursor.text.length);
}

function endOfName(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && isReadAsNameCode(text.charCodeAt(i))) i++;
  if (i === start || i >= end) return none;
  const code = text.charCodeAt(i);
  return code === colon || code === semicolon ? i : none;
}

/** Whether a name and `;` or `:` stand at `start` once its folds are undone. */
function hasFoldedName(text: string, start: number): boolean {
  let i = start;
  for (;;) {
    while (isReadAsNameCode(text.charCodeAt(i))) i++;
    const code = text.charCodeAt(i);
    if (code === colon || code === semicolon) return i > start;
    if (code !== lineFeed && code !== carriageReturn) return false;
    i += code === carriageReturn && text.charCodeAt(i + 1) === lineFeed ? 2 : 1;
    const next = text.charCodeAt(i++);
    if (next !== space && next !== tab) return false;
  }
}

function skipBlankLines(cursor: LineCursor): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.next);
    if (code !== lineFeed && code !== carriageReturn) return;
    takePhysicalLine(cursor);
  }
}

/** Passes over one physical line and gives its end. Each break is searched once, so a long line costs no more. */
function takePhysicalLine(cursor: LineCursor): number {
  const { text, next } = cursor;
  if (cursor.lineFeed < next) cursor.lineFeed = indexOrLength(text, "\n", next);
  if (cursor.carriageReturn < next) cursor.carriageReturn = indexOrLength(text, "\r", next);
  const end = Math.min(cursor.lineFeed, cursor.carriageReturn);
  const pair = end === cursor.carriageReturn && cursor.lineFeed === end + 1;
  cursor.next = Math.min(end + (pair ? 2 : 1), text.length);
  cursor.nextNumber++;
  return end;
}

function indexOrLength(text: string, search: string, from: number): number {
  const index = text.indexOf(search, from);
  return index < 0 ? text.length : index;
}

/** Whether the line is BEGIN or END, to which prose after a component is not joined. */
function isMarker(cursor: LineCursor): boolean {
  const length = cursor.nameEnd - cursor.start;
  if (length !== 3 && length !== 5) return false;
  const name = cursor.source.slice(cursor.start, cursor.nameEnd).toUpperCase();
  return name === "BEGIN" || name === "END";
}

function isEndOfCalendar(cursor: LineCursor): boolean {
  if (cursor.end - cursor.start > 40) return false;
  return cursor.source.slice(cursor.start, cursor.end).trimEnd().toUpperCase() === "END:VCALENDAR";
}

const none = -1;
const [tab, lineFeed, carriageReturn, space, colon, semicolon] = [0x09, 0x0a, 0x0d, 0x20, 0x3a, 0x3b];
const byteOrderMark = 0xfeff;
