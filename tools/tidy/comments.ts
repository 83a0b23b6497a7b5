import { withoutCode } from "./citations.ts";
import { endLine, type Token } from "./scan.ts";
import type { Finding, Source, TextFile } from "./source.ts";

/** Checks that what a package's file exports says what it is: a doc comment, or one shared by exports on lines that follow. */
export function checkDocs(source: Source): readonly Finding[] {
  if (!/^packages\/[^/]+\/src\//.test(source.path) || exempt.test(source.path)) return [];
  const findings: Finding[] = [];
  let depth = 0;
  let documentedTo = -1;
  for (const [index, token] of source.tokens.entries()) {
    if (token.kind === "punctuation" && /^[([{]$/.test(token.text)) depth += 1;
    if (token.kind === "punctuation" && /^[)\]}]$/.test(token.text)) depth -= 1;
    if (depth > 0 || !isDeclaration(source.tokens, index)) continue;
    const before = source.tokens[index - 1];
    const isDocumented =
      before?.text.startsWith("/**") && before.kind === "comment" && endLine(before) + 1 >= token.line;
    const shares = before && documentedTo >= 0 && endLine(before) + 1 === token.line && before.kind !== "comment";
    if (isDocumented || shares) documentedTo = token.line;
    else {
      documentedTo = -1;
      findings.push({
        path: source.path,
        line: token.line,
        message: `\`${nameAt(source.tokens, index)}\` has no doc comment`,
      });
    }
  }
  return findings;
}

/** Checks that no comment puts off what should be done, or reported, now. */
export function checkLeftovers(source: Source): readonly Finding[] {
  return source.tokens
    .filter((token) => token.kind === "comment")
    .flatMap((token) => leftovers(source.path, token.line, token.text));
}

/** Checks the same of a document; words between backticks are spoken of, not meant. */
export function checkLeftoversInText(file: TextFile): readonly Finding[] {
  return leftovers(file.path, 1, withoutCode(file.text));
}

const exempt = /\/(?:contract|schemas|index)\.ts$/;
const declarations = new Set("function const let type interface class async abstract declare".split(" "));

function leftovers(path: string, line: number, text: string): readonly Finding[] {
  return [...text.matchAll(/\b(?:TODO|FIXME|XXX|HACK)\b/g)].map((match) => ({
    path,
    line: line + text.slice(0, match.index).split("\n").length - 1,
    message: `${match[0]}: do it, or write it down where people look`,
  }));
}

function isDeclaration(tokens: readonly Token[], index: number): boolean {
  const [token, next, after] = tokens.slice(index, index + 3);
  if (token?.kind !== "word" || token.text !== "export" || !next || !declarations.has(next.text)) return false;
  return next.text !== "type" || (after?.text !== "{" && after?.text !== "*");
}

function nameAt(tokens: readonly Token[], index: number): string {
  const name = tokens
    .slice(index + 1, index + 5)
    .find((token) => token.kind === "word" && !declarations.has(token.text));
  return name?.text ?? "export";
}
