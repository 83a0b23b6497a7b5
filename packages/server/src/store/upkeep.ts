import { type Kysely, SqliteAdapter, sql } from "kysely";
import { findRowFaults, finishedMark, noObjectHas } from "./faults.ts";
import { chunksOf, rowId } from "./keys.ts";
import { nothingRefersTo } from "./sources.ts";
import type { RawRow, ReadUpkeep, Upkeep } from "./store.ts";
import { type TableFacts, tableList } from "./table-list.ts";
import type { Database } from "./tables.ts";

const rowsAtOnce = 500;
/** Values of one statement: every database takes as many. */
const maxParameters = 900;

const tableNames = tableList.map(({ name }) => name);

/** Reads tables as tables. */
export function readUpkeep(db: Database): ReadUpkeep {
  return {
    schemaVersion: async () => {
      const { rows } = await sql<{ version: number }>`select max(version) as version from migrations`.execute(db);
      return Number(rows[0]?.version ?? 0);
    },
    tables: tableNames,
    page: (table, after) => readPage(db, factsOf(table), after),
    count: async (table) => {
      const counted = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db);
      return Number(counted.rows[0]?.count ?? 0);
    },
    lastIds: () => lastIds(db),
    faults: () => findRowFaults(db, isSqlite(db)),
  };
}

/** Reads and writes tables as tables. */
export function writeUpkeep(db: Database): Upkeep {
  return {
    ...readUpkeep(db),
    insert: async (table, rows) => {
      const columns = Object.keys(rows[0] ?? {});
      const untyped = db as unknown as Kysely<Record<string, Record<string, unknown>>>;
      for (const values of chunksOf(rows, Math.max(1, Math.floor(maxParameters / Math.max(1, columns.length))))) {
        await untyped.insertInto(factsOf(table).name).values(values).execute();
      }
    },
    raiseLastIds: async (ids) => {
      for (const [table, id] of Object.entries(ids)) await raiseLastId(db, factsOf(table).name, id);
    },
    repair: async () => {
      // Nobody may come to refer, in between, to what nothing refers to. SQLite's writers take turns anyway.
      if (!isSqlite(db)) await sql`lock table documents, sources in share row exclusive mode`.execute(db);
      await db.deleteFrom("documents").where(noObjectHas).execute();
      await db.deleteFrom("sources").where(nothingRefersTo).execute();
      await db
        .updateTable("deliveries")
        .set({ finished: finishedMark })
        .where("finished", "!=", finishedMark)
        .execute();
    },
    setSpan: async (object, { starts, ends }) => {
      await db
        .updateTable("objects")
        .set({ starts, ends })
        .where("id", "=", rowId(object) ?? 0)
        .execute();
    },
  };
}

function factsOf(table: string): TableFacts {
  const facts = tableList.find(({ name }) => name === table);
  if (!facts) throw new Error(`there is no table ${table}`);
  return facts;
}

async function readPage(db: Database, facts: TableFacts, after: RawRow | undefined): Promise<readonly RawRow[]> {
  const key = sql.join(facts.key.map((column) => sql.ref(column)));
  const past = after && sql.join(facts.key.map((column) => sql.val(after[column])));
  const where = past ? sql`where (${key}) > (${past})` : sql``;
  const limit = facts.rowsAtOnce ?? rowsAtOnce;
  const page = sql<RawRow>`select * from ${sql.table(facts.name)} ${where} order by ${key} limit ${limit}`;
  const { rows } = await page.execute(db);
  return facts.derived ? rows.map((row) => without(row, facts.derived ?? [])) : rows;
}

function without(row: RawRow, columns: readonly string[]): RawRow {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)));
}

/** Tells whether a database is SQLite, where it makes a difference. */
export function isSqlite(db: Database): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter;
}

const counted = tableList.filter(({ key }) => key.length === 1 && key[0] === "id").map(({ name }) => name);

async function lastIds(db: Database): Promise<Readonly<Record<string, number>>> {
  const ids: Record<string, number> = {};
  for (const table of counted) {
    const last = isSqlite(db)
      ? sql<{ id: number }>`select seq as id from sqlite_sequence where name = ${table}`
      : sql<{ id: number }>`select coalesce(pg_sequence_last_value(pg_get_serial_sequence(${table}, 'id')), 0) as id`;
    ids[table] = Number((await last.execute(db)).rows[0]?.id ?? 0);
  }
  return ids;
}

async function raiseLastId(db: Database, table: string, id: number): Promise<void> {
  if (id < 1) return;
  if (!isSqlite(db)) {
    const sequence = sql`pg_get_serial_sequence(${table}, 'id')`;
    const present = sql`coalesce(pg_sequence_last_value(${sequence}), 0)`;
    await sql`select setval(${sequence}, greatest(${present}, ${sql.lit(id)}))`.execute(db);
    return;
  }
  await sql`delete from sqlite_sequence where name = ${table} and seq < ${id}`.execute(db);
  const one = sql`insert into sqlite_sequence (name, seq) select ${table}, ${id}`;
  await sql`${one} where not exists (select 1 from sqlite_sequence where name = ${table})`.execute(db);
}
