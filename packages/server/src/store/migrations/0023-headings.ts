import type { Kysely } from "kysely";

/** Keeps what a program has written around an object. Decision 0038. */
export async function addHeadings(db: Kysely<Record<string, never>>): Promise<void> {
  await db.schema.alterTable("objects").addColumn("heading", "text").execute();
}
