import { civilFromDays, daysFromCivil, daysInMonth, parseDateTime } from "../../src/icalendar/date-time.ts";
import { toInstant, utc } from "../../src/recurrence/zone.ts";
import { testZone } from "../recurrence/zone-helpers.ts";
import { type OracleCase, partsOf } from "./oracle-case.ts";

/** A rule as lists of numbers, and the values DTSTART gives where the rule has none. */
interface Rule {
  readonly frequency: string;
  readonly interval: number;
  readonly weekStart: number;
  readonly start: number;
  /** The numbers of a part; `undefined` where the rule has no such part. */
  readonly by: (part: string) => readonly number[] | undefined;
  readonly days: readonly { readonly weekday: number; readonly nth: number }[] | undefined;
}

const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const day = 86_400;
const longestGap = 3_600;
const units: Readonly<Record<string, number>> = {
  SECONDLY: 1,
  MINUTELY: 60,
  HOURLY: 3_600,
  DAILY: day,
  WEEKLY: 7 * day,
};

/**
 * Expands a rule as RFC 5545 §3.3.10 tells it, sentence by sentence, with little regard to time: it makes every period and
 * every day of it, and drops those that a part does not hold. Shares no thought with the engine but the calendar.
 */
export function expandByTheLetter(question: OracleCase): readonly number[] {
  const { kind, take, zone: name } = question;
  const parts = partsOf(question.rule);
  const zone = kind === "zoned" ? testZone(name) : utc;
  const rule = readRule(question, parts);
  const until = parts.get("UNTIL");
  const last = until === undefined ? Infinity : (parseDateTime(until)?.wall ?? Infinity);
  const most = Number(parts.get("COUNT") ?? Infinity);
  // A start the clocks skip is placed after them: nothing of the set is before it (decision 0013).
  const first = toInstant(rule.start, zone);
  const found = new Set<number>();
  let counted = 0;
  let enough = Infinity;
  let heard = 0;
  for (let n = 0; n - heard <= longestSilence(rule); n++) {
    const set = choose(setOfPeriod(rule, n), rule.by("BYSETPOS"));
    // No zone is two days from UTC.
    if (set === undefined || periodOf(rule, n)[0] > last + 2 * day) return inOrder(found, take);
    if (set.length > 0) heard = n;
    n += restOfDay(rule, n);
    for (const wall of set) {
      if (wall < rule.start) continue;
      if (counted >= most || wall > enough) return inOrder(found, take);
      counted++;
      const instant = toInstant(wall, zone);
      if (instant <= last && instant >= first) found.add(instant);
      if (found.size >= take || instant > last) enough = Math.min(enough, wall + longestGap);
    }
  }
  return inOrder(found, take);
}

/** Periods after which a rule that was silent stays so: the calendar repeats after 400 years, which are whole weeks. */
function longestSilence({ frequency }: Rule): number {
  const days = daysFromCivil(2_400, 1, 1) - daysFromCivil(2_000, 1, 1);
  if (frequency === "YEARLY") return 400;
  return frequency === "MONTHLY" ? 4_800 : (days * day) / (units[frequency] ?? day);
}

/** Periods left in a day that no part allows: the one thing that is not tried out. */
function restOfDay(rule: Rule, n: number): number {
  const [from, until] = periodOf(rule, n);
  const today = Math.floor(from / day);
  if (until - from >= day || hasDay(rule, today)) return 0;
  return Math.ceil(((today + 1) * day - from) / ((until - from) * rule.interval)) - 1;
}

/** A time the clocks skip is placed after them, perhaps after or upon a later one: an instant is an instance once. */
function inOrder(found: ReadonlySet<number>, take: number): readonly number[] {
  return [...found].sort((a, b) => a - b).slice(0, take);
}

function readRule(question: OracleCase, parts: ReadonlyMap<string, string>): Rule {
  const start = parseDateTime(question.start)?.wall ?? 0;
  const days = parts.get("BYDAY")?.split(",");
  const numbers = new Map([...parts].map(([name, list]) => [name, list.split(",").map(Number)]));
  return {
    frequency: parts.get("FREQ") ?? "",
    interval: Number(parts.get("INTERVAL") ?? 1),
    weekStart: weekdays.indexOf(parts.get("WKST") ?? "MO"),
    start,
    by: (part) => numbers.get(part),
    days: days?.map((each) => ({ weekday: weekdays.indexOf(each.slice(-2)), nth: Number(each.slice(0, -2)) })),
  };
}

/** All times of the period with that number; `undefined` beyond the last year that can be written. */
function setOfPeriod(rule: Rule, n: number): readonly number[] | undefined {
  const [from, until] = periodOf(rule, n);
  if (civilFromDays(Math.floor(from / day)).year > 9_999) return undefined;
  const times: number[] = [];
  for (let midnight = Math.floor(from / day) * day; midnight < until; midnight += day) {
    if (!hasDay(rule, midnight / day)) continue;
    for (const hour of values(rule, "BYHOUR", 3_600, 24, midnight, from)) {
      for (const minute of values(rule, "BYMINUTE", 60, 60, hour, from)) {
        times.push(...values(rule, "BYSECOND", 1, 60, minute, from));
      }
    }
  }
  return times;
}

