import type { ExpressionBuilder } from "kysely";
import type { AttendeeTable, Part } from "./partial-registers.ts";
import { preparedForMany } from "./prepared.ts";
import type { Database, HealingRow, ParticipationRow, ProposalRow, SentRow, Tables } from "./tables.ts";

/** Finds the rows of registers that are about Attendees: of some objects, all or those of a part. */
export interface AttendeeRows {
  participations(): Promise<readonly ParticipationRow[]>;
  sent(): Promise<readonly SentRow[]>;
  proposals(): Promise<readonly ProposalRow[]>;
  healings(): Promise<readonly HealingRow[]>;
}

/** Reads the rows of some objects that are about Attendees. */
export function attendeeRows(db: Database, ids: readonly number[], part: Part | undefined): AttendeeRows {
  const named = [...(part?.attendees ?? [])];
  const isNamed = (eb: ExpressionBuilder<Pick<Tables, AttendeeTable>, AttendeeTable>) =>
    named.length === 0 ? eb.lit(false) : eb("attendee", "in", named);
  const isPart = (table: AttendeeTable): boolean => part !== undefined && !part.whole.has(table);
  return {
    participations: () =>
      isPart("participations") ? participationsOf(db, ids).where(isNamed).execute() : allParticipations(db, ids),
    sent: () => (isPart("sent") ? sentOf(db, ids).where(isNamed).execute() : allSent(db, ids)),
    proposals: () => (isPart("proposals") ? proposalsOf(db, ids).where(isNamed).execute() : allProposals(db, ids)),
    healings: () => (isPart("healings") ? healingsOf(db, ids).where(isNamed).execute() : allHealings(db, ids)),
  };
}

/** Reads what is known of the revisions of the components of some objects. */
export const revisionRows = preparedForMany((db, ids: readonly number[]) =>
  db.selectFrom("component_revisions").selectAll().where("object_id", "in", ids),
);

/** Reads what the owners of some objects keep for themselves in them. */
export const ownRows = preparedForMany((db, ids: readonly number[]) =>
  db.selectFrom("own_parts").selectAll().where("object_id", "in", ids),
);

const participationsOf = (db: Database, ids: readonly number[]) =>
  db.selectFrom("participations").selectAll().where("object_id", "in", ids);
const sentOf = (db: Database, ids: readonly number[]) =>
  db.selectFrom("sent").selectAll().where("object_id", "in", ids);
const proposalsOf = (db: Database, ids: readonly number[]) =>
  db.selectFrom("proposals").selectAll().where("object_id", "in", ids);
const healingsOf = (db: Database, ids: readonly number[]) =>
  db.selectFrom("healings").selectAll().where("object_id", "in", ids);

const allParticipations = preparedForMany(participationsOf);
const allSent = preparedForMany(sentOf);
const allProposals = preparedForMany(proposalsOf);
const allHealings = preparedForMany(healingsOf);
