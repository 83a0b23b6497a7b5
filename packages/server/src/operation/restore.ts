import type { EpochSeconds } from "@parley/engine";
import { newestSchema } from "../store/migrations.ts";
import type { RawRow, Store, Transaction } from "../store/store.ts";
import { type BackupHeader, type RowCounts, readBackup, verifyBackup } from "./backup-file.ts";

/** Rows put in at once, and their octets. */
const rowsAtOnce = 500;
const octetsAtOnce = 4 * 1024 * 1024;

/** Throws, with a sentence for the operator, where a file is no whole backup or not of this program's tables; opens no store. */
export async function checkBackup(file: string): Promise<void> {
  const { schema } = await verifyBackup(file);
  if (schema === newestSchema) return;
  const which = schema > newestSchema ? "a newer" : "an older";
  throw new Error(
    `${file} is of ${which} Parley (schema ${schema}, here ${newestSchema}): restore it with that one, then start this one on it`,
  );
}

/**
 * Puts a backup into an empty store, all of it or nothing. Outgoing mail is held from the same moment: some of it may have been sent
 * after the backup was made. Returns the rows that the file says there are.
 */
export function restoreStore(store: Store, file: string, now: EpochSeconds): Promise<RowCounts> {
  return store.write(async (transaction) => {
    await refuseUsed(transaction);
    const batch = startBatch(transaction);
    let counts: RowCounts = {};
    let header: BackupHeader | undefined;
    for await (const item of readBackup(file)) {
      if (item.kind === "header") header = item.header;
      if (item.kind === "row") await batch.add(item.table, item.row);
      if (item.kind === "end") counts = item.counts;
    }
    await batch.end();
    await transaction.upkeep.raiseLastIds(header?.lastIds ?? {});
    // Last: a pause may be among the rows.
    await transaction.queue.pause({ since: now, reason: `restored from the backup of ${header?.created}` });
    return counts;
  });
}

async function refuseUsed({ upkeep }: Transaction): Promise<void> {
  for (const table of upkeep.tables) {
    const rows = await upkeep.count(table);
    if (rows > 0) throw new Error(`a backup is restored into an empty store; this one has ${rows} rows in ${table}`);
  }
}

/** Gathers rows of one table and puts them in together. */
function startBatch({ upkeep }: Transaction) {
  let [table, octets] = ["", 0];
  let rows: RawRow[] = [];
  const end = async (): Promise<void> => {
    if (rows.length > 0) await upkeep.insert(table, rows);
    [rows, octets] = [[], 0];
  };
  return {
    end,
    add: async (of: string, row: RawRow): Promise<void> => {
      if (of !== table || rows.length === rowsAtOnce || octets > octetsAtOnce) await end();
      table = of;
      rows.push(row);
      octets += octetsOf(row);
    },
  };
}

function octetsOf(row: RawRow): number {
  return Object.values(row).reduce<number>(
    (sum, value) => sum + (typeof value === "object" ? (value?.length ?? 0) : String(value).length),
    0,
  );
}
