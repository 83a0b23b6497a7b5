import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CalendarProblemKind, type Component, formatCalendar, parseCalendar } from "../../src/icalendar/index.ts";
import { defaultLimits } from "../../src/limits.ts";

/** An event whose lines these are; two lines stand before them. */
function event(...lines: readonly string[]): string {
  return ["BEGIN:VCALENDAR", "BEGIN:VEVENT", ...lines, "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");
}

function parse(input: string | Uint8Array, limits = defaultLimits) {
  const { calendar, problems } = parseCalendar(input, limits);
  return { calendar, kinds: problems.map(({ kind }) => kind), lines: problems.map(({ line }) => line), problems };
}

/** A tree as nested lists, short enough for a table. */
function outline(component: Component | undefined): unknown {
  if (!component) return undefined;
  return [
    component.name,
    ...component.properties.map(({ name, value }) => `${name}:${value}`),
    ...component.components.map(outline),
  ];
}

describe("a content line", () => {
  test("keeps its parts as they were written", () => {
    const line = 'Attendee;cn="A, ""B"": ^\'C^\'";X-Y=1,"2;3",;ROLE=CHAIR:mailto:a@example.com;x=1,2:3';
    const { calendar, problems } = parse(event(line));
    expect(problems).toEqual([]);
    expect(calendar?.components[0]?.properties).toEqual([
      {
        name: "ATTENDEE",
        written: "Attendee",
        parameters: [
          { name: "CN", written: "cn", value: '"A, ""B"": ^\'C^\'"' },
          { name: "X-Y", value: '1,"2;3",' },
          { name: "ROLE", value: "CHAIR" },
        ],
        value: "mailto:a@example.com;x=1,2:3",
      },
    ]);
  });

  const flawed: readonly (readonly [string, CalendarProblemKind, string | undefined])[] = [
    ["DTSTART;=X;VALUE=DATE:20260101", "empty-parameter", "DTSTART;VALUE=DATE:20260101"],
    ["DTSTART;;VALUE=DATE;:20260101", "empty-parameter", "DTSTART;VALUE=DATE:20260101"],
    ["ORGANIZER;mailto:a@example.com", "parameter-without-value", "ORGANIZER;mailto=:a@example.com"],
    ["ATTENDEE;X Y=1:mailto:a@example.com", "bad-name", "ATTENDEE;X-XY=1:mailto:a@example.com"],
    ["X_FOO:1", "bad-name", "X-XFOO:1"],
    [
      'ATTENDEE;CN="Ann;ROLE=CHAIR:mailto:a@example.com',
      "unterminated-quote",
      'ATTENDEE;CN="Ann";ROLE=CHAIR:mailto:a@example.com',
    ],
    ['DTSTART;TZID="Some Zone:20260101T000000"', "unterminated-quote", 'DTSTART;TZID="Some Zone":20260101T000000'],
    ["ATTENDEE;CN=Ann", "missing-colon", undefined],
    [
      "EXDATE;TZID=tzone://Microsoft/Custom:20270101T100000,20270102T100000",
      "unquoted-colon",
      'EXDATE;TZID="tzone://Microsoft/Custom":20270101T100000,20270102T100000',
    ],
  ];
  test.each(flawed)("%s has the problem %s", (line, kind, formatted) => {
    const { calendar, kinds, lines } = parse(event("UID:1", line, "SEQUENCE:0"));
    expect([kinds, lines]).toEqual([[kind], [4]]);
    expect(formatCalendar(calendar as Component)).toBe(event("UID:1", ...(formatted ? [formatted] : []), "SEQUENCE:0"));
  });

  // Pieces that lines have in common, or nearly: what was read of one line must not be taken for another.
  const parameter = fc.constantFrom(
    ...["ROLE=CHAIR", "ROLE=CHAIRS", "ROLE=CHAI", "role=CHAIR", "CN=Ann", 'CN="Ann;B:C"', 'CN="Ann', 'CN=A"n"n', "CN="],
    ...["CN", "=Ann", "X-A=1", "X-A=1,2", 'TZID="a:b"', ""],
  );
  const line = fc
    .tuple(fc.constantFrom("ATTENDEE", "Attendee", "X-A", "X_A"), fc.array(parameter, { maxLength: 4 }))
    .map(([name, parameters]) => `${[name, ...parameters].join(";")}:mailto:a@example.com`);
  test("is read the same whatever line stands before it", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const together = parse(event(...lines));
        const alone = lines.map((each) => parse(event(each)));
        expect(together.calendar?.components[0]?.properties).toEqual(
          alone.flatMap(({ calendar }) => calendar?.components[0]?.properties ?? []),
        );
        expect(together.kinds).toEqual(alone.flatMap(({ kinds }) => kinds));
      }),
      { numRuns: 2_000 },
    );
  });

  test("a name that only looks like one of the standard is not that one", () => {
    const { calendar } = parse(event("ATTENDEE;PART\u017fTAT=ACCEPTED:mailto:a@example.com"));
    expect(calendar?.components[0]?.properties[0]?.parameters[0]?.name).toBe("PART\u017fTAT");
  });
});

