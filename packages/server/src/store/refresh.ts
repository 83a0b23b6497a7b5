import type { EpochSeconds } from "@parley/engine";
import type { PrincipalId } from "./people.ts";

/** An Organizer's object with answers that the copies of its guests are to show. */
export interface Refresh {
  readonly object: string;
  readonly uid: string;
  /** How many there were when it was taken. */
  readonly answers: number;
}

/** Finds copies that are to be looked at anew by their owners. */
export interface ReadRefreshes {
  /** When the first is due. */
  nextDue(): Promise<EpochSeconds | undefined>;
  /** The owners of other copies of the same UID, in the order their locks are taken in, after one of them. */
  copies(refresh: Refresh, after: PrincipalId | undefined, limit: number): Promise<readonly PrincipalId[]>;
}

/** Lets the owners of copies know that others have answered: many answers at once. */
export interface Refreshes extends ReadRefreshes {
  /** Notes an answer to an object that others have copies of: they are due then, or when those are that were noted before. */
  note(object: string, due: EpochSeconds): Promise<void>;
  /** Takes what is due; it is due again then, unless it is ended. */
  take(now: EpochSeconds, again: EpochSeconds): Promise<readonly Refresh[]>;
  /** Gives the copies of these principals another etag. */
  touch(uid: string, principals: readonly PrincipalId[]): Promise<void>;
  /** Ends it, unless there were answers since it was taken. */
  end(refresh: Refresh): Promise<void>;
}
