import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { canInstall, installPackages } from "./apt.mjs";

/** What the tests start; they look for them too, packages/server/test/e2e/mail-servers. Cyrus does in Dovecot's place. */
const postfix = "/usr/lib/postfix/sbin/lmtp";
const mailboxes = [
  ["/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp"],
  ["/usr/lib/cyrus/bin/imapd", "/usr/lib/cyrus/bin/lmtpd"],
];
/** Debian asks it whether a service may be started: no, for a test starts its own, and nobody else wants these. */
const policy = "/usr/sbin/policy-rc.d";
const noConfiguration = "postfix postfix/main_mailer_type select No configuration\n";

/**
 * Sees to Postfix and Dovecot, with which the tests exchange mail: those that are installed, or on Debian, as root, its own packages,
 * whose services are not started. Without them, or root, those tests skip themselves, and this says so; the exit code is 0 either way.
 */
export function ensureMailServers() {
  const found = !isMailServersMissing() || (canInstall() && installMailServers());
  process.stdout.write(
    `   ${found ? "Postfix and a server of mailboxes are here." : "Postfix, Dovecot or root is missing: tests with them will be skipped."}\n`,
  );
  return 0;
}

/** Tells whether tests with Postfix and Dovecot have to be skipped: only root can start Postfix. */
export function isMailServersMissing() {
  const hasMailboxes = mailboxes.some((programs) => programs.every((program) => existsSync(program)));
  return process.getuid?.() !== 0 || !existsSync(postfix) || !hasMailboxes;
}

function installMailServers() {
  process.stdout.write("   Installing Debian's postfix and dovecot, for the tests of mail.\n");
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    if (!existsSync(postfix)) spawnSync("debconf-set-selections", { input: noConfiguration });
    return installPackages(["postfix", "dovecot-imapd", "dovecot-lmtpd"]) && !isMailServersMissing();
  } finally {
    if (isOurs) rmSync(policy, { force: true });
  }
}
