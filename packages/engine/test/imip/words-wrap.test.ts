import fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth, padTo, wrap } from "../../src/imip/wrap.ts";

test.each([
  ["", 0],
  ["Planning", 8],
  ["企画会議", 8],
  ["予定：a", 7],
  ["e\u0301", 1],
  ["\u2068سارة\u2069", 4],
  ["😀", 2],
  ["한국어", 6],
])("%s takes %i columns", (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test("a text is filled up by the columns it takes", () => {
  expect([padTo("予定", 6), padTo("a", 3), padTo("abcd", 3)]).toEqual(["予定  ", "a  ", "abcd"]);
});

test.each<readonly [why: string, text: string, columns: number, hang: string, lines: readonly string[]]>([
  ["what fits is left as it is", "one two ", 8, "", ["one two "]],
  ["at blanks", "one two three", 8, "", ["one two", "three"]],
  ["further lines hang", "one two three four", 9, "  ", ["one two", "  three", "  four"]],
  ["blanks at the beginning stay", "    one two", 8, "", ["    one", "two"]],
  ["a long word stays whole", "see https://example.test/long now", 10, "", ["see", "https://example.test/long", "now"]],
  ["a long word alone", "https://example.test/long", 10, "", ["https://example.test/long"]],
  ["between wide characters", "企画会議予定", 6, "", ["企画会", "議予定"]],
  ["not before a mark that closes", "企画会、議予定", 6, "", ["企画", "会、議", "予定"]],
  ["not after a mark that opens", "企画「会」議", 6, "", ["企画", "「会」", "議"]],
  ["a mark that closes stays with a narrow word", "企画 abc、議", 8, "", ["企画", "abc、議"]],
  ["blanks at the end are dropped", "one two three     ", 8, "", ["one two", "three"]],
  [
    "marks of a direction are closed and opened",
    "a \u2068b cc dd\u2069 e",
    4,
    "",
    ["a \u2068b\u2069", "\u2068cc\u2069", "\u2068dd\u2069 e"],
  ],
])("wrapping: %s", (_, text, columns, hang, lines) => {
  expect(wrap(text, columns, hang)).toEqual(lines);
});

test("nothing is lost, and only what cannot be broken is too wide", () => {
  const unit = fc.constantFrom("a", "bb", " ", "  ", "企", "画", "。", "「", "😀", "e\u0301", "س", ".", "\u00a0");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 80 }), fc.integer({ min: 4, max: 30 }), (text, columns) => {
      const lines = wrap(text, columns, "  ");
      expect(lines.join("").replace(/ /g, "")).toBe(text.replace(/ /g, ""));
      const tooWide = lines.filter((line) => displayWidth(line) > columns + 4);
      for (const line of tooWide) expect(line.trim()).toMatch(/^([^ 企画😀]+|[「。]*[企画😀]?[。「]*)$/u);
    }),
  );
});
