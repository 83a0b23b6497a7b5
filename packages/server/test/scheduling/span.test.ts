import { parseDateTime } from "@parley/engine/icalendar";
import { expect, test } from "vitest";
import { readWritten } from "../../src/scheduling/read-written.ts";
import { spanOf } from "../../src/scheduling/span.ts";
import type { Store } from "../../src/store/store.ts";
import { calendarText } from "../caldav/server.ts";
import { houseOver } from "./house.ts";

/** What the index is told of events that recur, all from 9 to 10 o'clock; null where it is told no end. */
const spans: Readonly<Record<string, readonly [lines: readonly string[], starts: string, ends: string | null]>> = {
  "by a count": [["RRULE:FREQ=DAILY;COUNT=3"], "20270301T090000Z", "20270303T100000Z"],
  "until a time": [["RRULE:UNTIL=20270310T000000Z;FREQ=WEEKLY"], "20270301T090000Z", "20270308T100000Z"],
  "on dates": [["RDATE:20280101T090000Z"], "20270301T090000Z", "20280101T100000Z"],
  "but not at first": [["RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20270301T090000Z"], "20270302T090000Z", "20270303T100000Z"],
  "for ever": [["RRULE:FREQ=DAILY"], "20270301T090000Z", null],
  "by two rules, one of them for ever": [["RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=YEARLY"], "20270301T090000Z", null],
  "more often than is looked at": [["RRULE:FREQ=DAILY;COUNT=501"], "20270301T090000Z", null],
  never: [["RRULE:FREQ=DAILY;COUNT=1", "EXDATE:20270301T090000Z"], "20270301T090000Z", null],
  "on a day that never comes": [
    ["RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2"],
    "20270301T090000Z",
    "20270301T100000Z",
  ],
};

test.each(Object.entries(spans))("an event that recurs %s", (_, [lines, starts, ends]) => {
  const own = ["UID:a@b", "DTSTAMP:20270101T000000Z", "DTSTART:20270301T090000Z", "DTEND:20270301T100000Z"];
  const house = houseOver({} as Store);
  const written = readWritten(house, calendarText("BEGIN:VEVENT", ...own, ...lines, "END:VEVENT"));
  if ("kind" in written) throw new Error(written.detail);
  const owner = { timezone: "UTC" } as Parameters<typeof spanOf>[1];
  const at = (text: string | null) => (text === null ? null : parseDateTime(text)?.wall);
  expect(spanOf(house, owner, { object: written.object })).toEqual({ starts: at(starts), ends: at(ends) });
});
