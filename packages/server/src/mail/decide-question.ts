import { type Action, act, type Evidence, receive, type SchedulingState, unknownState } from "@parley/engine";
import { describeOutcome } from "@parley/engine/sentences";
import { checkBooking } from "../scheduling/booking.ts";
import { commitApplied } from "../scheduling/commit.ts";
import { contextFor, type House } from "../scheduling/house.ts";
import type { LedgerRow, Principal, StoredObject, Transaction } from "../store/store.ts";
import { readMessageOf, receiveAgain, replayHeld } from "./receive-again.ts";

/** What became of the owner's decision. */
export type DecisionResult =
  | { readonly kind: "done"; readonly object?: StoredObject }
  | { readonly kind: "not-found" }
  | { readonly kind: "decided-before" }
  /** The message no longer applies, or it does and cannot be answered; `reason` says why. The question is closed. */
  | { readonly kind: "void"; readonly reason: string };

/**
 * Records the owner's decision on an undecided message. `apply` receives it again with the owner's yes and, given an answer,
 * answers the invitation in the same transaction; `dismiss` drops it, silently for its sender.
 */
export async function decideQuestion(
  house: House,
  principal: Principal,
  id: string,
  decision: "apply" | "dismiss",
  answer: Extract<Action, { kind: "answer" }> | undefined,
): Promise<DecisionResult> {
  return house.store.write(async (transaction): Promise<DecisionResult> => {
    const row = await transaction.ledger.byId(principal.id, id);
    if (row?.verdict !== "undecided" || !row.evidence || row.uid === undefined) return { kind: "not-found" };
    if (!(await transaction.ledger.decide(principal.id, id, decision, house.clock()))) {
      return { kind: "decided-before" };
    }
    if (decision === "dismiss") return { kind: "done" };
    const evidence = { ...row.evidence, confirmedByOwner: true };
    const received = await receiveAgain(house, transaction, principal, row, evidence);
    if (received?.outcome.kind !== "applied") {
      return { kind: "void", reason: received?.row.reason ?? "The mail cannot be read any more." };
    }
    await replayHeld(house, transaction, principal, row.uid);
    await askAgain(house, transaction, principal, row.uid);
    if (!answer) return { kind: "done", ...(await presentObject(transaction, principal, row.uid)) };
    const present = await transaction.objects.byUid(principal.id, row.uid);
    const acted = act(present?.state ?? unknownState, answer, contextFor(house, principal));
    const outcome =
      acted.kind === "applied" ? await checkBooking(house, transaction, principal, row.uid, acted) : acted;
    if (outcome.kind !== "applied") return { kind: "void", reason: describeOutcome(outcome) };
    const object = await commitApplied(house, transaction, principal, row.uid, outcome, "owner");
    return { kind: "done", ...(object && { object }) };
  });
}

async function presentObject(
  transaction: Transaction,
  principal: Principal,
  uid: string,
): Promise<{ readonly object?: StoredObject }> {
  const object = await transaction.objects.byUid(principal.id, uid);
  return object ? { object } : {};
}

/**
 * Receives again what else waits for the owner about a UID they have just said yes to: most of it is an update that needs no
 * question now, or an older version that is moot. What must be asked still is asked anew.
 */
async function askAgain(house: House, transaction: Transaction, principal: Principal, uid: string): Promise<void> {
  for (const row of await transaction.ledger.openQuestions(principal.id)) {
    if (row.uid !== uid || !row.evidence) continue;
    await transaction.ledger.decide(principal.id, row.id, "dismiss", house.clock());
    await receiveAgain(house, transaction, principal, row, await freshEvidence(transaction, principal, row.evidence));
  }
}

/** The same proof; but who was a stranger may have become a correspondent by the owner's yes. */
async function freshEvidence(transaction: Transaction, principal: Principal, evidence: Evidence): Promise<Evidence> {
  if (evidence.relation !== "stranger" || !evidence.from) return evidence;
  const known = await transaction.principals.isCorrespondent(principal.id, evidence.from);
  return known ? { ...evidence, relation: "correspondent" } : evidence;
}

/** Finds what the object would look like if the owner said yes; `undefined` where the message would change nothing. */
export async function previewQuestion(
  house: House,
  principal: Principal,
  row: LedgerRow,
): Promise<SchedulingState | undefined> {
  return house.store.read(async (transaction) => {
    const { evidence } = row;
    const message = await readMessageOf(house, transaction, row);
    if (!evidence || !message) return undefined;
    const present = await transaction.objects.byUid(principal.id, message.object.uid);
    const confirmed = { ...evidence, confirmedByOwner: true };
    const outcome = receive(present?.state ?? unknownState, message, confirmed, contextFor(house, principal));
    return outcome.kind === "applied" ? outcome.state : undefined;
  });
}
