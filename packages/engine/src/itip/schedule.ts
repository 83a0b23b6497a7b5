import type { Property } from "../icalendar/component.ts";
import { type CalendarObject, leadingComponent, objectComponents, organizerOf } from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import { writeRegisters } from "../model/registers.ts";
import { currentAnswer } from "../model/render.ts";
import type { OwnPart, SchedulingState } from "../model/scheduling-state.ts";
import { act, invitedAs } from "./actions.ts";
import type { Context } from "./context.ts";
import { cancelAsOrganizer, reviseAsOrganizer } from "./organize.ts";
import type { Outcome } from "./outcome.ts";

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
  const organizer = organizerOf(before.object ?? after);
  const isOrganizer = !organizer || context.addresses.has(organizer.address);
  if (isOrganizer) return reviseAsOrganizer(before, after, context);
  return before.object ? reviseAsAttendee(before, before.object, after, context) : keepForeign(before, after);
}

function remove(state: SchedulingState, context: Context): Outcome {
  if (!state.object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const organizer = organizerOf(state.object);
  const component = leadingComponent(state.object);
  const isOrganizer = !organizer || context.addresses.has(organizer.address);
  const outcome = isOrganizer
    ? cancelAsOrganizer(state, undefined, context)
    : isCancelled(state, component) ||
        currentAnswer(state, component, invitedAs(component, context)).partstat === "DECLINED"
      ? undefined
      : act(state, { kind: "answer", partstat: "DECLINED" }, context);
  if (outcome?.kind === "rejected") return outcome;
  const { object: _gone, ...rest } = state;
  return {
    kind: "applied",
    rule: "RFC 6638 §3.2.2.1",
    state: rest,
    messages: outcome?.kind === "applied" ? outcome.messages : [],
    changes: outcome?.kind === "applied" ? outcome.changes : [],
    tolerated: [],
  };
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
