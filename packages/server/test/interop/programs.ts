import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Debian puts the calendar programs of others; tools/run/dav-clients.mjs installs them. */
const places = {
  litmus: "/usr/bin/litmus",
  cadaver: "/usr/bin/cadaver",
  vdirsyncer: "/usr/bin/vdirsyncer",
  khal: "/usr/bin/khal",
  "python3-caldav": "/usr/lib/python3/dist-packages/caldav/__init__.py",
} as const;

const runSeconds = 60;
const maxOutput = 1_000_000;

/** Tells whether a program of another maker is here. */
export function hasProgram(name: keyof typeof places): boolean {
  return existsSync(places[name]);
}

/** How a program has ended, and what it said. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home folder that nothing of this machine's settings is in, and programs that are run there. */
export interface ProgramHome {
  readonly folder: string;
  run(program: readonly [string, ...string[]], options?: RunOptions): Promise<Finished>;
  remove(): Promise<void>;
}

/** What a program is given beside its arguments. */
export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes a home for programs. */
export async function makeHome(): Promise<ProgramHome> {
  const folder = await mkdtemp(join(tmpdir(), "parley-home-"));
  return {
    folder,
    run: (program, options = {}) => runIn(folder, program, options),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Runs a program to its end; it is ended where it takes too long. It is given no terminal. */
function runIn(
  folder: string,
  [program, ...args]: readonly [string, ...string[]],
  { input = "", env = {} }: RunOptions,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const own = { HOME: folder, PATH: "/usr/bin:/bin", LANG: "C.UTF-8", TZ: "Europe/Berlin", TERM: "dumb" };
    const child = spawn(program, args, { cwd: folder, env: { ...own, ...env }, timeout: runSeconds * 1_000 });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text) => (stdout = `${stdout}${text}`.slice(-maxOutput)));
    child.stderr.on("data", (text) => (stderr = `${stderr}${text}`.slice(-maxOutput)));
    // A program that does not read to the end says by its exit code what was wrong.
    child.stdin.on("error", () => {});
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** Throws with the words of a program that has failed; gives what it wrote. */
export function succeeded({ code, stdout, stderr }: Finished): string {
  if (code !== 0) throw new Error(`exit code ${code}: ${stdout}${stderr}`);
  return stdout;
}
