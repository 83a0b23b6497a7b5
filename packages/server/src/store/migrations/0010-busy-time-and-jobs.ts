import { type Kysely, sql } from "kysely";

/** Brings the index of busy time and what jobs need: when each last ran, and what they look things up by. Decision 0029. */
export async function addBusyTimeAndJobs(db: Kysely<Record<string, never>>): Promise<void> {
  await db.schema.alterTable("objects").addColumn("busy_version", "bigint").execute();
  await db.schema.alterTable("objects").addColumn("busy_from", "bigint").execute();
  await db.schema.alterTable("objects").addColumn("busy_until", "bigint").execute();
  await db.schema.alterTable("objects").addColumn("busy_basis", "text").execute();
  await sql`create index objects_not_covered on objects (principal_id)
    where busy_version is null or busy_version <> version or busy_from is not null or busy_until is not null`.execute(
    db,
  );
  await db.schema
    .createTable("busy")
    .addColumn("object_id", "bigint", (column) => column.notNull().references("objects.id").onDelete("cascade"))
    .addColumn("starts", "bigint", (column) => column.notNull())
    .addColumn("ends", "bigint", (column) => column.notNull())
    .addColumn("type", "text", (column) => column.notNull())
    .addColumn("principal_id", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("busy_key", ["object_id", "starts"])
    .execute();
  await db.schema.createIndex("busy_by_principal_id_starts").on("busy").columns(["principal_id", "starts"]).execute();
  await db.schema
    .createTable("jobs")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("due", "bigint", (column) => column.notNull())
    .addColumn("leased_until", "bigint", (column) => column.notNull())
    .addColumn("runs", "bigint", (column) => column.notNull())
    .addColumn("started", "bigint")
    .addColumn("ended", "bigint")
    .addColumn("failed", "integer", (column) => column.notNull())
    .addColumn("result", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .alterTable("deliveries")
    .addColumn("claims", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  // A source goes with the last that refers to it: who that is must not be looked for in all rows.
  await db.schema.createIndex("messages_by_source").on("messages").column("source").execute();
  await db.schema.createIndex("deliveries_by_payload").on("deliveries").column("payload").execute();
  await db.schema.createIndex("sessions_by_expires").on("sessions").column("expires").execute();
}
