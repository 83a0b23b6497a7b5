import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Component, formatCalendar, parameterValue, parseCalendar, readText } from "../../src/icalendar/index.ts";
import { defaultLimits } from "../../src/limits.ts";

const [head, tail] = ["BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"];

describe("hostile texts are read within the bounds", () => {
  const million = 1_000_000;
  const sized: readonly (readonly [string, string, readonly string[]])[] = [
    ["nesting of 20,000", "BEGIN:X-A\r\n".repeat(20_000), ["too-deep", "missing-end"]],
    ["nesting of 20,000, ended", "BEGIN:X-A\n".repeat(20_000) + "END:X-A\n".repeat(20_000), ["too-deep"]],
    ["200,000 parameters", `X${";A=1".repeat(200_000)}:1`, ["too-many-parameters"]],
    ["200,000 empty parameters", `X${";".repeat(200_000)}:1`, ["too-many-parameters", "empty-parameter"]],
    [
      "200,000 open quotes",
      `X${';A=";'.repeat(200_001)}:1`,
      ["unterminated-quote", "too-many-parameters", "empty-parameter"],
    ],
    ["a line of 10 MB", `X:${"a".repeat(10 * million)}`, ["line-too-long"]],
    ["a line of 10 MB in folds of one", `X:${"\r\n a".repeat(3 * million)}`, []],
    ["a name of 10 MB", "a".repeat(10 * million), ["broken-line"]],
    ["1,000,000 folds of nothing", "\n ".repeat(million), []],
    ["1,000,000 empty lines", "\r\r\n\n".repeat(million), []],
    ["1,000,000 lines without a name", `X:1${"\na".repeat(million)}`, ["broken-line"]],
    ["1,000,000 NULs", `X:${"\0".repeat(million)}`, ["control-character"]],
    ["300,000 properties", "X:1\n".repeat(300_000), ["too-many-properties"]],
    ["100,000 components", "BEGIN:X\nEND:X\n".repeat(100_000), ["too-many-components"]],
    ["100,000 stray ENDs", "END:X\n".repeat(100_000), ["wrong-end"]],
    ["100,000 BEGINs without a name", "BEGIN;\n".repeat(100_000), ["bad-name", "too-deep", "missing-end"]],
  ];
  test.each(sized)("%s", (_, text, expected) => {
    const { calendar, problems } = parseCalendar(`${head}${text}${tail}`, defaultLimits);
    const kinds = new Set<string>(problems.map(({ kind }) => kind));
    for (const kind of expected) expect(kinds).toContain(kind);
    if (expected.length === 0) expect(kinds).toEqual(new Set());
    expect(problems.length).toBeLessThanOrEqual(defaultLimits.maxProblems);
    expect(formatCalendar(calendar as Component).length).toBeLessThanOrEqual(6_000_000);
  });

  test("2 MB of bytes that are not UTF-8, in one line and in many", () => {
    const folded = new Uint8Array(2 * million).map((_, index) => [0xe9, 0x0a, 0x20][index % 3] ?? 0);
    const lines = folded.map((byte) => (byte === 0x20 ? 0x58 : byte));
    expect(parseCalendar(folded, defaultLimits).problems.map(({ kind }) => kind)).toEqual([
      "not-utf-8",
      "text-outside",
      "no-calendar",
    ]);
    expect(parseCalendar(lines, defaultLimits).problems.length).toBe(defaultLimits.maxProblems);
  });
});

test.each(["__proto__", "constructor", "hasOwnProperty", "toString"])(
  "%s is a name and a value like any other",
  (word) => {
    const text = `${head}UID:${word}\r\n${word};${word}=${word}:${word}\r\nBEGIN:${word}\r\nX:1\r\nEND:${word}${tail}`;
    const { calendar } = parseCalendar(text, defaultLimits);
    const event = calendar?.components[0] as Component;
    const upper = word.toUpperCase();
    expect(readText(event, "UID")).toBe(word);
    expect(event.properties[1]).toEqual({
      name: upper,
      written: word,
      value: word,
      parameters: [{ name: upper, written: word, value: word }],
    });
    expect(event.components[0]?.written).toBe(word);
    expect(event.properties.map((property) => parameterValue(property, "__PROTO__"))).toEqual([
      undefined,
      upper === "__PROTO__" ? word : undefined,
    ]);
  },
);

test("whatever the text, what was read can be written and read again", () => {
  const piece = fc.constantFrom(
    ...'\r\n \t;:=",^\\\0_\u00e9\u{1f600}',
    "\r\n",
    "\r\n ",
    "N".repeat(500),
    "BEGIN",
    "END",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "\nEND:VCALENDAR\n",
    "\nBEGIN:VCALENDAR\n",
    "X",
    "CN=",
    ';CN="',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const { calendar, problems } = parseCalendar(`BEGIN:VCALENDAR\n${pieces.join("")}`, defaultLimits);
      // A fold may have made another name of VCALENDAR.
      if (!calendar) return;
      const text = formatCalendar(calendar);
      expect(formatCalendar(parseCalendar(text, defaultLimits).calendar as Component)).toBe(text);
      for (const { line, detail } of problems) expect(line >= 1 && detail.length < 160).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
