import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBytes } from "../../src/icalendar/decode.ts";
import { parseCalendar } from "../../src/icalendar/index.ts";
import { defaultLimits } from "../../src/limits.ts";

const encoder = new TextEncoder();
const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const join = (...parts: readonly (string | Uint8Array | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === "string" ? encoder.encode(part) : part)]));

function decode(bytes: Uint8Array): readonly [string, readonly number[]] {
  const { text, otherLines } = decodeBytes(bytes, 100);
  return [text, otherLines];
}

describe("bytes", () => {
  test("UTF-8 is read as the platform reads it", () => {
    const texts = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(texts, (text) => {
        expect(decode(encoder.encode(text))).toEqual([text, []]);
      }),
    );
  });

  test("a line is UTF-8 exactly where the platform takes it for such", () => {
    const bytes = fc.uint8Array({ maxLength: 6 }).map((line) => line.map((byte) => (byte < 14 ? 65 : byte)));
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const windows = new TextDecoder("windows-1252");
    fc.assert(
      fc.property(bytes, (line) => {
        let expected: string;
        try {
          expected = strict.decode(line);
        } catch {
          expected = windows.decode(line);
        }
        expect(decode(line)[0]).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test("every windows-1252 byte is read", () => {
    const all = Uint8Array.from({ length: 128 }, (_, index) => index + 128);
    expect(decode(all)).toEqual([new TextDecoder("windows-1252").decode(all), [1]]);
  });

  test.each([
    [
      "one bad line spoils itself only",
      join("A:\u00e9\r\nB:", [0xe9], "\r\nC:\u00e9\r\n"),
      "A:\u00e9\r\nB:\u00e9\r\nC:\u00e9\r\n",
      [2],
    ],
    [
      "a folded line is one line",
      join("A:\u00e9\n ", [0xe9], "\n B:\u00e9\nC:\u00e9"),
      "A:\u00c3\u00a9\n \u00e9\n B:\u00c3\u00a9\nC:\u00e9",
      [1],
    ],
    [
      "lines are counted by CR, LF and CRLF",
      join("\r\r\n\n", [0xff], "\r", [0xff], "\n", [0xff]),
      "\r\r\n\n\u00ff\r\u00ff\n\u00ff",
      [4, 5, 6],
    ],
    ["a character is cut off at the end", join("A:1\n", [0xe2, 0x82]), "A:1\n\u00e2\u201a", [2]],
    ["written too long", join([0xc0, 0xaf]), "\u00c0\u00af", [1]],
    ["half of a surrogate pair", join([0xed, 0xa0, 0x80]), "\u00ed\u00a0\u20ac", [1]],
    ["a fold splits a character", join([0xe2], "\r\n ", [0x82], "\n\t", [0xac], "!"), "\u20ac\n \n !", []],
    [
      "a line end, not a fold, splits a character",
      join([0xe2], "\r\n", [0x82, 0xac]),
      "\u00e2\r\n\u201a\u00ac",
      [1, 2],
    ],
  ])("%s", (_, bytes, text, lines) => {
    expect(decode(bytes)).toEqual([text, lines]);
  });

  test("longer than one chunk", () => {
    const text = "0123456789".repeat(2_000);
    expect(decode(latin(text))).toEqual([text, []]);
    expect(decode(encoder.encode(`${text}\u20ac`))).toEqual([`${text}\u20ac`, []]);
  });

  test("are unfolded before they are decoded, wherever the fold is", () => {
    const whole = encoder.encode("SUMMARY:\u00e9\u20ac\u{1f600}!");
    for (let i = 1; i <= whole.length; i++) {
      const folded = join(whole.slice(0, i), "\r\n ", whole.slice(i));
      const { calendar, problems } = parseCalendar(
        join("BEGIN:VCALENDAR\r\nX:1\r\n", folded, "\r\nEND:VCALENDAR"),
        defaultLimits,
      );
      expect(calendar?.properties.at(-1)?.value).toBe("\u00e9\u20ac\u{1f600}!");
      expect(problems).toEqual([]);
    }
  });

  test("the line that was not UTF-8 is told", () => {
    const { calendar, problems } = parseCalendar(
      join("BEGIN:VCALENDAR\r\nX:", [0x93, 0x94], "\r\nEND:VCALENDAR"),
      defaultLimits,
    );
    expect(calendar?.properties[0]?.value).toBe("\u201c\u201d");
    expect(problems).toMatchObject([{ kind: "not-utf-8", line: 2 }]);
  });
});
