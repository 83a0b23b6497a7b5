import type { Finding, TextFile } from "./source.ts";

/** A row of docs/rfc/index.tsv: what we do about an RFC, and where. */
export interface IndexRow {
  readonly rfc: string;
  readonly line: number;
  readonly status: string;
  /** Files or folders, from the root of the repository. */
  readonly where: readonly string[];
}

const statuses = ["done", "part", "no"];

/** Reads the rows of docs/rfc/index.tsv, its heading left out. */
export function readIndex(text: string): readonly IndexRow[] {
  return text.split("\n").flatMap((row, index) => {
    const [rfc = "", , status = "", where = ""] = row.split("\t");
    if (index === 0 || row === "") return [];
    return [{ rfc, line: index + 1, status, where: where.split(" ").filter((path) => path !== "") }];
  });
}

/** Checks that the index tells each RFC once, in known words, and names files there are. */
export function checkIndex(path: string, rows: readonly IndexRow[], files: readonly TextFile[]): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (line: number, message: string) => findings.push({ path, line, message });
  for (const [index, row] of rows.entries()) {
    if (rows.findIndex((other) => other.rfc === row.rfc) < index) add(row.line, `RFC ${row.rfc} stands here twice`);
    if (!statuses.includes(row.status)) add(row.line, `status is one of ${statuses.join(", ")}, not "${row.status}"`);
    if (row.status !== "no" && row.where.length === 0) add(row.line, `RFC ${row.rfc} is dealt with, but where?`);
    for (const place of row.where) {
      const exists = files.some((file) => file.path === place || file.path.startsWith(`${place}/`));
      if (!exists) add(row.line, `there is no ${place}`);
    }
  }
  return findings;
}
