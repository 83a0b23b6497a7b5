import { type CreateIndexBuilder, type CreateTableBuilder, type Kysely, sql } from "kysely";

/** Migrations know tables as they were. */
type Schema = Kysely<Record<string, never>>;

/** What differs between the databases here. */
interface Dialect {
  readonly withId: (table: CreateTableBuilder<string>) => CreateTableBuilder<string, "id">;
}

/** Brings several calendars of one principal, names and changes of what is in them, inboxes and sharing. Decision 0038. */
export async function addCalendars(db: Schema, dialect: Dialect): Promise<void> {
  await describeCalendars(db);
  await placeObjects(db);
  await addRemovals(db);
  await addPlaces(db, dialect);
  await addShares(db);
}

async function describeCalendars(db: Schema): Promise<void> {
  const calendars = db.schema.alterTable("calendars");
  for (const column of ["slug", "description", "color", "timezone", "timezone_id", "components", "properties"]) {
    await calendars.addColumn(column, "text").execute();
  }
  await calendars.addColumn("position", "integer").execute();
  for (const column of ["is_default", "is_transparent"]) {
    await calendars.addColumn(column, "integer", (made) => made.notNull().defaultTo(0)).execute();
  }
  await calendars.addColumn("revision", "bigint", (made) => made.notNull().defaultTo(0)).execute();
  await sql`update calendars set slug = 'calendar', is_default = 1`.execute(db);
  await index(db, "calendars", ["principal_id", "slug"], (made) => made.unique());
}

/** Each object that is there gets a name and a number of its own in its calendar: its id is both. */
async function placeObjects(db: Schema): Promise<void> {
  const objects = db.schema.alterTable("objects");
  await objects.addColumn("name", "text").execute();
  await objects.addColumn("component", "text").execute();
  await objects.addColumn("revision", "bigint", (made) => made.notNull().defaultTo(0)).execute();
  await objects.addColumn("tag", "bigint").execute();
  await objects.addColumn("sendings", "bigint", (made) => made.notNull().defaultTo(0)).execute();
  await objects.addColumn("modified", "bigint", (made) => made.notNull().defaultTo(0)).execute();
  const text = sql`(select text from documents where documents.hash = objects.document)`;
  const latest = sql`(select max(latest_dtstamp) from component_revisions r where r.object_id = objects.id)`;
  await sql`update objects set revision = id, modified = coalesce(${latest}, 0)`.execute(db);
  await sql`update objects set
    name = cast(id as text) || '.ics',
    component = case
      when ${text} like '%BEGIN:VTODO%' then 'VTODO'
      when ${text} like '%BEGIN:VJOURNAL%' then 'VJOURNAL'
      when ${text} like '%BEGIN:VFREEBUSY%' then 'VFREEBUSY'
      else 'VEVENT' end,
    tag = case when ${text} like '%ATTENDEE%' and ${text} like '%ORGANIZER%' then version end
    where document is not null`.execute(db);
  await sql`update calendars set
    revision = coalesce((select max(id) from objects where objects.calendar_id = calendars.id), 0)`.execute(db);
  await index(db, "objects", ["calendar_id", "name"], (made) => made.unique());
  await index(db, "objects", ["calendar_id", "revision"]);
  await index(db, "objects", ["calendar_id", "ends", "starts"]);
  await db.schema.dropIndex("objects_by_calendar_id").execute();
}

async function addRemovals(db: Schema): Promise<void> {
  await db.schema
    .createTable("removals")
    .addColumn("calendar_id", "bigint", (column) => column.notNull().references("calendars.id").onDelete("cascade"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("revision", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("removals_key", ["calendar_id", "name"])
    .execute();
  await index(db, "removals", ["calendar_id", "revision"]);
}

async function addPlaces(db: Schema, { withId }: Dialect): Promise<void> {
  await db.schema
    .createTable("places")
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("place", "text", (column) => column.notNull())
    .addColumn("properties", "text")
    .addColumn("revision", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("places_key", ["principal_id", "place"])
    .execute();
  await withId(db.schema.createTable("inbox_items"))
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("uid", "text", (column) => column.notNull())
    .addColumn("method", "text", (column) => column.notNull())
    .addColumn("component", "text", (column) => column.notNull())
    .addColumn("source", "text", (column) => column.references("sources.hash"))
    .addColumn("revision", "bigint", (column) => column.notNull())
    .execute();
  await index(db, "inbox_items", ["principal_id", "revision"]);
  await index(db, "inbox_items", ["source"]);
}

async function addShares(db: Schema): Promise<void> {
  await db.schema
    .createTable("shares")
    .addColumn("calendar_id", "bigint", (column) => column.notNull().references("calendars.id").onDelete("cascade"))
    .addColumn("sharee_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("access", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("shares_key", ["calendar_id", "sharee_id"])
    .execute();
  await index(db, "shares", ["sharee_id"]);
}

async function index(
  db: Schema,
  table: string,
  columns: readonly string[],
  more: (made: CreateIndexBuilder) => CreateIndexBuilder = (made) => made,
): Promise<void> {
  const made = db.schema.createIndex(`${table}_by_${columns.join("_")}`).on(table);
  await more(made)
    .columns([...columns])
    .execute();
}