describe("physical lines", () => {
  const plain = event("UID:1", "SUMMARY:Some words");
  const tree = ["VCALENDAR", ["VEVENT", "UID:1", "SUMMARY:Some words"]];
  test.each([
    ["CRLF", plain],
    ["LF", plain.replaceAll("\r\n", "\n")],
    ["CR", plain.replaceAll("\r\n", "\r")],
    ["mixed", plain.replace("\r\n", "\n").replace("UID:1\r\n", "UID:1\r")],
    ["no last break", plain.trimEnd()],
    ["a byte order mark", `\ufeff${plain}`],
    ["empty lines", `\r\n\r\n${plain.replaceAll("\r\n", "\r\n\r\n")}`],
    ["folded by space", plain.replace("Some", "So\r\n me")],
    ["folded by tab", plain.replace("Some", "So\r\n\tme")],
    ["folded with LF and CR", plain.replace("Some", "S\n o\r me")],
    ["folded in the name", plain.replace("SUMMARY", "SUM\r\n M\r\n ARY")],
    ["folded after the name", plain.replace("SUMMARY", "SUMMARY\r\n ")],
    ["folded in BEGIN", plain.replace("BEGIN:VEVENT", "BEGIN:VEV\r\n ENT")],
    ["folded with nothing", plain.replace("Some", "\r\n \r\n Some")],
    ["lower-case frames", plain.replace("BEGIN:VEVENT", "begin:Vevent")],
  ])("%s are no problem", (_, text) => {
    const { calendar, problems } = parse(text);
    expect(outline(calendar)).toEqual(tree);
    expect(problems).toEqual([]);
  });

  test.each([
    ["SUMMARY:Some \r\nwords", 3],
    ["SUMMARY\r\n:Some words", 3],
    ["SUMMARY:So\r\n me \r\nwo\r\n rds", 3],
  ])("%j is joined, as the line has no name", (lines, line) => {
    const { calendar, kinds, lines: numbers } = parse(event(lines));
    expect(outline(calendar)).toEqual(["VCALENDAR", ["VEVENT", "SUMMARY:Some words"]]);
    expect([kinds, numbers]).toEqual([["broken-line"], [line]]);
  });

  test("no line is joined to BEGIN or END", () => {
    const { calendar, kinds, lines } = parse(event("prose", "UID:1"));
    expect(outline(calendar)).toEqual(["VCALENDAR", ["VEVENT", "UID:1"]]);
    expect([kinds, lines]).toEqual([["broken-line"], [3]]);
  });

  test("are counted from 1, folds and empty lines included", () => {
    const { lines } = parse(
      "BEGIN:VCALENDAR\r\n\r\nX-A:1\r\n 2\r\n\r\n 3\nATTENDEE;CN=1\r\rORGANIZER;CN=1\nEND:VCALENDAR",
    );
    expect(lines).toEqual([7, 9]);
  });
});

