import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { EpochSeconds } from "@parley/engine";
import type { RawRow, ReadTransaction, Store } from "../store/store.ts";
import { type RowCounts, writeBackup } from "./backup-file.ts";
import { rowsOf } from "./rows.ts";

/**
 * Copies all that is kept, but who is signed in, into a new file: one consistent view, while others read and write. The file appears
 * whole or not at all, is on the disk when the promise resolves, and can be read by nobody else: it holds mail and password hashes.
 */
export async function backupStore(store: Store, file: string, now: EpochSeconds): Promise<RowCounts> {
  if (await exists(file)) throw new Error(`${file} is there already`);
  const unfinished = `${file}.part`;
  try {
    const counts = await store.read(async (transaction) => {
      const { upkeep } = transaction;
      const created = new Date(now * 1_000).toISOString();
      const header = { schema: await upkeep.schemaVersion(), created, lastIds: await upkeep.lastIds() };
      return writeBackup(header, allRows(transaction), createWriteStream(unfinished, { mode: 0o600, flush: true }));
    });
    await rename(unfinished, file);
    await syncFolder(dirname(file));
    return counts;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function* allRows(
  transaction: ReadTransaction,
): AsyncGenerator<{ readonly table: string; readonly row: RawRow }> {
  for (const table of transaction.upkeep.tables) {
    for await (const row of rowsOf(transaction, table)) yield { table, row };
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}
