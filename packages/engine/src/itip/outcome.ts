import type { CalendarUserAddress } from "../model/address.ts";
import type { Partstat } from "../model/calendar-user.ts";
import type { FreeBusyAnswer } from "../model/free-busy.ts";
import type { Method, ObjectType } from "../model/method.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";
import type { RequestStatus } from "../model/request-status.ts";
import type { PropertyUpdate, SchedulingMessage } from "../model/scheduling-message.ts";
import type { ProposalStatus, SchedulingState } from "../model/scheduling-state.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";

/** What decided: an RFC section (`RFC 5546 §2.1.5`) or one of our records (`decision 0004`). */
export type Rule = `RFC ${number} §${string}` | `decision ${string}`;

/** All that can come of a message or an action. Every case names the rule that decided it. */
export type Outcome = Applied | Ignored | Held | Undecided | Rejected;

/** The state changed, or was confirmed. `messages` must leave in the same transaction that keeps `state`. */
export interface Applied {
  readonly kind: "applied";
  readonly rule: Rule;
  readonly state: SchedulingState;
  readonly messages: readonly SchedulingMessage[];
  /** States of further objects that came out of it, such as the later half of a split series: kept in the same transaction. */
  readonly further?: readonly SchedulingState[];
  /** What a person should be told. */
  readonly changes: readonly Change[];
  /** Breaches of the restriction tables that were let pass. */
  readonly tolerated: readonly Violation[];
}

/** Nothing to do, and nobody needs to be asked. */
export interface Ignored {
  readonly kind: "ignored";
  readonly rule: Rule;
  readonly reason:
    | "superseded"
    | "duplicate"
    | "unknown-uid"
    | "not-for-us"
    | "nothing-changed"
    | "cancelled"
    | "too-often"
    | "no-proposal"
    | "no-counters";
}

/** It came too early (RFC 5546 §5.2): keep the message and receive it again when the gap closes. */
export interface Held {
  readonly kind: "held";
  readonly rule: Rule;
  readonly awaiting: "request" | "delegation" | "series";
  /** May hold a REFRESH, which leaves in the same transaction that keeps `state`. */
  readonly messages: readonly SchedulingMessage[];
  /** What is to be kept with `messages`: the state, with how often the Organizer was asked. Absent where nobody was. */
  readonly state?: SchedulingState;
}

/** A person must choose. Receiving again with `confirmedByOwner` is a yes. */
export interface Undecided {
  readonly kind: "undecided";
  readonly rule: Rule;
  readonly question: Question;
  readonly tolerated: readonly Violation[];
}

/** The message cannot be acted on; `status` is what its sender has earned. */
export interface Rejected {
  readonly kind: "rejected";
  readonly rule: Rule;
  readonly status: RequestStatus;
  readonly violations: readonly Violation[];
  /** What tells the sender so, where they are proven and wait for an answer: see `answerRejected`. It changes no state. */
  readonly messages?: readonly SchedulingMessage[];
}

/** What the owner of a copy is asked. */
export type Question =
  /** A new invitation from somebody the owner has no dealings with. */
  | { readonly kind: "stranger"; readonly from?: CalendarUserAddress }
  /** The sender may not be who they say; `suspicious` where there is reason to think so. */
  | { readonly kind: "unverified-sender"; readonly from?: CalendarUserAddress; readonly suspicious: boolean }
  /** Something of an Organizer's that a proven somebody else sent: a forwarded invitation, or a booking site's. */
  | { readonly kind: "forwarded"; readonly from: CalendarUserAddress; readonly organizer: CalendarUserAddress }
  /** Something that a proven somebody publishes: nobody has to take it. RFC 5546 §3.2.1. */
  | { readonly kind: "published"; readonly from: CalendarUserAddress }
  /** An answer from somebody who was never invited, RFC 5546 §3.2.2.6. */
  | {
      readonly kind: "uninvited-reply";
      readonly from: CalendarUserAddress;
      readonly partstat: Partstat;
      /** They answered that Instance alone. */
      readonly key?: InstanceKey;
      /** An invited group they say to be a member of, RFC 5546 §3.7.2. Nothing proves it. */
      readonly group?: CalendarUserAddress;
    }
  /**
   * Somebody asks for the owner's busy time, RFC 5546 §3.3.2. The yes is `replyFreeBusy`, and only to who may see it: to nobody
   * who is not proven.
   */
  | { readonly kind: "free-busy-request"; readonly request: FreeBusyRequest; readonly isProven: boolean }
  /** A counter-proposal of somebody who was never invited. */
  | { readonly kind: "uninvited-counter"; readonly from: CalendarUserAddress }
  /** An update that names another ORGANIZER, RFC 5546 §6.1.3. */
  | { readonly kind: "new-organizer"; readonly organizer: CalendarUserAddress };

