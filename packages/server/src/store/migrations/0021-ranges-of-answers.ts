import { type Kysely, sql } from "kysely";

/** Keeps apart what somebody answered to one Instance, and what to that and all after. Decision 0042. */
export async function keepRangesApart(db: Kysely<Record<string, never>>): Promise<void> {
  for (const statement of rangesApart) await sql.raw(statement).execute(db);
}

/**
 * Puts the range of an answer into the key of its row; an answer to all after an Instance stays one to that Instance too, as it was while
 * there was one row for both. A table is made for it, for SQLite gives none another key.
 */
export const rangesApart: readonly string[] = [
  `create table ranged_participations (
    object_id bigint not null references objects (id) on delete cascade,
    instance text not null,
    attendee text not null,
    "range" text not null,
    partstat text not null,
    reply_sequence bigint not null,
    reply_dtstamp bigint not null,
    answered_sequence bigint not null,
    comment text,
    percent_complete integer,
    sent_by text,
    delegated_to text,
    delegated_from text,
    completed bigint,
    request_status text,
    informed integer,
    constraint participations_key_with_range primary key (object_id, instance, attendee, "range")
  )`,
  `insert into ranged_participations (object_id, instance, attendee, "range", partstat, reply_sequence, reply_dtstamp,
    answered_sequence, comment, percent_complete, sent_by, delegated_to, delegated_from, completed, request_status, informed)
  select object_id, instance, attendee, coalesce("range", ''), partstat, reply_sequence, reply_dtstamp,
    answered_sequence, comment, percent_complete, sent_by, delegated_to, delegated_from, completed, request_status, informed
  from participations`,
  "drop table participations",
  "alter table ranged_participations rename to participations",
  "create index participations_by_object_id_attendee on participations (object_id, attendee)",
];
