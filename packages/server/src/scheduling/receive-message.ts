import {
  type Evidence,
  leadingComponent,
  type Method,
  type Outcome,
  receive,
  type SchedulingMessage,
  unknownState,
} from "@parley/engine";
import { describeOutcome } from "@parley/engine/sentences";
import type { LedgerRow, Principal, StoredObject, Transaction } from "../store/store.ts";
import { answerBooking } from "./booking.ts";
import { commitApplied, commitHeld, commitRejected, sentencesOf } from "./commit.ts";
import { contextFor, type House } from "./house.ts";

/** What the ledger says of the mail a message came in. */
export interface MailFacts {
  readonly subject: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly messageId?: string;
  /** Content address of the mail. */
  readonly source: string;
  /** Which of its messages this is, counted from 0. */
  readonly position: number;
}

/** What a recipient of a REQUEST writes who has read it. */
const answers: ReadonlySet<Method> = new Set(["REPLY", "COUNTER"]);

/** What became of a message: the object as it now is, if there is one, and why. */
export interface Received {
  readonly row: LedgerRow;
  readonly outcome: Outcome;
  readonly object?: StoredObject;
}

/**
 * Receives a message for one principal: loads, asks the engine, saves, queues and writes the ledger, all in the caller's
 * transaction. Every outcome leaves a ledger row. Rooms and resources answer at once.
 */
export async function receiveMessage(
  house: House,
  transaction: Transaction,
  principal: Principal,
  message: SchedulingMessage,
  evidence: Evidence,
  facts: MailFacts,
): Promise<Received> {
  const { uid } = message.object;
  const present = await transaction.objects.byUid(principal.id, uid);
  const received = receive(present?.state ?? unknownState, message, evidence, contextFor(house, principal));
  const booking =
    received.kind === "applied" ? await answerBooking(house, transaction, principal, uid, received) : undefined;
  const outcome = booking?.kind === "rejected" ? booking : received;
  let object =
    outcome.kind === "applied" ? await commitApplied(house, transaction, principal, uid, outcome, "mail") : present;
  if (outcome.kind === "held") await commitHeld(house, transaction, principal, uid, outcome);
  if (outcome.kind === "rejected") await commitRejected(house, transaction, principal, outcome);
  if (outcome.kind === "applied" && evidence.from && evidence.confirmedByOwner) {
    await transaction.principals.addCorrespondents(principal.id, [evidence.from], house.clock());
  }
  const { sequence } = leadingComponent(message.object).revision;
  if (outcome.kind === "applied" && answers.has(message.method) && message.originator) {
    await transaction.deliveries.answer(principal.id, uid, message.originator, sequence);
  }
  const row = await transaction.ledger.add({
    principal: principal.id,
    at: house.clock(),
    direction: "in",
    method: message.method,
    uid,
    sequence,
    ...facts,
    verdict: outcome.kind,
    rule: outcome.rule,
    reason: describeOutcome(outcome),
    evidence,
    changes: sentencesOf(house, principal, outcome),
    violations: violationsOf(outcome),
    ...(outcome.kind === "undecided" && { question: JSON.stringify(outcome.question) }),
  });
  if (booking?.kind === "applied") object = await commitApplied(house, transaction, principal, uid, booking, "mail");
  return { row, outcome, ...(object && { object }) };
}

function violationsOf(outcome: Outcome): readonly { readonly rule: string; readonly detail: string }[] {
  const violations = outcome.kind === "rejected" ? outcome.violations : "tolerated" in outcome ? outcome.tolerated : [];
  return violations.map(({ rule, detail }) => ({ rule, detail }));
}
