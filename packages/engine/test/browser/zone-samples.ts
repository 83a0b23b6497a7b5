import { daysFromCivil, type WallSeconds } from "../../src/icalendar/date-time.ts";

/** Wall clock times every six hours and a half over a year: in every zone some are skipped, and some are shown twice. */
export const zoneSamples: readonly WallSeconds[] = Array.from(
  { length: 1_350 },
  (_, i) => daysFromCivil(2027, 1, 1) * 86_400 + i * 23_400,
);
