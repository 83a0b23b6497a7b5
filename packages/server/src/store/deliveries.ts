import type { CalendarUserAddress } from "@parley/engine";
import { type ExpressionBuilder, type Selectable, sql } from "kysely";
import { chunksOf, columnText, indexKey, rowId } from "./keys.ts";
import type { Deliveries, Delivery, DeliveryState, LatestState, ReadDeliveries } from "./store.ts";
import type { Database, DeliveryRow, Tables } from "./tables.ts";

const unfinishedStates: ReadonlySet<DeliveryState> = new Set(["queued", "deferred"]);

/** Reads deliveries. */
export function readDeliveries(db: Database): ReadDeliveries {
  return {
    ofMessage: async (message) => {
      const row = rowId(message);
      if (row === undefined) return [];
      const rows = await db.selectFrom("deliveries").selectAll().where("message", "=", row).orderBy("id").execute();
      return rows.map(toDelivery);
    },
    latestStates: async (principal, uid) => {
      const latest = db
        .selectFrom("deliveries")
        .select((eb) => eb.fn.max("id").as("id"))
        .where("principal_id", "=", Number(principal))
        .where("uid_key", "=", indexKey(uid))
        .where("state", "!=", "superseded")
        .groupBy("recipient");
      const rows = await db.selectFrom("deliveries").select(["recipient", "state"]).where("id", "in", latest).execute();
      return new Map(rows.map((row) => [row.recipient as CalendarUserAddress, row.state as LatestState]));
    },
    ...readUnsent(db),
    ...readCounts(db),
    nextDue: async () => {
      const row = await db
        .selectFrom("deliveries as d")
        .select(sql<number | null>`min(case when d.leased_until > d.due then d.leased_until else d.due end)`.as("due"))
        .where("d.finished", "=", 0)
        .where("d.held", "is", null)
        .where(isFirst)
        .executeTakeFirst();
      return row?.due ?? undefined;
    },
  };
}

function readUnsent(db: Database): Pick<ReadDeliveries, "unsent" | "reached"> {
  return {
    unsent: async (principal, uid, now) => {
      const rows = await db
        .selectFrom("deliveries")
        .selectAll()
        .where("principal_id", "=", Number(principal))
        .where("uid_key", "=", indexKey(uid))
        .where("finished", "=", 0)
        .where("leased_until", "<=", now)
        .orderBy("id")
        .execute();
      return rows.map(toDelivery);
    },
    reached: async (principal, uid) => {
      const rows = await db
        .selectFrom("deliveries")
        .select("recipient")
        .distinct()
        .where("principal_id", "=", Number(principal))
        .where("uid_key", "=", indexKey(uid))
        .where((eb) =>
          eb.or([eb("attempts", ">", 0), eb("leased_until", ">", 0), eb("state", "not in", ["queued", "superseded"])]),
        )
        .execute();
      return rows.map(({ recipient }) => recipient as CalendarUserAddress);
    },
  };
}

