import { type CalendarObject, leadingComponent, objectComponents, organizerOf } from "../../model/calendar-object.ts";
import { findParticipation } from "../../model/render.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import { answersNothing, findAnswers } from "../answers.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import type { Outcome } from "../outcome.ts";
import { invitedAs } from "../own-copy.ts";
import { recordAnswers, recordHearsay } from "../record-answers.ts";
import { receiveUninvited } from "../uninvited.ts";

/**
 * Records an Attendee's answers in the Organizer's copy: for the whole, for some of its Instances, or for one and all after it.
 * RFC 5546 §3.2.3 and §3.4.3, ordered by §2.1.5 rules 3 and 4. It reads and writes the registers of that one Attendee, however many
 * others there are; delegation alone changes the guest list. A delegator hears of their delegates in their own copy.
 *
 * - `ignored/unknown-uid`, `ignored/not-for-us`: the owner organizes no such object, and has delegated none to its originator.
 * - `undecided/uninvited-reply`, `held`, and what policy makes of them: the originator was never invited (`receiveUninvited`).
 * - `ignored/superseded`, `ignored/duplicate`: for every Instance answered an equal or newer answer is recorded.
 * - `rejected`: it answers an Instance that does not exist, or delegates without end.
 * - `applied`: the answer is recorded; to an older time it is shown but does not count (decision 0006), and its Attendee is sent the
 *   present version again (decision 0019).
 */
export function receiveReply(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const { object } = state;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const organizer = organizerOf(object);
  if (!organizer || !context.addresses.has(organizer.address)) {
    return hearDelegate(state, object, message, context);
  }
  const answers = findAnswers(state, object, message, context);
  if (answers.length === 0) return answersNothing(state, leadingComponent(message.object));
  const invited = answers.filter((answer) => answer.invitedAs);
  if (invited.length > 0) return recordAnswers(state, object.type, invited, context);
  return receiveUninvited(state, object, answers, message, evidence, context);
}

/** A delegate may tell the delegator too, RFC 5546 §3.2.2.3: the delegator's copy keeps what they said. */
function hearDelegate(
  state: SchedulingState,
  object: CalendarObject,
  message: SchedulingMessage,
  context: Context,
): Outcome {
  const { originator } = message;
  const answers = objectComponents(object).length === 0 ? [] : findAnswers(state, object, message, context);
  const heard = answers.filter(({ component, answered }) => {
    const said = findParticipation(state, invitedAs(answered, context), component.key);
    return said?.partstat === "DELEGATED" && originator !== undefined && said.delegatedTo?.includes(originator);
  });
  if (heard.length === 0) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  return recordHearsay(state, object.type, heard, context);
}
