import type { Limits } from "@parley/engine";
import { firstField, type HeaderField, type ParametrizedValue, readHeader, readParameters } from "./header-field.ts";

/** A part of a mail before its content is decoded. */
export interface RawPart {
  readonly fields: readonly HeaderField[];
  /** Content-Type, its type in lower case; `text/plain` where there is none. */
  readonly contentType: ParametrizedValue;
  /** Content of a leaf, still in its transfer encoding: a view into the mail. */
  readonly body: Uint8Array;
  /** Of a part of a multipart all octets between its delimiters, the header too: a view into the mail; else empty. */
  readonly whole: Uint8Array;
  readonly parts: readonly RawPart[];
}

/** A mail taken apart, and what was wrong with it. */
export interface MimeTree {
  readonly root: RawPart;
  readonly problems: readonly string[];
  /** How many parts there are. */
  readonly count: number;
}

/**
 * Takes a mail apart into its tree of parts, RFC 2046 §5.1, in one pass and without copying. As that section asks, space after
 * a delimiter is ignored and the delimiter of an outer multipart ends the inner ones. A `message/rfc822` that is not encoded
 * holds the mail inside as its one part. Beyond
 * `maxMailParts` the rest of the mail is left out, beyond `maxMailDepth` a multipart is a leaf. Never throws.
 */
export function splitMail(bytes: Uint8Array, limits: Limits): MimeTree {
  const pass: Pass = {
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    limits,
    problems: new Set(),
    open: [],
    count: 0,
    next: 0,
  };
  const root = beginPart(pass, 1, plainText);
  while (pass.next < pass.bytes.length && pass.open.length > 0) {
    const start = pass.next;
    pass.next = lineAfter(pass.bytes, start);
    const delimiter = delimiterAt(pass, start, pass.next);
    if (!delimiter) continue;
    endLeaf(pass, endBefore(pass.bytes, start));
    const ended = pass.open[delimiter.depth]?.part.parts.at(-1);
    if (ended) ended.whole = pass.bytes.subarray(ended.start, Math.max(ended.start, endBefore(pass.bytes, start)));
    pass.open.length = delimiter.depth + (delimiter.closes ? 0 : 1);
    if (delimiter.closes) continue;
    if (pass.count >= limits.maxMailParts) {
      pass.problems.add(`The mail has more than ${limits.maxMailParts} parts; the others were left out.`);
      return { root, problems: [...pass.problems], count: pass.count };
    }
    const parent = pass.open.at(-1)?.part;
    if (parent) parent.parts.push(beginPart(pass, parent.depth + 1, typeInside(parent)));
  }
  endLeaf(pass, pass.bytes.length);
  if (pass.open.length > 0) pass.problems.add("The mail is cut short: a multipart has no end.");
  return { root, problems: [...pass.problems], count: pass.count };
}

interface GrowingPart {
  readonly fields: readonly HeaderField[];
  readonly contentType: ParametrizedValue;
  body: Uint8Array;
  whole: Uint8Array;
  readonly parts: GrowingPart[];
  /** Where its header begins in the mail. */
  readonly start: number;
  /** How deep it stands, from 1. */
  readonly depth: number;
}

interface OpenMultipart {
  readonly part: GrowingPart;
  /** The delimiter lines without their two hyphens, an octet a character. */
  readonly between: string;
  readonly closing: string;
}

/** How far the pass over a mail has come. */
interface Pass {
  readonly bytes: Buffer;
  readonly limits: Limits;
  readonly problems: Set<string>;
  /** Multiparts whose end has not come, the outermost first. */
  readonly open: OpenMultipart[];
  count: number;
  /** Offset of the next line. */
  next: number;
  /** The leaf whose content is being passed, and where that began. */
  leaf?: { readonly part: GrowingPart; readonly from: number } | undefined;
}

const plainText = "text/plain";
const nothing = new Uint8Array();
/** RFC 2046 §5.1.1 allows 70 characters; longer ones are seen. */
const maxBoundaryLength = 1_000;
const maxHeaderBytes = 1024 * 1024;

/** Passes an empty line between a delimiter and the header: RFC 6047 §4.3 prints such parts, and so some programs write them. */
function passEmptyLine(pass: Pass): void {
  const { bytes, next } = pass;
  const length = bytes[next] === 0x0d ? 2 : 1;
  if (bytes[next + length - 1] !== 0x0a) return;
  const after = bytes.toString("latin1", next + length, next + length + 100);
  if (!/^content-(type|disposition|transfer-encoding)[ \t]*:/i.test(after)) return;
  pass.problems.add("A part has an empty line before its header.");
  pass.next += length;
}

/** The type of parts that name none: RFC 2046 §5.1.5 has mails in a digest. */
function typeInside({ contentType }: GrowingPart): string {
  return contentType.value === "multipart/digest" ? "message/rfc822" : plainText;
}

