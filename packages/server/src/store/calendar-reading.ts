import type { ReadCalendars, ReadInbox } from "./calendars.ts";
import type { ReadSharing } from "./sharing.ts";

/** What a transaction reads of calendars. */
export interface CalendarReading {
  readonly calendars: ReadCalendars;
  readonly inbox: ReadInbox;
  readonly sharing: ReadSharing;
}
