import type { Action } from "../../itip/action.ts";
import { act } from "../../itip/actions.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import { governingComponent, leadingComponent, organizerOf } from "../../model/calendar-object.ts";
import { type InstanceKey, masterKey } from "../../model/recurrence-id.ts";
import { allRegisters, readRegister } from "../../model/registers.ts";
import { currentAnswer, isOverruled, majorSequence } from "../../model/render.ts";
import { type Participation, participationKey, type SchedulingState } from "../../model/scheduling-state.ts";
import { fairWeather } from "../network.ts";
import { type Calendar, contextOf, instancesOf } from "./calendar.ts";
import { deliverUntil, keepAction, type StoryWorld } from "./world.ts";

/** How often a person says a thing that is not heard. */
const patience = 3;
/** Rounds after which all must be said. */
const maxRounds = 6;

/**
 * Lets a world heal: the weather is fair, all that is under way arrives, and day by day whoever said something the Organizer does
 * not know says it again, and each Organizer sends the present version again, until nobody has anything to say.
 */
export function heal(world: StoryWorld): void {
  world.weather = fairWeather;
  deliverUntil(world, Number.POSITIVE_INFINITY);
  // Where it was news to nobody, the second time says nothing either.
  let isQuiet = false;
  for (let round = 0; round < maxRounds && world.problems.length === 0; round++) {
    world.now += 2 * 86_400;
    const said = [...world.calendars.values()].reduce((sum, calendar) => sum + answerAgain(world, calendar), 0);
    if (said === 0 && isQuiet) return;
    deliverUntil(world, Number.POSITIVE_INFINITY);
    world.now += 3_600;
    for (const calendar of world.calendars.values()) resendAll(world, calendar);
    const [before, answers] = [world.news, world.answers];
    deliverUntil(world, Number.POSITIVE_INFINITY);
    isQuiet = world.news === before;
    // What was answered to what was sent the others do not know yet.
    if (said === 0 && round > 0 && world.answers === answers) return;
  }
  if (world.problems.length === 0) world.problems.push("somebody has something to say again and again");
}

/** Finds the Organizer's copy of what somebody has. */
function organizersCopy(
  world: StoryWorld,
  uid: string,
  { object }: SchedulingState,
): { readonly calendar: Calendar; readonly state: SchedulingState } | undefined {
  const organizer = object && organizerOf(object)?.address;
  const calendar = organizer && world.calendars.get(organizer);
  const state = calendar?.objects.get(uid);
  return calendar && state?.object && organizerOf(state.object)?.address === organizer
    ? { calendar, state }
    : undefined;
}

function answerAgain(world: StoryWorld, calendar: Calendar): number {
  let count = 0;
  for (const uid of [...calendar.objects.keys()]) {
    for (const said of newsOf(world, calendar.owner, uid)) {
      const state = calendar.objects.get(uid);
      const action = state && actionOf(withPlace(world, state, said));
      if (!state || !action) continue;
      const outcome = act(state, action, contextOf(calendar.owner, world.now, world.zones));
      world.tell(
        `-- ${calendar.owner} says again of ${uid} ${JSON.stringify(action)}: ${outcome.kind} ${outcome.kind === "rejected" ? JSON.stringify(outcome.violations) : ""}`,
      );
      const name = `${uid} ${participationKey(said.attendee, said.key, said.range)}`;
      world.saidAgain.set(name, (world.saidAgain.get(name) ?? 0) + 1);
      if (outcome.kind === "applied") count++;
      keepAction(world, calendar, uid, outcome);
    }
  }
  return count;
}

/** An answer to all from an Instance on is said again from the first that takes place. */
function withPlace({ zones }: StoryWorld, state: SchedulingState, said: Participation): Participation {
  if (!said.range) return said;
  const live = instancesOf(state, zones).filter(({ key, isCancelled }) => key >= said.key && !isCancelled);
  return { ...said, key: live.map(({ key }) => key).sort()[0] ?? said.key };
}

/** What somebody said that their Organizer does not know. */
function newsOf(world: StoryWorld, owner: CalendarUserAddress, uid: string): readonly Participation[] {
  const state = world.calendars.get(owner)?.objects.get(uid);
  const other = state && organizersCopy(world, uid, state);
  if (!state || !other || other.calendar.owner === owner) return [];
  return [...allRegisters(state.participations).values()].filter((said) => {
    if (said.attendee !== owner || isOverruled(state, said) || wasGivenBack(state, said)) return false;
    const register = participationKey(owner, said.key, said.range);
    const known = readRegister(other.state.participations, register);
    const times = world.saidAgain.get(`${uid} ${register}`) ?? 0;
    const isUnheard =
      !known || known.reply.dtstamp < said.reply.dtstamp || isVoidForOne(world, other.state, known, state, said);
    return isUnheard && times < patience;
  });
}

/** Tells whether all one delegated to declined: nobody says again what came to nothing. */
export function wasGivenBack(state: SchedulingState, { attendee, key, partstat }: Participation): boolean {
  const component = state.object && (governingComponent(state.object, key) ?? leadingComponent(state.object));
  return partstat === "DELEGATED" && !!component && currentAnswer(state, component, attendee, key).outdated;
}

/**
 * Whether an answer counts for who gave it or for the Organizer, and not for the other, who will ask about it: of one to all after an
 * Instance, at any of them, for no message shows what it is worth there.
 */
function isVoidForOne(
  { zones }: StoryWorld,
  theirs: SchedulingState,
  known: Participation,
  own: SchedulingState,
  said: Participation,
): boolean {
  const following = said.range
    ? instancesOf(own, zones).filter(({ key, isCancelled }) => key > said.key && !isCancelled)
    : [];
  const places = [said.key, ...following.map(({ key }) => key)];
  return places.some((place) => countsIn(theirs, known, place) !== countsIn(own, said, place));
}

function countsIn(state: SchedulingState, { answeredSequence }: Participation, place: InstanceKey): boolean {
  return answeredSequence >= majorSequence(state, place);
}

function actionOf({ key, range, partstat, delegatedTo, informed, percentComplete }: Participation): Action | undefined {
  const place = key === masterKey ? {} : { key };
  const [to] = delegatedTo ?? [];
  if (partstat === "DELEGATED")
    return to && { kind: "delegate", to, ...place, ...(informed && { keepInformed: true }) };
  if (partstat === "NEEDS-ACTION") return undefined;
  const progress = percentComplete === undefined ? {} : { percentComplete };
  return { kind: "answer", partstat, ...place, ...(range && { range }), ...progress };
}

function resendAll(world: StoryWorld, calendar: Calendar): void {
  for (const [uid, state] of [...calendar.objects]) {
    if (!state.object || organizerOf(state.object)?.address !== calendar.owner) continue;
    const outcome = act(state, { kind: "resend" }, contextOf(calendar.owner, world.now, world.zones));
    world.tell(`-- ${calendar.owner} sends ${uid} again: ${outcome.kind}`);
    if (outcome.kind === "rejected") world.problems.push(`${calendar.owner} cannot send ${uid} again`);
    keepAction(world, calendar, uid, outcome);
  }
}
