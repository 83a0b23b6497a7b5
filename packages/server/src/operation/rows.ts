import type { RawRow, ReadTransaction } from "../store/store.ts";

/** Reads a whole table, a page at a time. */
export async function* rowsOf({ upkeep }: ReadTransaction, table: string): AsyncGenerator<RawRow> {
  let page = await upkeep.page(table, undefined);
  while (page.length > 0) {
    yield* page;
    page = await upkeep.page(table, page.at(-1));
  }
}
