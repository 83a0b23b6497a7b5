import type { CalendarUserAddress } from "../../model/address.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { allRegisters } from "../../model/registers.ts";
import type { Participation, SchedulingState } from "../../model/scheduling-state.ts";
import type { Comparison } from "./compare.ts";

/**
 * Makes the answers void of those who were taken off a guest list, also if they are invited again: of the Instance they were taken
 * off, or of all they are not still on.
 */
export function voidAnswers(state: SchedulingState, what: Comparison): readonly (readonly [string, Participation])[] {
  const removed = removedGuests(what);
  if (removed.size === 0) return [];
  const { overrides } = what.after;
  const isStillOn = ({ attendee, key }: Participation): boolean => overrides.get(key)?.attendees.has(attendee) === true;
  return [...allRegisters(state.participations)].flatMap(([register, said]) => {
    const keys = removed.get(said.attendee);
    const isVoid = keys && (keys.has(said.key) || (keys.has(masterKey) && !isStillOn(said)));
    return isVoid ? [[register, { ...said, answeredSequence: -1 }] as const] : [];
  });
}

function removedGuests({ differences }: Comparison): ReadonlyMap<CalendarUserAddress, ReadonlySet<InstanceKey>> {
  const removed = new Map<CalendarUserAddress, Set<InstanceKey>>();
  for (const { key, before, after } of differences.values()) {
    if (!before || !after) continue;
    for (const guest of before.attendees.keys()) {
      if (after.attendees.has(guest)) continue;
      const keys = removed.get(guest);
      if (keys) keys.add(key);
      else removed.set(guest, new Set([key]));
    }
  }
  return removed;
}
