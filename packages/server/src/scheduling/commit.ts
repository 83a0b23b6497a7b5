import type { Outcome, SchedulingState } from "@parley/engine";
import type { Placing, Principal, StoredObject, Transaction } from "../store/store.ts";
import { busyIndexing } from "./busy-index.ts";
import type { Cause } from "./cause.ts";
import { enqueue, inWords } from "./enqueue.ts";
import type { House } from "./house.ts";
import { spanOf } from "./span.ts";

/** Is an outcome that changed something or sends something. */
export type Applied = Extract<Outcome, { kind: "applied" }>;

/** Joins what comes of two steps, one after the other. */
export function joined(first: Applied, then: Applied): Applied {
  const messages = [...first.messages, ...then.messages];
  const further = [...(first.further ?? []), ...(then.further ?? [])];
  return {
    ...then,
    messages,
    ...(further.length > 0 && { further }),
    changes: [...first.changes, ...then.changes],
  };
}

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
  cause: Cause,
  placing: Placing = {},
): Promise<StoredObject | undefined> {
  const stored = await saveState(house, transaction, principal, uid, outcome.state, placing);
  for (const state of outcome.further ?? []) {
    if (state.object) await saveState(house, transaction, principal, state.object.uid, state);
  }
  const why = { rule: outcome.rule, changes: sentencesOf(house, principal, outcome) };
  await enqueue(house, transaction, principal, outcome.messages, why, cause);
  for (const message of outcome.messages) {
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
  cause: Cause,
): Promise<void> {
  if (outcome.state) await saveState(house, transaction, principal, uid, outcome.state);
  await enqueue(house, transaction, principal, outcome.messages, { rule: outcome.rule, changes: [] }, cause);
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
  cause: Cause,
): Promise<void> {
  await enqueue(house, transaction, principal, outcome.messages ?? [], { rule: outcome.rule, changes: [] }, cause);
}

/** Queues the answer to who asks for busy time, RFC 5546 §3.3.3: it is of no object, so nothing else is kept. */
export async function commitBusy(
  house: House,
  transaction: Transaction,
  principal: Principal,
  outcome: Applied,
  cause: Cause,
): Promise<void> {
  await enqueue(house, transaction, principal, outcome.messages, { rule: outcome.rule, changes: [] }, cause);
}

async function saveState(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string,
  state: SchedulingState,
  placing: Placing = {},
): Promise<StoredObject | undefined> {
  const [span, indexing] = [spanOf(house, principal, state), busyIndexing(house, principal)];
  const placed = { at: house.clock(), ...placing };
  const stored = await transaction.objects.save(principal.id, uid, state, span, indexing, placed);
  return state.object && stored;
}

/** Says the changes of an outcome in the words and the zone of the principal. */
export function sentencesOf(house: House, principal: Principal, outcome: Outcome): readonly string[] {
  if (outcome.kind !== "applied") return [];
  return inWords(house, principal, outcome.changes, outcome.state.object);
}
