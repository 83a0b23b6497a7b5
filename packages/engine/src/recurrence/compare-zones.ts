import type { EpochSeconds } from "../icalendar/date-time.ts";
import { maxPeriodsCompared } from "../limits.ts";
import type { Zone } from "./zone.ts";

/**
 * How the offsets of two zones compare.
 *
 * - `different`: `at` is the first instant at which they differ, `offsets` those of the first and the second zone then.
 * - `incomplete`: they are the same up to `at`, where `maxPeriodsCompared` periods were used up.
 */
export type ZoneComparison =
  | { readonly kind: "same" }
  | { readonly kind: "different"; readonly at: EpochSeconds; readonly offsets: readonly [number, number] }
  | { readonly kind: "incomplete"; readonly at: EpochSeconds };

/** Compares the offsets of two zones from one instant up to, and without, another: does a change of zone move anything? */
export function compareZones(
  a: Zone,
  b: Zone,
  range: { readonly from: EpochSeconds; readonly to: EpochSeconds },
): ZoneComparison {
  let at = range.from;
  for (let i = 0; i < maxPeriodsCompared; i++) {
    if (!(at < range.to)) return { kind: "same" };
    const [ofA, ofB] = [a.periodAt(at), b.periodAt(at)];
    if (ofA.offset !== ofB.offset) return { kind: "different", at, offsets: [ofA.offset, ofB.offset] };
    at = Math.min(ofA.until, ofB.until);
  }
  return { kind: "incomplete", at };
}
