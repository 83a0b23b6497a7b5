import { writeSync } from "node:fs";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import { answer, ensurePrincipal, ledgerRecord, saveAnswer, storeOptions, uid } from "./fixtures.ts";

// A process of its own that writes into a store: `writer.ts FILE NAME COUNT`. Prints each number once it is promised to be kept.
const [file = "", name = "", count = ""] = process.argv.slice(2);
const store = await openSqliteStore(file, storeOptions);
const ann = await store.write((transaction) => ensurePrincipal(transaction, "ann"));
for (let number = 0; number < Number(count); number++) {
  await store.write(async (transaction) => {
    await saveAnswer(transaction, ann.id, answer(`${name}-${number}@example.test`));
    await transaction.ledger.add(ledgerRecord(ann.id, { uid, subject: `${name}-${number}` }));
  });
  writeSync(1, `${name}-${number}\n`);
}
await store.close();
