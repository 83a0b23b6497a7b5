import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import { readRegister, writeRegister } from "../model/registers.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import type { Context } from "./context.ts";

const dayInSeconds: EpochSeconds = 86_400;

/**
 * Counts one healing: a version sent again to somebody, or asked for. `undefined` where they have had as many as policy allows, or as
 * `most` says, in the day (86,400 seconds) that began with the first: so two copies never talk for ever.
 */
export function countHealing(
  state: SchedulingState,
  address: CalendarUserAddress,
  context: Context,
  most = context.policy.maxHealingsPerDay,
): SchedulingState | undefined {
  const known = readRegister(state.healings, address);
  const isToday = known !== undefined && context.now - known.since < dayInSeconds;
  const { since, count } = isToday ? known : { since: context.now, count: 0 };
  if (count >= most) return undefined;
  return { ...state, healings: writeRegister(state.healings, address, { since, count: count + 1 }) };
}
