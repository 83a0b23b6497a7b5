import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { Client } from "pg";
import { describe } from "vitest";
import { openPostgresStore } from "../../src/store/postgres.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Store } from "../../src/store/store.ts";
import type { Bench, MakeBench } from "./bench.ts";
import { storeOptions } from "./fixtures.ts";
import { emptyDatabase, skipsPostgres } from "./postgres.ts";
import { asUser } from "./postgres-server.ts";
import { sqliteFile } from "./sqlite-file.ts";

/** What a store of a test is given. */
type Options = Parameters<typeof openSqliteStore>[1];

/** Runs the same tests on every kind of store. */
export function onEveryStore(suite: (makeBench: MakeBench) => void, options: Options = storeOptions): void {
  describe("on SQLite", () => suite(() => sqliteBench(options)));
  describe.skipIf(skipsPostgres)("on PostgreSQL", () => suite(() => postgresBench(options)));
}

/** Opens a store by a URL, or by the name of an SQLite file. */
export function openAnyStore(place: string, options: Options = storeOptions): Promise<Store> {
  if (!place.startsWith("postgresql://")) return openSqliteStore(place, options);
  return openPostgresStore(place, { ...options, random: () => 0.5 });
}

/** An empty SQLite file. */
export async function sqliteBench(options: Options = storeOptions): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "parley-store-"));
  const file = join(folder, "parley.sqlite");
  migrated ??= sqliteFile();
  writeFileSync(file, await migrated);
  const db = new SqliteDatabase(file);
  const numberOf = (query: string) => Number(db.prepare(query).pluck().get());
  const count = async (table: string) => numberOf(`select count(*) from ${table}`);
  let isCounting = false;
  return {
    open: () => openSqliteStore(file, options),
    rowsWritten: async () => {
      if (!isCounting) db.transaction(() => countRows(db))();
      isCounting = true;
      return numberOf("select value from writes");
    },
    count,
    counts: (...names) => Promise.all(names.map(count)),
    run: async (statements) => {
      db.exec(statements);
    },
    close: async () => {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

let migrated: Promise<Uint8Array> | undefined;

/** Lets triggers count the rows of all connections: nothing in the product needs to. */
function countRows(db: SqliteDatabase.Database): void {
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

/** An empty PostgreSQL database. */
export async function postgresBench(options: Options = storeOptions): Promise<Bench> {
  const url = await migratedDatabase();
  const open = () => openAnyStore(url, options);
  const client = new Client({ connectionString: url });
  await client.connect();
  const numberOf = async (query: string) =>
    Number((await client.query({ text: query, rowMode: "array" })).rows[0]?.[0]);
  const counts = async (...tables: readonly string[]) => {
    const found: number[] = [];
    for (const table of tables) found.push(await numberOf(`select count(*) from ${table}`));
    return found;
  };
  let counting: Promise<unknown> | undefined;
  return {
    open,
    rowsWritten: async () => {
      counting ??= client.query(countWrites);
      await counting;
      return numberOf("select last_value - 1 from writes");
    },
    count: async (table) => (await counts(table))[0] ?? 0,
    counts,
    run: async (statements) => {
      await client.query(statements);
    },
    close: () => client.end(),
  };
}

let template: Promise<string> | undefined;
let copies = 0;

/** A copy of a database with all tables and no rows: migrating each anew takes ten times as long. */
async function migratedDatabase(): Promise<string> {
  template ??= emptyDatabase().then(async (url) => {
    await (await openAnyStore(url)).close();
    return url;
  });
  const url = new URL(await template);
  const original = url.pathname.slice(1);
  const copy = `${original}_${copies++}`;
  await asUser(Number(url.port), "postgres", `create database ${copy} template ${original}`);
  url.pathname = `/${copy}`;
  return url.href;
}

/** A sequence counts: a row of its own would make writers wait for one another. */
const countWrites = `
  create sequence writes;
  select nextval('writes');
  create function count_write() returns trigger language plpgsql as $$ begin perform nextval('writes'); return null; end $$;
  do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = 'public' loop
      execute format('create trigger count_writes after insert or update or delete on %I for each row execute function count_write()', name);
    end loop;
  end $$`;
