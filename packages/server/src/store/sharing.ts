import type { EpochSeconds } from "@parley/engine";
import type { CalendarId, ObjectId } from "./calendars.ts";
import type { PrincipalId } from "./people.ts";

/** A calendar that is read from elsewhere, again and again. Decision 0041. */
export interface Subscription {
  readonly calendar: CalendarId;
  readonly principal: PrincipalId;
  /** Where it is read. */
  readonly url: string;
  readonly periodSeconds: number;
  /** When it is to be read next. */
  readonly due: EpochSeconds;
  /** How often reading it has failed since it last did not. */
  readonly failures: number;
  /** When it was last tried, and when that last went well. */
  readonly checked?: EpochSeconds;
  readonly succeeded?: EpochSeconds;
  /** Why it last failed, in one sentence for its owner. */
  readonly problem?: string;
  /** The validators it was last sent with, for HTTP's conditions, and the hash of its text. */
  readonly etag?: string;
  readonly lastModified?: string;
  readonly digest?: string;
}

/** What is known of a subscription after it was looked at. */
export type SubscriptionState = Pick<
  Subscription,
  "due" | "failures" | "checked" | "succeeded" | "problem" | "etag" | "lastModified" | "digest"
>;

/** How much of a calendar a public link shows. */
export type PublishedForm = "full" | "busy";

/** A public link to a calendar: whoever has it reads that calendar. */
export interface PublishedLink {
  readonly id: string;
  readonly calendar: CalendarId;
  readonly principal: PrincipalId;
  /** What its maker calls it. */
  readonly label: string;
  readonly form: PublishedForm;
  readonly created: EpochSeconds;
}

/** How somebody sees a calendar that is shared with them; what is not there is as its owner has it. */
export interface SharedView {
  readonly calendar: CalendarId;
  readonly name?: string;
  readonly color?: string;
  readonly order?: number;
  /** They do not want to see it, although a group of theirs has it. */
  readonly isHidden: boolean;
}

/** What somebody changes of their view; `undefined` takes a value away, a field that is not there stays. */
export interface SharedViewChange {
  readonly name?: string | undefined;
  readonly color?: string | undefined;
  readonly order?: number | undefined;
  readonly isHidden?: boolean;
}

/** Finds what of calendars goes beyond their owners, and what comes from elsewhere. */
export interface ReadSharing {
  subscription(calendar: CalendarId): Promise<Subscription | undefined>;
  /** By what they are called; at most as many as there are calendars. */
  subscriptions(principal: PrincipalId): Promise<readonly Subscription[]>;
  /** Those to be read by now, the longest due first. */
  dueSubscriptions(now: EpochSeconds, limit: number): Promise<readonly Subscription[]>;
  /** By the SHA-256 of its token. */
  publishedLink(tokenHash: string): Promise<PublishedLink | undefined>;
  /** Of one calendar of the principal's, oldest first. */
  publishedLinks(principal: PrincipalId, calendar: CalendarId): Promise<readonly PublishedLink[]>;
  /** How the principal sees what is shared with them. */
  views(principal: PrincipalId): Promise<ReadonlyMap<CalendarId, SharedView>>;
}

/** Keeps the same. */
export interface Sharing extends ReadSharing {
  /** Makes an empty calendar of the principal's one that is read from elsewhere; false where it is not empty, or not theirs. */
  subscribe(
    principal: PrincipalId,
    calendar: CalendarId,
    source: Pick<Subscription, "url" | "periodSeconds" | "due">,
  ): Promise<boolean>;
  /** Records how reading it went; nothing where it is gone. */
  noteSubscription(principal: PrincipalId, calendar: CalendarId, state: SubscriptionState): Promise<void>;
  /** Removes objects of a subscription, of which nothing is left then but that their names are gone. */
  removeCopies(principal: PrincipalId, calendar: CalendarId, objects: readonly ObjectId[]): Promise<void>;
  /** `too-many` where the calendar has as many as it may. */
  publish(
    principal: PrincipalId,
    link: Pick<PublishedLink, "calendar" | "label" | "form" | "created"> & { readonly tokenHash: string },
  ): Promise<PublishedLink | "too-many">;
  /** False where the principal has none of that id. */
  unpublish(principal: PrincipalId, id: string): Promise<boolean>;
  changeView(principal: PrincipalId, calendar: CalendarId, change: SharedViewChange): Promise<void>;
}

/** Public links of one calendar. */
export const maxPublishedLinks = 20;
