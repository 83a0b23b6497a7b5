import type { CalendarObject } from "../../model/calendar-object.ts";
import { leadingComponent } from "../../model/calendar-object.ts";
import { masterKey } from "../../model/recurrence-id.ts";
import { allRegisters } from "../../model/registers.ts";
import { hearsOfChanges } from "../../model/render.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import type { Action } from "../action.ts";
import type { Context } from "../context.ts";
import { guestsOf } from "../organize/guests.ts";
import type { Change, Outcome } from "../outcome.ts";
import { sendPresent } from "../present-version.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";

/**
 * Sends the present version again, where mail was lost: to one person, or to all guests and all who were taken off the list. Who is
 * invited gets the REQUEST of all they are on, others the CANCEL; SEQUENCE stays, as nothing changes (RFC 5546 §2.1.4).
 *
 * - `ignored/not-for-us`: the person was never sent anything, or there is nobody to send to.
 * - `rejected`: what would be sent breaks a restriction table.
 */
export function resend(
  state: SchedulingState,
  object: CalendarObject,
  { to }: Extract<Action, { kind: "resend" }>,
  context: Context,
): Outcome {
  const leading = leadingComponent(object);
  const written = [...allRegisters(state.sent).values()].map(({ attendee }) => attendee);
  const known = new Set([...guestsOf(object, context).keys(), ...written]);
  const people = [...known].filter((person) =>
    to === undefined ? hearsOfChanges(state, leading, person) && !context.addresses.has(person) : person === to,
  );
  if (people.length === 0) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  const { state: after, messages } = sendPresent(state, object, people, context);
  const unsendable = rejectUnsendable(messages);
  if (unsendable) return unsendable;
  const changes = people.map((attendee): Change => ({ kind: "sent-again", key: masterKey, attendee }));
  return { kind: "applied", rule: "RFC 5546 §2.1.4", state: after, messages, changes, tolerated: [] };
}
