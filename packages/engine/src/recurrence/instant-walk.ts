import type { EpochSeconds, WallSeconds } from "../icalendar/date-time.ts";
import type { RuleWalk } from "./expand-rule.ts";
import { maxOffsetSeconds, toInstant, type Zone } from "./zone.ts";

/** A walk through moments of a wall clock in the order of their instants. */
export interface InstantWalk {
  /** Where the walk is, on the wall clock and as an instant, once `next` has returned `true`. */
  wall: WallSeconds;
  instant: EpochSeconds;
  next(): boolean;
}

interface Moment {
  readonly wall: WallSeconds;
  readonly instant: EpochSeconds;
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
  let queue: readonly Moment[] = [];
  let queued = 0;
  /** Places a time; how long the gap is it lies in, else 0. */
  const place = (wall: WallSeconds): number => {
    state.wall = wall;
    state.instant = toInstant(wall, zone);
    const period = zone.periodAt(state.instant);
    // No earlier period can show these times, and the period itself shows them all.
    fastFrom = period.from + maxOffsetSeconds;
    fastUntil = period.until + period.offset;
    offset = period.offset;
    return state.instant + offset - wall;
  };
  const queueGap = (first: WallSeconds, gap: number): void => {
    const moments: Moment[] = [{ wall: first, instant: state.instant }];
    let end = first + 2 * gap;
    let wall = walk();
    for (; wall < end; wall = walk()) {
      const again = place(wall);
      moments.push({ wall, instant: state.instant });
      if (again > 0) end = Math.max(end, wall + 2 * again);
    }
    ahead = wall;
    queue = moments.sort((a, b) => a.instant - b.instant || a.wall - b.wall);
    queued = 0;
  };
  const advance = (): boolean => {
    const moment = queue[queued];
    if (moment) {
      queued++;
      state.wall = moment.wall;
      state.instant = moment.instant;
      return true;
    }
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
      queueGap(wall, gap);
      return advance();
    }
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
