import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/** Whether strace is here and may look into processes. */
export function canTrace(): boolean {
  try {
    execFileSync("strace", ["-o", "/dev/null", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** What becomes of a call of the system: `fdatasync` with `signal=KILL:when=7`, `pwrite64` with `error=ENOSPC`. */
export interface Injection {
  readonly call: string;
  readonly effect: string;
}

/** The program a server is started under, so that what it calls is injected from its first step on. Each thread counts by itself. */
export function underTracer(injection: Injection): readonly string[] {
  return ["strace", ...argsOf(injection)];
}

/** Begins to inject into all threads of a process that runs; `detach` ends it, and the process goes on. */
export async function attachTracer(pid: number, injection: Injection): Promise<{ detach(): Promise<void> }> {
  const tracer = spawn("strace", [...argsOf(injection), "-p", String(pid)], { stdio: ["ignore", "ignore", "pipe"] });
  const gone = once(tracer, "close");
  await Promise.race([untilAttached(tracer), gone]);
  return {
    detach: async () => {
      tracer.kill("SIGINT");
      await gone;
    },
  };
}

function argsOf({ call, effect }: Injection): readonly string[] {
  return ["-f", "-o", "/dev/null", "-e", `trace=${call}`, "-e", `inject=${call}:${effect}`];
}

/** It says so on standard error. */
async function untilAttached({ stderr }: ChildProcess): Promise<void> {
  let said = "";
  for await (const chunk of stderr ?? []) {
    said += String(chunk);
    if (said.includes("attached")) break;
  }
  stderr?.resume();
}
