import type { Outcome } from "@parley/engine";
import type { CalendarId, Member } from "../store/calendars.ts";
import type { Principal } from "../store/store.ts";

/** Who does something, and in whose calendars: what they may is looked up where it is done. */
export interface Actor {
  readonly caller: Principal;
  readonly owner: Principal;
}

/** Where an object is, or is to be. */
export interface ObjectPlace {
  readonly calendar: CalendarId;
  /** The last segment of its URL, not percent-encoded. */
  readonly name: string;
}

/**
 * What a client asks to be so before anything is done, in the same transaction: HTTP's If-Match and If-None-Match, and If-Schedule-Tag-Match
 * of RFC 6638 §8.3. Tags without quotes; a weak one matches nothing and is left out.
 */
export interface Conditions {
  readonly ifMatch?: readonly string[] | "*";
  readonly ifNoneMatch?: readonly string[] | "*";
  readonly ifScheduleTagMatch?: string;
}

/** The preconditions of RFC 4791 §5.3.2.1 and RFC 6638 §3.2.4, by the names of their elements, all in CalDAV's namespace. */
export type PreconditionName =
  | "supported-calendar-data"
  | "valid-calendar-data"
  | "valid-calendar-object-resource"
  | "supported-calendar-component"
  | "no-uid-conflict"
  | "max-resource-size"
  | "min-date-time"
  | "max-date-time"
  | "max-instances"
  | "max-attendees-per-instance"
  | "unique-scheduling-object-resource"
  | "same-organizer-in-all-components"
  | "allowed-organizer-scheduling-object-change"
  | "allowed-attendee-scheduling-object-change";

/** Why something was not done. */
export type NotDone =
  /** There is no such calendar, or no such object: also for whoever may not see it. */
  | { readonly kind: "not-found" }
  /** The caller may see it, and may not do that. */
  | { readonly kind: "not-allowed" }
  /** HTTP's 412. */
  | { readonly kind: "condition-failed" }
  /** The name is no segment of a URL that can be kept, or is taken where it may not be written over. */
  | { readonly kind: "name-refused" }
  | {
      readonly kind: "precondition";
      readonly name: PreconditionName;
      /** One sentence for a person. */
      readonly detail: string;
      /** What has the UID already: the slug of the calendar, and the name in it. */
      readonly conflict?: { readonly calendar: CalendarId; readonly slug: string; readonly name: string };
    }
  /** The engine, or a room's calendar, did not take it; `outcome` says why. */
  | { readonly kind: "refused"; readonly outcome: Exclude<Outcome, { kind: "applied" }> };

/** What became of an object that was written, moved or copied. */
export type WriteResult =
  | {
      readonly kind: "done";
      readonly member: Member;
      readonly isNew: boolean;
      /** A GET gives just the octets that were written: only then may the answer have an ETag, RFC 4791 §5.3.4. */
      readonly isAsWritten: boolean;
    }
  | NotDone;

/** What became of an object or a calendar that was to be removed. */
export type RemoveResult = { readonly kind: "done" } | NotDone;

/** What became of a file that was imported. */
export type ImportResult =
  | {
      readonly kind: "done";
      readonly added: readonly Member[];
      /** What was there already, and was written over. */
      readonly replaced: readonly Member[];
      /** Objects that were left out, each with a sentence that says why. */
      readonly skipped: readonly { readonly uid: string; readonly detail: string }[];
    }
  | NotDone;

/** Bounds of what a client can write, as the properties of a calendar say them: RFC 4791 §5.2.5 to §5.2.9. */
export interface ObjectBounds {
  /** Octets. */
  readonly maxResourceSize: number;
  /** In iCalendar's form, UTC. */
  readonly minDateTime: string;
  readonly maxDateTime: string;
  readonly maxInstances: number;
  readonly maxAttendeesPerInstance: number;
}

/** Holds for every calendar. */
export const objectBounds: ObjectBounds = {
  maxResourceSize: 10 * 1_024 * 1_024,
  minDateTime: "19000101T000000Z",
  maxDateTime: "21500101T000000Z",
  maxInstances: 1_000_000,
  maxAttendeesPerInstance: 10_000,
};
