import {
  type CalendarObject,
  type CalendarUserAddress,
  type Change,
  leadingComponent,
  type Outcome,
  type SchedulingMessage,
  type SchedulingState,
} from "@parley/engine";
import { composeMail } from "@parley/engine/imip";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { describeChanges } from "@parley/engine/sentences";
import type { Principal, StoredObject, Transaction } from "../store/store.ts";
import type { House } from "./house.ts";
import { derivedMessageId } from "./message-id.ts";
import { spanOf, zoneOf } from "./span.ts";

/** Is an outcome that changed something or sends something. */
export type Applied = Extract<Outcome, { kind: "applied" }>;

/**
 * Keeps an applied outcome and queues its messages, all in the caller's transaction: nothing is sent for a change that was not
 * kept, and nothing is kept without what must be sent. Objects a step made beside it (the latter half of a split series) are kept
 * with it. Returns the object, or `undefined` where it was removed.
 */
export async function commitApplied(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string,
  outcome: Applied,
): Promise<StoredObject | undefined> {
  const stored = await saveState(house, transaction, principal, uid, outcome.state);
  for (const state of outcome.further ?? []) {
    if (state.object) await saveState(house, transaction, principal, state.object.uid, state);
  }
  const sentences = sentencesOf(house, principal, outcome);
  for (const message of outcome.messages) {
    await enqueue(house, transaction, principal, message, { rule: outcome.rule, changes: sentences });
    await transaction.principals.addCorrespondents(principal.id, message.recipients, house.clock());
  }
  return stored;
}

/** Keeps what a held outcome counted and queues what it asks for, a REFRESH: RFC 5546 §3.2.4. The calendar does not change. */
export async function commitHeld(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string,
  outcome: Extract<Outcome, { kind: "held" }>,
): Promise<void> {
  if (outcome.state) await saveState(house, transaction, principal, uid, outcome.state);
  for (const message of outcome.messages) {
    await enqueue(house, transaction, principal, message, { rule: outcome.rule, changes: [] });
  }
}

/**
 * Queues what tells a sender that their message was rejected, RFC 5546 §3.2.3. Whom only the engine answers is nobody the owner has
 * written to.
 */
export async function commitRejected(
  house: House,
  transaction: Transaction,
  principal: Principal,
  outcome: Extract<Outcome, { kind: "rejected" }>,
): Promise<void> {
  for (const message of outcome.messages ?? []) {
    await enqueue(house, transaction, principal, message, { rule: outcome.rule, changes: [] });
  }
}

async function saveState(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string,
  state: SchedulingState,
): Promise<StoredObject | undefined> {
  const stored = await transaction.objects.save(principal.id, uid, state, spanOf(house, principal, state));
  return state.object && stored;
}

/** Says the changes of an outcome in the words and the zone of the principal. */
export function sentencesOf(house: House, principal: Principal, outcome: Outcome): readonly string[] {
  if (outcome.kind !== "applied") return [];
  return inWords(house, principal, outcome.changes, outcome.state.object);
}

function inWords(
  house: House,
  principal: Principal,
  changes: readonly Change[],
  object: CalendarObject | undefined,
): readonly string[] {
  const timezones = object?.timezones ?? [];
  const names = new Map<CalendarUserAddress, string>();
  for (const { address, name } of object ? leadingComponent(object).attendees.values() : []) {
    if (name) names.set(address, name);
  }
  const zones = makeZoneResolver(timezones, house.zones, house.limits);
  return describeChanges(changes, { zone: zoneOf(house, principal), zones, names });
}

/** Writes an outgoing message into the ledger and queues one delivery for each recipient; its body is made and kept once. */
async function enqueue(
  house: House,
  transaction: Transaction,
  principal: Principal,
  message: SchedulingMessage,
  why: { readonly rule: string; readonly changes: readonly string[] },
): Promise<void> {
  const leading = leadingComponent(message.object);
  const changes = inWords(house, principal, message.updates, message.object);
  const { sequence, dtstamp } = leading.revision;
  const mail = composeMail(message, {
    provider: house.zones,
    limits: house.limits,
    changes,
    senderName: principal.name,
    zone: zoneOf(house, principal),
  });
  const sender = message.originator ?? principal.address;
  const now = house.clock();
  const row = await transaction.ledger.add({
    principal: principal.id,
    at: now,
    direction: "out",
    method: message.method,
    uid: message.object.uid,
    sequence,
    subject: mail.subject,
    from: sender,
    to: message.recipients,
    verdict: "sent",
    ...why,
    reason: "",
    violations: [],
  });
  const payload = await transaction.ledger.putSource(
    new TextEncoder().encode(JSON.stringify({ from: { address: sender, name: principal.name }, mail, date: dtstamp })),
  );
  const identity = { uid: message.object.uid, key: leading.key, sequence, dtstamp, method: message.method, sender };
  await transaction.deliveries.enqueue(
    message.recipients.map((recipient) => ({
      message: row.id,
      principal: principal.id,
      uid: message.object.uid,
      recipient,
      due: now,
      payload,
      messageId: derivedMessageId({ ...identity, recipient }),
    })),
  );
}
