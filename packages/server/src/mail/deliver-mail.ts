import {
  type CalendarUserAddress,
  type Evidence,
  type Method,
  parseMailbox,
  type Relation,
  type SchedulingMessage,
  withoutTag,
} from "@parley/engine";
import { type Mail, type MailReading, readSchedulingMail } from "@parley/engine/imip";
import { type House, isLocal } from "../scheduling/house.ts";
import { type MailFacts, type Received, receiveMessage } from "../scheduling/receive-message.ts";
import type { LedgerRow, Principal, ReadTransaction, Transaction } from "../store/store.ts";
import { judgeSender } from "./evidence.ts";
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
 * `local` says that one of our own people sent it through us: no mail from outside can claim that.
 */
export async function deliverMail(
  house: House,
  bytes: Uint8Array,
  recipients: readonly string[],
  origin: "outside" | "local",
): Promise<readonly DeliverResult[]> {
  const mail = await parseMail(bytes);
  const reading = readSchedulingMail(mail, house.zones, house.limits);
  const results: DeliverResult[] = [];
  for (const recipient of recipients) {
    const delivered = deliverTo(house, { bytes, mail, reading, origin }, recipient);
    results.push(await delivered.catch((error: unknown): DeliverResult => ({ kind: "failed", error })));
  }
  if (results.some((result) => result.kind === "kept")) house.wakeDelivery();
  return results;
}

/** Finds whose calendar a mail address stands for: as it is, or without its plus-tag. */
export async function findRecipient(transaction: ReadTransaction, recipient: string): Promise<Principal | undefined> {
  const address = parseMailbox(recipient);
  if (!address) return undefined;
  const { principals } = transaction;
  return (await principals.byAddress(address)) ?? (await principals.byAddress(withoutTag(address)));
}

/** A mail as it came in, and what it says. */
interface Incoming {
  readonly bytes: Uint8Array;
  readonly mail: Mail;
  readonly reading: MailReading;
  readonly origin: "outside" | "local";
}

/** What an Organizer sends to those who are invited. */
const toAttendees: ReadonlySet<Method> = new Set(["PUBLISH", "REQUEST", "ADD", "CANCEL", "DECLINECOUNTER"]);

/**
 * Delivers to whom the address stands for. What a group is sent is its own, and what an Organizer sends is its people's too, each with a
 * copy of theirs: RFC 5546 §3.7.2. Where one of them cannot be served it throws: those who were know it when it comes again.
 */
async function deliverTo(house: House, incoming: Incoming, recipient: string): Promise<DeliverResult> {
  let people: readonly Principal[] = [];
  const result = await house.store.write(async (transaction): Promise<DeliverResult> => {
    const principal = await findRecipient(transaction, recipient);
    if (!principal) return { kind: "unknown-recipient" };
    people = principal.kind === "group" ? await transaction.principals.people(principal.id) : [];
    return keepFor(house, transaction, principal, incoming, recipient);
  });
  const { reading } = incoming;
  if (reading.kind === "unreadable" || !reading.messages.every(({ method }) => toAttendees.has(method))) return result;
  for (const person of people) {
    await house.store.write((transaction) => keepFor(house, transaction, person, incoming, recipient));
  }
  return result;
}

/** Keeps a mail for one principal, to whom it came by that address. */
async function keepFor(
  house: House,
  transaction: Transaction,
  principal: Principal,
  { bytes, mail, reading, origin }: Incoming,
  recipient: string,
): Promise<DeliverResult> {
  const source = await transaction.ledger.putSource(bytes);
  const before = mail.messageId ? await transaction.ledger.duplicate(principal.id, mail.messageId, source) : undefined;
  if (before) return { kind: "duplicate", rows: [before] };
  const evidence = await findEvidence(house, transaction, principal, mail, origin);
  const facts = { ...factsOf(mail, recipient), source };
  if (reading.kind === "unreadable") {
    const row = await keepUnreadable(house, transaction, principal, reading, evidence, facts);
    return { kind: "kept", rows: [row] };
  }
  const rows: LedgerRow[] = [];
  for (const [position, message] of reading.messages.entries()) {
    const received = await receiveMessage(house, transaction, principal, message, evidence, { ...facts, position });
    rows.push(received.row);
    if (received.outcome.kind === "applied") await replayHeld(house, transaction, principal, message.object.uid);
  }
  return { kind: "kept", rows };
}

