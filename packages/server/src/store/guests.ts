import type { AnswerLinks, ReadAnswerLinks } from "./answer-link.ts";
import type { KnownBusy, ReadKnownBusy } from "./busy-told.ts";
import type { Preferences, ReadPreferences } from "./preference.ts";

export type * from "./answer-link.ts";
export type * from "./busy-told.ts";
export type * from "./preference.ts";

/** What is known of people elsewhere, and what is wanted of them. */
export interface GuestReading {
  readonly answerLinks: ReadAnswerLinks;
  readonly knownBusy: ReadKnownBusy;
  readonly preferences: ReadPreferences;
}

/** The same, to be written. */
export interface GuestWriting {
  readonly answerLinks: AnswerLinks;
  readonly knownBusy: KnownBusy;
  readonly preferences: Preferences;
}
