import type { Method } from "../../model/method.ts";
import type { Cells, Presence, RestrictionTable } from "./restriction.ts";

/**
 * Tables printed side by side: a row for each name, and in it a sign for each table. `+` is what the RFC writes "1+", `*` is "0+",
 * `?` is "0 or 1"; `.` is in tables that have no such row.
 */
export interface PrintedTables {
  /** The section of them all; theirs are its first, second and further ones, in the order of the columns. */
  readonly rule: RestrictionTable["rule"];
  readonly components: string;
  readonly properties: string;
  readonly subcomponents: string;
  /** Rows the RFC leaves out by mistake. */
  readonly unprinted?: { readonly components: string; readonly properties: string };
}

/** Reads tables printed side by side. The METHODs come in the order of the columns, each with what its comments ask. */
export function readTables(
  { rule, unprinted, ...printed }: PrintedTables,
  comments: Readonly<Partial<Record<Method, Pick<RestrictionTable, "conditions" | "readings">>>>,
): Readonly<Partial<Record<Method, RestrictionTable>>> {
  const tables = Object.entries(comments).map(([method, comment], column): [string, RestrictionTable] => [
    method,
    {
      rule: `${rule}.${column + 1}` as RestrictionTable["rule"],
      calendar: { METHOD: "1" },
      ...readBlocks(printed, column),
      ...(unprinted && { unprinted: readBlocks(unprinted, column) }),
      ...comment,
    },
  ]);
  return Object.fromEntries(tables);
}

function readBlocks<Name extends string>(blocks: Readonly<Record<Name, string>>, column: number): Record<Name, Cells> {
  const cells = Object.entries<string>(blocks).map(([name, rows]) => [name, readCells(rows, column)]);
  return Object.fromEntries(cells) as Record<Name, Cells>;
}

/** Reads one column of rows such as `0+1 ATTENDEE`; rows without a sign in it are left out. */
export function readCells(rows: string, column = 0): Cells {
  const cells = rows.split("\n").flatMap((row): readonly [string, Presence][] => {
    const [signs = "", name = ""] = row.split(" ");
    const presence = presences[signs[column] ?? ""];
    return presence ? [[name, presence]] : [];
  });
  return Object.fromEntries(cells);
}

const presences: Readonly<Record<string, Presence | undefined>> = {
  "0": "0",
  "1": "1",
  "?": "0-1",
  "*": "0+",
  "+": "1+",
};
