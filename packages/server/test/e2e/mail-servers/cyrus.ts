import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MailboxServer } from "./mailbox-server.ts";
import { freePort, openFolder, run, startProgram } from "./programs.ts";

const programs = "/usr/lib/cyrus/bin";

/** Starts Cyrus on loopback for those people, by address, with their passwords. Its folders are below INBOX, with dots between them. */
export async function startCyrus(people: Readonly<Record<string, string>>): Promise<MailboxServer> {
  const folder = await openFolder("cyrus");
  const [imapPort, lmtpPort] = [await freePort(), await freePort()];
  const [config, passwords, logFile] = [join(folder, "imapd.conf"), join(folder, "sasldb2"), join(folder, "log")];
  for (const name of ["lib", "spool"]) await mkdir(join(folder, name));
  const entries = Object.entries(people).map(([address, password]) => {
    const [user = "", domain = ""] = address.split("@");
    return `${user}\\00${domain}\\00userPassword\n${password}\n`;
  });
  await writeFile(join(folder, "people"), entries.join(""));
  run("db5.3_load", "-T", "-t", "hash", "-f", join(folder, "people"), passwords);
  run("chown", "-R", "cyrus:mail", join(folder, "lib"), join(folder, "spool"), passwords);
  await writeFile(
    config,
    `configdirectory: ${folder}/lib
partition-default: ${folder}/spool
defaultpartition: default
admins: cyrus
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: ${passwords}
sasl_mech_list: PLAIN
virtdomains: userid
autocreate_quota: 0
autocreate_post: yes
altnamespace: no
unixhierarchysep: no
lmtpsocket: ${folder}/lib/lmtp
imapidlepoll: 1
`,
  );
  await writeFile(
    join(folder, "cyrus.conf"),
    `START {
  recover cmd="${programs}/ctl_cyrusdb -C ${config} -r"
}
SERVICES {
  imap cmd="${programs}/imapd -C ${config}" listen="127.0.0.1:${imapPort}" prefork=0
  lmtp cmd="${programs}/lmtpd -C ${config} -a" listen="127.0.0.1:${lmtpPort}" prefork=0
}
EVENTS {
}
`,
  );
  const pidFile = join(folder, "pid");
  const command = [`${programs}/master`, "-C", config, "-M", join(folder, "cyrus.conf"), "-p", pidFile] as const;
  const program = await startProgram(command, { folder, ports: [imapPort, lmtpPort], logFile });
  return { ...program, imapPort, lmtpPort };
}
