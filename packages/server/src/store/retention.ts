import { type ExpressionBuilder, sql } from "kysely";
import type { ReadRetention, RemovedMessages, Retention } from "./housekeeping.ts";
import { chunksOf, rowId } from "./keys.ts";
import { nothingRefersTo } from "./sources.ts";
import type { Database, DeliveryRow, MessageRow, Tables } from "./tables.ts";
import { isSqlite } from "./upkeep.ts";

/** Messages looked at in one step. */
const messagesAtOnce = 200;
/** Deliveries removed in one step, but for those of its first message. */
const deliveriesAtOnce = 5_000;
const rowsPerStatement = 100;
const setting = "messages-removed-before";

/** Reads what is no longer kept. */
export function readRetention(db: Database): ReadRetention {
  return {
    removedBefore: async () => {
      const row = await db.selectFrom("settings").select("value").where("name", "=", setting).executeTakeFirst();
      return row && Number(row.value);
    },
  };
}

/** Removes what is kept no longer. */
export function writeRetention(db: Database): Retention {
  const read = readRetention(db);
  return {
    ...read,
    removeMessages: async (before, after) => {
      const looked = await db
        .selectFrom("messages")
        .select(["id", "at"])
        .where("id", ">", after === undefined ? 0 : (rowId(after) ?? 0))
        .orderBy("id")
        .limit(messagesAtOnce)
        .execute();
      // Ids are in order of time, but for a few: where none is old none that follows is.
      if (!looked.some(({ at }) => at < before)) return { messages: 0, sources: 0 };
      // Nobody may come to refer, in between, to what nothing refers to. SQLite's writers take turns anyway.
      if (!isSqlite(db)) await sql`lock table sources in share row exclusive mode`.execute(db);
      const old = await findRemovable(db, before, looked[0]?.id ?? 0, looked.at(-1)?.id ?? 0);
      const step = await boundStep(db, old);
      const last = String(step.length < old.length ? step.at(-1)?.id : looked.at(-1)?.id);
      if (step.length === 0) return { messages: 0, sources: 0, last };
      if (((await read.removedBefore()) ?? 0) < before) await remember(db, before);
      return { ...(await removeAll(db, step)), last };
    },
  };
}

type Removable = Pick<MessageRow, "source"> & { readonly id: number };

function findRemovable(db: Database, before: number, first: number, last: number): Promise<readonly Removable[]> {
  return db
    .selectFrom("messages as m")
    .select(["m.id", "m.source"])
    .where("m.id", ">=", first)
    .where("m.id", "<=", last)
    .where("m.at", "<", before)
    .where("m.waiting", "=", 0)
    .where((eb) => eb.or([eb("m.verdict", "!=", "undecided"), eb("m.decided_at", "is not", null)]))
    .where((eb) => {
      const kept = eb
        .selectFrom("deliveries as d")
        .select("d.id")
        .whereRef("d.message", "=", "m.id")
        .where((of) => of.or([of("d.finished", "=", 0), isLastWord(of), isSameMailLater(of)]));
      return eb.not(eb.exists(kept));
    })
    .orderBy("m.id")
    .execute();
}

type OfDelivery = ExpressionBuilder<Tables & { m: MessageRow; d: DeliveryRow }, "m" | "d">;

/** True of the last delivery to somebody about what is in the sender's calendar: what became of it is shown there. */
function isLastWord(eb: OfDelivery) {
  const later = eb
    .selectFrom("deliveries as later")
    .select("later.id")
    .whereRef("later.principal_id", "=", "d.principal_id")
    .whereRef("later.uid_key", "=", "d.uid_key")
    .whereRef("later.recipient", "=", "d.recipient")
    .whereRef("later.id", ">", "d.id")
    .where("later.state", "!=", "superseded");
  const object = eb
    .selectFrom("objects as o")
    .select("o.id")
    .whereRef("o.principal_id", "=", "d.principal_id")
    .whereRef("o.uid_key", "=", "d.uid_key")
    .where("o.document", "is not", null);
  return eb.and([eb("d.state", "!=", "superseded"), eb.not(eb.exists(later)), eb.exists(object)]);
}

/** True of a delivery that stands for a later message too: the same mail is queued once. */
function isSameMailLater(eb: OfDelivery) {
  const next = eb
    .selectFrom("messages as next")
    .select("next.id")
    .whereRef("next.principal_id", "=", "d.principal_id")
    .whereRef("next.uid_key", "=", "d.uid_key")
    .whereRef("next.id", ">", "d.message")
    .where("next.verdict", "=", "sent")
    .where(sql<boolean>`next.recipients like '%"' || d.recipient || '"%'`)
    .where((of) => {
      const own = of.selectFrom("deliveries as own").select("own.id").whereRef("own.message", "=", "next.id");
      return of.not(of.exists(own.whereRef("own.recipient", "=", "d.recipient")));
    });
  return eb.exists(next);
}

/** As many of the messages as have no more deliveries than one step removes; the first of them always. */
async function boundStep(db: Database, old: readonly Removable[]): Promise<readonly Removable[]> {
  const counts = new Map<number, number>();
  for (const some of chunksOf(old, rowsPerStatement)) {
    const rows = await db
      .selectFrom("deliveries")
      .select((eb) => ["message", eb.fn.countAll<number>().as("count")])
      .where(
        "message",
        "in",
        some.map(({ id }) => id),
      )
      .groupBy("message")
      .execute();
    for (const { message, count } of rows) counts.set(message, Number(count));
  }
  let sum = 0;
  const end = old.findIndex(({ id }) => {
    sum += counts.get(id) ?? 0;
    return sum > deliveriesAtOnce;
  });
  return end < 0 ? old : old.slice(0, Math.max(1, end));
}

async function removeAll(db: Database, step: readonly Removable[]): Promise<Omit<RemovedMessages, "last">> {
  const hashes = new Set(step.flatMap(({ source }) => source ?? []));
  for (const some of chunksOf(step, rowsPerStatement)) {
    const ids = some.map(({ id }) => id);
    const payloads = db.selectFrom("deliveries").select("payload").distinct().where("message", "in", ids);
    for (const { payload } of await payloads.execute()) hashes.add(payload);
    await db.deleteFrom("deliveries").where("message", "in", ids).execute();
    await db.deleteFrom("messages").where("id", "in", ids).execute();
  }
  let sources = 0;
  for (const some of chunksOf([...hashes], rowsPerStatement)) {
    const removed = await db.deleteFrom("sources").where("hash", "in", some).where(nothingRefersTo).executeTakeFirst();
    sources += Number(removed.numDeletedRows);
  }
  return { messages: step.length, sources };
}

async function remember(db: Database, before: number): Promise<void> {
  await db
    .insertInto("settings")
    .values({ name: setting, value: String(before) })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: String(before) }))
    .execute();
}
