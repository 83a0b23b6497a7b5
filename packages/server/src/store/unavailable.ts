import SqliteDatabase from "better-sqlite3";
import { DatabaseError } from "pg";

/** Is thrown where the database cannot be reached, or was lost on the way. */
export class StoreUnavailable extends Error {}

/** SQLite cannot write or read where it should: no space, a disk that fails, a file that is held too long or may not be written. */
const sqliteCodes = /^SQLITE_(?:FULL|IOERR|BUSY|CANTOPEN|READONLY|NOMEM)/;
/**
 * SQLSTATE classes and codes of a PostgreSQL that cannot do it now: connection exception, insufficient resources, intervention of an
 * operator, system error; broken off for others' sake again and again; a lock, or our own next step, took too long.
 */
const postgresStates = /^(?:08|53|57P|58|40001|40P01|55P03|25P03)/;

/**
 * Tells whether a transaction failed because of the world and not because of us: the same may work later. Where it failed at its very end
 * it may have been kept all the same, decision 0026.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  if (error instanceof SqliteDatabase.SqliteError) return sqliteCodes.test(error.code);
  return error instanceof DatabaseError && postgresStates.test(error.code ?? "");
}
