import type { CalendarUserAddress, EpochSeconds, Evidence, Outcome, SchedulingState } from "@parley/engine";
import type { Busy, BusyIndexing, ReadBusy } from "./busy-time.ts";
import type { CalendarReading } from "./calendar-reading.ts";
import type { Calendars, Inbox, ObjectId, ObjectSpan, Placing } from "./calendars.ts";
import type { AppPasswords, ReadAppPasswords, ReadSessions, Sessions } from "./credentials.ts";
import type { SignIns } from "./elsewhere.ts";
import type { GuestReading, GuestWriting } from "./guests.ts";
import type { Jobs, ReadJobs, ReadRetention, ReadUpkeep, Retention, Upkeep } from "./housekeeping.ts";
import type { LatestDeliveries, LatestState } from "./latest-delivery.ts";
import type { Listener } from "./notice.ts";
import type {
  Domains,
  PrincipalId,
  Principals,
  ReadDomains,
  ReadPrincipals,
  ReadSecrets,
  ReadSigners,
  Secrets,
  Signers,
} from "./people.ts";
import type { ReadRefreshes, Refreshes } from "./refresh.ts";
import type { Sharing } from "./sharing.ts";

export type * from "./calendars.ts";
export type * from "./credentials.ts";
export type * from "./guests.ts";
export type { Fault, RawRow, ReadUpkeep, Upkeep } from "./housekeeping.ts";
export type * from "./latest-delivery.ts";
export type * from "./people.ts";
export type * from "./sharing.ts";

/**
 * Where Parley keeps everything. One interface, one contract suite, several databases. All writing happens inside
 * `write`: what it returns is on the disk when its promise resolves, and nothing of it where it rejects.
 */
export interface Store {
  /**
   * Runs `work` in one durable transaction; a throw rolls all of it back. Nobody else changes a person's things from the first time
   * `work` looks at them to the end. It may be run again from its beginning, so it must do nothing but through `transaction`.
   * Decision 0026.
   */
  write<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Gives the same store for what nobody waits for: where writers take turns, its writes come after those others have asked for. Decision 0043. */
  inBackground(): Store;
  /** Runs `work` over one consistent view; its writes are refused. */
  read<Result>(work: (transaction: ReadTransaction) => Promise<Result>): Promise<Result>;
  /** Tells of what is committed from now on, by this process and others, until what it returns is called. Decision 0031. */
  listen(listener: Listener): () => void;
  close(): Promise<void>;
}

/** Reads one consistent view. */
export interface ReadTransaction extends CalendarReading, GuestReading {
  readonly principals: ReadPrincipals;
  readonly objects: ReadObjects;
  readonly ledger: ReadLedger;
  readonly deliveries: ReadDeliveries;
  readonly sessions: ReadSessions;
  readonly appPasswords: ReadAppPasswords;
  readonly queue: ReadQueue;
  readonly upkeep: ReadUpkeep;
  readonly refreshes: ReadRefreshes;
  readonly busy: ReadBusy;
  readonly jobs: ReadJobs;
  readonly retention: ReadRetention;
  readonly signers: ReadSigners;
  readonly domains: ReadDomains;
  readonly secrets: ReadSecrets;
}

/** Reads and writes; all of it commits together. */
export interface Transaction extends ReadTransaction {
  readonly calendars: Calendars;
  readonly inbox: Inbox;
  readonly sharing: Sharing;
  readonly principals: Principals;
  readonly objects: Objects;
  readonly ledger: Ledger;
  readonly deliveries: Deliveries;
  readonly sessions: Sessions;
  readonly signIns: SignIns;
  readonly appPasswords: AppPasswords;
  readonly queue: Queue;
  readonly upkeep: Upkeep;
  readonly refreshes: Refreshes;
  readonly busy: Busy;
  readonly jobs: Jobs;
  readonly retention: Retention;
  readonly signers: Signers;
  readonly domains: Domains;
  readonly secrets: Secrets;
  readonly answerLinks: GuestWriting["answerLinks"];
  readonly knownBusy: GuestWriting["knownBusy"];
  readonly preferences: GuestWriting["preferences"];
}

