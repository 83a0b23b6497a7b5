import type { DateOrDateTime, EpochSeconds } from "../icalendar/date-time.ts";
import type { ZoneResolver } from "./resolve.ts";
import type { RecurrenceRule } from "./rule.ts";
import type { Zone } from "./zone.ts";

/**
 * How the Instances of a set are told apart: by an instant (DTSTART in UTC or in a zone), by a date, or by a floating time
 * (also where nobody knows the TZID).
 */
export type InstanceKind = "instant" | "date" | "floating";

/** Names an Instance by its original start: epoch seconds of an instant, wall seconds of a date or floating time. */
export interface InstanceId {
  readonly kind: InstanceKind;
  readonly at: number;
}

/** How long something takes: whole days of the wall clock, and then seconds that pass. RFC 5545 §3.8.5.3. */
export interface InstanceLength {
  readonly days: number;
  readonly seconds: number;
}

/** An RDATE. One that is a PERIOD has a length of its own. */
export interface RecurrenceDate {
  readonly start: DateOrDateTime;
  readonly length?: InstanceLength;
}

/** A component with a RECURRENCE-ID. */
export interface RecurrenceOverride {
  /** How instances tell that they are of this component. */
  readonly key: string;
  readonly recurrenceId: DateOrDateTime;
  readonly range: "this" | "this-and-future";
  readonly start: DateOrDateTime;
  readonly length: InstanceLength;
  readonly isCancelled: boolean;
}

/** The component without RECURRENCE-ID. */
export interface RecurrenceMaster {
  /** How instances tell that they are of this component. */
  readonly key: string;
  readonly start: DateOrDateTime;
  readonly length: InstanceLength;
  readonly rules: readonly RecurrenceRule[];
  readonly dates: readonly RecurrenceDate[];
  readonly exceptions: readonly DateOrDateTime[];
  readonly isCancelled: boolean;
}

/** All that says when something takes place. Without master it takes place when its overrides say. */
export interface RecurrenceSet {
  readonly master?: RecurrenceMaster;
  readonly overrides: readonly RecurrenceOverride[];
  readonly zones: ZoneResolver;
}

/** One time something takes place. */
export interface Instance {
  readonly recurrenceId: InstanceId;
  /** How `startAt` and `endAt` are told. */
  readonly kind: InstanceKind;
  /** Epoch seconds of an instant; wall seconds of a date or floating time. */
  readonly startAt: number;
  readonly endAt: number;
  /** The same as instants; dates and floating times as in the zone of whoever looks at them. */
  readonly start: EpochSeconds;
  readonly end: EpochSeconds;
  /** The key of the component that says what takes place. */
  readonly component: string;
  /** Whether that component was written for this Instance alone, or for it first of all. */
  readonly isOverride: boolean;
  readonly isCancelled: boolean;
}

/** From an instant up to, not including, another; either may be infinite. */
export interface InstantRange {
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/** How a set is looked at. */
export interface ExpansionOptions {
  /** Where dates and floating times are placed; UTC where nobody says. */
  readonly localZone?: Zone;
  /** Whether to leave out Instances that are cancelled; else they are marked. */
  readonly withoutCancelled?: boolean;
}

/** The Instances of a range in ascending order of their start, computed one by one as they are asked for; to be walked once. */
export interface Expansion extends Iterable<Instance> {
  /** Whether, so far, a bound ended the search before the range did: there may be more Instances. */
  readonly isIncomplete: boolean;
  /** Steps taken in vain so far, also those that were given back. */
  readonly steps: number;
  /** The next Instance; `undefined` after the last one. Faster than the iterator. */
  next(): Instance | undefined;
}
