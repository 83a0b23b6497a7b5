import type { CalendarUserAddress, EpochSeconds, InstanceKey } from "@parley/engine";
import type { PrincipalId } from "./people.ts";

/** A component of a mail, and the SEQUENCE it had there. */
export type ToldComponent = readonly [key: InstanceKey, sequence: number];

/** Lets one Attendee answer one object of its Organizer's without a calendar. Decision 0037. */
export interface AnswerLink {
  /** SHA-256 of the token, hexadecimal; the token itself is kept nowhere. */
  readonly tokenHash: string;
  /** The Organizer. */
  readonly principal: PrincipalId;
  readonly uid: string;
  readonly attendee: CalendarUserAddress;
  /** What the mail was about: what can be answered, and the version its reader knows. */
  readonly told: readonly ToldComponent[];
  /** It counts for nothing from then on. */
  readonly expires: EpochSeconds;
  /** Answers it has given within the day that began then. */
  readonly answered: { readonly since: EpochSeconds; readonly count: number };
}

/** Finds links. */
export interface ReadAnswerLinks {
  /** Whether it has expired or not. */
  find(tokenHash: string): Promise<AnswerLink | undefined>;
}

/** Keeps links and takes them back. */
export interface AnswerLinks extends ReadAnswerLinks {
  /** Keeps links to objects that are kept already; what is there stays as it is. */
  add(links: readonly Omit<AnswerLink, "answered">[]): Promise<void>;
  /** Notes an answer, and how long it is good now. */
  note(tokenHash: string, noted: Pick<AnswerLink, "expires" | "answered">): Promise<void>;
  /** Takes back all links to an object, or those of some Attendees; returns how many. */
  revoke(principal: PrincipalId, uid: string, attendees?: readonly CalendarUserAddress[]): Promise<number>;
  /** Removes at most `limit` of those that have expired; returns how many. */
  removeExpired(now: EpochSeconds, limit: number): Promise<number>;
}
