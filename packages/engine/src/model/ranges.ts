import { firstProperty, withProperty } from "../icalendar/component.ts";
import { withParameter } from "../icalendar/parameter.ts";
import { maxRangesOfObject } from "../limits.ts";
import type { CalendarObject, ObjectComponent } from "./calendar-object.ts";
import { type InstanceKey, masterKey } from "./recurrence-id.ts";

/** Tells whether the component of an Instance speaks for all after it too. */
export function isRangeStart({ overrides }: CalendarObject, key: InstanceKey): boolean {
  const component = overrides.get(key);
  return component !== undefined && isRange(component);
}

/** Tells whether a component speaks for its Instance and for all after it, RFC 5545 §3.2.13. */
export function isRange({ recurrenceId }: ObjectComponent): boolean {
  return recurrenceId?.range === "this-and-future";
}

/** Makes of a component that speaks for all after its Instance one of that Instance alone. */
export function withoutRange(one: ObjectComponent): ObjectComponent {
  const { recurrenceId, component } = one;
  const property = firstProperty(component, "RECURRENCE-ID");
  if (!property || recurrenceId?.range !== "this-and-future") return one;
  const single = withProperty(component, "RECURRENCE-ID", withParameter(property, "RANGE", undefined));
  return { ...one, recurrenceId: { ...recurrenceId, range: "this" }, component: single };
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
  const ranged = [...object.overrides.values()].filter(isRange);
  const starts = ranged
    .map(({ key }) => key)
    .sort()
    .slice(0, maxRangesOfObject);
  known.set(object, starts);
  return starts;
}

/** Finds the key of what speaks for the Instances after one that have no component of their own. */
export function speakerAfter(object: CalendarObject | undefined, key: InstanceKey): InstanceKey {
  return (object && rangeStarts(object).findLast((start) => start <= key)) ?? masterKey;
}
