import type { NumberedWeekday, RecurrenceRule, Weekday } from "../rule.ts";
import { inOrder, type Language, type Scope, type Unit } from "./language.ts";
import { workingDayPositions } from "./simplify-rule.ts";

/** Phrases that belong to what stands before them, and those to be set apart. */
export interface Phrases {
  readonly close: readonly string[];
  readonly apart: readonly string[];
}

/** How often, and on which days. */
export interface DayPhrases extends Phrases {
  readonly head: string;
}

const units: Readonly<Record<"SECONDLY" | "MINUTELY" | "HOURLY" | "DAILY", Unit>> = {
  SECONDLY: "second",
  MINUTELY: "minute",
  HOURLY: "hour",
  DAILY: "day",
};

/**
 * Says what a rule does but for its times of day, positions and end. RFC 5545 §3.3.10: the first of the parts that name
 * days makes them, the others are conditions.
 */
export function daysInWords(rule: RecurrenceRule, language: Language): DayPhrases {
  if (rule.frequency === "YEARLY") return sayYearly(rule, language);
  if (rule.frequency === "MONTHLY") return sayMonthly(rule, language);
  const months = rule.byMonth.length > 0 ? [language.inMonths(inOrder(rule.byMonth))] : [];
  if (rule.frequency === "WEEKLY") {
    const days = weekdaysOf(rule);
    const head = days.length > 0 ? language.everyWeekOn(rule.interval, days) : language.every(rule.interval, "week");
    const limits = [...sayNumbers(rule, language, { kind: "month" }), ...sayWeeks(rule, language), ...months];
    return { head, close: [], apart: limits.map(language.only) };
  }
  const limits = [...sayDays(rule, language, { kind: "month" }), ...months];
  const head = language.every(rule.interval, units[rule.frequency]);
  return { head, close: [], apart: limits.map(language.only) };
}

/** Lists the weekdays of a rule, Monday first, each once. */
export function weekdaysOf(rule: RecurrenceRule): readonly Weekday[] {
  return [...new Set(rule.byDay.map(({ weekday }) => weekday))].sort((a, b) => (a || 7) - (b || 7));
}

function sayMonthly(rule: RecurrenceRule, language: Language): DayPhrases {
  const [first, ...limits] = sayDays(rule, language, { kind: "none" });
  if (rule.byMonth.length > 0) limits.push(language.inMonths(inOrder(rule.byMonth)));
  const close = first === undefined ? [] : [first];
  return { head: language.every(rule.interval, "month"), close, apart: limits.map(language.only) };
}

function sayYearly(rule: RecurrenceRule, language: Language): DayPhrases {
  const head = language.every(rule.interval, "year");
  const months = inOrder(rule.byMonth);
  const isByMonth = rule.byYearDay.length === 0 && (rule.byMonthDay.length > 0 || isNumbered(rule));
  const scope: Scope =
    months.length > 0 ? { kind: "months", months } : { kind: rule.byMonthDay.length > 0 ? "each-month" : "year" };
  const [first, ...limits] = sayDays(rule, language, scope);
  if (first === undefined) return { head, close: months.length > 0 ? [language.inMonths(months)] : [], apart: [] };
  if (months.length > 0 && !isByMonth) limits.push(language.inMonths(months));
  return { head, close: [first], apart: limits.map(language.only) };
}

/** Whether weekdays make the days of a monthly or yearly rule, so that they are counted. */
function isNumbered(rule: RecurrenceRule): boolean {
  const others = rule.byYearDay.length + rule.byMonthDay.length + rule.byWeekNumber.length;
  return rule.byDay.length > 0 && others === 0;
}

/** Says the parts that name days, the one that makes them first. `scope` is what that counts in. */
function sayDays(rule: RecurrenceRule, language: Language, scope: Scope): readonly string[] {
  const numbers = sayNumbers(rule, language, scope);
  const weeks = sayWeeks(rule, language);
  const counts = rule.frequency === "MONTHLY" || rule.frequency === "YEARLY";
  const [week] = weeks;
  if (rule.byDay.length === 0) return [...numbers, ...weeks];
  if (counts && isNumbered(rule)) return [sayNumberedDays(rule, language, scope)];
  const isEvery = rule.byDay.every(({ nth }) => nth === 0);
  const limit: Scope = { kind: rule.frequency === "YEARLY" && rule.byMonth.length === 0 ? "year" : "month" };
  const days = isEvery
    ? language.onWeekdays(weekdaysOf(rule))
    : language.onNumberedWeekdays(sortDays(rule.byDay), limit);
  if (week !== undefined && isEvery) return [...numbers, language.weekdaysInWeeks(days, week)];
  return [...numbers, days, ...weeks];
}

function sayNumberedDays(rule: RecurrenceRule, language: Language, scope: Scope): string {
  const positions = workingDayPositions(rule);
  if (positions) return language.onWorkingDays(inOrder(positions), scope);
  return language.onNumberedWeekdays(sortDays(rule.byDay), scope);
}

function sayNumbers(rule: RecurrenceRule, language: Language, scope: Scope): readonly string[] {
  const phrases: string[] = [];
  if (rule.byYearDay.length > 0) phrases.push(language.onYearDays(inOrder(rule.byYearDay)));
  const inMonth: Scope = scope.kind === "year" ? { kind: "month" } : scope;
  if (rule.byMonthDay.length > 0) phrases.push(language.onMonthDays(inOrder(rule.byMonthDay), inMonth));
  return phrases;
}

function sayWeeks(rule: RecurrenceRule, language: Language): readonly string[] {
  return rule.byWeekNumber.length > 0 ? [language.inWeeks(inOrder(rule.byWeekNumber))] : [];
}

function sortDays(days: readonly NumberedWeekday[]): readonly NumberedWeekday[] {
  return days.toSorted(
    (a, b) => Number(a.nth < 0) - Number(b.nth < 0) || a.nth - b.nth || (a.weekday || 7) - (b.weekday || 7),
  );
}
