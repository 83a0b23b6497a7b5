import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { appendFile, chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export { freePort } from "../../free-port.ts";

const startSeconds = 30;
const stopSeconds = 10;

/** Whether there is a Postfix here, and root, who alone can start one. */
export const hasPostfix: boolean =
  process.getuid?.() === 0 && ["/usr/sbin/postfix", "/usr/lib/postfix/sbin/lmtp"].every((file) => existsSync(file));

/** A program of the system that a test has started with a configuration of its own. */
export interface Program {
  /** What it has written to its log. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** A folder of a test that programs of other users can look into. */
export async function openFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `parley-${name}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** What a program is started with, and how its end is seen to. */
export interface ProgramOptions {
  /** Goes with it. */
  readonly folder: string;
  /** It has started once it listens at all of them. */
  readonly ports: readonly number[];
  readonly logFile: string;
  /** Where it writes the id of the process that leads its group, if that is not the one that was started. */
  readonly pidFile?: string;
}

/** Starts a program, and waits until it listens. Only what is started here is ever ended, by its own id. */
export async function startProgram(
  [program, ...args]: readonly [string, ...string[]],
  { folder, ports, logFile, pidFile }: ProgramOptions,
): Promise<Program> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => void appendFile(logFile, text).catch(() => {}));
  }
  const end = (signal: NodeJS.Signals): void => {
    const written = pidFile !== undefined && existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : 0;
    if (written > 1) kill(-written, signal);
    if (child.pid !== undefined && child.exitCode === null) kill(-child.pid, signal);
  };
  const atExit = (): void => end("SIGKILL");
  process.once("exit", atExit);
  const log = (): Promise<string> => readFile(logFile, "utf8").catch(() => "");
  const stop = async (): Promise<void> => {
    const gone = child.exitCode === null ? once(child, "exit") : Promise.resolve();
    end("SIGTERM");
    await Promise.race([gone, sleep(stopSeconds * 1_000, undefined, { ref: false })]);
    end("SIGKILL");
    process.off("exit", atExit);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  for (const port of ports) {
    if (await listens(port, child)) continue;
    const said = await log();
    await stop();
    throw new Error(`${program} does not listen at ${port}: ${said}`);
  }
  return { log, stop };
}

async function listens(port: number, child: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < startSeconds * 10; tries++) {
    if (child.exitCode !== null) return false;
    const heard = await new Promise<boolean>((done) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => done(true)).once("error", () => done(false));
      socket.once("connect", () => socket.destroy());
    });
    if (heard) return true;
    await sleep(100);
  }
  return false;
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has gone already
  }
}

/** Runs a command to its end; throws with its words where it fails. */
export function run(program: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
}
