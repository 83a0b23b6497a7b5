import { type Kysely, sql } from "kysely";

/** Remembers which change hid a name from whom a calendar is shared with. Decision 0041. */
export async function addWhenHidden(db: Kysely<Record<string, never>>): Promise<void> {
  await db.schema.alterTable("objects").addColumn("hidden_at", "bigint").execute();
  await db.schema.alterTable("removals").addColumn("hidden_at", "bigint").execute();
  // Since when is not known: who has not heard of its last change is told once more that it is gone.
  await sql.raw("update objects set hidden_at = revision where privacy = 'private'").execute(db);
}
