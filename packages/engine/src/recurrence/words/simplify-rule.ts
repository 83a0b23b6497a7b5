import { civilFromDays, type DateOrDateTime } from "../../icalendar/date-time.ts";
import { weekdayOf } from "../posix-rule.ts";
import type { RecurrenceRule, Weekday } from "../rule.ts";

const workingDays: readonly Weekday[] = [1, 2, 3, 4, 5];

/**
 * Finds the positions of a rule that counts the days from Monday to Friday in a month or year, such as its last one;
 * `undefined` for other rules.
 */
export function workingDayPositions(rule: RecurrenceRule): readonly number[] | undefined {
  const { byDay, bySetPosition, frequency, byMonth } = rule;
  const isYear = frequency === "YEARLY" && byMonth.length === 0;
  if (bySetPosition.length === 0 || !countsDays(rule) || (!isYear && !isOneMonth(rule))) return undefined;
  const isAll =
    byDay.length === 5 && workingDays.every((day) => byDay.some((each) => each.weekday === day && each.nth === 0));
  return isAll ? bySetPosition : undefined;
}

/** Whether the positions of a rule count days, made by weekdays alone. */
function countsDays(rule: RecurrenceRule): boolean {
  const several = [rule.byHour, rule.byMinute, rule.bySecond].some((list) => list.length > 1);
  return !several && rule.byMonthDay.length + rule.byYearDay.length + rule.byWeekNumber.length === 0;
}

/** Finds the rule that gives the same, said most simply; what a rule takes from DTSTART is written out. */
export function simplifyRule(rule: RecurrenceRule, start: DateOrDateTime | undefined): RecurrenceRule {
  return simplifyPositions(byWeeks(withoutTimes(start ? withStart(rule, start) : rule, start)));
}

/** RFC 5545 §3.3.10: times of day count for nothing beside a DTSTART that is a date. */
function withoutTimes(rule: RecurrenceRule, start: DateOrDateTime | undefined): RecurrenceRule {
  return start?.kind === "date" ? { ...rule, byHour: [], byMinute: [], bySecond: [] } : rule;
}

/** RFC 5545 §3.3.10: what the BYxxx parts leave open comes from DTSTART. */
function withStart(rule: RecurrenceRule, start: DateOrDateTime): RecurrenceRule {
  const days = Math.floor(start.wall / 86_400);
  const { month, day } = civilFromDays(days);
  const byDay = [{ weekday: weekdayOf(days) as Weekday, nth: 0 }];
  if (rule.byDay.length + rule.byMonthDay.length + rule.byYearDay.length > 0) return rule;
  if (rule.frequency === "WEEKLY") return { ...rule, byDay };
  if (rule.frequency === "MONTHLY") return { ...rule, byMonthDay: [day] };
  if (rule.frequency !== "YEARLY") return rule;
  if (rule.byWeekNumber.length > 0) return { ...rule, byDay };
  return { ...rule, byMonth: rule.byMonth.length > 0 ? rule.byMonth : [month], byMonthDay: [day] };
}

/** Every day that is a Monday is every Monday. */
function byWeeks(rule: RecurrenceRule): RecurrenceRule {
  const isDaily = rule.frequency === "DAILY" && rule.interval === 1 && rule.byDay.length > 0;
  return isDaily && rule.bySetPosition.length === 0 ? { ...rule, frequency: "WEEKLY" } : rule;
}

/** The second of all Tuesdays is the second Tuesday; the last of all days is the last day. */
function simplifyPositions(rule: RecurrenceRule): RecurrenceRule {
  const { byDay, bySetPosition } = rule;
  if (bySetPosition.length === 0 || !countsDays(rule) || !isOneMonth(rule)) return rule;
  const [only, more] = byDay;
  // RFC 7529 §4.1: SKIP moves days a month does not have; positions are not moved.
  if (rule.skip === "OMIT" && byDay.length === 7 && byDay.every(({ nth }) => nth === 0)) {
    const inMonth = bySetPosition.every((position) => Math.abs(position) <= 31);
    return inMonth ? { ...rule, byDay: [], byMonthDay: bySetPosition, bySetPosition: [] } : rule;
  }
  if (!only || more || only.nth !== 0 || bySetPosition.some((position) => Math.abs(position) > 5)) return rule;
  const numbered = bySetPosition.map((nth) => ({ weekday: only.weekday, nth }));
  return { ...rule, byDay: numbered, bySetPosition: [] };
}

function isOneMonth(rule: RecurrenceRule): boolean {
  return rule.frequency === "MONTHLY" || (rule.frequency === "YEARLY" && rule.byMonth.length === 1);
}
