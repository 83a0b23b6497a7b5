import type { NumberedWeekday, Weekday } from "../rule.ts";
import { bothEnds, joinList, type Language, runsOf, type Scope, spanOfWeekdays, type Unit } from "./language.ts";

const weekdays = ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"];
const months = [
  ..."enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(" "),
];
const masculines = ["primer", "segundo", "tercer", "cuarto", "quinto"];
const feminines = ["primera", "segunda", "tercera", "cuarta", "quinta"];

const units: Readonly<Record<Unit, readonly [string, string]>> = {
  second: ["segundo", "segundos"],
  minute: ["minuto", "minutos"],
  hour: ["hora", "horas"],
  day: ["día", "días"],
  week: ["semana", "semanas"],
  month: ["mes", "meses"],
  year: ["año", "años"],
};

/** Says rules in Spanish. */
export const spanish: Language = {
  joint: " ",
  comma: ", ",
  endJoint: " ",
  every: (interval, unit) => (interval === 1 ? `cada ${units[unit][0]}` : `cada ${interval} ${units[unit][1]}`),
  everyWeekOn,
  onWeekdays,
  onNumberedWeekdays: (days, scope) => `${sayNumbered(days)}${of(scope)}`,
  onWorkingDays: (positions, scope) =>
    `${and(positions.map((each) => nth(each, "día laborable (de lunes a viernes)")))}${of(scope)}`,
  onMonthDays,
  onYearDays: (days) => `${and(daysOf(days))} del año`,
  inWeeks,
  weekdaysInWeeks: (days, weeks) => `${days} ${weeks}`,
  inMonths: (numbers) => and(numbers.map((number) => `en ${months[number - 1]}`)),
  at: (times) => and(times.map((time) => `a ${clock(time)}`)),
  between: (times) => and(times.map(([first, last]) => `entre ${clock(first)} y ${clock(last)}`)),
  atMinutes: (minutes) => counted("en el minuto", "en los minutos", minutes),
  atSeconds: (seconds) => counted("en el segundo", "en los segundos", seconds),
  only: (phrase) => `pero solo ${phrase}`,
  pick: (positions, unit) => `de esas fechas solo ${and(positions.map(feminine))} de cada ${units[unit][0]}`,
  weekStart: (day) => `con semanas que empiezan en ${weekdays[day]}`,
  moved: (skip) => `los días inexistentes pasan al día ${skip === "BACKWARD" ? "anterior" : "siguiente"}`,
  date: (year, month, day) => `${day} de ${months[month - 1]} de ${year}`,
  dateOn: (date, weekday) => `${weekdays[weekday]}, ${date}`,
  dayAt: (day, start, end) => `${day}, ${end === undefined ? `a ${clock(start)}` : `de ${start} a ${end}`}`,
  fromTo: (first, last) => `${first} – ${last}`,
  until: (date, time) => `hasta el ${date}${time === undefined ? "" : ` a ${clock(time)}`}`,
  times: (count) => (count === 1 ? "una vez" : `${count} veces`),
  atMost: (count) => `como máximo ${count === 1 ? "una vez" : `${count} veces`}`,
};

function everyWeekOn(interval: number, days: readonly Weekday[]): string {
  if (interval === 1 && !spanOfWeekdays(days)) return `todos los ${and(days.map(plural))}`;
  if (interval === 2 && days.length === 1) return `cada dos ${plural(days[0] ?? 0)}`;
  return `${spanish.every(interval, "week")} ${onWeekdays(days)}`;
}

function onWeekdays(days: readonly Weekday[]): string {
  const span = spanOfWeekdays(days);
  if (span) return `de ${weekdays[span[0]]} a ${weekdays[span[1]]}`;
  return and(days.map((day) => `el ${weekdays[day]}`));
}

function plural(day: Weekday): string {
  const name = weekdays[day] ?? "";
  return name.endsWith("s") ? name : `${name}s`;
}

function sayNumbered(days: readonly NumberedWeekday[]): string {
  const every = days.filter((day) => day.nth === 0).map(({ weekday }) => plural(weekday));
  const numbered = days.filter((day) => day.nth !== 0).map((day) => nth(day.nth, weekdays[day.weekday] ?? ""));
  return and([...(every.length > 0 ? [`todos los ${and(every)}`] : []), ...numbered]);
}

function onMonthDays(days: readonly number[], scope: Scope): string {
  const [day, more] = days;
  if (scope.kind === "months" && scope.months.length === 1 && day && day > 0 && more === undefined) {
    return `el ${day} de ${months[(scope.months[0] ?? 1) - 1]}`;
  }
  return `${and(daysOf(days))}${of(scope)}`;
}

/** Says `el día 1`, `los días 1 y 3 a 5` and `el último día`. */
function daysOf(days: readonly number[]): readonly string[] {
  const { fromStart, fromEnd } = bothEnds(days);
  return [
    ...(fromStart.length > 0 ? [counted("el día", "los días", fromStart)] : []),
    ...fromEnd.map((each) => nth(each, "día")),
  ];
}

function inWeeks(weeks: readonly number[]): string {
  const { fromStart, fromEnd } = bothEnds(weeks);
  return and([
    ...(fromStart.length > 0 ? [counted("en la semana", "en las semanas", fromStart)] : []),
    ...fromEnd.map((each) => `en ${lastWeek(each)} del año`),
  ]);
}

function lastWeek(number: number): string {
  if (number === -1) return "la última semana";
  return number === -2 ? "la penúltima semana" : `la semana número ${-number} contando desde el final`;
}

function of(scope: Scope): string {
  if (scope.kind === "months") return ` ${and(scope.months.map((number) => `de ${months[number - 1]}`))}`;
  return { none: "", month: " del mes", "each-month": " de cada mes", year: " del año" }[scope.kind];
}

function counted(one: string, several: string, numbers: readonly number[]): string {
  const runs = runsOf(numbers).map((run) => (typeof run === "number" ? `${run}` : `${run[0]} a ${run[1]}`));
  return `${numbers.length > 1 ? several : one} ${and(runs)}`;
}

/** Says a masculine noun with its place. */
function nth(number: number, noun: string): string {
  if (number === -1) return `el último ${noun}`;
  if (number === -2) return `el penúltimo ${noun}`;
  if (number < 0) return `el ${noun} número ${-number} contando desde el final`;
  const word = masculines[number - 1];
  return word === undefined ? `el ${noun} número ${number}` : `el ${word} ${noun}`;
}

function feminine(number: number): string {
  if (number === -1) return "la última";
  if (number === -2) return "la penúltima";
  if (number < 0) return `la número ${-number} contando desde el final`;
  return `la ${feminines[number - 1] ?? `número ${number}`}`;
}

/** One o'clock alone is singular. */
function clock(time: string): string {
  return `${time.startsWith("01") ? "la" : "las"} ${time}`;
}

function and(words: readonly string[]): string {
  return joinList(words, ", ", " y ");
}
