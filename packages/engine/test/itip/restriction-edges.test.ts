import { expect, test } from "vitest";
import { type Component, makeComponent } from "../../src/icalendar/component.ts";
import type { Violation } from "../../src/itip/outcome.ts";
import { missingDtstamp } from "../../src/itip/quirks/missing-dtstamp.ts";
import { rejectUntolerated } from "../../src/itip/quirks/tolerance.ts";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import type { Method } from "../../src/model/method.ts";
import { property } from "./all-tables.ts";
import { ann, contextOf, message } from "./world.ts";

const made = (name: string, lines: readonly string[], ...children: readonly Component[]) =>
  makeComponent(name, lines.map(property), children);
const event = (...lines: readonly string[]) => made("VEVENT", lines);
const stamped = ["UID:1", "DTSTAMP:20270101T000000Z", "ORGANIZER:mailto:a@example.test"];
const ben = "ATTENDEE:mailto:b@example.test";
const start = "DTSTART:20270301T090000Z";
const request = [...stamped, start, ben, "SUMMARY:"];
const reply = [...stamped, ben];
const rule = ["DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100"];
const zone = (...children: readonly Component[]) =>
  made("VTIMEZONE", ["TZID:Here"], made("STANDARD", rule), ...children);
const alarm = made("VALARM", ["ACTION:DISPLAY", "TRIGGER:-PT5M"]);
const status = (...codes: readonly string[]) => codes.map((code) => `REQUEST-STATUS:${code};x`);

function found(method: Method, components: readonly Component[], lines: readonly string[] = []): readonly string[] {
  const calendar = made("VCALENDAR", ["VERSION:2.0", "PRODID:x", `METHOD:${method}`, ...lines], ...components);
  return checkRestrictions({ method, calendar }).map((violation) => {
    const { rule: section, type, name, what, problem, found: count, detail } = violation;
    return `${section} ${type} ${name} ${what} ${problem} ${count}: ${detail}`;
  });
}

