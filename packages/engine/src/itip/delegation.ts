import { parameterValue } from "../icalendar/parameter.ts";
import { maxDelegations } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import {
  type CalendarObject,
  governingComponent,
  leadingComponent,
  type ObjectComponent,
} from "../model/calendar-object.ts";
import type { Attendee } from "../model/calendar-user.ts";
import { delegatorsOf, maxInChain, walkChain } from "../model/delegation.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { readRegister } from "../model/registers.ts";
import { currentAnswer, findParticipation, lastAnswer, majorSequence } from "../model/render.ts";
import { compareRevisions } from "../model/revision.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { beginning, type Participation, type SchedulingState } from "../model/scheduling-state.ts";
import type { Context } from "./context.ts";
import { addGuests, type NewGuest, removeGuests } from "./guest-list.ts";
import type { Change } from "./outcome.ts";
import { answeredBy, named, sendAgain } from "./present-version.ts";

/** An answer that was just recorded. */
export interface RecordedAnswer {
  readonly participation: Participation;
  /** What the same Attendee had said before. */
  readonly known?: Participation;
  /** The component of the REPLY, which names delegates. */
  readonly component: ObjectComponent;
  /** The component of the object that says what is answered. */
  readonly answered: ObjectComponent;
}

/** What came of an answer at the Organizer's. */
export interface Consequences {
  readonly state: SchedulingState;
  readonly messages: readonly SchedulingMessage[];
  readonly changes: readonly Change[];
}

/**
 * Does at the Organizer's what an answer means for delegation, RFC 5546 §3.2.2.3 (decision 0020): new delegates become Attendees and
 * get the REQUEST; those whose delegators all took it back, and their own delegates, get the CANCEL; a delegator whose delegates
 * all declined is asked again (§4.2.7), and told where one of them comes after all. `undefined` where the delegates cannot be put on
 * the list.
 */
export function followDelegation(
  before: SchedulingState,
  after: SchedulingState,
  answer: RecordedAnswer,
  context: Context,
): Consequences | undefined {
  const { participation, known } = answer;
  const { key, attendee, delegatedTo = [] } = participation;
  const leaving = leavingDelegates(after, key, known?.delegatedTo ?? []);
  const joining = delegatedTo.filter((delegate) => !context.addresses.has(delegate));
  const changes: Change[] = [];
  const messages: SchedulingMessage[] = [];
  let state = after;
  if (leaving.size > 0 && state.object) {
    const removed = removeGuests(state, state.object, key, leaving, context);
    state = removed.state;
    messages.push(...removed.messages);
    for (const gone of leaving) changes.push({ kind: "attendee-removed", key, attendee: gone });
  }
  if (joining.length > 0 && state.object) {
    const listed = answer.answered.attendees;
    const guests = joining.map((address) => newDelegate(address, answer));
    const added = addGuests(state, state.object, key, guests, context);
    if (!added) return undefined;
    state = added.state;
    messages.push(...added.messages);
    for (const address of joining) {
      if (!listed.has(address)) changes.push({ kind: "attendee-added", key, attendee: address });
    }
  }
  // A delegate may have answered that Instance before the delegation came; and it may have been called off and taken up since.
  const isOld = delegatedTo.length > 0 && participation.answeredSequence < majorSequence(state, key);
  const isAnswered = key !== masterKey && (isOld || delegatedTo.some((delegate) => lastAnswer(state, delegate, key)));
  const isNews = isAnswered || wasUninformed(state, known, participation);
  if (state.object && (isNews || isGivenBack(state, state.object, participation))) {
    const told = sendAgain(isAnswered ? named(state, [key]) : state, state.object, attendee, context);
    state = told?.state ?? state;
    messages.push(...(told?.messages ?? []));
    if (told) changes.push({ kind: "sent-again", key, attendee });
  }
  const told = new Set<CalendarUserAddress>();
  let shown: readonly InstanceKey[] | undefined;
  for (const { delegator, component } of delegationsTo(before, answer)) {
    if (told.has(delegator) || !isTurned(before, after, component, delegator) || !state.object) continue;
    // Instances a delegate answers by themselves have a version of their own.
    shown ??= speaksForOthers(participation)
      ? answeredBy(state, new Set([attendee])).filter((each) => each >= key)
      : [key];
    const asked = sendAgain(named(state, shown), state.object, delegator, context);
    if (!asked) continue;
    told.add(delegator);
    state = asked.state;
    messages.push(...asked.messages);
    changes.push({ kind: "sent-again", key, attendee: delegator });
  }
  return { state, messages, changes };
}

/** Whether all delegates had declined before. */
function isGivenBack(
  state: SchedulingState,
  object: CalendarObject,
  { attendee, key, partstat }: Participation,
): boolean {
  const component = governingComponent(object, key) ?? leadingComponent(object);
  return partstat === "DELEGATED" && currentAnswer(state, component, attendee, key).outdated;
}

