import { type CalendarUserAddress, domainOf } from "../model/address.ts";
import { type CalendarObject, leadingComponent } from "../model/calendar-object.ts";
import { groupsOf, mayBeGroup } from "../model/calendar-user.ts";
import { instanceAt } from "../model/instance.ts";
import { isRangeStart } from "../model/ranges.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { readRegister } from "../model/registers.ts";
import { revisionsFor } from "../model/render.ts";
import { makeRequestStatus } from "../model/request-status.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { type Answer, findAnswers } from "./answers.ts";
import type { Context } from "./context.ts";
import { mayBeDelegate } from "./delegation.ts";
import { type Evidence, isProven } from "./evidence.ts";
import { addGuests, type GuestListChange, type NewGuest, refuseGuest } from "./guest-list.ts";
import { countHealing } from "./healing.ts";
import { guestsOf } from "./organize/guests.ts";
import { requestFor } from "./organize/view.ts";
import type { Change, Outcome } from "./outcome.ts";
import { restamp } from "./present-version.ts";
import { recordAnswers } from "./record-answers.ts";
import { rejectUnsendable } from "./restrictions/unsendable.ts";

/**
 * Decides about answers of somebody who was never invited to what they answer, RFC 5546 §3.2.2.6 (decision 0019).
 *
 * - `held`: a delegate whose delegator's REPLY has not come yet, RFC 5546 §5.2.2.
 * - `ignored/superseded`: they were taken off the list or refused after what they answer.
 * - `undecided/uninvited-reply`, or what policy says. Admitted, by the owner's yes too, they become Attendees of what they answered,
 *   are sent the REQUEST, and their answer counts. Refused, they are sent a CANCEL, as often a day as policy allows. Who answers as a
 *   member of an invited group is asked about, never refused by policy (RFC 5546 §3.7.2).
 */
export function receiveUninvited(
  state: SchedulingState,
  object: CalendarObject,
  answers: readonly Answer[],
  message: SchedulingMessage,
  evidence: Evidence,
  context: Context,
): Outcome {
  const [first] = answers;
  if (!first || context.addresses.has(first.attendee.address)) {
    return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  }
  if (evidence.confirmedByOwner) return admitWithAnswers(state, object, answers, message, context);
  const { attendee, answered, component } = first;
  if (mayBeDelegate(answered, component, attendee)) {
    return { kind: "held", rule: "RFC 5546 §5.2.2", awaiting: "delegation", messages: [] };
  }
  const sent = readRegister(state.sent, attendee.address);
  const wasTakenBack = ({ key, revision: { sequence } }: Answer["component"]): boolean => {
    if (!sent) return false;
    // Who is still on others of its Instances was told when they were taken off this one.
    if (!sent.cancelled) return key !== masterKey && sequence < (revisionsFor(state, key)?.latest.sequence ?? 0);
    const isNamed = sent.instances.includes(key) || sent.instances.includes(masterKey);
    return isNamed && sequence < sent.revision.sequence;
  };
  if (answers.every((each) => wasTakenBack(each.component))) {
    return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "superseded" };
  }
  const { uninvited, ownDomains } = context.policy;
  const group = claimedGroup(first);
  if (uninvited === "refuse" && !group) return refuseByPolicy(state, object, first, evidence, context);
  if (uninvited === "admit-own-domain" && ownDomains.has(domainOf(attendee.address))) {
    return admitWithAnswers(state, object, answers, message, context);
  }
  const { address: from, partstat } = attendee;
  const place = component.key === masterKey ? {} : { key: component.key };
  const question = { kind: "uninvited-reply", from, partstat, ...place, ...(group && { group }) } as const;
  return { kind: "undecided", rule: "RFC 5546 §3.2.2.6", question, tolerated: [] };
}

/** The invited group somebody answers as a member of, RFC 5546 §3.7.2: a claim, which is for the Organizer to judge. */
function claimedGroup({ attendee, answered }: Answer): CalendarUserAddress | undefined {
  return groupsOf(attendee).find((group) => {
    const listed = answered.attendees.get(group);
    return listed !== undefined && mayBeGroup(listed);
  });
}

