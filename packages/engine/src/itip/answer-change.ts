import type { Partstat } from "../model/calendar-user.ts";
import { majorSequence } from "../model/render.ts";
import type { Participation, SchedulingState } from "../model/scheduling-state.ts";
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
