import type { CalendarUserAddress } from "../../model/address.ts";
import { withoutTag } from "../../model/address.ts";
import { type CalendarObject, leadingComponent, objectComponents, organizerOf } from "../../model/calendar-object.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import { countHealing } from "../healing.ts";
import type { Outcome } from "../outcome.ts";
import { sendAgain } from "../present-version.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";

/**
 * Answers an Attendee who asks for the present version: with the REQUEST of all they are invited to, or the CANCEL where it does not
 * take place any more. RFC 5546 §3.2.6 and §3.4.6.
 *
 * - `ignored/unknown-uid`, `ignored/not-for-us`: the owner organizes no such object, or it is nobody on the guest list who asks, of
 *   whom RFC 5546 §6.1.6 wants that they learn nothing.
 * - `ignored/too-often`: they were sent it as often today as policy allows.
 */
export function receiveRefresh(
  state: SchedulingState,
  message: SchedulingMessage,
  _evidence: Evidence,
  context: Context,
): Outcome {
  const { object } = state;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const organizer = organizerOf(object);
  if (!organizer || !context.addresses.has(organizer.address)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const attendee = message.originator && findAttendee(object, message.originator);
  if (!attendee) return { kind: "ignored", rule: "RFC 5546 §6.1.6", reason: "not-for-us" };
  const counted = countHealing(state, attendee, context);
  if (!counted) return { kind: "ignored", rule: "RFC 5546 §6.1.6", reason: "too-often" };
  const sent = sendAgain(counted, object, attendee, context);
  if (!sent) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  const unsendable = rejectUnsendable(sent.messages);
  if (unsendable) return unsendable;
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.6",
    state: sent.state,
    messages: sent.messages,
    changes: [{ kind: "sent-again", key: leadingComponent(message.object).key, attendee }],
    tolerated: [],
  };
}

/** The address they are on the guest list by: the same, or the same without its plus-tag. */
function findAttendee(object: CalendarObject, address: CalendarUserAddress): CalendarUserAddress | undefined {
  const names = [address, withoutTag(address)];
  return names.find((name) => objectComponents(object).some(({ attendees }) => attendees.has(name)));
}
