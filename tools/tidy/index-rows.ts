import type { Sections } from "./citations.ts";
import type { Finding, TextFile } from "./source.ts";

/** A row of docs/rfc/index.tsv: what we do about a section of an RFC, and where. */
export interface IndexRow {
  readonly rfc: string;
  /** A section, or `-` for the whole. */
  readonly section: string;
  readonly line: number;
  readonly status: string;
  /** Files or folders, from the root of the repository. */
  readonly where: readonly string[];
}

const statuses = ["yes", "partial", "no"];

/** Reads the rows of docs/rfc/index.tsv, its heading left out. */
export function readIndex(text: string): readonly IndexRow[] {
  return text.split("\n").flatMap((row, index) => {
    const [rfc = "", section = "", status = "", where = ""] = row.split("\t");
    if (index === 0 || row === "") return [];
    return [{ rfc, section, line: index + 1, status, where: where.split(" ").filter((path) => path !== "") }];
  });
}

/** Checks that the index tells each section once, in known words, and names sections and files there are. */
export function checkIndex(
  path: string,
  rows: readonly IndexRow[],
  files: readonly TextFile[],
  sections: Sections,
): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (line: number, message: string) => findings.push({ path, line, message });
  for (const [index, row] of rows.entries()) {
    const name = row.section === "-" ? `RFC ${row.rfc}` : `RFC ${row.rfc} §${row.section}`;
    const first = rows.findIndex((other) => other.rfc === row.rfc && other.section === row.section);
    if (first < index) add(row.line, `${name} stands here twice`);
    if (row.section !== "-" && !sections.get(row.rfc)?.has(row.section)) add(row.line, `there is no ${name}`);
    if (!statuses.includes(row.status)) add(row.line, `status is one of ${statuses.join(", ")}, not "${row.status}"`);
    if (row.status !== "no" && row.where.length === 0) add(row.line, `${name} is dealt with, but where?`);
    for (const place of row.where) {
      const exists = files.some((file) => file.path === place || file.path.startsWith(`${place}/`));
      if (!exists) add(row.line, `there is no ${place}`);
    }
  }
  return findings;
}
