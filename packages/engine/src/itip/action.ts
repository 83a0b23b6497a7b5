import type { Property } from "../icalendar/component.ts";
import type { DateOrDateTime, EpochSeconds } from "../icalendar/date-time.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import type { CalendarObject } from "../model/calendar-object.ts";
import type { Partstat } from "../model/calendar-user.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";

/** What the owner of a copy can say about it. */
export type Action =
  /** An Attendee answers, for the whole object or for one Instance, be it one without a component of its own. */
  | {
      readonly kind: "answer";
      readonly partstat: Partstat;
      readonly comment?: string;
      readonly key?: InstanceKey;
      /** The answer is for the Instance `key` names and all after it. */
      readonly range?: "this-and-future";
      /** Of a to-do: 0 to 100. */
      readonly percentComplete?: number;
      /** Of a to-do that is COMPLETED: when; now, where nobody says. */
      readonly completed?: EpochSeconds;
    }
  /** An Attendee asks for the present version of the object, or of one Instance. */
  | { readonly kind: "refresh"; readonly key?: InstanceKey; readonly comment?: string }
  /**
   * An Attendee proposes to have it otherwise, all of it or one Instance: each property named takes the place of those of its name;
   * an empty value removes them. RFC 5546 §3.2.7.
   */
  | {
      readonly kind: "counter";
      readonly changes: readonly Property[];
      /** The answer that goes with it; TENTATIVE where none is given. */
      readonly partstat?: Partstat;
      readonly comment?: string;
      readonly key?: InstanceKey;
    }
  /** The Organizer takes up an Attendee's proposal, RFC 5546 §3.2.7. */
  | { readonly kind: "accept-proposal"; readonly attendee: CalendarUserAddress; readonly key?: InstanceKey }
  /** The Organizer declines an Attendee's proposal, RFC 5546 §3.2.8. */
  | {
      readonly kind: "decline-proposal";
      readonly attendee: CalendarUserAddress;
      readonly key?: InstanceKey;
      readonly comment?: string;
    }
  /** An Attendee has somebody else take part in their place, in all of it or in one Instance: RFC 5546 §3.2.2.3. */
  | {
      readonly kind: "delegate";
      readonly to: CalendarUserAddress;
      readonly name?: string;
      readonly comment?: string;
      readonly key?: InstanceKey;
      /** They want to go on hearing of changes, and of what the delegate answers. */
      readonly keepInformed?: boolean;
    }
  /** The Organizer makes somebody an Attendee of all of it, or of one Instance alone: RFC 5546 §3.2.2.6. */
  | {
      readonly kind: "admit";
      readonly attendee: CalendarUserAddress;
      readonly name?: string;
      readonly key?: InstanceKey;
    }
  /** The Organizer tells somebody who was never invited that they are not: RFC 5546 §3.2.2.6. */
  | {
      readonly kind: "refuse";
      readonly attendee: CalendarUserAddress;
      readonly key?: InstanceKey;
      readonly comment?: string;
    }
  /** The Organizer asks those Attendees for their status, or all: RFC 5546 §3.2.2.7. */
  | { readonly kind: "ask-again"; readonly attendees?: readonly CalendarUserAddress[] }
  /** The Organizer calls off the whole object, or the Instances `keys` names; with `range` the first of them and all after. */
  | {
      readonly kind: "cancel";
      readonly comment?: string;
      readonly keys?: readonly InstanceKey[];
      readonly range?: "this-and-future";
    }
  /** The Organizer changes one Instance and all after it: `after` is the object as it is to be from then on (see `seriesFrom`). */
  | { readonly kind: "split"; readonly key: InstanceKey; readonly after: CalendarObject }
  /** The Organizer adds Instances to the object, which are like the others: their starts. RFC 5546 §3.2.4. */
  | { readonly kind: "add"; readonly starts: readonly DateOrDateTime[] }
  /** The owner sends the present version to people who are not invited. RFC 5546 §3.2.1. */
  | { readonly kind: "publish"; readonly to: readonly CalendarUserAddress[] }
  /** The Organizer sends the present version again: to one person, or to all who ever got one. */
  | { readonly kind: "resend"; readonly to?: CalendarUserAddress }
  /** The Organizer hands the role to somebody else, who has agreed. RFC 5546 §3.2.2.4. */
  | {
      readonly kind: "hand-over";
      readonly to: CalendarUserAddress;
      readonly name?: string;
      readonly comment?: string;
    };
