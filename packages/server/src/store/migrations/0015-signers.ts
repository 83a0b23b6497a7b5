import type { Kysely } from "kysely";

/** Brings who signs their mail. Decision 0033. */
export async function addSigners(db: Kysely<Record<string, never>>): Promise<void> {
  await db.schema
    .createTable("signers")
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("since", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("signers_key", ["principal_id", "address"])
    .execute();
}
