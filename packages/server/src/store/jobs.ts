import type { Selectable } from "kysely";
import type { JobRecord, Jobs, ReadJobs } from "./housekeeping.ts";
import { columnText } from "./keys.ts";
import type { Database, JobRow } from "./tables.ts";

/** Reads when jobs ran. */
export function readJobs(db: Database): ReadJobs {
  return {
    list: async () => (await db.selectFrom("jobs").selectAll().orderBy("name").execute()).map(toRecord),
  };
}

/** Reads and writes when jobs run. Each is one row, which one statement changes: of two who claim it one finds it taken. */
export function writeJobs(db: Database): Jobs {
  return {
    ...readJobs(db),
    claim: async (name, now, leasedUntil, forced) => {
      await db
        .insertInto("jobs")
        .values({ name, due: 0, leased_until: 0, runs: 0, started: null, ended: null, failed: 0, result: "" })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .execute();
      const claimed = await db
        .updateTable("jobs")
        .set((eb) => ({ leased_until: leasedUntil, started: now, runs: eb("runs", "+", 1) }))
        .where("name", "=", name)
        .where("leased_until", "<=", now)
        .where("due", "<=", forced ? Number.MAX_SAFE_INTEGER : now)
        .returning("runs")
        .executeTakeFirst();
      return claimed?.runs;
    },
    renew: async (name, run, leasedUntil) => {
      const renewed = db
        .updateTable("jobs")
        .set({ leased_until: leasedUntil })
        .where("name", "=", name)
        .where("runs", "=", run)
        .where("leased_until", ">", 0);
      return (await renewed.executeTakeFirst()).numUpdatedRows === 1n;
    },
    settle: async (name, run, { at, due, failed, result }) => {
      await db
        .updateTable("jobs")
        .set({ leased_until: 0, ended: at, due, failed: failed ? 1 : 0, result: columnText(result) })
        .where("name", "=", name)
        .where("runs", "=", run)
        .execute();
    },
  };
}

function toRecord({ name, due, leased_until, started, ended, failed, result }: Selectable<JobRow>): JobRecord {
  return {
    name,
    due,
    leasedUntil: leased_until,
    ...(started !== null && { started }),
    ...(ended !== null && { ended }),
    failed: failed === 1,
    result,
  };
}
