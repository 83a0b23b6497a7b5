import type { EpochSeconds, WallSeconds } from "../icalendar/date-time.ts";
import type { RuleWalk } from "./expand-rule.ts";
import { maxOffsetSeconds, toInstant, type Zone } from "./zone.ts";

interface Moment {
  readonly wall: WallSeconds;
  readonly instant: EpochSeconds;
}

/** A walk through moments of a wall clock in the order of their instants. */
export interface InstantWalk {
  /** Where the walk is, on the wall clock and as an instant, once `next` has returned `true`. */
  wall: WallSeconds;
  instant: EpochSeconds;
  next(): boolean;
}

/**
 * Places what a rule generates in a zone, as `toInstant` does, and leaves out what is before `from` or after `until`. Times the clocks skip are
 * shown an hour later or so, among those that follow; nothing else is out of order. Two may have one instant.
 */
export function walkInstants(walk: RuleWalk, zone: Zone, from: EpochSeconds, until: EpochSeconds): InstantWalk {
  let fastFrom = Infinity;
  let fastUntil = -Infinity;
  let offset = 0;
  let ahead: WallSeconds | undefined;
  /** What was placed already, the last first. */
  const queue: Moment[] = [];
  /** Places a time; how long the gap is it lies in, else 0. */
  const place = (wall: WallSeconds): number => {
    const instant = toInstant(wall, zone);
    const period = zone.periodAt(instant);
    // No earlier period can show these times, and the period itself shows them all.
    fastFrom = period.from + maxOffsetSeconds;
    fastUntil = period.until + period.offset;
    offset = period.offset;
    queue.push({ wall, instant });
    return instant + offset - wall;
  };
  const advance = (): boolean => {
    if (queue.length === 0) {
      const wall = ahead ?? walk();
      ahead = undefined;
      if (wall >= fastFrom && wall < fastUntil) {
        state.wall = wall;
        state.instant = wall - offset;
        return true;
      }
      if (wall === Infinity) return false;
      const gap = place(wall);
      if (gap > 0) {
        let end = wall + 2 * gap;
        for (ahead = walk(); ahead < end; ahead = walk()) end = Math.max(end, ahead + 2 * place(ahead));
        queue.sort((a, b) => b.instant - a.instant || b.wall - a.wall);
      }
    }
    Object.assign(state, queue.pop());
    return true;
  };
  const state: InstantWalk = {
    wall: 0,
    instant: 0,
    next: () => {
      while (advance()) if (state.instant >= from && state.instant <= until) return true;
      return false;
    },
  };
  return state;
}
