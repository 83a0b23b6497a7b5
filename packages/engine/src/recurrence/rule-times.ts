import type { WallSeconds } from "../icalendar/date-time.ts";
import { type Frequency, partEffect, type RecurrenceRule } from "./rule.ts";
import { dayInSeconds, modulo } from "./rule-days.ts";

/** What a rule says of the time of day. */
export interface RuleTimes {
  /** What every period holds: seconds from the start of a day, or of the hour, minute or second the rule repeats by, ascending. */
  readonly times: ArrayLike<number>;
  /** For each hour, minute or second of a day, whichever the rule repeats by, whether it fits: 1 or 0. Missing where all do. */
  readonly fits?: ArrayLike<number>;
}

const units: Readonly<Partial<Record<Frequency, number>>> = { SECONDLY: 1, MINUTELY: 60, HOURLY: 3_600 };

/** The seconds of a period of a frequency up to a day; those of a day for all longer ones. */
export function secondsOf(frequency: Frequency): number {
  return units[frequency] ?? dayInSeconds;
}

/** Sorts BYHOUR, BYMINUTE and BYSECOND into what expands and what limits. Those of a date are ignored, RFC 5545 §3.3.10. */
export function makeRuleTimes(rule: RecurrenceRule, start: WallSeconds, isDate: boolean): RuleTimes {
  if (isDate) return { times: [0] };
  const parts = (
    [
      ["byHour", 24, 3_600],
      ["byMinute", 60, 60],
      ["bySecond", 60, 1],
    ] as const
  ).map(([part, count, unit]) => {
    const list = [...rule[part]].sort((a, b) => a - b);
    const listOr = (usual: readonly number[]): readonly number[] => (list.length > 0 ? list : usual);
    return partEffect(part, rule.frequency) === "Expand"
      ? { times: listOr([modulo(Math.floor(start / unit), count)]), fitting: [0], limits: false }
      : { times: [0], fitting: listOr([...Array(count).keys()]), limits: list.length > 0 };
  });
  const times = combine(parts.map((part) => part.times));
  if (!parts.some(({ limits }) => limits)) return { times };
  const unit = secondsOf(rule.frequency);
  const fits = new Uint8Array(dayInSeconds / unit);
  for (const time of combine(parts.map(({ fitting }) => fitting))) fits[time / unit] = 1;
  return { times, fits };
}

/** All times of the three lists; there may be one for each second of a day. */
function combine([hours = [], minutes = [], seconds = []]: readonly (readonly number[])[]): Int32Array {
  const times = new Int32Array(hours.length * minutes.length * seconds.length);
  let length = 0;
  for (const hour of hours) {
    for (const minute of minutes) {
      for (const second of seconds) times[length++] = hour * 3_600 + minute * 60 + second;
    }
  }
  return times;
}

/** Counts the numbers of an ascending list that are less than one. */
export function countBelow(numbers: ArrayLike<number>, bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
