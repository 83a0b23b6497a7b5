import type { NumberedWeekday, Weekday } from "../rule.ts";
import { bothEnds, joinList, type Language, runsOf, type Scope, spanOfWeekdays, type Unit } from "./language.ts";

const weekdays = ["الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"];
const months = [..."يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(" ")];
const ordinals = ["الأول", "الثاني", "الثالث", "الرابع", "الخامس"];

/** A noun as numbers take it: one, two, three to ten, eleven to ninety-nine. */
type Counted = readonly [one: string, two: string, few: string, many: string];

const units: Readonly<Record<Unit, Counted>> = {
  second: ["ثانية", "ثانيتين", "ثوانٍ", "ثانية"],
  minute: ["دقيقة", "دقيقتين", "دقائق", "دقيقة"],
  hour: ["ساعة", "ساعتين", "ساعات", "ساعة"],
  day: ["يوم", "يومين", "أيام", "يومًا"],
  week: ["أسبوع", "أسبوعين", "أسابيع", "أسبوعًا"],
  month: ["شهر", "شهرين", "أشهر", "شهرًا"],
  year: ["سنة", "سنتين", "سنوات", "سنة"],
};
const time: Counted = ["مرة", "مرتين", "مرات", "مرة"];

/** Says rules in Arabic, with the digits of Europe, from right to left without any marks of direction. */
export const arabic: Language = {
  joint: " ",
  comma: "، ",
  endJoint: " ",
  every: (interval, unit) => `كل ${count(interval, units[unit])}`,
  everyWeekOn: (interval, days) => `${arabic.every(interval, "week")} ${onWeekdays(days)}`,
  onWeekdays,
  onNumberedWeekdays: (days, scope) => `${and(days.map(sayNumbered))}${of(scope)}`,
  onWorkingDays: (positions, scope) =>
    `${and(positions.map((each) => `في اليوم ${nth(each)}`))} من أيام الاثنين إلى الجمعة${of(scope)}`,
  onMonthDays,
  onYearDays: (days) => sayDays(days, { kind: "year" }),
  inWeeks,
  weekdaysInWeeks: (days, weeks) => `${days} ${weeks}`,
  inMonths: (numbers) => and(numbers.map((number) => `في ${months[number - 1]}`)),
  at: (times) => `في الساعة ${and(times)}`,
  between: (times) => and(times.map(([first, last]) => `بين الساعة ${first} والساعة ${last}`)),
  atMinutes: (minutes) => counted(["في الدقيقة", "في الدقيقتين", "في الدقائق"], minutes),
  atSeconds: (seconds) => counted(["في الثانية", "في الثانيتين", "في الثواني"], seconds),
  only: (phrase) => `لكن فقط ${phrase}`,
  pick: (positions, unit) =>
    `ومن هذه المواعيد فقط ${and(positions.map((each) => `الموعد ${nth(each)}`))} من كل ${units[unit][0]}`,
  weekStart: (day) => `حيث يبدأ الأسبوع يوم ${weekdays[day]}`,
  moved: (skip) => `وينقل اليوم غير الموجود إلى اليوم ${skip === "BACKWARD" ? "السابق" : "التالي"}`,
  date: (year, month, day) => `${day} ${months[month - 1]} ${year}`,
  dateOn: (date, weekday) => `${weekdays[weekday]}، ${date}`,
  dayAt: (day, start, end) => `${day}، ${end === undefined ? `الساعة ${start}` : `من ${start} إلى ${end}`}`,
  fromTo: (first, last) => `من ${first} إلى ${last}`,
  until: (date, clock) => `حتى ${date}${clock === undefined ? "" : ` الساعة ${clock}`}`,
  times: (number) => (number === 1 ? "مرة واحدة" : count(number, time)),
  atMost: (number) => `${number === 1 ? "مرة واحدة" : count(number, time)} على الأكثر`,
};

/** Says a number of things: the noun alone for one and two, else in the form the last two digits ask for. */
function count(number: number, noun: Counted): string {
  if (number === 1) return noun[0];
  if (number === 2) return noun[1];
  const rest = number % 100;
  if (rest >= 3 && rest <= 10) return `${number} ${noun[2]}`;
  return `${number} ${rest >= 11 ? noun[3] : noun[0]}`;
}

function onWeekdays(days: readonly Weekday[]): string {
  const span = spanOfWeekdays(days);
  if (span) return `من ${weekdays[span[0]]} إلى ${weekdays[span[1]]}`;
  const noun = days.length === 1 ? "يوم" : days.length === 2 ? "يومي" : "أيام";
  return `${noun} ${and(days.map((day) => weekdays[day] ?? ""))}`;
}

function sayNumbered({ nth: place, weekday }: NumberedWeekday): string {
  const name = weekdays[weekday] ?? "";
  // Every one of them is said without the article.
  return place === 0 ? `كل يوم ${name.replace(/^ال/, "")}` : `يوم ${name} ${nth(place)}`;
}

function onMonthDays(days: readonly number[], scope: Scope): string {
  const [day, more] = days;
  if (scope.kind === "months" && scope.months.length === 1 && day && day > 0 && more === undefined) {
    return `في ${day} ${months[(scope.months[0] ?? 1) - 1]}`;
  }
  return sayDays(days, scope);
}

function sayDays(days: readonly number[], scope: Scope): string {
  const { fromStart, fromEnd } = bothEnds(days);
  const first = fromStart.length > 0 ? [counted(["في اليوم", "في اليومين", "في الأيام"], fromStart)] : [];
  return `${and([...first, ...fromEnd.map((each) => `في اليوم ${nth(each)}`)])}${of(scope)}`;
}

function inWeeks(weeks: readonly number[]): string {
  const { fromStart, fromEnd } = bothEnds(weeks);
  const first = fromStart.length > 0 ? [counted(["في الأسبوع", "في الأسبوعين", "في الأسابيع"], fromStart)] : [];
  return `${and([...first, ...fromEnd.map((each) => `في الأسبوع ${nth(each)}`)])} من السنة`;
}

function of(scope: Scope): string {
  if (scope.kind === "months") return ` من ${sayMonths(scope.months)}`;
  return { none: "", month: " من الشهر", "each-month": " من كل شهر", year: " من السنة" }[scope.kind];
}

function sayMonths(numbers: readonly number[]): string {
  return and(numbers.map((number) => months[number - 1] ?? ""));
}

/** Lists numbers after a noun for one, two or several things. */
function counted(nouns: readonly [string, string, string], numbers: readonly number[]): string {
  const noun = nouns[Math.min(numbers.length, 3) - 1];
  const runs = runsOf(numbers).map((run) => (typeof run === "number" ? `${run}` : `من ${run[0]} إلى ${run[1]}`));
  return `${noun} ${and(runs)}`;
}

function nth(number: number): string {
  if (number === -1) return "الأخير";
  if (number === -2) return "قبل الأخير";
  return number < 0 ? `رقم ${-number} عدًّا من الآخر` : (ordinals[number - 1] ?? `رقم ${number}`);
}

/** The word for "and" is written together with what follows it. */
function and(words: readonly string[]): string {
  return joinList(words, " و", " و");
}
