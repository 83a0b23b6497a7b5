import type { CalendarUserAddress } from "../model/address.ts";
import type { CalendarObject } from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import { onlyInstance } from "../model/instance.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegisters } from "../model/registers.ts";
import { lastAnswer, majorSequence } from "../model/render.ts";
import { asksAnew, type Participation, participationKey, type SchedulingState } from "../model/scheduling-state.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";

/**
 * Takes answers to the only Instance that is left of a series for answers to the whole, where they are newer than what was said of that:
 * what does not repeat is answered as a whole (decision 0019), whichever comes first, the answer or the end of the series. Of `attendees`,
 * or of all, by one walk through the registers.
 */
export function withAnswersToOnly(
  state: SchedulingState & { readonly object: CalendarObject },
  zones: ZoneResolver,
  attendees?: Iterable<CalendarUserAddress>,
): SchedulingState {
  const only = onlyInstance(state.object, zones, (one) => isCancelled(state, one));
  if (only === undefined) return state;
  const counts = ({ partstat, key, answeredSequence }: Participation): boolean =>
    answeredSequence >= (partstat === "DELEGATED" ? 0 : majorSequence(state, key));
  const ofWhole: [string, Participation][] = [];
  for (const attendee of attendees ?? whoAnswered(state, only)) {
    const one = lastAnswer(state, attendee, only);
    if (!one || !counts(one)) continue;
    const { range: _range, ...said } = one;
    const register = participationKey(attendee, masterKey);
    const known = readRegister(state.participations, register);
    // A later answer in doubt is still what was said last. An Instance and the whole count SEQUENCE each by itself: DTSTAMP tells.
    const stands = known && (counts(known) || known.answeredSequence === asksAnew);
    if (!stands || known.reply.dtstamp < said.reply.dtstamp) ofWhole.push([register, { ...said, key: masterKey }]);
  }
  return { ...state, participations: writeRegisters(state.participations, ofWhole) };
}

function whoAnswered({ participations }: SchedulingState, only: InstanceKey): ReadonlySet<CalendarUserAddress> {
  const answered = [...allRegisters(participations).values()].filter(({ key }) => key === only);
  return new Set(answered.map(({ attendee }) => attendee));
}
