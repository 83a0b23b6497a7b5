import { type ChildProcessWithoutNullStreams as Child, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.ts";

const bin = fileURLToPath(new URL("../../bin/parley.js", import.meta.url));
const clockAhead = new URL("clock-ahead.ts", import.meta.url).href;
const startSeconds = 60;

/** Settings of a server, as its environment has them. */
export type Settings = Readonly<Record<string, string>>;

/** Whoever ends ends them too. */
const running = new Set<Child>();
process.once("exit", () => {
  for (const { pid, exitCode, signalCode } of running) {
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
  }
});

/** One server that is started, killed and started again, always on the same ports. */
export interface Node {
  readonly name: string;
  readonly httpPort: number;
  readonly lmtpPort: number;
  /** All it has written to its log since it was made. */
  readonly log: () => string;
  readonly isRunning: () => boolean;
  readonly pid: () => number;
  /**
   * Starts it under a program, or by itself. Resolves once it takes requests; `false` where it was killed before. Rejects where it ended by itself.
   */
  start(ahead: number, under?: readonly string[]): Promise<boolean>;
  /** Kills it as `kill -9` does, and waits until it is gone. */
  kill(): Promise<void>;
  /** Tells it to stop, and gives its exit code. */
  stop(): Promise<number | null>;
  /** Resolves once it is gone. */
  readonly gone: () => Promise<void>;
}

/** Makes a server that does not run yet. */
export async function makeNode(name: string, settings: Settings): Promise<Node> {
  const [httpPort, lmtpPort] = [await freePort(), await freePort()];
  const env = { ...settings, PARLEY_HTTP_PORT: String(httpPort), PARLEY_LMTP_PORT: String(lmtpPort) };
  let child: Child | undefined;
  let gone: Promise<unknown> = Promise.resolve();
  let log = "";
  const isRunning = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const signal = (name: NodeJS.Signals): void => {
    if (child?.pid !== undefined && isRunning()) process.kill(-child.pid, name);
  };
  return {
    name,
    httpPort,
    lmtpPort,
    log: () => log,
    isRunning,
    pid: () => child?.pid ?? 0,
    async start(ahead, under = []) {
      const started = run(["start"], env, ahead, under);
      child = started;
      running.add(started);
      gone = once(started, "close").finally(() => running.delete(started));
      started.stderr.on("data", (chunk) => (log += String(chunk)));
      return untilReady(started, gone, () => log);
    },
    async kill() {
      signal("SIGKILL");
      await gone;
    },
    async stop() {
      signal("SIGTERM");
      await gone;
      return child?.exitCode ?? null;
    },
    gone: async () => void (await gone),
  };
}

/** Runs a command of the command line to its end. */
export async function parley(
  args: readonly string[],
  settings: Settings,
  { input = "", ahead = 0 } = {},
): Promise<{ readonly code: number | null; readonly out: string }> {
  const child = run(args, settings, ahead, []);
  // A command that reads nothing may be done before it is given anything: its exit code tells how it went.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  return { code: child.exitCode, out: `${out}${err}` };
}

/** In a group of its own: a signal reaches the server below the program it runs under. */
function run(args: readonly string[], settings: Settings, ahead: number, under: readonly string[]): Child {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PARLEY_"));
  const env = { ...Object.fromEntries(inherited), ...settings, CRASH_CLOCK_AHEAD: String(ahead) };
  const [program = process.execPath, ...rest] = [...under, process.execPath, "--import", clockAhead, bin, ...args];
  return spawn(program, rest, { env, stdio: "pipe", detached: true });
}

async function untilReady(child: Child, gone: Promise<unknown>, log: () => string): Promise<boolean> {
  const ready = new Promise<"ready">((resolve) => {
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += String(chunk);
      if (out.includes("Ctrl-C")) resolve("ready");
    });
  });
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), startSeconds * 1_000);
  const timedOut = once(late.signal, "abort").then(() => "late");
  const what = await Promise.race([ready, gone.then(() => "gone"), timedOut]);
  clearTimeout(timer);
  if (what === "ready") return true;
  if (what === "gone" && child.signalCode !== null) return false;
  throw new Error(`the server did not start (${what}, exit code ${child.exitCode}): ${log().slice(-2_000)}`);
}
