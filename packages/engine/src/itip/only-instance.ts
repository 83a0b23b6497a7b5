import type { CalendarObject } from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import { onlyInstance } from "../model/instance.ts";
import { masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegisters } from "../model/registers.ts";
import { lastAnswer, majorSequence } from "../model/render.ts";
import { compareRevisions } from "../model/revision.ts";
import { type Participation, participationKey, type SchedulingState } from "../model/scheduling-state.ts";
import type { ZoneResolver } from "../recurrence/resolve.ts";

/**
 * Takes answers to the only Instance that is left of a series for answers to the whole, where they are newer than what was said of that:
 * what does not repeat is answered as a whole (decision 0019), whichever comes first, the answer or the end of the series. One walk
 * through the registers.
 */
export function withAnswersToOnly(
  state: SchedulingState & { readonly object: CalendarObject },
  zones: ZoneResolver,
): SchedulingState {
  const only = onlyInstance(state.object, zones, (one) => isCancelled(state, one));
  if (only === undefined) return state;
  const counts = ({ partstat, key, answeredSequence }: Participation): boolean =>
    answeredSequence >= (partstat === "DELEGATED" ? 0 : majorSequence(state, key));
  const ofWhole = new Map<string, Participation>();
  for (const one of allRegisters(state.participations).values()) {
    if (one.key !== only || !counts(one) || lastAnswer(state, one.attendee, only) !== one) continue;
    const { range: _range, ...said } = one;
    const register = participationKey(said.attendee, masterKey);
    const known = ofWhole.get(register) ?? readRegister(state.participations, register);
    const isLater = known && counts(known) && compareRevisions(known.reply, said.reply) >= 0;
    if (!isLater) ofWhole.set(register, { ...said, key: masterKey });
  }
  return { ...state, participations: writeRegisters(state.participations, ofWhole) };
}
