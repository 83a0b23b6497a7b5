import type { Kysely } from "kysely";

/**
 * Lets the registers of one Attendee and the copies of one meeting be found, keeps whose copies are to show new answers, and which
 * deliveries nobody asked for. Decision 0030.
 */
export async function addFanOut(db: Kysely<Record<string, never>>): Promise<void> {
  for (const table of ["participations", "proposals"]) {
    await db.schema
      .createIndex(`${table}_by_object_id_attendee`)
      .on(table)
      .columns(["object_id", "attendee"])
      .execute();
  }
  await db.schema
    .createIndex("objects_by_uid_key_principal_id")
    .on("objects")
    .columns(["uid_key", "principal_id"])
    .execute();
  await db.schema
    .createTable("refreshes")
    .addColumn("object_id", "bigint", (column) => column.primaryKey().references("objects.id").onDelete("cascade"))
    .addColumn("due", "bigint", (column) => column.notNull())
    .addColumn("answers", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("refreshes_by_due").on("refreshes").columns(["due"]).execute();
  await db.schema.alterTable("deliveries").addColumn("automatic", "integer").execute();
}
