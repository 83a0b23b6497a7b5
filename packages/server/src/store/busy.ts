import type { SchedulingState } from "@parley/engine";
import { type BusyPeriod, mergeBusyPeriods } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import { expressionBuilder, type Selectable, sql } from "kysely";
import {
  type Busy,
  type BusyIndexing,
  type BusyRow,
  type IndexedRange,
  type IndexedTime,
  longestBusyRow,
  type ReadBusy,
} from "./busy-time.ts";
import type { CalendarId } from "./calendars.ts";
import { chunksOf, rowId } from "./keys.ts";
import { preparedForRow } from "./prepared.ts";
import type { BusyTimeRow, Database, ObjectRow, Tables } from "./tables.ts";

const rowsPerStatement = 100;
/** Ids of objects looked through at once. */
const objectsAtOnce = 1_000;
/** How a basis is written: `basisOf` in SQL has to say the same. */
const betweenZones = " · ";

/** True of an object that some range may not be covered of; as the database's own index has it, to the letter. */
const mayBeUncovered = sql<boolean>`(busy_version is null or busy_version <> version or busy_from is not null or busy_until is not null)`;

/** Names what the time of an object was found with. */
export function basisOf(zoneData: string, ownerZone: string): string {
  return `${zoneData}${betweenZones}${ownerZone}`;
}

/** Reads the index of busy time. */
export function readBusy(db: Database): ReadBusy {
  return {
    inRange: (principals, ...of) => readRange(db, principals.map(Number), ...of),
    ofObject: async (object) => {
      const row = await db
        .selectFrom("objects")
        .select(["version", "busy_version", "busy_from", "busy_until", "busy_basis"])
        .where("id", "=", rowId(object) ?? 0)
        .executeTakeFirst();
      if (!row || row.busy_version !== row.version) return undefined;
      const rows = await readRows(db, rowId(object) ?? 0);
      const periods = mergeBusyPeriods(rows.map(toPeriod));
      return { from: row.busy_from, until: row.busy_until, basis: row.busy_basis ?? "", periods };
    },
    outdated: async ({ zoneData, until }, after) => {
      const first = after === undefined ? 0 : (rowId(after) ?? 0);
      const end = first + objectsAtOnce;
      const wanted = sql<string>`${zoneData + betweenZones} || principals.timezone`;
      const rows = await db
        .selectFrom("objects")
        .innerJoin("principals", "principals.id", "objects.principal_id")
        .select(["objects.id", "objects.principal_id"])
        .where("objects.id", ">", first)
        .where("objects.id", "<=", end)
        .where("objects.document", "is not", null)
        .where((eb) =>
          eb.or([
            eb("objects.busy_version", "is", null),
            eb("objects.busy_version", "!=", eb.ref("objects.version")),
            eb("objects.busy_until", "<", until),
            eb("objects.busy_basis", "!=", wanted),
          ]),
        )
        .orderBy("objects.id")
        .execute();
      const further = await db.selectFrom("objects").select("id").where("id", ">", end).limit(1).executeTakeFirst();
      return { objects: rows.map(toOwned), ...(further && { last: String(end) }) };
    },
  };
}

/** Reads and writes the index of busy time. */
export function writeBusy(db: Database): Busy {
  return {
    ...readBusy(db),
    index: async (principal, object, indexed) => {
      const id = rowId(object) ?? 0;
      const set = { ...columnsOf(indexed), busy_version: sql<number>`version` };
      const changed = await db.updateTable("objects").set(set).where("id", "=", id).executeTakeFirst();
      if (changed.numUpdatedRows === 0n) return;
      await replaceRows(db, Number(principal), id, await readRows(db, id), indexed.periods);
    },
  };
}

async function readRange(
  db: Database,
  principals: readonly number[],
  { from, to }: InstantRange,
  limit: number,
  calendar?: CalendarId,
): Promise<IndexedRange> {
  const rows: BusyRow[] = [];
  const uncovered: { readonly principal: string; readonly object: string }[] = [];
  const only = calendar === undefined ? undefined : (rowId(calendar) ?? 0);
  for (const some of chunksOf(principals, 500)) {
    const transparent = only === undefined ? await transparentOf(db, some) : [];
    const found = await db
      .selectFrom("busy")
      .selectAll()
      .where("principal_id", "in", some)
      .$if(transparent.length > 0, (query) => query.where(({ not }) => not(isIn(transparent))))
      .$if(only !== undefined, (query) => query.where(isIn([only ?? 0])))
      .where("starts", ">", from - longestBusyRow)
      .where("starts", "<", to)
      .where("ends", ">", from)
      .limit(limit + 1 - Math.min(rows.length, limit))
      .execute();
    for (const row of found) {
      rows.push({ principal: String(row.principal_id), object: String(row.object_id), ...toPeriod(row) });
    }
    const open = await db
      .selectFrom("objects")
      .select(["id", "principal_id"])
      .where("principal_id", "in", some)
      .where(mayBeUncovered)
      .where("document", "is not", null)
      .$if(transparent.length > 0, (query) => query.where("calendar_id", "not in", transparent))
      .$if(only !== undefined, (query) => query.where("calendar_id", "=", only ?? 0))
      .where((eb) =>
        eb.or([
          eb("busy_version", "is", null),
          eb("busy_version", "!=", eb.ref("version")),
          eb("busy_from", ">", from),
          eb("busy_until", "<", to),
        ]),
      )
      .limit(limit + 1 - Math.min(uncovered.length, limit))
      .execute();
    uncovered.push(...open.map(toOwned));
  }
  const ids = new Set(uncovered.map(({ object }) => object));
  const isCut = rows.length > limit || uncovered.length > limit;
  return { rows: rows.filter(({ object }) => !ids.has(object)), uncovered, isCut };
}

