import type { Weekday } from "../rule.ts";
import { bothEnds, joinList, type Language, runsOf, type Scope, spanOfWeekdays, type Unit } from "./language.ts";

const weekdays = ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"];
const months = [..."Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" ")];

/** One of it, several of it, and of each of it. */
const units: Readonly<Record<Unit, readonly [string, string, string]>> = {
  second: ["jede Sekunde", "Sekunden", "jeder Sekunde"],
  minute: ["jede Minute", "Minuten", "jeder Minute"],
  hour: ["jede Stunde", "Stunden", "jeder Stunde"],
  day: ["jeden Tag", "Tage", "jedes Tages"],
  week: ["jede Woche", "Wochen", "jeder Woche"],
  month: ["jeden Monat", "Monate", "jedes Monats"],
  year: ["jedes Jahr", "Jahre", "jedes Jahres"],
};

/** Says rules in German. */
export const german: Language = {
  joint: " ",
  comma: ", ",
  endJoint: " ",
  every: (interval, unit) => (interval === 1 ? units[unit][0] : `alle ${interval} ${units[unit][1]}`),
  everyWeekOn,
  onWeekdays,
  onNumberedWeekdays: (days, scope) =>
    `${and(
      days.map(({ nth, weekday }) =>
        nth === 0 ? `an jedem ${weekdays[weekday]}` : `am ${ordinal(nth, "n")} ${weekdays[weekday]}`,
      ),
    )}${of(scope)}`,
  onWorkingDays: (positions, scope) =>
    `${and(positions.map((each) => `am ${ordinal(each, "n")}`))} Werktag (Montag bis Freitag)${of(scope)}`,
  onMonthDays,
  onYearDays: (days) => `${and(onDays(days, " Tag"))} des Jahres`,
  inWeeks,
  weekdaysInWeeks: (days, weeks) => `${days} ${weeks}`,
  inMonths: (numbers) => `im ${sayMonths(numbers)}`,
  at: (times) => `um ${and(times)} Uhr`,
  between: (times) => and(times.map(([first, last]) => `zwischen ${first} und ${last} Uhr`)),
  atMinutes: (minutes) => counted("zur Minute", "zu den Minuten", minutes),
  atSeconds: (seconds) => counted("zur Sekunde", "zu den Sekunden", seconds),
  only: (phrase) => `aber nur ${phrase}`,
  pick: (positions, unit) =>
    `davon nur ${and(positions.map((each) => `der ${ordinal(each, "")}`))} Termin ${units[unit][2]}`,
  weekStart: (day) => `mit Wochen, die am ${weekdays[day]} beginnen`,
  moved: (skip) => `fehlende Tage werden auf den Tag ${skip === "BACKWARD" ? "davor" : "danach"} gelegt`,
  date: (year, month, day) => `${day}. ${months[month - 1]} ${year}`,
  dateOn: (date, weekday) => `${weekdays[weekday]}, ${date}`,
  dayAt: (day, start, end) => `${day}, ${end === undefined ? start : `${start}–${end}`} Uhr`,
  fromTo: (first, last) => `${first} – ${last}`,
  until: (date, time) => `bis zum ${date}${time === undefined ? "" : `, ${time} Uhr`}`,
  times: (count) => (count === 1 ? "einmal" : `${count}-mal`),
  atMost: (count) => `höchstens ${count === 1 ? "einmal" : `${count}-mal`}`,
};

function everyWeekOn(interval: number, days: readonly Weekday[]): string {
  if (interval === 1 && !spanOfWeekdays(days)) return `jeden ${and(days.map((day) => weekdays[day] ?? ""))}`;
  if (interval === 2 && days.length === 1) return `jeden zweiten ${weekdays[days[0] ?? 0]}`;
  return `${german.every(interval, "week")} ${onWeekdays(days)}`;
}

function onWeekdays(days: readonly Weekday[]): string {
  const span = spanOfWeekdays(days);
  if (span) return `von ${weekdays[span[0]]} bis ${weekdays[span[1]]}`;
  return and(days.map((day) => `am ${weekdays[day]}`));
}

function onMonthDays(days: readonly number[], scope: Scope): string {
  const [day, more] = days;
  if (scope.kind === "months" && scope.months.length === 1 && day && day > 0 && more === undefined) {
    return `am ${day}. ${sayMonths(scope.months)}`;
  }
  return `${and(onDays(days, days.some((each) => each < 0) ? " Tag" : ""))}${of(scope)}`;
}

/** Says `am 1.`, `vom 3. bis zum 5.` and `am letzten`, each with the noun. */
function onDays(days: readonly number[], noun: string): readonly string[] {
  const { fromStart, fromEnd } = bothEnds(days);
  const runs = runsOf(fromStart).map((run) =>
    typeof run === "number" ? `am ${run}.${noun}` : `vom ${run[0]}. bis zum ${run[1]}.${noun}`,
  );
  return [...runs, ...fromEnd.map((each) => `am ${ordinal(each, "n")}${noun}`)];
}

function inWeeks(weeks: readonly number[]): string {
  const { fromStart, fromEnd } = bothEnds(weeks);
  return and([
    ...(fromStart.length > 0 ? [counted("in Kalenderwoche", "in den Kalenderwochen", fromStart)] : []),
    ...fromEnd.map((each) => `in der ${ordinal(each, "n")} Kalenderwoche des Jahres`),
  ]);
}

function of(scope: Scope): string {
  if (scope.kind === "months") return ` im ${sayMonths(scope.months)}`;
  return { none: "", month: " des Monats", "each-month": " jedes Monats", year: " des Jahres" }[scope.kind];
}

function sayMonths(numbers: readonly number[]): string {
  return and(numbers.map((number) => months[number - 1] ?? ""));
}

function counted(one: string, several: string, numbers: readonly number[]): string {
  const runs = runsOf(numbers).map((run) => (typeof run === "number" ? `${run}` : `${run[0]} bis ${run[1]}`));
  return `${numbers.length > 1 ? several : one} ${and(runs)}`;
}

/** Says an ordinal; `ending` is that of an adjective after the article in that case. */
function ordinal(number: number, ending: "" | "n"): string {
  if (number > 0) return `${number}.`;
  const word = ["letzte", "vorletzte", "drittletzte"][-number - 1];
  return `${word ?? `${-number}.-letzte`}${ending}`;
}

function and(words: readonly string[]): string {
  return joinList(words, ", ", " und ");
}
