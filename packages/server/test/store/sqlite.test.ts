import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import SqliteDatabase from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openConnection, openSqliteStore } from "../../src/store/sqlite.ts";
import type { Bench } from "./bench.ts";
import { testStore } from "./contract.ts";
import { addAnn, answer, saveAnswer, storeOptions, uid } from "./fixtures.ts";

let folder = "";
let files = 0;
const newFile = () => join(folder, `${files++}.db`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-store-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

testStore("SQLite in a file", async (): Promise<Bench> => {
  const file = newFile();
  await (await openSqliteStore(file, storeOptions)).close();
  const db = new SqliteDatabase(file);
  countWrites(db);
  return {
    open: () => openSqliteStore(file, storeOptions),
    rowsWritten: () => numberOf(db, "select value from writes"),
    count: (table) => numberOf(db, `select count(*) from ${table}`),
    close: async () => {
      db.close();
    },
  };
});

function numberOf(db: SqliteDatabase.Database, query: string): number {
  return Number(db.prepare(query).pluck().get());
}

/** Triggers count the rows of all connections, and nothing in the product needs to. */
function countWrites(db: SqliteDatabase.Database): void {
  const tables = db
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    .pluck()
    .all();
  db.exec("create table writes (value integer); insert into writes values (0)");
  for (const table of tables) {
    for (const event of ["insert", "update", "delete"]) {
      db.exec(
        `create trigger count_${table}_${event} after ${event} on ${table} begin update writes set value = value + 1; end`,
      );
    }
  }
}

describe("an SQLite file", () => {
  test("is written through with every commit, with its references checked, and waits for others", async () => {
    const db = await openConnection(newFile());
    const pragmas = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"];
    expect(pragmas.map((name) => db.pragma(name, { simple: true }))).toEqual(["wal", 2, 1, 10_000]);
    db.close();
  });

  test("of a newer program is refused and left as it is", async () => {
    const file = newFile();
    await (await openSqliteStore(file, storeOptions)).close();
    const db = new SqliteDatabase(file);
    db.exec("insert into migrations (version, name) values (9999, 'of tomorrow')");
    await expect(openSqliteStore(file, storeOptions)).rejects.toThrow(/schema version 9999.*start a newer program/);
    expect(numberOf(db, "select max(version) from migrations")).toBe(9_999);
    db.close();
  });

  test("that is none is refused", async () => {
    const file = newFile();
    writeFileSync(file, "this is a letter, not a database".repeat(100));
    await expect(openSqliteStore(file, storeOptions)).rejects.toThrow(
      `cannot open the store ${file}: file is not a database`,
    );
    const nowhere = join(folder, "no", "such", "folder.db");
    await expect(openSqliteStore(nowhere, storeOptions)).rejects.toThrow(`cannot open the store ${nowhere}`);
  });

  test("with a document that cannot be read says so", async () => {
    const file = newFile();
    const store = await openSqliteStore(file, storeOptions);
    const ann = await addAnn(store);
    await store.write((transaction) => saveAnswer(transaction, ann.id, answer("guest@example.test")));
    await store.close();
    const db = new SqliteDatabase(file);
    db.exec("update documents set text = 'BEGIN:VCALENDAR' || char(13, 10) || 'END:VCALENDAR'");
    db.close();
    const again = await openSqliteStore(file, storeOptions);
    await expect(again.read(({ objects }) => objects.byUid(ann.id, uid))).rejects.toThrow(
      /document \w+ cannot be read/,
    );
    await again.close();
  });
});

describe("SQLite in memory", () => {
  test("serves writers and readers by turns", async () => {
    const store = await openSqliteStore(":memory:", storeOptions);
    const ann = await addAnn(store);
    const works = Array.from({ length: 10 }, (_, number) => [
      store.write((transaction) => saveAnswer(transaction, ann.id, answer(`guest${number}@example.test`))),
      store.read(({ objects }) => objects.byUid(ann.id, uid)),
    ]);
    await Promise.all(works.flat());
    const loaded = await store.read(({ objects }) => objects.byUid(ann.id, uid));
    expect(loaded?.state.participations.stored.size).toBe(10);
    await store.close();
  });
});

describe("processes", () => {
  test("that make one file at once and write into it lose nothing of each other", async () => {
    const file = newFile();
    const printed = await Promise.all(["bob", "carl", "dora"].map((name) => runWriter(file, name, 15)));
    await expectKept(file, printed.flat(), 45);
  });

  test("that are killed lose nothing they promised to keep, and half of nothing else", async () => {
    const file = newFile();
    const printed: string[] = [];
    for (const killAfter of [1, 10, 23])
      printed.push(...(await runWriter(file, `run${killAfter}`, 100_000, killAfter)));
    expect(printed.length).toBeGreaterThanOrEqual(34);
    await expectKept(file, printed);
  });
});

/** Runs a writer to its end, or until it is killed after that many lines; gives the lines it printed. */
async function runWriter(file: string, name: string, count: number, killAfter = Infinity): Promise<string[]> {
  const script = fileURLToPath(new URL("writer.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", script, file, name, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === killAfter) child.kill("SIGKILL");
  }
  expect(await ended).toBe(killAfter === Infinity ? 0 : "SIGKILL");
  return lines;
}

/** Every name printed is kept, in the object and in the ledger alike. */
async function expectKept(file: string, printed: readonly string[], exactly?: number): Promise<void> {
  const store = await openSqliteStore(file, storeOptions);
  await store.read(async ({ principals, objects, ledger }) => {
    const [ann, ...others] = await principals.list();
    expect(others).toEqual([]);
    const loaded = await objects.byUid(ann?.id ?? "", uid);
    const answered = [...(loaded?.state.participations.stored.values() ?? [])].map(
      ({ attendee }) => attendee.split("@")[0],
    );
    const recorded = (await ledger.list(ann?.id ?? "", { uid, limit: 100_000 })).map((row) => row.subject);
    expect(answered.sort()).toEqual(recorded.sort());
    expect(printed.filter((name) => !recorded.includes(name))).toEqual([]);
    if (exactly !== undefined) expect(recorded.length).toBe(exactly);
  });
  await store.close();
}
