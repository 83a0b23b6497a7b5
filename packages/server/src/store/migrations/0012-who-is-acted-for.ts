import type { Kysely } from "kysely";

/** Lets be found for whom somebody may act. Decision 0031. */
export async function addWhoIsActedFor(db: Kysely<Record<string, never>>): Promise<void> {
  await db.schema.createIndex("delegations_by_delegate_id").on("delegations").columns(["delegate_id"]).execute();
}
