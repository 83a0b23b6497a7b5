import type { ObjectType, Partstat, ProposalStatus } from "@parley/engine";
import type { BusyType } from "@parley/engine/freebusy";
import type { Generated, Kysely } from "kysely";
import type { Privacy } from "./calendars.ts";
import type { Booking, DelegationScope, DeliveryState, PrincipalKind, Verdict } from "./store.ts";
import type { CalendarTables } from "./tables-calendars.ts";
import type { LinkTables } from "./tables-links.ts";
import type { SharingTables } from "./tables-sharing.ts";

/**
 * The rows of every table, as every database gives them back. Ids are counted and never used again; times are epoch seconds;
 * a column named `..._key` is `indexKey` of the text beside it; JSON is kept as text; truth is 0 or 1.
 */
export interface Tables extends CalendarTables, LinkTables, SharingTables {
  readonly principals: PrincipalRow;
  readonly addresses: AddressRow;
  readonly members: MemberRow;
  readonly delegations: DelegationRow;
  readonly credentials: CredentialRow;
  readonly app_passwords: AppPasswordRow;
  readonly correspondents: CorrespondentRow;
  readonly signers: SignerRow;
  readonly sessions: SessionRow;
  readonly sign_ins: SignInRow;
  readonly objects: ObjectRow;
  readonly documents: DocumentRow;
  readonly component_revisions: ComponentRevisionsRow;
  readonly participations: ParticipationRow;
  readonly proposals: ProposalRow;
  readonly healings: HealingRow;
  readonly sent: SentRow;
  readonly refreshes: RefreshRow;
  readonly own_parts: OwnPartRow;
  readonly sources: SourceRow;
  readonly messages: MessageRow;
  readonly deliveries: DeliveryRow;
  readonly settings: SettingRow;
  readonly busy: BusyTimeRow;
  readonly jobs: JobRow;
}

/** A connection, or a transaction on one. */
export type Database = Kysely<Tables>;

/** One person, group, room or resource. */
export interface PrincipalRow {
  readonly id: Generated<number>;
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly address: string;
  readonly timezone: string;
  /** Of rooms and resources; null for all others. */
  readonly booking: Booking["policy"] | null;
  readonly capacity: number | null;
  readonly locale: string | null;
}

/** One member of a group. */
export interface MemberRow {
  readonly group_id: number;
  readonly member_id: number;
}

/** One address of a person. */
export interface AddressRow {
  readonly address: string;
  readonly principal_id: number;
  /** 0 for the address the principal writes from. */
  readonly position: number;
}

/** What one principal lets another do for them. */
export interface DelegationRow {
  readonly owner_id: number;
  readonly delegate_id: number;
  readonly scope: DelegationScope;
}

/** How a person proves who they are. */
export interface CredentialRow {
  readonly principal_id: number;
  readonly password_hash: string;
}

/** Somebody who is signing in at an OpenID provider. */
export interface SignInRow {
  readonly state_hash: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly expires: number;
}

/** What one device or program of a person signs in with. */
export interface AppPasswordRow {
  readonly principal_id: number;
  readonly name: string;
  /** Its first characters: they tell which one it is, and are no secret. */
  readonly selector: string;
  readonly password_hash: string;
  readonly created: number;
}

/** Somebody a person has dealings with. */
export interface CorrespondentRow {
  readonly principal_id: number;
  readonly address: string;
  readonly since: number;
}

/** Somebody whose mail to a person has been signed. */
export interface SignerRow {
  readonly principal_id: number;
  readonly address: string;
  readonly since: number;
}

/** Somebody who is signed in. */
export interface SessionRow {
  readonly token_hash: string;
  readonly principal_id: number;
  readonly expires: number;
}

/** One object of a person's calendar. */
export interface ObjectRow {
  readonly id: Generated<number>;
  readonly principal_id: number;
  readonly calendar_id: number;
  /** What it is called there; null for what was removed. */
  readonly name: string | null;
  /** Null for what was never there. */
  readonly component: ObjectType | null;
  readonly uid: string;
  readonly uid_key: string;
  /** Hash of the document; null where only registers are known. */
  readonly document: string | null;
  /** JSON list of addresses. */
  readonly speakers: string;
  /** Counts the changes the owner would see. */
  readonly version: number;
  /** The version that last changed more than answers of others; null for what is not scheduled. */
  readonly tag: number | null;
  /** Counts what became of messages about it: programs are shown that, and pages beside the object. */
  readonly sendings: Generated<number>;
  /** The one its calendar had when it last changed. */
  readonly revision: number;
  readonly modified: number;
  /** The VCALENDAR without components that a program has written around it; null for ours. */
  readonly heading: string | null;
  /** What it says to be: others do not look into it. Null for what is public. */
  readonly privacy: Privacy | null;
  /** Of what is private: the number of the change that hid it from whom the calendar is shared with, 0 where none of them ever saw it. */
  readonly hidden_at: number | null;
  readonly starts: number;
  readonly ends: number | null;
  /** The version whose busy time `busy` has; null where it has none. The others of these four then say nothing. */
  readonly busy_version: number | null;
  /** Between these `busy` has all of it; null for all that is before, or after. */
  readonly busy_from: number | null;
  readonly busy_until: number | null;
  /** The zone data it was placed by, and the owner's zone. */
  readonly busy_basis: string | null;
}

/** A stretch of time an object takes of its owner's; none is longer than `longestBusyRow`. */
export interface BusyTimeRow {
  readonly object_id: number;
  readonly starts: number;
  readonly ends: number;
  readonly type: BusyType;
  readonly principal_id: number;
}

