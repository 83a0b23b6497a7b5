import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Store } from "../../src/store/store.ts";
import { storeOptions } from "./fixtures.ts";

/** Makes the content of a store's SQLite file, to be written wherever one is needed: migrating each anew takes ten times as long. */
export async function sqliteFile(fill?: (store: Store) => Promise<void>): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "parley-store-"));
  const file = join(folder, "parley.sqlite");
  const store = await openSqliteStore(file, storeOptions);
  await fill?.(store);
  await store.close();
  const content = readFileSync(file);
  rmSync(folder, { recursive: true });
  return content;
}
