import SqliteDatabase from "better-sqlite3";
import { Kysely, SqliteDialect, sql } from "kysely";
import { expect, test } from "vitest";
import { prepared, preparedForMany, preparedForRow } from "../../src/store/prepared.ts";
import type { Tables } from "../../src/store/tables.ts";

type Setting = Tables["settings"];

async function openSettings(names: readonly string[]): Promise<Kysely<Tables>> {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new SqliteDatabase(":memory:") }) });
  await sql`create table settings (name text primary key, value text default 'none')`.execute(db);
  for (const name of names) await sql`insert into settings values (${name}, ${`of ${name}`})`.execute(db);
  return db;
}

const byName = prepared((db, name: string) => db.selectFrom("settings").selectAll().where("name", "=", name));
const byNames = preparedForMany((db, names: readonly string[], but: string) =>
  db.selectFrom("settings").select("name").where("name", "in", names).where("value", "!=", but).orderBy("name"),
);

test("a prepared query is asked with other values, and of other databases", async () => {
  const [one, other] = [await openSettings(["a", "b"]), await openSettings(["b"])];
  expect(await byName(one, "a")).toEqual([{ name: "a", value: "of a" }]);
  expect(await byName(one, "b")).toEqual([{ name: "b", value: "of b" }]);
  expect(await byName(other, "a")).toEqual([]);
  expect(await one.transaction().execute((db) => byName(db, "b"))).toHaveLength(1);
});

test("a value that stands twice in a query is the same in both places", async () => {
  const db = await openSettings(["a", "of a"]);
  const either = prepared((on, text: string) =>
    on
      .selectFrom("settings")
      .select("name")
      .where((eb) => eb.or([eb("name", "=", text), eb("value", "=", text)])),
  );
  expect((await either(db, "of a")).map(({ name }) => name).sort()).toEqual(["a", "of a"]);
});

test("a value that does not come into the query is a mistake that is told", async () => {
  const db = await openSettings([]);
  const deaf = prepared((on, _name: string) => on.selectFrom("settings").selectAll());
  await expect(deaf(db, "a")).rejects.toThrow("value 0 does not come into the query");
});

test.each([0, 1, 2, 8, 9, 64, 65, 500, 501, 1_100])("of a list of %i each is found once", async (count) => {
  const names = Array.from({ length: count }, (_, i) => `n${i}`);
  const db = await openSettings(["other", "left out", ...names]);
  const found = await byNames(db, [...names, "left out"], "of left out");
  expect(found.map(({ name }) => name).sort()).toEqual(names.sort());
});

test("a row is written with the columns it has", async () => {
  const db = await openSettings([]);
  const add = preparedForRow((on, row: Partial<Setting> & Pick<Setting, "name">) =>
    on
      .insertInto("settings")
      .values(row as Setting)
      .returningAll(),
  );
  expect(await add(db, { name: "a", value: "1" })).toEqual([{ name: "a", value: "1" }]);
  expect(await add(db, { name: "b" })).toEqual([{ name: "b", value: "none" }]);
  expect(await add(db, { value: "3", name: "c" })).toEqual([{ name: "c", value: "3" }]);
});
