import type { Component } from "../icalendar/component.ts";
import type { CalendarUserAddress } from "./address.ts";
import type { CalendarObject } from "./calendar-object.ts";
import type { Method } from "./method.ts";
import type { InstanceKey } from "./recurrence-id.ts";

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
  /** Of an update or a COUNTER that leaves: the properties that are, or would be, new to its recipients. Empty for all others. */
  readonly updates: readonly PropertyUpdate[];
}

/** A property of a component that changed, old and new in iCalendar's form. */
export interface PropertyUpdate {
  readonly kind: "property";
  readonly key: InstanceKey;
  readonly name: string;
  readonly old?: string;
  readonly new?: string;
}
