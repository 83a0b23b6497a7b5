import { parseCalendar } from "@parley/engine/icalendar";
import { expect, test } from "vitest";
import { checkRestrictions, fatalViolations } from "../../src/itip/restrictions/check.ts";
import { statusFor } from "../../src/itip/restrictions/status.ts";
import { defaultLimits } from "../../src/limits.ts";
import type { Method } from "../../src/model/method.ts";
import { formatStatusCode } from "../../src/model/request-status.ts";

const needed = [
  "UID:1",
  "DTSTAMP:20270301T090000Z",
  "DTSTART:20270310T090000Z",
  "SUMMARY:x",
  "ORGANIZER:mailto:a@x.test",
];
const guest = "ATTENDEE:mailto:b@x.test";

function calendar(method: Method, type: string, lines: readonly string[], beside: readonly string[] = []) {
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", `METHOD:${method}`];
  const text = [...head, ...beside, `BEGIN:${type}`, ...lines, `END:${type}`, "END:VCALENDAR", ""].join("\r\n");
  const parsed = parseCalendar(text, defaultLimits).calendar;
  if (!parsed) throw new Error("no calendar");
  return parsed;
}

const alarm = (...lines: readonly string[]): readonly string[] => ["BEGIN:VALARM", ...lines, "END:VALARM"];
const zone = (...lines: readonly string[]): readonly string[] => ["BEGIN:VTIMEZONE", ...lines, "END:VTIMEZONE"];

