import type { CalendarUserAddress } from "../model/address.ts";
import type { CalendarObject, ObjectComponent } from "../model/calendar-object.ts";
import type { Partstat } from "../model/calendar-user.ts";
import { isCancelled } from "../model/cancelled.ts";
import { madeInstance } from "../model/instance.ts";
import { isRange, rangeStarts } from "../model/ranges.ts";
import { type InstanceKey, masterKey } from "../model/recurrence-id.ts";
import { allRegisters, readRegister } from "../model/registers.ts";
import { answersTo, majorSequence } from "../model/render.ts";
import { compareRevisions, type Revision } from "../model/revision.ts";
import {
  asksAnew,
  type ComponentRevisions,
  neverCounts,
  type Participation,
  type SchedulingState,
} from "../model/scheduling-state.ts";
import { movesInstances } from "../model/times.ts";
import type { VersionZones } from "./changes.ts";
import type { Context } from "./context.ts";

/** A component of a message that is newer than what is known of it, with its revision, clamped. */
export interface TakenComponent {
  readonly component: ObjectComponent;
  readonly revision: Revision;
}

/** Tells whether the owner has to answer anew: it takes place at another time, or the Organizer doubts the answer to an Instance. */
export function resetsAnswers(
  state: SchedulingState,
  before: ObjectComponent,
  after: ObjectComponent,
  zones: VersionZones,
  context: Context,
): boolean {
  if (movesInstances(before, after, zones, context.policy.majorProperties, context.limits)) return true;
  return after.key !== masterKey && isDoubted(state, before.revision, after, context);
}

/**
 * Tells whether a component doubts an answer, RFC 5546 §2.1.4: a higher SEQUENCE under which the owner has not answered says that the
 * Organizer deems it so, where they have answered at all. What speaks for all after an Instance says nothing of answers to single ones,
 * nor anything new of void ones; a delegation ends by itself.
 */
export function isDoubted(state: SchedulingState, before: Revision, after: ObjectComponent, context: Context): boolean {
  if (after.revision.sequence <= before.sequence) return false;
  const said = [...context.addresses].flatMap((address) => answersTo(state, address, after.key));
  if (said.length === 0 && state.object) return false;
  const isVoid = (one: Participation): boolean => one.answeredSequence < majorSequence(state, after.key);
  const isAside = (one: Participation): boolean =>
    isToFirstAlone(one, after) || one.partstat === "DELEGATED" || isVoid(one);
  if (isRange(after) && said.every(isAside)) return false;
  for (const address of context.addresses) {
    const attendee = after.attendees.get(address);
    if (attendee) return attendee.partstat === "NEEDS-ACTION" || isTakenForWhole(attendee.partstat, said);
  }
  return false;
}

/** Whether a delegation of the whole, which stands whatever the time, is shown in place of what was said of an Instance. */
function isTakenForWhole(shown: Partstat, [nearest]: readonly Participation[]): boolean {
  return shown === "DELEGATED" && nearest !== undefined && nearest.key !== masterKey && nearest.partstat !== shown;
}

function isToFirstAlone({ key, range }: Participation, component: ObjectComponent): boolean {
  return isRange(component) && key === component.key && !range;
}

/** Tells whether the owner was taken off the list, or all was called off: an invitation after that asks anew. */
export function wasTakenBack({ latest, cancelled }: ComponentRevisions): boolean {
  return cancelled !== undefined && compareRevisions(cancelled, latest) >= 0;
}

/** Tells whether an Instance was taken back with the whole. */
export function isOfCancelled(
  { revisions }: SchedulingState,
  key: InstanceKey,
  own: ComponentRevisions | undefined,
): boolean {
  const series = key === masterKey ? undefined : readRegister(revisions, masterKey);
  return (
    series?.cancelled !== undefined && wasTakenBack(series) && (own?.latest.dtstamp ?? 0) <= series.cancelled.dtstamp
  );
}

