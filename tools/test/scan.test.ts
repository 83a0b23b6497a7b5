import fc from "fast-check";
import { expect, test } from "vitest";
import { scan } from "../tidy/scan.ts";

/** Kind and text of each token, white space left out. */
function kinds(text: string, language: "ts" | "tsx" = "ts"): readonly string[] {
  return scan(text, language).map((token) => `${token.kind} ${token.text}`);
}

test.each<[name: string, text: string, expected: readonly string[]]>([
  ["a comment is no string", `// it's`, ["comment // it's"]],
  ["a string is no comment", `"// no"`, [`string "// no"`]],
  ["an escaped quote ends nothing", String.raw`'a\'b' c`, [String.raw`string 'a\'b'`, "word c"]],
  ["a division", "a / b / c", ["word a", "punctuation /", "word b", "punctuation /", "word c"]],
  ["a regular expression with a class", "= /[/'\"]/gu;", ["punctuation =", `regex /[/'"]/gu`, "punctuation ;"]],
  ["a regular expression after return", "return /a/", ["word return", "regex /a/"]],
  [
    "division after a member named as a keyword",
    "x.of / 2",
    ["word x", "punctuation .", "word of", "punctuation /", "number 2"],
  ],
  ["division after an assertion", "a! / b", ["word a", "punctuation !", "punctuation /", "word b"]],
  ["a regular expression after a negation", "!/a/", ["punctuation !", "regex /a/"]],
  [
    "a template in a template",
    "`a${`b${c}`}d`",
    [
      "punctuation `",
      "template a",
      "punctuation $",
      "punctuation {",
      "punctuation `",
      "template b",
      "punctuation $",
      "punctuation {",
      "word c",
      "punctuation }",
      "punctuation `",
      "punctuation }",
      "template d",
      "punctuation `",
    ],
  ],
])("%s", (_, text, expected) => expect(kinds(text)).toEqual(expected));

test.each<[name: string, text: string, word: string]>([
  ["an apostrophe in an element", "const a = <p>don't</p>; after", "word after"],
  ["braces in an element", "const a = <p>{b ? <i>it's</i> : `x`} isn't</p>; after", "word after"],
  ["an element that closes itself", `const a = <img alt="it's" src={b} />; after`, "word after"],
  ["a fragment", "return <>it's</>; after", "word after"],
  ["a generic call", "useState<string>('it'); after", "word after"],
  ["a comparison", "a < b && c > d; after", "word after"],
])("what follows %s is code again", (_, text, word) => expect(kinds(text, "tsx")).toContain(word));

test("no text is lost but white space, and each token knows its line", () => {
  const piece = fc.constantFrom(
    "a",
    "'",
    '"',
    "`",
    "${",
    "}",
    "{",
    "/",
    "//",
    "/*",
    "*/",
    "<",
    ">",
    "\n",
    " ",
    "(",
    ")",
    "\\",
    "é",
    "1.",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom("ts", "tsx"), (pieces, language) => {
      const text = pieces.join("");
      let at = 0;
      for (const token of scan(text, language as "ts" | "tsx")) {
        const start = text.indexOf(token.text, at);
        expect(text.slice(at, start).trim()).toBe("");
        expect(text.slice(0, start).split("\n").length).toBe(token.line);
        at = start + token.text.length;
      }
      expect(text.slice(at).trim()).toBe("");
    }),
  );
});
