import type { CalendarUserAddress, EpochSeconds, SchedulingState } from "@parley/engine";
import type { BusyPeriod } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import type { CalendarId } from "./calendars.ts";
import type { PrincipalId } from "./people.ts";

/** Seconds of the longest row of the index: what is longer is kept in pieces, so that few rows begin before a range they reach into. */
export const longestBusyRow = 31 * 86_400;

/** All that an object takes of its owner's time within some bounds. Decision 0029. */
export interface IndexedTime {
  /** Where it begins; null where it has all that ever was. */
  readonly from: EpochSeconds | null;
  /** Where it ends; null where it has all that will ever be. */
  readonly until: EpochSeconds | null;
  /** The zone data it was placed by and the owner's zone: with others it would be another. */
  readonly basis: string;
  /** In order, as `mergeBusyPeriods` gives them. */
  readonly periods: readonly BusyPeriod[];
}

/** How an object that is saved comes into the index. */
export interface BusyIndexing {
  /** The owner's: of all answers only theirs change their time. */
  readonly addresses: ReadonlySet<CalendarUserAddress>;
  /** Finds the time a state takes; called only where it may be another than before. */
  readonly expand: (state: SchedulingState) => IndexedTime;
}

/** Names an object and whose it is. */
export interface ObjectOfPrincipal {
  readonly principal: PrincipalId;
  readonly object: string;
}

/** A stretch of busy time, and of what. */
export interface BusyRow extends BusyPeriod, ObjectOfPrincipal {}

/** What the index knows of a range. */
export interface IndexedRange {
  /** They may reach beyond the range. In no order; those of one object do not overlap. */
  readonly rows: readonly BusyRow[];
  /** Objects of which it does not know all there is in the range: they have to be expanded. Their rows are left out. */
  readonly uncovered: readonly ObjectOfPrincipal[];
  /** There are more rows or objects than were asked for. */
  readonly isCut: boolean;
}

/** What one look for objects that are not in the index as they should be has found. */
export interface OutdatedObjects {
  readonly objects: readonly ObjectOfPrincipal[];
  /** After which the next look begins; absent where all were looked through. */
  readonly last?: string;
}

/** Looks into the index of busy time. It says nothing of the types of unanswered invitations but BUSY-TENTATIVE. */
export interface ReadBusy {
  /**
   * What is known of the time of some principals, but for what is in calendars that take none (RFC 6638 §9.1); where one of their calendars is
   * named, of what is in that, which may be such a one. No more than `limit` rows and as many objects.
   */
  inRange(
    principals: readonly PrincipalId[],
    range: InstantRange,
    limit: number,
    calendar?: CalendarId,
  ): Promise<IndexedRange>;
  /** What it has of an object; `undefined` where that is of an older version, or nothing. */
  ofObject(object: string): Promise<IndexedTime | undefined>;
  /**
   * Looks through some objects after the one given, by id, for those it does not have, or not as far as `until`, or on another basis than
   * this zone data and the owner's zone.
   */
  outdated(
    wanted: { readonly zoneData: string; readonly until: EpochSeconds },
    after: string | undefined,
  ): Promise<OutdatedObjects>;
}

/** Keeps the index. `Objects.save` does so too. */
export interface Busy extends ReadBusy {
  /** Writes what an object takes, in place of what was there; only rows that are others. */
  index(principal: PrincipalId, object: string, indexed: IndexedTime): Promise<void>;
}
