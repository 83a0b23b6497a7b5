import type { Generated } from "kysely";
import type { PublishedForm } from "./sharing.ts";

/** The tables of what of calendars goes beyond their owners, and of what comes from elsewhere. */
export interface SharingTables {
  readonly subscriptions: SubscriptionRow;
  readonly published_links: PublishedLinkRow;
  readonly shared_views: SharedViewRow;
}

/** How reading a calendar from elsewhere goes; where it is read says the calendar. */
export interface SubscriptionRow {
  readonly calendar_id: number;
  readonly period_seconds: number;
  readonly due: number;
  readonly failures: number;
  readonly checked: number | null;
  readonly succeeded: number | null;
  readonly problem: string | null;
  readonly etag: string | null;
  readonly last_modified: string | null;
  /** Hash of the text that was read last. */
  readonly digest: string | null;
}

/** One public link to a calendar. */
export interface PublishedLinkRow {
  readonly id: Generated<number>;
  readonly token_hash: string;
  readonly calendar_id: number;
  readonly label: string;
  readonly form: PublishedForm;
  readonly created: number;
}

/** How somebody sees a calendar that is shared with them. */
export interface SharedViewRow {
  readonly principal_id: number;
  readonly calendar_id: number;
  readonly name: string | null;
  readonly color: string | null;
  readonly position: number | null;
  /** 1 where they do not want to see it. */
  readonly is_hidden: number;
}
