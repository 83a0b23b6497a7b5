import type { WallSeconds } from "../../icalendar/date-time.ts";

const daySeconds = 86_400;

/** Cuts a wall clock time to its time of day, in seconds. */
export function timeOfDay(wall: WallSeconds): number {
  return ((wall % daySeconds) + daySeconds) % daySeconds;
}

/** Says a time of day: `09:05`; seconds only where there are any. */
export function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, ...(seconds % 60 ? [seconds % 60] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
