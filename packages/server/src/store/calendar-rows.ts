import { type Selectable, sql } from "kysely";
import {
  type Calendar,
  type CalendarChange,
  type CalendarComponent,
  type CalendarFields,
  type CalendarProblem,
  type Calendars,
  type DeadProperties,
  maxCalendars,
  type NewCalendar,
  type Place,
  type ReadCalendars,
} from "./calendars.ts";
import { chunksOf, rowId } from "./keys.ts";
import type { PrincipalId } from "./people.ts";
import { calendarFor } from "./placing.ts";
import { prepared } from "./prepared.ts";
import type { Database } from "./tables.ts";
import type { CalendarRow } from "./tables-calendars.ts";

/** Characters of all dead properties of one resource. */
const maxPropertiesLength = 65_536;
/** Characters of one of the other values; a VTIMEZONE is the longest. */
const maxValueLength = 65_536;
/** Octets of a slug or a name: what an index takes. */
const maxNameOctets = 255;
/** Collections beside calendars. */
const reservedSlugs: ReadonlySet<string> = new Set(["inbox", "outbox"]);
/** Under these others' calendars are found. */
const sharedSlugs = /^shared-\d+$/;

/** What each principal's first calendar is. */
export const defaultCalendar = { slug: "calendar", is_default: 1 } as const;

/** All three kinds of components. */
const allComponents: readonly CalendarComponent[] = ["VEVENT", "VTODO", "VJOURNAL"];

type Row = Selectable<CalendarRow>;

/** Tells whether a text can be the last segment of a URL here. */
export function isName(text: string): boolean {
  if (text === "" || text === "." || text === ".." || Buffer.byteLength(text) > maxNameOctets) return false;
  return !/[\u0000-\u001f\u007f/]/.test(text);
}

/** Reads what calendars there are. */
export function readCalendarRows(
  db: Database,
): Pick<ReadCalendars, "list" | "bySlug" | "byId" | "properties" | "inboxProperties"> {
  const ofPrincipal = (principal: PrincipalId) =>
    db.selectFrom("calendars").selectAll().where("principal_id", "=", Number(principal));
  return {
    list: async (principal) => {
      const rows = await ofPrincipal(principal)
        .orderBy(sql`case when position is null then 1 else 0 end`)
        .orderBy("position")
        .orderBy("name")
        .orderBy("id")
        .limit(maxCalendars)
        .execute();
      return rows.map(toCalendar);
    },
    bySlug: async (principal, slug) => {
      const [row] = await rowOfSlug(db, Number(principal), slug);
      return row && toCalendar(row);
    },
    byId: async (principal, id) => {
      const [row] = await rowOfId(db, Number(principal), rowId(id) ?? 0);
      return row && toCalendar(row);
    },
    inboxProperties: async (principals) => {
      const found = new Map<PrincipalId, DeadProperties>();
      for (const some of chunksOf(principals.map(Number), 500)) {
        const rows = await db
          .selectFrom("places")
          .select(["principal_id", "properties"])
          .where("principal_id", "in", some)
          .where("place", "=", "inbox")
          .where("properties", "is not", null)
          .execute();
        for (const { principal_id, properties } of rows) found.set(String(principal_id), readProperties(properties));
      }
      return found;
    },
    properties: async (principal, place) => {
      const row = await db
        .selectFrom("places")
        .select("properties")
        .where("principal_id", "=", Number(principal))
        .where("place", "=", place)
        .executeTakeFirst();
      return readProperties(row?.properties ?? null);
    },
  };
}

const rowOfSlug = prepared((db, principal: number, slug: string) =>
  db.selectFrom("calendars").selectAll().where("principal_id", "=", principal).where("slug", "=", slug),
);

const rowOfId = prepared((db, principal: number, id: number) =>
  db.selectFrom("calendars").selectAll().where("principal_id", "=", principal).where("id", "=", id),
);