/**
 * Reads the header at the next line and begins its part, of that type where it names none; the next line is then the first of its
 * content.
 */
function beginPart(pass: Pass, depth: number, defaultType: string): GrowingPart {
  pass.count++;
  const first = pass.next;
  // In a digest an empty line is where a mail begins.
  if (depth > 1 && defaultType === plainText) passEmptyLine(pass);
  const start = pass.next;
  const end = passHeader(pass);
  if (end - start > maxHeaderBytes) pass.problems.add("A header is too long; its end was left out.");
  const fields = readHeader(pass.bytes.subarray(start, Math.min(end, start + maxHeaderBytes)));
  if (fields.length === 0 && end > start) pass.problems.add("A part has no header that can be read.");
  const written = readParameters(firstField(fields, "content-type") ?? "");
  const type = written.value.toLowerCase().replace(/\s/g, "");
  const contentType = { ...written, value: /^[^/]+\/[^/]+$/.test(type) ? type : defaultType };
  const part: GrowingPart = { fields, contentType, body: nothing, whole: nothing, parts: [], start: first, depth };
  if (openMultipart(pass, part)) return part;
  if (opensMail(pass, part)) part.parts.push(beginPart(pass, depth + 1, plainText));
  else pass.leaf = { part, from: pass.next };
  return part;
}

/** Opens a multipart; false for a leaf, and for what only claims to be one. */
function openMultipart(pass: Pass, part: GrowingPart): boolean {
  if (!part.contentType.value.startsWith("multipart/")) return false;
  const boundary = part.contentType.parameters["boundary"]?.trimEnd() ?? "";
  if (boundary === "" || boundary.length > maxBoundaryLength) {
    pass.problems.add("A multipart does not say what separates its parts.");
    return false;
  }
  if (isTooDeep(pass, part)) return false;
  const between = Buffer.from(boundary, "utf8").toString("latin1");
  pass.open.push({ part, between, closing: `${between}--` });
  return true;
}

/** Tells whether a part is a mail that can be read on where it stands; one that is encoded must be decoded first. */
function opensMail(pass: Pass, part: GrowingPart): boolean {
  if (!isMail(part.contentType.value) || pass.count >= pass.limits.maxMailParts || isTooDeep(pass, part)) return false;
  return !/base64|quoted-printable/i.test(firstField(part.fields, "content-transfer-encoding") ?? "");
}

/** Tells whether a part of that type is a mail inside the mail. */
export function isMail(contentType: string): boolean {
  return contentType === "message/rfc822" || contentType === "message/global";
}

function isTooDeep({ limits, problems }: Pass, { depth }: GrowingPart): boolean {
  if (depth < limits.maxMailDepth) return false;
  problems.add(`Parts nested deeper than ${limits.maxMailDepth} were left out.`);
  return true;
}

/** Passes a header, which ends at an empty line, or where a delimiter comes before one. Returns its end. */
function passHeader(pass: Pass): number {
  const { bytes } = pass;
  while (pass.next < bytes.length) {
    const start = pass.next;
    const next = lineAfter(bytes, start);
    const empty = bytes[start] === 0x0a || (bytes[start] === 0x0d && bytes[start + 1] === 0x0a);
    if (!empty && delimiterAt(pass, start, next)) return start;
    pass.next = next;
    if (empty) return start;
  }
  return pass.next;
}

/** Finds the innermost open multipart whose delimiter the line is. */
function delimiterAt(
  pass: Pass,
  start: number,
  end: number,
): { readonly depth: number; readonly closes: boolean } | undefined {
  if (pass.open.length === 0 || pass.bytes[start] !== 0x2d || pass.bytes[start + 1] !== 0x2d) return undefined;
  if (end - start > maxBoundaryLength * 2) return undefined;
  const line = pass.bytes.toString("latin1", start + 2, end).trimEnd();
  for (let depth = pass.open.length - 1; depth >= 0; depth--) {
    if (line === pass.open[depth]?.between) return { depth, closes: false };
    if (line === pass.open[depth]?.closing) return { depth, closes: true };
  }
  return undefined;
}

function endLeaf(pass: Pass, end: number): void {
  if (pass.leaf) pass.leaf.part.body = pass.bytes.subarray(pass.leaf.from, Math.max(pass.leaf.from, end));
  pass.leaf = undefined;
}

/** The line break before a delimiter belongs to that. */
function endBefore(bytes: Buffer, delimiter: number): number {
  if (bytes[delimiter - 1] !== 0x0a) return delimiter;
  return bytes[delimiter - 2] === 0x0d ? delimiter - 2 : delimiter - 1;
}

function lineAfter(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(0x0a, start);
  return end === -1 ? bytes.length : end + 1;
}
