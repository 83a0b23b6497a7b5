/** A meeting one of our people has made through the API, as it was last acknowledged. */
export interface Meeting {
  readonly token: string;
  /** Address of its Organizer. */
  readonly organizer: string;
  readonly id: string;
  readonly uid: string;
  readonly etag: string;
  readonly summary: string;
  readonly sequence: number;
  readonly start: string;
  readonly guests: readonly string[];
  readonly cancelled: boolean;
}

/** An invitation from elsewhere, as its mails were last acknowledged. */
export interface Invitation {
  readonly uid: string;
  /** Address of who is invited. */
  readonly guest: string;
  readonly sequence: number;
  readonly summary: string;
  readonly start: string;
  readonly cancelled: boolean;
  /** What they have answered last, by its comment, and to which version. */
  readonly answer?: { readonly comment: string; readonly sequence: number };
}

/** A mail that was answered with 250. */
export interface TakenMail {
  /** In whose ledger it is. */
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly uid: string;
}

/** What somebody wants and does not know yet to be done: it may be there or not. */
export type Wish =
  | { readonly kind: "create" | "edit"; readonly token: string; readonly summary: string }
  | { readonly kind: "cancel"; readonly token: string }
  | { readonly kind: "mail"; readonly mail: TakenMail; readonly cancels: boolean }
  | { readonly kind: "answer"; readonly uid: string; readonly comment: string };

/** All that was acknowledged, and what everybody wants at this moment. */
export interface Memory {
  readonly meetings: Map<string, Meeting>;
  readonly invitations: Map<string, Invitation>;
  readonly mails: Map<string, TakenMail>;
  /** The last answer of a guest elsewhere to a meeting of ours, by `uid guest`: its subject. */
  readonly replies: Map<string, string>;
  /** By who wants it. */
  readonly wishes: Map<string, Wish>;
  readonly counts: Counts;
}

/** What was counted. */
export interface Counts {
  /** Changes acknowledged, by kind. */
  readonly acknowledged: Record<string, number>;
  /** Attempts without an answer, or with "not now", by status; 0 where nothing came. */
  readonly unknown: Record<string, number>;
  /** Refused for good, by status. */
  readonly refused: Record<string, number>;
  /** Attempts under way at this moment. */
  underWay: number;
  /** While nothing can be kept: what was begun and acknowledged all the same. */
  dark: { acknowledged: number } | undefined;
}

/** Remembers nothing yet. */
export function makeMemory(): Memory {
  return {
    meetings: new Map(),
    invitations: new Map(),
    mails: new Map(),
    replies: new Map(),
    wishes: new Map(),
    counts: { acknowledged: {}, unknown: {}, refused: {}, underWay: 0, dark: undefined },
  };
}

/** Counts one more. */
export function count(counts: Record<string, number>, name: string | number): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
