import { describe, expect, test } from "vitest";
import { parseCalendar } from "../../src/icalendar/parse.ts";
import { defaultLimits, type Limits } from "../../src/limits.ts";
import { findZoneProblems, type ZoneProblem } from "../../src/recurrence/zone-problems.ts";
import { testProvider, wall } from "./zone-helpers.ts";

/** A VTIMEZONE that knows the law of the European Union, and gives its winter another offset. */
function european(tzid: string, winter = "+0100"): readonly string[] {
  return [
    "BEGIN:VTIMEZONE",
    `TZID:${tzid}`,
    ...["BEGIN:DAYLIGHT", "DTSTART:19810329T020000", `TZOFFSETFROM:${winter}`, "TZOFFSETTO:+0200"],
    ...["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT"],
    ...["BEGIN:STANDARD", "DTSTART:19961027T030000", "TZOFFSETFROM:+0200", `TZOFFSETTO:${winter}`],
    ...["RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD", "END:VTIMEZONE"],
  ];
}

/** A VTIMEZONE that never changes the clocks. */
function fixed(tzid: string, offset: string): readonly string[] {
  const standard = ["BEGIN:STANDARD", "DTSTART:16010101T000000", `TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`];
  return ["BEGIN:VTIMEZONE", `TZID:${tzid}`, ...standard, "END:STANDARD", "END:VTIMEZONE"];
}

function event(...lines: readonly string[]): readonly string[] {
  return ["BEGIN:VEVENT", "UID:1", ...lines, "END:VEVENT"];
}

function problems(lines: readonly string[], limits: Limits = defaultLimits): readonly ZoneProblem[] {
  const { calendar } = parseCalendar(["BEGIN:VCALENDAR", ...lines, "END:VCALENDAR", ""].join("\r\n"), defaultLimits);
  if (!calendar) throw new Error("the test's own text is no calendar");
  return findZoneProblems(calendar, testProvider, limits);
}

/** `Europe/Berlin 20270101T000000 3720/3600 known`, or the name of a zone nobody knows. */
function told(problem: ZoneProblem): string {
  if (problem.kind === "unknown-zone") return problem.tzid;
  const { tzid, at, written, known, followed } = problem;
  return `${tzid} ${at - wall("20270101T000000")} ${written}/${known} ${followed}`;
}

const newYear = "DTSTART;TZID=Europe/Berlin:20270101T010000";
const july = "DTSTART;TZID=Europe/Berlin:20270701T020000";
/** Seconds from the beginning of 2027 to 2027-07-01, and to where summer begins. */
const [inJuly, inMarch] = [181 * 86_400, 86 * 86_400 + 3_600];

describe("zones of a calendar", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["that say the same", [...european("Europe/Berlin"), ...event(newYear, "RRULE:FREQ=DAILY")], []],
    ["without VTIMEZONE but with a known name", event(newYear), []],
    [
      "with a known name and another offset: the name counts",
      [...fixed("Europe/Berlin", "+0102"), ...event(newYear)],
      ["Europe/Berlin 0 3720/3600 known"],
    ],
    [
      "with a name of Windows and another offset: the VTIMEZONE counts",
      [...fixed("W. Europe Standard Time", "+0102"), ...event("DTSTART;TZID=W. Europe Standard Time:20270101T010000")],
      ["W. Europe Standard Time 0 3720/3600 written"],
    ],
    [
      "with a path",
      [
        ...fixed("/example.org/Europe/Berlin", "+0200"),
        ...event("DUE;TZID=/example.org/Europe/Berlin:20270101T010000"),
      ],
      ["/example.org/Europe/Berlin 0 7200/3600 known"],
    ],
    ["that differ at another time of the year", [...fixed("Europe/Berlin", "+0200"), ...event(july)], []],
    ["that differ in the half of the year nothing is in", [...european("Europe/Berlin", "+0000"), ...event(july)], []],
    [
      "that differ while a series goes on",
      [...fixed("Europe/Berlin", "+0100"), ...event(newYear, "RRULE:FREQ=WEEKLY")],
      [`Europe/Berlin ${inMarch} 3600/7200 known`],
    ],
    [
      "that differ after a series has ended",
      [...fixed("Europe/Berlin", "+0100"), ...event(newYear, "RRULE:FREQ=WEEKLY;UNTIL=20270301T000000Z")],
      [],
    ],
    [
      "that differ long after a series began: it may be over",
      [...fixed("Asia/Almaty", "+0600"), ...event("DTSTART;TZID=Asia/Almaty:20200101T060000", "RRULE:FREQ=WEEKLY")],
      [],
    ],
    [
      "that differ long after a series began, but when it was written",
      [
        ...fixed("Asia/Almaty", "+0600"),
        ...event("DTSTAMP:20230101T000000Z", "DTSTART;TZID=Asia/Almaty:20200101T060000", "RRULE:FREQ=WEEKLY"),
      ],
      [`Asia/Almaty ${wall("20240229T180000") - wall("20270101T000000")} 21600/18000 known`],
    ],
    [
      "that differ on the date of an exception",
      [
        ...fixed("Europe/Berlin", "+0100"),
        ...event(newYear, "EXDATE;TZID=Europe/Berlin:20270301T010000,20270701T020000"),
      ],
      [`Europe/Berlin ${inMarch} 3600/7200 known`],
    ],
    [
      "that differ in a period",
      [
        ...fixed("Europe/Berlin", "+0100"),
        ...event(newYear, "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20270701T020000/PT1H"),
      ],
      [`Europe/Berlin ${inJuly} 3600/7200 known`],
    ],
    [
      "nobody knows, each once",
      [
        ...event("DTSTART;TZID=BRT:20270101T010000", "DTEND;TZID=BRT:20270101T020000"),
        ...event("DUE;TZID=X:20270101T010000"),
      ],
      ["BRT", "X"],
    ],
    ["nobody knows, of a VTIMEZONE", [...fixed("BRT", "-0300"), ...event("DTSTART;TZID=BRT:20270101T010000")], []],
    [
      "nobody asks for: of a date, of a time in UTC, of no time",
      event("DTSTART;VALUE=DATE;TZID=X:20270101", "DTEND;TZID=Y:20270101T010000Z", "RDATE;TZID=Z:soon"),
      [],
    ],
    ["in a VTIMEZONE itself", ["BEGIN:VTIMEZONE", "TZID:A", "DTSTART;TZID=X:20270101T010000", "END:VTIMEZONE"], []],
  ])("%s", (_, lines, expected) => {
    expect(problems(lines).map(told)).toEqual(expected);
  });
});

describe("what is looked at is bounded", () => {
  const events = (count: number) =>
    Array.from({ length: count }, (_, i) => event(`DTSTART;TZID=X${i}:20270101T010000`)).flat();

  test("by maxZones", () => {
    expect(problems(events(9), { ...defaultLimits, maxZones: 3 }).map(told)).toEqual(["X0", "X1", "X2"]);
  });

  test("by maxPeriodsCompared, of all zones together", () => {
    const endless = (tzid: string) => [
      ...european(tzid),
      ...event("DTSTAMP:70000101T000000Z", `DTSTART;TZID=${tzid}:20270101T010000`, "RRULE:FREQ=DAILY"),
    ];
    const differing = [...fixed("Europe/Rome", "+0102"), ...event("DTSTART;TZID=Europe/Rome:20270101T010000")];
    expect(problems([...endless("Europe/Berlin"), ...differing])).toHaveLength(1);
    expect(problems([...endless("Europe/Berlin"), ...endless("Europe/Paris"), ...differing])).toEqual([]);
  });
});
