import { expect, test } from "vitest";
import { parseCalendar } from "../../src/icalendar/parse.ts";
import { defaultLimits, maxRulesOfSet } from "../../src/limits.ts";
import { readCalendarObject } from "../../src/model/calendar-object.ts";
import { type RecurrenceReading, readRecurrenceSet, recurrenceProblems } from "../../src/model/recurrence-set.ts";
import { nextInstances } from "../../src/recurrence/instances.ts";
import { startText } from "../recurrence/set-helpers.ts";
import { component, testProvider } from "../recurrence/zone-helpers.ts";

const zones = (tzid: string) => testProvider.zone(tzid);
const start = "DTSTART;TZID=Europe/Berlin:20260327T230000";
const series = [start, "DTEND;TZID=Europe/Berlin:20260328T000000"];

/** Starts in Berlin and lengths in hours of what an object of these components, without their BEGIN and UID, gives. */
function tell(components: readonly (readonly string[])[], reading?: RecurrenceReading): readonly string[] {
  const events = components.flatMap((lines) => ["BEGIN:VEVENT", "UID:u", ...lines, "END:VEVENT"]);
  const text = ["BEGIN:VCALENDAR", ...events, "END:VCALENDAR", ""].join("\r\n");
  const { calendar } = parseCalendar(text, defaultLimits);
  const read = calendar && readCalendarObject(calendar, zones, defaultLimits);
  if (!read || "problem" in read) throw new Error(`not an object: ${text}`);
  const set = readRecurrenceSet(read.object, zones, defaultLimits, reading);
  return nextInstances(set, -Infinity, 9, defaultLimits).instances.map((each) => {
    const name = each.component === "" ? "" : ` ${each.component}`;
    return `${startText(each, "Europe/Berlin")} ${(each.end - each.start) / 3_600}h${each.isCancelled ? "!" : ""}${name}`;
  });
}

for (const [name, components, expected] of [
  ["a series with an end", [[...series, "RRULE:FREQ=DAILY;COUNT=2"]], "20260327T230000 1h, 20260328T230000 1h"],
  [
    "days of a DURATION, as the clock has them",
    [[start, "DURATION:P1DT1H", "RRULE:FREQ=DAILY;COUNT=2"]],
    "20260327T230000 25h, 20260328T230000 24h",
  ],
  [
    "days between start and end, exact",
    [[start, "DTEND;TZID=Europe/Berlin:20260328T230000", "RRULE:FREQ=DAILY;COUNT=2"]],
    "20260327T230000 24h, 20260328T230000 24h",
  ],
  [
    "a rule twice, and one that cannot be read",
    [[...series, "RRULE:FREQ=DAILY;COUNT=2", "RRULE:freq=daily;count=2", "RRULE:FREQ=SOMETIMES"]],
    "20260327T230000 1h, 20260328T230000 1h",
  ],
  [
    "EXDATEs and RDATEs, one a PERIOD",
    [
      [
        ...series,
        "RRULE:FREQ=DAILY;COUNT=3",
        "EXDATE;TZID=Europe/Berlin:20260328T230000",
        "RDATE;VALUE=PERIOD:20260401T080000Z/PT2H,20260402T080000Z/20260402T110000Z",
        "RDATE:20260403T080000Z",
      ],
    ],
    "20260327T230000 1h, 20260329T230000 1h, 20260401T100000 2h, 20260402T100000 3h, 20260403T100000 1h",
  ],
  [
    "overrides, one cancelled without a time",
    [
      [...series, "RRULE:FREQ=DAILY;COUNT=3"],
      ["RECURRENCE-ID:20260328T220000Z", "STATUS:CANCELLED"],
      ["RECURRENCE-ID;TZID=Europe/Berlin:20260329T230000", "DTSTART:20260330T080000Z", "DURATION:PT30M"],
    ],
    "20260327T230000 1h, 20260328T230000 0h! 20260328T220000Z, 20260330T100000 0.5h 20260329T210000Z",
  ],
  [
    "all following",
    [
      [...series, "RRULE:FREQ=DAILY;COUNT=3"],
      ["RECURRENCE-ID;RANGE=THISANDFUTURE:20260328T220000Z", "DTSTART:20260328T210000Z", "DURATION:PT2H"],
    ],
    "20260327T230000 1h, 20260328T220000 2h 20260328T220000Z, 20260329T220000 2h 20260328T220000Z",
  ],
  [
    "dates, one without a time of day excluded as a local midnight",
    [["DTSTART;VALUE=DATE:20260327", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20260328T000000"]],
    "20260327 24h, 20260329 24h",
  ],
  [
    "a task that is due",
    [["DUE:20260327T220000Z", "RRULE:FREQ=WEEKLY;COUNT=2"]],
    "20260327T230000 0h, 20260404T000000 0h",
  ],
  ["nothing that has a time", [["RRULE:FREQ=DAILY;COUNT=3"]], ""],
] as readonly (readonly [string, readonly (readonly string[])[], string])[]) {
  test(name, () => expect(tell(components).join(", ")).toBe(expected));
}

test("UNTIL at midnight in UTC is the whole day only where asked", () => {
  const components = [[...series, "RRULE:FREQ=DAILY;UNTIL=20260329T000000Z"]];
  expect(tell(components)).toHaveLength(2);
  expect(tell(components, { isMidnightWholeDay: true })).toHaveLength(3);
});

test("who is asked may know of more that is cancelled", () => {
  expect(tell([series], { isCancelled: () => true })).toEqual(["20260327T230000 1h!"]);
});

test.each<[string, readonly string[], readonly string[]]>([
  ["sound rules", [start, "RRULE:FREQ=DAILY;BYHOUR=9", "RRULE:FREQ=WEEKLY;RSCALE=GREGORIAN;SKIP=FORWARD"], []],
  ["two rules", [start, "RRULE:FREQ=DAILY;X=1", "RRULE:FREQ=SOMETIMES"], ["unknown-part X", "no-frequency FREQ"]],
  ["one fault in two rules", [start, "RRULE:FREQ=DAILY;X=1", "RRULE:FREQ=WEEKLY;X=2"], ["unknown-part X"]],
  ["one fault in each of a list", [start, "RRULE:FREQ=DAILY;BYMONTH=1,13,14"], ["bad-value BYMONTH"]],
  ["another calendar", [start, "RRULE:RSCALE=HEBREW;FREQ=YEARLY"], ["unsupported-rscale RSCALE"]],
  [
    "times of a day, of a date",
    ["DTSTART;VALUE=DATE:20260327", "RRULE:FREQ=HOURLY;BYMINUTE=5", "RRULE:FREQ=DAILY;BYHOUR=9;BYSECOND=1"],
    ["not-with-date FREQ", "not-with-date BYMINUTE", "not-with-date BYHOUR", "not-with-date BYSECOND"],
  ],
  ["an EXRULE", [start, "RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY"], ["excluding-rule "]],
  [
    "as many rules as are read",
    [start, ...Array.from({ length: maxRulesOfSet }, (_, i) => `RRULE:FREQ=DAILY;COUNT=${i + 1}`)],
    [],
  ],
  [
    "more rules than are read",
    [start, ...Array.from({ length: maxRulesOfSet + 1 }, (_, i) => `RRULE:FREQ=DAILY;COUNT=${i + 1}`)],
    ["too-many-rules "],
  ],
])("what is odd with %s", (_, lines, expected) => {
  const problems = recurrenceProblems(component("BEGIN:VEVENT", ...lines, "END:VEVENT"));
  expect(problems.map(({ kind, part }) => `${kind} ${part}`)).toEqual(expected);
});
