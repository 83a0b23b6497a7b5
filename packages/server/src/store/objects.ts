import type { CalendarUserAddress, Limits, SchedulingState } from "@parley/engine";
import type { Insertable, Selectable, Updateable } from "kysely";
import { type IndexChange, planIndex, saveBusyRows } from "./busy.ts";
import type { BusyIndexing } from "./busy-time.ts";
import { etagOf } from "./calendar-members.ts";
import type { Placing } from "./calendars.ts";
import type { Documents } from "./documents.ts";
import { chunksOf, indexKey, rowId } from "./keys.ts";
import type { Lock } from "./locks.ts";
import { decideOverPart, type Part, settlePart } from "./partial-registers.ts";
import { placeRow } from "./placing.ts";
import { prepared, preparedForMany, preparedForRow } from "./prepared.ts";
import { loadRegisters, saveRegisters } from "./state-rows.ts";
import type { AskedAnswers, ObjectSpan, Objects, PrincipalId, ReadObjects, StoredObject } from "./store.ts";
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
  const rowByUid = async (principal: PrincipalId, uid: string) =>
    (await rowOfUid(parts.db, Number(principal), indexKey(uid)))[0];
  const first = async (row: Row | undefined, part?: Part) =>
    row ? (await loadObjects(parts, [row], part))[0] : undefined;
  return {
    byUid: async (principal, uid) => first(await rowByUid(principal, uid)),
    consult: async (principal, uid, attendees, decide) => {
      const row = await rowByUid(principal, uid);
      return decideOverPart((part) => first(row, part), attendees, decide);
    },
    answersOf: (asked) => findAnswers(parts, asked),
    byId: async (principal, id) => {
      const row = rowId(id);
      if (row === undefined) return undefined;
      return first(await ofPrincipal(principal).where("id", "=", row).executeTakeFirst());
    },
    byIds: async (principal, ids) => {
      const rows = await rowsOfIds(
        parts.db,
        ids.flatMap((id) => rowId(id) ?? []),
      );
      const own = rows.filter(({ principal_id }) => principal_id === Number(principal));
      return loadObjects(
        parts,
        own.sort((a, b) => a.starts - b.starts || a.id - b.id),
      );
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

const rowOfUid = prepared((db, principal: number, key: string) =>
  db.selectFrom("objects").selectAll().where("principal_id", "=", principal).where("uid_key", "=", key),
);

// Whose they are is looked at afterwards: SQLite would take the index of all that is the principal's.
const rowsOfIds = preparedForMany((db, ids: readonly number[]) =>
  db.selectFrom("objects").selectAll().where("id", "in", ids),
);

/** Versions and answers, and nothing that is one Attendee's beside. */
const answersAlone: Part = {
  attendees: new Set(),
  whole: new Set(["participations"]),
  miss: (table) => {
    throw new Error(`${table} was looked at, and is not read`);
  },
};

async function findAnswers(
  parts: ObjectParts,
  asked: readonly AskedAnswers[],
): Promise<ReadonlyMap<string, SchedulingState>> {
  const wanted = new Set(asked.map(({ organizer, uid }) => `${organizer} ${uid}`));
  const answers = new Map<string, SchedulingState>();
  for (const some of chunksOf(asked, 400)) {
    const found = await parts.db
      .selectFrom("objects")
      .innerJoin("addresses", "addresses.principal_id", "objects.principal_id")
      .selectAll("objects")
      .select("addresses.address")
      .where("addresses.address", "in", [...new Set(some.map(({ organizer }) => organizer))])
      .where("objects.uid_key", "in", [...new Set(some.map(({ uid }) => indexKey(uid)))])
      .where("objects.document", "is not", null)
      .execute();
    const rows = found.filter(({ address, uid }) => wanted.has(`${address} ${uid}`));
    const loaded = await loadObjects(parts, rows, answersAlone);
    const states = new Map(loaded.map(({ id, state }) => [id, state]));
    for (const { id, address, uid } of rows) {
      const state = states.get(String(id));
      if (state) answers.set(`${address} ${uid}`, state);
    }
  }
  return answers;
}

/** Reads and writes objects. */
export function writeObjects(parts: WritingParts): Objects {
  const read = readObjects(parts);
  // What was looked for in vain is not looked for again when it is saved: nobody else has made it meanwhile.
  const absent = new Set<string>();
  const nameOf = (principal: PrincipalId, uid: string): string => `${principal} ${uid}`;
  return {
    ...read,
    byUid: async (principal, uid) => {
      const found = await read.byUid(principal, uid);
      if (!found) absent.add(nameOf(principal, uid));
      return found;
    },
    save: (principal, uid, state, span, indexing, placing = {}) => {
      const isNew = absent.delete(nameOf(principal, uid));
      return saveObject(parts, { principal, uid, isNew, state, span, placing, ...(indexing && { indexing }) });
    },
  };
}

async function loadObjects(parts: ObjectParts, rows: readonly Row[], part?: Part): Promise<readonly StoredObject[]> {
  const documents = await parts.documents.load(
    parts.db,
    rows.flatMap((row) => row.document ?? []),
  );
  const registers = await loadRegisters(
    parts.db,
    rows.map((row) => row.id),
    parts.limits,
    part,
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
    etag: etagOf(row),
    state,
    ...(row.heading !== null && { heading: row.heading }),
  };
}

interface SaveRequest {
  readonly principal: PrincipalId;
  readonly uid: string;
  readonly isNew: boolean;
  readonly state: SchedulingState;
  readonly span: ObjectSpan;
  readonly placing: Placing;
  readonly indexing?: BusyIndexing;
}

/** What becomes of the row of an object besides. */
interface RowChange {
  readonly document: string | null;
  readonly index: IndexChange;
}

async function saveObject(parts: WritingParts, request: SaveRequest): Promise<StoredObject> {
  const { db, documents, lock } = parts;
  const { principal, uid, state } = request;
  if (state.object && state.object.uid !== uid) throw new Error(`UID ${state.object.uid} cannot be saved as ${uid}`);
  const before = request.isNew ? undefined : (await rowOfUid(db, Number(principal), indexKey(uid)))[0];
  const kept = state.object && (await documents.keep(db, lock, state.object, before?.document ?? null));
  const document = kept?.hash ?? null;
  const settled = { ...settlePart(state), ...(kept && { object: kept.object }) };
  const index = planIndex(request.indexing, before, document, kept ? { ...state, object: kept.object } : state);
  const change = { document, index };
  const row = before ? await updateRow(db, before, request, change) : await insertRow(db, request, change);
  await saveRegisters(db, row.id, state);
  await saveBusyRows(db, row, before === undefined, index);
  if (before?.document && before.document !== document) await documents.release(db, lock, before.document);
  return storedObject(row, settled);
}

async function insertRow(db: Database, request: SaveRequest, { document, index }: RowChange): Promise<Row> {
  const { uid, state, span } = request;
  const [row] = await addRow(db, {
    ...(await placeRow(db, undefined, request, 1)),
    principal_id: Number(request.principal),
    uid,
    uid_key: indexKey(uid),
    document,
    speakers: JSON.stringify(state.speakers),
    heading: request.placing.heading ?? null,
    version: 1,
    starts: span.starts,
    ends: span.ends,
    ...index.columns(1),
  });
  if (!row) throw new Error(`${uid} was not kept`);
  return row;
}

const addRow = preparedForRow((db, row: Insertable<ObjectRow>) => db.insertInto("objects").values(row).returningAll());

const changeRow = preparedForRow((db, { id, ...row }: Updateable<ObjectRow> & { readonly id: number }) =>
  db.updateTable("objects").set(row).where("id", "=", id),
);

async function updateRow(db: Database, before: Row, request: SaveRequest, change: RowChange): Promise<Row> {
  const { state, span } = request;
  const { document, index } = change;
  const heading = request.placing.heading ?? null;
  const changed =
    document !== before.document || changesView(state) || (heading !== null && heading !== before.heading);
  const version = changed ? before.version + 1 : before.version;
  const set = {
    ...(await placeRow(db, before, request, version)),
    document,
    speakers: JSON.stringify(state.speakers),
    heading: changed ? heading : before.heading,
    version,
    starts: span.starts,
    ends: span.ends,
  };
  await changeRow(db, { ...set, ...index.columns(version), id: before.id });
  return { ...before, ...set };
}

/** Tells whether registers were written that show in the owner's view; what others were sent does not. */
function changesView(state: SchedulingState): boolean {
  const { participations, own, revisions, proposals } = state;
  return [participations, own, revisions, proposals].some(({ written }) => written.size > 0);
}