/** What is told of each breach, whole: section, component, name, what it is, what is wrong, how often, and in words. */
test.each<[name: string, method: Method, components: readonly Component[], violations: readonly string[]]>([
  [
    "nothing to schedule",
    "REQUEST",
    [zone()],
    [
      "RFC 5546 §1.4 VCALENDAR VEVENT component missing 0: A REQUEST needs a component that can be scheduled; it has none.",
    ],
  ],
  [
    "a METHOD there is not",
    "REPLY",
    [made("VJOURNAL", [])],
    ["RFC 5546 §3.5 VJOURNAL METHOD value forbidden 1: There is no REPLY of a VJOURNAL."],
  ],
  [
    "another object beside it",
    "REQUEST",
    [event(...request), made("VFREEBUSY", [])],
    [
      "RFC 5546 §3.2.2 VCALENDAR VFREEBUSY component forbidden 1: A VCALENDAR of a REQUEST has no VFREEBUSY; this one has.",
    ],
  ],
  [
    "a VJOURNAL beside a VTODO",
    "REQUEST",
    [made("VTODO", request.concat("PRIORITY:1")), made("VJOURNAL", [])],
    [
      "RFC 5546 §3.4.2 VCALENDAR VJOURNAL component forbidden 1: A VCALENDAR of a REQUEST has no VJOURNAL; this one has.",
    ],
  ],
  [
    "two SUMMARYs of a to-do that is called off",
    "CANCEL",
    [made("VTODO", [...stamped, "SEQUENCE:1", "SUMMARY:", "SUMMARY:"])],
    ["RFC 5546 §3.4.5 VTODO SUMMARY property too-many 2: A VTODO of a CANCEL has at most one SUMMARY; this one has 2."],
  ],
  [
    "the count of the first that has it",
    "REQUEST",
    [
      event(...request, "STATUS:CONFIRMED", "STATUS:CONFIRMED"),
      event(...request, "STATUS:CONFIRMED", "STATUS:CONFIRMED", "STATUS:CONFIRMED"),
    ],
    [
      "RFC 5546 §3.2.2 VEVENT STATUS property too-many 2: A VEVENT of a REQUEST has at most one STATUS; this one has 2.",
    ],
  ],
  [
    "an alarm in an answer",
    "REPLY",
    [made("VEVENT", reply, alarm)],
    ["RFC 5546 §3.2.3 VEVENT VALARM component forbidden 1: A VEVENT of a REPLY has no VALARM; this one has."],
  ],
  ["what is no alarm in an event", "REQUEST", [made("VEVENT", request, made("X-ALARM", []))], []],
  [
    "an alarm of nothing",
    "REQUEST",
    [made("VEVENT", request, made("VALARM", ["ACTION:DISPLAY"]))],
    [
      "RFC 5546 §3.1.3 VALARM TRIGGER property missing 0: A VALARM of a REQUEST has exactly one TRIGGER; this one has none.",
    ],
  ],
  ["what is no observance in a zone", "REQUEST", [zone(made("X-SEASON", [])), event(...request)], []],
  [
    "an observance of nothing",
    "REQUEST",
    [zone(made("DAYLIGHT", rule.slice(1))), event(...request)],
    [
      "RFC 5546 §3.1.2 VTIMEZONE DTSTART property missing 0: A VTIMEZONE of a REQUEST has exactly one DTSTART; this one has none.",
    ],
  ],
  [
    "an observance that starts at no time",
    "REQUEST",
    [zone(made("DAYLIGHT", ["DTSTART:soon", ...rule.slice(1)])), event(...request)],
    ["RFC 5546 §3.1.2 VTIMEZONE DTSTART value invalid 1: DTSTART is not in local time."],
  ],
  [
    "a zone without an observance",
    "REQUEST",
    [made("VTIMEZONE", ["TZID:Here"]), event(...request)],
    ["RFC 5546 §3.1.2 VTIMEZONE STANDARD component missing 0: There is neither STANDARD nor DAYLIGHT."],
  ],
  [
    "a zone without a name",
    "REQUEST",
    [made("VTIMEZONE", [], made("STANDARD", rule)), event(...request, "EXDATE;TZID=Here:20270301T090000")],
    [
      "RFC 5546 §3.1.2 VTIMEZONE TZID property missing 0: A VTIMEZONE of a REQUEST has exactly one TZID; this one has none.",
      "RFC 5546 §3.2.2 VEVENT VTIMEZONE component missing 0: A TZID is used that no VTIMEZONE defines.",
    ],
  ],
  [
    "a zone by a property that is no zone",
    "REQUEST",
    [made("X-ZONE", ["TZID:Here"]), event(...request, "EXDATE;TZID=Here:20270301T090000")],
    ["RFC 5546 §3.2.2 VEVENT VTIMEZONE component missing 0: A TZID is used that no VTIMEZONE defines."],
  ],
  ["two zones where there may be one", "REPLY", [zone(), zone(), event(...reply)], []],
  ["two zones where there may be any", "DECLINECOUNTER", [zone(), zone(), event(...stamped, ben, "SEQUENCE:1")], []],
  ["two zones beside what asks for an object", "REFRESH", [zone(), zone(), event(...stamped, ben)], []],
  [
    "a TZID at what is no time",
    "REQUEST",
    [zone(), event(...request, "EXDATE;TZID=There:soon")],
    ["RFC 5546 §3.2.2 VEVENT VTIMEZONE component missing 0: A TZID is used that no VTIMEZONE defines."],
  ],
  [
    "UIDs with spaces about them, and none",
    "REQUEST",
    [event(...request), event(...request.slice(1), "UID: 1 "), event(...request.slice(1))],
    ["RFC 5546 §3.2.2 VEVENT UID property missing 0: A VEVENT of a REQUEST has exactly one UID; this one has none."],
  ],
  [
    "three UIDs",
    "REQUEST",
    [event(...request), event(...request.slice(1), "UID:2"), event(...request.slice(1), "UID:3")],
    ["RFC 5546 §3.2.2 VEVENT UID value invalid 3: The components differ in UID."],
  ],
  [
    "an answer of nobody that can be read, twice",
    "REPLY",
    [event(...stamped, "ATTENDEE:", "ATTENDEE:x")],
    [
      "RFC 5546 §3.2.3 VEVENT ATTENDEE property too-many 2: A VEVENT of a REPLY has exactly one ATTENDEE; this one has 2.",
    ],
  ],
  ["a proposal without SEQUENCE", "COUNTER", [event(...request)], []],
  [
    "a proposal with two",
    "COUNTER",
    [event(...request, "SEQUENCE:1", "SEQUENCE:1")],
    [
      "RFC 5546 §3.2.7 VEVENT SEQUENCE property too-many 2: A VEVENT of a COUNTER has exactly one SEQUENCE; this one has 2.",
    ],
  ],
  ["a STATUS in lower case, with spaces", "REQUEST", [event(...request, "STATUS: confirmed ")], []],
  [
    "a STATUS it cannot have",
    "REQUEST",
    [event(...request, "STATUS:FINAL")],
    ["RFC 5546 §3.2.2 VEVENT STATUS value invalid 1: STATUS is none of TENTATIVE, CONFIRMED."],
  ],
  [
    "statuses of two classes in one component",
    "REPLY",
    [event(...reply, ...status("2.0", "4.1"))],
    ["RFC 5546 §3.2.3 VEVENT REQUEST-STATUS value invalid 2: The classes of its REQUEST-STATUSes exclude each other."],
  ],
  ["statuses of one class in one component", "REPLY", [event(...reply, ...status("2.0", "2.1"))], []],
  [
    "statuses of two classes that go together",
    "REPLY",
    [event(...reply, ...status("2.0")), event(...reply, ...status("4.0"))],
    [],
  ],
  [
    "statuses of two classes that do not",
    "REPLY",
    [event(...reply, ...status("2.0")), event(...reply, ...status("3.1"))],
    ["RFC 5546 §3.2.3 VEVENT REQUEST-STATUS value invalid 2: The classes of its REQUEST-STATUSes exclude each other."],
  ],
  [
    "statuses of two classes where none are asked to agree",
    "PUBLISH",
    [event(...stamped, start, "SUMMARY:", ...status("2.0", "3.1"))],
    [
      "RFC 5546 §3.2.1 VEVENT REQUEST-STATUS property forbidden 2: A VEVENT of a PUBLISH has no REQUEST-STATUS; this one has.",
    ],
  ],
  [
    "a repetition that lasts without repeating",
    "REQUEST",
    [made("VEVENT", request, made("VALARM", ["ACTION:DISPLAY", "TRIGGER:-PT5M", "REPEAT:2"]))],
    ["RFC 5546 §3.1.3 VALARM DURATION property missing 0: REPEAT stands without DURATION."],
  ],
  [
    "an end beside a length",
    "REQUEST",
    [event(...request, "DTEND:20270301T100000Z", "DURATION:PT1H", "DURATION:PT1H")],
    [
      "RFC 5546 §3.2.2 VEVENT DURATION property too-many 2: A VEVENT of a REQUEST has at most one DURATION; this one has 2.",
      "RFC 5546 §3.2.2 VEVENT DURATION property forbidden 2: DURATION stands beside DTEND.",
    ],
  ],
  [
    "busy time beside free time",
    "REPLY",
    [
      made("VFREEBUSY", [
        ...reply,
        start,
        "DTEND:20270302T000000Z",
        "FREEBUSY:x",
        "FREEBUSY;FBTYPE=BUSY:x",
        "FREEBUSY;FBTYPE=free:x",
      ]),
    ],
    ["RFC 5546 §3.3.3 VFREEBUSY FREEBUSY value invalid 1: FREEBUSY tells free time, not busy time."],
  ],
  [
    "busy time from a time that is none",
    "REPLY",
    [made("VFREEBUSY", [...reply, "DTSTART:soon", "DTEND:20270302T000000Z"])],
    ["RFC 5546 §3.3.3 VFREEBUSY DTSTART value invalid 1: DTSTART is not in UTC."],
  ],
])("%s", (_name, method, components, violations) => {
  expect(found(method, components)).toEqual(violations);
});

