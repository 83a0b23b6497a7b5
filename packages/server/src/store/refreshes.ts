import { sql } from "kysely";
import { indexKey, rowId } from "./keys.ts";
import type { ReadRefreshes, Refresh, Refreshes } from "./refresh.ts";
import type { Database } from "./tables.ts";

/** Objects taken at once. */
const maxTaken = 20;

/** Reads refreshes. */
export function readRefreshes(db: Database): ReadRefreshes {
  return {
    nextDue: async () => {
      const row = await db.selectFrom("refreshes").select("due").orderBy("due").limit(1).executeTakeFirst();
      return row?.due;
    },
    copies: async ({ object, uid }, after, limit) => {
      const rows = await db
        .selectFrom("objects")
        .select("principal_id")
        .where("uid_key", "=", indexKey(uid))
        .where("id", "!=", rowId(object) ?? 0)
        .where("document", "is not", null)
        .where("principal_id", ">", after === undefined ? 0 : Number(after))
        .orderBy("principal_id")
        .limit(limit)
        .execute();
      return rows.map((row) => String(row.principal_id));
    },
  };
}

/** Reads and writes refreshes. */
export function writeRefreshes(db: Database): Refreshes {
  return {
    ...readRefreshes(db),
    note: async (object, due) => {
      const id = rowId(object) ?? 0;
      const other = await db
        .selectFrom("objects as own")
        .innerJoin("objects as copy", "copy.uid_key", "own.uid_key")
        .select("copy.id")
        .where("own.id", "=", id)
        .where("copy.id", "!=", id)
        .limit(1)
        .executeTakeFirst();
      if (!other) return;
      await db
        .insertInto("refreshes")
        .values({ object_id: id, due, answers: 1 })
        .onConflict((conflict) => conflict.column("object_id").doUpdateSet({ answers: sql`refreshes.answers + 1` }))
        .execute();
    },
    take: async (now, again) => {
      const due = db.selectFrom("refreshes").select("object_id").where("due", "<=", now).orderBy("due").limit(maxTaken);
      const rows = await db
        .updateTable("refreshes")
        .set({ due: again })
        .where("object_id", "in", due)
        .where("due", "<=", now)
        .returning(["object_id", "answers"])
        .execute();
      const taken: Refresh[] = [];
      for (const { object_id, answers } of rows) {
        const object = await db.selectFrom("objects").select("uid").where("id", "=", object_id).executeTakeFirst();
        if (object) taken.push({ object: String(object_id), uid: object.uid, answers });
      }
      return taken;
    },
    touch: async (uid, principals) => {
      if (principals.length === 0) return;
      const those = principals.map(Number);
      const copies = db
        .selectFrom("objects")
        .select("calendar_id")
        .where("uid_key", "=", indexKey(uid))
        .where("principal_id", "in", those)
        .where("name", "is not", null);
      await db.updateTable("calendars").set({ revision: sql`revision + 1` }).where("id", "in", copies).execute();
      await db
        .updateTable("objects")
        // What the index of busy time has of the version before holds for this one.
        .set({
          version: sql`version + 1`,
          revision: sql<number>`(select c.revision from calendars c where c.id = objects.calendar_id)`,
          busy_version: sql`case when busy_version = version then version + 1 else busy_version end`,
        })
        .where("uid_key", "=", indexKey(uid))
        .where("principal_id", "in", those)
        .where("name", "is not", null)
        .execute();
    },
    end: async ({ object, answers }) => {
      await db
        .deleteFrom("refreshes")
        .where("object_id", "=", rowId(object) ?? 0)
        .where("answers", "=", answers)
        .execute();
    },
  };
}
