// Answers cases, one line of JSON each, by the library named as its argument. Run by `oracle-process.ts`.
import { createInterface } from "node:readline";
import { runInThisContext } from "node:vm";
import { answerOf, libraries } from "./libraries.ts";
import type { OracleCase } from "./oracle-case.ts";

const milliseconds = 80;

const [name = ""] = process.argv.slice(2);
const load = Object.entries(libraries).find(([each]) => each === name)?.[1];
if (!load) throw new Error(`no oracle "${name}"; there are: ${Object.keys(libraries).join(", ")}`);
const library = await load();

let question: OracleCase | undefined;
// Only what runs inside a script of node:vm can be cut short; a library in another language cannot even so, and is killed.
const asked: Record<symbol, unknown> = globalThis as never;
const hook = Symbol.for("parley.oracle.ask");
asked[hook] = () => (question ? library(question) : "not-asked");
const ask = () => runInThisContext(`globalThis[Symbol.for("parley.oracle.ask")]()`, { timeout: milliseconds });

for await (const line of createInterface({ input: process.stdin })) {
  question = JSON.parse(line) as OracleCase;
  process.stdout.write(`${JSON.stringify(answerOf(ask as typeof library, question))}\n`);
}
