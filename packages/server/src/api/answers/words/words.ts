/** All that the page of an answer link says, in one language, beside what its mail says. Each is one sentence or a few words. */
export interface AnswerWords {
  /** Above the form. */
  readonly answer: string;
  /** `address` comes isolated. */
  readonly answersAs: (address: string) => string;
  readonly passedOn: string;
  readonly soFar: string;
  /** Above the dates of a series. */
  readonly which: string;
  readonly whole: string;
  readonly otherTime: string;
  readonly otherTimeHint: string;
  readonly day: string;
  readonly from: string;
  readonly to: string;
  readonly zone: (name: string) => string;
  readonly comment: string;
  readonly send: string;
  readonly notices: Readonly<Record<NoticeName, string>>;
  readonly gone: { readonly title: string; readonly text: string };
}

/** What a page can tell first of all. */
export type NoticeName =
  /** It changed since the mail was sent. */
  | "newer"
  /** It changed while somebody looked at the page. */
  | "changed"
  | "done"
  | "proposed"
  | "superseded"
  | "tooOften"
  | "refused"
  | "noProposals"
  | "nothingNew"
  | "chooseAnswer"
  | "chooseDate"
  | "badTime";
