import type { Kysely } from "kysely";

/** Brings busy time of people elsewhere: what they told, who was asked, who asks. Decision 0040. */
export async function addBusyByMail(db: Kysely<Record<string, never>>): Promise<void> {
  await db.schema
    .createTable("known_busy")
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("uid_key", "text", (column) => column.notNull())
    .addColumn("starts", "bigint", (column) => column.notNull())
    .addColumn("uid", "text", (column) => column.notNull())
    .addColumn("ends", "bigint", (column) => column.notNull())
    .addColumn("dtstamp", "bigint", (column) => column.notNull())
    .addColumn("periods", "text", (column) => column.notNull())
    .addColumn("told_at", "bigint", (column) => column.notNull())
    .addColumn("expires", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("known_busy_key", ["principal_id", "address", "uid_key", "starts"])
    .execute();
  await db.schema.createIndex("known_busy_by_expires").on("known_busy").column("expires").execute();
  await db.schema
    .createTable("busy_asked")
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("starts", "bigint", (column) => column.notNull())
    .addColumn("ends", "bigint", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("busy_asked_key", ["principal_id", "address", "starts", "ends"])
    .execute();
  await db.schema.createIndex("busy_asked_by_at").on("busy_asked").columns(["principal_id", "at"]).execute();
  await db.schema
    .createTable("busy_questions")
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("asker", "text", (column) => column.notNull())
    .addColumn("since", "bigint", (column) => column.notNull())
    .addColumn("count", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("busy_questions_key", ["principal_id", "asker"])
    .execute();
}
