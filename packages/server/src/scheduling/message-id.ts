import { createHash } from "node:crypto";
import { type CalendarUserAddress, domainOf, type InstanceKey, type Method } from "@parley/engine";

/** What makes an outgoing mail the mail it is. */
export interface MailIdentity {
  readonly uid: string;
  readonly key: InstanceKey;
  readonly sequence: number;
  readonly dtstamp: number;
  readonly method: Method;
  readonly sender: CalendarUserAddress;
  readonly recipient: CalendarUserAddress;
}

/** Derives the Message-ID of a mail from what it says and to whom: a retry after a crash is the same mail. */
export function derivedMessageId(identity: MailIdentity): string {
  const { uid, key, sequence, dtstamp, method, sender, recipient } = identity;
  const text = JSON.stringify([uid, key, sequence, dtstamp, method, sender, recipient]);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 40);
  return `<${digest}@${domainOf(sender) || "localhost"}>`;
}
