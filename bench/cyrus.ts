import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { freePort, openFolder, run, startProgram } from "../packages/server/test/e2e/mail-servers/programs.ts";
import { type Client, openClient } from "./caldav-client.ts";
import type { Furnishing, Subject } from "./caldav-subject.ts";
import { eventText, password, propfindBody } from "./caldav-texts.ts";
import { createMailboxes } from "./cyrus-mailboxes.ts";

/** Cyrus as it was found. */
export interface Cyrus {
  /** Where its programs are. */
  readonly programs: string;
  /** How any of them is started, so that it finds its libraries. */
  readonly prefix: readonly [string, ...string[]];
}

const needed = ["master", "httpd", "imapd", "ctl_cyrusdb"];
const unpacked = process.env["PARLEY_CYRUS"];

/** Finds Cyrus with its httpd: unpacked in the folder `$PARLEY_CYRUS`, where Debian puts it, or on the PATH. Says why it cannot be run. */
export function findCyrus(): Cyrus | string {
  const debian = "usr/lib/cyrus/bin";
  const folders = [
    ...(unpacked ? [join(unpacked, debian)] : []),
    `/${debian}`,
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  const programs = folders.find((folder) => needed.every((name) => existsSync(join(folder, name))));
  if (programs === undefined) return "no Cyrus here: bench/README.md says how it is unpacked for $PARLEY_CYRUS";
  const cyrus: Cyrus = { programs, prefix: ["/usr/bin/env", `LD_LIBRARY_PATH=${libraries().join(delimiter)}`] };
  if (!existsSync("/usr/bin/db5.3_load"))
    return "Cyrus cannot be given its people: /usr/bin/db5.3_load is not here (Debian: db5.3-util)";
  // The loader lists its libraries, and does not run it.
  const [env, ...rest] = cyrus.prefix;
  const httpd = join(programs, "httpd");
  const { stdout } = spawnSync(env, [...rest, "LD_TRACE_LOADED_OBJECTS=1", httpd], { encoding: "utf8" });
  const missing = [...stdout.matchAll(/(\S+) => not found/g)].map(([, library]) => library);
  return missing.length > 0
    ? `Cyrus' httpd misses ${missing.join(", ")}: bench/README.md says how they are unpacked`
    : cyrus;
}

/** Debian keeps libraries in a folder that is named after the machine. */
function libraries(): readonly string[] {
  const usual = (process.env["LD_LIBRARY_PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const lib = join(unpacked ?? "", "usr/lib");
  if (!unpacked || !existsSync(lib)) return usual;
  const own = readdirSync(lib).filter((name) => name.includes("-linux-"));
  return [...own.map((name) => join(lib, name)), ...usual];
}

/** Starts Cyrus on loopback in a folder of its own, with its people and calendars. */
export async function startCyrus(cyrus: Cyrus, furnishing: Furnishing): Promise<Subject> {
  const folder = await openFolder("cyrus");
  const [httpPort, imapPort] = [await freePort(), await freePort()];
  await configure(cyrus, folder, { httpPort, imapPort, people: furnishing.people });
  const pidFile = join(folder, "pid");
  const master = [
    join(cyrus.programs, "master"),
    "-C",
    join(folder, "imapd.conf"),
    "-M",
    join(folder, "cyrus.conf"),
    "-p",
    pidFile,
  ];
  const logFile = join(folder, "log");
  const { stop } = await startProgram([...cyrus.prefix, ...master], { folder, ports: [httpPort, imapPort], logFile });
  // It ends with this process, and has no terminal of its own.
  const leave = (): never => process.exit(1);
  process.once("SIGINT", leave).once("SIGTERM", leave);
  const leader = Number(readFileSync(pidFile, "utf8"));
  const subject: Subject = {
    name: "Cyrus",
    port: httpPort,
    home: (person) => `/dav/calendars/user/person${person}@example.test/`,
    calendar: "Default",
    cpu: async () => usedByGroup(leader),
    // It writes the copies before it answers.
    delivered: async () => {},
    stop: async () => {
      process.off("SIGINT", leave).off("SIGTERM", leave);
      await stop();
    },
  };
  try {
    await createMailboxes(imapPort, furnishing.people);
    await furnish(subject, furnishing);
  } catch (error) {
    await subject.stop();
    throw error;
  }
  return subject;
}

interface Place {
  readonly httpPort: number;
  readonly imapPort: number;
  readonly people: number;
}

async function configure({ programs }: Cyrus, folder: string, { httpPort, imapPort, people }: Place): Promise<void> {
  const owner = ownerOfFiles();
  const [config, passwords] = [join(folder, "imapd.conf"), join(folder, "sasldb2")];
  for (const name of ["lib", "spool"]) await mkdir(join(folder, name));
  const users = ["cyrus", ...Array.from({ length: people }, (_, i) => `person${i}`)];
  const entries = users.map((user) => `${user}\\00example.test\\00userPassword\n${password}\n`);
  await writeFile(join(folder, "people"), entries.join(""));
  run("db5.3_load", "-T", "-t", "hash", "-f", join(folder, "people"), passwords);
  await writeFile(
    config,
    `configdirectory: ${folder}/lib
partition-default: ${folder}/spool
defaultpartition: default
cyrus_user: ${owner}
servername: example.test
admins: cyrus@example.test
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: ${passwords}
sasl_mech_list: PLAIN
virtdomains: userid
httpmodules: caldav
caldav_realm: bench
calendar_user_address_set: example.test
`,
  );
  const service = (name: string, port: number): string =>
    `  ${name} cmd="${programs}/${name}d -C ${config}" listen="127.0.0.1:${port}" prefork=1`;
  const recover = `  recover cmd="${programs}/ctl_cyrusdb -C ${config} -r"`;
  await writeFile(
    join(folder, "cyrus.conf"),
    `START {\n${recover}\n}\nSERVICES {\n${service("http", httpPort)}\n${service("imap", imapPort)}\n}\nEVENTS {\n}\n`,
  );
  if (owner !== userInfo().username) run("chown", "-R", owner, join(folder, "lib"), join(folder, "spool"), passwords);
}

/** Cyrus gives up root for another: Debian's package brings a user for it, and everywhere there is a nobody. */
function ownerOfFiles(): string {
  const { uid, username } = userInfo();
  if (uid !== 0) return username;
  return /^cyrus:/m.test(readFileSync("/etc/passwd", "utf8")) ? "cyrus" : "nobody";
}

/** Makes everybody's calendar, which comes with their first visit, and fills those of the first person. */
async function furnish({ port, home }: Subject, { people, calendars }: Furnishing): Promise<void> {
  for (let i = 0; i < people; i++) {
    const visitor = await openClient(port, i);
    expectMade(await visitor.request("PROPFIND", home(i), propfindBody, { Depth: "1" }));
    if (i === 0) await fill(visitor, home(i), calendars);
    visitor.close();
  }
}

async function fill(client: Client, home: string, calendars: Furnishing["calendars"]): Promise<void> {
  for (const [slug, count] of Object.entries(calendars)) {
    expectMade(await client.request("MKCALENDAR", `${home}${slug}/`));
    for (let i = 0; i < count; i++) {
      const name = `${slug}-${i}`;
      expectMade(await client.request("PUT", `${home}${slug}/${name}.ics`, eventText(name, i)));
    }
  }
}

function expectMade({ status, head, body }: Awaited<ReturnType<Client["request"]>>): void {
  if (status !== 201 && status !== 207) throw new Error(`Cyrus answers: ${head}\n\n${body}`);
}

/** Sums up what the processes of a group have taken, and what those that have ended took. A tick is 10 ms on every Linux. */
function usedByGroup(leader: number): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc")) {
    const fields = /^\d+$/.test(pid) ? statOf(pid) : [];
    if (Number(fields[2]) !== leader) continue;
    ticks += Number(fields[11]) + Number(fields[12]);
    if (Number(pid) === leader) ticks += Number(fields[13]) + Number(fields[14]);
  }
  return ticks * 10;
}

/** Reads what stands behind the name of the program, which may hold anything. */
function statOf(pid: string): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