/**
 * Finds the answers that newer components make void by themselves, see `answerAfter`; and what delegates told the owner where the
 * Organizer, later, shows something else.
 */
export function voidedAnswers(
  state: SchedulingState,
  taken: readonly TakenComponent[],
  zones: VersionZones,
  context: Context,
): readonly (readonly [string, Participation])[] {
  const all = [...allRegisters(state.participations)];
  if (all.length === 0) return [];
  const isWholeInDoubt = isWholeDoubted(state, taken, zones, context);
  return all.flatMap(([register, said]) => {
    const isOwn = context.addresses.has(said.attendee);
    const after = isOwn ? answerAfter(state, said, taken, isWholeInDoubt) : hearsayAfter(said, taken);
    return after ? [[register, after] as const] : [];
  });
}

function hearsayAfter(said: Participation, taken: readonly TakenComponent[]): Participation | undefined {
  const one = taken.find(({ component }) => component.key === said.key);
  const shown = one?.component.attendees.get(said.attendee)?.partstat;
  const isLater = one !== undefined && one.revision.dtstamp > said.reply.dtstamp;
  return isLater && shown && shown !== said.partstat ? { ...said, answeredSequence: neverCounts } : undefined;
}

/**
 * What newer components make of an answer of the owner's; `undefined` where it stays as it is. Void are: one to the whole, where that alone
 * is in doubt; all to what was taken back since; and a delegation that the Organizer shows no more, which counts again where they say so.
 */
function answerAfter(
  state: SchedulingState,
  said: Participation,
  taken: readonly TakenComponent[],
  isWholeInDoubt: boolean,
): Participation | undefined {
  const isOfWhole = (key: InstanceKey): boolean => isOfCancelled(state, key, readRegister(state.revisions, key));
  const isAbout = ({ component: { key } }: TakenComponent): boolean =>
    key === said.key || (said.key === masterKey && isOfWhole(key));
  const series = readRegister(state.revisions, masterKey);
  const one = taken.find(({ component }) => component.key === said.key) ?? taken.find(isAbout);
  if (!one) {
    // Where all was taken back the whole is all that is asked for.
    const whole = taken.find(({ component }) => component.key === masterKey);
    const takenBack = whole && takenBackBefore(series, whole, false);
    return takenBack && takenBack.sequence > said.reply.sequence && isOfWhole(said.key)
      ? { ...said, answeredSequence: neverCounts }
      : undefined;
  }
  const isWithWhole = isOfWhole(one.component.key);
  // What is said of all after one stands for those: whether it does for that one, its SEQUENCE tells.
  if (said.range && !isWithWhole) return undefined;
  const known = isWithWhole ? series : readRegister(state.revisions, one.component.key);
  const takenBack = takenBackBefore(known, one, isWithWhole);
  const isInDoubt = isWholeInDoubt && said.key === masterKey;
  const answeredSequence = sequenceUnder(state, said, one, { takenBack, isInDoubt });
  if (answeredSequence === undefined) return undefined;
  if (answeredSequence !== asksAnew || said.key === masterKey) return { ...said, answeredSequence };
  if (isWithWhole) return { ...said, answeredSequence: neverCounts };
  // What was said of the whole before the Instance was taken back, or given back by its delegates, is no answer to it either.
  const { sequence } = takenBack ?? one.revision;
  return { ...said, answeredSequence, reply: { ...said.reply, sequence } };
}

/** The CANCEL that took something back which a component that is newer brings again. */
function takenBackBefore(
  known: ComponentRevisions | undefined,
  { revision }: TakenComponent,
  isWithWhole: boolean,
): Revision | undefined {
  const cancelled = known && wasTakenBack(known) ? known.cancelled : undefined;
  if (!cancelled) return undefined;
  const isLater = isWithWhole ? revision.dtstamp > cancelled.dtstamp : compareRevisions(revision, cancelled) > 0;
  return isLater ? cancelled : undefined;
}

