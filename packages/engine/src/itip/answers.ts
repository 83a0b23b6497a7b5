import { maxInstancesAnswered } from "../limits.ts";
import { type CalendarUserAddress, withoutTag } from "../model/address.ts";
import {
  type CalendarObject,
  componentAt,
  governingComponent,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
} from "../model/calendar-object.ts";
import type { Attendee } from "../model/calendar-user.ts";
import { onlyInstance } from "../model/instance.ts";
import { isRange } from "../model/ranges.ts";
import { masterKey } from "../model/recurrence-id.ts";
import { readRecurrenceSet } from "../model/recurrence-set.ts";
import { readRegister } from "../model/registers.ts";
import { lastAnswer } from "../model/render.ts";
import { makeRequestStatus } from "../model/request-status.ts";
import { compareRevisions } from "../model/revision.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { participationKey, type SchedulingState } from "../model/scheduling-state.ts";
import { recurs } from "../model/times.ts";
import { isInstance, nextInstances } from "../recurrence/instances.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Context } from "./context.ts";
import type { Ignored, Rejected } from "./outcome.ts";

/** What one component of a REPLY answers. */
export interface Answer {
  /** Of the REPLY. */
  readonly component: ObjectComponent;
  /** Its originator, as the REPLY has them. */
  readonly attendee: Attendee;
  /** Of the object: the component that says what is answered. */
  readonly answered: ObjectComponent;
  /** The address of the ATTENDEE that was invited; absent for the uninvited. */
  readonly invitedAs?: CalendarUserAddress;
}

/**
 * Finds the answers of a REPLY: its originator's alone, who is the one that evidence speaks of. Components that do not name them
 * are left out, and those of Instances the object cannot have, but for what they answered before; more than `maxInstancesAnswered` are not looked for.
 */
export function findAnswers(
  state: SchedulingState,
  object: CalendarObject,
  message: SchedulingMessage,
  context: Context,
): readonly Answer[] {
  const { originator } = message;
  if (!originator) return [];
  const isOfSeries = instanceFinder(object, context);
  const answers: Answer[] = [];
  for (const written of objectComponents(message.object)) {
    const component: ObjectComponent = isRepeated(state, written, originator)
      ? written
      : asWhole(object, written, context);
    const attendee = component.attendees.get(originator);
    const isKnown = lastAnswer(state, originator, component.key) !== undefined;
    const mayBe: InstanceFinder = isKnown && object.master ? () => true : isOfSeries;
    const answered = attendee && answeredComponent(object, component, originator, mayBe);
    if (!attendee || !answered) continue;
    const invitedAs = findInvited(answered, originator);
    answers.push({
      component,
      attendee,
      answered,
      ...(invitedAs && !context.addresses.has(invitedAs) && { invitedAs }),
    });
  }
  return answers;
}

/** Tells what comes of naming no Instance of the series: `rejected` with 3.1; in an older version of it there may have been one. */
export function answersNothing(state: SchedulingState, { key, revision }: ObjectComponent): Ignored | Rejected {
  const latest = readRegister(state.revisions, masterKey)?.latest.sequence ?? 0;
  if (revision.sequence < latest) return { kind: "ignored", rule: "RFC 5546 §2.1.5", reason: "superseded" };
  return { kind: "rejected", rule: "RFC 5546 §3.6.14", status: makeRequestStatus("3.1", key), violations: [] };
}

/** Whether it is known: what was said of one Instance when there were more is not said of the whole by coming twice. */
function isRepeated(
  { participations }: SchedulingState,
  component: ObjectComponent,
  originator: CalendarUserAddress,
): boolean {
  const range = isRange(component) ? "this-and-future" : undefined;
  const said = readRegister(participations, participationKey(originator, component.key, range));
  return said !== undefined && compareRevisions(said.reply, component.revision) >= 0;
}

/** What does not repeat is answered as a whole, also by who names its only Instance. */
function asWhole(object: CalendarObject, component: ObjectComponent, context: Context): ObjectComponent {
  const { recurrenceId: _id, ...whole } = component;
  const zones = makeZoneResolver(object.timezones, context.zones, context.limits);
  const isOnly = component.key !== masterKey && object.overrides.size === 0;
  return isOnly && onlyInstance(object, zones) === component.key ? { ...whole, key: masterKey } : component;
}

type InstanceFinder = (component: ObjectComponent) => boolean;

function instanceFinder(object: CalendarObject, context: Context): InstanceFinder {
  const { master } = object;
  if (!master) return () => false;
  let left = maxInstancesAnswered;
  // Looks through all properties, so only for who answers an Instance: a REPLY to the whole costs the same at any size.
  let isSeries: boolean | undefined;
  let set: ReturnType<typeof readRecurrenceSet> | undefined;
  return (component) => {
    const { recurrenceId } = component;
    left--;
    // Instances that have components of their own make a series of what was none, as those do that came by an ADD.
    isSeries ??= object.overrides.size > 0 || recurs(master);
    if (!recurrenceId || left < 0 || !isSeries) return false;
    set ??= readRecurrenceSet(
      object,
      makeZoneResolver(object.timezones, context.zones, context.limits),
      context.limits,
    );
    if (isInstance(set, recurrenceId, context.limits)) return true;
    // What follows may still be there when the first of it is not.
    return isRange(component) && nextInstances(set, recurrenceId.at, 1, context.limits).instances.length > 0;
  };
}

function answeredComponent(
  object: CalendarObject,
  component: ObjectComponent,
  originator: CalendarUserAddress,
  isOfSeries: InstanceFinder,
): ObjectComponent | undefined {
  const known = componentAt(object, component.key);
  if (known && !(isRange(component) && !findInvited(known, originator))) return known;
  if (component.key !== masterKey) {
    // An answer to all after one is to what speaks for them, also where its giver is not on the first.
    const others = new Map([...object.overrides].filter(([key]) => key !== component.key));
    return known || isOfSeries(component)
      ? governingComponent({ ...object, overrides: others }, component.key)
      : undefined;
  }
  // A copy that knows Instances alone: the answer is to what its sender was invited to.
  const invited = objectComponents(object).find((each) => findInvited(each, originator) !== undefined);
  return invited ?? leadingComponent(object);
}

/** The invited address a reply is for: the same, or the same without its plus-tag. */
function findInvited(invited: ObjectComponent, address: CalendarUserAddress): CalendarUserAddress | undefined {
  if (invited.attendees.has(address)) return address;
  const untagged = withoutTag(address);
  return invited.attendees.has(untagged) ? untagged : undefined;
}
