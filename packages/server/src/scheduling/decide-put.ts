import {
  act,
  allRegisters,
  type CalendarObject,
  type CalendarUserAddress,
  type Context,
  currentAnswer,
  keepObject,
  leadingComponent,
  type ObjectComponent,
  type Outcome,
  objectComponents,
  organizerOf,
  readCalendarObject,
  type SchedulingState,
  schedule,
} from "@parley/engine";
import { makeComponent, parameterValue, withParameter } from "@parley/engine/icalendar";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { type Applied, joined } from "./commit.ts";
import { delegateWritten } from "./delegate-written.ts";
import { agentOf, type Written } from "./read-written.ts";

/**
 * Finds what a version implies that the owner's program has written: RFC 6638 §3.2. What is not scheduled, what is nobody's of theirs, and
 * what the program says to look after by itself (SCHEDULE-AGENT) is kept as it is; all else is for the engine.
 */
export function decidePut(
  before: SchedulingState,
  { object, forced }: Written,
  context: Context,
  options: PutOptions = {},
): Outcome {
  if (isKeptAsItIs(before, object, context)) return keepObject(before, object);
  const isNewGuest = !before.object && !isOrganizedBy(object, context);
  const answered = isNewGuest ? takeUpInvitation(before, object, context) : schedule(before, object, context);
  const scheduled = options.delegates ? delegateWritten(before, answered, object, context) : answered;
  const outcome = options.proposes ? proposeTimes(scheduled, object, context) : scheduled;
  return forced.size === 0 ? outcome : force(before, outcome, forced, context);
}

/** How a version is taken. */
export interface PutOptions {
  /** Another time that a guest gives a meeting is proposed to its Organizer. */
  readonly proposes?: boolean;
  /** Who writes it may give the guest's place to somebody else: that is more than to answer. */
  readonly delegates?: boolean;
}

/** What says when something takes place. */
const times: ReadonlySet<string> = new Set(["DTSTART", "DTEND", "DUE", "DURATION"]);

/** Proposes the times of a guest's version to the Organizer, where they are others: RFC 5546 §3.2.7. */
function proposeTimes(outcome: Outcome, object: CalendarObject, context: Context): Outcome {
  const known = outcome.kind === "applied" ? outcome.state.object : undefined;
  if (outcome.kind !== "applied" || !known || isOrganizedBy(known, context)) return outcome;
  let all: Applied = outcome;
  for (const one of objectComponents(object)) {
    const said = ownPartstat(all.state, one, context);
    const changes = one.component.properties.filter(({ name }) => times.has(name));
    const answer = said === "NEEDS-ACTION" ? {} : { partstat: said };
    const proposed = act(all.state, { kind: "counter", changes, key: one.key, ...answer }, context);
    if (proposed.kind === "applied") all = joined(all, proposed);
  }
  return all;
}

/** Finds what it implies that the owner removes an object: RFC 6638 §3.2.1.3 and §3.2.2.4. `reply`: Schedule-Reply of §8.1. */
export function decideRemoval(before: SchedulingState, reply: boolean, context: Context): Outcome {
  const { object } = before;
  if (!object) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "unknown-uid" };
  const isSilent = isOrganizedBy(object, context) ? false : !reply || isNoGuest(object, context) || isClients(object);
  if (!isSilent) return schedule(before, undefined, context);
  const { object: _gone, ...state } = before;
  return { kind: "applied", rule: "RFC 6638 §8.1", state, messages: [], changes: [], tolerated: [] };
}

/** Tells whether a version is kept as it is, whoever wrote it: nothing of it is put back. */
export function isKeptAsItIs(before: SchedulingState, object: CalendarObject, context: Context): boolean {
  const known = before.object;
  const isPlain = !hasGuests(object) && !(known && hasGuests(known)) && allRegisters(before.sent).size === 0;
  if (isPlain) return true;
  const owned = known ?? object;
  if (isOrganizedBy(owned, context)) return false;
  // Nobody makes somebody else's meeting their own by saying that their program looks after it: RFC 6638 §11.2.
  if (organizerOf(owned)?.address !== organizerOf(object)?.address) return false;
  return isClients(object) || (isNoGuest(owned, context) && isNoGuest(object, context));
}

