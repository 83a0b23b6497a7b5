import { type Component, withProperty } from "../icalendar/component.ts";
import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import { type CalendarObject, leadingComponent, objectComponents, withComponents } from "../model/calendar-object.ts";
import { isCancelled } from "../model/cancelled.ts";
import { readRegister, writeRegister, writeRegisters } from "../model/registers.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import type { SchedulingState } from "../model/scheduling-state.ts";
import { makeDtstamp } from "./build.ts";
import type { Context } from "./context.ts";
import { buildCancel } from "./methods/build-cancel.ts";
import { requestFor } from "./organize/view.ts";
import { nextDtstamp, sequenceOf } from "./restamp.ts";

/** Something to be sent, and what is to be kept with it. */
export interface SentAgain {
  readonly state: SchedulingState;
  readonly message: SchedulingMessage;
}

/**
 * Sends one Attendee the present version again: the REQUEST of all they are invited to, or the CANCEL where it does not take place.
 * SEQUENCE stays and DTSTAMP is new (RFC 5546 §2.1.4), so that it is newer than what they have. `undefined` for who is not on the
 * guest list, or is not to be written to.
 */
export function sendAgain(
  state: SchedulingState,
  object: CalendarObject,
  attendee: CalendarUserAddress,
  context: Context,
): SentAgain | undefined {
  if (context.addresses.has(attendee) || !isWrittenTo(object, attendee)) return undefined;
  const dtstamp = nextDtstamp(state, context);
  const leading = leadingComponent(object);
  const revision = { sequence: sequenceOf(state, leading), dtstamp };
  const cancelled = isCancelled(state, leading);
  const message = cancelled
    ? buildCancel(object, [attendee], { revision, whole: true }, context)
    : requestFor(state, object, attendee, context);
  if (!message) return undefined;
  const instances = objectComponents(message.object).map(({ key }) => key);
  const revisions = instances.flatMap((key) => {
    const known = readRegister(state.revisions, key);
    return known ? [[key, { ...known, latest: { ...known.latest, dtstamp } }] as const] : [];
  });
  return {
    state: {
      ...state,
      revisions: writeRegisters(state.revisions, revisions),
      sent: writeRegister(state.sent, attendee, { attendee, revision, instances, cancelled }),
    },
    message: restamp(message, dtstamp),
  };
}

function isWrittenTo(object: CalendarObject, attendee: CalendarUserAddress): boolean {
  return objectComponents(object).some(({ attendees }) => attendees.get(attendee)?.scheduleAgent === "SERVER");
}

function restamp(message: SchedulingMessage, dtstamp: EpochSeconds): SchedulingMessage {
  const { object, calendar } = message;
  const stampOne = (component: Component): Component =>
    component.name === object.type ? withProperty(component, "DTSTAMP", makeDtstamp(dtstamp)) : component;
  const components = objectComponents(object).map((one) => ({
    ...one,
    component: stampOne(one.component),
    revision: { ...one.revision, dtstamp },
  }));
  return {
    ...message,
    object: withComponents(object, components),
    calendar: { ...calendar, components: calendar.components.map(stampOne) },
  };
}
