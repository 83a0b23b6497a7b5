import type { NumberedWeekday, Weekday } from "../rule.ts";
import { bothEnds, joinList, type Language, runsOf, type Scope, spanOfWeekdays } from "./language.ts";

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [..."January February March April May June July August September October November December".split(" ")];

/** Says rules in English. */
export const english: Language = {
  joint: " ",
  comma: ", ",
  endJoint: " ",
  every: (interval, unit) => (interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`),
  everyWeekOn,
  onWeekdays,
  onNumberedWeekdays: (days, scope) => `on ${sayNumbered(days)}${of(scope)}`,
  onWorkingDays: (positions, scope) => `on ${and(positions.map((each) => `the ${ordinal(each)}`))} weekday${of(scope)}`,
  onMonthDays,
  onYearDays: (days) => `on ${and(ordinals(days))} day of the year`,
  inWeeks,
  weekdaysInWeeks: (days, weeks) => `${days} ${weeks}`,
  inMonths: (numbers) => `in ${sayMonths(numbers)}`,
  at: (times) => `at ${and(times)}`,
  between: (times) => and(times.map(([first, last]) => `between ${first} and ${last}`)),
  atMinutes: (minutes) => `at ${counted("minute", minutes)} of the hour`,
  atSeconds: (seconds) => `at ${counted("second", seconds)} of the minute`,
  only: (phrase) => `but only ${phrase}`,
  pick: (positions, unit) => `of these only ${and(positions.map((each) => `the ${ordinal(each)}`))} in each ${unit}`,
  weekStart: (day) => `with weeks that begin on ${weekdays[day]}`,
  moved: (skip) => `a missing day being moved to the day ${skip === "BACKWARD" ? "before" : "after"}`,
  date: (year, month, day) => `${day} ${months[month - 1]} ${year}`,
  dateOn: (date, weekday) => `${weekdays[weekday]}, ${date}`,
  dayAt: (day, start, end) => `${day}, ${end === undefined ? start : `${start}–${end}`}`,
  fromTo: (first, last) => `${first} – ${last}`,
  until: (date, time) => `until ${date}${time === undefined ? "" : `, ${time}`}`,
  times: (count) => (count === 1 ? "once" : `${count} times`),
  atMost: (count) => `at most ${count === 1 ? "once" : `${count} times`}`,
};

function everyWeekOn(interval: number, days: readonly Weekday[]): string {
  if (interval === 1 && !spanOfWeekdays(days)) return `every ${and(days.map((day) => weekdays[day] ?? ""))}`;
  if (interval === 2 && days.length === 1) return `every second ${weekdays[days[0] ?? 0]}`;
  return `${english.every(interval, "week")} ${onWeekdays(days)}`;
}

function onWeekdays(days: readonly Weekday[]): string {
  const span = spanOfWeekdays(days);
  if (span) return `from ${weekdays[span[0]]} to ${weekdays[span[1]]}`;
  return `on ${and(days.map((day) => weekdays[day] ?? ""))}`;
}

function sayNumbered(days: readonly NumberedWeekday[]): string {
  const every = days.filter(({ nth }) => nth === 0).map(({ weekday }) => weekdays[weekday] ?? "");
  const numbered = days.filter(({ nth }) => nth !== 0).map((day) => `the ${ordinal(day.nth)} ${weekdays[day.weekday]}`);
  return and([...(every.length > 0 ? [`every ${and(every)}`] : []), ...numbered]);
}

function onMonthDays(days: readonly number[], scope: Scope): string {
  const [day, more] = days;
  if (scope.kind === "months" && scope.months.length === 1 && day && day > 0 && more === undefined) {
    return `on ${day} ${sayMonths(scope.months)}`;
  }
  return `on ${and(ordinals(days))}${days.some((each) => each < 0) ? " day" : ""}${of(scope)}`;
}

function inWeeks(weeks: readonly number[]): string {
  const { fromStart, fromEnd } = bothEnds(weeks);
  return and([
    ...(fromStart.length > 0 ? [`in ${counted("week", fromStart)} of the year`] : []),
    ...(fromEnd.length > 0 ? [`in ${and(ordinals(fromEnd))} week of the year`] : []),
  ]);
}

function of(scope: Scope): string {
  if (scope.kind === "months") return ` of ${sayMonths(scope.months)}`;
  return { none: "", month: " of the month", "each-month": " of every month", year: " of the year" }[scope.kind];
}

function sayMonths(numbers: readonly number[]): string {
  return and(numbers.map((number) => months[number - 1] ?? ""));
}

function counted(noun: string, numbers: readonly number[]): string {
  const runs = runsOf(numbers).map((run) => (typeof run === "number" ? `${run}` : `${run[0]} to ${run[1]}`));
  return `${noun}${numbers.length > 1 ? "s" : ""} ${and(runs)}`;
}

/** Says `the 1st, the 3rd to 5th and the last`. */
function ordinals(numbers: readonly number[]): readonly string[] {
  const { fromStart, fromEnd } = bothEnds(numbers);
  const runs = runsOf(fromStart).map((run) =>
    typeof run === "number" ? `the ${ordinal(run)}` : `the ${ordinal(run[0])} to ${ordinal(run[1])}`,
  );
  return [...runs, ...fromEnd.map((number) => `the ${ordinal(number)}`)];
}

function ordinal(number: number): string {
  if (number === -1) return "last";
  if (number < 0) return `${ordinal(-number)} to last`;
  const teen = number % 100 >= 11 && number % 100 <= 13;
  return `${number}${(teen ? undefined : ["th", "st", "nd", "rd"][number % 10]) ?? "th"}`;
}

function and(words: readonly string[]): string {
  return joinList(words, ", ", " and ");
}