/** Makes calendars, changes them and takes them away. */
export function writeCalendarRows(
  db: Database,
): Pick<Calendars, "add" | "change" | "makeDefault" | "remove" | "setProperties"> {
  const read = readCalendarRows(db);
  return {
    add: (...of) => addCalendar(db, ...of),
    change: async (principal, id, change) => {
      const known = await read.byId(principal, id);
      if (!known) return undefined;
      const values = columnsOf(change);
      if (!values) return "too-large";
      // A client learns of it as of any other change: getctag.
      const set = { ...values, revision: sql<number>`revision + 1` };
      const row = await db
        .updateTable("calendars")
        .set(set)
        .where("id", "=", Number(known.id))
        .returningAll()
        .executeTakeFirstOrThrow();
      return toCalendar(row);
    },
    makeDefault: async (principal, id) => {
      const known = await read.byId(principal, id);
      if (!known || known.source !== undefined) return false;
      await db
        .updateTable("calendars")
        .set({ is_default: sql`case when id = ${Number(known.id)} then 1 else 0 end` })
        .where("principal_id", "=", Number(principal))
        .execute();
      return true;
    },
    remove: async (principal, id) => {
      const known = await read.byId(principal, id);
      if (!known || known.isDefault) return false;
      const inIt = db.selectFrom("objects").select("id").where("calendar_id", "=", Number(known.id));
      if (await inIt.where("document", "is not", null).limit(1).executeTakeFirst()) return false;
      // What was removed is still known, so that what comes late is known to be late.
      const calendar_id = await calendarFor(db, principal);
      await db.updateTable("objects").set({ calendar_id }).where("calendar_id", "=", Number(known.id)).execute();
      await db.deleteFrom("calendars").where("id", "=", Number(known.id)).execute();
      return true;
    },
    setProperties: (...of) => setProperties(db, ...of),
  };
}

async function addCalendar(
  db: Database,
  principal: PrincipalId,
  calendar: NewCalendar,
): Promise<Calendar | CalendarProblem> {
  const { slug, name, components } = calendar;
  if (reservedSlugs.has(slug) || sharedSlugs.test(slug) || !isName(slug)) return "taken";
  const of = db.selectFrom("calendars").where("principal_id", "=", Number(principal));
  if (await of.select("id").where("slug", "=", slug).executeTakeFirst()) return "taken";
  const { count } = await of.select((eb) => eb.fn.countAll().as("count")).executeTakeFirstOrThrow();
  if (Number(count) >= maxCalendars) return "too-many";
  const columns = columnsOf(calendar);
  if (!columns) return "too-large";
  const listed = components ? JSON.stringify(allComponents.filter((one) => components.includes(one))) : null;
  const row = await db
    .insertInto("calendars")
    .values({ ...columns, principal_id: Number(principal), slug, name, components: listed })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toCalendar(row);
}

async function setProperties(
  db: Database,
  principal: PrincipalId,
  place: Place,
  kept: DeadProperties,
): Promise<"too-large" | undefined> {
  const properties = formatProperties(kept);
  if (properties !== null && properties.length > maxPropertiesLength) return "too-large";
  await db
    .insertInto("places")
    .values({ principal_id: Number(principal), place, properties, revision: 0 })
    .onConflict((conflict) => conflict.columns(["principal_id", "place"]).doUpdateSet({ properties }))
    .execute();
  return undefined;
}

/** The columns of what is said; `undefined` where one is too large. */
function columnsOf(fields: CalendarChange | Partial<CalendarFields>) {
  const { name, description, color, order, timezone, timezoneId, isTransparent, properties } = fields;
  const kept = properties && formatProperties(properties);
  const texts = [name, description, color, timezone, timezoneId].filter((text) => text !== undefined);
  if (texts.some((text) => text.length > maxValueLength)) return undefined;
  if (kept && kept.length > maxPropertiesLength) return undefined;
  return {
    ...(name !== undefined && { name }),
    ...("description" in fields && { description: description ?? null }),
    ...("color" in fields && { color: color ?? null }),
    ...("order" in fields && { position: order === undefined ? null : clampOrder(order) }),
    ...("timezone" in fields && { timezone: timezone ?? null }),
    ...("timezoneId" in fields && { timezone_id: timezoneId ?? null }),
    ...(isTransparent !== undefined && { is_transparent: isTransparent ? 1 : 0 }),
    ...(kept !== undefined && { properties: kept }),
  };
}

/** What every database holds in an integer. */
function clampOrder(order: number): number {
  return Number.isFinite(order) ? Math.trunc(Math.max(-2_000_000_000, Math.min(2_000_000_000, order))) : 0;
}

function formatProperties(properties: DeadProperties): string | null {
  return properties.size === 0 ? null : JSON.stringify([...properties]);
}

function readProperties(text: string | null): DeadProperties {
  return text === null ? new Map() : new Map<string, string>(JSON.parse(text));
}

/** Makes a calendar of its row. */
export function toCalendar(row: Row): Calendar {
  const { description, color, position, timezone, timezone_id, components } = row;
  return {
    id: String(row.id),
    principal: String(row.principal_id),
    slug: row.slug,
    name: row.name,
    ...(description !== null && { description }),
    ...(color !== null && { color }),
    ...(position !== null && { order: position }),
    ...(timezone !== null && { timezone }),
    ...(timezone_id !== null && { timezoneId: timezone_id }),
    components: components === null ? allComponents : JSON.parse(components),
    isTransparent: row.is_transparent === 1,
    isDefault: row.is_default === 1,
    properties: readProperties(row.properties),
    revision: row.revision,
    ...(row.source !== null && { source: row.source }),
  };
}
