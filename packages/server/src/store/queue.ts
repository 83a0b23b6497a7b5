import { sql } from "kysely";
import { toDelivery } from "./deliveries.ts";
import { indexKey } from "./keys.ts";
import type { Pause, Queue, QueueFilter, ReadQueue } from "./store.ts";
import type { Database } from "./tables.ts";

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
    },
    retry: async ({ states, recipient }, now) => {
      let query = db
        .updateTable("deliveries")
        .set({
          due: now,
          // Patience begins anew for what was given up, or its first failure would be its last.
          attempts: sql`case when finished = 1 then 0 else attempts end`,
          state: sql`case when finished = 1 then 'queued' else state end`,
          finished: 0,
        })
        .where("state", "in", states);
      if (recipient !== undefined) query = query.where("recipient", "=", recipient);
      return Number((await query.executeTakeFirst()).numUpdatedRows);
    },
  };
}

function matching(db: Database, { states, recipient }: QueueFilter) {
  const query = db.selectFrom("deliveries").where("state", "in", states);
  return recipient === undefined ? query : query.where("recipient", "=", recipient);
}
