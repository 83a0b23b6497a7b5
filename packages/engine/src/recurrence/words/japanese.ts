import type { NumberedWeekday, Weekday } from "../rule.ts";
import { bothEnds, joinList, type Language, runsOf, type Scope, spanOfWeekdays, type Unit } from "./language.ts";

const weekdays = ["日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"];

/** Every one of it, the counter of several, and of each of it. */
const units: Readonly<Record<Unit, readonly [string, string, string]>> = {
  second: ["毎秒", "秒", "各秒"],
  minute: ["毎分", "分", "各分"],
  hour: ["毎時", "時間", "各時間"],
  day: ["毎日", "日", "各日"],
  week: ["毎週", "週間", "各週"],
  month: ["毎月", "か月", "各月"],
  year: ["毎年", "年", "各年"],
};

/** Says rules in Japanese. */
export const japanese: Language = {
  joint: "",
  comma: "、",
  endJoint: "、",
  every: (interval, unit) => (interval === 1 ? units[unit][0] : `${interval}${units[unit][1]}ごとに`),
  everyWeekOn: (interval, days) =>
    `${interval === 2 && days.length === 1 ? "隔週" : japanese.every(interval, "week")}${onWeekdays(days)}`,
  onWeekdays,
  onNumberedWeekdays: (days, scope) => `${of(scope)}${and(days.map(sayNumbered))}`,
  onWorkingDays: (positions, scope) =>
    `${of(scope)}${and(positions.map((each) => `${nth(each)}の平日`))}（月曜日から金曜日）`,
  onMonthDays,
  onYearDays: (days) => `その年の${and(yearDays(days))}`,
  inWeeks: (weeks) => `その年の${and(yearWeeks(weeks))}`,
  weekdaysInWeeks: (days, weeks) => `${weeks}の${days}`,
  inMonths: (months) => and(months.map((month) => `${month}月`)),
  at: (times) => and(times),
  between: (times) => and(times.map(([first, last]) => `${first}から${last}まで`)),
  atMinutes: (minutes) => and(counted(minutes, "分")),
  atSeconds: (seconds) => and(counted(seconds, "秒")),
  only: (phrase) => `ただし${phrase}のみ`,
  pick: (positions, unit) => `そのうち${units[unit][2]}の${and(positions.map(nth))}のみ`,
  weekStart: (day) => `週の始まりは${weekdays[day]}`,
  moved: (skip) => `存在しない日は${skip === "BACKWARD" ? "前日" : "翌日"}に変更`,
  date: (year, month, day) => `${year}年${month}月${day}日`,
  dateOn: (date, weekday) => `${date}（${weekdays[weekday]}）`,
  dayAt: (day, start, end) => `${day}${end === undefined ? start : `${start}～${end}`}`,
  fromTo: (first, last) => `${first}～${last}`,
  until: (date, time) => `${date}${time ?? ""}まで`,
  times: (count) => `${count}回`,
  atMost: (count) => `最大${count}回`,
};

function onWeekdays(days: readonly Weekday[]): string {
  const span = spanOfWeekdays(days);
  return span ? `${weekdays[span[0]]}から${weekdays[span[1]]}` : and(days.map((day) => weekdays[day] ?? ""));
}

function sayNumbered({ nth: place, weekday }: NumberedWeekday): string {
  if (place === 0) return `すべての${weekdays[weekday]}`;
  if (place > 0) return `第${place}${weekdays[weekday]}`;
  return place === -1 ? `最終${weekdays[weekday]}` : `${nth(place)}の${weekdays[weekday]}`;
}

function onMonthDays(days: readonly number[], scope: Scope): string {
  const [day, more] = days;
  if (scope.kind === "months" && scope.months.length === 1 && day && day > 0 && more === undefined) {
    return `${scope.months[0]}月${day}日`;
  }
  return `${of(scope)}${and(monthDays(days))}`;
}

function monthDays(days: readonly number[]): readonly string[] {
  const { fromStart, fromEnd } = bothEnds(days);
  return [...counted(fromStart, "日"), ...fromEnd.map((day) => (day === -1 ? "末日" : `${nth(day)}の日`))];
}

function yearDays(days: readonly number[]): readonly string[] {
  const { fromStart, fromEnd } = bothEnds(days);
  return [...counted(fromStart, "日目"), ...fromEnd.map((day) => `${nth(day)}の日`)];
}

function yearWeeks(weeks: readonly number[]): readonly string[] {
  const { fromStart, fromEnd } = bothEnds(weeks);
  const runs = runsOf(fromStart).map((run) =>
    typeof run === "number" ? `第${run}週` : `第${run[0]}週から第${run[1]}週`,
  );
  return [...runs, ...fromEnd.map((week) => `${nth(week)}の週`)];
}

function of(scope: Scope): string {
  if (scope.kind === "months") return `${and(scope.months.map((month) => `${month}月`))}の`;
  return { none: "", month: "各月の", "each-month": "各月の", year: "その年の" }[scope.kind];
}

function counted(numbers: readonly number[], counter: string): readonly string[] {
  return runsOf(numbers).map((run) =>
    typeof run === "number" ? `${run}${counter}` : `${run[0]}${counter}から${run[1]}${counter}`,
  );
}

function nth(number: number): string {
  if (number === -1) return "最後";
  return number < 0 ? `最後から${-number}番目` : `${number}番目`;
}

/** Two are joined by a word, more are listed. */
function and(words: readonly string[]): string {
  return joinList(words, "、", words.length === 2 ? "と" : "、");
}
