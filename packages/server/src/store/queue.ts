import { type ExpressionBuilder, sql } from "kysely";
import { toDelivery } from "./deliveries.ts";
import { indexKey } from "./keys.ts";
import type { Pause, Queue, QueueFilter, ReadQueue } from "./store.ts";
import type { Database, Tables } from "./tables.ts";

const pauseSetting = "deliveries-paused";

/** Reads the queue of all people. */
export function readQueue(db: Database): ReadQueue {
  return {
    paused: async () => {
      const row = await db.selectFrom("settings").select("value").where("name", "=", pauseSetting).executeTakeFirst();
      return row && (JSON.parse(row.value) as Pause);
    },
    list: async (filter, limit) => {
      const rows = await matching(db, filter).selectAll().orderBy("recipient").orderBy("id").limit(limit).execute();
      return rows.map(toDelivery);
    },
    count: async (filter) => {
      const { count } = await matching(db, filter)
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    hasEarlier: async ({ id, principal, uid = "" }, recipient) => {
      const earlier = await db
        .selectFrom("deliveries")
        .select("id")
        .where("principal_id", "=", Number(principal))
        .where("uid_key", "=", indexKey(uid))
        .where("recipient", "=", recipient)
        .where("message", "<", Number(id))
        .executeTakeFirst();
      return earlier !== undefined;
    },
  };
}

/** Reads the queue, pauses and releases it. */
export function writeQueue(db: Database): Queue {
  return {
    ...readQueue(db),
    pause: async (pause) => {
      const value = JSON.stringify(pause);
      await db
        .insertInto("settings")
        .values({ name: pauseSetting, value })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
        .execute();
    },
    release: async () => {
      await db.deleteFrom("settings").where("name", "=", pauseSetting).execute();
      const released = db
        .updateTable("deliveries")
        .set({ held: null })
        .where("finished", "=", 0)
        .where("held", "is not", null);
      return Number((await released.executeTakeFirst()).numUpdatedRows);
    },
    retry: async (filter, now) => {
      const query = db
        .updateTable("deliveries")
        .set({
          due: now,
          // Patience begins anew for what was given up, or its first failure would be its last.
          attempts: sql`case when finished = 1 then 0 else attempts end`,
          state: sql`case when finished = 1 then 'queued' else state end`,
          finished: 0,
        })
        .where(isMeant(filter));
      return Number((await query.executeTakeFirst()).numUpdatedRows);
    },
  };
}

function matching(db: Database, filter: QueueFilter) {
  return db.selectFrom("deliveries").where(isMeant(filter));
}

function isMeant({ states, principal, uid, recipient }: QueueFilter) {
  return (eb: ExpressionBuilder<Tables, "deliveries">) =>
    eb.and([
      eb("state", "in", states),
      ...(principal === undefined ? [] : [eb("principal_id", "=", Number(principal))]),
      ...(uid === undefined ? [] : [eb("uid_key", "=", indexKey(uid))]),
      ...(recipient === undefined ? [] : [eb("recipient", "=", recipient)]),
    ]);
}
