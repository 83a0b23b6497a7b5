import { existsSync } from "node:fs";
import { startCyrus } from "./cyrus.ts";
import { startDovecot } from "./dovecot.ts";
import type { Program } from "./programs.ts";

/** A server with a configuration of its own, whose mailboxes LMTP fills and IMAP reads. */
export interface MailboxServer extends Program {
  readonly imapPort: number;
  readonly lmtpPort: number;
}

const isRoot = process.getuid?.() === 0;
const are = (...files: readonly string[]): boolean => files.every((file) => existsSync(file));

/** Starts the one that is here, Dovecot before Cyrus, which Debian never has both; absent where there is none, or no root to start it. */
export const startMailboxServer: ((people: Readonly<Record<string, string>>) => Promise<MailboxServer>) | undefined =
  findServer();

function findServer() {
  if (!isRoot) return undefined;
  if (are("/usr/sbin/dovecot", "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp")) return startDovecot;
  return are("/usr/lib/cyrus/bin/imapd", "/usr/lib/cyrus/bin/lmtpd", "/usr/bin/db5.3_load") ? startCyrus : undefined;
}