function hasGuests(object: CalendarObject): boolean {
  return objectComponents(object).some(({ attendees }) => attendees.size > 0);
}

/** Tells whether an object is its owner's to change: they are its Organizer, or it has none. */
export function isOrganizedBy(object: CalendarObject, { addresses }: Context): boolean {
  const organizer = organizerOf(object);
  return organizer === undefined || addresses.has(organizer.address);
}

/** RFC 6638 §3.1: who is neither on the list nor in a group that is has no part in it. */
function isNoGuest(object: CalendarObject, { addresses, groups = new Set() }: Context): boolean {
  return !objectComponents(object).some(({ attendees }) =>
    [...addresses, ...groups].some((address) => attendees.has(address)),
  );
}

/** RFC 6638 §3.2.2.2: the owner's program answers the Organizer by itself. */
function isClients(object: CalendarObject): boolean {
  const organizer = organizerOf(object);
  return organizer !== undefined && agentOf(organizer.property) !== "SERVER";
}

/** An invitation that came to the program by another way: what it says for the owner is an answer. */
function takeUpInvitation(before: SchedulingState, object: CalendarObject, context: Context): Outcome {
  const asked = unanswered(object, context);
  const kept = keepObject(before, asked);
  const outcome = schedule(kept.state, object, context);
  if (outcome.kind !== "applied") return outcome.kind === "ignored" ? kept : outcome;
  return { ...outcome, changes: [...kept.changes, ...outcome.changes] };
}

function unanswered(object: CalendarObject, { addresses, limits, zones }: Context): CalendarObject {
  const components = objectComponents(object).map(({ component, attendees }) => ({
    ...component,
    properties: component.properties.map((property) => {
      const isOwn = [...attendees.values()].some((one) => one.property === property && addresses.has(one.address));
      return isOwn && parameterValue(property, "PARTSTAT") !== undefined
        ? withParameter(property, "PARTSTAT", ["NEEDS-ACTION"])
        : property;
    }),
  }));
  const calendar = makeComponent("VCALENDAR", [], [...object.timezones, ...components]);
  const reading = readCalendarObject(calendar, makeZoneResolver(object.timezones, zones, limits), limits);
  return "problem" in reading ? object : reading.object;
}

/** Sends what was to be sent in any case to those who are sent nothing by the change itself, RFC 6638 §3.2.7. */
function force(
  before: SchedulingState,
  outcome: Outcome,
  forced: ReadonlySet<CalendarUserAddress>,
  context: Context,
): Outcome {
  if (outcome.kind !== "applied" && outcome.kind !== "ignored") return outcome;
  let all: Applied | undefined = outcome.kind === "applied" ? outcome : undefined;
  const told = new Set(all?.messages.flatMap(({ recipients }) => recipients));
  for (const address of forced) {
    const state = all?.state ?? before;
    const one = told.has(address) || !state.object ? undefined : sendAnyway(state, state.object, address, context);
    if (one?.kind === "applied") all = all ? joined(all, one) : one;
  }
  return all ?? outcome;
}

function sendAnyway(
  state: SchedulingState,
  object: CalendarObject,
  address: CalendarUserAddress,
  context: Context,
): Outcome | undefined {
  if (isOrganizedBy(object, context)) return act(state, { kind: "resend", to: address }, context);
  if (organizerOf(object)?.address !== address) return undefined;
  const leading = leadingComponent(object);
  const partstat = ownPartstat(state, leading, context);
  return partstat === "NEEDS-ACTION" ? undefined : act(state, { kind: "answer", partstat, key: leading.key }, context);
}

function ownPartstat(state: SchedulingState, component: ObjectComponent, { addresses, owner }: Context) {
  const listed = [...component.attendees.keys()].find((address) => addresses.has(address)) ?? owner;
  return currentAnswer(state, component, listed).partstat;
}
