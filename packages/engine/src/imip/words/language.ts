import type { Partstat } from "../../model/calendar-user.ts";
import type { ObjectType } from "../../model/method.ts";
import type { Direction } from "../../model/quote.ts";
import type { StatusCode } from "../../model/request-status.ts";
import type { Language as DateLanguage, RuleLanguage } from "../../recurrence/words/language.ts";

/** What a mail is for; an answer is named by its PARTSTAT. */
export type Purpose =
  | "publish"
  | "invite"
  /** A task. */
  | "assign"
  | "ask-busy-time"
  | "update"
  | "add"
  | "cancel"
  /** It goes on, but without the reader. */
  | "uninvite"
  | "refresh"
  | "counter"
  | "decline-counter"
  | "tell-busy-time"
  /** The calendar of the sender could not take what it was sent. */
  | "refuse"
  | Partstat;

/** What stands before something, or above it. */
export type Label =
  | "title"
  | "when"
  | "due"
  | "repeats"
  | "where"
  | "link"
  | "organizer"
  | "guests"
  | "description"
  | "changed"
  | "wouldChange";

/** What a reader can do by following a link of their own. */
export type LinkName = "accept" | "tentative" | "decline" | "propose";

/**
 * All that `composeMail` has to know of one language: data, so that nobody carries languages nobody reads. Names come marked by
 * `quote`; an opening is one sentence.
 */
export interface MailLanguage {
  /** Its ISO 639 code. */
  readonly code: RuleLanguage;
  readonly direction: Direction;
  readonly dates: DateLanguage;
  /** Between a label, or the beginning of a subject, and what follows. */
  readonly colon: string;
  /** How a subject begins, and who does what; `why` is a sentence, of a refusal alone. */
  readonly purposes: Readonly<
    Record<Purpose, readonly [subject: string, opening: (name: string, type: ObjectType, why: string) => string]>
  >;
  readonly labels: Readonly<Record<Label, string>>;
  readonly untitled: Readonly<Record<ObjectType, string>>;
  readonly somebody: string;
  moreGuests(count: number): string;
  moreDates(count: number): string;
  /** Why something could not be taken, in one sentence; the code is of class 3 or 5. */
  refusal(code: StatusCode): string;
  /** Of a rule that is not put into words. */
  readonly rules: { readonly tooLong: string; readonly unreadable: string };
  /** One sentence; the other follows links by which one can answer too. */
  readonly howToAnswer: { readonly alone: string; readonly afterLinks: string };
  readonly links: Readonly<Record<"title" | LinkName, string>>;
}
