import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import type { Partstat } from "../model/calendar-user.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { allRegisters } from "../model/registers.ts";
import { lastAnswer, majorSequence } from "../model/render.ts";
import type { Participation, SchedulingState } from "../model/scheduling-state.ts";
import type { Context } from "./context.ts";
import type { Change } from "./outcome.ts";

/** Makes the Change that tells of an answer, where its Attendee had said `old` before. */
export function answerChange(state: SchedulingState, said: Participation, old: Partstat): Change {
  const { key, attendee, partstat, range, comment, percentComplete, requestStatus, delegatedTo } = said;
  return {
    kind: "participation",
    key,
    attendee,
    old,
    new: partstat,
    ...(range && { range }),
    ...(comment && { comment }),
    ...(percentComplete !== undefined && { percentComplete }),
    ...(requestStatus && { requestStatus }),
    ...(delegatedTo && { delegatedTo }),
    outdated: partstat !== "DELEGATED" && said.answeredSequence < majorSequence(state, key),
  };
}

/**
 * Finds the DTSTAMP of an answer to an Instance, or to the whole: later than what its giver said of that, or of all there is, before. Two in
 * one second must still be ordered, for the Organizer keeps the later; and where no more is left than one Instance, the last word counts.
 */
export function dtstampOfAnswer(
  state: SchedulingState,
  attendee: CalendarUserAddress,
  key: InstanceKey,
  context: Context,
): EpochSeconds {
  const said =
    key === masterKey
      ? [...allRegisters(state.participations).values()].filter((one) => one.attendee === attendee)
      : [lastAnswer(state, attendee, key), lastAnswer(state, attendee, masterKey)];
  return said.reduce((last, one) => Math.max(last, one ? one.reply.dtstamp + 1 : 0), context.now);
}
