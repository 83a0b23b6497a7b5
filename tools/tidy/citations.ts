import { endLine, type Token } from "./scan.ts";
import type { Finding, Source, TextFile } from "./source.ts";

/** RFC number, to the numbers of its sections: `3.2.2.1`, or `A.1` of an appendix. */
export type Sections = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads docs/rfc/sections.tsv: a number, a tab, section numbers between spaces. Lines with `#` are comments. */
export function readSections(text: string): Sections {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const [rfc = "", sections = ""] = line.split("\t");
      return [rfc, new Set(sections.split(" "))];
    }),
  );
}

/** Checks the citations in comments and texts of a source file. In a comment a `§` alone belongs to the RFC named before it. */
export function checkCitations(source: Source, sections: Sections): readonly Finding[] {
  // What a test of these rules holds up as wrong is not meant.
  const tokens = source.path.startsWith("tools/test/") ? source.tokens.filter(isCommentToken) : source.tokens;
  return regionsOf(tokens).flatMap((region) => checkRegion(source.path, region, sections));
}

/** Checks the citations in a document or a scenario; of documents, code between backticks is left out. */
export function checkCitationsInText(file: TextFile, sections: Sections): readonly Finding[] {
  return checkRegion(file.path, { text: withoutCode(file.text), line: 1, isComment: false }, sections);
}

/** Blanks what stands between backticks on one line, so that a document can show what it speaks of. */
export function withoutCode(text: string): string {
  return text.replace(/`[^`\n]*`/g, (code) => " ".repeat(code.length));
}

/** Finds the RFCs a text cites in the right form. */
export function citedRfcs(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\bRFC (\d{3,5})\b/g)].map((match) => match[1] ?? ""));
}

/** Text in which one citation may refer to the one before. */
interface Region {
  readonly text: string;
  readonly line: number;
  readonly isComment: boolean;
}

const reference =
  /(?<![\w/.-])(?<name>RFCs?)(?<gap>[\s-]*)(?<number>\d{3,5})(?![\w/]|[.-]\w)|§(?<section>[^\S\n]*(?:[A-Z]\b|\d+)?(?:\.\d+)*)/gi;
const wordy = /^,?\s*(?:section|sect?\.|chapter|paragraph|appendix)\s|^[,:]?\s+\(?\d+(?:\.\d+)+/i;
/** What may stand between one section and the next of the same RFC. */
const chained = /^\s*(?:,|;|\/|to|and|or|,\s*and|–)?\s*$/;

function checkRegion(path: string, region: Region, sections: Sections): readonly Finding[] {
  const findings: Finding[] = [];
  let rfc: string | undefined;
  let end = 0;
  for (const match of region.text.matchAll(reference)) {
    const line = region.line + region.text.slice(0, match.index).split("\n").length - 1;
    const { number, section } = match.groups ?? {};
    const isChained = chained.test(region.text.slice(end, match.index));
    end = match.index + match[0].length;
    const after = region.text.slice(end, end + 40);
    // The section may be put in at run time.
    if (match[0] === "§" && !region.isComment && /^["'`]?$/.test(after)) continue;
    const message =
      number === undefined
        ? refuseSection(rfc, section ?? "", region.isComment || (isChained && rfc !== undefined), sections)
        : refuseName(match.groups ?? {}, after);
    if (number !== undefined) rfc = number;
    else if (!region.isComment && !isChained) rfc = undefined;
    if (message) findings.push({ path, line, message });
  }
  return findings;
}

/** Why an RFC is not named the way we name it. */
function refuseName(parts: Readonly<Record<string, string | undefined>>, after: string): string | undefined {
  const { name, gap, number } = parts;
  const isPlain = name === "RFC" && (gap === " " || /^\s+$/.test(gap ?? "")) && number?.length === 4;
  if (isPlain && !wordy.test(after)) return undefined;
  return `cite as "RFC ${number} §x", so that a tool can find it`;
}

/** Why a section is not one; `rfc` is the RFC named before it. */
function refuseSection(
  rfc: string | undefined,
  section: string,
  isOurs: boolean,
  sections: Sections,
): string | undefined {
  if (!isOurs) return undefined;
  if (rfc === undefined) return section === "" ? undefined : `§${section.trim()} of which RFC?`;
  if (section === "" || /^\s/.test(section)) return `"§" wants its section right behind it`;
  const known = sections.get(rfc);
  if (!known) return `RFC ${rfc} is not in docs/rfc/sections.tsv: §${section} cannot be checked`;
  return known.has(section) ? undefined : `RFC ${rfc} has no §${section}`;
}

/** Comments and texts; `//` comments on lines that follow each other are one. */
function regionsOf(tokens: readonly Token[]): readonly Region[] {
  const regions: Region[] = [];
  let previous: Token | undefined;
  for (const token of tokens) {
    const isComment = isCommentToken(token);
    if (!isComment && !["string", "template", "jsx"].includes(token.kind)) {
      previous = token;
      continue;
    }
    const text = isComment ? withoutCode(plainComment(token.text)) : token.text;
    const last = regions.at(-1);
    const follows =
      isComment && last?.isComment && previous?.kind === "comment" && endLine(previous) + 1 === token.line;
    if (follows && token.text.startsWith("//")) regions.splice(-1, 1, { ...last, text: `${last.text}\n${text}` });
    else regions.push({ text, line: token.line, isComment });
    previous = token;
  }
  return regions;
}

function isCommentToken(token: Token): boolean {
  return token.kind === "comment";
}

/** Takes the comment's own marks away, and keeps the lines. */
function plainComment(text: string): string {
  return text.replace(/^\/\/|^\/\*\*?|\*\/$/g, "").replace(/\n[ \t]*\*(?!\/)/g, "\n");
}
