import type { Token } from "./scan.ts";
import { type Finding, isTest, type Source } from "./source.ts";

/** Something a file may do although its place may not, and why. One nobody needs any more is reported. */
export interface Permit {
  readonly path: string;
  readonly what: string;
  readonly why: string;
}

/** The exceptions there are. Keep it short: an argument is better than a line here. */
export const permits: readonly Permit[] = [];

/** Checks that a file does not reach for the world where the world has to come in as an argument. */
export function checkBans(source: Source, allowed: readonly Permit[] = permits): readonly Finding[] {
  return bansOf(source)
    .filter(({ what }) => !allowed.some((permit) => permit.path === source.path && permit.what === what))
    .map(({ line, what, reason }) => ({ path: source.path, line, message: `\`${what}\` is banned here: ${reason}` }));
}

/** Finds the permits that no file makes use of. */
export function findIdlePermits(sources: readonly Source[], allowed: readonly Permit[] = permits): readonly Finding[] {
  return allowed
    .filter(
      ({ path, what }) => !sources.some((one) => one.path === path && bansOf(one).some((ban) => ban.what === what)),
    )
    .map(({ path, what }) => ({
      path,
      line: 1,
      message: `nothing needs the permit for \`${what}\` in tools/tidy/bans.ts`,
    }));
}

interface Ban {
  readonly what: string;
  readonly line: number;
  readonly reason: string;
}

const pure = "the engine is given time, randomness and all else as arguments";
const rooted = "only main.ts reads the clock, randomness and the environment";

/** Names of things outside a computation, and of ways to wait for them. */
const worldWords = new Set(
  (
    "Date crypto process performance setTimeout setInterval setImmediate queueMicrotask fetch console " +
    "async await Promise globalThis require"
  ).split(" "),
);
const clockWords = new Set(["Date.now", "performance.now", "process.hrtime", "process.env", "Math.random"]);
const randomNames = new Set([
  "randomBytes",
  "randomUUID",
  "randomInt",
  "randomFillSync",
  "getRandomValues",
  "webcrypto",
]);

function bansOf(source: Source): readonly Ban[] {
  return [...source.code.flatMap((_, index) => banAt(source, index) ?? []), ...randomImports(source)];
}

function banAt(source: Source, index: number): Ban | undefined {
  const token = source.code[index];
  if (token?.kind !== "word") return undefined;
  const line = token.line;
  if (isDefaultExport(source, index))
    return { what: "export default", line, reason: "an export has one name everywhere" };
  const before = source.code[index - 1]?.text;
  if (before === "." || before === "?.") return undefined;
  const member = memberAt(source.code, index);
  if (source.path.startsWith("packages/engine/src/")) {
    if (worldWords.has(token.text)) return { what: token.text, line, reason: pure };
    return member === "Math.random" ? { what: member, line, reason: pure } : undefined;
  }
  if (!isRuledServer(source.path)) return undefined;
  if (member && clockWords.has(member)) return { what: member, line, reason: rooted };
  if (token.text === "crypto" && randomNames.has(source.code[index + 2]?.text ?? "")) {
    return { what: member ?? token.text, line, reason: rooted };
  }
  return readsClock(source.code, index) ? { what: "new Date()", line, reason: rooted } : undefined;
}

/** Makes `a.b` of the tokens at `index`; `undefined` where no member follows. */
function memberAt(code: readonly Token[], index: number): string | undefined {
  const dot = code[index + 1]?.text;
  return dot === "." || dot === "?." ? `${code[index]?.text}.${code[index + 2]?.text}` : undefined;
}

/** Whether `Date` is called without an argument, or not as a constructor. */
function readsClock(code: readonly Token[], index: number): boolean {
  if (code[index]?.text !== "Date") return false;
  const isNew = code[index - 1]?.text === "new";
  const isCall = code[index + 1]?.text === "(";
  if (isNew) return !isCall || code[index + 2]?.text === ")";
  return isCall;
}

function isRuledServer(path: string): boolean {
  return path.startsWith("packages/server/src/") && path !== "packages/server/src/main.ts";
}

function randomImports(source: Source): readonly Ban[] {
  if (!isRuledServer(source.path)) return [];
  return source.imports
    .filter((one) => /^(?:node:)?crypto$/.test(one.specifier) && !one.typeOnly)
    .flatMap((one) =>
      one.names.filter((name) => randomNames.has(name)).map((what) => ({ what, line: one.line, reason: rooted })),
    );
}

function isDefaultExport(source: Source, index: number): boolean {
  if (/(?:^|\/)\w+\.config\.[cm]?[jt]s$/.test(source.path) || isTest(source.path)) return false;
  const [token, next, after] = source.code.slice(index, index + 3);
  if (token?.text === "as" && next?.text === "default") return after?.text === "}" || after?.text === ",";
  return token?.text === "export" && next?.text === "default";
}
