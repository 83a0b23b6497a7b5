import { type CalendarObject, objectComponents, organizerOf } from "@parley/engine";
import { type Selectable, sql } from "kysely";
import type { Placing } from "./calendars.ts";
import { contentHash, rowId } from "./keys.ts";
import type { PrincipalId } from "./people.ts";
import { prepared } from "./prepared.ts";
import { privacyOf } from "./privacy.ts";
import type { Database, ObjectRow } from "./tables.ts";

/** Names that were removed are known for so many changes of a collection: a client that has missed more begins anew. */
export const maxChangesKept = 20_000;

/** Characters of a UID that is a name as it is. */
const plainUid = /^[\w.@+-]{1,200}$/;

/** Makes the name of an object that no client has named: safe in a URL, and the same for the same UID. */
export function nameOfUid(uid: string, isTaken: boolean): string {
  const isPlain = plainUid.test(uid) && !uid.startsWith(".");
  return `${isPlain && !isTaken ? uid : contentHash(`name ${uid}`).slice(0, 32)}.ics`;
}

/** Counts a change of a calendar, and gives the number it has. */
export async function nextRevision(db: Database, calendar: number): Promise<number> {
  const [row] = await countChange(db, calendar);
  if (!row) throw new Error(`there is no calendar ${calendar}`);
  return row.revision;
}

const countChange = prepared((db, calendar: number) =>
  db.updateTable("calendars").set({ revision: sql`revision + 1` }).where("id", "=", calendar).returning("revision"),
);

/** Finds the calendar of a principal by its id; without one, that which new things go to. */
export async function calendarFor(db: Database, principal: PrincipalId, calendar?: string): Promise<number> {
  const owner = Number(principal);
  const [row] = calendar === undefined ? await defaultOf(db, owner) : await calendarOf(db, owner, rowId(calendar) ?? 0);
  if (!row) throw new Error(`principal ${principal} has no such calendar`);
  return row.id;
}

const defaultOf = prepared((db, principal: number) =>
  db.selectFrom("calendars").select("id").where("principal_id", "=", principal).where("is_default", "=", 1),
);

const calendarOf = prepared((db, principal: number, id: number) =>
  db.selectFrom("calendars").select("id").where("principal_id", "=", principal).where("id", "=", id),
);

/** A name that was taken, and the number of the change until which whom the calendar is shared with knew something by it. */
export interface TakenName {
  readonly name: string;
  readonly knownUntil: number;
}

/** Takes a name in a calendar: it is no longer one that was removed. `undefined` where an object has it. */
export async function takeName(db: Database, calendar: number, name: string): Promise<TakenName | undefined> {
  const [taken] = await holderOf(db, calendar, name);
  if (taken) return undefined;
  const [removal] = await forgetRemoval(db, calendar, name);
  return { name, knownUntil: removal ? (removal.hidden_at ?? removal.revision) : 0 };
}

const holderOf = prepared((db, calendar: number, name: string) =>
  db.selectFrom("objects").select("id").where("calendar_id", "=", calendar).where("name", "=", name),
);

const forgetRemoval = prepared((db, calendar: number, name: string) =>
  db
    .deleteFrom("removals")
    .where("calendar_id", "=", calendar)
    .where("name", "=", name)
    .returning(["revision", "hidden_at"]),
);

/** Takes a name for a new object: the one that is asked for, or else one made of its UID. Throws where that is taken. */
export async function takeNameFor(db: Database, calendar: number, uid: string, asked?: string): Promise<TakenName> {
  const name = asked ?? nameOfUid(uid, false);
  const taken = await takeName(db, calendar, name);
  if (taken) return taken;
  const other = asked === undefined ? await takeName(db, calendar, nameOfUid(uid, true)) : undefined;
  if (!other) throw new Error(`the name ${name} is taken`);
  return other;
}

/** Records that a name is gone; what was gone long before is forgotten. */
export async function recordRemoval(
  db: Database,
  { calendar_id, name, hidden_at }: Pick<PlaceColumns, "calendar_id" | "name" | "hidden_at">,
  revision: number,
): Promise<void> {
  if (name === null) return;
  await db
    .insertInto("removals")
    .values({ calendar_id, name, revision, hidden_at })
    .onConflict((conflict) => conflict.columns(["calendar_id", "name"]).doUpdateSet({ revision, hidden_at }))
    .execute();
  await db
    .deleteFrom("removals")
    .where("calendar_id", "=", calendar_id)
    .where("revision", "<=", revision - maxChangesKept)
    .execute();
}

/** Where an object is, and how it is listed there. */
export type PlaceColumns = Pick<
  Selectable<ObjectRow>,
  "calendar_id" | "name" | "component" | "revision" | "tag" | "modified" | "privacy" | "hidden_at"
>;

/** What is saved, as far as its place goes. */
export interface PlacedState {
  readonly principal: PrincipalId;
  readonly uid: string;
  readonly state: { readonly object?: CalendarObject };
  readonly placing: Placing;
}

/** Finds the place of an object that is saved, and counts the change in its calendar: of what comes, of what goes, and of a new version. */
export async function placeRow(
  db: Database,
  before: (PlaceColumns & { readonly version: number }) | undefined,
  { principal, uid, state: { object }, placing }: PlacedState,
  version: number,
): Promise<PlaceColumns> {
  const modified = placing.at ?? before?.modified ?? 0;
  if (!object) {
    const calendar_id = before?.calendar_id ?? (await calendarFor(db, principal));
    const isGone = before !== undefined && before.name !== null;
    const revision = isGone ? await nextRevision(db, calendar_id) : (before?.revision ?? 0);
    if (isGone) await recordRemoval(db, before, revision);
    const gone = { name: null, component: null, tag: null, privacy: null, hidden_at: null };
    return { ...gone, calendar_id, revision, modified };
  }
  const listed = { component: object.type, modified, privacy: privacyOf(object) ?? null };
  if (!before || before.name === null) {
    const calendar_id = await calendarFor(db, principal, placing.calendar);
    const { name, knownUntil } = await takeNameFor(db, calendar_id, uid, placing.name);
    const revision = await nextRevision(db, calendar_id);
    const hidden_at = hiddenAt(listed, knownUntil);
    return { ...listed, calendar_id, name, revision, hidden_at, tag: isScheduled(object) ? version : null };
  }
  const { calendar_id, name } = before;
  if (version === before.version) {
    const { revision, tag, hidden_at } = before;
    return { ...listed, calendar_id, name, revision, tag, hidden_at, modified: before.modified };
  }
  const revision = await nextRevision(db, calendar_id);
  const tag = placing.keepsTag && before.tag !== null ? before.tag : version;
  const hidden_at = hiddenAt(listed, before.hidden_at ?? revision);
  return { ...listed, calendar_id, name, revision, hidden_at, tag: isScheduled(object) ? tag : null };
}

/** Gives the number of the change that hid something, where it is private: what was so before stays hidden since then. */
export function hiddenAt({ privacy }: Pick<PlaceColumns, "privacy">, since: number): number | null {
  return privacy === "private" ? since : null;
}

/** RFC 6638 §3.1, as far as it can be told without knowing whose it is. */
function isScheduled(object: CalendarObject): boolean {
  return organizerOf(object) !== undefined && objectComponents(object).some(({ attendees }) => attendees.size > 0);
}
