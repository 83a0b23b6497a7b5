import type { NumberedWeekday, Skip, Weekday } from "../rule.ts";

/** Lists the languages there are, by their ISO 639 codes. */
const codes = ["en", "de", "fr", "es", "ja", "ar"] as const;

/** The languages a rule can be said in, by their ISO 639 codes. */
export type RuleLanguage = (typeof codes)[number];

/** Chooses the language of the first of some locales, such as `de-AT`, whose first part names one that is here; else English. */
export function languageCodeOf(...locales: readonly (string | undefined)[]): RuleLanguage {
  for (const locale of locales) {
    const first = /^[a-z]+/.exec(locale?.toLowerCase() ?? "")?.[0];
    const code = codes.find((each) => each === first);
    if (code) return code;
  }
  return "en";
}

/** What a rule steps by. */
export type Unit = "second" | "minute" | "hour" | "day" | "week" | "month" | "year";

/**
 * What numbered days are counted in. `none` says nothing, as the sentence has said it already; `each-month` is for yearly
 * rules that come to every month.
 */
export type Scope =
  | { readonly kind: "none" | "month" | "each-month" | "year" }
  | { readonly kind: "months"; readonly months: readonly number[] };

/**
 * What one language has to know. Each function makes one phrase; `sayRule` strings them together. Numbers are in
 * ascending order, negative ones last, and count from the end; months count from 1; weekdays begin with Monday; times are
 * such as "09:05". No list is empty.
 */
export interface Language {
  /** Between phrases that belong together. */
  readonly joint: string;
  /** Between other phrases. */
  readonly comma: string;
  /** Before the end of a rule, where nothing but its beginning stands before. */
  readonly endJoint: string;
  every(interval: number, unit: Unit): string;
  everyWeekOn(interval: number, days: readonly Weekday[]): string;
  onWeekdays(days: readonly Weekday[]): string;
  /** Those numbered 0 are every one. */
  onNumberedWeekdays(days: readonly NumberedWeekday[], scope: Scope): string;
  /** Counts days from Monday to Friday only. */
  onWorkingDays(positions: readonly number[], scope: Scope): string;
  onMonthDays(days: readonly number[], scope: Scope): string;
  onYearDays(days: readonly number[]): string;
  inWeeks(weeks: readonly number[]): string;
  /** Puts a phrase of `onWeekdays` and one of `inWeeks` together. */
  weekdaysInWeeks(days: string, weeks: string): string;
  inMonths(months: readonly number[]): string;
  at(times: readonly string[]): string;
  /** First and last minute of each time. */
  between(times: readonly (readonly [string, string])[]): string;
  atMinutes(minutes: readonly number[]): string;
  atSeconds(seconds: readonly number[]): string;
  /** Makes a condition of a phrase. */
  only(phrase: string): string;
  /** Of all that was said before, what counts in each unit. */
  pick(positions: readonly number[], unit: Unit): string;
  weekStart(day: Weekday): string;
  /** Where days go that a month does not have. */
  moved(skip: Exclude<Skip, "OMIT">): string;
  date(year: number, month: number, day: number): string;
  /** A date with the weekday it is. */
  dateOn(date: string, weekday: Weekday): string;
  /** A day, as `dateOn` has it, with a time of day, or from one to another. */
  dayAt(day: string, start: string, end: string | undefined): string;
  /** From one to another, both as `dateOn` or `dayAt` has them. */
  fromTo(first: string, last: string): string;
  until(date: string, time: string | undefined): string;
  times(count: number): string;
  atMost(count: number): string;
}

/** Cuts ascending numbers into those that stand alone and, where three or more follow each other, first and last. */
export function runsOf(numbers: readonly number[]): readonly (number | readonly [number, number])[] {
  const runs: (number | readonly [number, number])[] = [];
  for (let start = 0; start < numbers.length; ) {
    let end = start;
    while (numbers[end + 1] === (numbers[end] as number) + 1) end++;
    const [first, last] = [numbers[start] as number, numbers[end] as number];
    if (end - start >= 2) runs.push([first, last]);
    else runs.push(...numbers.slice(start, end + 1));
    start = end + 1;
  }
  return runs;
}

/** Sorts numbers: those from the beginning, ascending, then those from the end, the one furthest from it first. */
export function inOrder(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((a, b) => Number(a < 0) - Number(b < 0) || a - b);
}

/** Splits numbers into those that count from the beginning and those that count from the end. */
export function bothEnds(numbers: readonly number[]): {
  readonly fromStart: readonly number[];
  readonly fromEnd: readonly number[];
} {
  return { fromStart: numbers.filter((number) => number >= 0), fromEnd: numbers.filter((number) => number < 0) };
}

/** Finds the first and last of three or more weekdays that follow each other; `undefined` for others. */
export function spanOfWeekdays(days: readonly Weekday[]): readonly [Weekday, Weekday] | undefined {
  const [run, more] = runsOf(days.map((day) => day || 7));
  if (typeof run !== "object" || more !== undefined) return undefined;
  return [(run[0] % 7) as Weekday, (run[1] % 7) as Weekday];
}

/** Joins as in `one, two and three`, with a comma and a last joint of the language. */
export function joinList(words: readonly string[], comma: string, last: string): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(comma)}${last}${words.at(-1)}`;
}
