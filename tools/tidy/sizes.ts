import { endLine, type Token } from "./scan.ts";
import { type Finding, isTest, type Source } from "./source.ts";

/** Lines a file may have; one that declares itself a table may have more. */
export const maxFileLines = 400;
/** Lines a function may have, its first and last included. */
export const maxFunctionLines = 70;
/** Blocks of control flow a statement may stand in within its function. */
export const maxNesting = 3;

/** Checks the length of a file, of its functions, and how deeply they nest. Functions of tests may be long, as a suite is one. */
export function checkSizes(source: Source): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (line: number, message: string) => findings.push({ path: source.path, line, message });
  const lines = source.text.split("\n").length - 1;
  if (isTable(source)) {
    const logic = source.code.find((token) => logicWords.has(token.text) && token.kind !== "string");
    if (logic) add(logic.line, `a table holds data only, not \`${logic.text}\``);
  } else if (lines > maxFileLines) add(1, `${lines} lines, more than ${maxFileLines}`);
  for (const block of blocksOf(source.code)) {
    const length = block.last - block.first + 1;
    if (block.kind === "function" && length > maxFunctionLines && !isTest(source.path)) {
      add(block.first, `a function of ${length} lines, more than ${maxFunctionLines}`);
    }
    if (block.kind === "control" && block.depth === maxNesting + 1) {
      add(block.first, `nested ${block.depth} deep, more than ${maxNesting}`);
    }
  }
  return findings;
}

interface Block {
  readonly kind: "function" | "control" | "other";
  readonly first: number;
  readonly last: number;
  /** Blocks of control flow it stands in, itself included. */
  readonly depth: number;
}

const logicWords = new Set("function if for while do switch return class await =>".split(" "));
const controlWords = new Set("if for while switch catch with".split(" "));
const bareControlWords = new Set("else do try finally catch".split(" "));
const notInTypes = new Set("class interface return".split(" "));
const inType = new Set("< > | & . ? , =>".split(" "));
const beforeType = new Set(": < | & , => ? is".split(" "));
const opening = new Set(["(", "[", "{"]);
const closing = new Set([")", "]", "}"]);

function isTable(source: Source): boolean {
  return /^\/\/ table: \S/.test(source.text);
}

/** Finds the blocks in braces. A function inside control flow goes on counting, as its reader does. */
function blocksOf(code: readonly Token[]): readonly Block[] {
  const pairs = pairBrackets(code);
  const blocks: Block[] = [];
  const open: { readonly end: number; readonly depth: number }[] = [];
  for (const [start, token] of code.entries()) {
    const end = pairs.get(start);
    while (open.at(-1) && (open.at(-1)?.end ?? 0) < start) open.pop();
    if (token.text !== "{" || token.kind !== "punctuation" || end === undefined) continue;
    const head = headOf(code, pairs, start);
    const depth = (open.at(-1)?.depth ?? 0) + (head.kind === "control" ? 1 : 0);
    open.push({ end, depth });
    const last = code[end];
    blocks.push({ ...head, depth, last: last ? endLine(last) : head.first });
  }
  return blocks;
}

/** Tells what a `{` opens, and on which line that begins. */
function headOf(
  code: readonly Token[],
  pairs: ReadonlyMap<number, number>,
  brace: number,
): Pick<Block, "kind" | "first"> {
  const before = code[brace - 1];
  const first = code[brace]?.line ?? 1;
  if (!before) return { kind: "other", first };
  if (before.kind === "word" && bareControlWords.has(before.text)) return { kind: "control", first };
  if (before.text === "=>") {
    const parameters = code[brace - 2]?.text === ")" ? pairs.get(brace - 2) : findParameters(code, pairs, brace - 2);
    return { kind: "function", first: code[parameters ?? brace]?.line ?? first };
  }
  const parameters = before.text === ")" ? pairs.get(brace - 1) : findParameters(code, pairs, brace - 1);
  if (parameters === undefined) return { kind: "other", first };
  const caller = code[parameters - 1]?.text === "await" ? code[parameters - 2] : code[parameters - 1];
  const isControl = caller?.kind === "word" && controlWords.has(caller.text);
  return { kind: isControl ? "control" : "function", first: caller?.line ?? first };
}

/** Walks back over a return type that ends at `index`, to the `(` of the parameters before it. */
function findParameters(code: readonly Token[], pairs: ReadonlyMap<number, number>, index: number): number | undefined {
  let at = index;
  while (at > 0) {
    const token = code[at];
    if (!token || notInTypes.has(token.text)) return undefined;
    if (token.text === ":") return code[at - 1]?.text === ")" ? pairs.get(at - 1) : undefined;
    const start = closing.has(token.text) ? pairs.get(at) : at;
    if (start === undefined || (token.text === "}" && !beforeType.has(code[start - 1]?.text ?? ""))) return undefined;
    const isType = start < at || ["word", "string", "number"].includes(token.kind) || inType.has(token.text);
    if (!isType) return undefined;
    at = start - 1;
  }
  return undefined;
}

/** Pairs each bracket with its partner, both ways. */
function pairBrackets(code: readonly Token[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const [index, token] of code.entries()) {
    if (token.kind !== "punctuation") continue;
    if (opening.has(token.text)) open.push(index);
    if (!closing.has(token.text)) continue;
    const start = open.pop();
    if (start === undefined) continue;
    pairs.set(start, index);
    pairs.set(index, start);
  }
  return pairs;
}
