import { describe } from "vitest";
import type { MakeBench } from "./bench.ts";
import { testDeliveries } from "./contract-deliveries.ts";
import { testLedger } from "./contract-ledger.ts";
import { testObjects } from "./contract-objects.ts";
import { testPeople } from "./contract-people.ts";
import { testTransactions } from "./contract-transactions.ts";

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