/** A message with faults, and each fault in words; the status is what they earn. */
const faults: readonly (readonly [
  what: string,
  method: Method,
  type: string,
  lines: readonly string[],
  beside: readonly string[],
  status: string,
  ...words: string[],
])[] = [
  ["nothing", "REQUEST", "VEVENT", [...needed, guest], [], "2.0"],
  [
    "what is missing and too much",
    "REQUEST",
    "VEVENT",
    [...needed, "SUMMARY:y", "REQUEST-STATUS:2.0;Success"],
    [],
    "3.11 ATTENDEE",
    "VEVENT ATTENDEE property missing 0: A VEVENT of a REQUEST has at least one ATTENDEE; this one has none.",
    "VEVENT REQUEST-STATUS property forbidden 1: A VEVENT of a REQUEST has no REQUEST-STATUS; this one has.",
    "VEVENT SUMMARY property too-many 2: A VEVENT of a REQUEST has exactly one SUMMARY; this one has 2.",
  ],
  [
    "values",
    "CANCEL",
    "VEVENT",
    [...needed, "SEQUENCE:0", "STATUS:MAYBE", "RECURRENCE-ID:never", "DTEND:20270310T100000Z", "DURATION:PT1H"],
    [],
    "3.13 DURATION",
    "VEVENT DURATION property forbidden 1: DURATION stands beside DTEND.",
    "VEVENT RECURRENCE-ID value invalid 1: RECURRENCE-ID is no date or time.",
    "VEVENT STATUS value invalid 1: STATUS is none of CANCELLED.",
  ],
  [
    "alarms",
    "REQUEST",
    "VEVENT",
    [
      ...needed,
      guest,
      ...alarm("ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:x", "REPEAT:2"),
      ...alarm("ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:x", "DURATION:PT1M"),
      ...alarm("DESCRIPTION:x"),
    ],
    [],
    "3.11 DURATION",
    "VALARM ACTION property missing 0: A VALARM of a REQUEST has exactly one ACTION; this one has none.",
    "VALARM DURATION property missing 0: REPEAT stands without DURATION.",
    "VALARM REPEAT property missing 0: DURATION stands without REPEAT.",
    "VALARM TRIGGER property missing 0: A VALARM of a REQUEST has exactly one TRIGGER; this one has none.",
  ],
  [
    "zones",
    "REQUEST",
    "VEVENT",
    [...needed, guest, "DTEND;TZID=A:20270310T100000", "RDATE;TZID=B:20270310T100000"],
    zone("TZID:C"),
    "3.11 STANDARD",
    "VEVENT VTIMEZONE component missing 0: 2 TZIDs are used that no VTIMEZONE defines.",
    "VTIMEZONE STANDARD component missing 0: There is neither STANDARD nor DAYLIGHT.",
  ],
  [
    "one zone, and of another the beginnings",
    "REQUEST",
    "VEVENT",
    [...needed, guest, "DTEND;TZID=A:20270310T100000", "EXDATE;TZID=D:20270310T100000Z"],
    zone(
      "TZID:C",
      "BEGIN:STANDARD",
      "DTSTART:20270101T000000Z",
      "TZOFFSETFROM:+0100",
      "RRULE:FREQ=YEARLY",
      "RDATE:20280101T000000",
      "END:STANDARD",
    ),
    "3.11 TZOFFSETTO",
    "VEVENT VTIMEZONE component missing 0: A TZID is used that no VTIMEZONE defines.",
    "VTIMEZONE DTSTART value invalid 1: DTSTART is not in local time.",
    "VTIMEZONE RRULE property forbidden 1: RRULE stands beside RDATE.",
    "VTIMEZONE TZOFFSETTO property missing 0: A VTIMEZONE of a REQUEST has exactly one TZOFFSETTO; this one has none.",
  ],
  [
    "statuses of two classes",
    "REPLY",
    "VEVENT",
    [...needed, guest, "REQUEST-STATUS:2.0;Success", "REQUEST-STATUS:3.1;No"],
    [],
    "3.1 REQUEST-STATUS",
    "VEVENT REQUEST-STATUS value invalid 2: The classes of its REQUEST-STATUSes exclude each other.",
  ],
  [
    "busy time that is free, and no UTC",
    "PUBLISH",
    "VFREEBUSY",
    [
      "UID:1",
      "DTSTAMP:20270301T090000Z",
      "DTSTART:20270310T090000",
      "DTEND:20270311T090000Z",
      "ORGANIZER:mailto:a@x.test",
      "FREEBUSY;FBTYPE=free:20270310T090000Z/PT1H",
    ],
    [],
    "3.5 DTSTART",
    "VFREEBUSY DTSTART value invalid 1: DTSTART is not in UTC.",
    "VFREEBUSY FREEBUSY value invalid 1: FREEBUSY tells free time, not busy time.",
  ],
  [
    "two UIDs and two METHODs",
    "REQUEST",
    "VEVENT",
    [...needed, guest],
    ["METHOD:REPLY", "BEGIN:VEVENT", ...needed.map((line) => line.replace("UID:1", "UID:2")), guest, "END:VEVENT"],
    "3.1 METHOD",
    "VCALENDAR METHOD property too-many 2: A VCALENDAR of a REQUEST has exactly one METHOD; this one has 2.",
    "VCALENDAR METHOD value invalid 1: METHOD is not REQUEST.",
    "VEVENT UID value invalid 2: The components differ in UID.",
  ],
  [
    "a METHOD there is not",
    "REQUEST",
    "VJOURNAL",
    needed,
    [],
    "3.14 METHOD:REQUEST",
    "VJOURNAL METHOD value forbidden 1: There is no REQUEST of a VJOURNAL.",
  ],
  [
    "an event and a to-do",
    "PUBLISH",
    "VTODO",
    [...needed, "PRIORITY:5"],
    ["BEGIN:VEVENT", ...needed, "END:VEVENT"],
    "3.4 BEGIN:VTODO",
    "VCALENDAR VTODO component forbidden 1: A VCALENDAR of a PUBLISH has no VTODO; this one has.",
  ],
];

for (const [what, method, type, lines, beside, status, ...words] of faults) {
  test(`the faults of ${what} are said`, () => {
    const violations = checkRestrictions({ method, calendar: calendar(method, type, lines, beside) });
    const said = violations.map(
      (one) => `${one.type} ${one.name} ${one.what} ${one.problem} ${one.found}: ${one.detail}`,
    );
    expect(said.sort()).toEqual(words);
    const { code, exception } = statusFor(violations);
    expect([formatStatusCode(code), exception].filter(Boolean).join(" ")).toBe(status);
  });
}

test("what is wrong within alarms and zones alone does not stop a message", () => {
  const fatal = faults.map(([what, method, type, lines, beside]) => {
    const violations = checkRestrictions({ method, calendar: calendar(method, type, lines, beside) });
    return [what, fatalViolations(violations).map(({ name }) => name)];
  });
  expect(Object.fromEntries(fatal)).toMatchObject({ alarms: [], zones: [], nothing: [], values: ["RECURRENCE-ID"] });
});