describe("text around the calendar", () => {
  test.each([
    ["before", `Content-Type: text/calendar\r\n\r\nSome prose\r\n${event("UID:1")}`, [1]],
    ["after", `${event("UID:1")}--boundary--\r\n Some prose: here\r\nMore`, [6]],
    ["indented after", `${event("UID:1")}  footer`, [6]],
  ])("%s it is left out and told once", (_, text, numbers) => {
    const { calendar, kinds, lines } = parse(text);
    expect(outline(calendar)).toEqual(["VCALENDAR", ["VEVENT", "UID:1"]]);
    expect([kinds, lines]).toEqual([["text-outside"], numbers]);
  });

  test.each([
    ["", ["no-calendar"]],
    ["Dear all\r\n", ["text-outside", "no-calendar"]],
    ["BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n", ["text-outside", "no-calendar"]],
  ])("%j holds no calendar", (text, expected) => {
    const { calendar, kinds } = parse(text);
    expect([calendar, kinds]).toEqual([undefined, expected]);
  });

  test.each([
    ["a further calendar without METHOD", "", "", ["1", "2"]],
    ["a further calendar of the same METHOD", "METHOD:REQUEST\r\n", "METHOD:request\r\n", ["1", "2"]],
    ["a further calendar of another METHOD", "METHOD:REQUEST\r\n", "METHOD:CANCEL\r\n", ["1"]],
    ["a further calendar that has a METHOD", "", "METHOD:CANCEL\r\n", ["1"]],
  ])("%s is read or left out", (_, first, second, uids) => {
    const one = event("UID:1").replace("BEGIN:VEVENT", `${first}BEGIN:VEVENT`);
    const two = event("UID:2").replace("BEGIN:VEVENT", `${second}BEGIN:VEVENT`);
    const { calendar, kinds } = parse(one + two);
    expect(calendar?.components.map((component) => component.properties[0]?.value)).toEqual(uids);
    expect(kinds).toEqual(["further-calendar"]);
  });
});

describe("BEGIN and END", () => {
  const cases: readonly (readonly [string, string, readonly CalendarProblemKind[], unknown])[] = [
    [
      "the text ends early",
      "BEGIN:VEVENT UID:1 BEGIN:VALARM ACTION:X",
      ["missing-end"],
      [["VEVENT", "UID:1", ["VALARM", "ACTION:X"]]],
    ],
    ["END of the calendar only", "BEGIN:VEVENT UID:1 END:VCALENDAR", ["missing-end"], [["VEVENT", "UID:1"]]],
    [
      "END of an alarm missing",
      "BEGIN:VEVENT BEGIN:VALARM END:VEVENT X:1 END:VCALENDAR",
      ["missing-end"],
      ["X:1", ["VEVENT", ["VALARM"]]],
    ],
    [
      "an event begins inside one",
      "BEGIN:VEVENT UID:1 BEGIN:VEVENT UID:2 END:VEVENT END:VCALENDAR",
      ["missing-end"],
      [
        ["VEVENT", "UID:1"],
        ["VEVENT", "UID:2"],
      ],
    ],
    [
      "END misspelt",
      "BEGIN:VTIMEZONE BEGIN:STANDARD X:1 END:DAYLIGHT BEGIN:DAYLIGHT X:2 END:DAYLIGHT END:VTIMEZONE END:VCALENDAR",
      ["wrong-end"],
      [["VTIMEZONE", ["STANDARD", "X:1"], ["DAYLIGHT", "X:2"]]],
    ],
    [
      "one END too many",
      "BEGIN:VEVENT BEGIN:VALARM END:VALARM END:VALARM UID:1 END:VEVENT END:VCALENDAR",
      ["wrong-end"],
      [["VEVENT", "UID:1", ["VALARM"]]],
    ],
    ["END of nothing", "BEGIN:VEVENT END:VEVENT END:FOO X:1 END:VCALENDAR", ["wrong-end"], ["X:1", ["VEVENT"]]],
    ["END without a name", "BEGIN:VEVENT END: X:1 END:VCALENDAR", ["wrong-end"], ["X:1", ["VEVENT"]]],
    ["unknown components", "BEGIN:X-A BEGIN:X-A X:1 END:X-A END:X-A END:VCALENDAR", [], [["X-A", ["X-A", "X:1"]]]],
    [
      "a calendar in a calendar",
      "BEGIN:VEVENT BEGIN:VCALENDAR BEGIN:VTODO END:VTODO END:VCALENDAR",
      ["missing-end", "further-calendar"],
      [["VEVENT"], ["VTODO"]],
    ],
    ["parameters of BEGIN", "BEGIN;X=1:VEVENT END;X=1:VEVENT END:VCALENDAR", [], [["VEVENT"]]],
    ["a component without a name", "BEGIN: X:1 END: END:VCALENDAR", ["bad-name"], [["", "X:1"]]],
  ];
  test.each(cases)("%s", (_, words, expected, tree) => {
    const { calendar, kinds } = parse(`BEGIN:VCALENDAR\n${words.replaceAll(" ", "\n")}`);
    expect(outline(calendar)).toEqual(["VCALENDAR", ...(tree as unknown[])]);
    expect(kinds).toEqual(expected);
  });
});