/** What somebody asks about the owner's time. */
export interface FreeBusyRequest {
  readonly uid: string;
  /** Who asks. */
  readonly organizer: CalendarUserAddress;
  /** The owner's address it asks for. */
  readonly asked: CalendarUserAddress;
  readonly range: InstantRange;
}

/** One thing that changed, for one component (`key`), old and new in iCalendar's form. */
export type Change =
  | { readonly kind: "created"; readonly key: InstanceKey }
  | {
      readonly kind: "cancelled";
      readonly key: InstanceKey;
      /** That Instance and all after. */
      readonly range?: "this-and-future";
      readonly comment?: string;
    }
  | PropertyUpdate
  /** An Attendee's counter-proposal and what became of it; `updates` are what it asks for, while that is open. */
  | {
      readonly kind: "proposal";
      readonly key: InstanceKey;
      readonly attendee: CalendarUserAddress;
      readonly status: ProposalStatus;
      readonly updates: readonly PropertyUpdate[];
      readonly comment?: string;
    }
  /** What somebody told of their own busy time, or why not. */
  | { readonly kind: "free-busy"; readonly key: InstanceKey; readonly answer: FreeBusyAnswer }
  | { readonly kind: "attendee-added"; readonly key: InstanceKey; readonly attendee: CalendarUserAddress }
  | { readonly kind: "attendee-removed"; readonly key: InstanceKey; readonly attendee: CalendarUserAddress }
  /** They had an older version, or are asked anew: the present one was sent to them alone. */
  | { readonly kind: "sent-again"; readonly key: InstanceKey; readonly attendee: CalendarUserAddress }
  /** They were never invited, and were told so. */
  | { readonly kind: "refused"; readonly key: InstanceKey; readonly attendee: CalendarUserAddress }
  | {
      readonly kind: "participation";
      readonly key: InstanceKey;
      readonly attendee: CalendarUserAddress;
      readonly old: Partstat;
      readonly new: Partstat;
      /** The answer is for that Instance and all after. */
      readonly range?: "this-and-future";
      readonly comment?: string;
      /** Of a to-do. */
      readonly percentComplete?: number;
      /** What their calendar said of the request, where that was not plain success. */
      readonly requestStatus?: RequestStatus;
      readonly delegatedTo?: readonly CalendarUserAddress[];
      /** The answer is to an older time: it is shown but does not count. */
      readonly outdated: boolean;
    };

/** A breach of a restriction table of RFC 5546 §3, or of what RFC 7529 §7 lets a receiver ask of an RRULE. */
export interface Violation {
  /** Such as `RFC 5546 §3.2.2`. */
  readonly rule: Rule;
  readonly method: Method;
  readonly type: ObjectType | "VCALENDAR" | "VTIMEZONE" | "VALARM";
  /** Property, or component where `what` says so. */
  readonly name: string;
  readonly what: "property" | "component" | "value";
  readonly problem: "missing" | "forbidden" | "too-many" | "invalid";
  readonly found: number;
  /** In words, one sentence. */
  readonly detail: string;
}
