import type { EpochSeconds, SchedulingState } from "@parley/engine";
import { type BusyOptions, type BusyPeriod, busyPeriods } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import { basisOf } from "../store/busy.ts";
import { type BusyIndexing, type IndexedTime, longestBusyRow } from "../store/busy-time.ts";
import type { Principal, StoredObject, Transaction } from "../store/store.ts";
import type { House } from "./house.ts";
import { spanOf, zoneOf } from "./span.ts";

const dayInSeconds = 86_400;
/** How far ahead of now the index is made at least; a job sees to it. */
export const busyHorizonSeconds = 730 * dayInSeconds;
/** A series is followed for so much longer, so that it is not looked at again every day. */
const aheadSeconds = busyHorizonSeconds + 30 * dayInSeconds;
/** Instances looked at for the index of one object, and rows it makes: more than a series of every day has in the longest window. */
const maxRowsOfObject = 1_000;
/** What takes place more often after a window is not followed to its end. */
const maxLater = 20;
/** No calendar tells of a time outside of these years: 0 to 9999. */
export const allTime = { from: -62_200_000_000, to: 253_402_400_000 } as const;

/** What is tried one after the other where all of an object is too much: seconds before and after now. */
const windows = [
  [92 * dayInSeconds, aheadSeconds],
  [31 * dayInSeconds, 92 * dayInSeconds],
  [dayInSeconds, 7 * dayInSeconds],
] as const;

/** Gives what busy time of a principal is found with. */
export function busyOptions(house: House, principal: Principal): BusyOptions {
  return {
    addresses: new Set(principal.addresses),
    localZone: zoneOf(house, principal),
    zones: house.zones,
    limits: house.limits,
  };
}

/** Names what the times of a principal's objects are placed with. */
export function basisFor(house: House, principal: Principal): string {
  return basisOf(house.zoneData ?? "", principal.timezone);
}

/** Tells how objects of a principal come into the index. */
export function busyIndexing(house: House, principal: Principal): BusyIndexing {
  const options = busyOptions(house, principal);
  return { addresses: options.addresses, expand: (state) => indexedTime(house, principal, state, options) };
}

/**
 * Finds the time an object takes, for the index: all of it where that is within the bound, else what lies around now, as far as the bound
 * allows; of what takes place every minute nothing, so that whoever asks expands it. Decision 0029.
 */
export function indexedTime(
  house: House,
  principal: Principal,
  state: SchedulingState,
  options = busyOptions(house, principal),
): IndexedTime {
  const basis = basisFor(house, principal);
  const now = house.clock();
  const find = (from: EpochSeconds, to: EpochSeconds, max = maxRowsOfObject) =>
    findBounded(state, { from, to }, options, max);
  for (const [before, after] of windows) {
    const [from, until] = [now - before, now + after];
    const periods = find(from, until);
    const isLast = periods && find(until, allTime.to, maxLater) !== undefined;
    const whole = isLast && find(allTime.from, allTime.to);
    if (whole) return { basis, from: null, until: null, periods: whole };
    if (periods) return { basis, from, until, periods };
  }
  return { basis, from: now, until: now, periods: [] };
}

/** The busy time of one object in a range; `undefined` where it is more than one object may bring into the index. */
function findBounded(
  state: SchedulingState,
  range: InstantRange,
  options: BusyOptions,
  max: number,
): readonly BusyPeriod[] | undefined {
  const limits = { ...options.limits, maxInstances: Math.min(options.limits.maxInstances, max) };
  const { periods, isIncomplete } = busyPeriods([state], range, { ...options, limits });
  const rows = periods.reduce((sum, period) => sum + Math.ceil((period.to - period.from) / longestBusyRow), 0);
  return isIncomplete || rows > maxRowsOfObject ? undefined : periods;
}

/** Makes what follows from the times of an object anew: its span, and what the index has of it. */
export async function indexAnew(
  house: House,
  { upkeep, busy }: Transaction,
  principal: Principal,
  { id, state }: StoredObject,
): Promise<void> {
  await upkeep.setSpan(id, spanOf(house, principal, state));
  await busy.index(principal.id, id, indexedTime(house, principal, state));
}
