import { readText } from "../../icalendar/text.ts";
import { isPublication } from "../../itip/methods/receive-publish.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { componentAt, leadingComponent, objectComponents, organizerOf } from "../../model/calendar-object.ts";
import { isCancelled } from "../../model/cancelled.ts";
import { walkChain } from "../../model/delegation.ts";
import { isRangeStart } from "../../model/ranges.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { readRegister } from "../../model/registers.ts";
import { currentAnswer, findParticipation, hearsOfChanges } from "../../model/render.ts";
import type { Participation, SchedulingState } from "../../model/scheduling-state.ts";
import { instancesOf, isRepeated, type Seen } from "./calendar.ts";
import { wasGivenBack } from "./heal.ts";
import { systemOf } from "./systems.ts";
import type { StoryWorld } from "./world.ts";

/** What is looked at. */
export interface Looking {
  /** Each Organizer has sent everything again: so what copies show of others is looked at too. */
  readonly isHealed: boolean;
  /** Whose copies are left alone. */
  readonly isLeftAlone: (person: CalendarUserAddress) => boolean;
}

/** Lists where copies differ from what their Organizers have, after all mail has arrived. */
export function disagreements(world: StoryWorld, { isHealed, isLeftAlone }: Looking): readonly string[] {
  return [...world.calendars.values()].flatMap(({ owner, objects }) =>
    [...objects].flatMap(([uid, state]) => {
      if (!state.object || organizerOf(state.object)?.address !== owner) return [];
      const seen = instancesOf(state, world.zones);
      return world.story.people.flatMap((guest) =>
        guest === owner || isLeftAlone(guest)
          ? []
          : compareCopies(world, { uid, organizer: owner, state, seen }, guest, isHealed),
      );
    }),
  );
}

interface Original {
  readonly uid: string;
  readonly organizer: CalendarUserAddress;
  readonly state: SchedulingState;
  readonly seen: readonly Seen[];
}

function compareCopies(
  world: StoryWorld,
  original: Original,
  guest: CalendarUserAddress,
  isHealed: boolean,
): readonly string[] {
  const { uid, state, seen } = original;
  const copy = world.calendars.get(guest)?.objects.get(uid);
  const invited = seen.filter(
    (one) => !one.isCancelled && one.component.attendees.has(guest) && isShown(state, one, guest),
  );
  const isSeries = state.object !== undefined && isRepeated(state.object);
  if (isLeftOut(original, copy, guest)) return [];
  const wanted = new Map(invited.map((one) => [one.key, describe(state, one, guest, isSeries)]));
  const has = (copy ? instancesOf(copy, world.zones) : []).filter(
    ({ key, isCancelled: isGone }) => !isGone && (isHealed || wanted.has(key) || !isHearsay(copy, key)),
  );
  const found = new Map(copy ? has.map((one) => [one.key, describe(copy, one, guest, isSeries)]) : []);
  const others = copy && isHealed ? compareOthers(original, copy, guest) : [];
  const own = [...new Set([...wanted.keys(), ...found.keys()])].sort().flatMap((key) => {
    const [should, does] = [wanted.get(key) ?? "nothing", found.get(key) ?? "nothing"];
    if (
      should === does ||
      (copy && withoutAnswer(should) === withoutAnswer(does) && isAnswerLeftOut(original, copy, guest, key))
    )
      return [];
    return [`${uid} ${key}: ${guest} has ${does}, ${original.organizer} ${should}`];
  });
  return [...own, ...others];
}

/** Of who got several Instances forwarded, and answers one, the Organizer does not know that they have the others, until all is sent again. */
function isHearsay(copy: SchedulingState | undefined, key: InstanceKey): boolean {
  return copy !== undefined && readRegister(copy.revisions, key)?.provisional === true;
}

/** Who is on a range and not on its series sees its first Instance alone: nothing else tells them what follows (RFC 5545 §3.2.13). */
function isShown({ object }: SchedulingState, { key, component }: Seen, guest: CalendarUserAddress): boolean {
  if (component.recurrenceId?.range !== "this-and-future" || component.key === key) return true;
  return object?.master?.attendees.has(guest) === true;
}

function withoutAnswer(text: string): string {
  return text.slice(0, text.lastIndexOf(" | "));
}

