import type { ReadSigners, Signers } from "./people.ts";
import type { Database } from "./tables.ts";

/** Reads who signs. */
export function readSigners(db: Database): ReadSigners {
  return {
    has: async (principal, address) => {
      const row = await db
        .selectFrom("signers")
        .select("since")
        .where("principal_id", "=", Number(principal))
        .where("address", "=", address)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/** Reads and writes who signs. */
export function writeSigners(db: Database): Signers {
  return {
    ...readSigners(db),
    add: async (principal, address, now) => {
      await db
        .insertInto("signers")
        .values({ principal_id: Number(principal), address, since: now })
        .onConflict((conflict) => conflict.columns(["principal_id", "address"]).doNothing())
        .execute();
    },
  };
}
