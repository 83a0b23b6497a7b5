import { createHash, createHmac } from "node:crypto";
import {
  type CalendarUserAddress,
  domainOf,
  type InstanceKey,
  leadingComponent,
  type Method,
  type SchedulingMessage,
} from "@parley/engine";
import { formatCalendar } from "@parley/engine/icalendar";

/** What makes an outgoing mail the mail it is. */
export interface MailIdentity {
  readonly uid: string;
  readonly key: InstanceKey;
  readonly sequence: number;
  readonly dtstamp: number;
  readonly method: Method;
  readonly sender: CalendarUserAddress;
  /** SHA-256 of the calendar, hexadecimal: two of one revision can name other components. */
  readonly content: string;
  /** Known to this house alone. Whoever is sent the same could else tell the Message-ID of others, and report their mail as undeliverable. */
  readonly secret: string;
}

/** Tells what a message is to whoever gets it from that sender. */
export function identityOf(
  { method, object, calendar }: SchedulingMessage,
  sender: CalendarUserAddress,
  secret: string,
): MailIdentity {
  const { key, revision } = leadingComponent(object);
  const content = createHash("sha256").update(formatCalendar(calendar)).digest("hex");
  return { uid: object.uid, key, ...revision, method, sender, content, secret };
}

/**
 * Derives what all mails about one UID refer to, whoever sends them, so that mail programs show them together: RFC 5322 §3.6.4.
 * No mail has it as its Message-ID; its domain is nobody's.
 */
export function threadIdOf(uid: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify(["thread", uid]))
    .digest("hex")
    .slice(0, 40);
  return `<${digest}@uid.invalid>`;
}

/** Derives the Message-ID of a mail from what it says and to whom: a retry after a crash is the same mail. */
export function derivedMessageId(identity: MailIdentity, recipient: CalendarUserAddress): string {
  const { uid, key, sequence, dtstamp, method, sender, content } = identity;
  const text = JSON.stringify([uid, key, sequence, dtstamp, method, sender, recipient, content]);
  const digest = createHmac("sha256", identity.secret).update(text).digest("hex").slice(0, 40);
  return `<${digest}@${domainOf(sender) || "localhost"}>`;
}
