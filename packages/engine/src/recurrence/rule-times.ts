import type { WallSeconds } from "../icalendar/date-time.ts";
import { type Frequency, partEffect, type RecurrenceRule } from "./rule.ts";

/** What a rule says of the time of day. */
export interface RuleTimes {
  /** What every period holds: seconds from the start of a day, or of the hour, minute or second the rule repeats by. */
  readonly times: readonly number[];
  /**
   * The first second of a day, at or after one, that a unit which fits may begin with; a whole day's seconds where there is none
   * left. Missing where every one fits.
   */
  readonly nextTime?: (second: number) => number;
}

const dayInSeconds = 86_400;
const units: Readonly<Partial<Record<Frequency, number>>> = { SECONDLY: 1, MINUTELY: 60, HOURLY: 3_600 };

/** The seconds of a period of a frequency up to a day; those of a day for all longer ones. */
export function secondsOf(frequency: Frequency): number {
  return units[frequency] ?? dayInSeconds;
}

/** Sorts BYHOUR, BYMINUTE and BYSECOND into what expands and what limits. Those of a date are ignored, RFC 5545 §3.3.10. */
export function makeRuleTimes(rule: RecurrenceRule, start: WallSeconds, isDate: boolean): RuleTimes {
  if (isDate) return { times: [0] };
  const { frequency } = rule;
  const second = start - Math.floor(start / dayInSeconds) * dayInSeconds;
  const expands = (part: "byHour" | "byMinute" | "bySecond"): boolean => partEffect(part, frequency) === "Expand";
  const hours = expands("byHour") ? listOr(rule.byHour, Math.floor(second / 3_600)) : [0];
  const minutes = expands("byMinute") ? listOr(rule.byMinute, Math.floor(second / 60) % 60) : [0];
  const seconds = expands("bySecond") ? listOr(rule.bySecond, second % 60) : [0];
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((each) => hour * 3_600 + minute * 60 + each)),
  );
  const limit = (part: "byHour" | "byMinute" | "bySecond"): readonly number[] => (expands(part) ? [] : rule[part]);
  const limits = { hours: limit("byHour"), minutes: limit("byMinute"), seconds: limit("bySecond") };
  const isLimited = Object.values(limits).some((list) => list.length > 0);
  return isLimited ? { times, nextTime: makeNextTime(limits) } : { times };
}

function listOr(list: readonly number[], usual: number): readonly number[] {
  return list.length > 0 ? [...list].sort((a, b) => a - b) : [usual];
}

interface TimeLimits {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
}

function makeNextTime({ hours, minutes, seconds }: TimeLimits): (second: number) => number {
  const isOutside = (list: readonly number[], number: number): boolean => list.length > 0 && !list.includes(number);
  return (from) => {
    let time = from;
    // At most 24 hours, 60 minutes and 60 seconds are passed over.
    while (time < dayInSeconds) {
      const hour = Math.floor(time / 3_600);
      const minute = Math.floor(time / 60);
      if (isOutside(hours, hour)) time = (hour + 1) * 3_600;
      else if (isOutside(minutes, minute % 60)) time = (minute + 1) * 60;
      else if (isOutside(seconds, time % 60)) time++;
      else break;
    }
    return time;
  };
}
