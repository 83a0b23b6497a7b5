import { maxRangesOfObject } from "../limits.ts";
import type { CalendarObject } from "./calendar-object.ts";
import type { InstanceKey } from "./recurrence-id.ts";

/** Tells whether the component of an Instance speaks for all after it too. */
export function isRangeStart({ overrides }: CalendarObject, key: InstanceKey): boolean {
  return overrides.get(key)?.recurrenceId?.range === "this-and-future";
}

/** Remembered for each object, for it is asked about every Instance. Objects never change. */
const known = new WeakMap<CalendarObject, readonly InstanceKey[]>();

/**
 * Lists the Instances from which on a component speaks for all after (RFC 5545 §3.2.13), in the order of time; at most
 * `maxRangesOfObject`.
 */
export function rangeStarts(object: CalendarObject): readonly InstanceKey[] {
  const present = known.get(object);
  if (present) return present;
  const ranged = [...object.overrides.values()].filter(({ recurrenceId }) => recurrenceId?.range === "this-and-future");
  const starts = ranged
    .map(({ key }) => key)
    .sort()
    .slice(0, maxRangesOfObject);
  known.set(object, starts);
  return starts;
}
