import { type CalendarUserAddress, isMailAddress } from "../model/address.ts";
import {
  type CalendarObject,
  componentAt,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
  organizerOf,
} from "../model/calendar-object.ts";
import type { Partstat } from "../model/calendar-user.ts";
import { isCancelled } from "../model/cancelled.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import { readRegister, writeRegister } from "../model/registers.ts";
import { currentAnswer } from "../model/render.ts";
import { type Participation, participationKey, type SchedulingState } from "../model/scheduling-state.ts";
import type { Context } from "./context.ts";
import { buildReply } from "./methods/reply.ts";
import { cancelAsOrganizer } from "./organize.ts";
import type { Outcome } from "./outcome.ts";
import { checkRestrictions } from "./restrictions/check.ts";
import { statusFor } from "./restrictions/status.ts";

/** What the owner of a copy can say about it. */
export type Action =
  /** An Attendee answers, for the whole object or for one Instance. */
  | {
      readonly kind: "answer";
      readonly partstat: Partstat;
      readonly comment?: string;
      readonly key?: InstanceKey;
    }
  /** The Organizer calls the whole object off. */
  | { readonly kind: "cancel"; readonly comment?: string };

/**
 * Does what the owner of this copy says.
 *
 * - `applied`: with the messages that tell the others.
 * - `ignored/unknown-uid`: there is nothing to act on; `ignored/cancelled`: it is cancelled already.
 * - `ignored/not-for-us`: the action belongs to the other role, the Organizer's or an Attendee's.
 * - `rejected`: what would be sent breaks a restriction table.
 */
export function act(state: SchedulingState, action: Action, context: Context): Outcome {
  const { object } = state;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const organizer = organizerOf(object);
  const isOrganizer = organizer !== undefined && context.addresses.has(organizer.address);
  switch (action.kind) {
    case "answer":
      if (!organizer || isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return answer(state, object, organizer.address, action, context);
    case "cancel":
      if (organizer && !isOrganizer) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
      return cancelAsOrganizer(state, action.comment, context);
  }
}

function answer(
  state: SchedulingState,
  object: CalendarObject,
  organizer: CalendarUserAddress,
  action: Extract<Action, { kind: "answer" }>,
  context: Context,
): Outcome {
  const component = action.key === undefined ? leadingLive(state, object) : componentAt(object, action.key);
  if (!component) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  if (isCancelled(state, component)) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  if (!isMailAddress(organizer)) {
    const status = { code: [3, 7], description: "Invalid calendar user", exception: `ORGANIZER:${organizer}` } as const;
    return { kind: "rejected", rule: "RFC 5546 §3.6.20", status, violations: [] };
  }
  const attendee = invitedAs(component, context);
  const known = readRegister(state.participations, participationKey(attendee, component.key));
  const sequence = readRegister(state.revisions, component.key)?.latest.sequence ?? component.revision.sequence;
  // Two answers in one second must still be ordered: the Organizer keeps the later DTSTAMP.
  const dtstamp = Math.max(context.now, known ? known.reply.dtstamp + 1 : 0);
  const comment = action.comment?.trim().slice(0, context.limits.maxCommentLength);
  const participation: Participation = {
    attendee,
    key: component.key,
    partstat: action.partstat,
    reply: { sequence, dtstamp },
    answeredSequence: sequence,
    ...(comment && { comment }),
  };
  const reply = buildReply(object, component, organizer, participation, context);
  const violations = checkRestrictions(reply);
  if (violations.length > 0) {
    return { kind: "rejected", rule: "RFC 5546 §3.2.3", status: statusFor(violations), violations };
  }
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.3",
    state: {
      ...state,
      participations: writeRegister(state.participations, participationKey(attendee, component.key), participation),
    },
    messages: [reply],
    changes: [
      {
        kind: "participation",
        key: component.key,
        attendee,
        old: currentAnswer(state, component, attendee).partstat,
        new: action.partstat,
        ...(comment && { comment }),
        outdated: false,
      },
    ],
    tolerated: [],
  };
}

/** The component that speaks for the whole, or the first Instance that still takes place of a copy without a master. */
export function leadingLive(state: SchedulingState, object: CalendarObject): ObjectComponent {
  if (object.master) return object.master;
  const live = objectComponents(object).find((component) => !isCancelled(state, component));
  return live ?? leadingComponent(object);
}

/** The address the owner was invited by; the owner's main address for one who got the invitation another way. */
export function invitedAs(component: ObjectComponent, context: Context): CalendarUserAddress {
  for (const address of component.attendees.keys()) if (context.addresses.has(address)) return address;
  return context.owner;
}
