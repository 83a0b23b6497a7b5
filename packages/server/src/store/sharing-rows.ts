import type { Selectable } from "kysely";
import { maxCalendars } from "./calendars.ts";
import type { Documents } from "./documents.ts";
import { chunksOf, rowId } from "./keys.ts";
import type { Lock } from "./locks.ts";
import { nextRevision, recordRemoval } from "./placing.ts";
import {
  maxPublishedLinks,
  type PublishedLink,
  type ReadSharing,
  type SharedView,
  type Sharing,
  type Subscription,
} from "./sharing.ts";
import type { Database } from "./tables.ts";
import type { PublishedLinkRow, SharedViewRow, SubscriptionRow } from "./tables-sharing.ts";

const rowsAtOnce = 400;

/** Reads what goes beyond the owners of calendars. */
export function readSharing(db: Database): ReadSharing {
  // Built where they are asked for: every transaction is given these methods, and few ask.
  const subscriptions = () =>
    db
      .selectFrom("subscriptions")
      .innerJoin("calendars", "calendars.id", "subscriptions.calendar_id")
      .selectAll("subscriptions")
      .select(["calendars.source", "calendars.principal_id"]);
  const links = () =>
    db
      .selectFrom("published_links")
      .innerJoin("calendars", "calendars.id", "published_links.calendar_id")
      .selectAll("published_links")
      .select("calendars.principal_id");
  return {
    subscription: async (calendar) => {
      const row = await subscriptions()
        .where("calendar_id", "=", rowId(calendar) ?? 0)
        .executeTakeFirst();
      return row && toSubscription(row);
    },
    subscriptions: async (principal) => {
      const rows = await subscriptions()
        .where("calendars.principal_id", "=", Number(principal))
        .orderBy("calendars.name")
        .orderBy("calendars.id")
        .limit(maxCalendars)
        .execute();
      return rows.map(toSubscription);
    },
    dueSubscriptions: async (now, limit) => {
      const rows = await subscriptions()
        .where("due", "<=", now)
        .orderBy("due")
        .orderBy("calendar_id")
        .limit(limit)
        .execute();
      return rows.map(toSubscription);
    },
    publishedLink: async (tokenHash) => {
      const row = await links().where("token_hash", "=", tokenHash).executeTakeFirst();
      return row && toLink(row);
    },
    publishedLinks: async (principal, calendar) => {
      const rows = await links()
        .where("calendars.principal_id", "=", Number(principal))
        .where("calendar_id", "=", rowId(calendar) ?? 0)
        .orderBy("published_links.id")
        .limit(maxPublishedLinks)
        .execute();
      return rows.map(toLink);
    },
    views: async (principal) => {
      const rows = await db
        .selectFrom("shared_views")
        .selectAll()
        .where("principal_id", "=", Number(principal))
        .execute();
      return new Map(rows.map((row) => [String(row.calendar_id), toView(row)]));
    },
  };
}

/** Reads and writes the same. */
export function writeSharing(db: Database, documents: Documents, lock: Lock): Sharing {
  return { ...readSharing(db), ...writeSubscriptions(db, documents, lock), ...writeLinks(db), ...writeViews(db) };
}

function writeSubscriptions(
  db: Database,
  documents: Documents,
  lock: Lock,
): Pick<Sharing, "subscribe" | "noteSubscription" | "removeCopies"> {
  return {
    subscribe: async (principal, calendar, { url, periodSeconds, due }) => {
      const id = rowId(calendar) ?? 0;
      const member = await db.selectFrom("objects").select("id").where("calendar_id", "=", id).executeTakeFirst();
      if (member) return false;
      const { numUpdatedRows } = await db
        .updateTable("calendars")
        .set({ source: url })
        .where("id", "=", id)
        .where("principal_id", "=", Number(principal))
        .where("is_default", "=", 0)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return false;
      const blank = { checked: null, succeeded: null, problem: null, etag: null, last_modified: null, digest: null };
      const row = { calendar_id: id, period_seconds: periodSeconds, due, failures: 0, ...blank };
      await db.insertInto("subscriptions").values(row).execute();
      return true;
    },
    noteSubscription: async (_principal, calendar, state) => {
      const { due, failures, checked, succeeded, problem, etag, lastModified, digest } = state;
      await db
        .updateTable("subscriptions")
        .set({
          ...{ due, failures, checked: checked ?? null, succeeded: succeeded ?? null, problem: problem ?? null },
          ...{ etag: etag ?? null, last_modified: lastModified ?? null, digest: digest ?? null },
        })
        .where("calendar_id", "=", rowId(calendar) ?? 0)
        .execute();
    },
    removeCopies: (principal, calendar, objects) => removeCopies(db, documents, lock, { principal, calendar, objects }),
  };
}

