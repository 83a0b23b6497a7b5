import { sql } from "kysely";
import { contentHash } from "./keys.ts";
import { nothingRefersTo } from "./sources.ts";
import type { Fault } from "./store.ts";
import { tableList } from "./table-list.ts";
import type { Database } from "./tables.ts";

/** Faults of one kind that are told; where there are more, mending these brings up the others. */
const maxOfAKind = 100;

/** True of a document that no object has. */
export const noObjectHas = sql<boolean>`not exists (select 1 from objects where objects.document = documents.hash)`;
/** What `finished` must be. */
export const finishedMark = sql<number>`case when state in ('queued', 'deferred') then 0 else 1 end`;

/** Finds what the rows alone show to be wrong: the file itself, references, contents and their hashes, orphans. */
export async function* findRowFaults(db: Database, sqlite: boolean): AsyncGenerator<Fault> {
  if (sqlite) yield* findDamage(db);
  yield* findBrokenReferences(db);
  yield* findChangedContents(db);
  yield* findOrphans(db);
  yield* findHomeless(db);
  yield* findMisplaced(db);
  yield* findHalfSubscribed(db);
  yield* findWrongMarks(db);
}

async function* findDamage(db: Database): AsyncGenerator<Fault> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(${sql.lit(maxOfAKind)})`.execute(db);
  for (const { integrity_check: detail } of rows) {
    if (detail !== "ok") yield { invariant: "database file", where: "SQLite", detail, repairable: false };
  }
}

async function* findBrokenReferences(db: Database): AsyncGenerator<Fault> {
  for (const { name, key, references = [] } of tableList) {
    for (const [column, table, target] of references) {
      const [child, parent] = [sql.ref(`${name}.${column}`), sql.ref(`${table}.${target}`)];
      const keys = sql.join(key.map((one) => sql.ref(`${name}.${one}`)));
      const { rows } = await sql<Record<string, unknown>>`
        select ${keys}, ${child} as missing from ${sql.table(name)} left join ${sql.table(table)} on ${child} = ${parent}
        where ${child} is not null and ${parent} is null limit ${maxOfAKind}`.execute(db);
      for (const row of rows) {
        const where = `${name} ${key.map((one) => String(row[one])).join(" ")}`;
        const detail = `${column} is ${String(row["missing"])}, which is not in ${table}`;
        yield { invariant: "reference", where, detail, repairable: false };
      }
    }
  }
}

/** Every content is looked at, one by one: it may be large. */
async function* findChangedContents(db: Database): AsyncGenerator<Fault> {
  for (const [table, column] of [
    ["documents", "text"],
    ["sources", "bytes"],
  ] as const) {
    for (let after = ""; ; ) {
      const { rows } = await sql<{ hash: string; content: string | Uint8Array }>`
        select hash, ${sql.ref(column)} as content from ${sql.table(table)} where hash > ${after} order by hash limit 1`.execute(
        db,
      );
      const [row] = rows;
      if (!row) break;
      after = row.hash;
      if (contentHash(row.content) === row.hash) continue;
      const detail = "its content is not what its hash says";
      yield { invariant: "content", where: `${table} ${row.hash}`, detail, repairable: false };
    }
  }
}

async function* findOrphans(db: Database): AsyncGenerator<Fault> {
  const documents = await db.selectFrom("documents").select("hash").where(noObjectHas).limit(maxOfAKind).execute();
  for (const { hash } of documents) yield orphan(`documents ${hash}`, "no object has it");
  const sources = await db.selectFrom("sources").select("hash").where(nothingRefersTo).limit(maxOfAKind).execute();
  for (const { hash } of sources) yield orphan(`sources ${hash}`, "nothing refers to it");
}

function orphan(where: string, detail: string): Fault {
  return { invariant: "orphan", where, detail, repairable: true };
}

async function* findHomeless(db: Database): AsyncGenerator<Fault> {
  const { rows } = await sql<{ id: number; calendars: number; main: number }>`
    select p.id,
      (select count(*) from calendars c where c.principal_id = p.id and c.is_default = 1) as calendars,
      (select count(*) from addresses a where a.principal_id = p.id and a.position = 0 and a.address = p.address) as main
    from principals p order by p.id`.execute(db);
  for (const { id, calendars, main } of rows) {
    const where = `principals ${id}`;
    if (Number(calendars) !== 1)
      yield { invariant: "person", where, detail: "does not have one default calendar", repairable: false };
    if (Number(main) !== 1)
      yield { invariant: "person", where, detail: "does not have the address they write from", repairable: false };
  }
}

/** What is in a calendar has a name there, and a number that was counted there; what was removed has none. */
async function* findMisplaced(db: Database): AsyncGenerator<Fault> {
  const rows = await db
    .selectFrom("objects")
    .innerJoin("calendars", "calendars.id", "objects.calendar_id")
    .select(["objects.id", "objects.calendar_id"])
    .where((eb) =>
      eb.or([
        eb.and([eb("document", "is", null), eb("objects.name", "is not", null)]),
        eb.and([eb("document", "is not", null), eb.or([eb("objects.name", "is", null), eb("component", "is", null)])]),
        eb("objects.principal_id", "!=", eb.ref("calendars.principal_id")),
        eb.and([eb("document", "is not", null), eb("objects.revision", ">", eb.ref("calendars.revision"))]),
      ]),
    )
    .limit(maxOfAKind)
    .execute();
  for (const { id, calendar_id } of rows) {
    const detail = `has no place in calendar ${calendar_id}, or one that is not so`;
    yield { invariant: "place", where: `objects ${id}`, detail, repairable: false };
  }
}

/** What is read from elsewhere says where, and when next. */
async function* findHalfSubscribed(db: Database): AsyncGenerator<Fault> {
  const { rows } = await sql<{ id: number }>`
    select c.id from calendars c left join subscriptions s on s.calendar_id = c.id
    where (c.source is null) <> (s.calendar_id is null) order by c.id limit ${maxOfAKind}`.execute(db);
  for (const { id } of rows) {
    const detail = "is read from elsewhere by half: its address or its times are missing";
    yield { invariant: "subscription", where: `calendars ${id}`, detail, repairable: false };
  }
}

async function* findWrongMarks(db: Database): AsyncGenerator<Fault> {
  const deliveries = await db
    .selectFrom("deliveries")
    .select(["id", "state"])
    .where("finished", "!=", finishedMark)
    .limit(maxOfAKind)
    .execute();
  for (const { id, state } of deliveries) {
    yield {
      invariant: "delivery",
      where: `deliveries ${id}`,
      detail: `is ${state}, but marked otherwise`,
      repairable: true,
    };
  }
  const messages = await db
    .selectFrom("messages")
    .select(["id", "verdict"])
    .where((eb) =>
      eb.or([
        eb.and([eb("waiting", "=", 1), eb("verdict", "!=", "held")]),
        eb.and([eb("verdict", "=", "undecided"), eb("question", "is", null)]),
        eb.and([eb("decided_at", "is not", null), eb("verdict", "!=", "undecided")]),
      ]),
    )
    .limit(maxOfAKind)
    .execute();
  for (const { id, verdict } of messages) {
    yield {
      invariant: "message",
      where: `messages ${id}`,
      detail: `is ${verdict}, which its other columns contradict`,
      repairable: false,
    };
  }
}
