import { type Method, parseMailbox, withoutTag } from "@parley/engine";
import { type Mail, type MailReading, readSchedulingMail } from "@parley/engine/imip";
import type { House } from "../scheduling/house.ts";
import type { SenderProof } from "../scheduling/sender-proof.ts";
import type { LedgerRow, Principal, ReadTransaction, Transaction } from "../store/store.ts";
import { type Incoming, keepMail } from "./keep-mail.ts";
import { parseMail } from "./parse-mail.ts";

/** What became of a mail for one of its recipients. */
export type DeliverResult =
  | { readonly kind: "kept"; readonly rows: readonly LedgerRow[] }
  | { readonly kind: "duplicate"; readonly rows: readonly LedgerRow[] }
  | { readonly kind: "unknown-recipient" }
  /** It could not be kept; try again. What was kept for other recipients stays. */
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Delivers a whole mail to the calendars of its recipients, one result each, in their order. When the promise resolves, mail,
 * verdict and calendar of those it was `kept` for are on the disk. One recipient's trouble is not another's.
 *
 * `inside` says that one of our own people sent it through us: no mail from outside can claim that. `envelopeFrom` is who the relay says it
 * is from; who sent it is checked once, before anything is locked.
 */
export async function deliverMail(
  house: House,
  bytes: Uint8Array,
  recipients: readonly string[],
  origin: Incoming["origin"],
  envelopeFrom?: string,
): Promise<readonly DeliverResult[]> {
  const mail = await parseMail(bytes);
  const reading = readSchedulingMail(mail, house.zones, house.limits);
  const isChecked = origin === "outside" && reading.parts.some(({ kind }) => kind === "message");
  const proof = isChecked ? await house.trust.check?.(bytes, envelopeFrom) : undefined;
  const arrived: Arrived = { bytes, mail, reading, origin, ...(proof && { proof }) };
  const results: DeliverResult[] = [];
  for (const recipient of recipients) {
    const delivered = deliverTo(house, arrived, recipient);
    results.push(await delivered.catch((error: unknown): DeliverResult => ({ kind: "failed", error })));
  }
  return results;
}

/** Finds whose calendar a mail address stands for: as it is, or without its plus-tag. */
export async function findRecipient(transaction: ReadTransaction, recipient: string): Promise<Principal | undefined> {
  const address = parseMailbox(recipient);
  if (!address) return undefined;
  const { principals } = transaction;
  return (await principals.byAddress(address)) ?? (await principals.byAddress(withoutTag(address)));
}

/** What an Organizer sends to those who are invited. */
const toAttendees: ReadonlySet<Method> = new Set(["PUBLISH", "REQUEST", "ADD", "CANCEL", "DECLINECOUNTER"]);

/** Tells whether what a group is sent goes to its people too, each with a copy of theirs: RFC 5546 §3.7.2. */
export function isForMembers(reading: MailReading): boolean {
  const messages = reading.parts.filter((part) => part.kind === "message");
  return messages.length > 0 && messages.every(({ message }) => toAttendees.has(message.method));
}

/** A mail that came in as one. */
interface Arrived {
  readonly bytes: Uint8Array;
  readonly mail: Mail;
  readonly reading: MailReading;
  readonly origin: Incoming["origin"];
  readonly proof?: SenderProof;
}

/**
 * Delivers to whom the address stands for, and where that is a group to its people. Where one of them cannot be served it throws:
 * those who were know it when it comes again.
 */
async function deliverTo(house: House, arrived: Arrived, recipient: string): Promise<DeliverResult> {
  let people: readonly Principal[] = [];
  const result = await house.store.write(async (transaction): Promise<DeliverResult> => {
    const principal = await findRecipient(transaction, recipient);
    if (!principal) return { kind: "unknown-recipient" };
    people = principal.kind === "group" ? await transaction.principals.people(principal.id) : [];
    return keepNew(house, transaction, principal, arrived, recipient);
  });
  if (!isForMembers(arrived.reading)) return result;
  for (const person of people) {
    await house.store.write((transaction) => keepNew(house, transaction, person, arrived, recipient));
  }
  return result;
}

/** Keeps a mail for one principal who does not have it yet. */
async function keepNew(
  house: House,
  transaction: Transaction,
  principal: Principal,
  { bytes, ...arrived }: Arrived,
  recipient: string,
): Promise<DeliverResult> {
  const { messageId } = arrived.mail;
  const source = await transaction.ledger.putSource(bytes);
  const before = messageId ? await transaction.ledger.duplicate(principal.id, messageId, source) : undefined;
  if (before) return { kind: "duplicate", rows: [before] };
  const rows = await keepMail(house, transaction, principal, { ...arrived, source }, recipient);
  return { kind: "kept", rows };
}