/**
 * The hours of a day, minutes of an hour or seconds of a minute of a period. Of a unit shorter than the period, those a part
 * names, or else the one of DTSTART; of one that is not, the one the period is in, where a part does not forbid it.
 */
function values(rule: Rule, part: string, unit: number, count: number, base: number, from: number): readonly number[] {
  const wanted = rule.by(part);
  if (unit < (units[rule.frequency] ?? Infinity)) {
    const named = wanted ?? [Math.floor(rule.start / unit) % count];
    return [...new Set(named)].sort((a, b) => a - b).map((each) => base + each * unit);
  }
  const own = Math.floor(from / unit) % count;
  return !wanted || wanted.includes(own) ? [base + own * unit] : [];
}

/** The first second of a period, and the first after it. */
function periodOf({ frequency, interval, start, weekStart }: Rule, n: number): readonly [number, number] {
  const { year, month } = civilFromDays(Math.floor(start / day));
  const at = (months: number): number => daysFromCivil(Math.floor(months / 12), (months % 12) + 1, 1) * day;
  if (frequency === "YEARLY") return [at((year + n * interval) * 12), at((year + n * interval + 1) * 12)];
  const months = year * 12 + month - 1 + n * interval;
  if (frequency === "MONTHLY") return [at(months), at(months + 1)];
  const unit = units[frequency] ?? day;
  const today = Math.floor(start / day);
  const first =
    frequency === "WEEKLY" ? (today - ((weekdayOf(today) - weekStart + 7) % 7)) * day : start - (start % unit);
  return [first + n * interval * unit, first + n * interval * unit + unit];
}

/** Whether every part about days holds a day; where none says which one of a week, month or year, DTSTART does. */
function hasDay(rule: Rule, days: number): boolean {
  const { frequency, by } = rule;
  const { year, month, day: dayOfMonth } = civilFromDays(days);
  const own = civilFromDays(Math.floor(rule.start / day));
  const ofYear = days - daysFromCivil(year, 1, 1) + 1;
  const inYear = daysFromCivil(year + 1, 1, 1) - daysFromCivil(year, 1, 1);
  if (!holds(by("BYMONTH"), month, 12) || !holds(by("BYYEARDAY"), ofYear, inYear)) return false;
  if (!holds(by("BYMONTHDAY"), dayOfMonth, daysInMonth(year, month)) || !hasWeek(rule, days)) return false;
  if (rule.days) return rule.days.some(({ weekday, nth }) => weekday === weekdayOf(days) && isNth(rule, days, nth));
  if (by("BYYEARDAY") || by("BYMONTHDAY") || (units[frequency] ?? Infinity) <= day) return true;
  if (frequency === "WEEKLY" || by("BYWEEKNO")) return weekdayOf(days) === weekdayOf(Math.floor(rule.start / day));
  if (dayOfMonth !== own.day) return false;
  return frequency === "MONTHLY" || by("BYMONTH") !== undefined || month === own.month;
}

function holds(list: readonly number[] | undefined, number: number, length: number): boolean {
  return list === undefined || list.includes(number) || list.includes(number - length - 1);
}

/** Erratum 3779: the number counts in the month where BYMONTH stands beside it, or FREQ is MONTHLY; else in the year. */
function isNth(rule: Rule, days: number, nth: number): boolean {
  if (nth === 0) return true;
  const { year, month, day: dayOfMonth } = civilFromDays(days);
  if (rule.frequency === "MONTHLY" || rule.by("BYMONTH")) {
    const left = daysInMonth(year, month) - dayOfMonth;
    return nth > 0 ? Math.ceil(dayOfMonth / 7) === nth : -1 - Math.floor(left / 7) === nth;
  }
  const before = days - daysFromCivil(year, 1, 1);
  const left = daysFromCivil(year + 1, 1, 1) - 1 - days;
  return nth > 0 ? Math.floor(before / 7) + 1 === nth : -1 - Math.floor(left / 7) === nth;
}

/** A week belongs to the year that has at least four of its days; it is counted in that year, forward or from its end. */
function hasWeek({ by, weekStart }: Rule, days: number): boolean {
  const wanted = by("BYWEEKNO");
  if (!wanted) return true;
  const first = days - ((weekdayOf(days) - weekStart + 7) % 7);
  const { year } = civilFromDays(first + 3);
  const week = (first - firstWeek(year, weekStart)) / 7 + 1;
  const weeks = (firstWeek(year + 1, weekStart) - firstWeek(year, weekStart)) / 7;
  return holds(wanted, week, weeks);
}

function firstWeek(year: number, weekStart: number): number {
  const fourth = daysFromCivil(year, 1, 4);
  return fourth - ((weekdayOf(fourth) - weekStart + 7) % 7);
}

function choose(set: readonly number[] | undefined, positions: readonly number[] | undefined) {
  if (!set || !positions) return set;
  return set.filter((_, i) => positions.includes(i + 1) || positions.includes(i - set.length));
}

function weekdayOf(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}