describe("each bound is reached", () => {
  const text = event("X:1", "X;A=1;B=2;C=3:2", "BEGIN:VALARM", "BEGIN:X-A", "X:3", "END:X-A", "END:VALARM", "X:4");
  test.each([
    ["maxCalendarBytes", 20, "too-long", undefined],
    ["maxProperties", 2, "too-many-properties", ["VCALENDAR", ["VEVENT", "X:1", "X:2", ["VALARM", ["X-A"]]]]],
    [
      "maxParameters",
      2,
      "too-many-parameters",
      ["VCALENDAR", ["VEVENT", "X:1", "X:2", "X:4", ["VALARM", ["X-A", "X:3"]]]],
    ],
    ["maxComponents", 2, "too-many-components", ["VCALENDAR", ["VEVENT", "X:1", "X:2", "X:4"]]],
    ["maxDepth", 3, "too-deep", ["VCALENDAR", ["VEVENT", "X:1", "X:2", "X:4", ["VALARM"]]]],
  ] as const)("%s", (bound, value, kind, tree) => {
    const { calendar, kinds } = parse(text, { ...defaultLimits, [bound]: value });
    expect(outline(calendar)).toEqual(tree);
    expect(kinds).toEqual([kind]);
  });

  test.each([
    ["SUMMARY:0123456789", 12, "0123"],
    ["SUMMARY:0\r\n 12\r\n 3456789", 12, "0123"],
    ["SUMMARY:\u00e9\u00e9\u00e9", 11, "\u00e9"],
    ["SUMMARY:1\u{1f600}\u{1f600}", 15, "1\u{1f600}"],
  ])("maxLineBytes: %j at %i", (line, maxLineBytes, value) => {
    const { calendar, kinds } = parse(event(line), { ...defaultLimits, maxLineBytes });
    expect(calendar?.components[0]?.properties[0]?.value).toBe(value);
    expect(kinds).toEqual(["line-too-long"]);
  });

  test("maxCalendarBytes counts octets", () => {
    const limits = { ...defaultLimits, maxCalendarBytes: event("X:\u20ac").length + 2 };
    expect(parse(event("X:\u20ac"), limits).kinds).toEqual([]);
    expect(parse(event("X:\u20ac1"), limits).kinds).toEqual(["too-long"]);
  });

  test("maxProblems: the last one counts the others", () => {
    const { problems } = parse(event(...Array<string>(10).fill("X;A")), { ...defaultLimits, maxProblems: 4 });
    expect(problems.map(({ kind }) => kind)).toEqual([
      "missing-colon",
      "missing-colon",
      "missing-colon",
      "further-problems",
    ]);
    expect(problems.at(-1)?.detail).toContain("7");
  });
});
