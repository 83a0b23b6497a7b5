import type { SignIns } from "./elsewhere.ts";
import type { Database } from "./tables.ts";

/** Anybody can begin one. */
const maxUnderWay = 10_000;

/** Keeps sign-ins in their table. */
export function writeSignIns(db: Database): SignIns {
  return {
    add: async (stateHash, { nonce, verifier }, now, expires) => {
      await db.deleteFrom("sign_ins").where("expires", "<=", now).execute();
      const { count } = await db
        .selectFrom("sign_ins")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      if (Number(count) >= maxUnderWay) return false;
      await db.insertInto("sign_ins").values({ state_hash: stateHash, nonce, verifier, expires }).execute();
      return true;
    },
    take: async (stateHash, now) => {
      const row = await db
        .deleteFrom("sign_ins")
        .where("state_hash", "=", stateHash)
        .returning(["nonce", "verifier", "expires"])
        .executeTakeFirst();
      return row && row.expires > now ? { nonce: row.nonce, verifier: row.verifier } : undefined;
    },
  };
}
