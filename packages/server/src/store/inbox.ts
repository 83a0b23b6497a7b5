import { type Selectable, sql } from "kysely";
import { endOfPage } from "./calendar-members.ts";
import type { Inbox, InboxItem, ReadInbox } from "./calendars.ts";
import { chunksOf, columnText, contentHash, rowId } from "./keys.ts";
import { type Lock, lockNames } from "./locks.ts";
import type { PrincipalId } from "./people.ts";
import { maxChangesKept } from "./placing.ts";
import { addSource, nothingRefersTo } from "./sources.ts";
import type { Database } from "./tables.ts";
import type { InboxItemRow } from "./tables-calendars.ts";

/** Messages kept in one inbox; and for how long, in seconds. */
const maxItems = 500;
const maxAge = 60 * 86_400;
/** An inbox is looked through for what is old with every so many messages. */
const sweepEvery = 16;

const columns = ["id", "at", "uid", "method", "component", "source", "revision"] as const;
type Row = Pick<Selectable<InboxItemRow>, (typeof columns)[number]>;

/** Reads inboxes. */
export function readInbox(db: Database): ReadInbox {
  const ofPrincipal = (principal: PrincipalId) =>
    db.selectFrom("inbox_items").select(columns).where("principal_id", "=", Number(principal));
  const revisionOf = async (principal: PrincipalId): Promise<number> => {
    const row = await db
      .selectFrom("places")
      .select("revision")
      .where("principal_id", "=", Number(principal))
      .where("place", "=", "inbox")
      .executeTakeFirst();
    return row?.revision ?? 0;
  };
  return {
    revision: revisionOf,
    list: async (principal) => {
      const rows = await ofPrincipal(principal)
        .where("source", "is not", null)
        .orderBy("id", "desc")
        .limit(maxItems + sweepEvery)
        .execute();
      return rows.map(toItem);
    },
    byNames: async (principal, names) => {
      const items: (InboxItem & { readonly text: string })[] = [];
      for (const ids of chunksOf(names.flatMap(idOf), 500)) {
        const rows = await db
          .selectFrom("inbox_items")
          .innerJoin("sources", "sources.hash", "inbox_items.source")
          .select(["id", "at", "uid", "method", "component", "source", "revision", "bytes"])
          .where("principal_id", "=", Number(principal))
          .where("id", "in", ids)
          .execute();
        for (const row of rows) items.push({ ...toItem(row), text: new TextDecoder().decode(row.bytes) });
      }
      return items;
    },
    changesSince: async (principal, revision, limit) => {
      const present = await revisionOf(principal);
      if (revision > present || (revision !== 0 && revision <= present - maxChangesKept)) return undefined;
      const rows = await ofPrincipal(principal)
        .where("revision", ">", revision)
        .$if(revision === 0, (query) => query.where("source", "is not", null))
        .orderBy("revision")
        .limit(limit + 1)
        .execute();
      const end = endOfPage(rows, limit);
      const told = rows.filter((row) => row.revision <= end);
      return {
        changed: told.filter(({ source }) => source !== null).map(toItem),
        removed: told.filter(({ source }) => source === null).map(({ id }) => nameOf(id)),
        revision: Math.min(end, present),
        isTruncated: end < present,
      };
    },
  };
}

/** Reads and writes inboxes. */
export function writeInbox(db: Database, lock: Lock): Inbox {
  // Of the text added last: many people get the same one after the other.
  let last: { readonly text: string; readonly source: string } | undefined;
  return {
    ...readInbox(db),
    add: async (principal, { at, uid, method, component, text }) => {
      const source = last?.text === text ? last.source : await keepSource(db, lock, text);
      last = { text, source };
      const revision = await nextRevision(db, principal);
      const principal_id = Number(principal);
      const row = { principal_id, at, uid: columnText(uid), method, component, source, revision };
      await db.insertInto("inbox_items").values(row).execute();
      if (revision % sweepEvery === 0) {
        await sweep(db, lock, principal, { at, revision });
        last = undefined;
      }
    },
    remove: async (principal, name) => {
      const [id = 0] = idOf(name);
      const row = await db
        .selectFrom("inbox_items")
        .select("source")
        .where("principal_id", "=", Number(principal))
        .where("id", "=", id)
        .executeTakeFirst();
      if (!row?.source) return false;
      await removeItems(db, lock, [{ id, source: row.source }], await nextRevision(db, principal));
      last = undefined;
      return true;
    },
  };
}

/** Removes what is old or too much, and forgets what was removed long ago. */
async function sweep(
  db: Database,
  lock: Lock,
  principal: PrincipalId,
  { at: now, revision }: { readonly at: number; readonly revision: number },
): Promise<void> {
  const present = await db
    .selectFrom("inbox_items")
    .select(["id", "at", "source"])
    .where("principal_id", "=", Number(principal))
    .where("source", "is not", null)
    .orderBy("id", "desc")
    .execute();
  const gone = present.flatMap(({ id, at, source }, place) =>
    source !== null && (place >= maxItems || at < now - maxAge) ? [{ id, source }] : [],
  );
  if (gone.length > 0) await removeItems(db, lock, gone, await nextRevision(db, principal));
  await db
    .deleteFrom("inbox_items")
    .where("principal_id", "=", Number(principal))
    .where("source", "is", null)
    .where("revision", "<=", revision - maxChangesKept)
    .execute();
}

async function removeItems(
  db: Database,
  lock: Lock,
  items: readonly { readonly id: number; readonly source: string }[],
  revision: number,
): Promise<void> {
  for (const some of chunksOf(items, 500)) {
    const ids = some.map(({ id }) => id);
    await db.updateTable("inbox_items").set({ source: null, revision }).where("id", "in", ids).execute();
  }
  for (const source of new Set(items.map((item) => item.source).sort())) await releaseSource(db, lock, source);
}

/** Keeps a text where it is not there yet. Nobody deletes it before the end of the transaction. */
async function keepSource(db: Database, lock: Lock, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = contentHash(bytes);
  await lock(lockNames.source(hash));
  await addSource(db, hash, bytes);
  return hash;
}

/** Deletes a text that nothing refers to any more. */
async function releaseSource(db: Database, lock: Lock, hash: string): Promise<void> {
  await lock(lockNames.source(hash));
  await db.deleteFrom("sources").where("hash", "=", hash).where(nothingRefersTo).execute();
}

async function nextRevision(db: Database, principal: PrincipalId): Promise<number> {
  const row = await db
    .insertInto("places")
    .values({ principal_id: Number(principal), place: "inbox", properties: null, revision: 1 })
    .onConflict((conflict) =>
      conflict.columns(["principal_id", "place"]).doUpdateSet({ revision: sql`places.revision + 1` }),
    )
    .returning("revision")
    .executeTakeFirstOrThrow();
  return row.revision;
}

function nameOf(id: number): string {
  return `${id}.ics`;
}

function idOf(name: string): readonly number[] {
  const id = name.endsWith(".ics") ? rowId(name.slice(0, -4)) : undefined;
  return id === undefined ? [] : [id];
}

function toItem({ id, at, uid, method, component }: Row): InboxItem {
  return { name: nameOf(id), etag: String(id), at, uid, method, component };
}
