import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { libraries } from "./libraries.ts";
import type { OracleAnswer, OracleCase } from "./oracle-case.ts";

/** Another program that expands rules, run where a hang can be killed. */
export interface Oracle {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

/** Silence of a worker, from the moment it could have answered the next case, after which it is killed. */
const silenceMilliseconds = 500;
/** A worker needs this long to load its library, on a busy machine. */
const startMilliseconds = 15_000;

const python = "/usr/bin/python3";
const worker = join(import.meta.dirname, "worker.ts");

/** The oracles this machine has, and why it lacks the others. Those of npm are always there. */
export interface Oracles {
  readonly oracles: readonly Oracle[];
  readonly missing: readonly string[];
}

/** Finds out whom to ask. */
export function findOracles(): Oracles {
  const ofNpm = Object.keys(libraries).map((name) => ({
    name,
    command: process.execPath,
    arguments: ["--conditions=@parley/source", worker, name],
  }));
  const dateutil = { name: "dateutil", command: python, arguments: [join(import.meta.dirname, "dateutil_worker.py")] };
  const missing = whyNoDateutil();
  return missing === undefined
    ? { oracles: [...ofNpm, dateutil], missing: [] }
    : { oracles: ofNpm, missing: [missing] };
}

function whyNoDateutil(): string | undefined {
  if (!existsSync(python)) return `dateutil: there is no ${python} (Debian: python3)`;
  const tried = spawnSync(python, ["-c", "import dateutil, zoneinfo; zoneinfo.ZoneInfo('Europe/Berlin')"]);
  return tried.status === 0
    ? undefined
    : `dateutil: ${python} has none, or no zone data (Debian: python3-dateutil, tzdata)`;
}

/** Asks one oracle all cases, in order. One that hangs is killed, its case counted as cut, and asked on from the next. */
export async function askOracle(oracle: Oracle, cases: readonly OracleCase[]): Promise<readonly OracleAnswer[]> {
  const answers: OracleAnswer[] = [];
  while (answers.length < cases.length) {
    const before = answers.length;
    const end = await askUntilItEnds(oracle, cases, answers);
    if (answers.length >= cases.length) break;
    if (end !== "silent" && answers.length === before)
      throw new Error(`${oracle.name} ended at its first case: ${end}`);
    answers.push(end === "silent" ? { kind: "cut" } : { kind: "error", detail: end });
  }
  return answers;
}

/** Runs one worker until all is answered, it falls silent, or it dies; answers with why it ended. */
function askUntilItEnds(oracle: Oracle, cases: readonly OracleCase[], answers: OracleAnswer[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(oracle.command, oracle.arguments, { stdio: ["pipe", "pipe", "pipe"] });
    let reason = "";
    let errors = "";
    const kill = (): void => {
      reason = "silent";
      child.kill("SIGKILL");
    };
    let watchdog = setTimeout(kill, startMilliseconds);
    createInterface({ input: child.stdout }).on("line", (line) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(kill, silenceMilliseconds);
      answers.push(JSON.parse(line) as OracleAnswer);
    });
    child.stderr.on("data", (data: Buffer) => {
      errors = (errors + data.toString()).slice(-1_000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(watchdog);
      resolve(reason || `exit code ${code}: ${errors}`);
    });
    // A worker that dies before it read all of its input says so by its end.
    child.stdin.on("error", () => child.kill("SIGKILL"));
    const asked = cases.slice(answers.length);
    child.stdin.end(asked.map((each) => `${JSON.stringify(each)}\n`).join(""));
  });
}
