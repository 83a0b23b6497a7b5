import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, openFolder, type Program, run, startProgram } from "./programs.ts";

/** A Postfix with a configuration of its own. */
export interface Postfix extends Program {
  /** The port at which the server of each domain hands its mail over, by domain. */
  readonly doors: ReadonlyMap<string, number>;
}

/** The name under which it says whom it has proven, RFC 8601. */
export const authservId = "mx.test";

/**
 * Starts Postfix on loopback: a door for the server of each domain, whose mail it proves to be of that domain and of no other, and for each
 * domain the transport its mail goes by, such as `lmtp:inet:127.0.0.1:2424`.
 */
export async function startPostfix(
  domains: readonly string[],
  routes: Readonly<Record<string, string>>,
): Promise<Postfix> {
  const folder = await openFolder("postfix");
  const doors = new Map<string, number>();
  for (const domain of domains) doors.set(domain, await freePort());
  const [config, logFile] = [join(folder, "etc"), join(folder, "log")];
  for (const name of ["etc", "queue", "data"]) await mkdir(join(folder, name), { mode: 0o755 });
  run("chown", "postfix:root", join(folder, "data"));
  const transports = Object.entries(routes).map(([domain, transport]) => `{ ${domain} = ${transport} }`);
  await writeFile(
    join(config, "main.cf"),
    `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${logFile}
maillog_file_prefixes = ${folder}
myhostname = ${authservId}
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_forbid_unauth_pipelining = no
relay_domains = ${Object.keys(routes).join(" ")}
transport_maps = inline:{ ${transports.join(", ")} }
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
`,
  );
  await writeFile(join(config, "master.cf"), [...doors].map(doorOf).join("") + services);
  run("/usr/sbin/postfix", "-c", config, "check");
  const pidFile = join(folder, "queue", "pid", "master.pid");
  const options = { folder, ports: [...doors.values()], logFile, pidFile };
  const program = await startProgram(["/usr/sbin/postfix", "-c", config, "start-fg"], options);
  return { ...program, doors };
}

/** It knows by the door whose mail it is; who says there to be of another domain is not proven. */
function doorOf([domain, port]: readonly [string, number]): string {
  const line = `Authentication-Results: ${authservId}; dmarc=pass header.from=${domain}`;
  return `127.0.0.1:${port} inet n - n - - smtpd
  -o { smtpd_sender_restrictions = check_client_access static:{PREPEND ${line}} }
`;
}

const services = `postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
`;
