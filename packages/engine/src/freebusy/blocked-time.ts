import type { EpochSeconds } from "../icalendar/date-time.ts";
import { type BusyPeriod, mergeBusyPeriods } from "../model/busy-time.ts";
import { subtractSpans } from "../model/instant-spans.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";
import { utc } from "../recurrence/zone.ts";
import { unavailablePeriods } from "./availability.ts";
import { buffersOf, type Candidate, countSlots, type TimeSearch } from "./time-search.ts";
import { workingSpans } from "./working-hours.ts";

/** When one candidate cannot be had, each list in order and without overlaps. */
export interface BlockedTime {
  readonly busy: readonly BusyPeriod[];
  /** Outside of their working hours. */
  readonly outside: readonly InstantRange[];
}

/** Puts together when a candidate cannot be had. */
export function blockedTime({ busy, hours }: Candidate, search: TimeSearch): BlockedTime {
  if (!hours) return { busy: mergeBusyPeriods(busy), outside: [] };
  if ("zone" in hours) {
    return { busy: mergeBusyPeriods(busy), outside: subtractSpans([search.range], workingSpans(hours, search.range)) };
  }
  // VAVAILABILITYs that were read know their zones; UTC is only for who wrote times without one.
  const { periods } = unavailablePeriods(hours, search.range, { localZone: utc, limits: search.limits });
  const tentative = periods.filter(({ type }) => type === "BUSY-TENTATIVE");
  return {
    busy: mergeBusyPeriods([...busy, ...tentative]),
    outside: periods.filter(({ type }) => type !== "BUSY-TENTATIVE"),
  };
}

/** From the first start that something makes impossible up to the first it no longer does. */
export type Run = readonly [number, number];

/** The starts at which a candidate cannot come, and those at which they cannot or only perhaps, in order. */
export interface BlockedStarts {
  readonly blocked: readonly Run[];
  readonly blockedOrTentative: readonly Run[];
}

/** Turns the time in which a candidate cannot be had into the starts at which the meeting would meet it. */
export function blockedStarts({ busy, outside }: BlockedTime, search: TimeSearch): BlockedStarts {
  const [before, after] = buffersOf(search);
  const blocked: Run[] = [];
  const tentative: Run[] = [];
  for (const period of busy) {
    const runs = period.type === "BUSY-TENTATIVE" ? tentative : blocked;
    runs.push(runOf(period, before, after, search));
  }
  for (const span of outside) blocked.push(runOf(span, 0, 0, search));
  return { blocked: joinRuns(blocked), blockedOrTentative: joinRuns([...blocked, ...tentative]) };
}

/** The starts s at which [s - before, s + duration + after) and the span have time in common, by number. */
function runOf({ from, to }: InstantRange, before: number, after: number, search: TimeSearch): Run {
  const { range, durationSeconds, stepSeconds } = search;
  const slotAt = (start: EpochSeconds): number => {
    const slot = Math.ceil((start - range.from) / stepSeconds);
    return Math.min(Math.max(slot, 0), countSlots(search));
  };
  return [slotAt(from - durationSeconds - after + 1), slotAt(to + before)];
}

function joinRuns(runs: Run[]): readonly Run[] {
  const joined: [number, number][] = [];
  for (const [from, to] of runs.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (from >= to) continue;
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
