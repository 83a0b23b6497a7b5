import type { EpochSeconds } from "../icalendar/date-time.ts";
import { maxPeriodsCompared } from "../limits.ts";
import type { Zone } from "./zone.ts";

/**
 * How the offsets of two zones compare.
 *
 * - `different`: `at` is the first instant at which they differ, `offsets` those of the first and the second zone then.
 * - `incomplete`: they are the same up to `at`, where the periods that may be compared were used up.
 */
export type ZoneComparison =
  | { readonly kind: "same" }
  | { readonly kind: "different"; readonly at: EpochSeconds; readonly offsets: readonly [number, number] }
  | { readonly kind: "incomplete"; readonly at: EpochSeconds };

/** How many periods may still be compared. */
export interface CompareBudget {
  periods: number;
}

/**
 * Compares the offsets of two zones from one instant up to, and without, another: does a change of zone move anything? Takes
 * the periods it compares from the budget, `maxPeriodsCompared` where none is given.
 */
export function compareZones(
  a: Zone,
  b: Zone,
  range: { readonly from: EpochSeconds; readonly to: EpochSeconds },
  budget: CompareBudget = { periods: maxPeriodsCompared },
): ZoneComparison {
  let at = range.from;
  for (; budget.periods > 0; budget.periods--) {
    if (!(at < range.to)) return { kind: "same" };
    const [ofA, ofB] = [a.periodAt(at), b.periodAt(at)];
    if (ofA.offset !== ofB.offset) return { kind: "different", at, offsets: [ofA.offset, ofB.offset] };
    at = Math.min(ofA.until, ofB.until);
  }
  return { kind: "incomplete", at };
}
