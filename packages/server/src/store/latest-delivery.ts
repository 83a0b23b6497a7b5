import type { CalendarUserAddress } from "@parley/engine";

/** Is how the last message to somebody fares: one that was superseded is not the last. */
export type LatestState = "queued" | "deferred" | "handed-over" | "refused" | "bounced" | "answered";

/** The last message to somebody, as far as a client is told of it. */
export interface LatestDelivery {
  readonly state: LatestState;
  /** What the last attempt was answered, in words. */
  readonly detail: string;
}

/** By UID, then by recipient. */
export type LatestDeliveries = ReadonlyMap<string, ReadonlyMap<CalendarUserAddress, LatestDelivery>>;
