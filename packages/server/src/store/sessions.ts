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
    remove: async (tokenHash) => {
      await db.deleteFrom("sessions").where("token_hash", "=", tokenHash).execute();
    },
  };
}