/** When a job last ran, and is to run again. */
export interface JobRow {
  readonly name: string;
  readonly due: number;
  /** No other node runs it before; 0 where nobody does. */
  readonly leased_until: number;
  /** Counts the times it was begun: whose lease ran out is not mistaken for who has it now. */
  readonly runs: number;
  readonly started: number | null;
  readonly ended: number | null;
  /** 1 where it last ended with an error. */
  readonly failed: number;
  /** What it last did, or the error. */
  readonly result: string;
}

/** The Organizer's text, shared by all copies that have the same. */
export interface DocumentRow {
  /** SHA-256 of the text, hexadecimal. */
  readonly hash: string;
  /** The Organizer's iCalendar text, without METHOD and without participation. */
  readonly text: string;
}

/** The versions of one component. */
export interface ComponentRevisionsRow {
  readonly object_id: number;
  readonly instance: string;
  readonly latest_sequence: number;
  readonly latest_dtstamp: number;
  readonly major_sequence: number;
  readonly major_dtstamp: number;
  readonly cancelled_sequence: number | null;
  readonly cancelled_dtstamp: number | null;
  /** 1 where the series has no such Instance any more; null for all others. */
  readonly stray: number | null;
  /** 1 where it came by an ADD or from a delegator; null for all others. */
  readonly provisional: number | null;
}

/** One Attendee's answer. */
export interface ParticipationRow {
  readonly object_id: number;
  readonly instance: string;
  readonly attendee: string;
  /** Empty for an answer to that Instance alone, or to the whole. */
  readonly range: "this-and-future" | "";
  readonly partstat: Partstat;
  readonly reply_sequence: number;
  readonly reply_dtstamp: number;
  readonly answered_sequence: number;
  readonly comment: string | null;
  readonly percent_complete: number | null;
  readonly sent_by: string | null;
  /** JSON lists of addresses. */
  readonly delegated_to: string | null;
  readonly delegated_from: string | null;
  readonly completed: number | null;
  /** The value of a REQUEST-STATUS. */
  readonly request_status: string | null;
  /** 1 where who delegated wants to hear of changes; null for all others. */
  readonly informed: number | null;
}

/** One Attendee's counter-proposal. */
export interface ProposalRow {
  readonly object_id: number;
  readonly instance: string;
  readonly attendee: string;
  readonly counter_sequence: number;
  readonly counter_dtstamp: number;
  readonly countered_sequence: number;
  /** The proposed component, alone in a VCALENDAR. */
  readonly text: string;
  readonly comment: string | null;
  readonly at: number;
  readonly status: ProposalStatus;
}

/** How often one calendar user was sent a version again, or asked for one. */
export interface HealingRow {
  readonly object_id: number;
  readonly attendee: string;
  readonly since: number;
  readonly count: number;
}

/** What one Attendee was last sent. */
export interface SentRow {
  readonly object_id: number;
  readonly attendee: string;
  readonly sequence: number;
  readonly dtstamp: number;
  /** JSON list of instance keys. */
  readonly instances: string;
  readonly cancelled: number;
}

/** An Organizer's object with answers that the copies of its guests are not known to show yet. */
export interface RefreshRow {
  readonly object_id: number;
  readonly due: number;
  /** Counts them, so that one that comes while the copies are touched is not forgotten. */
  readonly answers: number;
}

/** What is the owner's alone. */
export interface OwnPartRow {
  readonly object_id: number;
  readonly instance: string;
  /** iCalendar text. */
  readonly text: string;
}

/** Bytes under the hash of their content. */
export interface SourceRow {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** One message of the ledger. */
export interface MessageRow {
  readonly id: Generated<number>;
  readonly principal_id: number;
  readonly at: number;
  readonly direction: "in" | "out";
  readonly method: string | null;
  readonly uid: string | null;
  readonly uid_key: string | null;
  readonly sequence: number | null;
  readonly subject: string;
  readonly sender: string;
  /** JSON list. */
  readonly recipients: string;
  readonly message_id: string | null;
  readonly message_key: string | null;
  readonly verdict: Verdict;
  /** 1 while a held message waits for what it lacks. */
  readonly waiting: number;
  readonly rule: string;
  readonly reason: string;
  /** JSON of Evidence. */
  readonly evidence: string | null;
  /** JSON lists. */
  readonly changes: string;
  readonly violations: string;
  readonly source: string | null;
  readonly position: number | null;
  readonly question: string | null;
  readonly decided_at: number | null;
  readonly decision: "apply" | "dismiss" | null;
}

/** One message on its way to one recipient. */
export interface DeliveryRow {
  readonly id: Generated<number>;
  readonly message: number;
  readonly principal_id: number;
  readonly uid: string;
  readonly uid_key: string;
  readonly recipient: string;
  readonly state: DeliveryState;
  /** 1 once no attempt will follow. */
  readonly finished: number;
  readonly attempts: number;
  /** How often it was claimed since an attempt last came to an end. */
  readonly claims: number;
  readonly due: number;
  /** Nobody else may claim it before; 0 where nobody has. */
  readonly leased_until: number;
  readonly detail: string;
  readonly payload: string;
  readonly message_id: string;
  /** Null in rows of before there were budgets. */
  readonly queued_at: number | null;
  /** Why nobody may claim it until it is released; null for all others. */
  readonly held: string | null;
  /** 1 where no person had it sent; null for all others. */
  readonly automatic: number | null;
}

/** One thing the operator has switched. */
export interface SettingRow {
  readonly name: string;
  readonly value: string;
}
