import type { Kysely } from "kysely";

/** Brings what is remembered of those who are signing in at an OpenID provider. Decision 0032. */
export async function addSignInsElsewhere(db: Kysely<Record<string, never>>): Promise<void> {
  await db.schema
    .createTable("sign_ins")
    .addColumn("state_hash", "text", (column) => column.primaryKey())
    .addColumn("nonce", "text", (column) => column.notNull())
    .addColumn("verifier", "text", (column) => column.notNull())
    .addColumn("expires", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("sign_ins_by_expires").on("sign_ins").columns(["expires"]).execute();
}
