import { describe } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { testDeliveries } from "./contract-deliveries.ts";
import { testLedger } from "./contract-ledger.ts";
import { testObjects } from "./contract-objects.ts";
import { testPeople } from "./contract-people.ts";
import { testTransactions } from "./contract-transactions.ts";

/** One empty database that can be opened several times, and looked into past the store. */
export interface Bench {
  /** Opens the database; each call is another connection. */
  open(): Promise<Store>;
  /** Rows inserted, updated and deleted since the first call. */
  rowsWritten(): number;
  /** Rows of a table. */
  count(table: string): number;
  close(): Promise<void>;
}

export type MakeBench = () => Promise<Bench>;

/** All that every store must do. */
export function testStore(name: string, makeBench: MakeBench): void {
  describe(name, () => {
    testPeople(makeBench);
    testObjects(makeBench);
    testLedger(makeBench);
    testDeliveries(makeBench);
    testTransactions(makeBench);
  });
}

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
