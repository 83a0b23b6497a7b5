import type { Kysely } from "kysely";

/** Brings personal links to answer by, and what people choose otherwise than the house. Decision 0037. */
export async function addAnswerLinks(db: Kysely<Record<string, never>>): Promise<void> {
  await db.schema
    .createTable("answer_links")
    .addColumn("token_hash", "text", (column) => column.primaryKey())
    .addColumn("object_id", "bigint", (column) => column.notNull().references("objects.id").onDelete("cascade"))
    .addColumn("attendee", "text", (column) => column.notNull())
    .addColumn("told", "text", (column) => column.notNull())
    .addColumn("expires", "bigint", (column) => column.notNull())
    .addColumn("answered", "integer", (column) => column.notNull())
    .addColumn("answered_since", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("answer_links_by_object_id")
    .on("answer_links")
    .columns(["object_id", "attendee"])
    .execute();
  await db.schema.createIndex("answer_links_by_expires").on("answer_links").column("expires").execute();
  await db.schema
    .createTable("preferences")
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("value", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("preferences_key", ["principal_id", "name"])
    .execute();
}
