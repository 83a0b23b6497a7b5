import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [headerLength, frameHeaderLength] = [32, 24];
const at = { pageSize: 8, salt: 16, frameCommit: 4, frameSalt: 8 } as const;

/**
 * Counts the pages at the end of the write-ahead log of an SQLite store that belong to no committed transaction: where there are
 * any, the server died in the middle of one. https://www.sqlite.org/fileformat2.html#walformat
 */
export function countTornWal(folder: string): number {
  const file = join(folder, "data", "parley.sqlite-wal");
  const wal = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  if (wal.length < headerLength) return 0;
  const frameLength = frameHeaderLength + wal.readUInt32BE(at.pageSize);
  const salt = wal.readBigUInt64BE(at.salt);
  let torn = 0;
  for (let start = headerLength; start + frameLength <= wal.length; start += frameLength) {
    // What is left of the log before this one has another salt.
    if (wal.readBigUInt64BE(start + at.frameSalt) !== salt) break;
    torn = wal.readUInt32BE(start + at.frameCommit) === 0 ? torn + 1 : 0;
  }
  return torn;
}
