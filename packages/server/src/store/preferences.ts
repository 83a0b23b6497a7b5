import type { Preferences, ReadPreferences } from "./preference.ts";
import type { Database } from "./tables.ts";

/** Reads preferences. */
export function readPreferences(db: Database): ReadPreferences {
  return {
    get: async (principal, name) => {
      const row = await db
        .selectFrom("preferences")
        .select("value")
        .where("principal_id", "=", Number(principal))
        .where("name", "=", name)
        .executeTakeFirst();
      return row?.value;
    },
  };
}

/** Reads and writes preferences. */
export function writePreferences(db: Database): Preferences {
  return {
    ...readPreferences(db),
    set: async (principal, name, value) => {
      const principal_id = Number(principal);
      if (value === undefined) {
        await db.deleteFrom("preferences").where("principal_id", "=", principal_id).where("name", "=", name).execute();
        return;
      }
      await db
        .insertInto("preferences")
        .values({ principal_id, name, value })
        .onConflict((conflict) => conflict.columns(["principal_id", "name"]).doUpdateSet({ value }))
        .execute();
    },
  };
}