/** Random or counted by the store; opaque to all others. */
export type MessageId = string;
export type DeliveryId = string;

/** One object of a principal's calendar as it is stored. */
export interface StoredObject {
  readonly id: ObjectId;
  readonly principal: PrincipalId;
  readonly uid: string;
  /** Changes with every change of what the owner would see. */
  readonly etag: string;
  readonly state: SchedulingState;
  /** The VCALENDAR without components that a program has written around it; absent for ours. */
  readonly heading?: string;
}

/** Finds objects of one principal; another's are never found. */
export interface ReadObjects {
  byUid(principal: PrincipalId, uid: string): Promise<StoredObject | undefined>;
  byId(principal: PrincipalId, id: ObjectId): Promise<StoredObject | undefined>;
  /**
   * Decides over an object of which only what concerns some Attendees is read, whatever the number of others. Where `decide` looks at
   * more, that is read too and it is asked again, so that it comes out as over the whole; it must do nothing else.
   */
  consult<Result>(
    principal: PrincipalId,
    uid: string,
    attendees: Iterable<CalendarUserAddress>,
    decide: (present: StoredObject | undefined) => Result,
  ): Promise<Result>;
  /** Those of the ids that are the principal's, by start. */
  byIds(principal: PrincipalId, ids: readonly ObjectId[]): Promise<readonly StoredObject[]>;
  /**
   * Finds the Organizers' objects of events, by "organizer UID", with their versions and answers alone; what else is known of them cannot
   * be looked at. One query for all.
   */
  answersOf(asked: readonly AskedAnswers[]): Promise<ReadonlyMap<string, SchedulingState>>;
  /** Objects whose span meets the range, by start; at most `limit`. */
  between(
    principal: PrincipalId,
    from: EpochSeconds,
    to: EpochSeconds,
    limit: number,
  ): Promise<readonly StoredObject[]>;
}

/** An Organizer's event, as a copy of it names them. */
export interface AskedAnswers {
  readonly organizer: CalendarUserAddress;
  readonly uid: string;
}

/** Keeps objects. */
export interface Objects extends ReadObjects {
  /**
   * Saves a state under (principal, UID), making the object where there is none. A state without object is one that was removed: its
   * registers stay, so that what comes late is known to be late. Writes the document only where its text is
   * new, and of the registers only what was `written`: a bounded number of rows whatever the number of Attendees. Brings the index of
   * busy time up to date; without `indexing` it no longer has the object where that has changed, and has to be made anew. What is new
   * goes to the default calendar, under a name made of its UID, where `placing` says nothing else.
   */
  save(
    principal: PrincipalId,
    uid: string,
    state: SchedulingState,
    span: ObjectSpan,
    indexing?: BusyIndexing,
    placing?: Placing,
  ): Promise<StoredObject>;
}

/**
 * What a message was and what became of it. `unreadable`: no message could be made of the mail. `sent`: ours. `undelivered`: ours, and
 * one recipient did not get it; that is a row of its own.
 */
export type Verdict = Outcome["kind"] | "unreadable" | "sent" | "undelivered";

/** Tells what is known of one message, in or out, for one principal. */
export interface LedgerRecord {
  readonly principal: PrincipalId;
  readonly at: EpochSeconds;
  readonly direction: "in" | "out";
  readonly method?: string;
  readonly uid?: string;
  readonly sequence?: number;
  readonly subject: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Message-ID header, with angle brackets. */
  readonly messageId?: string;
  readonly verdict: Verdict;
  readonly rule: string;
  readonly reason: string;
  /** Absent for what we sent. */
  readonly evidence?: Evidence;
  /** Sentences. */
  readonly changes: readonly string[];
  readonly violations: readonly { readonly rule: string; readonly detail: string }[];
  /** Content address of the mail (`putSource`); absent where a message never was one. */
  readonly source?: string;
  /** Which message of that mail, counted from 0. */
  readonly position?: number;
  /** For `undecided`: what is asked, as JSON of the engine's Question. */
  readonly question?: string;
}

