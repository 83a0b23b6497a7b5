import { type Component, type Property, withProperty } from "../icalendar/component.ts";
import { withParameter } from "../icalendar/parameter.ts";
import { makeTextProperty } from "../icalendar/text.ts";
import { type CalendarUserAddress, formatAddress } from "./address.ts";
import { governingComponent, type ObjectComponent } from "./calendar-object.ts";
import { type Partstat, readAttendee } from "./calendar-user.ts";
import { isCancelled } from "./cancelled.ts";
import { maxInChain } from "./delegation.ts";
import { type InstanceKey, masterKey } from "./recurrence-id.ts";
import { readRegister } from "./registers.ts";
import {
  type ComponentRevisions,
  type Participation,
  participationKey,
  type SchedulingState,
} from "./scheduling-state.ts";

/** What one Attendee has said, and whether it still counts. */
export interface CurrentAnswer {
  /** What counts now: the answer, or what the document says where there is none to the present time. */
  readonly partstat: Partstat;
  /** The register, whether it counts or not. */
  readonly participation?: Participation;
  /** The register does not count: it answers an older time (decision 0006), or all it delegates to declined (decision 0020). */
  readonly outdated: boolean;
}

/**
 * Finds what an Attendee of a component has said: to this Instance, or else to the whole. `key` names another Instance the component
 * speaks for.
 */
export function currentAnswer(
  state: SchedulingState,
  component: ObjectComponent,
  attendee: CalendarUserAddress,
  key: InstanceKey = component.key,
): CurrentAnswer {
  return answerAfter(state, component, attendee, key, undefined);
}

/** Who of a chain of delegations is known to have declined; who is being looked at has not. */
type Declined = Map<CalendarUserAddress, boolean>;

function answerAfter(
  state: SchedulingState,
  component: ObjectComponent,
  attendee: CalendarUserAddress,
  key: InstanceKey,
  known: Declined | undefined,
): CurrentAnswer {
  const written = component.attendees.get(attendee)?.partstat ?? "NEEDS-ACTION";
  const participation = findParticipation(state, attendee, key);
  if (!participation) return { partstat: written, outdated: false };
  const { answeredSequence, partstat, delegatedTo = [] } = participation;
  if (partstat !== "DELEGATED") {
    const outdated = answeredSequence < majorSequence(state, key);
    return { partstat: outdated ? written : partstat, participation, outdated };
  }
  // What was delegated stays so when its time changes: the delegate is who is asked then. It ends when they all decline.
  const asked: Declined = (known ?? new Map()).set(attendee, false);
  const declines = (delegate: CalendarUserAddress): boolean => {
    const declined =
      asked.get(delegate) ??
      (asked.size < maxInChain && answerAfter(state, component, delegate, key, asked).partstat === "DECLINED");
    asked.set(delegate, declined);
    return declined;
  };
  const outdated = answeredSequence < 0 || (delegatedTo.length > 0 && delegatedTo.every(declines));
  // The text of an older version may still say so.
  return {
    partstat: outdated ? (written === "DELEGATED" ? "NEEDS-ACTION" : written) : partstat,
    participation,
    outdated,
  };
}

/** Finds the answer to that Instance, to the latest one before it and all after, or to the whole; whether it counts or not. */
export function findParticipation(
  state: SchedulingState,
  attendee: CalendarUserAddress,
  key: InstanceKey,
): Participation | undefined {
  const own = readRegister(state.participations, participationKey(attendee, key));
  if (own || key === masterKey) return own;
  const earlier = readRegister(state.answerRanges, attendee)?.findLast((start) => start <= key);
  return readRegister(state.participations, participationKey(attendee, earlier ?? masterKey));
}

/** The SEQUENCE of the last change of a component that makes older answers void. */
export function majorSequence(state: SchedulingState, key: InstanceKey): number {
  return revisionsFor(state, key)?.major.sequence ?? 0;
}

/** Finds the versions of the component that says what an Instance is like: its own, or of the one that speaks for it. */
export function revisionsFor(state: SchedulingState, key: InstanceKey): ComponentRevisions | undefined {
  const own = readRegister(state.revisions, key);
  if (own || key === masterKey) return own;
  const governing = state.object && governingComponent(state.object, key);
  return readRegister(state.revisions, governing?.key ?? masterKey);
}

/** Tells whether an Attendee hears of changes: one who delegated all of it does only where they wish to, RFC 5546 §4.2.5. */
export function hearsOfChanges(
  state: SchedulingState,
  component: ObjectComponent,
  attendee: CalendarUserAddress,
): boolean {
  const said = readRegister(state.participations, participationKey(attendee, masterKey));
  if (said?.partstat !== "DELEGATED" || said.informed) return true;
  return currentAnswer(state, component, attendee).partstat !== "DELEGATED";
}

/** Joins one component of the document with the answers of its Attendees: what the Organizer tells all others. */
export function renderDocument(state: SchedulingState, component: ObjectComponent): Component {
  const properties = component.component.properties.map((property) =>
    property.name === "ATTENDEE" ? renderAttendee(state, component, property) : property,
  );
  return { ...component.component, properties };
}

/** Joins one component with the answers and with what is the owner's own: what the owner of the copy is shown. */
export function renderComponent(state: SchedulingState, component: ObjectComponent): Component {
  const document = renderDocument(state, component);
  const rendered = isCancelled(state, component)
    ? withProperty(document, "STATUS", makeTextProperty("STATUS", "CANCELLED"))
    : document;
  // What the owner set for the series holds for an Instance that got a component of its own later.
  const own = readRegister(state.own, component.key) ?? readRegister(state.own, masterKey);
  if (!own) return rendered;
  const ownNames = new Set(own.properties.map((property) => property.name));
  return {
    ...rendered,
    properties: [...rendered.properties.filter((property) => !ownNames.has(property.name)), ...own.properties],
    components: [...rendered.components, ...own.alarms],
  };
}

function renderAttendee(state: SchedulingState, component: ObjectComponent, property: Property): Property {
  const attendee = readAttendee(property);
  if (!attendee) return property;
  const { partstat, participation, outdated } = currentAnswer(state, component, attendee.address);
  if (!participation) return property;
  // A program may have written back what a register said when it was rendered.
  const own = withParameter(property, "DELEGATED-TO", undefined);
  if (outdated) return partstat === attendee.partstat ? own : withParameter(own, "PARTSTAT", [partstat]);
  // Apple's programs ask again while RSVP stands beside an answer; of a delegator it says that they want to hear of changes.
  const rsvp = participation.informed ? ["TRUE"] : undefined;
  const answered = withParameter(withParameter(own, "RSVP", rsvp), "PARTSTAT", [partstat]);
  const { delegatedTo, sentBy } = participation;
  const delegated = delegatedTo ? withParameter(answered, "DELEGATED-TO", delegatedTo.map(formatAddress)) : answered;
  return sentBy ? withParameter(delegated, "SENT-BY", [`mailto:${sentBy}`]) : delegated;
}
