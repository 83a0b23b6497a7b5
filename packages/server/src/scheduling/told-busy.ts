import type { CalendarUserAddress, EpochSeconds } from "@parley/engine";
import { type BusyTime, clipBusyPeriods, combineReports } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import type { Principal, ReadTransaction } from "../store/store.ts";
import type { House } from "./house.ts";

/** Busy time that somebody elsewhere told, and when the newest of it came. */
export interface ToldTime extends BusyTime {
  readonly toldAt: EpochSeconds;
}

/**
 * Gives what people elsewhere have told a principal of their time in a range, as far as it is believed still; whoever told nothing of it is
 * absent. It is incomplete where they did not speak of all of the range. Decision 0040.
 */
export async function readToldTimes(
  house: House,
  { knownBusy }: ReadTransaction,
  principal: Principal,
  addresses: readonly CalendarUserAddress[],
  range: InstantRange,
): Promise<ReadonlyMap<CalendarUserAddress, ToldTime>> {
  const told = await knownBusy.told(principal.id, addresses, range, house.clock());
  const times = [...told].map(([address, reports]): readonly [CalendarUserAddress, ToldTime] => {
    const { known, periods } = combineReports(reports);
    const isWhole = known.some(({ from, to }) => from <= range.from && to >= range.to);
    const toldAt = Math.max(...reports.map((report) => report.toldAt));
    return [address, { periods: clipBusyPeriods(periods, range), isIncomplete: !isWhole, toldAt }];
  });
  return new Map(times);
}
