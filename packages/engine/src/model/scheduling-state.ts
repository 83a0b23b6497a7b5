import type { Component, Property } from "../icalendar/component.ts";
import type { CalendarUserAddress } from "./address.ts";
import type { CalendarObject } from "./calendar-object.ts";
import type { Partstat } from "./calendar-user.ts";
import type { InstanceKey } from "./recurrence-id.ts";
import { noRegisters, type Registers } from "./registers.ts";
import type { Revision } from "./revision.ts";

/**
 * What the owner of one copy knows of one UID. Document and registers are apart: the Organizer's text is `object`,
 * answers are `participations`, and they are joined by `renderObject`. Nothing of this lives in X- properties.
 */
export interface SchedulingState {
  /** The Organizer's document as this copy last learnt it; absent for a UID never seen. */
  readonly object?: CalendarObject;
  /** By InstanceKey: the versions of each component, outside the text, clamped. */
  readonly revisions: Registers<ComponentRevisions>;
  /** By `participationKey`: each Attendee's own answer. On an Attendee's copy: the owner's. */
  readonly participations: Registers<Participation>;
  /** By CalendarUserAddress, on the Organizer's copy: what each Attendee has last been sent. */
  readonly sent: Registers<Sent>;
  /** Who was believed to speak for an ORGANIZER that is no person's address (decision 0004); at most a few. */
  readonly speakers: readonly CalendarUserAddress[];
  /** By InstanceKey: what is the copy's owner's alone. */
  readonly own: Registers<OwnPart>;
}

/** The versions of one component. */
export interface ComponentRevisions {
  /** Of the text as it stands. */
  readonly latest: Revision;
  /** Of the last major change (time, recurrence): answers to an older one no longer count. Decision 0006. */
  readonly major: Revision;
  /** Of the newest CANCEL received: it stands while `latest` is not newer. Apart, so that order does not matter. */
  readonly cancelled?: Revision;
}

/** One Attendee's answer for one Instance, or for the whole object. */
export interface Participation {
  readonly attendee: CalendarUserAddress;
  readonly key: InstanceKey;
  readonly partstat: Partstat;
  /** Revision of the REPLY that wrote it. */
  readonly reply: Revision;
  /** SEQUENCE of the Organizer's revision it answered. */
  readonly answeredSequence: number;
  readonly comment?: string;
  readonly percentComplete?: number;
  readonly sentBy?: CalendarUserAddress;
  readonly delegatedTo?: readonly CalendarUserAddress[];
  readonly delegatedFrom?: readonly CalendarUserAddress[];
}

/** What one Attendee has last been sent. */
export interface Sent {
  readonly attendee: CalendarUserAddress;
  readonly revision: Revision;
  /** Keys of the components they were sent; the master key stands for the whole object. */
  readonly instances: readonly InstanceKey[];
  /** True once a CANCEL took all of it back. */
  readonly cancelled: boolean;
}

/** What belongs to the owner of the copy alone: VALARMs, TRANSP, CATEGORIES, COLOR. */
export interface OwnPart {
  readonly properties: readonly Property[];
  readonly alarms: readonly Component[];
}

/** Is the state of a UID never seen. */
export const unknownState: SchedulingState = {
  revisions: noRegisters,
  participations: noRegisters,
  sent: noRegisters,
  speakers: [],
  own: noRegisters,
};

/** Keys a Participation: one register per Attendee and Instance. */
export function participationKey(attendee: CalendarUserAddress, key: InstanceKey): string {
  return `${attendee} ${key}`;
}
