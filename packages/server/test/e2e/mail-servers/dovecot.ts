import { chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MailboxServer } from "./mailbox-server.ts";
import { freePort, openFolder, startProgram } from "./programs.ts";

/** The user `nobody`, whose the mail is. */
const nobody = 65_534;

/** Starts Dovecot on loopback for those people, by address, with their passwords. */
export async function startDovecot(people: Readonly<Record<string, string>>): Promise<MailboxServer> {
  const folder = await openFolder("dovecot");
  const [imapPort, lmtpPort] = [await freePort(), await freePort()];
  const mail = join(folder, "mail");
  await mkdir(mail);
  await chown(mail, nobody, nobody);
  const users = Object.entries(people).map(([address, password]) => `${address}:{PLAIN}${password}\n`);
  await writeFile(join(folder, "users"), users.join(""));
  const logFile = join(folder, "log");
  await writeFile(
    join(folder, "dovecot.conf"),
    `base_dir = ${folder}/run
state_dir = ${folder}/state
instance_name = parley-test
log_path = ${logFile}
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${nobody} gid=${nobody} home=${mail}/%u
}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
`,
  );
  const command = ["/usr/sbin/dovecot", "-F", "-c", join(folder, "dovecot.conf")] as const;
  const program = await startProgram([...command], { folder, ports: [imapPort, lmtpPort], logFile });
  return { ...program, imapPort, lmtpPort };
}