/** Is a record as it was kept. */
export interface LedgerRow extends LedgerRecord {
  readonly id: MessageId;
  /** For `undecided`: when the owner decided, and what. */
  readonly decided?: { readonly at: EpochSeconds; readonly decision: "apply" | "dismiss" };
}

/** Finds messages of one principal, and sources of any. */
export interface ReadLedger {
  byId(principal: PrincipalId, id: MessageId): Promise<LedgerRow | undefined>;
  /** Newest first; `before` pages on from a row already seen. */
  list(
    principal: PrincipalId,
    filter: { readonly uid?: string; readonly before?: MessageId; readonly limit: number },
  ): Promise<readonly LedgerRow[]>;
  /** Undecided and not yet decided, oldest first. */
  openQuestions(principal: PrincipalId): Promise<readonly LedgerRow[]>;
  /** The row of the same mail: same Message-ID, or both without one, and same content for this principal. */
  duplicate(principal: PrincipalId, messageId: string | undefined, source: string): Promise<LedgerRow | undefined>;
  source(hash: string): Promise<Uint8Array | undefined>;
  /** Octets of a source; 0 where there is none. */
  sourceSize(hash: string): Promise<number>;
}

/** Keeps messages and what was decided about them. */
export interface Ledger extends ReadLedger {
  add(record: LedgerRecord): Promise<LedgerRow>;
  /** Keeps bytes under the hash of their content; keeping the same again costs no space. */
  putSource(bytes: Uint8Array): Promise<string>;
  /** Takes the rows of a UID that are held, oldest first: they are held no longer. */
  takeHeld(principal: PrincipalId, uid: string): Promise<readonly LedgerRow[]>;
  /** Records the owner's decision on an undecided row; false where it was decided before. */
  decide(principal: PrincipalId, id: MessageId, decision: "apply" | "dismiss", at: EpochSeconds): Promise<boolean>;
}

/**
 * Tells how far a delivery is. `queued` and `deferred` are unfinished, the others final:
 *
 * - `handed-over`: the next server has taken it, or it is on the disk.
 * - `refused`: it was not taken, and will not be tried again.
 * - `bounced`: it was taken, and came back.
 * - `answered`: its recipient has answered it, so it was read.
 * - `superseded`: it never left, as a newer one says all of it. Decision 0027.
 */
export type DeliveryState = LatestState | "superseded";

/** One outbound message on its way to one recipient. */
export interface Delivery {
  readonly id: DeliveryId;
  /** The ledger row of the sender. */
  readonly message: MessageId;
  readonly principal: PrincipalId;
  readonly uid: string;
  readonly recipient: CalendarUserAddress;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** How often it was claimed since an attempt last came to an end: more than once, and whoever had it has died. */
  readonly claims: number;
  readonly due: EpochSeconds;
  /** What the last attempt was answered, in words. */
  readonly detail: string;
  /** Content address (`putSource`) of what is to be carried: the iTIP message and its words, as JSON. */
  readonly payload: string;
  /** Derived from UID, revision, method and recipient: a retry is the same mail. With angle brackets. */
  readonly messageId: string;
  /** Why it stays where it is until the operator releases it. */
  readonly held?: string;
  /** No person had it sent; only ever true. */
  readonly isAutomatic?: boolean;
}

