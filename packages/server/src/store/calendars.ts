import type { EpochSeconds, Method, ObjectType } from "@parley/engine";
import type { PrincipalId } from "./people.ts";

/** Counted by the store; opaque to all others. */
export type CalendarId = string;
export type ObjectId = string;

/** Times of an object as an index knows them. `ends` is null for what never ends or may recur beyond any index. */
export interface ObjectSpan {
  readonly starts: EpochSeconds;
  readonly ends: EpochSeconds | null;
}

/** Where an object is kept, and what is known of the change besides. */
export interface Placing {
  /** When it is changed; the time it last was where nobody says. */
  readonly at?: EpochSeconds;
  /** Of a new object: its calendar, and its name there. */
  readonly calendar?: CalendarId;
  readonly name?: string;
  /** Nothing changed but what others answered: the schedule tag stays, RFC 6638 §3.2.10. */
  readonly keepsTag?: boolean;
  /** The VCALENDAR without components that a program has written around it, which is shown with it until something else changes it. */
  readonly heading?: string;
}

/** What a calendar may hold. */
export type CalendarComponent = Exclude<ObjectType, "VFREEBUSY">;

/** Properties nobody here gives a meaning to: the XML of each (its whole element) by its name in Clark notation. */
export type DeadProperties = ReadonlyMap<string, string>;

/** One calendar of a principal, RFC 4791 §4.2. */
export interface Calendar {
  readonly id: CalendarId;
  readonly principal: PrincipalId;
  /** The last segment of its URL: the principal has no other of that. Not percent-encoded. */
  readonly slug: string;
  readonly name: string;
  readonly description?: string;
  /** As the client wrote it, such as `#ff2968ff`. */
  readonly color?: string;
  /** Where it stands among the others. */
  readonly order?: number;
  /** An iCalendar text with one VTIMEZONE: RFC 4791 §5.2.2. */
  readonly timezone?: string;
  /** A TZID: RFC 7809 §5.2. */
  readonly timezoneId?: string;
  readonly components: readonly CalendarComponent[];
  /** Its objects take no time in free-busy: RFC 6638 §9.1. */
  readonly isTransparent: boolean;
  /** What comes by mail, by the API or from inside goes here: RFC 6638 §9.2. Each principal has exactly one. */
  readonly isDefault: boolean;
  readonly properties: DeadProperties;
  /** Counts the changes of its members: the getctag, and what a sync-token says. */
  readonly revision: number;
  /** The URL it is read from: nobody writes in it. */
  readonly source?: string;
}

/** What can be said of a calendar. */
export interface CalendarFields {
  readonly slug: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly color: string | undefined;
  readonly order: number | undefined;
  readonly timezone: string | undefined;
  readonly timezoneId: string | undefined;
  readonly components: readonly CalendarComponent[];
  readonly isTransparent: boolean;
  readonly properties: DeadProperties;
}

/** A calendar as it is made: all three components where it names none. */
export type NewCalendar = Pick<CalendarFields, "slug" | "name"> & Partial<CalendarFields>;

/** What changes; `undefined` takes a value away, a field that is not there stays. The slug and the components stay for ever. */
export type CalendarChange = Partial<Omit<CalendarFields, "slug" | "components">>;

/** Why a calendar is not made: its slug is another's, or the principal has as many as they may; or its properties are too large. */
export type CalendarProblem = "taken" | "too-many" | "too-large";

/**
 * What an object says of itself, RFC 5545 §3.8.1.3: others see when a confidential one is, and do not see a private one where they are told
 * of the calendar alone. Decision 0041.
 */
export type Privacy = "private" | "confidential";

/** What is known of a member of a calendar without looking into it. */
export interface Member {
  readonly object: ObjectId;
  readonly calendar: CalendarId;
  /** The last segment of its URL. Not percent-encoded. */
  readonly name: string;
  readonly uid: string;
  /** Without quotes. */
  readonly etag: string;
  /** Without quotes; present for scheduling object resources alone, RFC 6638 §3.1. */
  readonly scheduleTag?: string;
  readonly component: ObjectType;
  readonly span: ObjectSpan;
  /** Absent for what is public. */
  readonly privacy?: Privacy;
  /** When it last changed. */
  readonly modified: EpochSeconds;
}

/** What changed in a collection since a revision. */
export interface Changes<Item> {
  readonly changed: readonly Item[];
  /** Names that are there no more. */
  readonly removed: readonly string[];
  /** What to ask from next. */
  readonly revision: number;
  /** There is more: ask again from `revision`. */
  readonly isTruncated: boolean;
}

/** Where a principal keeps properties beside calendars: their own resource, their home set, their inbox and their outbox. */
export type Place = "principal" | "home" | "inbox" | "outbox";

/** How far a calendar is shared with somebody. */
export type ShareAccess = "read" | "write";

/** With whom a calendar is shared: a person, or a group, which is all its people. */
export interface Share {
  readonly calendar: CalendarId;
  readonly sharee: PrincipalId;
  readonly access: ShareAccess;
}

/** A calendar of another's that is shared with somebody, or with a group of theirs. */
export interface SharedWith extends Omit<Share, "calendar"> {
  readonly calendar: Calendar;
}

/** Which members a query may want. `to` is exclusive; a bound that is not there is open. */
export interface MemberFilter {
  readonly component?: ObjectType;
  readonly from?: EpochSeconds;
  readonly to?: EpochSeconds;
}

