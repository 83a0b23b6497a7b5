import type { EpochSeconds } from "../icalendar/date-time.ts";

/** The version of one component, RFC 5546 §2.1.5: SEQUENCE first, DTSTAMP (whole UTC seconds) to break ties. */
export interface Revision {
  readonly sequence: number;
  readonly dtstamp: EpochSeconds;
}

/**
 * Orders two revisions of one component, oldest first. RFC 5546 §2.1.5 rules 2 to 4.
 * Both must share UID and RECURRENCE-ID.
 */
export function compareRevisions(a: Revision, b: Revision): number {
  return a.sequence - b.sequence || a.dtstamp - b.dtstamp;
}

/** Returns the later of two revisions. */
export function laterRevision(a: Revision, b: Revision): Revision {
  return compareRevisions(a, b) >= 0 ? a : b;
}

/** The highest SEQUENCE an iCalendar INTEGER holds, RFC 5545 §3.3.8. */
export const maxSequence = 2_147_483_647;
const maxClockSkewSeconds = 86_400;

/**
 * Bounds a peer's revision so that one message cannot freeze all later ones: SEQUENCE to int32, a DTSTAMP more than a day in
 * the future to `now`. Less is a clock that is wrong, or local time written as UTC: it stays, for a revision must be the same
 * whenever it is read. Decision 0005.
 */
export function clampRevision(revision: Revision, now: EpochSeconds): Revision {
  return {
    sequence: Math.min(Math.max(0, revision.sequence), maxSequence),
    dtstamp: revision.dtstamp > now + maxClockSkewSeconds ? now : revision.dtstamp,
  };
}
