import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { Limits } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import type { Method, ObjectType } from "../model/method.ts";
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
  /** Addresses of groups the owner is a member of, such as mailing lists: RFC 5546 §3.7.2. */
  readonly groups?: ReadonlySet<CalendarUserAddress>;
  /** Who acts, where that is not the owner: a member of a group, a secretary. Becomes SENT-BY, RFC 5546 §2.1.3. */
  readonly actor?: CalendarUserAddress;
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
  /** What is done with an answer of somebody who was not invited: a Question, or at once. */
  readonly uninvited: "ask" | "admit-own-domain" | "refuse";
  /** Domains whose people count as our own. */
  readonly ownDomains: ReadonlySet<string>;
  /** How a change of this and all later Instances leaves: as two objects, or as RANGE=THISANDFUTURE. */
  readonly thisAndFuture: "split" | "range";
  /** How often a day one calendar user is sent a version again, or asked for one. */
  readonly maxHealingsPerDay: number;
  /** METHODs and components the house does not serve, as far as RFC 5546 §5.1 leaves that open (see `fallbacks`). */
  readonly unserved: ReadonlySet<Method | ObjectType>;
  /** Seconds after which an open counter-proposal is of no interest any more. */
  readonly proposalLifetimeSeconds: number;
}

/** Leaves everything to the letter of RFC 5546. */
export const defaultPolicy: Policy = {
  productId: "-//Parley//Parley 0.1//EN",
  majorProperties: new Set(),
  uninvited: "ask",
  ownDomains: new Set(),
  thisAndFuture: "split",
  maxHealingsPerDay: 4,
  unserved: new Set(),
  proposalLifetimeSeconds: 30 * 86_400,
};
