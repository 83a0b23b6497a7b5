import { createHash } from "node:crypto";

/** Characters of a column that is shown; the whole stays in the source. */
const maxColumnLength = 2_000;
/** Octets of a text that is put into an index as it is: PostgreSQL takes 2,700 for all columns of one together. */
const maxKeyOctets = 500;

/** Content address: SHA-256, hexadecimal. */
export function contentHash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * Makes of any text one that an index can hold, another one for each text: short ones are their own, long ones their hash.
 * A text that looks like a hash is hashed too, so that nobody can write one to meet another's.
 */
export function indexKey(text: string): string {
  const isLong = text.length > maxKeyOctets || Buffer.byteLength(text) > maxKeyOctets;
  return isLong || text.startsWith("sha256:") ? `sha256:${contentHash(text)}` : text;
}

/** Cuts a text for its column, never inside a character. */
export function columnText(text: string): string {
  if (text.length <= maxColumnLength) return text;
  const last = text.charCodeAt(maxColumnLength - 1);
  const splits = last >= 0xd800 && last < 0xdc00;
  return text.slice(0, splits ? maxColumnLength - 1 : maxColumnLength);
}

/** Reads an id we gave out; `undefined` for what can be none. */
export function rowId(id: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
}

/** Splits rows so that one statement stays below every database's limit of parameters, in few different statement texts. */
export function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
