import type { Partstat } from "../../model/calendar-user.ts";
import type { KnownStatusCode } from "../../model/request-status.ts";
import type { ProposalStatus } from "../../model/scheduling-state.ts";
import type { Language as DateLanguage, RuleLanguage } from "../../recurrence/words/language.ts";
import type { toldProperties } from "../changes.ts";
import type { Outcome, Question, Violation } from "../outcome.ts";

/** A property whose change a person is told. */
export type ToldProperty = (typeof toldProperties)[number] | "ORGANIZER";

/** A value of STATUS, RFC 5545 §3.8.1.11. */
export type ObjectStatus =
  | "TENTATIVE"
  | "CONFIRMED"
  | "CANCELLED"
  | "NEEDS-ACTION"
  | "COMPLETED"
  | "IN-PROCESS"
  | "DRAFT"
  | "FINAL";

/** Makes a phrase about something: a name, a value, a time. */
type Phrase = (what: string) => string;
type Reason<K extends Outcome["kind"], P extends string> = Extract<Extract<Outcome, { kind: K }>, Record<P, string>>[P];

/**
 * All that `describeChanges` and its like have to know of one language: data, so that nobody carries languages nobody reads.
 * Phrases of a change begin with a small letter where the language lets them and have no full stop; answers to "why" and
 * questions are whole sentences.
 */
export interface Language {
  /** Its ISO 639 code. */
  readonly code: RuleLanguage;
  readonly direction: "left-to-right" | "right-to-left";
  /** Days, times and recurrence rules: for `spanInWords` and its like. */
  readonly dates: DateLanguage;
  readonly marks: {
    readonly stop: string;
    /** Between what a change is of, and what it is. */
    readonly colon: string;
    /** Between the changes of one sentence. */
    readonly joint: string;
    /** Around notes, and between them. */
    readonly notes: readonly [before: string, between: string, after: string];
    /** Around what somebody wrote, after what they did. */
    readonly quotes: readonly [before: string, after: string];
    /** Between names, and before the last of them. */
    readonly names: readonly [comma: string, and: string];
  };
  readonly changes: {
    readonly created: string;
    readonly cancelled: string;
    /** An Instance and all after. */
    readonly cancelledFromThenOn: string;
    moved(from: string, to: string): string;
    set(property: string, value: string): string;
    changed(property: string, value: string, old: string): string;
    removed(property: string, old: string): string;
    readonly attendeeAdded: Phrase;
    readonly attendeeRemoved: Phrase;
    readonly sentAgain: Phrase;
    readonly refused: Phrase;
    readonly busyTold: Phrase;
    busyUntold(name: string, why: string): string;
  };
  /** What somebody answers; `delegates` are named in a delegation alone. */
  readonly answers: Readonly<Record<Partstat, (name: string, delegates: string | undefined) => string>>;
  /** What is said beside an answer. */
  readonly notes: {
    percent(percent: number): string;
    readonly thisAndFuture: string;
    readonly outdated: string;
    readonly calendarSays: Phrase;
  };
  readonly proposals: Readonly<Record<ProposalStatus, (name: string, wishes: string) => string>>;
  readonly wishes: {
    instead(value: string, old: string): string;
    of(property: string, value: string): string;
    readonly noValue: string;
    readonly nothing: string;
  };
  readonly properties: Readonly<Record<ToldProperty, string>>;
  readonly statuses: Readonly<Record<ObjectStatus, string>>;
  /** A length in hours and minutes: `1:30`. */
  readonly hours: Phrase;
  readonly applied: Readonly<Record<"changed" | "unchanged", string>>;
  readonly ignored: Readonly<Record<Reason<"ignored", "reason">, string>>;
  readonly held: Readonly<Record<Reason<"held", "awaiting">, string>>;
  /** `why` has no full stop in languages other than English. */
  rejected(status: string, why: string | undefined): string;
  readonly questions: QuestionWords;
  /** What the standards say in English; absent there. */
  readonly standard?: {
    readonly statusCodes: Readonly<Record<KnownStatusCode, string>>;
    /** Of a property or component. */
    readonly problems: Readonly<Record<Violation["problem"], Phrase>>;
  };
}

/** What the owner of a copy is asked, by kind of Question; `from` is absent where nobody is named. */
interface QuestionWords extends Readonly<Record<Question["kind"], (...what: never[]) => string>> {
  stranger(from: string | undefined): string;
  "unverified-sender"(from: string | undefined, suspicious: boolean): string;
  published(from: string): string;
  forwarded(from: string, organizer: string): string;
  /** `answer` is one of `answers`; `group` is what they say to be a member of. */
  "uninvited-reply"(answer: string, isForOneTime: boolean, group: string | undefined): string;
  "free-busy-request"(organizer: string, isProven: boolean): string;
  "uninvited-counter"(from: string): string;
  "new-organizer"(organizer: string): string;
}
