import type { AppPasswords, ReadAppPasswords } from "./store.ts";
import type { Database } from "./tables.ts";

/** Reads app passwords. */
export function readAppPasswords(db: Database): ReadAppPasswords {
  const ofPrincipal = (id: string) => db.selectFrom("app_passwords").where("principal_id", "=", Number(id));
  return {
    list: (id) => ofPrincipal(id).select(["name", "created"]).orderBy("name").execute(),
    hash: async (id, selector) => {
      const row = await ofPrincipal(id).select("password_hash").where("selector", "=", selector).executeTakeFirst();
      return row?.password_hash;
    },
  };
}

/** Reads and writes app passwords. */
export function writeAppPasswords(db: Database): AppPasswords {
  return {
    ...readAppPasswords(db),
    add: async (id, { name, created, selector, hash }) => {
      const added = await db
        .insertInto("app_passwords")
        .values({ principal_id: Number(id), name, created, selector, password_hash: hash })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return added.numInsertedOrUpdatedRows === 1n;
    },
    remove: async (id, name) => {
      const removed = await db
        .deleteFrom("app_passwords")
        .where("principal_id", "=", Number(id))
        .where("name", "=", name)
        .executeTakeFirst();
      return removed.numDeletedRows === 1n;
    },
  };
}
