import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openConnection, openSqliteStore } from "../../src/store/sqlite.ts";
import { addAnn, answer, saveAnswer, storeOptions, uid } from "./fixtures.ts";
import { testProcesses } from "./processes.ts";

let folder = "";
let files = 0;
const newFile = () => join(folder, `${files++}.db`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parley-store-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

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

testProcesses(async () => newFile());

function numberOf(db: SqliteDatabase.Database, query: string): number {
  return Number(db.prepare(query).pluck().get());
}
