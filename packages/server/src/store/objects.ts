import type { CalendarUserAddress, Limits, SchedulingState } from "@parley/engine";
import { settleState } from "@parley/engine";
import type { Selectable } from "kysely";
import type { Documents } from "./documents.ts";
import { indexKey, rowId } from "./keys.ts";
import type { Lock } from "./locks.ts";
import { loadRegisters, saveRegisters } from "./state-rows.ts";
import type { ObjectSpan, Objects, PrincipalId, ReadObjects, StoredObject } from "./store.ts";
import type { Database, ObjectRow } from "./tables.ts";

/** What objects stand on. */
export interface ObjectParts {
  readonly db: Database;
  readonly documents: Documents;
  readonly limits: Limits;
}

/** What writing them takes besides. */
export interface WritingParts extends ObjectParts {
  readonly lock: Lock;
}

type Row = Selectable<ObjectRow>;

/** Reads objects. */
export function readObjects(parts: ObjectParts): ReadObjects {
  const ofPrincipal = (principal: PrincipalId) =>
    parts.db.selectFrom("objects").selectAll().where("principal_id", "=", Number(principal));
  const first = async (row: Row | undefined) => (row ? (await loadObjects(parts, [row]))[0] : undefined);
  return {
    byUid: async (principal, uid) =>
      first(await ofPrincipal(principal).where("uid_key", "=", indexKey(uid)).executeTakeFirst()),
    byId: async (principal, id) => {
      const row = rowId(id);
      if (row === undefined) return undefined;
      return first(await ofPrincipal(principal).where("id", "=", row).executeTakeFirst());
    },
    between: async (principal, from, to, limit) => {
      const rows = await ofPrincipal(principal)
        .where("document", "is not", null)
        .where("starts", "<", to)
        // What takes no time meets the range it starts in.
        .where((eb) => eb.or([eb("ends", "is", null), eb("ends", ">", from), eb("starts", ">=", from)]))
        .orderBy("starts")
        .orderBy("id")
        .limit(limit)
        .execute();
      return loadObjects(parts, rows);
    },
  };
}

/** Reads and writes objects. */
export function writeObjects(parts: WritingParts): Objects {
  return {
    ...readObjects(parts),
    save: (principal, uid, state, span) => saveObject(parts, { principal, uid, state, span }),
  };
}

async function loadObjects(parts: ObjectParts, rows: readonly Row[]): Promise<readonly StoredObject[]> {
  const documents = await parts.documents.load(
    parts.db,
    rows.flatMap((row) => row.document ?? []),
  );
  const registers = await loadRegisters(
    parts.db,
    rows.map((row) => row.id),
    parts.limits,
  );
  return rows.flatMap((row) => {
    const own = registers.get(row.id);
    const object = row.document === null ? undefined : documents.get(row.document);
    const speakers: readonly CalendarUserAddress[] = JSON.parse(row.speakers);
    return own ? storedObject(row, { ...own, ...(object && { object }), speakers }) : [];
  });
}

function storedObject(row: Row, state: SchedulingState): StoredObject {
  return {
    id: String(row.id),
    principal: String(row.principal_id),
    uid: row.uid,
    // Ids are never used again: no two states of the same UID share an etag, removed and made anew or not.
    etag: `${row.id}-${row.version}`,
    state,
  };
}

interface SaveRequest {
  readonly principal: PrincipalId;
  readonly uid: string;
  readonly state: SchedulingState;
  readonly span: ObjectSpan;
}

async function saveObject(parts: WritingParts, request: SaveRequest): Promise<StoredObject> {
  const { db, documents, lock } = parts;
  const { principal, uid, state } = request;
  if (state.object && state.object.uid !== uid) throw new Error(`UID ${state.object.uid} cannot be saved as ${uid}`);
  const before = await db
    .selectFrom("objects")
    .selectAll()
    .where("principal_id", "=", Number(principal))
    .where("uid_key", "=", indexKey(uid))
    .executeTakeFirst();
  const kept = state.object && (await documents.keep(db, lock, state.object, before?.document ?? null));
  const document = kept?.hash ?? null;
  const row = before ? await updateRow(db, before, request, document) : await insertRow(db, request, document);
  await saveRegisters(db, row.id, state);
  if (before?.document && before.document !== document) await documents.release(db, lock, before.document);
  return storedObject(row, { ...settleState(state), ...(kept && { object: kept.object }) });
}

async function insertRow(db: Database, request: SaveRequest, document: string | null): Promise<Row> {
  const calendar = await db
    .selectFrom("calendars")
    .select("id")
    .where("principal_id", "=", Number(request.principal))
    .orderBy("id")
    .executeTakeFirst();
  if (!calendar) throw new Error(`there is no principal ${request.principal}`);
  return db
    .insertInto("objects")
    .values({
      principal_id: Number(request.principal),
      calendar_id: calendar.id,
      uid: request.uid,
      uid_key: indexKey(request.uid),
      document,
      speakers: JSON.stringify(request.state.speakers),
      version: 1,
      starts: request.span.starts,
      ends: request.span.ends,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function updateRow(db: Database, before: Row, request: SaveRequest, document: string | null): Promise<Row> {
  const { state, span } = request;
  const changed = document !== before.document || changesView(state);
  const after: Row = {
    ...before,
    document,
    speakers: JSON.stringify(state.speakers),
    version: changed ? before.version + 1 : before.version,
    starts: span.starts,
    ends: span.ends,
  };
  const { speakers, version, starts, ends } = after;
  await db
    .updateTable("objects")
    .set({ document, speakers, version, starts, ends })
    .where("id", "=", before.id)
    .execute();
  return after;
}

/** Tells whether registers were written that show in the owner's view; what others were sent does not. */
function changesView(state: SchedulingState): boolean {
  const { participations, own, revisions, proposals } = state;
  return [participations, own, revisions, proposals].some(({ written }) => written.size > 0);
}
