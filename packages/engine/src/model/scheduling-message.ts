import type { Component } from "../icalendar/component.ts";
import type { CalendarUserAddress } from "./address.ts";
import type { CalendarObject } from "./calendar-object.ts";
import type { Method } from "./method.ts";

/**
 * One iTIP message, RFC 5546 §1.4: received, or about to be sent. Attendees with the same view share one message;
 * who gets it stands beside it.
 */
export interface SchedulingMessage {
  readonly method: Method;
  /** Who speaks: the Organizer for PUBLISH, REQUEST, ADD, CANCEL, DECLINECOUNTER, the Attendee for the others. Unproven; see Evidence. */
  readonly originator?: CalendarUserAddress;
  readonly recipients: readonly CalendarUserAddress[];
  readonly object: CalendarObject;
  /** The whole VCALENDAR, METHOD included. */
  readonly calendar: Component;
}
