import type { Kysely } from "kysely";

/** Brings the language people read. */
export async function addLocales(db: Kysely<Record<string, never>>): Promise<void> {
  await db.schema.alterTable("principals").addColumn("locale", "text").execute();
}