/** Looks after messages on their way. */
export interface ReadDeliveries {
  /** What nobody has claimed and nothing ended, of one UID: in their order. */
  unsent(principal: PrincipalId, uid: string, now: EpochSeconds): Promise<readonly Delivery[]>;
  /** How many a principal has queued since then, without those superseded; counts no further than `limit`. */
  countSince(principal: PrincipalId, since: EpochSeconds, limit: number): Promise<number>;
  /**
   * For whom a principal has queued at least so many about a UID since then, without those superseded; where it says so only of what
   * nobody had sent.
   */
  floodedSince(
    principal: PrincipalId,
    uid: string,
    since: EpochSeconds,
    least: number,
    isAutomatic?: boolean,
  ): Promise<readonly CalendarUserAddress[]>;
  /** To whom something about a UID was sent, or may have been: all but those for whom everything was queued, or superseded, untried. */
  reached(principal: PrincipalId, uid: string): Promise<readonly CalendarUserAddress[]>;
  ofMessage(message: MessageId): Promise<readonly Delivery[]>;
  /** The one of that principal that carries a mail of that Message-ID, with its angle brackets. */
  byMessageId(principal: PrincipalId, messageId: string): Promise<Delivery | undefined>;
  /** The state of the last message to each recipient of a UID that was not superseded. */
  latestStates(principal: PrincipalId, uid: string): Promise<ReadonlyMap<CalendarUserAddress, LatestState>>;
  /** The last message to each recipient of each of the UIDs that was not superseded. */
  latestOf(principal: PrincipalId, uids: readonly string[]): Promise<LatestDeliveries>;
  /** When the earliest unfinished delivery is due. */
  nextDue(): Promise<EpochSeconds | undefined>;
}

/** Whose the address of a recipient is. */
export type Recipients = "ours" | "others";

/** Queues messages, hands them to workers, and records how they fared. */
export interface Deliveries extends ReadDeliveries {
  /** Queues deliveries. One with a `messageId` that is known already is not queued again. */
  enqueue(
    deliveries: readonly Omit<Delivery, "id" | "state" | "attempts" | "claims" | "detail">[],
    now: EpochSeconds,
  ): Promise<void>;
  /**
   * Takes up to `limit` due deliveries, where `recipients` is given to those alone, and leases them until `leasedUntil`: nobody else is given them before, and after a crash
   * they come up again. Never two of one (recipient, UID) at once, in their order, none that is held. None while the queue is paused.
   * One that was claimed again and again without an end is given out alone: what ends the process with it takes no other along.
   */
  claim(
    now: EpochSeconds,
    leasedUntil: EpochSeconds,
    limit: number,
    recipients?: Recipients,
  ): Promise<readonly Delivery[]>;
  /** Records how an attempt ended; tells whose it was. `undefined` where it had ended before. */
  settle(
    id: DeliveryId,
    result: { readonly state: DeliveryState; readonly due: EpochSeconds; readonly detail: string },
  ): Promise<Pick<Delivery, "principal" | "uid"> | undefined>;
  /** Ends deliveries of one principal that `unsent` has given in this transaction. */
  supersede(ids: readonly DeliveryId[], at: EpochSeconds): Promise<void>;
  /** Records that a recipient has answered the REQUESTs of a UID, as far as they were handed over and not newer than what is answered. */
  answer(principal: PrincipalId, uid: string, recipient: CalendarUserAddress, sequence: number): Promise<void>;
}

/** Says since when nothing leaves the queue, and why. */
export interface Pause {
  readonly since: EpochSeconds;
  readonly reason: string;
}

/** Which deliveries of all people are meant. */
export interface QueueFilter {
  readonly states: readonly DeliveryState[];
  readonly principal?: PrincipalId;
  readonly uid?: string;
  readonly recipient?: CalendarUserAddress;
}

/** Looks at what is on its way to anybody. */
export interface ReadQueue {
  /** Present while nothing can be claimed. */
  paused(): Promise<Pause | undefined>;
  /** By recipient, then in their order. */
  list(filter: QueueFilter, limit: number): Promise<readonly Delivery[]>;
  count(filter: QueueFilter): Promise<number>;
  /** Whether a message before this one went to the recipient about the same UID. */
  hasEarlier(message: LedgerRow, recipient: string): Promise<boolean>;
}

/** Stops all deliveries and lets them go on. */
export interface Queue extends ReadQueue {
  pause(pause: Pause): Promise<void>;
  /** Ends the pause, and lets go what is held; returns how many that were. */
  release(): Promise<number>;
  /** Makes deliveries due now, those refused as if they had never been tried; returns how many. */
  retry(filter: QueueFilter, now: EpochSeconds): Promise<number>;
}
