import type { Question } from "@parley/engine";
import { describeQuestion } from "@parley/engine/sentences";
import type { LedgerRow, Principal, ReadTransaction } from "../store/store.ts";
import type { EventView, LedgerEntry, QuestionView } from "./contract.ts";
import { formatInstant } from "./times.ts";

/** Makes the views of ledger rows, with how their messages fare and the event they are of, where that is still there. */
export async function viewLedger(
  transaction: ReadTransaction,
  owner: Principal,
  rows: readonly LedgerRow[],
): Promise<LedgerEntry[]> {
  const eventIds = new Map<string, string | null>();
  const entries: LedgerEntry[] = [];
  for (const row of rows) {
    if (row.uid !== undefined && !eventIds.has(row.uid)) {
      const stored = await transaction.objects.byUid(owner.id, row.uid);
      eventIds.set(row.uid, stored?.state.object ? stored.id : null);
    }
    const deliveries = row.direction === "out" ? await transaction.deliveries.ofMessage(row.id) : [];
    entries.push({
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
      eventId: (row.uid === undefined ? undefined : eventIds.get(row.uid)) ?? null,
      hasSource: row.source !== undefined,
    });
  }
  return entries;
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
