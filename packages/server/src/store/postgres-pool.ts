import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import { DatabaseError, Pool, type PoolClient, types } from "pg";
import { StoreUnavailable } from "./unavailable.ts";

/** How long a transaction waits for a connection, and for a lock, in milliseconds. */
const waitTimeout = 30_000;
/** After this the database ends a transaction of a process that has stopped in the middle of it, in milliseconds. */
const idleTimeout = 60_000;
/** Statement texts each connection keeps prepared; those that come later are planned each time. */
const maxStatements = 300;

/** SQLSTATE of a prepared statement whose table another program has given more columns since: feature_not_supported. */
const outdated = "0A000";
/** SQLSTATE of what is to be done again: outdated, and broken off for others' sake: serialization_failure, deadlock_detected. */
const again: ReadonlySet<string> = new Set([outdated, "40001", "40P01"]);

/** Tells whether a transaction failed through no fault of its own, so that it should be run again. */
export function isWorthAgain(error: unknown): boolean {
  return error instanceof DatabaseError && again.has(error.code ?? "");
}

/**
 * Opens a pool of connections that gives values as every store does: 64-bit integers as numbers, or an error where they are none;
 * texts with the two characters PostgreSQL cannot hold or we need to say so. What is lost with a connection rejects with
 * an error that says so, and the next transaction gets a new connection.
 */
export function openPool(url: string, connections: number): PostgresPool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: waitTimeout,
    lock_timeout: waitTimeout,
    idle_in_transaction_session_timeout: idleTimeout,
    application_name: "parley",
    types: { getTypeParser },
  });
  // A connection nobody uses is lost: the pool has dropped it, and whoever needs one next is told if there is none.
  pool.on("error", () => undefined);
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    if (!names.has(text) && names.size < maxStatements) names.set(text, `parley_${names.size}`);
    return names.get(text);
  };
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => useClient(await pool.connect().catch(refuse), nameOf),
  };
}

/** Gives one connection for one transaction: one query at a time, and all of them fail once one has lost the connection. */
function useClient(client: PoolClient, nameOf: (text: string) => string | undefined): PostgresPoolClient {
  let lost: Error | undefined;
  let isOutdated = false;
  const lose = (error: unknown): Error => {
    lost ??= new StoreUnavailable(`the connection to the database was lost: ${messageOf(error)}`, { cause: error });
    return lost;
  };
  client.on("error", lose);
  let last: Promise<unknown> = Promise.resolve();
  const query = async <Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>> => {
    if (lost) throw lost;
    const name = values.length > 0 ? nameOf(text) : undefined;
    const result = client.query({ ...(name && { name }), text, values: values.map(toColumn) });
    try {
      return (await result) as unknown as PostgresQueryResult<Row>;
    } catch (error) {
      isOutdated ||= error instanceof DatabaseError && error.code === outdated;
      throw isOfConnection(error) ? lose(error) : error;
    }
  };
  return {
    query: <Row>(text: unknown, values?: readonly unknown[]) => {
      const result = last.then(() => query<Row>(String(text), values ?? []));
      last = result.catch(() => undefined);
      return result as never; // Kysely's other form, a cursor, is of its streams: no store has any.
    },
    release: (destroy) => {
      client.off("error", lose);
      client.release(lost ?? (destroy || isOutdated));
    },
  };
}

function refuse(error: unknown): never {
  throw new StoreUnavailable(`the database cannot be reached: ${messageOf(error)}`, { cause: error });
}

/** SQLSTATE classes 08, connection exception, and 57P, the server shuts down; other errors of `pg` itself carry no state. */
function isOfConnection(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(?:08|57P)/.test(error.code ?? "");
  return !(error instanceof RangeError);
}

/** Where a name has several addresses the error of all of them says nothing itself. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

/** PostgreSQL's numbers for its types. */
const oids = { bigint: 20, text: 25 } as const;

function getTypeParser(oid: number, format?: "text" | "binary") {
  if (oid === oids.bigint) return toInteger;
  if (oid === oids.text) return fromColumn;
  return types.getTypeParser(oid, format as "text");
}

function toInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is too large for a number of this store`);
  return number;
}

/** PostgreSQL's texts cannot hold U+0000. It is kept as U+0001 and "0", and U+0001 itself as U+0001 and "1". */
function toColumn(value: unknown): unknown {
  if (typeof value !== "string" || !/[\u0000\u0001]/.test(value)) return value;
  return value.replace(/[\u0000\u0001]/g, (character) => (character === "\u0000" ? "\u00010" : "\u00011"));
}

function fromColumn(text: string): string {
  if (!text.includes("\u0001")) return text;
  return text.replace(/\u0001([01])/g, (_, digit) => (digit === "0" ? "\u0000" : "\u0001"));
}
