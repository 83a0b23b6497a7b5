import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const bin = fileURLToPath(new URL("../../bin/parley.js", import.meta.url));

/** What a process has written so far. */
export interface Output {
  out: string;
  err: string;
}

export interface Ran extends Readonly<Output> {
  readonly code: number | null;
}

/** Makes a folder that is gone when the test is. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "parley-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the built command line as its users do. */
export async function parley(
  args: readonly string[],
  input: string | Buffer = "",
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = start(args, env);
  const output = collect(child);
  child.stdin?.end(input);
  return { code: await exitOf(child), ...output };
}

/** Starts the built command line; it ends with the test at the latest. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PARLEY_")));
  const child = spawn(process.execPath, [bin, ...args], { env: { ...clean, ...env }, stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

export function collect(child: ChildProcess): Output {
  const output = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => (output.out += String(chunk)));
  child.stderr?.on("data", (chunk) => (output.err += String(chunk)));
  return output;
}

/** Waits until a server takes requests; gives the address of its page. */
export async function untilStarted(child: ChildProcess, output: Output): Promise<string> {
  while (!output.out.includes("Ctrl-C")) {
    await Promise.race([once(child.stdout as NonNullable<typeof child.stdout>, "data"), once(child, "exit")]);
    if (child.exitCode !== null) throw new Error(output.err);
  }
  return /http:\/\/127\.0\.0\.1:\d+\//.exec(output.out)?.[0] ?? "";
}

/** Waits until a process has ended and all it wrote is read. */
export async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}