/** Finds calendars and what is in them. */
export interface ReadCalendars {
  /** In their order, then by name; at most `maxCalendars`. */
  list(principal: PrincipalId): Promise<readonly Calendar[]>;
  bySlug(principal: PrincipalId, slug: string): Promise<Calendar | undefined>;
  /** The principal's; another's is never found. */
  byId(principal: PrincipalId, id: CalendarId): Promise<Calendar | undefined>;
  /** All members, by name; at most `limit`. */
  members(calendar: CalendarId, limit: number): Promise<readonly Member[]>;
  /** Those of the names that are there. */
  byNames(calendar: CalendarId, names: readonly string[]): Promise<readonly Member[]>;
  /** Where an object of the principal is, removed ones aside. */
  ofUid(principal: PrincipalId, uid: string): Promise<Member | undefined>;
  /** Members whose span, as the index knows it, meets the range: all that a query over it can find, and more. */
  candidates(calendar: CalendarId, filter: MemberFilter, limit: number): Promise<readonly Member[]>;
  /**
   * What changed after a revision; from 0 it is all that is there. `undefined` where what was removed since is no longer known, or the revision
   * has not come yet: the client begins anew (valid-sync-token). To whom private objects are not shown (`hidesPrivate`) one is gone when it
   * becomes private, and else nothing is told of it.
   */
  changesSince(
    calendar: CalendarId,
    revision: number,
    limit: number,
    options?: { readonly hidesPrivate?: boolean },
  ): Promise<Changes<Member> | undefined>;
  /** What clients keep beside calendars. */
  properties(principal: PrincipalId, place: Place): Promise<DeadProperties>;
  /** The same of the inboxes of several principals, as far as there are any. */
  inboxProperties(principals: readonly PrincipalId[]): Promise<ReadonlyMap<PrincipalId, DeadProperties>>;
  /** With whom a calendar is shared. */
  shares(calendar: CalendarId): Promise<readonly Share[]>;
  /** With whom calendars of a principal's are shared: all of them. */
  sharedBy(principal: PrincipalId): Promise<readonly Share[]>;
  /** What is shared with somebody, by name or by a group of theirs; at most 1,000. */
  sharedWith(principal: PrincipalId): Promise<readonly SharedWith[]>;
  /** How far a calendar is shared with somebody, the most of all ways. */
  shareOf(calendar: CalendarId, principal: PrincipalId): Promise<ShareAccess | undefined>;
}

/** Makes calendars and changes them; what is in them is changed by `Objects`. */
export interface Calendars extends ReadCalendars {
  add(principal: PrincipalId, calendar: NewCalendar): Promise<Calendar | CalendarProblem>;
  /** `undefined` where the principal has no such calendar. */
  change(
    principal: PrincipalId,
    id: CalendarId,
    change: CalendarChange,
  ): Promise<Calendar | CalendarProblem | undefined>;
  /** Makes it the one that new things go to; false where there is no such calendar, or nobody writes in it. */
  makeDefault(principal: PrincipalId, id: CalendarId): Promise<boolean>;
  /** Removes a calendar that has no members; false where it has some, is the default one, or is none of the principal's. */
  remove(principal: PrincipalId, id: CalendarId): Promise<boolean>;
  /** Puts an object elsewhere, in the same calendar or another of its owner's; `undefined` where the name is taken there, or it is gone. */
  move(
    principal: PrincipalId,
    object: ObjectId,
    to: { readonly calendar: CalendarId; readonly name: string },
    now: EpochSeconds,
  ): Promise<Member | undefined>;
  /** Gives a member another etag: it is shown otherwise than before, as after a delivery. Nothing where it is gone. */
  touch(principal: PrincipalId, uid: string): Promise<void>;
  /** `too-large` where they are more than is kept of one place. */
  setProperties(principal: PrincipalId, place: Place, properties: DeadProperties): Promise<"too-large" | undefined>;
  /** Shares a calendar of the principal's, or ends that. */
  share(principal: PrincipalId, id: CalendarId, sharee: PrincipalId, access: ShareAccess | undefined): Promise<boolean>;
}

/** One scheduling message in somebody's inbox, RFC 6638 §2.2. */
export interface InboxItem {
  readonly name: string;
  /** Without quotes; it never changes. */
  readonly etag: string;
  readonly at: EpochSeconds;
  readonly uid: string;
  readonly method: Method;
  readonly component: ObjectType;
}

/** Finds what has come to somebody's inbox. */
export interface ReadInbox {
  /** Newest first. */
  list(principal: PrincipalId): Promise<readonly InboxItem[]>;
  /** Those of the names that are there, with their iCalendar texts. */
  byNames(
    principal: PrincipalId,
    names: readonly string[],
  ): Promise<readonly (InboxItem & { readonly text: string })[]>;
  /** As of calendars. */
  changesSince(principal: PrincipalId, revision: number, limit: number): Promise<Changes<InboxItem> | undefined>;
  /** Counts the changes: getctag. */
  revision(principal: PrincipalId): Promise<number>;
}

/** Keeps inboxes. */
export interface Inbox extends ReadInbox {
  /** Adds a message; the oldest go where there are more than is kept. */
  add(
    principal: PrincipalId,
    item: Pick<InboxItem, "at" | "uid" | "method" | "component"> & { readonly text: string },
  ): Promise<void>;
  /** False where there is none of that name. */
  remove(principal: PrincipalId, name: string): Promise<boolean>;
}

/** Calendars of one principal. */
export const maxCalendars = 250;
