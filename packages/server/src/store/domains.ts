import type { Domains, ReadDomains } from "./people.ts";
import type { Database } from "./tables.ts";

const prefix = "domain ";

/** Reads domains. */
export function readDomains(db: Database): ReadDomains {
  return {
    list: async () => {
      const rows = await db.selectFrom("settings").select("name").where("name", "like", `${prefix}%`).execute();
      return rows.map(({ name }) => name.slice(prefix.length)).sort();
    },
  };
}

/** Reads and writes domains. */
export function writeDomains(db: Database): Domains {
  return {
    ...readDomains(db),
    add: async (name) => {
      const added = await db
        .insertInto("settings")
        .values({ name: prefix + name, value: "{}" })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .executeTakeFirst();
      return Number(added.numInsertedOrUpdatedRows ?? 0) > 0;
    },
    remove: async (name) => {
      const removed = await db
        .deleteFrom("settings")
        .where("name", "=", prefix + name)
        .executeTakeFirst();
      return Number(removed.numDeletedRows) > 0;
    },
  };
}
