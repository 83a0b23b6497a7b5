import type { Method } from "@parley/engine";
import { type Mail, type MailReading, readSchedulingMail } from "@parley/engine/imip";
import type { House } from "../scheduling/house.ts";
import type { SenderProof } from "../scheduling/sender-proof.ts";
import type { LedgerRow, Principal, Transaction } from "../store/store.ts";
import { type Incoming, keepMail } from "./keep-mail.ts";
import { parseMail } from "./parse-mail.ts";
import { namesLanguages, readMailFor } from "./read-for.ts";
import { findRecipient, findRecipients, readEnvelopeTraces } from "./recipients.ts";

/** What became of a mail for one of its recipients. */
export type DeliverResult =
  | { readonly kind: "kept"; readonly rows: readonly LedgerRow[] }
  | { readonly kind: "duplicate"; readonly rows: readonly LedgerRow[] }
  | { readonly kind: "unknown-recipient" }
  /** It could not be kept; try again. What was kept for other recipients stays. */
  | { readonly kind: "failed"; readonly error: unknown };

/** A mail that came in and was read; nothing has been looked up or kept for it. */
export interface OpenMail {
  readonly bytes: Uint8Array;
  /** As it came, where it came encrypted. */
  readonly encrypted?: Uint8Array;
  readonly mail: Mail;
  readonly reading: MailReading;
  /** `inside` says that one of our own people sent it through us: no mail from outside can claim that. */
  readonly origin: Incoming["origin"];
  /** Whom the envelope says it is from; empty for a report. */
  readonly envelopeFrom?: string;
}

/**
 * Delivers a whole mail to the calendars of its recipients, one result each, in their order. When the promise resolves, mail,
 * verdict and calendar of those it was `kept` for are on the disk. One recipient's trouble is not another's.
 */
export async function deliverMail(
  house: House,
  bytes: Uint8Array,
  recipients: readonly string[],
  origin: Incoming["origin"],
  envelopeFrom?: string,
): Promise<readonly DeliverResult[]> {
  return deliverOpen(house, await openMail(house, bytes, origin, envelopeFrom), recipients);
}

/** Reads a mail that came in, whatever its bytes are. */
export async function openMail(
  { zones, limits }: House,
  bytes: Uint8Array,
  origin: Incoming["origin"],
  envelopeFrom?: string,
): Promise<OpenMail> {
  const mail = await parseMail(bytes);
  const envelope = envelopeFrom === undefined ? {} : { envelopeFrom };
  const envelopeSender = envelopeFrom === undefined ? {} : { envelopeSender: envelopeFrom };
  return { bytes, mail, reading: readSchedulingMail(mail, zones, limits, envelopeSender), origin, ...envelope };
}

/** Delivers a mail that was read, as `deliverMail` does. Who sent it is checked once, before anything is locked. */
export async function deliverOpen(
  house: House,
  opened: OpenMail,
  recipients: readonly string[],
): Promise<readonly DeliverResult[]> {
  if (!isEncrypted(house, opened)) return deliverRead(house, opened, recipients);
  const groups: { readonly read: OpenMail; readonly places: number[] }[] = [];
  for (const [place, recipient] of recipients.entries()) {
    const read = await decryptFor(house, opened, recipient);
    const group = groups.find((each) => Buffer.compare(each.read.bytes, read.bytes) === 0);
    if (group) group.places.push(place);
    else groups.push({ read, places: [place] });
  }
  const results = new Map<number, DeliverResult>();
  for (const { read, places } of groups) {
    const to = places.map((place) => recipients[place] ?? "");
    for (const [index, result] of (await deliverRead(house, read, to)).entries())
      results.set(places[index] ?? 0, result);
  }
  return recipients.flatMap((_, place) => results.get(place) ?? []);
}

function isEncrypted({ trust }: House, { mail, origin }: OpenMail): boolean {
  return trust.decrypt !== undefined && origin === "outside" && /\/(?:x-)?pkcs7-mime$/.test(mail.root.contentType);
}

/** Opens what is encrypted for the one it is brought to. It is kept as it is inside: whoever looks at it later has no key. */
export async function decryptFor(house: House, opened: OpenMail, recipient: string): Promise<OpenMail> {
  const { bytes, origin, envelopeFrom } = opened;
  const inside = isEncrypted(house, opened) ? await house.trust.decrypt?.(bytes, recipient) : undefined;
  return inside ? { ...(await openMail(house, inside, origin, envelopeFrom)), encrypted: bytes } : opened;
}

async function deliverRead(
  house: House,
  opened: OpenMail,
  recipients: readonly string[],
): Promise<readonly DeliverResult[]> {
  const { bytes, encrypted, reading, origin, envelopeFrom } = opened;
  const isChecked = origin === "outside" && reading.parts.some(({ kind }) => kind === "message");
  const check = isChecked ? house.trust.check : undefined;
  const proof = encrypted ? await check?.(encrypted, envelopeFrom, bytes) : await check?.(bytes, envelopeFrom);
  const results: DeliverResult[] = [];
  for (const recipient of recipients) {
    const delivered = deliverTo(house, { ...opened, ...(proof && { proof }) }, recipient);
    results.push(await delivered.catch((error: unknown): DeliverResult => ({ kind: "failed", error })));
  }
  return results;
}

/** Delivers a mail that came without an envelope, or with half of one, to whom its header names; nobody of ours: no results. */
export async function deliverWithoutEnvelope(
  house: House,
  bytes: Uint8Array,
  envelopeFrom?: string,
): Promise<readonly FoundResult[]> {
  const traces = readEnvelopeTraces(bytes);
  const opened = await openMail(house, bytes, "outside", envelopeFrom ?? traces.from);
  const recipients = await house.store.read((transaction) =>
    findRecipients(transaction, traces, opened.mail, opened.reading),
  );
  const results = await deliverOpen(house, opened, recipients);
  return results.map((result, index) => ({ recipient: recipients[index] ?? "", result }));
}

/** What became of a mail for somebody it names. */
export interface FoundResult {
  readonly recipient: string;
  readonly result: DeliverResult;
}

/** What an Organizer sends to those who are invited. */
const toAttendees: ReadonlySet<Method> = new Set(["PUBLISH", "REQUEST", "ADD", "CANCEL", "DECLINECOUNTER"]);

/** Tells whether what a group is sent goes to its people too, each with a copy of theirs: RFC 5546 §3.7.2. */
export function isForMembers(reading: MailReading): boolean {
  const messages = reading.parts.filter((part) => part.kind === "message");
  return messages.length > 0 && messages.every(({ message }) => toAttendees.has(message.method));
}

/** A mail whose sender was checked. */
interface Arrived extends OpenMail {
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
  { bytes, envelopeFrom, ...arrived }: Arrived,
  recipient: string,
): Promise<DeliverResult> {
  const { mail } = arrived;
  const source = await transaction.ledger.putSource(bytes);
  const before = await transaction.ledger.duplicate(principal.id, mail.messageId, source);
  if (before) return { kind: "duplicate", rows: [before] };
  const reading = namesLanguages(mail.root) ? readMailFor(house, mail, principal, envelopeFrom) : arrived.reading;
  const rows = await keepMail(house, transaction, principal, { ...arrived, reading, source }, recipient);
  return { kind: "kept", rows };
}
