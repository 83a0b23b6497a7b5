import {
  type CalendarUserAddress,
  type Context,
  defaultQuirks,
  domainOf,
  type EpochSeconds,
  type Limits,
  type Policy,
} from "@parley/engine";
import type { ZoneProvider } from "@parley/engine/recurrence";
import type { Principal, Store } from "../store/store.ts";
import type { SenderCheck } from "./sender-proof.ts";

/** What every part of scheduling is given: the store, the clock, and the rules of this house. Made by `main` alone. */
export interface House {
  readonly store: Store;
  readonly clock: () => EpochSeconds;
  readonly zones: ZoneProvider;
  /** Version of the data `zones` reads: what was placed by another is placed anew. */
  readonly zoneData?: string;
  readonly limits: Limits;
  readonly policy: Policy;
  /** Domains whose people are ours, in lower case. */
  readonly domains: ReadonlySet<string>;
  readonly trust: Trust;
  readonly delivery: DeliveryRules;
  /** Where guests without a calendar here answer by links in their mails; absent where they cannot. Decision 0037. */
  readonly answerLinks?: { readonly url: string };
  /** Who is told by mail when people here are busy, where these say nothing else; nobody where it is absent. Decision 0040. */
  readonly busyByMail?: "nobody" | "contacts" | "everybody";
  /** The language of mails where nobody says another; English where it is absent. */
  readonly locale?: string;
  /** Makes a UID that nobody else has. */
  readonly makeUid: () => string;
  /** Told of what is held back, for the log; also where its transaction is run again. */
  readonly onHeld?: (principal: Principal, uid: string, reason: string) => void;
}

/** How messages leave. */
export interface DeliveryRules {
  /** What an Organizer sends by writing waits so long for what is written next; at 0 each leaves by itself, at once. Decision 0027. */
  readonly pauseSeconds: number;
  /** Answers are gathered so long before the other guests' copies are given another etag; 60 where absent. Decision 0030. */
  readonly refreshSeconds?: number;
  /** What is more is held back until the operator releases it; no bound where absent. */
  readonly maxPerPersonDay?: number;
  /** The same of messages to one address about one UID. */
  readonly maxPerGuestHour?: number;
  /** Of what no person had sent, to one address about one UID; 50 where absent. */
  readonly maxAutomaticPerGuestDay?: number;
}

/** Whose word about a sender we take. */
export interface Trust {
  /** Ids under which our own relay writes Authentication-Results (RFC 8601 §2.5), in lower case. */
  readonly authservIds: readonly string[];
  /** The relay hands over only mail whose sender it has proven. */
  readonly relay: boolean;
  /** Checks a mail ourselves; absent where nobody has asked for it. Decision 0033. */
  readonly check?: SenderCheck;
  /** Opens a mail that is encrypted for the one it was brought to; `undefined` for any other. */
  readonly decrypt?: (bytes: Uint8Array, recipient: string) => Promise<Uint8Array | undefined>;
}

/** Makes the engine's Context for the owner of a copy. */
export function contextFor(house: House, principal: Principal): Context {
  return {
    owner: principal.address,
    ownerName: principal.name,
    addresses: new Set(principal.addresses),
    groups: new Set(principal.groups),
    ...(principal.actor && { actor: principal.actor }),
    now: house.clock(),
    zones: house.zones,
    limits: house.limits,
    policy: house.policy,
    quirks: defaultQuirks,
  };
}

/** Tells whether an address is of one of our domains. */
export function isLocal(house: House, address: CalendarUserAddress): boolean {
  return house.domains.has(domainOf(address));
}
