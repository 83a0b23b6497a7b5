import {
  type Evidence,
  leadingComponent,
  type Method,
  type Outcome,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  unknownState,
  withoutTag,
} from "@parley/engine";
import { describeOutcome } from "@parley/engine/sentences";
import type { LedgerRow, Principal, StoredObject, Transaction } from "../store/store.ts";
import { answerBooking } from "./booking.ts";
import { receiveBusy } from "./busy-by-mail.ts";
import type { Cause } from "./cause.ts";
import { commitApplied, commitBusy, commitHeld, commitRejected, sentencesOf } from "./commit.ts";
import { contextFor, type House } from "./house.ts";
import { noteInInbox } from "./note-in-inbox.ts";
import { noteAnswer } from "./refresh-copies.ts";

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

/** What became of a message, and why. */
export interface Received {
  readonly row: LedgerRow;
  readonly outcome: Outcome;
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
  const busy =
    message.object.type === "VFREEBUSY"
      ? await receiveBusy(house, transaction, principal, message, evidence)
      : undefined;
  const received = busy?.outcome ?? (await judge(house, transaction, principal, message, evidence));
  const booking =
    received.kind === "applied" ? await answerBooking(house, transaction, principal, uid, received) : undefined;
  const outcome = booking?.kind === "rejected" ? booking : received;
  const answering = facts.messageId === undefined ? {} : { messageId: facts.messageId };
  const cause: Cause = evidence.confirmedByOwner ? "decision" : { from: evidence.from, ...answering };
  const placing = { keepsTag: keepsTag(message, outcome) };
  const stored =
    !busy &&
    outcome.kind === "applied" &&
    (await commitApplied(house, transaction, principal, uid, outcome, cause, placing));
  if (busy && outcome.kind === "applied") await commitBusy(house, transaction, principal, outcome, cause);
  if (stored && outcome.kind === "applied") await noteAnswer(house, transaction, principal, stored, outcome);
  if (outcome.kind === "held") await commitHeld(house, transaction, principal, uid, outcome, cause);
  if (outcome.kind === "rejected") await commitRejected(house, transaction, principal, outcome, cause);
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
    reason: busy?.reason ?? describeOutcome(outcome),
    evidence,
    changes: sentencesOf(house, principal, outcome),
    violations: violationsOf(outcome),
    ...(outcome.kind === "undecided" && { question: JSON.stringify(outcome.question) }),
  });
  if (booking?.kind === "applied") await commitApplied(house, transaction, principal, uid, booking, cause);
  if (!busy && outcome.kind === "applied") await noteInInbox(house, transaction, principal, message);
  return { row, outcome };
}

/** RFC 6638 §3.2.10: nothing changed but what others answered. */
function keepsTag({ method }: SchedulingMessage, outcome: Outcome): boolean {
  if (fromAttendee.has(method)) return true;
  return outcome.kind === "applied" && outcome.changes.every(({ kind }) => kind === "participation");
}

/** What one Attendee says: it concerns few others, however many there are. */
const fromAttendee: ReadonlySet<Method> = new Set(["REPLY", "COUNTER", "REFRESH"]);

/** Asks the engine; what one Attendee says is judged without reading what is kept of all others. */
async function judge(
  house: House,
  { objects }: Transaction,
  principal: Principal,
  message: SchedulingMessage,
  evidence: Evidence,
): Promise<Outcome> {
  const { uid } = message.object;
  const context = contextFor(house, principal);
  const decide = (present: StoredObject | undefined): Outcome =>
    receive(present?.state ?? unknownState, message, evidence, context);
  const { originator } = message;
  if (!originator || !fromAttendee.has(message.method) || principal.booking) {
    return decide(await objects.byUid(principal.id, uid));
  }
  let before: SchedulingState["object"];
  const outcome = await objects.consult(
    principal.id,
    uid,
    [originator, withoutTag(originator), ...principal.addresses],
    (present) => {
      before = present?.state.object;
      return decide(present);
    },
  );
  // What else a change touches, busy time for one, is found from the whole.
  const isMore = outcome.kind === "applied" && (outcome.state.object !== before || writesVersions(outcome.state));
  return isMore ? decide(await objects.byUid(principal.id, uid)) : outcome;
}

function writesVersions({ revisions, own }: SchedulingState): boolean {
  return revisions.written.size > 0 || own.written.size > 0;
}

function violationsOf(outcome: Outcome): readonly { readonly rule: string; readonly detail: string }[] {
  const violations = outcome.kind === "rejected" ? outcome.violations : "tolerated" in outcome ? outcome.tolerated : [];
  return violations.map(({ rule, detail }) => ({ rule, detail }));
}