/** Whether somebody takes part again who did not wish to hear of what has changed since. RFC 5546 §4.2.5. */
function wasUninformed(state: SchedulingState, known: Participation | undefined, said: Participation): boolean {
  if (known?.partstat !== "DELEGATED" || known.informed || (said.partstat === "DELEGATED" && !said.informed))
    return false;
  const sent = readRegister(state.sent, said.attendee);
  return sent !== undefined && compareRevisions(sent.revision, beginning) === 0;
}

/** The name a delegate goes by is what their delegator calls them; the role is the one they take over. */
function newDelegate(address: CalendarUserAddress, { component, answered, participation }: RecordedAnswer): NewGuest {
  const name = component.attendees.get(address)?.name;
  const line = answered.attendees.get(participation.attendee)?.property;
  const role = line && parameterValue(line, "ROLE");
  return { address, delegator: participation.attendee, ...(name && { name }), ...(role && { role }) };
}

/** Whether an answer is to the whole, or to all after an Instance. */
function speaksForOthers({ key, range }: Participation): boolean {
  return key === masterKey || range !== undefined;
}

/** Who delegated what to who answers now: what is answered, and of the whole, or of all after an Instance, the Instances too. */
function delegationsTo(
  { object }: SchedulingState,
  { answered, participation }: RecordedAnswer,
): readonly { readonly delegator: CalendarUserAddress; readonly component: ObjectComponent }[] {
  const { attendee, key } = participation;
  const others = object && speaksForOthers(participation) ? [...object.overrides.values()] : [];
  const instances = others.filter((one) => one.key > key);
  const about = key === masterKey ? answered : { ...answered, key };
  return [about, ...instances].flatMap((component) =>
    (component.attendees.get(attendee)?.delegatedFrom ?? []).map((delegator) => ({ delegator, component })),
  );
}

/** Whether a delegation counted until this answer came, or does again by it. */
function isTurned(
  before: SchedulingState,
  after: SchedulingState,
  component: ObjectComponent,
  delegator: CalendarUserAddress,
): boolean {
  const counts = (state: SchedulingState): boolean =>
    currentAnswer(state, component, delegator).partstat === "DELEGATED";
  return counts(before) !== counts(after);
}

/** Those of former delegates, and of theirs, who are on the list for no other reason than what was taken back. */
function leavingDelegates(
  state: SchedulingState,
  key: InstanceKey,
  former: readonly CalendarUserAddress[],
): ReadonlySet<CalendarUserAddress> {
  const leaving = new Set<CalendarUserAddress>();
  const attendees = state.object ? attendeesOf(state.object, key) : new Map<CalendarUserAddress, Attendee>();
  const waiting = [...former];
  for (const address of waiting) {
    if (leaving.has(address) || leaving.size >= maxInChain) continue;
    const delegators = attendees.get(address)?.delegatedFrom ?? [];
    const stays = delegators.some((each) => !leaving.has(each) && delegatesOf(state, key, each).includes(address));
    if (delegators.length === 0 || stays) continue;
    leaving.add(address);
    waiting.push(...delegatesOf(state, key, address));
  }
  return leaving;
}

function attendeesOf(object: CalendarObject, key: InstanceKey): ReadonlyMap<CalendarUserAddress, Attendee> {
  return (governingComponent(object, key) ?? leadingComponent(object)).attendees;
}

/** Those somebody has delegated to; also where these have declined. */
function delegatesOf(
  state: SchedulingState,
  key: InstanceKey,
  delegator: CalendarUserAddress,
): readonly CalendarUserAddress[] {
  const said = findParticipation(state, delegator, key);
  return said?.partstat === "DELEGATED" && said.answeredSequence >= 0 ? (said.delegatedTo ?? []) : [];
}

/** Tells whether a delegation would come back to its delegator, or make the chain longer than `maxDelegations`. */
export function isEndlessDelegation(
  state: SchedulingState,
  answered: ObjectComponent,
  { attendee, key, delegatedTo = [] }: Participation,
): boolean {
  const reached = walkChain(delegatedTo, (each) => delegatesOf(state, key, each));
  return reached.has(attendee) || reached.size >= maxInChain || delegatorsOf(answered, attendee).size >= maxDelegations;
}

/**
 * Tells whether an uninvited Attendee may be a delegate whose delegator's REPLY is still on its way, RFC 5546 §5.2.2: who delegated, by
 * their own word, is invited, or was delegated to by somebody who is.
 */
export function mayBeDelegate(answered: ObjectComponent, component: ObjectComponent, attendee: Attendee): boolean {
  const above = delegatorsOf(component, attendee.address);
  return [...above].some((each) => answered.attendees.has(each));
}
