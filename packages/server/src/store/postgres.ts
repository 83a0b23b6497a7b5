import { setTimeout as sleep } from "node:timers/promises";
import type { Limits } from "@parley/engine";
import type { ZoneProvider } from "@parley/engine/recurrence";
import { type IsolationLevel, Kysely, PostgresDialect, sql } from "kysely";
import { makeDocuments } from "./documents.ts";
import type { Lock } from "./locks.ts";
import { makeStore } from "./make-store.ts";
import { migrate, type SchemaDialect } from "./migrations.ts";
import { openNotices } from "./postgres-notices.ts";
import { isWorthAgain, openPool } from "./postgres-pool.ts";
import type { Store } from "./store.ts";
import type { Database, Tables } from "./tables.ts";
import { makeTurns } from "./turns.ts";

/** Connections of one store. Readers have their own: they wait for no writer. */
const maxConnections = { writing: 8, reading: 4 } as const;
/** What nobody waits for leaves connections to others. */
const maxInBackground = 4;
/** How often a transaction is run again that failed through no fault of its own. */
const maxRetries = 7;
/** Longest pause before the first retry, in milliseconds; it doubles with each. */
const firstPause = 10;

/** What a store on PostgreSQL is given. */
export interface PostgresOptions {
  readonly zones: ZoneProvider;
  readonly limits: Limits;
  /** From 0 up to 1; spreads retries. */
  readonly random: () => number;
}

/**
 * Opens a store in a PostgreSQL database, `postgresql://user:password@host:port/name`. Several processes, on several machines, may
 * open one. Brings the schema up to date; rejects where it cannot be reached, would not keep what it promised to, or is of
 * a newer program. No error repeats the password.
 *
 * Writers of different persons' things run beside each other, those of one person's take turns; `work` may be run more than
 * once. A transaction begun inside another of the same store is refused. Decision 0026.
 */
export async function openPostgresStore(url: string, options: PostgresOptions): Promise<Store> {
  const write = kyselyOf(url, maxConnections.writing);
  const read = kyselyOf(url, maxConnections.reading);
  const close = async (): Promise<void> => {
    await write.destroy();
    await read.destroy();
  };
  try {
    await checkServer(write);
    await migrate(write, postgresSchema);
  } catch (error) {
    await close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot open the store ${withoutSecrets(url)}: ${reason}`, { cause: error });
  }
  const others = openNotices(url, write, options.random);
  const begin = (db: Kysely<Tables>, isolation: IsolationLevel) => db.transaction().setIsolationLevel(isolation);
  const { random } = options;
  const inTurn = makeTurns({ atOnce: maxConnections.writing, inBackground: maxInBackground });
  return makeStore({
    write: (work, isBackground) =>
      inTurn(isBackground, () =>
        untilKept(random, () => begin(write, "read committed").execute((db) => work(db, locksOf(db)))),
      ),
    read: (work) => untilKept(random, () => begin(read, "repeatable read").setAccessMode("read only").execute(work)),
    documents: makeDocuments(options),
    limits: options.limits,
    others,
    close,
  });
}

/** Names a database so that a log may show it: host, port and name alone. */
export function withoutSecrets(url: string): string {
  const { host, pathname } = new URL(url);
  return `postgresql://${host}${pathname}`;
}

/** What is promised to be kept has to be, and every text has to fit. */
async function checkServer(db: Kysely<Tables>): Promise<void> {
  const settings = sql<{ commit: string; encoding: string }>`
    select current_setting('synchronous_commit') as commit, current_setting('server_encoding') as encoding`;
  const found = (await settings.execute(db)).rows[0];
  if (found?.encoding !== "UTF8") throw new Error(`its encoding is ${found?.encoding}: make it with UTF8`);
  if (found.commit === "off") throw new Error("synchronous_commit is off: what was promised could be lost; set it on");
}

/** Locks last as long as the transaction; each is asked for once. */
function locksOf(db: Database): Lock {
  const held = new Map<string, Promise<void>>();
  return (name) => {
    const known = held.get(name);
    if (known) return known;
    const lock = sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db).then(() => undefined);
    held.set(name, lock);
    return lock;
  };
}

async function untilKept<Result>(random: () => number, transact: () => Promise<Result>): Promise<Result> {
  for (let retry = 0; ; retry++) {
    try {
      return await transact();
    } catch (error) {
      if (!isWorthAgain(error) || retry === maxRetries) throw error;
    }
    await sleep(random() * firstPause * 2 ** retry);
  }
}

const postgresSchema: SchemaDialect = {
  withId: (table) => table.addColumn("id", "bigint", (column) => column.primaryKey().generatedByDefaultAsIdentity()),
  excludeOthers: async (db) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('migrations', 0))`.execute(db);
  },
};

function kyselyOf(url: string, connections: number): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPool(url, connections) }) });
}
