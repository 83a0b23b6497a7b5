import type { ReadSessions, Sessions } from "./store.ts";
import type { Database } from "./tables.ts";

/** Reads sessions. */
export function readSessions(db: Database): ReadSessions {
  return {
    find: async (tokenHash, now) => {
      const row = await db
        .selectFrom("sessions")
        .select("principal_id")
        .where("token_hash", "=", tokenHash)
        .where("expires", ">", now)
        .executeTakeFirst();
      return row && String(row.principal_id);
    },
  };
}

/** Reads and writes sessions. */
export function writeSessions(db: Database): Sessions {
  return {
    ...readSessions(db),
    add: async (tokenHash, principal, expires) => {
      await db
        .insertInto("sessions")
        .values({ token_hash: tokenHash, principal_id: Number(principal), expires })
        .execute();
    },
    removeExpired: async (now, limit) => {
      const expired = db.selectFrom("sessions").select("token_hash").where("expires", "<=", now).limit(limit);
      const removed = await db.deleteFrom("sessions").where("token_hash", "in", expired).executeTakeFirst();
      return Number(removed.numDeletedRows);
    },
    remove: async (tokenHash) => {
      const removed = db.deleteFrom("sessions").where("token_hash", "=", tokenHash).returning("principal_id");
      const row = await removed.executeTakeFirst();
      return row && String(row.principal_id);
    },
  };
}
