import type { DateOrDateTime, EpochSeconds, WallSeconds } from "@parley/engine";
import { formatDateTime, parseDateTime } from "@parley/engine/icalendar";

/** Reads an instant in UTC or a date in ISO 8601; `undefined` for a day or time that does not exist. */
export function parseIsoTime(text: string): DateOrDateTime | undefined {
  return parseDateTime(text.replace(/[-:]/g, ""));
}

/** Formats an instant in ISO 8601, in UTC. */
export function formatInstant(instant: EpochSeconds): string {
  const text = formatDateTime({ kind: "utc", wall: instant });
  return `${withHyphens(text)}T${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13, 15)}Z`;
}

/** Formats the date a wall clock shows in ISO 8601. */
export function formatDate(wall: WallSeconds): string {
  return withHyphens(formatDateTime({ kind: "date", wall }));
}

function withHyphens(text: string): string {
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}
