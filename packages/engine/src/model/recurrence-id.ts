import type { EpochSeconds, WallSeconds } from "../icalendar/date-time.ts";
import { formatWall } from "../icalendar/date-time.ts";

/**
 * Names an Instance by its original start: an instant, or a date, or a floating wall clock time. RFC 5545 §3.8.4.4.
 * Never text: the `TZID` form and the UTC form of one instant are the same Instance (decision 0003).
 */
export type RecurrenceId =
  | { readonly kind: "instant"; readonly at: EpochSeconds; readonly range: RecurrenceRange }
  | { readonly kind: "date"; readonly at: WallSeconds; readonly range: RecurrenceRange }
  | { readonly kind: "floating"; readonly at: WallSeconds; readonly range: RecurrenceRange };

/** Tells whether a RECURRENCE-ID names one Instance, or that one and all after it (RFC 5545 §3.2.13). */
export type RecurrenceRange = "this" | "this-and-future";

/**
 * Keys the components of one UID: `""` for the master (the only component of what does not recur), else a RecurrenceId in
 * one canonical form: `20270301`, `20270301T090000Z`, or `20270301T090000` when floating. The range is not part of it.
 * Keys of one object sort as text in the order of time.
 */
export type InstanceKey = string;

/** Keys the component without RECURRENCE-ID. */
export const masterKey: InstanceKey = "";

/** Returns the key of the component that carries this RECURRENCE-ID. */
export function instanceKey(recurrenceId: RecurrenceId | undefined): InstanceKey {
  if (!recurrenceId) return masterKey;
  const text = formatWall(recurrenceId.at);
  if (recurrenceId.kind === "date") return text.slice(0, 8);
  return recurrenceId.kind === "instant" ? `${text}Z` : text;
}
