import type { CalendarUserAddress } from "../../model/address.ts";
import { componentAt, governingComponent, leadingComponent } from "../../model/calendar-object.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { allRegisters } from "../../model/registers.ts";
import { currentAnswer, isOverruled } from "../../model/render.ts";
import type { Revision } from "../../model/revision.ts";
import { asksAnew, neverCounts, type Participation, type SchedulingState } from "../../model/scheduling-state.ts";
import type { Comparison } from "./compare.ts";
import type { Difference } from "./difference.ts";

/**
 * Makes the answers void of those who were taken off a guest list, also if they are invited again: of the Instance they were taken
 * off, or of all they are not still on. The last argument is the revision by which they were.
 */
export function voidAnswers(
  state: SchedulingState,
  what: Comparison,
  { sequence }: Revision,
): readonly (readonly [string, Participation])[] {
  // What begins has no answers but those that were carried into it.
  if (!what.before) return [];
  const removed = removedGuests(what);
  const again = new Set([...what.differences.values()].filter(isAgain).map(({ key }) => key));
  if (removed.size === 0 && again.size === 0) return [];
  const { overrides } = what.after;
  const isStillOn = ({ attendee, key }: Participation): boolean => overrides.get(key)?.attendees.has(attendee) === true;
  return [...allRegisters(state.participations)].flatMap(
    ([register, said]): readonly (readonly [string, Participation])[] => {
      if (isOverruled(state, said)) return [];
      // Of what was called off even delegations end: all are asked anew; and so is whose delegate is listed no more.
      const speaker = governingComponent(what.after, said.key)?.key ?? said.key;
      const reply = said.key === masterKey ? said.reply : { ...said.reply, sequence };
      const isCalledOff = again.has(said.key) || again.has(speaker);
      if (said.partstat === "DELEGATED" && (isCalledOff || hasLostDelegates(state, what, said, removed))) {
        return [[register, { ...said, reply, answeredSequence: asksAnew }]];
      }
      const keys = removed.get(said.attendee);
      return keys && !isStillOn(said) ? takenOff(register, said, keys, sequence) : [];
    },
  );
}

/** Makes an answer void of who was taken off those components, by a CANCEL of that SEQUENCE. */
export function takenOff(
  register: string,
  said: Participation,
  keys: ReadonlySet<InstanceKey>,
  sequence: number,
): readonly (readonly [string, Participation])[] {
  const isOfWhole = said.key === masterKey;
  // Taken off the whole: what they answer to that next is to its Instances too.
  if (keys.has(masterKey) && !isOfWhole) return [[register, { ...said, answeredSequence: neverCounts }]];
  const reply = isOfWhole ? said.reply : { ...said.reply, sequence };
  return keys.has(said.key) && !said.range ? [[register, { ...said, reply, answeredSequence: asksAnew }]] : [];
}

/** Whether those somebody delegated to are taken off, or the last of them who did not decline is. */
function hasLostDelegates(
  state: SchedulingState,
  { before, after }: Comparison,
  { attendee, key, delegatedTo = [] }: Participation,
  removed: ReadonlyMap<CalendarUserAddress, ReadonlySet<InstanceKey>>,
): boolean {
  if (!before || !delegatedTo.some((delegate) => removed.has(delegate))) return false;
  const left = (governingComponent(after, key) ?? leadingComponent(after)).attendees;
  if (delegatedTo.every((delegate) => !left.has(delegate))) return true;
  const component = componentAt(before, key) ?? leadingComponent(before);
  return currentAnswer(state, component, attendee, key).outdated;
}

/** Whether something takes place that did not. */
function isAgain({ before, after }: Difference): boolean {
  return !before && after !== undefined;
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
