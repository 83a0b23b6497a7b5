import type { Question } from "@parley/engine";
import { describeQuestion } from "@parley/engine/sentences";
import { isHiddenFromActor } from "../scheduling/privacy.ts";
import type { LedgerRow, Principal, ReadTransaction } from "../store/store.ts";
import type { EventView, LedgerEntry, QuestionView } from "./contract.ts";
import { formatInstant } from "./times.ts";

/**
 * Makes the views of ledger rows, with how their messages fare and the event they are of, where that is still there. Who acts for the owner
 * is told what rows say where the event is there and open to them: else nothing of it but that there was a message, and what became of it.
 */
export async function viewLedger(
  transaction: ReadTransaction,
  owner: Principal,
  rows: readonly LedgerRow[],
): Promise<LedgerEntry[]> {
  const events = new Map<string, { readonly id: string | null; readonly isOpen: boolean }>();
  const entries: LedgerEntry[] = [];
  for (const row of rows) {
    const uid = row.uid ?? "";
    const event = events.get(uid) ?? (await eventOf(transaction, owner, row.uid));
    events.set(uid, event);
    const deliveries = row.direction === "out" && event.isOpen ? await transaction.deliveries.ofMessage(row.id) : [];
    const entry: LedgerEntry = {
      id: row.id,
      at: formatInstant(row.at),
      direction: row.direction,
      method: row.method ?? null,
      uid: row.uid ?? null,
      sequence: row.sequence ?? null,
      subject: row.subject,
      from: row.from,
      to: [...row.to],
      verdict: row.verdict,
      decision: row.verdict === "undecided" ? (row.decided?.decision ?? "open") : null,
      rule: row.rule,
      reason: row.reason,
      evidence: row.evidence?.detail ?? "",
      warnings: [...(row.evidence?.warnings ?? [])],
      changes: row.changes.map((text) => ({ text })),
      violations: row.violations.map(({ rule, detail }) => ({ rule, detail })),
      deliveries: deliveries.map(({ recipient, state, attempts, detail }) => ({ recipient, state, attempts, detail })),
      eventId: event.id,
      hasSource: row.source !== undefined && maySeeSources(owner),
    };
    entries.push(event.isOpen ? entry : withoutContent(entry));
  }
  return entries;
}

async function eventOf({ objects }: ReadTransaction, owner: Principal, uid: string | undefined) {
  const stored = uid === undefined ? undefined : await objects.byUid(owner.id, uid);
  const object = stored?.state.object;
  // What is gone, or never came in, may have been private.
  const isOpen = object ? !isHiddenFromActor(owner, object) : !owner.hidesPrivate;
  return { id: object ? stored.id : null, isOpen };
}

function withoutContent(entry: LedgerEntry): LedgerEntry {
  const nobody = { from: "", to: [], evidence: "", warnings: [], deliveries: [] };
  return { ...entry, ...nobody, subject: "Busy", reason: "", changes: [], violations: [] };
}

/** Tells whether whoever acts for an owner sees mails as they came: they are the owner's alone, as an inbox is (decision 0039). */
export function maySeeSources({ hidesPrivate = false }: Principal): boolean {
  return !hidesPrivate;
}

/** Makes the view of an undecided row; `event` is what its message says, `undefined` where that cannot be shown. */
export function viewQuestion(row: LedgerRow, event: EventView | undefined): QuestionView {
  const question = questionOf(row);
  return {
    id: row.id,
    at: formatInstant(row.at),
    kind: question.kind,
    suspicious: question.kind === "unverified-sender" && question.suspicious,
    text: describeQuestion(question),
    method: row.method ?? "",
    from: row.from,
    evidence: row.evidence?.detail ?? "",
    warnings: [...(row.evidence?.warnings ?? [])],
    event: event ?? null,
    answerable:
      row.method === "REQUEST" && event?.role === "attendee" && event.answer !== null && event.status !== "CANCELLED",
  };
}

/** An undecided row without its question would be our own fault: whoever writes one writes the other. */
function questionOf(row: LedgerRow): Question {
  if (row.question === undefined) throw new Error(`ledger row ${row.id} is undecided, but asks nothing`);
  return JSON.parse(row.question) as Question;
}
