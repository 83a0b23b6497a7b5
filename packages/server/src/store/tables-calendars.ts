import type { Method, ObjectType } from "@parley/engine";
import type { Generated } from "kysely";
import type { Place, ShareAccess } from "./calendars.ts";

/** The tables of calendars, and of what a CalDAV client keeps beside them. */
export interface CalendarTables {
  readonly calendars: CalendarRow;
  readonly removals: RemovalRow;
  readonly places: PlaceRow;
  readonly inbox_items: InboxItemRow;
  readonly shares: ShareRow;
}

/** One calendar of a principal. */
export interface CalendarRow {
  readonly id: Generated<number>;
  readonly principal_id: number;
  readonly name: string;
  readonly slug: string;
  readonly description: string | null;
  readonly color: string | null;
  readonly position: number | null;
  readonly timezone: string | null;
  readonly timezone_id: string | null;
  /** JSON list; null for all. */
  readonly components: string | null;
  /** 1 where its objects take no time. */
  readonly is_transparent: Generated<number>;
  /** 1 for one calendar of each principal. */
  readonly is_default: Generated<number>;
  /** JSON list of name and XML; null for none. */
  readonly properties: string | null;
  /** Counts the changes of what is in it. */
  readonly revision: Generated<number>;
  /** URL it is read from; null for what is written here. */
  readonly source: string | null;
}

/** A name that is no longer in a calendar. */
export interface RemovalRow {
  readonly calendar_id: number;
  readonly name: string;
  readonly revision: number;
  /** As of objects, for what was private. */
  readonly hidden_at: number | null;
}

/** What a principal keeps in a place that is no calendar. */
export interface PlaceRow {
  readonly principal_id: number;
  readonly place: Place;
  /** JSON list of name and XML; null for none. */
  readonly properties: string | null;
  /** Counts the changes of what is in it. */
  readonly revision: number;
}

/** One message in an inbox. */
export interface InboxItemRow {
  readonly id: Generated<number>;
  readonly principal_id: number;
  readonly at: number;
  readonly uid: string;
  readonly method: Method;
  readonly component: ObjectType;
  /** Hash of its iCalendar text; null for one that was removed. */
  readonly source: string | null;
  readonly revision: number;
}

/** With whom a calendar is shared. */
export interface ShareRow {
  readonly calendar_id: number;
  readonly sharee_id: number;
  readonly access: ShareAccess;
}
