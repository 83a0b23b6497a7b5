import type { Compilable, CompiledQuery } from "kysely";
import { chunksOf } from "./keys.ts";
import type { Database } from "./tables.ts";

/** A query with the places its values go to. */
interface Prepared {
  readonly compiled: CompiledQuery;
  /** Of each parameter: which of the values it is; absent where it is always the same. */
  readonly places: readonly (number | undefined)[];
}

/**
 * Prepares a query that is asked again and again: it is built once for each database, and then run with other values. Building and compiling
 * takes several times what the database does. `build` hands on each value as it is, and decides nothing by it: it is given a stand-in.
 */
export function prepared<Values extends readonly unknown[], Row>(
  build: (db: Database, ...values: Values) => Compilable<Row>,
): (db: Database, ...values: Values) => Promise<readonly Row[]> {
  const known = new WeakMap<object, Prepared>();
  return async (db, ...values) => {
    const { adapter } = db.getExecutor();
    const query = known.get(adapter) ?? prepare(db, build, values.length);
    known.set(adapter, query);
    const { compiled, places } = query;
    const parameters = places.map((place, index) => (place === undefined ? compiled.parameters[index] : values[place]));
    const { rows } = await db.executeQuery({ ...compiled, parameters });
    return rows as readonly Row[];
  };
}

function prepare<Values extends readonly unknown[], Row>(
  db: Database,
  build: (db: Database, ...values: Values) => Compilable<Row>,
  count: number,
): Prepared {
  const standIns = Array.from({ length: count }, (_, index) => ({ value: index }));
  const compiled = build(db, ...(standIns as unknown as Values)).compile();
  const places = compiled.parameters.map((parameter) => {
    const place = standIns.indexOf(parameter as (typeof standIns)[number]);
    return place < 0 ? undefined : place;
  });
  const lost = standIns.findIndex((_, index) => !places.includes(index));
  if (lost >= 0) throw new Error(`value ${lost} does not come into the query: ${compiled.sql}`);
  return { compiled, places };
}

/**
 * Prepares a query over a list of values, as `prepared` does; they are asked for in pieces. A piece is filled up with its last value, so the
 * query must not care for a value that comes twice, as `in` does not.
 */
export function preparedForMany<Item, Others extends readonly unknown[], Row>(
  build: (db: Database, items: readonly Item[], ...others: Others) => Compilable<Row>,
): (db: Database, items: readonly Item[], ...others: Others) => Promise<readonly Row[]> {
  const ofSize = (size: number) => ({
    size,
    query: prepared((db: Database, ...values: readonly unknown[]) =>
      build(db, values.slice(0, size) as readonly Item[], ...(values.slice(size) as unknown as Others)),
    ),
  });
  const largest = ofSize(largestSize);
  const smaller = smallerSizes.map(ofSize);
  return async (db, items, ...others) => {
    const rows: Row[] = [];
    for (const some of chunksOf(items, largestSize)) {
      const { size, query } = smaller.find((one) => one.size >= some.length) ?? largest;
      const filling = Array.from({ length: size - some.length }, () => some.at(-1));
      rows.push(...(await query(db, ...some, ...filling, ...others)));
    }
    return rows;
  };
}

/** How many values a query is prepared for: few different texts, each of which a database knows again. */
const smallerSizes = [1, 8, 64] as const;
const largestSize = 500;

/** Prepares a statement that writes one row, as `prepared` does: once for each set of columns it is given. A column that is `undefined` is left out. */
export function preparedForRow<Row extends object, Result>(
  build: (db: Database, row: Row) => Compilable<Result>,
): (db: Database, row: Row) => Promise<readonly Result[]> {
  const byColumns = new Map<string, (db: Database, ...values: readonly unknown[]) => Promise<readonly Result[]>>();
  return (db, row) => {
    const given = Object.entries(row).filter(([, value]) => value !== undefined);
    const names = given.map(([name]) => name);
    const columns = names.join(" ");
    const known = byColumns.get(columns);
    const query =
      known ??
      prepared((one: Database, ...values: readonly unknown[]) =>
        build(one, Object.fromEntries(names.map((name, index) => [name, values[index]])) as Row),
      );
    if (!known) byColumns.set(columns, query);
    return query(db, ...given.map(([, value]) => value));
  };
}
