import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { expect, test } from "vitest";
import { checkStore, repairStore } from "../../src/operation/check.ts";
import { contentHash } from "../../src/store/keys.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import { storeOptions } from "../scheduling/house.ts";
import { type MakeBench, withStore } from "../store/bench.ts";
import { onEveryStore, sqliteBench } from "../store/benches.ts";
import { contentOf, fill, houseOver } from "./house.ts";

type Damage = readonly [invariant: string, repairable: boolean, statement: string];

/** What is done to the rows, the invariant it breaks, and whether it can be mended. */
const damages: readonly Damage[] = [
  ["span", true, "update objects set starts = starts + 1"],
  ["span", true, "update objects set ends = null where ends is not null"],
  ["busy time", true, "delete from busy"],
  ["busy time", true, "update busy set ends = ends + 1"],
  ["busy time", true, "update busy set type = 'BUSY-UNAVAILABLE'"],
  ["delivery", true, "update deliveries set finished = 1"],
  ["orphan", true, `insert into documents (hash, text) values ('${contentHash("left over")}', 'left over')`],
  ["content", false, "update documents set text = replace(text, 'Planning', 'Plotting')"],
  ["content", false, "update sources set bytes = substr(bytes, 2)"],
  ["object", false, "update documents set text = 'letter'"],
  ["object", false, "update objects set uid_key = 'another'||id"],
  ["object", false, "update objects set uid = 'another', uid_key = 'another' where id = 1"],
  ["register", false, "update participations set attendee = 'Ann@EXAMPLE.test'"],
  ["register", false, "update component_revisions set instance = 'tomorrow'"],
  ["register", false, "update sent set instances = '[\"tomorrow\"]'"],
  ["person", false, "update addresses set position = 7"],
  ["person", false, "update calendars set is_default = 0"],
  ["place", false, "update objects set name = null"],
  ["place", false, "update objects set component = null"],
  ["place", false, "update calendars set revision = 0"],
  ["privacy", false, "update objects set privacy = 'private' where document is not null"],
  ["subscription", false, "update calendars set source = 'https://feeds.example/a.ics' where is_default = 1"],
  ["delivery", false, "delete from deliveries"],
  ["delivery", false, "update deliveries set uid = 'another'"],
  ["message", false, "update messages set changes = '{'"],
  ["message", false, "update messages set waiting = 1"],
  ["message", false, "update messages set verdict = 'undecided', question = null where direction = 'in'"],
  ["message", false, "update messages set decided_at = 1, decision = 'apply'"],
  ["message", false, "update messages set verdict = 'ignored' where direction = 'out'"],
  ["message", false, "update messages set rule = ''"],
];

onEveryStore((makeBench) => {
  test(
    "what the server itself has kept has no fault, and repairing changes nothing",
    withStore(makeBench, async (store) => {
      const house = houseOver(store);
      await fill(house);
      const before = await contentOf(store);
      const report = await checkStore(house);
      expect(report).toMatchObject({ faults: [], more: false });
      expect(report.rows).toMatchObject({ principals: 2, objects: 3, messages: 6, deliveries: 5, app_passwords: 1 });
      expect((await repairStore(house)).faults).toEqual([]);
      expect(await contentOf(store)).toEqual(before);
    }),
  );

  test.each(damages.filter(isFirstOfItsKind))("%s (repairable: %s): %s", (...damage) => expectFound(makeBench, damage));

  test(
    "a mail that nothing refers to is found and removed, and no other",
    withStore(makeBench, async (store, bench) => {
      const house = houseOver(store);
      await fill(house);
      const before = await bench.count("sources");
      const hash = await store.write(({ ledger }) => ledger.putSource(new TextEncoder().encode("left over")));
      const { faults } = await checkStore(house);
      expect(faults).toEqual([expect.objectContaining({ invariant: "orphan", where: `sources ${hash}` })]);
      expect((await repairStore(house)).faults).toEqual([]);
      expect(await bench.count("sources")).toBe(before);
    }),
  );

  test(
    "of very many faults the first thousand are told",
    withStore(makeBench, async (store, bench) => {
      const house = houseOver(store);
      const { ann } = await fill(house);
      await store.write(async ({ ledger }) => {
        for (let count = 0; count < 1_001; count++) {
          const facts = { subject: "", from: "x@y.test", to: [], reason: "", changes: [], violations: [] };
          await ledger.add({ principal: ann.id, at: 0, direction: "in", verdict: "applied", rule: "", ...facts });
        }
      });
      const report = await checkStore(house);
      expect([report.faults.length, report.more]).toEqual([1_000, true]);
      expect(await bench.count("messages")).toBe(1_007);
    }),
  );
}, storeOptions);

// What is left says the same of every database; each run of it takes time.
test.each(damages.filter((damage) => !isFirstOfItsKind(damage)))("%s (repairable: %s): %s", (...damage) =>
  expectFound(() => sqliteBench(storeOptions), damage),
);

function isFirstOfItsKind(damage: Damage): boolean {
  return damages.find(([invariant, repairable]) => invariant === damage[0] && repairable === damage[1]) === damage;
}

async function expectFound(makeBench: MakeBench, [invariant, repairable, statement]: Damage): Promise<void> {
  const bench = await makeBench();
  const first = await bench.open();
  await fill(houseOver(first));
  // What is at hand in memory would hide the damage.
  await first.close();
  await bench.run(statement);
  const store = await bench.open();
  const house = houseOver(store);
  const { faults } = await checkStore(house);
  expect(faults).toContainEqual(expect.objectContaining({ invariant, repairable }));
  const left = (await repairStore(house)).faults;
  if (repairable) expect(left).toEqual([]);
  else expect(left).toContainEqual(expect.objectContaining({ invariant, repairable }));
  expect(await bench.count("messages")).toBe(6);
  await store.close();
  await bench.close();
}

test.each([
  ["reference", "pragma foreign_keys = off; delete from sources"],
  ["reference", "pragma foreign_keys = off; delete from documents"],
  ["reference", "pragma foreign_keys = off; update objects set calendar_id = 99"],
  [
    "database file",
    `pragma writable_schema = on;
     update sqlite_master set sql = replace(sql, '"position" integer', '"position" integer not null') where name = 'messages'`,
  ],
])("in an SQLite file: %s: %s", async (invariant, statement) => {
  const folder = mkdtempSync(join(tmpdir(), "parley-check-"));
  const file = join(folder, "parley.sqlite");
  const first = await openSqliteStore(file, storeOptions);
  await fill(houseOver(first)).finally(() => first.close());
  const db = new SqliteDatabase(file);
  db.unsafeMode(true);
  db.exec(statement);
  db.close();
  const store = await openSqliteStore(file, storeOptions);
  const { faults } = await checkStore(houseOver(store)).finally(() => store.close());
  expect(faults).toContainEqual(expect.objectContaining({ invariant, repairable: false }));
  rmSync(folder, { recursive: true });
});
