import { civilFromDays, type DateOrDateTime, type WallSeconds } from "../../icalendar/date-time.ts";
import { maxTimesNamed } from "../../limits.ts";
import { partEffect, type RecurrenceRule, type Weekday } from "../rule.ts";
import { toWall, type Zone } from "../zone.ts";
import { clock, timeOfDay } from "./clock.ts";
import { daysInWords, type Phrases, weekdaysOf } from "./days.ts";
import { inOrder, type Language, type Unit } from "./language.ts";
import { simplifyRule, workingDayPositions } from "./simplify-rule.ts";

/** For what a rule is said. */
export interface RuleSetting {
  /** The zone of DTSTART, in which UNTIL is told. */
  readonly zone: Zone;
  /** DTSTART: what the rule takes from it is said as well, such as the day of the month. */
  readonly start?: DateOrDateTime;
}

const units: Readonly<Record<RecurrenceRule["frequency"], Unit>> = {
  SECONDLY: "second",
  MINUTELY: "minute",
  HOURLY: "hour",
  DAILY: "day",
  WEEKLY: "week",
  MONTHLY: "month",
  YEARLY: "year",
};

const daySeconds = 86_400;

/** Says a rule in a language given as data: see `ruleInWords`, which has the languages by their codes. */
export function sayRule(rule: RecurrenceRule, language: Language, setting: RuleSetting): string {
  const simple = simplifyRule(rule, setting.start);
  const { head, close, apart } = daysInWords(simple, language);
  const time = timesInWords(simple, language, setting.start);
  const tight = [head, ...close];
  const loose = [...apart];
  // A condition would seem to hold for the times that follow it without a comma.
  (loose.length === 0 ? tight : loose).push(...time.close);
  loose.push(...time.apart);
  if (simple.bySetPosition.length > 0 && !workingDayPositions(simple)) {
    loose.push(language.pick(inOrder(simple.bySetPosition), units[simple.frequency]));
  }
  if (weekStartMatters(simple)) loose.push(language.weekStart(simple.weekStart));
  if (simple.skip !== "OMIT") loose.push(language.moved(simple.skip));
  const sentence = [tight.join(language.joint), ...loose].join(language.comma);
  return `${sentence}${endInWords(simple, language, setting, loose.length > 0)}`;
}

/** Weeks of one interval, or with all days in them, are the same wherever they begin. */
function weekStartMatters(rule: RecurrenceRule): boolean {
  if (rule.weekStart === 1) return false;
  if (rule.byWeekNumber.length > 0) return true;
  if (rule.frequency !== "WEEKLY") return false;
  if (rule.interval === 1 && rule.bySetPosition.length === 0) return false;
  const before = (day: Weekday): boolean => (day || 7) < (rule.weekStart || 7);
  const days = weekdaysOf(rule);
  return days.some(before) && !days.every(before);
}

/** Says the times of day: those the rule makes stand close to its days, those that limit it apart. */
function timesInWords(rule: RecurrenceRule, language: Language, start: DateOrDateTime | undefined): Phrases {
  const { byHour, byMinute, bySecond, frequency } = rule;
  const times = clockTimes(rule, start);
  if (times) return { close: [language.at(times)], apart: [] };
  const made: string[] = [];
  const limits: string[] = [];
  const add = (part: "byHour" | "byMinute" | "bySecond", phrase: string): void => {
    if (partEffect(part, frequency) === "Expand") made.push(phrase);
    else limits.push(language.only(phrase));
  };
  if (byHour.length > 0) add("byHour", language.between(hoursOf(inOrder(byHour))));
  if (byMinute.length > 0) add("byMinute", language.atMinutes(inOrder(byMinute)));
  if (bySecond.length > 0) add("bySecond", language.atSeconds(inOrder(bySecond)));
  return { close: made.slice(0, 1), apart: [...made.slice(1), ...limits] };
}

/**
 * Lists the times of day a rule makes; `undefined` for a rule that makes none, or too many of them, or for which they are
 * not known without DTSTART.
 */
function clockTimes(rule: RecurrenceRule, start: DateOrDateTime | undefined): readonly string[] | undefined {
  const { byHour, byMinute, bySecond } = rule;
  if (partEffect("byHour", rule.frequency) !== "Expand") return undefined;
  if (byHour.length + byMinute.length + bySecond.length === 0) return undefined;
  const ofStart = start && timeOfDay(start.wall);
  const hours = byHour.length > 0 || ofStart === undefined ? inOrder(byHour) : [Math.floor(ofStart / 3_600)];
  const minutes = byMinute.length > 0 || ofStart === undefined ? inOrder(byMinute) : [Math.floor(ofStart / 60) % 60];
  const seconds = bySecond.length > 0 || ofStart === undefined ? inOrder(bySecond) : [ofStart % 60];
  if (hours.length === 0 || minutes.length === 0) return undefined;
  const all = hours.flatMap((hour) =>
    minutes.flatMap((minute) =>
      seconds.length === 0
        ? [clock(hour * 3_600 + minute * 60)]
        : seconds.map((second) => clock(hour * 3_600 + minute * 60 + second)),
    ),
  );
  return all.length > maxTimesNamed ? undefined : all;
}

/** Puts hours that follow each other together, each with its last minute. */
function hoursOf(hours: readonly number[]): readonly (readonly [string, string])[] {
  const ranges: [number, number][] = [];
  for (const hour of hours) {
    const last = ranges.at(-1);
    if (last?.[1] === hour - 1) last[1] = hour;
    else ranges.push([hour, hour]);
  }
  return ranges.map(([first, last]) => [clock(first * 3_600), clock(last * 3_600 + 59 * 60)]);
}

function endInWords(rule: RecurrenceRule, language: Language, setting: RuleSetting, isLong: boolean): string {
  const until = rule.until && untilInWords(rule, rule.until, language, setting);
  const { count } = rule;
  const end = until === undefined ? "" : `${isLong ? language.comma : language.endJoint}${until}`;
  if (count === undefined) return end;
  return `${end}${language.comma}${until === undefined ? language.times(count) : language.atMost(count)}`;
}

function untilInWords(
  rule: RecurrenceRule,
  until: DateOrDateTime,
  language: Language,
  { zone, start }: RuleSetting,
): string {
  const wall = until.kind === "utc" ? toWall(until.wall, zone) : until.wall;
  const byTime = partEffect("byHour", rule.frequency) === "Limit";
  if (until.kind !== "date" && byTime) return language.until(sayDate(wall, language), clock(timeOfDay(wall)));
  return language.until(
    sayDate(isTooEarly(rule, until, wall, zone, start) ? wall - daySeconds : wall, language),
    undefined,
  );
}

/** Whether nothing can start any more on the day of UNTIL, as all that recurs does so later on a day. */
function isTooEarly(
  rule: RecurrenceRule,
  until: DateOrDateTime,
  wall: WallSeconds,
  zone: Zone,
  start: DateOrDateTime | undefined,
): boolean {
  if (until.kind === "date" || !start || start.kind === "date") return false;
  if (rule.byHour.length + rule.byMinute.length + rule.bySecond.length > 0) return false;
  const startWall = start.kind === "utc" ? toWall(start.wall, zone) : start.wall;
  return timeOfDay(wall) < timeOfDay(startWall);
}

/** Says the date of a wall clock time, without its weekday. */
export function sayDate(wall: WallSeconds, language: Language): string {
  const { year, month, day } = civilFromDays(Math.floor(wall / daySeconds));
  return language.date(year, month, day);
}
