import { maxSearchDays, maxWorkingHours } from "../limits.ts";
import { clipSpan, joinSpans } from "../model/instant-spans.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";
import type { Weekday } from "../recurrence/rule.ts";
import { toInstant, toWall, type Zone } from "../recurrence/zone.ts";

/** The hours of one weekday on which somebody works, as the clock on their wall shows them. */
export interface DayHours {
  readonly weekday: Weekday;
  /** Seconds after midnight; `to` may be beyond the next midnight, for who works at night, but not beyond that of the day after. */
  readonly from: number;
  readonly to: number;
}

/** When somebody works, week by week, in their own zone. What is not named is not worked. */
export interface WorkingHours {
  readonly zone: Zone;
  readonly hours: readonly DayHours[];
}

const dayInSeconds = 86_400;

/**
 * Lists the spans of a range in which somebody works, in order. Hours that the clocks skip are shorter, hours they repeat are
 * longer. At most `maxWorkingHours` of a week and `maxSearchDays` days are looked at.
 */
export function workingSpans({ zone, hours }: WorkingHours, range: InstantRange): readonly InstantRange[] {
  const byWeekday = new Map<number, DayHours[]>();
  for (const each of hours.slice(0, maxWorkingHours)) {
    byWeekday.set(each.weekday, [...(byWeekday.get(each.weekday) ?? []), each]);
  }
  // Work that began two days ago may reach into the range.
  const first = Math.floor(toWall(range.from, zone) / dayInSeconds) - 2;
  const last = Math.min(Math.floor(toWall(range.to, zone) / dayInSeconds), first + maxSearchDays + 4);
  const spans: InstantRange[] = [];
  for (let day = first; day <= last; day++) {
    for (const { from, to } of byWeekday.get(weekdayOf(day)) ?? []) {
      const until = Math.min(to, 2 * dayInSeconds);
      const midnight = day * dayInSeconds;
      spans.push(clipSpan({ from: toInstant(midnight + from, zone), to: toInstant(midnight + until, zone) }, range));
    }
  }
  return joinSpans(spans);
}

/** The weekday of a day, counted from 1970-01-01, a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
