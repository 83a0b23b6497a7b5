import { sql } from "kysely";
import type { Database } from "./tables.ts";

/** True of a source that no message, no delivery and nobody's inbox refers to. */
export const nothingRefersTo = sql<boolean>`(
  not exists (select 1 from messages where messages.source = sources.hash)
  and not exists (select 1 from deliveries where deliveries.payload = sources.hash)
  and not exists (select 1 from inbox_items where inbox_items.source = sources.hash))`;

/** Keeps bytes by their hash, where they are not there yet. */
export async function addSource(db: Database, hash: string, bytes: Uint8Array): Promise<void> {
  await db
    .insertInto("sources")
    .values({ hash, bytes })
    .onConflict((conflict) => conflict.column("hash").doNothing())
    .execute();
}
