import { type Property, withProperty } from "../../icalendar/component.ts";
import { maxSpeakers } from "../../limits.ts";
import { type CalendarUserAddress, formatAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  componentAt,
  type ObjectComponent,
  objectComponents,
  organizerOf,
  withComponents,
} from "../../model/calendar-object.ts";
import { type Organizer, readAttendee } from "../../model/calendar-user.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { allRegisters, readRegister, writeRegisters } from "../../model/registers.ts";
import { compareRevisions, laterRevision, type Revision } from "../../model/revision.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { ComponentRevisions, SchedulingState } from "../../model/scheduling-state.ts";
import { askRefresh, highestSequence, lacksVersions } from "../ask-refresh.ts";
import { isCalendarId, isDelegation } from "../authority.ts";
import { becomeOrganizer } from "../become-organizer.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "../evidence.ts";
import type { Outcome } from "../outcome.ts";
import { restateAnswers } from "../restate-answers.ts";
import { pickNewer, takeComponents } from "../take.ts";
import { forgetPublication, isPublication } from "./receive-publish.ts";

/**
 * Takes an invitation or an update into an Attendee's copy, component by component. RFC 5546 §3.2.2, ordered by §2.1.5.
 *
 * - `ignored/not-for-us`: the owner organizes this object; nobody else can revise it.
 * - `ignored/duplicate`, `ignored/superseded`: every component is known already, or older than what is known.
 * - `undecided/new-organizer`: it names another Organizer than the stored one (RFC 5546 §6.1.3), or the owner, who never had it: then the
 *   copy is the Organizer's (decision 0016).
 * - `applied`: newer components replaced theirs. A REQUEST without master never replaces the series, and one with a master
 *   keeps the overrides it does not mention. Where versions in between are missing, the Organizer is asked for the present one;
 *   where nothing is new but that it asks for the owner's answer, that is sent once more (`restateAnswers`).
 */
export function receiveRequest(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const organizer = organizerOf(message.object);
  const stored = state.object && organizerOf(state.object);
  const isOwner = context.addresses.has((stored ?? organizer)?.address as CalendarUserAddress);
  const isHandedOver = isOwner && mayBeHandedOver(state, message.object, evidence.from, context);
  if (isOwner && !isHandedOver) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  const isNew = isHandedOver || (state.object !== undefined && organizer?.address !== stored?.address);
  if (organizer && isNew && !evidence.confirmedByOwner) {
    return {
      kind: "undecided",
      rule: "RFC 5546 §6.1.3",
      question: { kind: "new-organizer", organizer: organizer.address },
      tolerated: [],
    };
  }
  const known = isPublication(state.object) ? forgetPublication(state) : state;
  const base = isNew && known.object ? forgetUnnamed(known, known.object, message.object) : known;
  const picked = pickNewer(base, invitedComponents(message.object, context), context);
  const newer = isNew ? picked.newer.filter(({ revision }) => isSince(base, revision)) : picked.newer;
  if (newer.length === 0) {
    const isOlder = picked.older || picked.newer.length > 0;
    return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: isOlder ? "superseded" : "duplicate" };
  }
  // Who hands the role over may delegate after it: then they name Instances of their own making.
  const isDelegated = isDelegation(message, evidence.from, context.addresses);
  const isByFormer = isHandedOver || (isNew && evidence.from === stored?.address && !isDelegated);
  const origin = !isByFormer && isForwarded(organizer, evidence) ? "forwarded" : "organizer";
  const told = takeComponents(base, message.object, newer, context, origin);
  const taken = isNew ? { ...told, state: withOneOrganizer(told.state, organizer) } : told;
  const restated = taken.changes.length === 0 ? restateAnswers(base, taken.state, newer, context) : undefined;
  if (restated) return restated;
  const isGap = lacksVersions(base, newer, context);
  const asked = isGap ? askRefresh(taken.state, message.object, context) : { state: taken.state, messages: [] };
  if (organizer && context.addresses.has(organizer.address)) {
    const own = becomeOrganizer(taken.state, context);
    return { kind: "applied", rule: "decision 0016", state: own, messages: [], changes: taken.changes, tolerated: [] };
  }
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.2",
    state: { ...asked.state, speakers: speakersAfter(state, message, evidence) },
    messages: asked.messages,
    changes: taken.changes,
    tolerated: [],
  };
}

