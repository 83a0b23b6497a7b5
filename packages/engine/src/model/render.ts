import { type Component, type Property, withProperty } from "../icalendar/component.ts";
import { withParameter } from "../icalendar/parameter.ts";
import { makeTextProperty } from "../icalendar/text.ts";
import type { CalendarUserAddress } from "./address.ts";
import type { ObjectComponent } from "./calendar-object.ts";
import { type Partstat, readAttendee } from "./calendar-user.ts";
import { isCancelled } from "./cancelled.ts";
import { type InstanceKey, masterKey } from "./recurrence-id.ts";
import { readRegister } from "./registers.ts";
import { type Participation, participationKey, type SchedulingState } from "./scheduling-state.ts";

/** What one Attendee has said, and whether it still counts. */
export interface CurrentAnswer {
  /** What counts now: the answer, or what the document says where there is none to the present time. */
  readonly partstat: Partstat;
  /** The register, whether it counts or not. */
  readonly participation?: Participation;
  /** The register answers an older time (decision 0006). */
  readonly outdated: boolean;
}

/** Finds what an Attendee of a component has said: to this Instance, or else to the whole. */
export function currentAnswer(
  state: SchedulingState,
  component: ObjectComponent,
  attendee: CalendarUserAddress,
): CurrentAnswer {
  const written = component.attendees.get(attendee)?.partstat ?? "NEEDS-ACTION";
  const participation = findParticipation(state, attendee, component.key);
  if (!participation) return { partstat: written, outdated: false };
  const outdated = participation.answeredSequence < majorSequence(state, component.key);
  return { partstat: outdated ? written : participation.partstat, participation, outdated };
}

/** The answer to that Instance, to the latest one before it and all after, or to the whole. */
function findParticipation(
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
  const revisions = readRegister(state.revisions, key) ?? readRegister(state.revisions, masterKey);
  return revisions?.major.sequence ?? 0;
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
  const own = readRegister(state.own, component.key);
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
  if (!participation || outdated) return property;
  // Apple's programs ask again while RSVP stands beside an answer.
  const answered = withParameter(withParameter(property, "RSVP", undefined), "PARTSTAT", [partstat]);
  return participation.sentBy ? withParameter(answered, "SENT-BY", [`mailto:${participation.sentBy}`]) : answered;
}
