import { type CreateTableBuilder, type Kysely, sql } from "kysely";

/** Migrations know tables as they were. */
type Schema = Kysely<Record<string, never>>;

/** What differs between the databases here. */
interface Dialect {
  readonly withId: (table: CreateTableBuilder<string>) => CreateTableBuilder<string, "id">;
}

/** Brings calendars that are read from elsewhere, public links, and how people see what is shared with them. Decision 0041. */
export async function addSharing(db: Schema, dialect: Dialect): Promise<void> {
  await db.schema.alterTable("calendars").addColumn("source", "text").execute();
  await db.schema.alterTable("objects").addColumn("privacy", "text").execute();
  await sql.raw(markPrivate).execute(db);
  await db.schema
    .createTable("subscriptions")
    .addColumn("calendar_id", "bigint", (column) => column.primaryKey().references("calendars.id").onDelete("cascade"))
    .addColumn("period_seconds", "integer", (column) => column.notNull())
    .addColumn("due", "bigint", (column) => column.notNull())
    .addColumn("failures", "integer", (column) => column.notNull())
    .addColumn("checked", "bigint")
    .addColumn("succeeded", "bigint")
    .addColumn("problem", "text")
    .addColumn("etag", "text")
    .addColumn("last_modified", "text")
    .addColumn("digest", "text")
    .execute();
  await db.schema.createIndex("subscriptions_by_due").on("subscriptions").column("due").execute();
  await dialect
    .withId(db.schema.createTable("published_links"))
    .addColumn("token_hash", "text", (column) => column.notNull().unique())
    .addColumn("calendar_id", "bigint", (column) => column.notNull().references("calendars.id").onDelete("cascade"))
    .addColumn("label", "text", (column) => column.notNull())
    .addColumn("form", "text", (column) => column.notNull())
    .addColumn("created", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("published_links_by_calendar_id").on("published_links").column("calendar_id").execute();
  await db.schema
    .createTable("shared_views")
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("calendar_id", "bigint", (column) => column.notNull().references("calendars.id").onDelete("cascade"))
    .addColumn("name", "text")
    .addColumn("color", "text")
    .addColumn("position", "integer")
    .addColumn("is_hidden", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("shared_views_key", ["principal_id", "calendar_id"])
    .execute();
}

const text = "upper((select text from documents where documents.hash = objects.document))";
const open = `replace(replace(${text}, '\nCLASS:PUBLIC', ''), '\nCLASS:CONFIDENTIAL', '')`;

/** Marks what is there already: what names a class that is neither public nor confidential counts as private. */
export const markPrivate = `update objects set privacy = case
  when ${open} like '%\nCLASS%' then 'private'
  when ${text} like '%\nCLASS:CONFIDENTIAL%' then 'confidential'
  else null end
  where document is not null and ${text} like '%\nCLASS%'`;
