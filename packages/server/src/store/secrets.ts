import type { ReadSecrets, Secrets } from "./people.ts";
import type { Database } from "./tables.ts";

const prefix = "secret ";

/** Reads secrets. */
export function readSecrets(db: Database): ReadSecrets {
  return {
    get: async (name) => {
      const row = await db
        .selectFrom("settings")
        .select("value")
        .where("name", "=", prefix + name)
        .executeTakeFirst();
      return row?.value;
    },
  };
}

/** Reads secrets and keeps the first of each name. */
export function writeSecrets(db: Database): Secrets {
  const { get } = readSecrets(db);
  return {
    get,
    keep: async (name, made) => {
      await db
        .insertInto("settings")
        .values({ name: prefix + name, value: made })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .execute();
      return (await get(name)) ?? made;
    },
  };
}
