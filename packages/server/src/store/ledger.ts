import type { Insertable, Selectable } from "kysely";
import { sql } from "kysely";
import { chunksOf, columnText, contentHash, indexKey, rowId } from "./keys.ts";
import { addSource } from "./sources.ts";
import type { Ledger, LedgerRecord, LedgerRow, PrincipalId, ReadLedger } from "./store.ts";
import type { Database, MessageRow } from "./tables.ts";

/** Questions given out at once; the oldest come first, so that answering them brings up the others. */
const maxOpenQuestions = 1_000;
/** Held messages of one UID taken at once; the others stay held. */
const maxTaken = 1_000;

/** Reads the ledger. An id that was never given out finds nothing. */
export function readLedger(db: Database): ReadLedger {
  const ofPrincipal = (principal: string) =>
    db.selectFrom("messages").selectAll().where("principal_id", "=", Number(principal));
  return {
    byId: async (principal, id) => {
      const row = rowId(id);
      if (row === undefined) return undefined;
      const found = await ofPrincipal(principal).where("id", "=", row).executeTakeFirst();
      return found && toLedgerRow(found);
    },
    list: async (principal, { uid, before, limit }) => {
      const beforeRow = before === undefined ? Number.MAX_SAFE_INTEGER : rowId(before);
      if (beforeRow === undefined) return [];
      let query = ofPrincipal(principal).where("id", "<", beforeRow);
      if (uid !== undefined) query = query.where("uid_key", "=", indexKey(uid));
      return (await query.orderBy("id", "desc").limit(limit).execute()).map(toLedgerRow);
    },
    openQuestions: async (principal) => {
      const rows = await ofPrincipal(principal)
        .where("verdict", "=", "undecided")
        .where("decided_at", "is", null)
        .orderBy("id")
        .limit(maxOpenQuestions)
        .execute();
      return rows.map(toLedgerRow);
    },
    duplicate: async (principal, messageId, source) => {
      const ofMail = ofPrincipal(principal).where("source", "=", source);
      const row = await (messageId === undefined
        ? ofMail.where("message_id", "is", null).where("direction", "=", "in")
        : ofMail.where("message_key", "=", indexKey(messageId))
      )
        .orderBy("id")
        .executeTakeFirst();
      return row && toLedgerRow(row);
    },
    source: async (hash) => {
      const row = await db.selectFrom("sources").select("bytes").where("hash", "=", hash).executeTakeFirst();
      return row?.bytes;
    },
    sourceSize: async (hash) => {
      const length = sql<number>`length(bytes)`.as("size");
      const row = await db.selectFrom("sources").select(length).where("hash", "=", hash).executeTakeFirst();
      return row?.size ?? 0;
    },
  };
}

/** Reads and writes the ledger. Texts that are only shown are cut to 2,000 characters; the source keeps them whole. */
export function writeLedger(db: Database): Ledger {
  const read = readLedger(db);
  return {
    ...read,
    add: async (record) => {
      const row = await db.insertInto("messages").values(toMessageRow(record)).returningAll().executeTakeFirstOrThrow();
      return toLedgerRow(row);
    },
    putSource: async (bytes) => {
      const hash = contentHash(bytes);
      await addSource(db, hash, bytes);
      return hash;
    },
    takeHeld: (principal, uid) => takeHeld(db, principal, uid),
    decide: async (principal, id, decision, at) => {
      const row = rowId(id);
      if (row === undefined) return false;
      const updated = await db
        .updateTable("messages")
        .set({ decided_at: at, decision })
        .where("id", "=", row)
        .where("principal_id", "=", Number(principal))
        .where("verdict", "=", "undecided")
        .where("decided_at", "is", null)
        .executeTakeFirst();
      return updated.numUpdatedRows === 1n;
    },
  };
}

/** What was held stays so in the ledger; only `waiting` ends. */
async function takeHeld(db: Database, principal: PrincipalId, uid: string): Promise<readonly LedgerRow[]> {
  const rows = await db
    .selectFrom("messages")
    .selectAll()
    .where("principal_id", "=", Number(principal))
    .where("uid_key", "=", indexKey(uid))
    .where("waiting", "=", 1)
    .orderBy("id")
    .limit(maxTaken)
    .execute();
  for (const chunk of chunksOf(rows, 500)) {
    await db
      .updateTable("messages")
      .set({ waiting: 0 })
      .where(
        "id",
        "in",
        chunk.map((row) => row.id),
      )
      .execute();
  }
  return rows.map(toLedgerRow);
}

function toMessageRow(record: LedgerRecord): Insertable<MessageRow> {
  return {
    principal_id: Number(record.principal),
    at: record.at,
    direction: record.direction,
    method: record.method === undefined ? null : columnText(record.method),
    uid: record.uid ?? null,
    uid_key: record.uid === undefined ? null : indexKey(record.uid),
    sequence: record.sequence ?? null,
    subject: columnText(record.subject),
    sender: columnText(record.from),
    recipients: JSON.stringify(record.to.map(columnText)),
    message_id: record.messageId === undefined ? null : columnText(record.messageId),
    message_key: record.messageId === undefined ? null : indexKey(record.messageId),
    verdict: record.verdict,
    waiting: record.verdict === "held" ? 1 : 0,
    rule: record.rule,
    reason: columnText(record.reason),
    evidence: record.evidence === undefined ? null : JSON.stringify(record.evidence),
    changes: JSON.stringify(record.changes.map(columnText)),
    violations: JSON.stringify(record.violations.map(({ rule, detail }) => ({ rule, detail: columnText(detail) }))),
    source: record.source ?? null,
    position: record.position ?? null,
    question: record.question ?? null,
    decided_at: null,
    decision: null,
  };
}

function toLedgerRow(row: Selectable<MessageRow>): LedgerRow {
  return {
    id: String(row.id),
    principal: String(row.principal_id),
    at: row.at,
    direction: row.direction,
    ...(row.method !== null && { method: row.method }),
    ...(row.uid !== null && { uid: row.uid }),
    ...(row.sequence !== null && { sequence: row.sequence }),
    subject: row.subject,
    from: row.sender,
    to: JSON.parse(row.recipients),
    ...(row.message_id !== null && { messageId: row.message_id }),
    verdict: row.verdict,
    rule: row.rule,
    reason: row.reason,
    ...(row.evidence !== null && { evidence: JSON.parse(row.evidence) }),
    changes: JSON.parse(row.changes),
    violations: JSON.parse(row.violations),
    ...(row.source !== null && { source: row.source }),
    ...(row.position !== null && { position: row.position }),
    ...(row.question !== null && { question: row.question }),
    ...(row.decided_at !== null &&
      row.decision !== null && { decided: { at: row.decided_at, decision: row.decision } }),
  };
}