function sequenceUnder(
  state: SchedulingState,
  said: Participation,
  { component, revision }: TakenComponent,
  { takenBack, isInDoubt }: { readonly takenBack: Revision | undefined; readonly isInDoubt: boolean },
): number | undefined {
  const { attendee, key, partstat, reply, answeredSequence, delegatedTo = [] } = said;
  const shown = component.attendees.get(attendee)?.partstat;
  const isBack = takenBack !== undefined && takenBack.sequence > reply.sequence;
  const isOfFirst = isToFirstAlone(said, component);
  if (partstat === "DELEGATED") {
    // What was delegated stays so where it is in doubt, and where the Organizer says so: the delegate is who is asked.
    if (shown === partstat) return answeredSequence < 0 ? reply.sequence : undefined;
    // Where it shows that all delegates declined it was given back, which is looked up.
    const hasDeclined = (each: CalendarUserAddress): boolean => component.attendees.get(each)?.partstat === "DECLINED";
    const isGivenBack = delegatedTo.length > 0 && delegatedTo.every(hasDeclined);
    const isDenied = !isOfFirst && !isGivenBack && shown !== undefined && revision.sequence > reply.sequence;
    return isBack || isDenied ? asksAnew : undefined;
  }
  // A CANCEL above what speaks for all after was to all else: what that shows says nothing of an answer to its first Instance alone.
  const isAside = isBack && isOfFirst && revision.sequence < takenBack.sequence;
  if (isBack && !isAside && (isOfFirst || shown === "NEEDS-ACTION")) return asksAnew;
  // What does not count for the whole any more may still count for an Instance that did not move.
  return isInDoubt && !takenBack && answeredSequence >= majorSequence(state, key) ? asksAnew : undefined;
}

/** Tells whether what spoke for all after an Instance ends, and these are at another time now: what was said of all counts no more. */
export function endsElsewhere(
  state: SchedulingState,
  taken: readonly TakenComponent[],
  zones: VersionZones,
  context: Context,
): boolean {
  const { object } = state;
  const master = taken.find(({ component }) => component.key === masterKey)?.component;
  if (!object || !master) return false;
  // Those that go on are named anew with the series.
  const ranges = taken.flatMap(({ component }) => (isRange(component) ? [[component.key, component] as const] : []));
  const after = { ...object, master, overrides: new Map(ranges) };
  // Its first Instance is told of by name where that goes on.
  const named = new Set(taken.map(({ component }) => component.key));
  const ended = rangeStarts(object).filter((key) => named.has(key) && !after.overrides.has(key));
  return ended.some((key) => {
    const one = object.overrides.get(key);
    if (!one || isCancelled(state, one)) return false;
    return majorSequence(state, key) > majorSequence(state, masterKey) || isElsewhere(one, after, zones, context);
  });
}

/** Tells whether what a component spoke for is at another time by what speaks for it in a newer version. */
export function isElsewhere(
  one: ObjectComponent,
  after: CalendarObject,
  zones: VersionZones,
  { policy, limits }: Context,
): boolean {
  const { key, recurrenceId } = one;
  const bare = { ...after, overrides: new Map([...after.overrides].filter(([each]) => each !== key)) };
  const made = recurrenceId && madeInstance(bare, { ...recurrenceId, range: "this" }, zones.after, limits);
  return made !== undefined && movesInstances(one, made, zones, policy.majorProperties, limits);
}

/** What the owner said of single Instances is none of it, and of another time each Instance tells by itself whether it moved. */
function isWholeDoubted(
  state: SchedulingState,
  taken: readonly TakenComponent[],
  zones: VersionZones,
  context: Context,
): boolean {
  const before = state.object?.master;
  const after = taken.find(({ component }) => component.key === masterKey)?.component;
  if (!before || !after || !isDoubted(state, before.revision, after, context)) return false;
  return !resetsAnswers(state, before, after, zones, context) && !endsElsewhere(state, taken, zones, context);
}
