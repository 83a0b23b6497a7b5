import type { Property } from "../icalendar/component.ts";
import { type CalendarObject, leadingComponent, objectComponents, organizerOf } from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import { writeRegisters } from "../model/registers.ts";
import { currentAnswer } from "../model/render.ts";
import type { OwnPart, SchedulingState } from "../model/scheduling-state.ts";
import { act } from "./actions.ts";
import type { Context } from "./context.ts";
import { cancelAsOrganizer, reviseAsOrganizer } from "./organize.ts";
import type { Applied, Outcome } from "./outcome.ts";
import { invitedAs } from "./own-copy.ts";

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
  if (before.object && isForeign(before.object)) return keepForeign(before, after);
  const organizer = organizerOf(before.object ?? after);
  const isOrganizer = !organizer || context.addresses.has(organizer.address);
  if (isOrganizer) return reviseAsOrganizer(before, after, context);
  return before.object ? reviseAsAttendee(before, before.object, after, context) : keepForeign(before, after);
}

/** Guests without an Organizer: somebody else's, of whom nothing more is known. Nobody is ever told in the owner's name. */
function isForeign(object: CalendarObject): boolean {
  return !organizerOf(object) && leadingComponent(object).attendees.size > 0;
}

function remove(state: SchedulingState, context: Context): Outcome {
  if (!state.object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const organizer = organizerOf(state.object);
  const isOrganizer = !organizer || context.addresses.has(organizer.address);
  const last = isOrganizer ? cancelAsOrganizer(state, undefined, context) : declineAll(state, state.object, context);
  if (last.kind === "rejected") return last;
  const { messages, changes, state: after } = last.kind === "applied" ? last : { messages: [], changes: [], state };
  // The registers stay: what is known of versions keeps a message that is late from bringing the object back.
  const { object: _gone, ...registers } = after;
  return { kind: "applied", rule: "RFC 6638 §3.2.2.1", state: registers, messages, changes, tolerated: [] };
}

/** Declines what the owner was invited to: the whole, or each Instance of a copy that knows no master. */
function declineAll(state: SchedulingState, object: CalendarObject, context: Context): Outcome {
  let all: Applied = { kind: "applied", rule: "RFC 5546 §3.2.3", state, messages: [], changes: [], tolerated: [] };
  for (const component of object.master ? [object.master] : objectComponents(object)) {
    const { partstat } = currentAnswer(state, component, invitedAs(component, context));
    if (isCancelled(state, component) || partstat === "DECLINED") continue;
    const one = act(all.state, { kind: "answer", partstat: "DECLINED", key: component.key }, context);
    if (one.kind !== "applied") return one;
    all = { ...one, messages: [...all.messages, ...one.messages], changes: [...all.changes, ...one.changes] };
  }
  return all;
}

/** What an Attendee may keep in a copy for themselves. */
const ownProperties: ReadonlySet<string> = new Set(["TRANSP", "CATEGORIES", "COLOR"]);

function reviseAsAttendee(
  state: SchedulingState,
  object: CalendarObject,
  after: CalendarObject,
  context: Context,
): Outcome {
  const kept: SchedulingState = { ...state, own: writeRegisters(state.own, ownParts(after)) };
  const component = leadingComponent(object);
  const address = invitedAs(component, context);
  const partstat = leadingComponent(after).attendees.get(address)?.partstat;
  if (partstat && partstat !== "NEEDS-ACTION" && partstat !== currentAnswer(state, component, address).partstat) {
    return act(kept, { kind: "answer", partstat }, context);
  }
  return { kind: "applied", rule: "RFC 6638 §3.2.2.1", state: kept, messages: [], changes: [], tolerated: [] };
}

function ownParts(object: CalendarObject): readonly (readonly [InstanceKey, OwnPart])[] {
  return objectComponents(object).map(({ key, component }) => {
    const properties: Property[] = component.properties.filter((property) => ownProperties.has(property.name));
    return [key, { properties, alarms: component.components.filter((child) => child.name === "VALARM") }];
  });
}

/** An object of somebody else's that no message brought, as an import does: kept as it is, nobody is told. */
function keepForeign(state: SchedulingState, after: CalendarObject): Outcome {
  const revisions = objectComponents(after).map(
    ({ key, revision }) => [key, { latest: revision, major: revision }] as const,
  );
  return {
    kind: "applied",
    rule: "RFC 6638 §3.2.2.1",
    state: { ...state, object: after, revisions: writeRegisters(state.revisions, revisions) },
    messages: [],
    changes: objectComponents(after).map(({ key }) => ({ kind: "created", key })),
    tolerated: [],
  };
}
