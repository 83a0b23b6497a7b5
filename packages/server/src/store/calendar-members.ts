import type { ObjectType } from "@parley/engine";
import { type Selectable, sql } from "kysely";
import type { CalendarId, Calendars, Changes, Member, ReadCalendars } from "./calendars.ts";
import { indexKey, rowId } from "./keys.ts";
import { calendarFor, hiddenAt, maxChangesKept, nextRevision, recordRemoval, takeName } from "./placing.ts";
import { prepared, preparedForMany } from "./prepared.ts";
import type { Database, ObjectRow } from "./tables.ts";

/** What of an object's row a member is made of. */
const columns = [
  "id",
  "calendar_id",
  "name",
  "component",
  "uid",
  "version",
  "sendings",
  "tag",
  "revision",
  "modified",
  "starts",
  "ends",
  "privacy",
  "hidden_at",
] as const;

type Row = Pick<Selectable<ObjectRow>, (typeof columns)[number]>;

/** Reads what is in calendars. */
export function readCalendarMembers(
  db: Database,
): Pick<ReadCalendars, "members" | "byNames" | "ofUid" | "candidates" | "changesSince"> {
  const inCalendar = (calendar: CalendarId) =>
    db
      .selectFrom("objects")
      .select(columns)
      .where("calendar_id", "=", rowId(calendar) ?? 0)
      .where("name", "is not", null);
  return {
    members: async (calendar, limit) => toMembers(await inCalendar(calendar).orderBy("name").limit(limit).execute()),
    byNames: async (calendar, names) => toMembers(await rowsOfNames(db, names, rowId(calendar) ?? 0)),
    ofUid: async (principal, uid) => toMembers(await rowOfUid(db, Number(principal), indexKey(uid)))[0],
    candidates: async (calendar, { component, from, to }, limit) => {
      if (component !== undefined && to !== undefined && from !== undefined) {
        const of = [rowId(calendar) ?? 0, component, to, limit] as const;
        return inOrder([...(await endingIn(db, ...of, from)), ...(await endlessIn(db, ...of))], limit);
      }
      const wanted = inCalendar(calendar)
        .$if(component !== undefined, (query) => query.where("component", "=", component ?? null))
        .$if(to !== undefined, (query) => query.where("starts", "<", to ?? 0))
        .orderBy("starts")
        .orderBy("id")
        .limit(limit);
      if (from === undefined) return toMembers(await wanted.execute());
      // Two looks into one index; together they would be none.
      const ending = await wanted.where("ends", ">=", from).execute();
      const endless = await wanted.where("ends", "is", null).execute();
      return inOrder([...ending, ...endless], limit);
    },
    changesSince: (...of) => changesSince(db, ...of),
  };
}

function inOrder(rows: readonly Row[], limit: number): readonly Member[] {
  return toMembers(rows.toSorted((a, b) => a.starts - b.starts || a.id - b.id).slice(0, limit));
}

function beginningBefore(db: Database, calendar: number, component: ObjectType, to: number, limit: number) {
  return db
    .selectFrom("objects")
    .select(columns)
    .where("calendar_id", "=", calendar)
    .where("component", "=", component)
    .where("starts", "<", to)
    .where("name", "is not", null)
    .orderBy("starts")
    .orderBy("id")
    .limit(limit);
}

const endingIn = prepared((db, calendar: number, component: ObjectType, to: number, limit: number, from: number) =>
  beginningBefore(db, calendar, component, to, limit).where("ends", ">=", from),
);

const endlessIn = prepared((db, calendar: number, component: ObjectType, to: number, limit: number) =>
  beginningBefore(db, calendar, component, to, limit).where("ends", "is", null),
);

const rowsOfNames = preparedForMany((db, names: readonly string[], calendar: number) =>
  db.selectFrom("objects").select(columns).where("calendar_id", "=", calendar).where("name", "in", names),
);

const rowOfUid = prepared((db, principal: number, key: string) =>
  db.selectFrom("objects").select(columns).where("principal_id", "=", principal).where("uid_key", "=", key),
);

const revisionOf = prepared((db, calendar: number) =>
  db.selectFrom("calendars").select("revision").where("id", "=", calendar),
);

const changedSince = prepared((db, calendar: number, revision: number, limit: number) =>
  db
    .selectFrom("objects")
    .select(columns)
    .where("calendar_id", "=", calendar)
    .where("revision", ">", revision)
    .where("name", "is not", null)
    .orderBy("revision")
    .limit(limit),
);

const removedSince = prepared((db, calendar: number, revision: number, limit: number) =>
  db
    .selectFrom("removals")
    .select(["name", "revision", "hidden_at"])
    .where("calendar_id", "=", calendar)
    .where("revision", ">", revision)
    .orderBy("revision")
    .limit(limit),
);