function writeLinks(db: Database): Pick<Sharing, "publish" | "unpublish"> {
  return {
    publish: async (_principal, { tokenHash, calendar, label, form, created }) => {
      const calendar_id = rowId(calendar) ?? 0;
      const { count } = await db
        .selectFrom("published_links")
        .select((eb) => eb.fn.countAll().as("count"))
        .where("calendar_id", "=", calendar_id)
        .executeTakeFirstOrThrow();
      if (Number(count) >= maxPublishedLinks) return "too-many";
      const { id } = await db
        .insertInto("published_links")
        .values({ token_hash: tokenHash, calendar_id, label, form, created })
        .returning("id")
        .executeTakeFirstOrThrow();
      const row = await readSharing(db).publishedLink(tokenHash);
      if (!row) throw new Error(`the link ${id} is to no calendar`);
      return row;
    },
    unpublish: async (principal, id) => {
      const own = db.selectFrom("calendars").select("id").where("principal_id", "=", Number(principal));
      const { numDeletedRows } = await db
        .deleteFrom("published_links")
        .where("id", "=", rowId(id) ?? 0)
        .where("calendar_id", "in", own)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function writeViews(db: Database): Pick<Sharing, "changeView"> {
  return {
    changeView: async (principal, calendar, change) => {
      const { name, color, order, isHidden } = change;
      const set = {
        ...("name" in change && { name: name ?? null }),
        ...("color" in change && { color: color ?? null }),
        ...("order" in change && { position: order ?? null }),
        ...(isHidden !== undefined && { is_hidden: isHidden ? 1 : 0 }),
      };
      if (Object.keys(set).length === 0) return;
      const key = { principal_id: Number(principal), calendar_id: rowId(calendar) ?? 0 };
      await db
        .insertInto("shared_views")
        .values({ name: null, color: null, position: null, is_hidden: 0, ...set, ...key })
        .onConflict((conflict) => conflict.columns(["principal_id", "calendar_id"]).doUpdateSet(set))
        .execute();
    },
  };
}

async function removeCopies(
  db: Database,
  documents: Documents,
  lock: Lock,
  { principal, calendar, objects }: { principal: string; calendar: string; objects: readonly string[] },
): Promise<void> {
  for (const ids of chunksOf(
    objects.flatMap((id) => rowId(id) ?? []),
    rowsAtOnce,
  )) {
    const removed = await db
      .deleteFrom("objects")
      .where("principal_id", "=", Number(principal))
      .where("calendar_id", "=", rowId(calendar) ?? 0)
      .where("id", "in", ids)
      .returning(["calendar_id", "name", "document", "hidden_at"])
      .execute();
    for (const row of removed) {
      await recordRemoval(db, row, await nextRevision(db, row.calendar_id));
    }
    const hashes = new Set(removed.flatMap(({ document }) => document ?? []));
    for (const hash of [...hashes].sort()) await documents.release(db, lock, hash);
  }
}

function toSubscription(
  row: Selectable<SubscriptionRow> & { readonly source: string | null; readonly principal_id: number },
): Subscription {
  const { checked, succeeded, problem, etag, last_modified, digest } = row;
  return {
    calendar: String(row.calendar_id),
    principal: String(row.principal_id),
    url: row.source ?? "",
    periodSeconds: row.period_seconds,
    due: row.due,
    failures: row.failures,
    ...(checked !== null && { checked }),
    ...(succeeded !== null && { succeeded }),
    ...(problem !== null && { problem }),
    ...(etag !== null && { etag }),
    ...(last_modified !== null && { lastModified: last_modified }),
    ...(digest !== null && { digest }),
  };
}

function toLink(row: Selectable<PublishedLinkRow> & { readonly principal_id: number }): PublishedLink {
  const { id, calendar_id, principal_id, label, form, created } = row;
  return { id: String(id), calendar: String(calendar_id), principal: String(principal_id), label, form, created };
}

function toView({ calendar_id, name, color, position, is_hidden }: Selectable<SharedViewRow>): SharedView {
  return {
    calendar: String(calendar_id),
    ...(name !== null && { name }),
    ...(color !== null && { color }),
    ...(position !== null && { order: position }),
    isHidden: is_hidden === 1,
  };
}
