import type { Store } from "../../src/store/store.ts";

/** One empty database that can be opened several times, and looked into past the store. */
export interface Bench {
  /** Opens the database; each call is another node on it. */
  open(): Promise<Store>;
  /** Rows inserted, updated and deleted since the first call. */
  rowsWritten(): Promise<number>;
  /** Rows of a table. */
  count(table: string): Promise<number>;
  counts(...tables: readonly string[]): Promise<readonly number[]>;
  /** Runs statements past any store. */
  run(statements: string): Promise<void>;
  close(): Promise<void>;
}

export type MakeBench = () => Promise<Bench>;

/** Runs a test over a fresh database with one open store, and closes both whatever comes. */
export function withStore(makeBench: MakeBench, run: (store: Store, bench: Bench) => Promise<void>) {
  return async (): Promise<void> => {
    const bench = await makeBench();
    const store = await bench.open();
    try {
      await run(store, bench);
    } finally {
      await store.close();
      await bench.close();
    }
  };
}
