import type { Evidence, SchedulingMessage } from "@parley/engine";
import type { House } from "../scheduling/house.ts";
import { insidePayload } from "../scheduling/payload.ts";
import { type MailFacts, type Received, receiveMessage } from "../scheduling/receive-message.ts";
import type { LedgerRow, Principal, ReadTransaction, Transaction } from "../store/store.ts";
import { insideMail } from "./inside-mail.ts";
import { parseMail } from "./parse-mail.ts";
import { readMailFor } from "./read-for.ts";

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

/** Reads the message of a ledger row again from what was kept. */
export async function readMessageOf(
  house: House,
  transaction: ReadTransaction,
  row: LedgerRow,
): Promise<SchedulingMessage | undefined> {
  const bytes = row.source === undefined ? undefined : await transaction.ledger.source(row.source);
  if (!bytes || row.position === undefined) return undefined;
  const payload = insidePayload(row, bytes);
  const mail = payload ? insideMail(payload) : await parseMail(bytes);
  const reader = (await transaction.principals.byId(row.principal)) ?? {};
  const part = readMailFor(house, mail, reader).parts[row.position];
  return part?.kind === "message" ? part.message : undefined;
}