function readCounts(db: Database): Pick<ReadDeliveries, "countSince" | "floodedSince"> {
  return {
    countSince: async (principal, since, limit) => {
      const some = db
        .selectFrom("deliveries")
        .select("id")
        .where("principal_id", "=", Number(principal))
        .where("queued_at", ">", since)
        .where("state", "!=", "superseded")
        .limit(limit)
        .as("some");
      const { count } = await db
        .selectFrom(some)
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    floodedSince: async (principal, uid, since, least) => {
      const rows = await db
        .selectFrom("deliveries")
        .select("recipient")
        .where("principal_id", "=", Number(principal))
        .where("queued_at", ">", since)
        .where("uid_key", "=", indexKey(uid))
        .where("state", "!=", "superseded")
        .groupBy("recipient")
        .having((eb) => eb(eb.fn.countAll(), ">=", least))
        .execute();
      return rows.map(({ recipient }) => recipient as CalendarUserAddress);
    },
  };
}

/** Reads and writes deliveries. `attempts` counts those whose end was recorded. */
export function writeDeliveries(db: Database): Deliveries {
  return {
    ...readDeliveries(db),
    enqueue: (...queued) => enqueue(db, ...queued),
    claim: (now, leasedUntil, limit) => claim(db, now, leasedUntil, limit),
    settle: async (id, { state, due, detail }) => {
      const finished = unfinishedStates.has(state) ? 0 : 1;
      await db
        .updateTable("deliveries")
        .set({
          state,
          finished,
          due,
          detail: columnText(detail),
          leased_until: 0,
          attempts: sql`attempts + 1 - finished`, // what is learnt after the end was no attempt
        })
        .where("id", "=", rowId(id) ?? 0)
        // Who comes back after the lease ran out must not take up again what another has finished.
        .where("finished", "<=", finished)
        .execute();
    },
    supersede: async (ids, at) => {
      for (const chunk of chunksOf(ids.map(Number), 500)) {
        await db
          .updateTable("deliveries")
          .set({ state: "superseded", finished: 1, due: at })
          .where("id", "in", chunk)
          .execute();
      }
    },
    answer: (...of) => answer(db, ...of),
  };
}

async function answer(db: Database, ...[principal, uid, recipient, sequence]: Parameters<Deliveries["answer"]>) {
  const requests = db
    .selectFrom("messages")
    .select("id")
    .where("principal_id", "=", Number(principal))
    .where("uid_key", "=", indexKey(uid))
    .where("method", "=", "REQUEST")
    .where("sequence", "<=", sequence);
  await db
    .updateTable("deliveries")
    .set({ state: "answered" })
    .where("principal_id", "=", Number(principal))
    .where("uid_key", "=", indexKey(uid))
    .where("recipient", "=", recipient)
    .where("state", "in", ["handed-over", "bounced"])
    .where("message", "in", requests)
    .execute();
}

async function enqueue(db: Database, ...[deliveries, now]: Parameters<Deliveries["enqueue"]>): Promise<void> {
  const rows = deliveries.map((delivery) => ({
    message: Number(delivery.message),
    principal_id: Number(delivery.principal),
    uid: delivery.uid,
    uid_key: indexKey(delivery.uid),
    recipient: delivery.recipient,
    state: "queued" as const,
    finished: 0,
    attempts: 0,
    due: delivery.due,
    leased_until: 0,
    detail: "",
    payload: delivery.payload,
    message_id: delivery.messageId,
    queued_at: now,
    held: delivery.held === undefined ? null : columnText(delivery.held),
  }));
  for (const values of chunksOf(rows, 100)) {
    await db
      .insertInto("deliveries")
      .values(values)
      .onConflict((conflict) => conflict.column("message_id").doNothing())
      .execute();
  }
}

async function claim(db: Database, now: number, leasedUntil: number, limit: number): Promise<readonly Delivery[]> {
  const due = await db
    .selectFrom("deliveries as d")
    .select("d.id")
    .where("d.finished", "=", 0)
    .where("d.due", "<=", now)
    .where("d.leased_until", "<=", now)
    .where("d.held", "is", null)
    .where(isFirst)
    .where(isAlone(now))
    .orderBy("d.due")
    .orderBy("d.id")
    .limit(limit)
    .execute();
  const claimed: Selectable<DeliveryRow>[] = [];
  for (const chunk of chunksOf(due, 500)) {
    const rows = await db
      .updateTable("deliveries")
      .set({ leased_until: leasedUntil })
      .where(
        "id",
        "in",
        chunk.map((row) => row.id),
      )
      // Whoever had it when its lease ran out may have finished it since it was looked for.
      .where("finished", "=", 0)
      .returningAll()
      .execute();
    claimed.push(...rows);
  }
  return claimed.sort((a, b) => a.due - b.due || a.id - b.id).map(toDelivery);
}

/** True of a delivery with no unfinished one before it to the same recipient about the same UID: mail must not overtake. */
function isFirst(eb: ExpressionBuilder<Tables & { d: DeliveryRow }, "d">) {
  const earlier = eb
    .selectFrom("deliveries as earlier")
    .select("earlier.id")
    .whereRef("earlier.recipient", "=", "d.recipient")
    .whereRef("earlier.uid_key", "=", "d.uid_key")
    .where("earlier.finished", "=", 0)
    .whereRef("earlier.id", "<", "d.id");
  return eb.not(eb.exists(earlier));
}

/**
 * True of a delivery with no later one to the same recipient about the same UID under way: that can be where another person's was
 * kept first although it was numbered later, or where one that was given up is tried again.
 */
function isAlone(now: number) {
  return (eb: ExpressionBuilder<Tables & { d: DeliveryRow }, "d">) => {
    const later = eb
      .selectFrom("deliveries as later")
      .select("later.id")
      .whereRef("later.recipient", "=", "d.recipient")
      .whereRef("later.uid_key", "=", "d.uid_key")
      .where("later.finished", "=", 0)
      .where("later.leased_until", ">", now)
      .whereRef("later.id", ">", "d.id");
    return eb.not(eb.exists(later));
  };
}

/** Gives a delivery as its row has it. */
export function toDelivery(row: Selectable<DeliveryRow>): Delivery {
  return {
    id: String(row.id),
    message: String(row.message),
    principal: String(row.principal_id),
    uid: row.uid,
    recipient: row.recipient as CalendarUserAddress,
    state: row.state,
    attempts: row.attempts,
    due: row.due,
    detail: row.detail,
    payload: row.payload,
    messageId: row.message_id,
    ...(row.held !== null && { held: row.held }),
  };
}
