import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { freePort } from "../free-port.ts";

/** A PostgreSQL server of a test: a port of loopback, a folder in the system's for such things, nothing of the system's cluster. */
export interface Cluster {
  readonly port: number;
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on what is on its disk. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

const user = "parley";
const startTimeout = 60_000;

/** The folder of PostgreSQL's programs; nothing where there are none. Debian keeps them off the PATH. */
export function findPostgres(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(debian, version, "bin"));
  const all = [...folders, ...(process.env["PATH"] ?? "").split(delimiter)];
  return all.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** Makes a cluster and starts it. It ends with this process, however that ends. */
export async function startCluster(): Promise<Cluster> {
  const programs = findPostgres();
  if (!programs) throw new Error("there is no PostgreSQL here (Debian: apt-get install postgresql)");
  const folder = await mkdtemp(join(tmpdir(), "parley-postgres-"));
  const owner = serverOwner();
  await chmod(folder, 0o700);
  if (owner) await chown(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const how = { ...owner, cwd: folder, env: { LC_ALL: "C.UTF-8", TZ: "UTC" } };
  const initialise = ["-D", data, "-U", user, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
  execFileSync(join(programs, "initdb"), initialise, { ...how, stdio: ["ignore", "ignore", "pipe"] });
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, "max_connections=200"];
  const args = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  let server: ChildProcess | undefined;
  const end = async (): Promise<void> => {
    if (!server) return;
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server.stdin?.end("QUIT\n");
    await ended;
    server = undefined;
  };
  const start = async (): Promise<void> => {
    server = spawn("/bin/sh", ["-c", keeper, folder, join(programs, "postgres"), ...args], {
      ...how,
      stdio: ["pipe", "ignore", "ignore"],
    });
    await untilReady(port, server);
  };
  let databases = 0;
  await start();
  return {
    port,
    start,
    kill: () => end(),
    createDatabase: async () => {
      const name = `test_${process.pid}_${databases++}`;
      await asUser(port, "postgres", `create database ${name}`);
      return `postgresql://${user}@127.0.0.1:${port}/${name}`;
    },
    close: async () => {
      // At once: to end in order it would write to the disk, for half a minute, what is removed then.
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Runs the server until its input names a signal. Where that ends without one the tests were killed: then it ends too, and removes
 * its folder.
 */
const keeper = `exec 3<&0
"$@" 3<&- & server=$!
{ read -r signal <&3 || { signal=QUIT; touch "$0/gone"; }; kill -s "$signal" $server; } & reader=$!
wait $server; code=$?
kill $reader 2>/dev/null
if [ -e "$0/gone" ]; then rm -rf "$0"; fi
exit $code`;

/** PostgreSQL refuses to run as root: Debian's package brings a user for it, and everywhere there is a nobody. */
function serverOwner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const people = readFileSync("/etc/passwd", "utf8").split("\n");
  const fields = ["postgres", "nobody"].map((name) => people.find((line) => line.startsWith(`${name}:`))?.split(":"));
  const [, , uid, gid] = fields.find((found) => found !== undefined) ?? [];
  if (uid === undefined || gid === undefined) throw new Error("there is neither a user postgres nor a nobody");
  return { uid: Number(uid), gid: Number(gid) };
}

async function untilReady(port: number, server: ChildProcess): Promise<void> {
  const pause = 50;
  for (let waited = 0; ; waited += pause) {
    try {
      await asUser(port, "postgres", "select 1");
      return;
    } catch (error) {
      if (server.exitCode !== null || waited > startTimeout) throw error;
    }
    await sleep(pause);
  }
}

/** Runs one statement past any store. */
export async function asUser(port: number, database: string, statement: string): Promise<readonly unknown[]> {
  const client = new Client({ host: "127.0.0.1", port, user, database });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
