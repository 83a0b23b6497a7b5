import {
  allRegisters,
  type CalendarUserAddress,
  componentAt,
  currentAnswer,
  type ObjectComponent,
  objectComponents,
  organizerOf,
  type Participation,
  participationKey,
  type SchedulingState,
} from "@parley/engine";
import type { Principal, ReadTransaction, StoredObject } from "../store/store.ts";

/** An object as far as its answers are shown. */
type Shown = Pick<StoredObject, "uid" | "state">;

/**
 * Gives a guest's copies as they are shown: with what the other Attendees have answered, as the Organizer's copy has it where that is
 * here. Nothing of it is kept in the guest's. It shows what a REQUEST would tell them, and no more: PARTSTAT, of Attendees their own
 * copy names, in components it has, of a version they have; of an event they are invited to. Decision 0030.
 */
export async function showAnswers<Object extends Shown>(
  { objects }: ReadTransaction,
  viewer: Principal,
  copies: readonly Object[],
): Promise<readonly Object[]> {
  const asked = copies.flatMap(({ uid, state }) => {
    const organizer = state.object && organizerOf(state.object)?.address;
    return organizer && !viewer.addresses.includes(organizer) ? [{ organizer, uid }] : [];
  });
  if (asked.length === 0) return copies;
  const found = await objects.answersOf(asked);
  return copies.map((copy) => {
    const organizer = copy.state.object && organizerOf(copy.state.object)?.address;
    const theirs = organizer && found.get(`${organizer} ${copy.uid}`);
    return theirs ? { ...copy, state: withAnswers(viewer, copy.state, theirs) } : copy;
  });
}

function withAnswers(viewer: Principal, own: SchedulingState, theirs: SchedulingState): SchedulingState {
  if (!own.object || !theirs.object) return own;
  if (organizerOf(own.object)?.address !== organizerOf(theirs.object)?.address) return own;
  const shown = new Map(own.participations.stored);
  for (const component of objectComponents(own.object)) {
    const source = componentAt(theirs.object, component.key);
    if (!source || !isInvited(viewer, source) || !isPresent(own, theirs, component)) continue;
    for (const attendee of component.attendees.keys()) {
      if (viewer.addresses.includes(attendee) || !source.attendees.has(attendee)) continue;
      const answer = answerOf(own, theirs, source, attendee);
      if (answer) shown.set(participationKey(attendee, component.key), answer);
    }
  }
  return { ...own, participations: { ...own.participations, stored: shown } };
}

/** Whether the Organizer would send it to them: an object that merely has its UID learns nothing. */
function isInvited({ addresses, groups }: Principal, { attendees }: ObjectComponent): boolean {
  return [...addresses, ...groups].some((address) => attendees.has(address));
}

/** Whether the copy has heard of the last change that made older answers void. */
function isPresent(own: SchedulingState, theirs: SchedulingState, { key }: ObjectComponent): boolean {
  const known = allRegisters(own.revisions).get(key)?.latest;
  const major = allRegisters(theirs.revisions).get(key)?.major;
  return known !== undefined && major !== undefined && known.sequence >= major.sequence;
}

/** What counts of an Attendee's answer at the Organizer's, as it is said to others; it counts for the version the copy has. */
function answerOf(
  own: SchedulingState,
  theirs: SchedulingState,
  source: ObjectComponent,
  attendee: CalendarUserAddress,
): Participation | undefined {
  const { participation, partstat, outdated } = currentAnswer(theirs, source, attendee);
  if (!participation || outdated) return undefined;
  const answeredSequence = allRegisters(own.revisions).get(source.key)?.latest.sequence ?? 0;
  return { attendee, key: source.key, partstat, reply: participation.reply, answeredSequence };
}
