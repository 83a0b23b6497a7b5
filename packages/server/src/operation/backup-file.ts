import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { RawRow } from "../store/store.ts";

/**
 * A backup is gzipped lines of JSON: a header, `["table", {row}]` for each row, and an end with the number of rows of each table and
 * the SHA-256 of all that is before it. Bytes are `{"base64": "..."}`. The same for every database.
 */
const format = "parley-backup";
const formatVersion = 1;
const newline = 0x0a;
/** Characters that go through gzip at once. */
const chunkLength = 256 * 1024;
/** The largest row is a mail of 64 MiB in base64. */
const maxLineBytes = 256 * 1024 * 1024;

/** What a backup says of itself. */
export interface BackupHeader {
  /** Version of the tables. */
  readonly schema: number;
  /** When it was begun, as 2027-03-01T08:00:00.000Z. */
  readonly created: string;
  /** The highest id each table has given out. */
  readonly lastIds: Readonly<Record<string, number>>;
}

/** Rows by table. */
export type RowCounts = Readonly<Record<string, number>>;

/** One line of a backup. `end` comes only once all before it was found whole. */
export type BackupItem =
  | { readonly kind: "header"; readonly header: BackupHeader }
  | { readonly kind: "row"; readonly table: string; readonly row: RawRow }
  | { readonly kind: "end"; readonly counts: RowCounts };

/** Writes the lines of a backup, gzipped, into `sink`; returns what it counted. */
export async function writeBackup(
  header: BackupHeader,
  rows: AsyncIterable<{ readonly table: string; readonly row: RawRow }>,
  sink: NodeJS.WritableStream,
): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  const hash = createHash("sha256");
  const hashed = (value: unknown): string => {
    const line = `${JSON.stringify(value, bytesAsText)}\n`;
    hash.update(line);
    return line;
  };
  async function* lines(): AsyncGenerator<string> {
    yield hashed({ format, version: formatVersion, ...header });
    for await (const { table, row } of rows) {
      counts[table] = (counts[table] ?? 0) + 1;
      yield hashed([table, row]);
    }
    yield `${JSON.stringify({ counts, sha256: hash.digest("hex") })}\n`;
  }
  await pipeline(inChunks(lines()), createGzip(), sink);
  return counts;
}

/** Joins lines: each piece that goes through gzip costs a turn of the event loop. */
async function* inChunks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = "";
  for await (const line of lines) {
    chunk += line;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

/** Reads a backup. Throws, with a sentence for the operator, where it is none, was cut short or was changed. */
export async function* readBackup(file: string): AsyncGenerator<BackupItem> {
  const hash = createHash("sha256");
  const counts: Record<string, number> = {};
  let ended = false;
  let begun = false;
  for await (const line of linesOf(file)) {
    if (ended) throw damaged(file, "there is more after its end");
    const value = parseLine(file, line);
    if (!begun) yield { kind: "header", header: headerOf(file, value) };
    else if (Array.isArray(value)) {
      const [table, row] = value as [string, RawRow];
      counts[table] = (counts[table] ?? 0) + 1;
      yield { kind: "row", table, row };
    } else {
      const end = value as { readonly counts?: RowCounts; readonly sha256?: string };
      if (end.sha256 !== hash.digest("hex")) throw damaged(file, "it does not match its checksum");
      ended = true;
    }
    begun = true;
    if (!ended) hash.update(line).update("\n");
  }
  if (!ended) throw damaged(file, "it is cut short");
  yield { kind: "end", counts };
}

/** Reads a whole backup and throws it away: what is left is that it can be read, its header and its counts. */
export async function verifyBackup(file: string): Promise<BackupHeader & { readonly counts: RowCounts }> {
  let header: BackupHeader | undefined;
  let counts: RowCounts = {};
  for await (const item of readBackup(file)) {
    if (item.kind === "header") header = item.header;
    if (item.kind === "end") counts = item.counts;
  }
  if (!header) throw damaged(file, "it is empty");
  return { ...header, counts };
}

function damaged(file: string, reason: string): Error {
  return new Error(`${file} is no whole backup: ${reason}`);
}

function headerOf(file: string, value: unknown): BackupHeader {
  const header = value as Partial<BackupHeader> & { readonly format?: string; readonly version?: number };
  if (header?.format !== format) throw damaged(file, "it is no backup of Parley's");
  if (header.version !== formatVersion) throw damaged(file, `its form is ${header.version}; known is ${formatVersion}`);
  const { schema, created, lastIds } = header;
  if (schema === undefined || created === undefined || lastIds === undefined) throw damaged(file, "its header is cut");
  return { schema, created, lastIds };
}

function parseLine(file: string, line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"), textAsBytes);
  } catch {
    throw damaged(file, "it was changed");
  }
}

/** Splits at LF alone: the JSON of a text may hold any other line separator. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let size = 0;
  for await (const chunk of unzipped(file)) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]);
      [rest, size, start] = [[], 0, end + 1];
    }
    rest.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > maxLineBytes) throw damaged(file, "it has a line longer than any row");
  }
  if (size > 0) throw damaged(file, "it is cut short");
}

async function* unzipped(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const gunzip = createGunzip();
  // An error of the file ends the reading of what it is unpacked to.
  source.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    throw damaged(file, reasonOf(error));
  } finally {
    source.destroy();
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "Z_BUF_ERROR") return "it is cut short";
  if (code.startsWith("Z_")) return "it was changed";
  return code === "ENOENT" ? "there is no such file" : `it cannot be read (${code || String(error)})`;
}

function bytesAsText(this: unknown, key: string, value: unknown): unknown {
  // `value` of a Buffer has been through its own toJSON.
  const raw = (this as Record<string, unknown>)[key];
  return raw instanceof Uint8Array ? { base64: Buffer.from(raw).toString("base64") } : value;
}

function textAsBytes(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("base64" in value)) return value;
  return typeof value.base64 === "string" ? Buffer.from(value.base64, "base64") : value;
}