/** Receives again what came too early for an object that is known now, oldest first. RFC 5546 §5.2. */
export async function replayHeld(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string,
): Promise<void> {
  for (const row of await transaction.ledger.takeHeld(principal.id, uid)) {
    if (row.evidence) await receiveAgain(house, transaction, principal, row, row.evidence);
  }
}

/**
 * Receives the message of a ledger row once more, with other evidence: after the owner's yes, or after a gap has closed. Never
 * another message of the same mail. `undefined` where it can be read no more.
 */
export async function receiveAgain(
  house: House,
  transaction: Transaction,
  principal: Principal,
  row: LedgerRow,
  evidence: Evidence,
): Promise<Received | undefined> {
  const message = await readMessageOf(house, transaction, row);
  const { subject, from, to, messageId, source, position } = row;
  if (!message || source === undefined || position === undefined) return undefined;
  const facts: MailFacts = { subject, from, to, ...(messageId && { messageId }), source, position };
  return receiveMessage(house, transaction, principal, message, evidence, facts);
}

/** Reads the message of a ledger row again from the mail that was kept. */
export async function readMessageOf(
  house: House,
  transaction: ReadTransaction,
  row: LedgerRow,
): Promise<SchedulingMessage | undefined> {
  const bytes = row.source === undefined ? undefined : await transaction.ledger.source(row.source);
  if (!bytes || row.position === undefined) return undefined;
  const reading = readSchedulingMail(await parseMail(bytes), house.zones, house.limits);
  return reading.kind === "unreadable" ? undefined : reading.messages[row.position];
}

async function findEvidence(
  house: House,
  transaction: Transaction,
  principal: Principal,
  mail: Mail,
  origin: "outside" | "local",
): Promise<Evidence> {
  const relation = (from: CalendarUserAddress): Promise<Relation> => relationOf(house, transaction, principal, from);
  const judged = await judgeSender(mail, {
    trustedAuthservIds: house.trust.authservIds,
    trustRelay: house.trust.relay,
    relation,
  });
  if (origin !== "local" || !judged.from) return judged;
  return { ...judged, strength: "local", detail: `${judged.from} is signed in here and sent it through this server.` };
}

/** What a sender is to the owner of a calendar. An outsider's mail From one of our domains makes nobody local. */
async function relationOf(
  house: House,
  transaction: Transaction,
  principal: Principal,
  from: CalendarUserAddress,
): Promise<Relation> {
  if (principal.addresses.includes(from)) return "self";
  if (isLocal(house, from) && (await transaction.principals.byAddress(from))) return "local";
  return (await transaction.principals.isCorrespondent(principal.id, from)) ? "correspondent" : "stranger";
}

function factsOf(mail: Mail, recipient: string): Omit<MailFacts, "source" | "position"> {
  return {
    subject: mail.subject,
    from: mail.from.map(({ address }) => address).join(", "),
    to: [recipient],
    ...(mail.messageId && { messageId: mail.messageId }),
  };
}

function keepUnreadable(
  house: House,
  transaction: Transaction,
  principal: Principal,
  reading: Extract<MailReading, { kind: "unreadable" }>,
  evidence: Evidence,
  facts: Omit<MailFacts, "position">,
): Promise<LedgerRow> {
  return transaction.ledger.add({
    principal: principal.id,
    at: house.clock(),
    direction: "in",
    ...facts,
    verdict: "unreadable",
    rule: "RFC 6047 §2.4",
    reason: reading.detail,
    evidence,
    changes: [],
    violations: [],
  });
}
