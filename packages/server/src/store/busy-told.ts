import type { CalendarUserAddress, EpochSeconds } from "@parley/engine";
import type { FreeBusyReport } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import type { PrincipalId } from "./people.ts";

/** What somebody elsewhere told of their time, and when it came. */
export interface ToldBusy extends FreeBusyReport {
  readonly toldAt: EpochSeconds;
}

/** Knows what people elsewhere told of their time; each principal what was told to them. Decision 0040. */
export interface ReadKnownBusy {
  /** What was told of a range and has not expired, by who told it. */
  told(
    principal: PrincipalId,
    addresses: readonly CalendarUserAddress[],
    range: InstantRange,
    now: EpochSeconds,
  ): Promise<ReadonlyMap<CalendarUserAddress, readonly ToldBusy[]>>;
}

/** Remembers who was asked, who asked, and what was told. */
export interface KnownBusy extends ReadKnownBusy {
  /** Remembers what was told until it expires; of one UID and start the newest. Of one person no more than 50. */
  remember(principal: PrincipalId, told: ToldBusy, expires: EpochSeconds): Promise<void>;
  /** Whether somebody was asked for all of a range since then. */
  wasAsked(
    principal: PrincipalId,
    address: CalendarUserAddress,
    range: InstantRange,
    since: EpochSeconds,
  ): Promise<boolean>;
  noteAsked(principal: PrincipalId, address: CalendarUserAddress, range: InstantRange, at: EpochSeconds): Promise<void>;
  /** How often a principal has asked since then. */
  countAsked(principal: PrincipalId, since: EpochSeconds): Promise<number>;
  /** Counts a question of somebody to a principal; gives how many there were in the window that goes on. */
  countQuestion(
    principal: PrincipalId,
    asker: CalendarUserAddress,
    now: EpochSeconds,
    windowSeconds: number,
  ): Promise<number>;
  /** Removes at most `limit` of each that have expired, and what was counted before `before`; returns how many. */
  removeExpired(now: EpochSeconds, before: EpochSeconds, limit: number): Promise<number>;
}
