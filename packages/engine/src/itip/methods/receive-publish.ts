import { withoutProperties } from "../../icalendar/component.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  type ObjectComponent,
  objectComponents,
  organizerOf,
  withComponents,
} from "../../model/calendar-object.ts";
import type { InstanceKey } from "../../model/recurrence-id.ts";
import { readRegister, writeRegisters } from "../../model/registers.ts";
import { makeRequestStatus } from "../../model/request-status.ts";
import { compareRevisions, type Revision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { beginning, type ComponentRevisions, type SchedulingState } from "../../model/scheduling-state.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import type { Outcome } from "../outcome.ts";
import { pickNewer, takeComponents } from "../take.ts";

/**
 * Takes what somebody publishes into a calendar: a copy in which nobody takes part and that nobody answers. RFC 5546 §3.2.1,
 * §3.4.1 and §3.5.1. Newer revisions of the same Organizer replace it; whether it is wanted is for the owner to say, once
 * (decision 0004).
 *
 * - `rejected`: it has no ORGANIZER, so nobody could ever revise it.
 * - `ignored/not-for-us`: the owner organizes the object, was invited to it, or it is another Organizer's.
 * - `ignored/duplicate`, `ignored/superseded`: as for a REQUEST.
 */
export function receivePublish(
  state: SchedulingState,
  message: SchedulingMessage,
  _evidence: Evidence,
  context: Context,
): Outcome {
  const organizer = organizerOf(message.object)?.address;
  if (!organizer) {
    return {
      kind: "rejected",
      rule: "RFC 5546 §3.2.1",
      status: makeRequestStatus("3.11", "ORGANIZER"),
      violations: [],
    };
  }
  const stored = state.object && organizerOf(state.object)?.address;
  const isOther = state.object !== undefined && (stored !== organizer || !isPublication(state.object));
  if (isOther || isOwner(stored ?? organizer, context)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const { newer, older } = pickNewer(state, objectComponents(message.object).map(withoutParticipation), context);
  if (newer.length === 0) {
    return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: older ? "superseded" : "duplicate" };
  }
  const taken = takeComponents(state, message.object, newer, context);
  return { kind: "applied", rule: "RFC 5546 §3.2.1", ...taken, messages: [], tolerated: [] };
}

function isOwner(organizer: CalendarUserAddress, context: Context): boolean {
  return context.addresses.has(organizer);
}

const participation: ReadonlySet<string> = new Set(["ATTENDEE", "REQUEST-STATUS"]);

/** Leaves out who takes part: RFC 5546 §3.2.1 has no ATTENDEE in what is published. */
function withoutParticipation(component: ObjectComponent): ObjectComponent {
  if (component.attendees.size === 0) return component;
  return { ...component, component: withoutProperties(component.component, participation), attendees: new Map() };
}

/** Tells whether a copy has an Organizer and, as far as its series goes, nobody who takes part: something published. */
export function isPublication(object: CalendarObject | undefined): boolean {
  if (!object || !organizerOf(object)) return false;
  return (object.master ? [object.master] : objectComponents(object)).every(({ attendees }) => attendees.size === 0);
}

/**
 * Makes room for the invitation to something that was published before: an invitation counts whatever its revision, so that it
 * does not matter which came first. What was cancelled stays so.
 */
export function forgetPublication(state: SchedulingState): SchedulingState {
  const { object, ...rest } = state;
  if (!object) return state;
  const published = objectComponents(object).filter(
    ({ key, attendees }) => attendees.size === 0 && compareRevisions(latestOf(state, key), beginning) > 0,
  );
  const revisions = published.map(({ key }): [InstanceKey, ComponentRevisions] => {
    const cancelled = readRegister(state.revisions, key)?.cancelled;
    return [key, { latest: beginning, major: beginning, ...(cancelled && { cancelled }) }];
  });
  const gone = new Set(published);
  const left = objectComponents(object).filter((component) => !gone.has(component));
  return {
    ...rest,
    revisions: writeRegisters(state.revisions, revisions),
    ...(left.length > 0 && { object: withComponents(object, left) }),
  };
}

function latestOf(state: SchedulingState, key: InstanceKey): Revision {
  return readRegister(state.revisions, key)?.latest ?? beginning;
}
