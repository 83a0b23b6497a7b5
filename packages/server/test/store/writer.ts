import { writeSync } from "node:fs";
import { openPostgresStore } from "../../src/store/postgres.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import { answer, ensurePrincipal, ledgerRecord, saveAnswer, storeOptions, uid } from "./fixtures.ts";

// A process of its own that writes into a store: `writer.ts PLACE NAME COUNT`. Prints each number once it is promised to be kept.
const [place = "", name = "", count = ""] = process.argv.slice(2);
const store = place.startsWith("postgresql://")
  ? await openPostgresStore(place, { ...storeOptions, random: Math.random })
  : await openSqliteStore(place, storeOptions);
const ann = await store.write((transaction) => ensurePrincipal(transaction, "ann"));
for (let number = 0; number < Number(count); number++) {
  await store.write(async (transaction) => {
    await saveAnswer(transaction, ann.id, answer(`${name}-${number}@example.test`));
    await transaction.ledger.add(ledgerRecord(ann.id, { uid, subject: `${name}-${number}` }));
  });
  writeSync(1, `${name}-${number}\n`);
}
await store.close();
