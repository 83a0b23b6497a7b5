import type { Component, Property } from "../icalendar/component.ts";
import type { EpochSeconds } from "../icalendar/date-time.ts";
import type { CalendarUserAddress } from "./address.ts";
import type { CalendarObject } from "./calendar-object.ts";
import type { Partstat } from "./calendar-user.ts";
import type { InstanceKey, RecurrenceRange } from "./recurrence-id.ts";
import { noRegisters, type Registers, readRegister, settleRegisters, writeRegister } from "./registers.ts";
import type { RequestStatus } from "./request-status.ts";
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
  /**
   * By CalendarUserAddress: the Instances from which on they have answered all after, ascending. Follows from `participations`,
   * and spares looking through them; written by `writeParticipation` alone.
   */
  readonly answerRanges: Registers<readonly InstanceKey[]>;
  /** By CalendarUserAddress, on the Organizer's copy: what each Attendee has last been sent. */
  readonly sent: Registers<Sent>;
  /** By `participationKey`: counter-proposals. On an Attendee's copy: the owner's own. */
  readonly proposals: Registers<Proposal>;
  /** By CalendarUserAddress: when this copy last sent somebody a version again, or asked for one. */
  readonly healings: Registers<Healing>;
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
  /** The series, as it now is, has no such Instance; only ever true. Follows from the versions, see `markStrays`. */
  readonly stray?: true;
  /**
   * What there is of the Instance came by an ADD, or from who forwarded it, and a version of the series that is not older takes its place;
   * where that was done it is as the series says. See `withoutProvisional`. Only ever true.
   */
  readonly provisional?: true;
}

/** One Attendee's answer for one Instance, or for the whole object. */
export interface Participation {
  readonly attendee: CalendarUserAddress;
  readonly key: InstanceKey;
  /** The answer is for that Instance and all after it. */
  readonly range?: Extract<RecurrenceRange, "this-and-future">;
  readonly partstat: Partstat;
  /** Revision of the REPLY that wrote it. */
  readonly reply: Revision;
  /** SEQUENCE of the Organizer's revision it answered; `asksAnew` or `neverCounts` where it was made void. */
  readonly answeredSequence: number;
  readonly comment?: string;
  readonly percentComplete?: number;
  /** Of a to-do: when it was done. */
  readonly completed?: EpochSeconds;
  /** What their calendar said of the request, where that was not plain success: RFC 5546 §3.6. */
  readonly requestStatus?: RequestStatus;
  readonly sentBy?: CalendarUserAddress;
  readonly delegatedTo?: readonly CalendarUserAddress[];
  readonly delegatedFrom?: readonly CalendarUserAddress[];
  /** Who delegated wants to hear of changes all the same. RFC 5546 §4.2.5. */
  readonly informed?: boolean;
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

/** One Attendee's counter-proposal for one Instance, or for the whole object. RFC 5546 §3.2.7. */
export interface Proposal {
  readonly attendee: CalendarUserAddress;
  readonly key: InstanceKey;
  /** Revision of the COUNTER. */
  readonly counter: Revision;
  /** SEQUENCE of the Organizer's revision it was made against. */
  readonly counteredSequence: number;
  /** What the Attendee would have otherwise, and the times that was said against: those properties alone (decision 0021). */
  readonly component: Component;
  readonly comment?: string;
  /** When it was received, or sent. */
  readonly at: EpochSeconds;
  readonly status: ProposalStatus;
}

/**
 * What became of a proposal: `open` until the Organizer decides; `outdated` where the object's times changed since it was made;
 * `withdrawn` where its maker answered otherwise after it.
 */
export type ProposalStatus = "open" | "accepted" | "declined" | "outdated" | "withdrawn";

/** How often one calendar user was sent a version again, or asked for one: what keeps two copies from talking for ever. */
export interface Healing {
  /** Beginning of the day (86,400 seconds) that `count` is of. */
  readonly since: EpochSeconds;
  readonly count: number;
}

/** What belongs to the owner of the copy alone: VALARMs, TRANSP, CATEGORIES, COLOR. */
export interface OwnPart {
  readonly properties: readonly Property[];
  readonly alarms: readonly Component[];
}

/**
 * Is the SEQUENCE of an answer that was made void, so that its Attendee is asked anew, whatever they said of the whole before: `reply`
 * has the SEQUENCE by which that was.
 */
export const asksAnew: number = -1;
/** Is the SEQUENCE of an answer that was made void, so that what was said of the whole counts. */
export const neverCounts: number = -2;
/**
 * Is the SEQUENCE of the `reply` of an answer that was carried into the latter half of a split series (decision 0015): its Attendee knows
 * of it by what they are shown alone, so whatever they say of that object takes its place.
 */
export const carriedAlong: number = -1;

/** Is older than any revision: that of a text nobody has sent yet. */
export const beginning: Revision = { sequence: 0, dtstamp: 0 };

/** Is the state of a UID never seen. */
export const unknownState: SchedulingState = {
  revisions: noRegisters,
  participations: noRegisters,
  answerRanges: noRegisters,
  sent: noRegisters,
  proposals: noRegisters,
  healings: noRegisters,
  speakers: [],
  own: noRegisters,
};

/**
 * Keys a Participation: one register per Attendee and Instance, and another for what they say of that one and all after
 * (decision 0042). Keys a Proposal too.
 */
export function participationKey(
  attendee: CalendarUserAddress,
  key: InstanceKey,
  range?: Participation["range"],
): string {
  return range ? `${attendee} ${key} ${range}` : `${attendee} ${key}`;
}

/** Takes all that was written as stored: what a store does when it has saved. */
export function settleState(state: SchedulingState): SchedulingState {
  return {
    ...state,
    revisions: settleRegisters(state.revisions),
    participations: settleRegisters(state.participations),
    answerRanges: settleRegisters(state.answerRanges),
    sent: settleRegisters(state.sent),
    proposals: settleRegisters(state.proposals),
    healings: settleRegisters(state.healings),
    own: settleRegisters(state.own),
  };
}

/** Records one answer. */
export function writeParticipation(state: SchedulingState, participation: Participation): SchedulingState {
  const { attendee, key, range } = participation;
  const participations = writeRegister(state.participations, participationKey(attendee, key, range), participation);
  const ranges = readRegister(state.answerRanges, attendee) ?? [];
  if (!range || ranges.includes(key)) return { ...state, participations };
  const answerRanges = writeRegister(state.answerRanges, attendee, [...ranges, key].sort());
  return { ...state, participations, answerRanges };
}