async function changesSince(
  db: Database,
  ...[calendar, revision, limit, { hidesPrivate = false } = {}]: Parameters<ReadCalendars["changesSince"]>
): Promise<Changes<Member> | undefined> {
  const id = rowId(calendar) ?? 0;
  const [present] = await revisionOf(db, id);
  if (!present || revision > present.revision) return undefined;
  if (revision !== 0 && revision <= present.revision - maxChangesKept) return undefined;
  if (revision === present.revision) return { changed: [], removed: [], revision, isTruncated: false };
  const changed = await changedSince(db, id, revision, limit + 1);
  const removed = revision === 0 ? [] : await removedSince(db, id, revision, limit + 1);
  const end = endOfPage([...changed, ...removed], limit);
  const told = changed.filter((row) => row.revision <= end);
  const gone = removed.filter((row) => row.revision <= end);
  const isHidden = ({ privacy }: Row): boolean => hidesPrivate && privacy === "private";
  // What was hidden then already is as if it had never been.
  const isKnown = ({ hidden_at }: Pick<Row, "hidden_at">): boolean => hidden_at === null || hidden_at > revision;
  const lost = hidesPrivate && revision !== 0 ? [...gone, ...told.filter(isHidden)].filter(isKnown) : gone;
  return {
    changed: toMembers(told.filter((row) => !isHidden(row))),
    removed: lost.flatMap(({ name }) => name ?? []),
    revision: Math.min(end, present.revision),
    isTruncated: end < present.revision,
  };
}

/** The last revision that a page of changes has whole. What changed together is told together, though it be more than was asked for. */
export function endOfPage(changes: readonly { readonly revision: number }[], limit: number): number {
  const revisions = changes.map(({ revision }) => revision).sort((a, b) => a - b);
  const beyond = revisions[limit];
  if (beyond === undefined) return Number.POSITIVE_INFINITY;
  return revisions.findLast((revision) => revision < beyond) ?? beyond;
}

/** Moves what is in calendars, and has it shown as changed. */
export function writeCalendarMembers(db: Database): Pick<Calendars, "move" | "touch"> {
  return {
    move: async (principal, object, to, modified) => {
      const row = await db
        .selectFrom("objects")
        .select(columns)
        .where("principal_id", "=", Number(principal))
        .where("id", "=", rowId(object) ?? 0)
        .where("name", "is not", null)
        .executeTakeFirst();
      const calendar = row && (await calendarFor(db, principal, to.calendar));
      const taken = calendar === undefined ? undefined : await takeName(db, calendar, to.name);
      if (!row || calendar === undefined || !taken) return undefined;
      await recordRemoval(db, row, await nextRevision(db, row.calendar_id));
      const revision = await nextRevision(db, calendar);
      const moved = await db
        .updateTable("objects")
        .set({ calendar_id: calendar, name: to.name, revision, modified, ...nextVersion, tag: nextTag })
        .set({ hidden_at: hiddenAt(row, taken.knownUntil) })
        .where("id", "=", row.id)
        .returning(columns)
        .executeTakeFirstOrThrow();
      return toMembers([moved])[0];
    },
    touch: async (principal, uid) => {
      const row = await db
        .selectFrom("objects")
        .select(["id", "calendar_id"])
        .where("principal_id", "=", Number(principal))
        .where("uid_key", "=", indexKey(uid))
        .where("name", "is not", null)
        .executeTakeFirst();
      if (!row) return;
      const revision = await nextRevision(db, row.calendar_id);
      await db.updateTable("objects").set({ revision, sendings: sql`sendings + 1` }).where("id", "=", row.id).execute();
    },
  };
}

/** What the index of busy time has of the version before holds for the next one. */
const nextVersion = {
  version: sql<number>`version + 1`,
  busy_version: sql<number | null>`case when busy_version = version then version + 1 else busy_version end`,
};

/** RFC 6638 §3.2.10: the tag changes when a request is what changes the resource. */
const nextTag = sql<number | null>`case when tag is null then null else version + 1 end`;

function toMembers(rows: readonly Row[]): readonly Member[] {
  return rows.flatMap((row) => {
    const { name, component } = row;
    if (name === null || component === null) return [];
    return {
      object: String(row.id),
      calendar: String(row.calendar_id),
      name,
      uid: row.uid,
      // Programs are shown how messages fared; pages are beside the object, and write over no other version for that.
      etag: row.sendings === 0 ? etagOf(row) : `${etagOf(row)}-${row.sendings}`,
      ...(row.tag !== null && { scheduleTag: `${row.id}-${row.tag}` }),
      component,
      span: { starts: row.starts, ends: row.ends },
      ...(row.privacy !== null && { privacy: row.privacy }),
      modified: row.modified,
    };
  });
}

/** Ids are never used again: no two states of the same UID share an etag, removed and made anew or not. */
export function etagOf({ id, version }: Pick<Selectable<ObjectRow>, "id" | "version">): string {
  return `${id}-${version}`;
}
