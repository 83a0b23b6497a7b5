/** What was wrong with a text. Every kind says in its detail how the text was read all the same. */
export type CalendarProblemKind =
  | "too-long"
  | "no-calendar"
  | "not-utf-8"
  | "control-character"
  | "text-outside"
  | "further-calendar"
  | "line-too-long"
  | "broken-line"
  | "bad-name"
  | "missing-colon"
  | "unterminated-quote"
  | "unquoted-colon"
  | "empty-parameter"
  | "parameter-without-value"
  | "too-many-parameters"
  | "too-many-properties"
  | "too-many-components"
  | "too-deep"
  | "missing-end"
  | "wrong-end"
  | "further-problems";

/** A deviation found while reading a text. */
export interface CalendarProblem {
  /** Number of the content line's first physical line, from 1. */
  readonly line: number;
  readonly kind: CalendarProblemKind;
  /** What was found and how it was read, in words. */
  readonly detail: string;
}

/** Collects problems; keeps the first `max` and counts the others. */
export interface ProblemList {
  readonly items: CalendarProblem[];
  readonly max: number;
  count: number;
}

/** Adds a problem to the list. */
export function noteProblem(list: ProblemList, line: number, kind: CalendarProblemKind, detail: string): void {
  list.count++;
  if (list.items.length < list.max) list.items.push({ line, kind, detail });
}

/** Ends the list: where problems were left out, the last one says how many. */
export function finishProblems(list: ProblemList): readonly CalendarProblem[] {
  const last = list.items.at(-1);
  if (last && list.count > list.max) {
    const detail = `${list.count - list.max + 1} further problems are not listed`;
    list.items[list.max - 1] = { line: last.line, kind: "further-problems", detail };
  }
  return list.items;
}

/** Shortens a peer's text for a detail. */
export function quoteForDetail(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 40)}..."` : `"${text}"`;
}
