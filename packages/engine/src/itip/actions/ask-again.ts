import type { Component } from "../../icalendar/component.ts";
import { withParameter } from "../../icalendar/parameter.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import {
  type CalendarObject,
  leadingComponent,
  objectComponents,
  readObjectComponent,
  withComponents,
} from "../../model/calendar-object.ts";
import { readAttendee } from "../../model/calendar-user.ts";
import { isCancelled } from "../../model/cancelled.ts";
import { hearsOfChanges } from "../../model/render.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import type { SchedulingState } from "../../model/scheduling-state.ts";
import { makeZoneResolver } from "../../recurrence/resolver.ts";
import type { Action } from "../action.ts";
import type { Context } from "../context.ts";
import { guestsOf } from "../organize/guests.ts";
import type { Outcome } from "../outcome.ts";
import { sendPresent } from "../present-version.ts";
import { rejectUnsendable } from "../restrictions/unsendable.ts";

/**
 * Asks Attendees for their status with the present version, of the same SEQUENCE and a new DTSTAMP, with RSVP=TRUE for those who are
 * asked: RFC 5546 §2.1.4 and §3.2.2.7. What they have answered stands.
 *
 * - `ignored/cancelled`: it does not take place; `ignored/not-for-us`: nobody is asked who is on the guest list.
 */
export function askAgain(
  state: SchedulingState,
  object: CalendarObject,
  { attendees }: Extract<Action, { kind: "ask-again" }>,
  context: Context,
): Outcome {
  const leading = leadingComponent(object);
  if (isCancelled(state, leading)) return { kind: "ignored", rule: "RFC 5546 §3.2.5", reason: "cancelled" };
  const named = attendees && new Set(attendees);
  const asked = [...guestsOf(object, context).keys()].filter(
    (guest) => named?.has(guest) ?? hearsOfChanges(state, leading, guest),
  );
  if (asked.length === 0) return { kind: "ignored", rule: "RFC 5546 §1.4", reason: "not-for-us" };
  const sent = sendPresent(state, object, asked, context);
  const messages = sent.messages.map((message) => (message.method === "REQUEST" ? asking(message, context) : message));
  const unsendable = rejectUnsendable(messages);
  if (unsendable) return unsendable;
  return {
    kind: "applied",
    rule: "RFC 5546 §3.2.2.7",
    state: sent.state,
    messages,
    changes: asked.map((attendee) => ({ kind: "sent-again", key: leading.key, attendee })),
    tolerated: [],
  };
}

/** The same message with RSVP=TRUE for its recipients. */
function asking(message: SchedulingMessage, { zones: provider, limits }: Context): SchedulingMessage {
  const { object, calendar } = message;
  const recipients = new Set(message.recipients);
  const zones = makeZoneResolver(object.timezones, provider, limits);
  const components = objectComponents(object).map(
    (one) => readObjectComponent(withRsvp(one.component, recipients), zones, limits) ?? one,
  );
  const written = calendar.components.map((one) => (one.name === object.type ? withRsvp(one, recipients) : one));
  return { ...message, object: withComponents(object, components), calendar: { ...calendar, components: written } };
}

function withRsvp(component: Component, recipients: ReadonlySet<CalendarUserAddress>): Component {
  const properties = component.properties.map((property) => {
    const attendee = property.name === "ATTENDEE" ? readAttendee(property) : undefined;
    return attendee && recipients.has(attendee.address) ? withParameter(property, "RSVP", ["TRUE"]) : property;
  });
  return { ...component, properties };
}
