import type { NumberedWeekday, Weekday } from "../rule.ts";
import { bothEnds, joinList, type Language, runsOf, type Scope, spanOfWeekdays, type Unit } from "./language.ts";

const weekdays = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];
const months = [..."janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" ")];

/** One of it, and several of it with their article. */
const units: Readonly<Record<Unit, readonly [string, string, string]>> = {
  second: ["seconde", "toutes les", "secondes"],
  minute: ["minute", "toutes les", "minutes"],
  hour: ["heure", "toutes les", "heures"],
  day: ["jour", "tous les", "jours"],
  week: ["semaine", "toutes les", "semaines"],
  month: ["mois", "tous les", "mois"],
  year: ["année", "tous les", "ans"],
};

/** Says rules in French. */
export const french: Language = {
  joint: " ",
  comma: ", ",
  endJoint: " ",
  every: (interval, unit) =>
    interval === 1 ? `chaque ${units[unit][0]}` : `${units[unit][1]} ${interval} ${units[unit][2]}`,
  everyWeekOn,
  onWeekdays,
  onNumberedWeekdays: (days, scope) => `${sayNumbered(days)}${of(scope)}`,
  onWorkingDays: (positions, scope) =>
    `${and(positions.map((each) => nth(each, "jour ouvré (du lundi au vendredi)")))}${of(scope)}`,
  onMonthDays,
  onYearDays: (days) => `${and(daysOf(days, (day) => `${masculine(day)} jour`))} de l'année`,
  inWeeks,
  weekdaysInWeeks: (days, weeks) => `${days} ${weeks}`,
  inMonths: (numbers) => and(numbers.map((number) => `en ${months[number - 1]}`)),
  at: (times) => and(times.map((time) => `à ${time}`)),
  between: (times) => and(times.map(([first, last]) => `entre ${first} et ${last}`)),
  atMinutes: (minutes) => counted("à la minute", "aux minutes", minutes),
  atSeconds: (seconds) => counted("à la seconde", "aux secondes", seconds),
  only: (phrase) => `mais seulement ${phrase}`,
  pick: (positions, unit) =>
    `dont seulement ${and(positions.map((each) => feminine(each, "date")))} de chaque ${units[unit][0]}`,
  weekStart: (day) => `avec des semaines qui commencent le ${weekdays[day]}`,
  moved: (skip) =>
    `les jours inexistants étant ${skip === "BACKWARD" ? "avancés à la veille" : "reportés au lendemain"}`,
  date: (year, month, day) => `${dayOfMonth(day)} ${months[month - 1]} ${year}`,
  dateOn: (date, weekday) => `${weekdays[weekday]} ${date}`,
  dayAt: (day, start, end) => `${day} ${end === undefined ? `à ${start}` : `de ${start} à ${end}`}`,
  fromTo: (first, last) => `${first} – ${last}`,
  until: (date, time) => `jusqu'au ${date}${time === undefined ? "" : ` à ${time}`}`,
  times: (count) => (count === 1 ? "une fois" : `${count} fois`),
  atMost: (count) => `${count === 1 ? "une" : count} fois au plus`,
};

function everyWeekOn(interval: number, days: readonly Weekday[]): string {
  if (interval === 1 && !spanOfWeekdays(days)) return `chaque ${and(days.map((day) => weekdays[day] ?? ""))}`;
  if (interval === 2 && days.length === 1) return `un ${weekdays[days[0] ?? 0]} sur deux`;
  return `${french.every(interval, "week")} ${onWeekdays(days)}`;
}

function onWeekdays(days: readonly Weekday[]): string {
  const span = spanOfWeekdays(days);
  if (span) return `du ${weekdays[span[0]]} au ${weekdays[span[1]]}`;
  return and(days.map((day) => `le ${weekdays[day]}`));
}

function sayNumbered(days: readonly NumberedWeekday[]): string {
  const every = days.filter((day) => day.nth === 0).map(({ weekday }) => `${weekdays[weekday]}s`);
  const numbered = days.filter((day) => day.nth !== 0).map((day) => nth(day.nth, weekdays[day.weekday] ?? ""));
  return and([...(every.length > 0 ? [`tous les ${and(every)}`] : []), ...numbered]);
}

function onMonthDays(days: readonly number[], scope: Scope): string {
  const [day, more] = days;
  if (scope.kind === "months" && scope.months.length === 1 && day && day > 0 && more === undefined) {
    return `le ${dayOfMonth(day)} ${months[(scope.months[0] ?? 1) - 1]}`;
  }
  return `${and(daysOf(days, dayOfMonth))}${of(scope)}`;
}

/** Says `le 1er`, `du 3 au 5` and `le dernier jour`. */
function daysOf(days: readonly number[], say: (day: number) => string): readonly string[] {
  const { fromStart, fromEnd } = bothEnds(days);
  const runs = runsOf(fromStart).map((run) =>
    typeof run === "number" ? `le ${say(run)}` : `du ${say(run[0])} au ${say(run[1])}`,
  );
  return [...runs, ...fromEnd.map((each) => nth(each, "jour"))];
}

function inWeeks(weeks: readonly number[]): string {
  const { fromStart, fromEnd } = bothEnds(weeks);
  return and([
    ...(fromStart.length > 0 ? [counted("pendant la semaine", "pendant les semaines", fromStart)] : []),
    ...fromEnd.map((each) => `pendant ${feminine(each, "semaine")} de l'année`),
  ]);
}

function of(scope: Scope): string {
  if (scope.kind === "months") {
    const names = scope.months.map((number) => months[number - 1] ?? "");
    const named = and(names.map((name) => (/^[ao]/.test(name) ? `d'${name}` : `de ${name}`)));
    return `${names.length > 1 ? " des mois " : " du mois "}${named}`;
  }
  return { none: "", month: " du mois", "each-month": " de chaque mois", year: " de l'année" }[scope.kind];
}

function counted(one: string, several: string, numbers: readonly number[]): string {
  const runs = runsOf(numbers).map((run) => (typeof run === "number" ? `${run}` : `${run[0]} à ${run[1]}`));
  return `${numbers.length > 1 ? several : one} ${and(runs)}`;
}

function dayOfMonth(day: number): string {
  return day === 1 ? "1er" : `${day}`;
}

function masculine(number: number): string {
  return number === 1 ? "1er" : `${number}e`;
}

/** Says an ordinal of a masculine noun, with its article. */
function nth(number: number, noun: string): string {
  if (number === -1) return `le dernier ${noun}`;
  if (number === -2) return `l'avant-dernier ${noun}`;
  return number < 0 ? `le ${masculine(-number)} ${noun} en partant de la fin` : `le ${masculine(number)} ${noun}`;
}

function feminine(number: number, noun: string): string {
  if (number === -1) return `la dernière ${noun}`;
  if (number === -2) return `l'avant-dernière ${noun}`;
  const place = `la ${Math.abs(number)}${Math.abs(number) === 1 ? "re" : "e"} ${noun}`;
  return number < 0 ? `${place} en partant de la fin` : place;
}

function and(words: readonly string[]): string {
  return joinList(words, ", ", " et ");
}