/** Whether what another Organizer says is not older than the series: else it is what a former one said before they handed it over. */
function isSince({ revisions }: SchedulingState, revision: Revision): boolean {
  const series = readRegister(revisions, masterKey);
  return !series || compareRevisions(revision, series.latest) >= 0;
}

/**
 * What a new Organizer takes over is what they name, which is all there is for the owner; the former one's word on other Instances counts
 * no more (decision 0016). What was older than it stays so.
 */
function forgetUnnamed(state: SchedulingState, object: CalendarObject, named: CalendarObject): SchedulingState {
  const isNamed = ({ key }: ObjectComponent): boolean => componentAt(named, key) !== undefined;
  const left = objectComponents(object).filter((one) => one.key === masterKey || isNamed(one));
  const revisions = [...allRegisters(state.revisions)]
    .filter(([key]) => key !== masterKey)
    .map(([key, { latest, major, cancelled }]): [InstanceKey, ComponentRevisions] => {
      const newest = cancelled ? laterRevision(latest, cancelled) : latest;
      return [key, { latest: newest, major, ...(!named.overrides.has(key) && { provisional: true }) }];
    });
  const { object: _former, ...registers } = state;
  return {
    ...registers,
    ...(left.length > 0 && { object: withComponents(object, left) }),
    revisions: writeRegisters(state.revisions, revisions),
  };
}

/** Who is the Organizer of some Instances is that of the whole, be they all that they name: else the former one would go on to speak for it. */
function withOneOrganizer(state: SchedulingState, organizer: Organizer | undefined): SchedulingState {
  const { master } = state.object ?? {};
  if (!state.object || !master || !organizer || master.organizer?.address === organizer.address) return state;
  const component = withProperty(master.component, "ORGANIZER", organizer.property);
  return { ...state, object: { ...state.object, master: { ...master, organizer, component } } };
}

/** Whether it comes from somebody who does not speak for the Organizer, as from a delegator: RFC 5546 §3.2.2.3 and §3.2.2.6. */
function isForwarded(organizer: Organizer | undefined, { from }: Evidence): boolean {
  if (!organizer || from === undefined || isCalendarId(organizer.address)) return false;
  return from !== organizer.address && from !== organizer.sentBy;
}

/**
 * Whether somebody else on the list sends it, as the former Organizer does who hands the role over: of what the owner does not have, and
 * later than all they had. What they threw away as its Organizer does not come back by being forwarded.
 */
function mayBeHandedOver(
  state: SchedulingState,
  object: CalendarObject,
  from: CalendarUserAddress | undefined,
  { addresses }: Context,
): boolean {
  if (state.object || from === undefined || addresses.has(from)) return false;
  const isKnown = allRegisters(state.revisions).size > 0;
  const latest = Math.max(...objectComponents(object).map(({ revision }) => revision.sequence));
  if (isKnown && latest <= highestSequence(state)) return false;
  return objectComponents(object).some(({ attendees }) => attendees.has(from));
}

/** A REQUEST that lists nobody, as one to a mailing list or to hidden guests does, is for the owner all the same. */
function invitedComponents(object: CalendarObject, { owner }: Context): readonly ObjectComponent[] {
  const components = objectComponents(object);
  if (components.some(({ attendees }) => attendees.size > 0)) return components;
  const property: Property = { name: "ATTENDEE", parameters: [], value: formatAddress(owner) };
  const attendee = readAttendee(property);
  if (!attendee) return components;
  return components.map((each) => ({
    ...each,
    component: { ...each.component, properties: [...each.component.properties, property] },
    attendees: new Map([[attendee.address, attendee]]),
  }));
}

function speakersAfter(
  state: SchedulingState,
  message: SchedulingMessage,
  evidence: Evidence,
): readonly CalendarUserAddress[] {
  const organizer = organizerOf(message.object)?.address;
  if (!organizer || !evidence.from || !evidence.confirmedByOwner || evidence.from === organizer) return state.speakers;
  if (state.speakers.includes(evidence.from) || state.speakers.length >= maxSpeakers) return state.speakers;
  return [...state.speakers, evidence.from];
}
