import { checkBans, findIdlePermits, type Permit, permits } from "./bans.ts";
import { checkCitations, checkCitationsInText, citedRfcs, type Sections } from "./citations.ts";
import { checkDocs, checkLeftovers, checkLeftoversInText } from "./comments.ts";
import { checkIndex, readIndex } from "./index-rows.ts";
import { checkLayers, findCycles } from "./layers.ts";
import { checkSizes } from "./sizes.ts";
import { type Finding, readSource, type Source, type TextFile } from "./source.ts";

/** What the rules know beside the files. */
export interface Facts {
  readonly sections: Sections;
  /** The rows of docs/rfc/index.tsv. */
  readonly index: TextFile;
  readonly permits?: readonly Permit[];
}

/** Checks all files against all rules. The findings come by path, then by line. */
export function check(files: readonly TextFile[], facts: Facts): readonly Finding[] {
  const sources = files.flatMap((file) => readSource(file) ?? []);
  const texts = files.filter((file) => /\.(?:md|itip)$/.test(file.path));
  const rows = readIndex(facts.index.text);
  const indexed = new Set(rows.map((row) => row.rfc));
  const findings = [
    ...checkIndex(facts.index.path, rows, files, facts.sections),
    ...files.flatMap(checkText),
    ...sources.flatMap((source) => checkSource(source, facts)),
    ...texts.flatMap((file) => [...checkCitationsInText(file, facts.sections), ...checkLeftoversInText(file)]),
    ...findCycles(sources),
    ...findIdlePermits(sources, facts.permits ?? permits),
    ...[...sources, ...texts].flatMap((file) => [...findUnindexed(file, indexed), ...findUnrecorded(file, files)]),
  ];
  return findings.toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

function checkSource(source: Source, facts: Facts): readonly Finding[] {
  return [
    ...checkLayers(source),
    ...checkSizes(source),
    ...checkBans(source, facts.permits),
    ...checkCitations(source, facts.sections),
    ...checkDocs(source),
    ...checkLeftovers(source),
  ];
}

/** Checks what is true of every text we write: it ends in a newline, without tabs, without blanks at the end of a line. */
function checkText(file: TextFile): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (line: number, message: string) => findings.push({ path: file.path, line, message });
  const lines = file.text.split("\n");
  if (file.text !== "" && !file.text.endsWith("\n")) add(lines.length, "no newline at the end");
  for (const [index, line] of lines.entries()) {
    const isTable = file.path.endsWith(".tsv");
    if (line.includes("\t") && !isTable) add(index + 1, "a tab");
    if ((isTable ? /[ \r]$/ : /[ \t\r]$/).test(line)) add(index + 1, "blanks at the end of the line");
  }
  return findings;
}

/** Finds RFCs a file names that docs/rfc/index.tsv does not list. */
function findUnindexed(file: TextFile, indexed: ReadonlySet<string>): readonly Finding[] {
  if (file.path.startsWith("tools/test/")) return [];
  return [...citedRfcs(file.text)]
    .filter((rfc) => !indexed.has(rfc))
    .map((rfc) => ({
      path: file.path,
      line: file.text.slice(0, file.text.indexOf(`RFC ${rfc}`)).split("\n").length,
      message: `RFC ${rfc} has no row in docs/rfc/index.tsv`,
    }));
}

/** Finds decisions a file appeals to of which docs/decisions has no record. */
function findUnrecorded(file: TextFile, files: readonly TextFile[]): readonly Finding[] {
  if (file.path.startsWith("tools/test/")) return [];
  const cited = [...file.text.matchAll(/\bdecision (\d{4})\b/gi)];
  return cited
    .filter(([, number]) => !files.some((one) => one.path.startsWith(`docs/decisions/${number}-`)))
    .map((match) => ({
      path: file.path,
      line: file.text.slice(0, match.index).split("\n").length,
      message: `docs/decisions has no ${match[1]}`,
    }));
}