/** Looked up for each row: it takes a fifth of what a list of all that is there takes. */
function isIn(calendars: readonly number[]) {
  const eb = expressionBuilder<Tables, "busy">();
  return eb.exists(
    eb
      .selectFrom("objects")
      .select("id")
      .whereRef("objects.id", "=", "busy.object_id")
      .where("calendar_id", "in", calendars),
  );
}

/** The calendars of people whose objects take no time, RFC 6638 §9.1; what a room holds it holds in any calendar. */
async function transparentOf(db: Database, principals: readonly number[]): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("calendars")
    .innerJoin("principals", "principals.id", "calendars.principal_id")
    .select("calendars.id")
    .where("principal_id", "in", principals)
    .where("is_transparent", "=", 1)
    .where("booking", "is", null)
    .execute();
  return rows.map(({ id }) => id);
}

function readRows(db: Database, object: number): Promise<readonly Selectable<BusyTimeRow>[]> {
  return db.selectFrom("busy").selectAll().where("object_id", "=", object).orderBy("starts").execute();
}

type IndexColumns = Pick<ObjectRow, "busy_version" | "busy_from" | "busy_until" | "busy_basis">;
type Before = Pick<Selectable<ObjectRow>, "document" | "version"> & IndexColumns;

/** What a save does to the index: `indexed` is there where its rows are to be written. */
export interface IndexChange {
  readonly indexed?: IndexedTime;
  /** The columns of an object that is now of a version. */
  readonly columns: (version: number) => IndexColumns;
}

/**
 * Finds what a save does to the index. Where nothing was written that the owner's time depends on, what is there stays, and is of the
 * new version. Without `indexing` what was there is of an older version from now on.
 */
export function planIndex(
  indexing: BusyIndexing | undefined,
  before: Before | undefined,
  document: string | null,
  state: SchedulingState,
): IndexChange {
  const kept: IndexColumns = before ?? { busy_version: null, busy_from: null, busy_until: null, busy_basis: null };
  const { busy_version, busy_from, busy_until, busy_basis } = kept;
  const stay: IndexColumns = { busy_version, busy_from, busy_until, busy_basis };
  if (!indexing) return { columns: () => stay };
  if (before && before.document === document && !writesTime(state, indexing)) {
    const isPresent = before.busy_version === before.version;
    return { columns: (version) => ({ ...stay, busy_version: isPresent ? version : busy_version }) };
  }
  const indexed = indexing.expand(state);
  return { indexed, columns: (version) => ({ ...columnsOf(indexed), busy_version: version }) };
}

/** Whether registers were written that the owner's time depends on: what is cancelled, what is theirs, what they answered. */
function writesTime({ own, revisions, participations }: SchedulingState, { addresses }: BusyIndexing): boolean {
  if (own.written.size > 0 || revisions.written.size > 0) return true;
  return [...participations.written.values()].some(({ attendee }) => addresses.has(attendee));
}

/** Writes the rows of an object that was saved. */
export async function saveBusyRows(
  db: Database,
  { id, principal_id }: Pick<Selectable<ObjectRow>, "id" | "principal_id">,
  isNew: boolean,
  { indexed }: IndexChange,
): Promise<void> {
  if (indexed) await replaceRows(db, principal_id, id, isNew ? [] : await readRows(db, id), indexed.periods);
}

function columnsOf({ from, until, basis }: IndexedTime): Omit<IndexColumns, "busy_version"> {
  return { busy_from: from, busy_until: until, busy_basis: basis };
}

async function replaceRows(
  db: Database,
  principal: number,
  object: number,
  present: readonly Selectable<BusyTimeRow>[],
  periods: readonly BusyPeriod[],
): Promise<void> {
  const wanted = new Map(periods.flatMap(piecesOf).map((piece) => [piece.from, piece]));
  const gone: number[] = [];
  for (const { starts, ends, type } of present) {
    const piece = wanted.get(starts);
    if (!piece) gone.push(starts);
    if (piece?.to === ends && piece.type === type) wanted.delete(starts);
  }
  for (const starts of chunksOf(gone, rowsPerStatement)) {
    await db.deleteFrom("busy").where("object_id", "=", object).where("starts", "in", starts).execute();
  }
  const rows = [...wanted.values()].map(({ from, to, type }) => {
    return { object_id: object, starts: from, ends: to, type, principal_id: principal };
  });
  const [only, ...others] = rows;
  if (only && others.length === 0) await putRow(db, only);
  else for (const values of chunksOf(rows, rowsPerStatement)) await putRows(db, values).execute();
}

function putRows(db: Database, rows: readonly BusyTimeRow[]) {
  return db
    .insertInto("busy")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(["object_id", "starts"])
        .doUpdateSet((eb) => ({ ends: eb.ref("excluded.ends"), type: eb.ref("excluded.type") })),
    );
}

const putRow = preparedForRow((db, row: BusyTimeRow) => putRows(db, [row]));

/** Cuts what is longer than a row may be. */
function piecesOf({ from, to, type }: BusyPeriod): readonly BusyPeriod[] {
  const pieces: BusyPeriod[] = [];
  for (let start = from; start < to; start += longestBusyRow) {
    pieces.push({ from: start, to: Math.min(to, start + longestBusyRow), type });
  }
  return pieces;
}

function toPeriod({ starts, ends, type }: Selectable<BusyTimeRow>): BusyPeriod {
  return { from: starts, to: ends, type };
}

function toOwned({ id, principal_id }: Pick<Selectable<ObjectRow>, "id" | "principal_id">) {
  return { principal: String(principal_id), object: String(id) };
}