/** Compares what a copy shows of the other guests with what the Organizer knows of them, component by component. */
function compareOthers(original: Original, copy: SchedulingState, guest: CalendarUserAddress): readonly string[] {
  const { uid, state, organizer } = original;
  if (!state.object || !copy.object) return [];
  return objectComponents(state.object).flatMap((component) => {
    const shown = copy.object && componentAt(copy.object, component.key);
    // What speaks for all after shows no answers to its first Instance alone.
    const isRange = component.recurrenceId?.range === "this-and-future";
    if (!shown || isRange || isCancelled(state, component) || !component.attendees.has(guest)) return [];
    return [...component.attendees.keys()].flatMap((other) => {
      if (other === guest || other === organizer) return [];
      const [known, told] = [currentAnswer(state, component, other).partstat, shown.attendees.get(other)?.partstat];
      return known === told
        ? []
        : [`${uid} ${component.key}: ${guest} sees ${other} as ${told}, ${organizer} as ${known}`];
    });
  });
}

/** Says what takes place, when, and what a guest has answered. */
function describe(
  state: SchedulingState,
  { key, component, instance }: Seen,
  guest: CalendarUserAddress,
  isSeries: boolean,
): string {
  const place = isSeries ? key : masterKey;
  const texts = ["SUMMARY", "LOCATION", "DESCRIPTION"].map((name) => readText(component.component, name) ?? "");
  const { partstat } = currentAnswer(state, component, guest, place);
  return [instance.startAt, instance.endAt, ...texts, partstat].join(" | ");
}

/**
 * Copies nobody can bring into agreement:
 *
 * - what was published to somebody: nobody knows that they have it (RFC 5546 §3.2.1);
 * - what was forwarded to somebody the Organizer never heard of;
 * - that of a delegator who does not wish to hear of changes (RFC 5546 §4.2.5);
 * - that of who is not invited any more, and does not know yet that somebody else is the Organizer (decision 0004).
 */
function isLeftOut(
  { state, organizer, seen }: Original,
  copy: SchedulingState | undefined,
  guest: CalendarUserAddress,
): boolean {
  if (!state.object) return true;
  const known = copy?.object && organizerOf(copy.object)?.address;
  if (known === guest) return true;
  if (isPublication(copy?.object)) return true;
  const isListed = objectComponents(state.object).some((one) => one.attendees.has(guest) && !isCancelled(state, one));
  if (!isListed && !readRegister(state.sent, guest)) return true;
  const isInvited = seen.some((one) => !one.isCancelled && one.component.attendees.has(guest));
  if (!isInvited && known !== undefined && known !== organizer) return true;
  return guest !== organizer && !hearsOfChanges(state, leadingComponent(state.object), guest);
}

/**
 * Answers nobody can bring into agreement:
 *
 * - of who delegated to the one who is the Organizer now, in a circle, or the first of all that one component speaks for: that is
 *   refused (decision 0020);
 * - of who delegated and is asked anew, as all delegates declined, where the Organizer never heard of it: that delegation is not said
 *   again;
 * - that went with a COUNTER of a program that proposes for single Instances alone, and whose copy had only one: there were more
 *   (decision 0021).
 */
function isAnswerLeftOut(
  { state, organizer }: Original,
  copy: SchedulingState,
  guest: CalendarUserAddress,
  key: InstanceKey,
): boolean {
  const said = findParticipation(copy, guest, key);
  const shown = copy.object && currentAnswer(copy, leadingComponent(copy.object), guest, key).participation;
  if (shown?.partstat === "DELEGATED" && isRefused(state, shown, organizer)) return true;
  const known = findParticipation(state, guest, key);
  if (said?.partstat === "DELEGATED" && known?.key !== said.key && wasGivenBack(copy, said)) return true;
  return (
    systemOf(guest).countersInstances === true &&
    known !== undefined &&
    known.key !== masterKey &&
    said?.key === masterKey
  );
}

function isRefused(
  state: SchedulingState,
  { attendee, key, delegatedTo = [] }: Participation,
  organizer: CalendarUserAddress,
): boolean {
  if (state.object && isRangeStart(state.object, key)) return true;
  const reached = walkChain(delegatedTo, (each) => findParticipation(state, each, key)?.delegatedTo ?? []);
  return reached.has(attendee) || reached.has(organizer);
}
