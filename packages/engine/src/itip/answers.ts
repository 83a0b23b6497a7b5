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
import { masterKey } from "../model/recurrence-id.ts";
import { readRecurrenceSet } from "../model/recurrence-set.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { recurs } from "../model/times.ts";
import { isInstance } from "../recurrence/instances.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import type { Context } from "./context.ts";

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
 * are left out, and those of Instances the object cannot have; more than `maxInstancesAnswered` are not looked for.
 */
export function findAnswers(object: CalendarObject, message: SchedulingMessage, context: Context): readonly Answer[] {
  const { originator } = message;
  if (!originator) return [];
  const isOfSeries = instanceFinder(object, context);
  const answers: Answer[] = [];
  for (const component of objectComponents(message.object)) {
    const attendee = component.attendees.get(originator);
    const answered = attendee && answeredComponent(object, component, originator, isOfSeries);
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

type InstanceFinder = (component: ObjectComponent) => boolean;

function instanceFinder(object: CalendarObject, context: Context): InstanceFinder {
  const { master } = object;
  if (!master) return () => false;
  let left = maxInstancesAnswered;
  // Looks through all properties, so only for who answers an Instance: a REPLY to the whole costs the same at any size.
  let isSeries: boolean | undefined;
  let set: ReturnType<typeof readRecurrenceSet> | undefined;
  return ({ recurrenceId }) => {
    left--;
    isSeries ??= recurs(master);
    if (!recurrenceId || left < 0 || !isSeries) return false;
    set ??= readRecurrenceSet(
      object,
      makeZoneResolver(object.timezones, context.zones, context.limits),
      context.limits,
    );
    return isInstance(set, recurrenceId, context.limits);
  };
}

function answeredComponent(
  object: CalendarObject,
  component: ObjectComponent,
  originator: CalendarUserAddress,
  isOfSeries: InstanceFinder,
): ObjectComponent | undefined {
  const known = componentAt(object, component.key);
  if (known) return known;
  if (component.key !== masterKey) {
    return isOfSeries(component) ? governingComponent(object, component.key) : undefined;
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
