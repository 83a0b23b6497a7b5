import { setTimeout as sleep } from "node:timers/promises";
import type { Limits } from "@parley/engine";
import type { ZoneProvider } from "@parley/engine/recurrence";
import SqliteDatabase from "better-sqlite3";
import {
  type DatabaseConnection,
  type Dialect,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
  type TransactionSettings,
} from "kysely";
import { type Documents, makeDocuments } from "./documents.ts";
import { makeStore, type Others } from "./make-store.ts";
import { migrate, type SchemaDialect } from "./migrations.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";
import { makeTurns } from "./turns.ts";

type Connection = SqliteDatabase.Database;

/** How long a writer waits for those of other processes, in milliseconds. */
const busyTimeout = 10_000;
/** Pause between two tries, in milliseconds. */
const busyPause = 2;
/** Pause between two looks whether another process has written, in milliseconds. */
const listenPause = 1_000;
/** Prepared statements kept by one connection. */
const maxStatements = 500;

/**
 * Opens a store in an SQLite file, making the file where there is none; `:memory:` keeps nothing. Several processes may open
 * one file. Brings the schema up to date; rejects where the file is no store, or one of a newer program.
 *
 * Writers take turns, and so do readers; a transaction begun inside another of the same store is refused.
 */
export async function openSqliteStore(
  file: string,
  options: { readonly zones: ZoneProvider; readonly limits: Limits },
): Promise<Store> {
  const connections: Connection[] = [];
  const close = (): void => {
    for (const connection of connections) connection.close();
  };
  try {
    const writer = await openConnection(file);
    connections.push(writer);
    const write = kyselyOf(writer);
    await migrate(write, sqliteSchema);
    const documents = makeDocuments(options);
    const given = { write, documents, limits: options.limits, others: othersOf(writer), close };
    if (file === ":memory:") return storeOver({ ...given, read: write });
    // Readers have a connection of their own: they see what is committed and wait for no writer.
    const reader = await openConnection(file);
    connections.push(reader);
    return storeOver({ ...given, read: kyselyOf(reader) });
  } catch (error) {
    close();
    throw new Error(`cannot open the store ${file}: ${messageOf(error)}`, { cause: error });
  }
}

function storeOver(parts: {
  readonly write: Kysely<Tables>;
  readonly read: Kysely<Tables>;
  readonly documents: Documents;
  readonly limits: Limits;
  readonly others: Others;
  readonly close: () => void;
}): Store {
  const { write, read, documents, limits, others, close } = parts;
  const inTurn = makeTurns({ atOnce: 1, inBackground: 1 });
  return makeStore({
    write: (work, isBackground) =>
      inTurn(isBackground, () => write.transaction().execute((db) => work(db, async () => {}))),
    read: (work) => read.transaction().setAccessMode("read only").execute(work),
    documents,
    limits,
    others,
    close: async () => close(),
  });
}

/**
 * Hears of other processes by a number that SQLite keeps for each connection and changes when another has written: asking for it
 * costs microseconds, and says that something changed, not what. They hear of us in the same way.
 */
function othersOf(connection: Connection): Others {
  const version = (): unknown => connection.pragma("data_version", { simple: true });
  let timer: NodeJS.Timeout | undefined;
  return {
    tell: () => {},
    hear: (listener) => {
      let last = version();
      timer = setInterval(() => {
        const now = version();
        if (now !== last) listener([{ kind: "work" }, { kind: "anew" }]);
        last = now;
      }, listenPause);
      timer.unref();
    },
    close: async () => clearInterval(timer),
  };
}

/** Opens one connection as every store has it. */
export async function openConnection(file: string): Promise<Connection> {
  const db = new SqliteDatabase(file, { timeout: 0 });
  try {
    // Two processes that turn a new file to WAL at once can refuse each other without waiting.
    await untilFree(() => db.pragma("journal_mode = WAL"));
    db.pragma(`busy_timeout = ${busyTimeout}`);
    const mode = db.pragma("journal_mode", { simple: true });
    if (mode !== "wal" && mode !== "memory") throw new Error(`WAL is not possible there, only ${String(mode)}`);
    db.pragma("synchronous = FULL");
    db.pragma("foreign_keys = ON");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Tries until no other process is in the way. Waits between tries and not in SQLite, which would stop the whole process. */
async function untilFree(attempt: () => void): Promise<void> {
  for (let waited = 0; ; waited += busyPause) {
    try {
      attempt();
      return;
    } catch (error) {
      if (!isBusy(error) || waited >= busyTimeout) throw error;
    }
    await sleep(busyPause);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const sqliteSchema: SchemaDialect = {
  withId: (table) => table.addColumn("id", "integer", (column) => column.primaryKey().autoIncrement()),
  excludeOthers: async () => {}, // `begin immediate` has
};

function kyselyOf(connection: Connection): Kysely<Tables> {
  const dialect: Dialect = {
    createDriver: () => new TransactionDriver(connection),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
  return new Kysely<Tables>({ dialect });
}

/**
 * Begins transactions as a store needs them. Kysely lets one user at a time have a connection, for the whole of a transaction:
 * transactions of one process never mix. Those of other processes are kept out by `begin immediate`.
 */
class TransactionDriver extends SqliteDriver {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    super({ database: { prepare: preparedBy(connection), close: () => connection.close() } });
    this.#connection = connection;
  }

  override async beginTransaction(_: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const db = this.#connection;
    if (settings?.accessMode === "read only") {
      db.exec("begin");
      return;
    }
    await untilFree(() => {
      db.pragma("busy_timeout = 0");
      try {
        db.exec("begin immediate");
      } finally {
        db.pragma(`busy_timeout = ${busyTimeout}`);
      }
    });
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite itself rolls back where the disk is full or fails.
    if (this.#connection.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Prepares each statement text once; those used longest ago are let go. */
function preparedBy(connection: Connection): (text: string) => SqliteStatement {
  const statements = new Map<string, SqliteStatement>();
  return (text) => {
    const statement = statements.get(text) ?? (connection.prepare(text) as SqliteStatement);
    statements.delete(text);
    statements.set(text, statement);
    if (statements.size > maxStatements) statements.delete(statements.keys().next().value ?? "");
    return statement;
  };
}