test("of the calendar itself is told where it stands", () => {
  expect(found("REQUEST", [event(...request)], ["CALSCALE:GREGORIAN", "CALSCALE:GREGORIAN", "METHOD:CANCEL"])).toEqual([
    "RFC 5546 §3.1.1 VCALENDAR CALSCALE property too-many 2: A VCALENDAR of a REQUEST has at most one CALSCALE; this one has 2.",
    "RFC 5546 §3.2.2 VCALENDAR METHOD property too-many 2: A VCALENDAR of a REQUEST has exactly one METHOD; this one has 2.",
    "RFC 5546 §3.2.2 VCALENDAR METHOD value invalid 1: METHOD is not REQUEST.",
  ]);
});

test.each([
  ["1", true],
  ["+1", true],
  [" 10 ", true],
  ["0", false],
  ["-1", false],
  ["x1", false],
  ["1x", false],
])("a SEQUENCE of %j is above zero: %s", (sequence, isValid) => {
  const violations = found("ADD", [event(...request, `SEQUENCE:${sequence}`)]);
  expect(violations).toEqual(
    isValid ? [] : ["RFC 5546 §3.2.4 VEVENT SEQUENCE value invalid 1: SEQUENCE is not above 0."],
  );
});

const breach = { method: "REQUEST", type: "VEVENT", what: "property", found: 0, detail: "" } as const;
const missing: Violation = { ...breach, rule: "RFC 5546 §3.2.2", name: "DTSTAMP", problem: "missing" };
const others: readonly Violation[] = [
  { ...missing, problem: "invalid" },
  { ...missing, name: "UID" },
];

test("a quirk that is not tolerated is told first, once, by the table that told of it, else by itself", () => {
  const whole = message({ method: "REQUEST" });
  const calendar = {
    ...whole.calendar,
    components: whole.calendar.components.map((child) => ({
      ...child,
      properties: child.properties.filter(({ name }) => name !== "DTSTAMP"),
    })),
  };
  const context = { ...contextOf(ann), quirks: new Set<never>() };
  const reject = (violations: readonly Violation[]) => rejectUntolerated({ ...whole, calendar }, violations, context);
  expect(reject([...others, missing])).toMatchObject({
    rule: missing.rule,
    status: { code: [3, 11], exception: "DTSTAMP" },
    violations: [missing, ...others],
  });
  const { status: _status, ...told } = missingDtstamp.breach;
  expect(reject(others)?.violations).toEqual([{ ...breach, ...told, found: 1 }, ...others]);
  expect(rejectUntolerated(whole, others, context)).toBeUndefined();
});
