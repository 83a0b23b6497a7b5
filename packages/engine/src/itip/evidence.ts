import type { CalendarUserAddress } from "../model/address.ts";

/**
 * How sure are we who sent a message. Made by whoever carried it in, before the engine is called; nothing inside the message
 * can raise it. Reply-To, Sender and the envelope give no authority and do not appear here.
 */
export interface Evidence {
  readonly strength: EvidenceStrength;
  /** The one From address that `strength` speaks of; absent where there was none, or several. */
  readonly from?: CalendarUserAddress;
  /** What the sender is to the owner of the copy. */
  readonly relation: Relation;
  /** The owner has looked at the message and said yes: lifts what is asked, never what is refused. */
  readonly confirmedByOwner: boolean;
  /** In words, for the ledger: what was checked and what it said. */
  readonly detail: string;
  /** What a person should see before they believe the sender, each one sentence: shown, and judged by nobody else. */
  readonly warnings?: readonly string[];
}

/**
 * - `local`: an authenticated person of this system.
 * - `domain`: DMARC pass aligned with From, or an S/MIME signature of it.
 * - `relayed`: an Authentication-Results line of our own relay, or a trusted ARC chain, says so.
 * - `weak`: nothing speaks against it, nothing proves it.
 * - `none`: a check failed, or From is missing or several.
 * - `link`: a personal answer link: it answers for the one Attendee it was made for, and does nothing else.
 */
export type EvidenceStrength = "local" | "domain" | "relayed" | "weak" | "none" | "link";

/** Names what a sender is to the owner of a copy: `correspondent` is somebody the owner has written to or said yes to. */
export type Relation = "self" | "local" | "contact" | "correspondent" | "stranger";

/** Tells whether the sender is who they say, as far as a message may be sent to them without a person's word. */
export function isProven({ strength }: Evidence): boolean {
  return strength === "local" || strength === "domain" || strength === "relayed";
}
