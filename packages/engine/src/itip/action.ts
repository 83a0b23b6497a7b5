import type { Partstat } from "../model/calendar-user.ts";
import type { InstanceKey } from "../model/recurrence-id.ts";

/** What the owner of a copy can say about it. */
export type Action =
  /** An Attendee answers, for the whole object or for one Instance. */
  | {
      readonly kind: "answer";
      readonly partstat: Partstat;
      readonly comment?: string;
      readonly key?: InstanceKey;
    }
  /** The Organizer calls the whole object off. */
  | { readonly kind: "cancel"; readonly comment?: string };
