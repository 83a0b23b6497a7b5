import { posix } from "node:path";
import { scan, type Token } from "./scan.ts";

/** A file as it is in the repository; `path` is relative to its root, with slashes. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A file of TypeScript or JavaScript, in tokens. */
export interface Source extends TextFile {
  readonly tokens: readonly Token[];
  /** The tokens without the comments. */
  readonly code: readonly Token[];
  readonly imports: readonly Import[];
}

/** An `import` or `export ... from`. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean;
  /** What is named between its braces, as the other file calls it. */
  readonly names: readonly string[];
}

/** Something that breaks the style guide. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Reads a source file; `undefined` for one that is no TypeScript or JavaScript. */
export function readSource(file: TextFile): Source | undefined {
  const extension = /\.([cm]?[jt]sx?)$/.exec(file.path)?.[1];
  if (!extension) return undefined;
  const tokens = scan(file.text, extension.endsWith("x") ? "tsx" : "ts");
  const code = tokens.filter((token) => token.kind !== "comment");
  return { ...file, tokens, code, imports: importsOf(code) };
}

/** Path of the file a relative import names, from the root of the repository; `undefined` for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return posix.join(posix.dirname(from), specifier);
}

/** Whether a file is written for tests. */
export function isTest(path: string): boolean {
  return /(?:^|\/)test\//.test(path);
}

function importsOf(code: readonly Token[]): readonly Import[] {
  const imports: Import[] = [];
  for (const [index, token] of code.entries()) {
    if (token.kind !== "word" || code[index - 1]?.text === ".") continue;
    const found =
      token.text === "import" ? readImport(code, index) : token.text === "export" ? readExport(code, index) : undefined;
    if (found) imports.push(found);
  }
  return imports;
}

function readImport(code: readonly Token[], index: number): Import | undefined {
  const next = code[index + 1];
  const isCall = next?.text === "(";
  const bare = isCall ? code[index + 2] : next;
  if (bare?.kind === "string") return { specifier: unquote(bare.text), line: bare.line, typeOnly: false, names: [] };
  return isCall ? undefined : readClause(code, index);
}

function readExport(code: readonly Token[], index: number): Import | undefined {
  const skip = code[index + 1]?.text === "type" ? 2 : 1;
  const opens = code[index + skip]?.text;
  return opens === "{" || opens === "*" ? readClause(code, index) : undefined;
}

/** Reads `[type] names from "specifier"` behind the word at `index`; `undefined` where no `from` follows. */
function readClause(code: readonly Token[], index: number): Import | undefined {
  const start = code[index];
  const typeOnly = code[index + 1]?.text === "type" && !["from", ","].includes(code[index + 2]?.text ?? "");
  const names: string[] = [];
  for (let at = index + 1; at < code.length; at += 1) {
    const token = code[at];
    const next = code[at + 1];
    if (!token || token.text === ";" || token.text === "=") return undefined;
    if (token.text === "from" && next?.kind === "string") {
      return { specifier: unquote(next.text), line: start?.line ?? 1, typeOnly, names };
    }
    const before = code[at - 1]?.text ?? "";
    if (token.kind === "word" && ["{", ",", "type"].includes(before) && token.text !== "type") names.push(token.text);
    if (token.text === "}" && next?.text !== "from") return undefined;
  }
  return undefined;
}

function unquote(text: string): string {
  return text.slice(1, -1);
}