function admitWithAnswers(
  state: SchedulingState,
  object: CalendarObject,
  answers: readonly Answer[],
  message: SchedulingMessage,
  context: Context,
): Outcome {
  const [first] = answers;
  if (!first) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  const { address, name } = first.attendee;
  const keys = answers.map(({ component }) => component.key);
  const group = claimedGroup(first);
  const guest = { address, ...(name && { name }), ...(group && { group }) };
  const admitted = admitGuest(state, object, keys, guest, context);
  if (admitted.kind !== "applied" || !admitted.state.object) return admitted;
  const invited = findAnswers(admitted.state, admitted.state.object, message, context).filter(
    ({ invitedAs }) => invitedAs,
  );
  const recorded = recordAnswers(admitted.state, object.type, invited, context);
  if (recorded.kind !== "applied") return recorded.kind === "ignored" ? admitted : recorded;
  return {
    ...recorded,
    messages: [
      ...admitted.messages.map((one) => withAnswer(one, recorded.state, address, context)),
      ...recorded.messages,
    ],
    changes: [...admitted.changes, ...recorded.changes],
  };
}

/** The REQUEST to who was admitted shows what they have answered: else they would be asked for it. */
function withAnswer(
  message: SchedulingMessage,
  state: SchedulingState,
  guest: CalendarUserAddress,
  context: Context,
): SchedulingMessage {
  const keys = state.object && guestsOf(state.object, context).get(guest);
  if (message.method !== "REQUEST" || !state.object || !keys) return message;
  const { dtstamp } = leadingComponent(message.object).revision;
  return restamp(requestFor(state, state.object, keys, [guest], context), dtstamp);
}

/** Makes somebody an Attendee of the whole object, or of some of its Instances alone, and sends them the REQUEST. */
export function admitGuest(
  state: SchedulingState,
  object: CalendarObject,
  keys: readonly InstanceKey[],
  guest: NewGuest,
  context: Context,
): Outcome {
  let all: GuestListChange = { state, messages: [] };
  // All after an Instance cannot be shown without the series.
  const isWhole = keys.some((key) => key === masterKey || isRangeStart(object, key));
  const places = isWhole ? [masterKey] : keys;
  for (const key of places) {
    const added = addGuests(all.state, all.state.object ?? object, key, [guest], context);
    if (!added) return unfit(object, key, context);
    // Each REQUEST has all they are invited to so far.
    all = { state: added.state, messages: added.messages.length > 0 ? added.messages : all.messages };
  }
  const changes = places.map((key) => ({ kind: "attendee-added", key, attendee: guest.address }) as const);
  return checked(all, changes);
}

/** Tells somebody who was never invited that they are not, of the whole object or of one Instance. */
export function refuseUninvited(
  state: SchedulingState,
  object: CalendarObject,
  key: InstanceKey,
  guest: NewGuest & { readonly comment?: string },
  context: Context,
): Outcome {
  const refused = refuseGuest(state, object, key, guest, context);
  if (!refused) return unfit(object, key, context);
  return checked(refused, [{ kind: "refused", key, attendee: guest.address }]);
}

/** Nobody is written to for a message that may be another's: then it is as if it had not come. */
function refuseByPolicy(
  state: SchedulingState,
  object: CalendarObject,
  { attendee, component }: Answer,
  evidence: Evidence,
  context: Context,
): Outcome {
  const proven = isProven(evidence) && evidence.from === attendee.address;
  const counted = proven ? countHealing(state, attendee.address, context) : undefined;
  if (!counted) return { kind: "ignored", rule: "RFC 5546 §3.2.2.6", reason: "not-for-us" };
  return refuseUninvited(counted, object, component.key, { address: attendee.address }, context);
}

function checked({ state, messages }: GuestListChange, changes: readonly Change[]): Outcome {
  const unsendable = rejectUnsendable(messages);
  if (unsendable) return unsendable;
  return { kind: "applied", rule: "RFC 5546 §3.2.2.6", state, messages, changes, tolerated: [] };
}

/** The object has no such Instance, or no room for one more Attendee. */
function unfit(object: CalendarObject, key: InstanceKey, { zones: provider, limits }: Context): Outcome {
  const zones = makeZoneResolver(object.timezones, provider, limits);
  if (key !== masterKey && !instanceAt(object, key, zones, limits)) {
    return { kind: "rejected", rule: "RFC 5546 §3.6.14", status: makeRequestStatus("3.1", key), violations: [] };
  }
  return { kind: "rejected", rule: "RFC 5546 §3.6.23", status: makeRequestStatus("3.10"), violations: [] };
}
