import { type CreateTableBuilder, type Kysely, type QueryExecutorProvider, sql } from "kysely";
import { addBusyTimeAndJobs } from "./migrations/0010-busy-time-and-jobs.ts";
import { addFanOut } from "./migrations/0011-fan-out.ts";
import { addWhoIsActedFor } from "./migrations/0012-who-is-acted-for.ts";
import { addSignInsElsewhere } from "./migrations/0013-sign-ins-elsewhere.ts";
import { addLocales } from "./migrations/0014-locales.ts";
import { addSigners } from "./migrations/0015-signers.ts";
import { addAnswerLinks } from "./migrations/0017-answer-links.ts";
import { addCalendars } from "./migrations/0018-calendars.ts";
import { addBusyByMail } from "./migrations/0019-busy-by-mail.ts";
import { addSharing } from "./migrations/0020-sharing.ts";
import { keepRangesApart } from "./migrations/0021-ranges-of-answers.ts";
import { addWhenHidden } from "./migrations/0022-when-hidden.ts";
import { addHeadings } from "./migrations/0023-headings.ts";

/** What differs between the databases in the making of tables. */
export interface SchemaDialect {
  /** Adds the column `id`: a counted primary key whose values are never used again. */
  readonly withId: (table: CreateTableBuilder<string>) => CreateTableBuilder<string, "id">;
  /** Waits until no other process migrates, and keeps others from it to the end of the transaction. */
  readonly excludeOthers: (db: QueryExecutorProvider) => Promise<void>;
}

/** Migrations know tables as they were, not as `Tables` has them now. */
type Schema = Kysely<Record<string, never>>;

interface Migration {
  readonly name: string;
  readonly up: (db: Schema, dialect: SchemaDialect) => Promise<void>;
}

/** In order; one that has been released is never changed. */
const migrations: readonly Migration[] = [
  { name: "0001 the first schema", up: firstSchema },
  { name: "0002 proposals, healings and ranges of answers", up: addProposals },
  { name: "0003 Instances a series no longer has", up: addStrays },
  { name: "0004 what an answer says beside PARTSTAT", up: addAnswerDetails },
  { name: "0005 Instances that came by an ADD or from a delegator", up: addProvisional },
  { name: "0006 app passwords and settings", up: addOperation },
  { name: "0007 groups, rooms and resources", up: addKinds },
  { name: "0008 who may act for whom", up: addDelegations },
  { name: "0009 deliveries held back", up: addHolds },
  { name: "0010 busy time and jobs", up: addBusyTimeAndJobs },
  { name: "0011 fan-out", up: addFanOut },
  { name: "0012 who is acted for", up: addWhoIsActedFor },
  { name: "0013 sign-ins elsewhere", up: addSignInsElsewhere },
  { name: "0014 locales", up: addLocales },
  { name: "0015 signers", up: addSigners },
  { name: "0017 answer links", up: addAnswerLinks },
  { name: "0018 calendars", up: addCalendars },
  { name: "0019 busy time by mail", up: addBusyByMail },
  { name: "0020 sharing", up: addSharing },
  { name: "0021 ranges of answers", up: keepRangesApart },
  { name: "0022 when hidden", up: addWhenHidden },
  { name: "0023 headings", up: addHeadings },
];

/** The schema version this program brings a database to. */
export const newestSchema = migrations.length;

/**
 * Brings a database to the newest schema, each migration in a transaction of its own that must exclude all other writers:
 * of several processes that start at once one migrates and the others find it done. Throws where the database is newer
 * than this program.
 */
export async function migrate<Db>(db: Kysely<Db>, dialect: SchemaDialect): Promise<void> {
  for (let step = 0; step <= migrations.length; step++) {
    const done = await db.transaction().execute((transaction) => migrateOnce(transaction, dialect));
    if (done) return;
  }
}

