import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import SqliteDatabase from "better-sqlite3";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { backupStore } from "../../src/operation/backup.ts";
import { verifyBackup } from "../../src/operation/backup-file.ts";
import { checkStore } from "../../src/operation/check.ts";
import { checkBackup, restoreStore } from "../../src/operation/restore.ts";
import { contentHash } from "../../src/store/keys.ts";
import { newestSchema } from "../../src/store/migrations.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Store } from "../../src/store/store.ts";
import { tableList } from "../../src/store/table-list.ts";
import { storeOptions } from "../scheduling/house.ts";
import { type MakeBench, withStore } from "../store/bench.ts";
import { onEveryStore, postgresBench, sqliteBench } from "../store/benches.ts";
import { skipsPostgres } from "../store/postgres.ts";
import { contentOf, fill, houseOver, invite, now, outsider } from "./house.ts";

const folder = mkdtempSync(join(tmpdir(), "parley-backup-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => join(folder, `${files++}.gz`);

/** Opens an empty store of a kind, lets `work` use it, and takes it away. */
async function withEmpty<Result>(makeBench: MakeBench, work: (store: Store) => Promise<Result>): Promise<Result> {
  let result: Result | undefined;
  await withStore(makeBench, async (store) => {
    result = await work(store);
  })();
  return result as Result;
}

const onSqlite: MakeBench = () => sqliteBench(storeOptions);
const onPostgres: MakeBench = () => postgresBench(storeOptions);

async function expectSameAfter(from: MakeBench, to: MakeBench): Promise<void> {
  const file = newFile();
  const content = await withEmpty(from, async (store) => {
    await fill(houseOver(store));
    await backupStore(store, file, now);
    return contentOf(store);
  });
  await withEmpty(to, async (store) => {
    const counts = await restoreStore(store, file, now + 1);
    const { settings, ...restored } = await contentOf(store);
    // The pause comes beside what was there.
    expect({ ...restored, settings: settings?.filter((row) => content["settings"]?.includes(row)) }).toEqual(content);
    expect(settings).toHaveLength((content["settings"]?.length ?? 0) + 1);
    const present = Object.entries(content).filter(([, rows]) => rows.length > 0);
    expect(counts).toEqual(Object.fromEntries(present.map(([table, rows]) => [table, rows.length])));
    expect((await checkStore(houseOver(store))).faults).toEqual([]);
    await expectHeldAndUsable(store);
  });
}

/** Nothing leaves before the release, and what is new gets ids that nobody has had. */
async function expectHeldAndUsable(store: Store): Promise<void> {
  const claim = () => store.write(({ deliveries }) => deliveries.claim(now + 9, now + 10, 100));
  expect(await store.read(({ queue }) => queue.paused())).toMatchObject({
    since: now + 1,
    reason: expect.stringContaining("2027-03-01T08:00:00"),
  });
  expect(await claim()).toEqual([]);
  await store.write(({ queue }) => queue.release());
  expect(await claim()).not.toEqual([]);
  const [person] = await store.read(({ principals }) => principals.list());
  if (!person) throw new Error("there is nobody");
  const before = await store.read(({ upkeep }) => upkeep.lastIds());
  await invite({ ...houseOver(store), makeUid: () => "new@example.test" }, person, [outsider]);
  const created = await store.read(({ objects }) => objects.byUid(person.id, "new@example.test"));
  expect(Number(created?.id)).toBeGreaterThan(before["objects"] ?? 0);
}

test("what is backed up is there after it is restored, and its mail is held", () =>
  expectSameAfter(onSqlite, onSqlite));

describe.skipIf(skipsPostgres)("with PostgreSQL", () => {
  test("the same, from it to it", () => expectSameAfter(onPostgres, onPostgres));
  test("the same, from SQLite", () => expectSameAfter(onSqlite, onPostgres));
  test("the same, to SQLite", () => expectSameAfter(onPostgres, onSqlite));
});

onEveryStore((makeBench) => {
  test(
    "a backup under load is one moment: every object with its message, its deliveries, its document",
    withStore(makeBench, async (store, bench) => {
      const house = houseOver(store);
      const { ann } = await fill(house);
      const other = await bench.open();
      const load = { goesOn: true, count: 0 };
      const written = Promise.all([1, 2, 3].map(() => inviteWhile(load, () => invite(house, ann, [outsider]))));
      const copies = [newFile(), newFile(), newFile()];
      try {
        for (const [place, file] of copies.entries()) {
          await backupStore(other, file, now);
          while (load.count < 2 * (place + 1)) await sleep(1); // on a machine that is busy a copy can be faster
        }
      } finally {
        load.goesOn = false;
      }
      await written;
      const kept: number[] = [];
      for (const file of copies) {
        await withEmpty(onSqlite, async (empty) => {
          const { objects, messages } = await restoreStore(empty, file, now);
          expect(Number(messages) - Number(objects)).toBe(3);
          expect((await checkStore(houseOver(empty))).faults).toEqual([]);
          kept.push(Number(objects));
        });
      }
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      expect(kept.at(-1)).toBeLessThanOrEqual(3 + load.count);
      await other.close();
    }),
  );
}, storeOptions);

async function inviteWhile(load: { readonly goesOn: boolean; count: number }, step: () => Promise<unknown>) {
  for (; load.goesOn; load.count++) {
    await step();
    // SQLite answers at once: without a pause nothing else would get a turn.
    await sleep(1);
  }
}

describe("a file", () => {
  let whole: Buffer | undefined;
  const wholeFile = async (): Promise<Buffer> => {
    if (whole) return whole;
    const file = newFile();
    await withEmpty(onSqlite, async (store) => {
      await fill(houseOver(store));
      await backupStore(store, file, now);
    });
    whole = readFileSync(file);
    return whole;
  };
  const changed = async (change: (text: string) => string): Promise<Buffer> =>
    gzipSync(change(gunzipSync(await wholeFile()).toString("utf8")));
  const withoutEnd = (text: string): string => text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1);

  const broken: readonly (readonly [string, RegExp, () => Promise<Buffer>])[] = [
    ["cut in its bytes", /cut short/, async () => (await wholeFile()).subarray(0, -300)],
    ["without its end", /cut short/, () => changed(withoutEnd)],
    ["cut in a line", /cut short/, () => changed((text) => text.slice(0, -5))],
    ["with another word in a row", /checksum/, () => changed((text) => text.replace('"Ann"', '"Eve"'))],
    ["with a row taken out", /checksum/, () => changed((text) => text.replace(/\["addresses".*\n/, ""))],
    ["with another header", /checksum/, () => changed((text) => text.replace("2027-03-01", "2027-03-02"))],
    ["with more after its end", /more after its end/, () => changed((text) => `${text}["principals",{}]\n`)],
    ["that is no JSON", /was changed/, () => changed((text) => text.replace('["addresses",', '["addresses"'))],
    ["that is something else", /no backup of Parley's/, async () => gzipSync('{"format":"other"}\n')],
    [
      "of a later form",
      /its form is 2; known is 1/,
      () => changed((text) => text.replace('"version":1', '"version":2')),
    ],
    ["that is not gzipped", /was changed/, async () => Buffer.from("a letter")],
    ["that is empty", /cut short/, async () => Buffer.alloc(0)],
  ];

  test.each(broken)("%s is refused, and nothing of it is restored", async (_, reason, make) => {
    const file = newFile();
    writeFileSync(file, await make());
    await expect(checkBackup(file)).rejects.toThrow(reason);
    await withEmpty(onSqlite, async (store) => {
      await expect(restoreStore(store, file, now)).rejects.toThrow(reason);
      expect(Object.values(await contentOf(store)).flat()).toEqual([]);
      expect(await store.read(({ queue }) => queue.paused())).toBeUndefined();
    });
  });

  test("with one bit turned, or cut anywhere, is refused", async () => {
    const bytes = await wholeFile();
    // The first ten octets are gzip's own header: time and system of origin say nothing of the content.
    const place = fc.integer({ min: 10, max: bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 0, max: 7 }), fc.boolean(), async (at, bit, cut) => {
        const file = join(folder, "turned.gz");
        const turned = Buffer.from(cut ? bytes.subarray(0, at) : bytes);
        if (!cut) turned[at] = (turned[at] ?? 0) ^ (1 << bit);
        writeFileSync(file, turned);
        await expect(verifyBackup(file)).rejects.toThrow("is no whole backup");
      }),
      { numRuns: 60 },
    );
  });

  test("that is not there, or a folder, is refused with its name", async () => {
    await expect(checkBackup(join(folder, "absent.gz"))).rejects.toThrow(/absent\.gz.*there is no such file/);
    await expect(checkBackup(folder)).rejects.toThrow(/cannot be read \(EISDIR\)/);
  });

  test("of other tables is for another Parley", async () => {
    const file = newFile();
    const header = { format: "parley-backup", version: 1, schema: newestSchema, created: "", lastIds: {} };
    for (const [schema, words] of [
      [newestSchema - 1, "of an older Parley"],
      [newestSchema + 1, "of a newer Parley"],
    ] as const) {
      const text = `${JSON.stringify({ ...header, schema })}\n`;
      const sha256 = contentHash(text);
      writeFileSync(file, gzipSync(`${text}${JSON.stringify({ counts: {}, sha256 })}\n`));
      await expect(checkBackup(file)).rejects.toThrow(words);
    }
  });

  test("is nobody else's to read, takes the place of no other, and leaves nothing where it fails", async () => {
    const file = newFile();
    await withEmpty(onSqlite, async (store) => {
      await backupStore(store, file, now);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      await expect(backupStore(store, file, now)).rejects.toThrow(`${file} is there already`);
      const failing: Store = { ...store, read: () => Promise.reject(new Error("disk full")) };
      await expect(backupStore(failing, `${file}.2`, now)).rejects.toThrow("disk full");
      expect(readdirSync(folder).filter((name) => name.startsWith(basename(file)))).toEqual([basename(file)]);
    });
  });
});

test("a store that is used takes no backup and stays as it is", async () => {
  const file = newFile();
  await withEmpty(onSqlite, async (store) => {
    await fill(houseOver(store));
    await backupStore(store, file, now);
    const before = await contentOf(store);
    await expect(restoreStore(store, file, now)).rejects.toThrow("this one has 2 rows in principals");
    expect(await contentOf(store)).toEqual(before);
  });
});

test("any text and any bytes are the same after it", async () => {
  const texts = [
    "\u2028 and \u2029",
    "\u0000",
    "\ud800",
    '{"base64":"QUJD"}',
    "line\r\nline",
    "x".repeat(100_000),
    "𝒳",
  ];
  const file = newFile();
  await withEmpty(onSqlite, async (store) => {
    const { ann } = await fill(houseOver(store));
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await store.write(async ({ ledger }) => {
      const source = await ledger.putSource(bytes);
      for (const subject of texts) {
        const facts = {
          at: 0,
          direction: "in",
          from: "",
          to: [subject],
          rule: "none",
          reason: "",
          changes: [],
        } as const;
        await ledger.add({ principal: ann.id, ...facts, subject, verdict: "unreadable", violations: [], source });
      }
    });
    await backupStore(store, file, now);
    const { settings: _, ...content } = await contentOf(store);
    await withEmpty(onSqlite, async (empty) => {
      await restoreStore(empty, file, now);
      expect(await contentOf(empty)).toMatchObject(content);
    });
  });
});

test("the list of tables is all there are but the sessions and what is made anew, each after those it refers to", async () => {
  const file = join(folder, "tables.sqlite");
  await (await openSqliteStore(file, storeOptions)).close();
  const db = new SqliteDatabase(file);
  const pragma = (name: string, table: string) =>
    db.pragma(`${name}(${table})`) as readonly Readonly<Record<string, string | number>>[];
  const present = db.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'");
  const names = tableList.map(({ name }): string => name);
  expect([...names, "busy", "jobs", "migrations", "sessions", "sign_ins"].sort()).toEqual(present.pluck().all().sort());
  for (const { name, key, references = [] } of tableList) {
    const columns = pragma("table_info", name).filter(({ pk }) => Number(pk) > 0);
    expect(columns.sort((a, b) => Number(a["pk"]) - Number(b["pk"])).map((column) => column["name"])).toEqual(key);
    const foreign = pragma("foreign_key_list", name).map(({ from, table, to }) => [from, table, to]);
    expect([...foreign].sort()).toEqual([...references].sort());
    for (const [, table] of references) expect(names.indexOf(table)).toBeLessThan(names.indexOf(name));
  }
  db.close();
});
