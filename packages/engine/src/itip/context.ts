import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { Limits } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import type { ZoneProvider } from "../recurrence/zone.ts";
import type { QuirkName } from "./quirks/index.ts";

/** What the engine may know beside state and message: whose copy this is, the time, the rules of the house. */
export interface Context {
  /** The address the owner writes from. */
  readonly owner: CalendarUserAddress;
  /** The owner's name, for CN. */
  readonly ownerName?: string;
  /** All addresses of the owner, `owner` among them. */
  readonly addresses: ReadonlySet<CalendarUserAddress>;
  readonly now: EpochSeconds;
  readonly zones: ZoneProvider;
  readonly limits: Limits;
  readonly policy: Policy;
  /** Deviations of other products that are tolerated. */
  readonly quirks: ReadonlySet<QuirkName>;
}

/** What RFC 5546 leaves to the house. */
export interface Policy {
  /** PRODID of what we send. */
  readonly productId: string;
  /** Properties whose change counts as major beside those of RFC 5546 §2.1.4. */
  readonly majorProperties: ReadonlySet<string>;
}

/** Leaves everything to the letter of RFC 5546. */
export const defaultPolicy: Policy = {
  productId: "-//Parley//Parley 0.1//EN",
  majorProperties: new Set(),
};