/** Runs the next migration; true where there was none left. */
async function migrateOnce<Db>(db: Kysely<Db>, dialect: SchemaDialect): Promise<boolean> {
  await dialect.excludeOthers(db);
  await db.schema
    .createTable("migrations")
    .ifNotExists()
    .addColumn("version", "integer", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .execute();
  const newest = await sql<{ version: number | null }>`select max(version) as version from migrations`.execute(db);
  const version = Number(newest.rows[0]?.version ?? 0);
  if (version > migrations.length) {
    throw new Error(
      `the store has schema version ${version} and this program knows none after ${migrations.length}: start a newer program`,
    );
  }
  const next = migrations[version];
  if (!next) return true;
  await next.up(db as unknown as Schema, dialect);
  await sql`insert into migrations (version, name) values (${version + 1}, ${next.name})`.execute(db);
  return false;
}

async function firstSchema(db: Schema, dialect: SchemaDialect): Promise<void> {
  await createPrincipalTables(db, dialect);
  await createObjectTables(db, dialect);
  await createRegisterTables(db);
  await createMessageTables(db, dialect);
}

async function addProposals(db: Schema): Promise<void> {
  await db.schema.alterTable("participations").addColumn("range", "text").execute();
  await db.schema
    .createTable("proposals")
    .addColumn("object_id", "bigint", (column) => column.notNull().references("objects.id").onDelete("cascade"))
    .addColumn("instance", "text", (column) => column.notNull())
    .addColumn("attendee", "text", (column) => column.notNull())
    .addColumn("counter_sequence", "bigint", (column) => column.notNull())
    .addColumn("counter_dtstamp", "bigint", (column) => column.notNull())
    .addColumn("countered_sequence", "bigint", (column) => column.notNull())
    .addColumn("text", "text", (column) => column.notNull())
    .addColumn("comment", "text")
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("proposals_key", ["object_id", "instance", "attendee"])
    .execute();
  await db.schema
    .createTable("healings")
    .addColumn("object_id", "bigint", (column) => column.notNull().references("objects.id").onDelete("cascade"))
    .addColumn("attendee", "text", (column) => column.notNull())
    .addColumn("since", "bigint", (column) => column.notNull())
    .addColumn("count", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("healings_key", ["object_id", "attendee"])
    .execute();
}

async function addStrays(db: Schema): Promise<void> {
  await db.schema.alterTable("component_revisions").addColumn("stray", "integer").execute();
}

async function addProvisional(db: Schema): Promise<void> {
  await db.schema.alterTable("component_revisions").addColumn("provisional", "integer").execute();
}

async function addAnswerDetails(db: Schema): Promise<void> {
  await db.schema.alterTable("participations").addColumn("completed", "bigint").execute();
  await db.schema.alterTable("participations").addColumn("request_status", "text").execute();
  await db.schema.alterTable("participations").addColumn("informed", "integer").execute();
}

async function addOperation(db: Schema): Promise<void> {
  await db.schema
    .createTable("app_passwords")
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("selector", "text", (column) => column.notNull())
    .addColumn("password_hash", "text", (column) => column.notNull())
    .addColumn("created", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("app_passwords_key", ["principal_id", "name"])
    .addUniqueConstraint("app_passwords_selector", ["principal_id", "selector"])
    .execute();
  await db.schema
    .createTable("settings")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
}

async function addKinds(db: Schema): Promise<void> {
  await db.schema
    .alterTable("principals")
    .addColumn("kind", "text", (column) => column.notNull().defaultTo("person"))
    .execute();
  await db.schema.alterTable("principals").addColumn("booking", "text").execute();
  await db.schema.alterTable("principals").addColumn("capacity", "integer").execute();
  await db.schema
    .createTable("members")
    .addColumn("group_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("member_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addPrimaryKeyConstraint("members_key", ["group_id", "member_id"])
    .execute();
  await index(db, "members", ["member_id"]);
}

async function addDelegations(db: Schema): Promise<void> {
  await db.schema
    .createTable("delegations")
    .addColumn("owner_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("delegate_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("scope", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("delegations_key", ["owner_id", "delegate_id"])
    .execute();
}

async function addHolds(db: Schema): Promise<void> {
  await db.schema.alterTable("deliveries").addColumn("queued_at", "bigint").execute();
  await db.schema.alterTable("deliveries").addColumn("held", "text").execute();
  await index(db, "deliveries", ["principal_id", "queued_at"]);
}

async function createPrincipalTables(db: Schema, { withId }: SchemaDialect): Promise<void> {
  await withId(db.schema.createTable("principals"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("timezone", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("addresses")
    .addColumn("address", "text", (column) => column.primaryKey())
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("position", "integer", (column) => column.notNull())
    .execute();
  await index(db, "addresses", ["principal_id", "position"]);
  await db.schema
    .createTable("credentials")
    .addColumn("principal_id", "bigint", (column) =>
      column.primaryKey().references("principals.id").onDelete("cascade"),
    )
    .addColumn("password_hash", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("correspondents")
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("since", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("correspondents_key", ["principal_id", "address"])
    .execute();
  await db.schema
    .createTable("sessions")
    .addColumn("token_hash", "text", (column) => column.primaryKey())
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("expires", "bigint", (column) => column.notNull())
    .execute();
  await index(db, "sessions", ["principal_id"]);
}

async function createObjectTables(db: Schema, { withId }: SchemaDialect): Promise<void> {
  await withId(db.schema.createTable("calendars"))
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("name", "text", (column) => column.notNull())
    .execute();
  await index(db, "calendars", ["principal_id"]);
  await db.schema
    .createTable("documents")
    .addColumn("hash", "text", (column) => column.primaryKey())
    .addColumn("text", "text", (column) => column.notNull())
    .execute();
  await withId(db.schema.createTable("objects"))
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("calendar_id", "bigint", (column) => column.notNull().references("calendars.id").onDelete("cascade"))
    .addColumn("uid", "text", (column) => column.notNull())
    .addColumn("uid_key", "text", (column) => column.notNull())
    .addColumn("document", "text", (column) => column.references("documents.hash"))
    .addColumn("speakers", "text", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("starts", "bigint", (column) => column.notNull())
    .addColumn("ends", "bigint")
    .addUniqueConstraint("objects_uid", ["principal_id", "uid_key"])
    .execute();
  await index(db, "objects", ["principal_id", "starts"]);
  await index(db, "objects", ["calendar_id"]);
  await index(db, "objects", ["document"]);
}

async function createRegisterTables(db: Schema): Promise<void> {
  await db.schema
    .createTable("component_revisions")
    .addColumn("object_id", "bigint", (column) => column.notNull().references("objects.id").onDelete("cascade"))
    .addColumn("instance", "text", (column) => column.notNull())
    .addColumn("latest_sequence", "bigint", (column) => column.notNull())
    .addColumn("latest_dtstamp", "bigint", (column) => column.notNull())
    .addColumn("major_sequence", "bigint", (column) => column.notNull())
    .addColumn("major_dtstamp", "bigint", (column) => column.notNull())
    .addColumn("cancelled_sequence", "bigint")
    .addColumn("cancelled_dtstamp", "bigint")
    .addPrimaryKeyConstraint("component_revisions_key", ["object_id", "instance"])
    .execute();
  await db.schema
    .createTable("participations")
    .addColumn("object_id", "bigint", (column) => column.notNull().references("objects.id").onDelete("cascade"))
    .addColumn("instance", "text", (column) => column.notNull())
    .addColumn("attendee", "text", (column) => column.notNull())
    .addColumn("partstat", "text", (column) => column.notNull())
    .addColumn("reply_sequence", "bigint", (column) => column.notNull())
    .addColumn("reply_dtstamp", "bigint", (column) => column.notNull())
    .addColumn("answered_sequence", "bigint", (column) => column.notNull())
    .addColumn("comment", "text")
    .addColumn("percent_complete", "integer")
    .addColumn("sent_by", "text")
    .addColumn("delegated_to", "text")
    .addColumn("delegated_from", "text")
    .addPrimaryKeyConstraint("participations_key", ["object_id", "instance", "attendee"])
    .execute();
  await db.schema
    .createTable("sent")
    .addColumn("object_id", "bigint", (column) => column.notNull().references("objects.id").onDelete("cascade"))
    .addColumn("attendee", "text", (column) => column.notNull())
    .addColumn("sequence", "bigint", (column) => column.notNull())
    .addColumn("dtstamp", "bigint", (column) => column.notNull())
    .addColumn("instances", "text", (column) => column.notNull())
    .addColumn("cancelled", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("sent_key", ["object_id", "attendee"])
    .execute();
  await db.schema
    .createTable("own_parts")
    .addColumn("object_id", "bigint", (column) => column.notNull().references("objects.id").onDelete("cascade"))
    .addColumn("instance", "text", (column) => column.notNull())
    .addColumn("text", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("own_parts_key", ["object_id", "instance"])
    .execute();
}

async function createMessageTables(db: Schema, { withId }: SchemaDialect): Promise<void> {
  await db.schema
    .createTable("sources")
    .addColumn("hash", "text", (column) => column.primaryKey())
    .addColumn("bytes", "bytea", (column) => column.notNull())
    .execute();
  await withId(db.schema.createTable("messages"))
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("direction", "text", (column) => column.notNull())
    .addColumn("method", "text")
    .addColumn("uid", "text")
    .addColumn("uid_key", "text")
    .addColumn("sequence", "bigint")
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("sender", "text", (column) => column.notNull())
    .addColumn("recipients", "text", (column) => column.notNull())
    .addColumn("message_id", "text")
    .addColumn("message_key", "text")
    .addColumn("verdict", "text", (column) => column.notNull())
    .addColumn("waiting", "integer", (column) => column.notNull())
    .addColumn("rule", "text", (column) => column.notNull())
    .addColumn("reason", "text", (column) => column.notNull())
    .addColumn("evidence", "text")
    .addColumn("changes", "text", (column) => column.notNull())
    .addColumn("violations", "text", (column) => column.notNull())
    .addColumn("source", "text", (column) => column.references("sources.hash"))
    .addColumn("position", "integer")
    .addColumn("question", "text")
    .addColumn("decided_at", "bigint")
    .addColumn("decision", "text")
    .execute();
  await index(db, "messages", ["principal_id", "id"]);
  await index(db, "messages", ["principal_id", "uid_key", "id"]);
  await index(db, "messages", ["principal_id", "uid_key", "waiting", "id"]);
  await index(db, "messages", ["principal_id", "verdict", "id"]);
  await index(db, "messages", ["principal_id", "message_key"]);
  await withId(db.schema.createTable("deliveries"))
    .addColumn("message", "bigint", (column) => column.notNull().references("messages.id").onDelete("cascade"))
    .addColumn("principal_id", "bigint", (column) => column.notNull().references("principals.id").onDelete("cascade"))
    .addColumn("uid", "text", (column) => column.notNull())
    .addColumn("uid_key", "text", (column) => column.notNull())
    .addColumn("recipient", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("finished", "integer", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("due", "bigint", (column) => column.notNull())
    .addColumn("leased_until", "bigint", (column) => column.notNull())
    .addColumn("detail", "text", (column) => column.notNull())
    .addColumn("payload", "text", (column) => column.notNull().references("sources.hash"))
    .addColumn("message_id", "text", (column) => column.notNull().unique())
    .execute();
  await index(db, "deliveries", ["message"]);
  await index(db, "deliveries", ["finished", "due", "id"]);
  await index(db, "deliveries", ["recipient", "uid_key", "finished", "id"]);
  await index(db, "deliveries", ["principal_id", "uid_key", "recipient", "id"]);
}

async function index(db: Schema, table: string, columns: readonly string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.join("_")}`)
    .on(table)
    .columns([...columns])
    .execute();
}
