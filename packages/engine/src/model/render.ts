import { type Component, type Property, withProperty } from "../icalendar/component.ts";
import { withParameter } from "../icalendar/parameter.ts";
import { makeTextProperty } from "../icalendar/text.ts";
import { type CalendarUserAddress, formatAddress } from "./address.ts";
import { componentAt, governingComponent, type ObjectComponent } from "./calendar-object.ts";
import { type Partstat, readAttendee } from "./calendar-user.ts";
import { isCancelled } from "./cancelled.ts";
import { maxInChain } from "./delegation.ts";
import { isRange, speakerAfter } from "./ranges.ts";
import { type InstanceKey, masterKey } from "./recurrence-id.ts";
import { readRegister } from "./registers.ts";
import {
  asksAnew,
  type ComponentRevisions,
  carriedAlong,
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
  return answerAfter(state, component, attendee, { key }, undefined);
}

/** Which answers are looked for: to one Instance, or to all a component with a range speaks for. */
interface Scope {
  readonly key: InstanceKey;
  readonly isRange?: boolean;
}

/** Who of a chain of delegations is known to have declined; who is being looked at has not. */
type Declined = Map<CalendarUserAddress, boolean>;

function answerAfter(
  state: SchedulingState,
  component: ObjectComponent,
  attendee: CalendarUserAddress,
  asking: Scope,
  known: Declined | undefined,
): CurrentAnswer {
  const { key } = asking;
  const written = component.attendees.get(attendee)?.partstat ?? "NEEDS-ACTION";
  const all = findParticipations(state, attendee, asking);
  const participation = standing(state, all, key);
  if (!participation) return { partstat: written, outdated: false };
  const { answeredSequence, partstat, delegatedTo = [] } = participation;
  if (partstat !== "DELEGATED") {
    const outdated = !counts(state, participation, key);
    // What speaks for all after an Instance does not show that its first is asked about by itself.
    const isAside = answeredSequence === asksAnew && participation.key !== masterKey && isRange(component);
    const shown = isAside ? "NEEDS-ACTION" : written;
    return { partstat: outdated ? shown : partstat, participation, outdated };
  }
  // What was delegated stays so when its time changes: the delegate is who is asked then. It ends when they all decline.
  const asked: Declined = (known ?? new Map()).set(attendee, false);
  // Who declines a single Instance of what was delegated to them has not given it back.
  const scope = (state.object && componentAt(state.object, participation.key)) ?? component;
  const declines = (delegate: CalendarUserAddress): boolean => {
    const line = scope.attendees.get(delegate);
    // Guests in their own right say nothing of what was delegated to them beside.
    const isOwnGuest = line !== undefined && !line.delegatedFrom.includes(attendee);
    const declined =
      asked.get(delegate) ??
      (!isOwnGuest &&
        asked.size < maxInChain &&
        answerAfter(state, scope, delegate, { key: participation.key }, asked).partstat === "DECLINED");
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

/**
 * Chooses what stands of the answers that may be to an Instance, nearest first. What was delegated stays so; after one that was made
 * void a farther one counts only if it is to a version since.
 */
function standing(state: SchedulingState, all: readonly Participation[], key: InstanceKey): Participation | undefined {
  let least = 0;
  let asked: Participation | undefined;
  for (const said of all) {
    const isSince = said.answeredSequence >= least;
    if (isSince && (said.partstat === "DELEGATED" || counts(state, said, key))) return said;
    if (said.answeredSequence !== asksAnew) continue;
    asked ??= said;
    least = Math.max(least, said.reply.sequence);
  }
  return asked ?? all[0];
}

/** Whether an answer is to the time an Instance has now. */
function counts(state: SchedulingState, { answeredSequence }: Participation, key: InstanceKey): boolean {
  return answeredSequence >= majorSequence(state, key);
}

/** Finds the answer to that Instance, to the latest one before it and all after, or to the whole; whether it counts or not. */
export function findParticipation(
  state: SchedulingState,
  attendee: CalendarUserAddress,
  key: InstanceKey,
): Participation | undefined {
  return findParticipations(state, attendee, { key })[0];
}

/** Tells whether an answer is what stands for the Instance it is to, for all after that, or for the whole. */
export function isStanding(state: SchedulingState, said: Participation): boolean {
  const { attendee, key, range } = said;
  return standing(state, findParticipations(state, attendee, { key, isRange: range !== undefined }), key) === said;
}

/** Finds the last word on exactly that Instance, be it on that alone or on all after it too; or on the whole. Decision 0042. */
export function lastAnswer(
  state: SchedulingState,
  attendee: CalendarUserAddress,
  key: InstanceKey,
): Participation | undefined {
  const single = readRegister(state.participations, participationKey(attendee, key));
  return single && !isOverruled(state, single) ? single : rangedAnswer(state, attendee, key);
}

/**
 * Tells whether who answered one Instance alone has said something of that and all after since: then the former is no answer any more.
 * Their DTSTAMPs tell, for the SEQUENCE of one is that of the Instance, and of the other that of those after it; of one time the nearer
 * counts.
 */
export function isOverruled(state: SchedulingState, { attendee, key, range, reply }: Participation): boolean {
  const ranged = range ? undefined : rangedAnswer(state, attendee, key);
  return ranged !== undefined && ranged.reply.dtstamp > reply.dtstamp;
}

function rangedAnswer(
  { participations }: SchedulingState,
  attendee: CalendarUserAddress,
  key: InstanceKey,
): Participation | undefined {
  return readRegister(participations, participationKey(attendee, key, "this-and-future"));
}

/** Finds all answers that may be to that Instance, nearest first, whether they count or not. */
export function answersTo(
  state: SchedulingState,
  attendee: CalendarUserAddress,
  key: InstanceKey,
): readonly Participation[] {
  return findParticipations(state, attendee, { key });
}

/** The same, nearest first: what is void leaves its place to the next. What was carried along comes after all that was said. */
function findParticipations(
  state: SchedulingState,
  attendee: CalendarUserAddress,
  { key, isRange }: Scope,
): readonly Participation[] {
  const whole = readRegister(state.participations, participationKey(attendee, masterKey));
  const single = isRange ? undefined : readRegister(state.participations, participationKey(attendee, key));
  const starts = readRegister(state.answerRanges, attendee)?.filter((start) => start <= key) ?? [];
  const ranged = starts
    .flatMap((start) => rangedAnswer(state, attendee, start) ?? [])
    // Of what was carried along an Attendee knows what they were shown by name.
    .filter((said) => said.key === key || !isCarried(said) || readRegister(state.revisions, key));
  return [
    ...(single && key !== masterKey && !isOverruled(state, single) ? [single] : []),
    ...ranged.reverse(),
    ...(whole ? [whole] : []),
  ].sort((a, b) => Number(isCarried(a)) - Number(isCarried(b)));
}

function isCarried({ reply }: Participation): boolean {
  return reply.sequence === carriedAlong;
}

/** The SEQUENCE of the last change of a component that makes older answers void. */
export function majorSequence(state: SchedulingState, key: InstanceKey): number {
  return revisionsFor(state, key)?.major.sequence ?? 0;
}

/** Finds the versions of the component that says what an Instance is like: its own, or of the one that speaks for it. */
export function revisionsFor(state: SchedulingState, key: InstanceKey): ComponentRevisions | undefined {
  const own = readRegister(state.revisions, key);
  if (key === masterKey || (own && !(own.provisional && !state.object?.overrides.has(key)))) return own;
  const governing = state.object && governingComponent(state.object, key);
  return readRegister(state.revisions, governing?.key ?? masterKey);
}

/** The SEQUENCE of what speaks for the Instances after one that have no component of their own. */
export function sequenceAfter(state: SchedulingState, key: InstanceKey): number {
  return readRegister(state.revisions, speakerAfter(state.object, key))?.latest.sequence ?? 0;
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
  // What is said of the first Instance alone is not said of all after.
  const scope: Scope = { key: component.key, isRange: isRange(component) };
  const { partstat, participation, outdated } = answerAfter(state, component, attendee.address, scope, undefined);
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
