import { type CalendarObject, leadingComponent, objectComponents, organizerOf } from "../model/calendar-object.ts";
import { allRegisters, writeRegisters } from "../model/registers.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { declineAll, reviseAsAttendee } from "./attend.ts";
import type { Context } from "./context.ts";
import { cancelAsOrganizer } from "./organize/cancel.ts";
import { reviseAsOrganizer } from "./organize.ts";
import type { Applied, Outcome } from "./outcome.ts";

/**
 * Takes the owner's new version of their copy (a PUT, a DELETE, a form) and finds what it implies. RFC 6638 §3.2.
 * `after` is `undefined` where the owner removed it; the state of the outcome then has no object.
 *
 * - An Organizer's version is the truth: REQUESTs and CANCELs go to whom it concerns (`reviseAsOrganizer`).
 * - Of an Attendee's version only what is theirs counts: their answer (a REPLY follows) and their own part; the rest stays.
 *   Removing it declines it, unless it is cancelled or declined already.
 * - `ignored/nothing-changed`, and the `rejected` of what would be sent, as for those.
 */
export function schedule(before: SchedulingState, after: CalendarObject | undefined, context: Context): Outcome {
  if (!after) return remove(before, context);
  if (before.object && isForeign(before.object)) return keepObject(before, after);
  const organizer = organizerOf(before.object ?? after);
  const isOrganizer = !organizer || context.addresses.has(organizer.address);
  if (isOrganizer) return reviseAsOrganizer(before, after, context);
  if (!before.object) return keepObject(before, after);
  return reviseAsAttendee(before, { object: before.object, organizer: organizer.address }, after, context);
}

/** Guests without an Organizer: somebody else's, of whom nothing more is known. Nobody is ever told in the owner's name. */
function isForeign(object: CalendarObject): boolean {
  return !organizerOf(object) && leadingComponent(object).attendees.size > 0;
}

function remove(state: SchedulingState, context: Context): Outcome {
  if (!state.object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const { object } = state;
  const organizer = organizerOf(object);
  const isOrganizer = !organizer || context.addresses.has(organizer.address);
  const last = isOrganizer
    ? cancelAsOrganizer(state, undefined, context)
    : declineAll(state, { object, organizer: organizer.address }, context);
  if (last.kind === "rejected") return last;
  const { messages, changes, state: after } = last.kind === "applied" ? last : { messages: [], changes: [], state };
  // The registers stay: what is known of versions keeps a message that is late from bringing the object back.
  const { object: _gone, ...registers } = after;
  return { kind: "applied", rule: "RFC 6638 §3.2.2.1", state: registers, messages, changes, tolerated: [] };
}

/**
 * Keeps an object as it is, and tells nobody: one of somebody else's that no message brought, an import, what is not scheduled, and what
 * a client says to look after by itself (RFC 6638 §7.1). What was kept beside the document as the owner's is in the text now.
 */
export function keepObject(state: SchedulingState, after: CalendarObject): Applied {
  const own = [...allRegisters(state.own).keys()].map((key) => [key, { properties: [], alarms: [] }] as const);
  const revisions = objectComponents(after).map(
    ({ key, revision }) => [key, { latest: revision, major: revision }] as const,
  );
  return {
    kind: "applied",
    rule: "RFC 6638 §3.2.2.1",
    state: {
      ...state,
      object: after,
      revisions: writeRegisters(state.revisions, revisions),
      own: writeRegisters(state.own, own),
    },
    messages: [],
    changes: objectComponents(after).map(({ key }) => ({ kind: "created", key })),
    tolerated: [],
  };
}
