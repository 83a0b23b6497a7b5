import fc from "fast-check";
import { expect, test } from "vitest";
import { childElements, type Name, splitName, textOf, type XmlContent, type XmlElement } from "../../src/dav/xml.ts";
import { defaultXmlLimits, readXml } from "../../src/dav/xml-reader.ts";
import { formatFragment, formatXml } from "../../src/dav/xml-writer.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const refused: readonly (readonly [string, string])[] = [
  ["a document type", '<!DOCTYPE a><a xmlns="DAV:"/>'],
  ["an entity of its own", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ["a file", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
  ["a parameter entity", '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/">%b;]><a/>'],
  [
    "a billion laughs",
    `<!DOCTYPE a [<!ENTITY b0 "ha">${[...Array(30).keys()].map((n) => `<!ENTITY b${n + 1} "&b${n};&b${n};">`).join("")}]><a>&b30;</a>`,
  ],
  ["an entity nobody knows", "<a>&nbsp;</a>"],
  ["a prefix nobody declared", "<b:a/>"],
  ["two roots", "<a/><b/>"],
  ["wrong order", "<a><b></a></b>"],
  ["no end", "<a><b>"],
  ["an attribute twice", '<a b="1" b="2"/>'],
  ["an attribute twice by namespace", '<a xmlns:x="y" xmlns:z="y" x:b="1" z:b="2"/>'],
  ["NUL", "<a>\0</a>"],
  ["NUL as a reference", "<a>&#0;</a>"],
  ["no XML", "BEGIN:VCALENDAR"],
  ["an empty namespace", '<a xmlns:b=""><b:c/></a>'],
  ["too deep", "<a>".repeat(100_000)],
  ["too many elements", `<a>${"<b/>".repeat(1_000_000)}</a>`],
  ["too many attributes", `<a ${[...Array(100_000).keys()].map((n) => `b${n}="1"`).join(" ")}/>`],
  ["too many namespaces", `<a ${[...Array(50_000).keys()].map((n) => `xmlns:b${n}="c${n}"`).join(" ")}/>`],
];

test.each(refused)("refuses a body with %s, and soon", (_, text) => {
  // Without a bound the worst of them takes minutes: the test would come to no end.
  expect(readXml(bytes(text)).kind).toBe("refused");
});

test("refuses what is not in the encoding it has", () => {
  expect(readXml(new Uint8Array([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e])).kind).toBe("refused");
});

test.each(["", "  \r\n", "\ufeff"])("takes %j for no body", (text) => {
  expect(readXml(bytes(text))).toEqual({ kind: "empty" });
});

test.each([
  ["utf-16le", (text: string) => new Uint8Array([0xff, 0xfe, ...Buffer.from(text, "utf16le")])],
  ["utf-16be", (text: string) => new Uint8Array([0xfe, 0xff, ...Buffer.from(text, "utf16le").swap16()])],
  ["utf-8 with a mark", (text: string) => bytes(`\ufeff${text}`)],
])("reads %s", (_, encode) => {
  const reading = readXml(encode('<a xmlns="DAV:">Zoë</a>'));
  expect(reading.kind === "read" && [reading.root.name, textOf(reading.root)]).toEqual(["{DAV:}a", "Zoë"]);
});

test("drops white space between elements, and keeps it in text", () => {
  const reading = readXml(bytes('<a xmlns="DAV:">\n  <b> c </b>\n  <d/>\n</a>'));
  if (reading.kind !== "read") throw new Error(reading.kind);
  expect(childElements(reading.root).map((child) => [child.name, textOf(child)])).toEqual([
    ["{DAV:}b", " c "],
    ["{DAV:}d", ""],
  ]);
  expect(reading.root.content.every((one) => typeof one !== "string")).toBe(true);
});

test("reads just as many elements as are allowed, and no more", () => {
  const { maxElements } = defaultXmlLimits;
  expect(readXml(bytes(`<a>${"<b/>".repeat(maxElements - 1)}</a>`)).kind).toBe("read");
  expect(readXml(bytes(`<a>${"<b/>".repeat(maxElements)}</a>`)).kind).toBe("refused");
});

const uris = ["DAV:", "urn:ietf:params:xml:ns:caldav", "http://example.test/?a=1&b='\"<>", ""];
const name: fc.Arbitrary<Name> = fc
  .tuple(fc.constantFrom(...uris), fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_.-]{0,8}$/))
  .map(([uri, local]) => (uri === "" ? local : `{${uri}}${local}`));
const said = fc.string({ unit: "binary" }).filter((text) => text.trim() !== "");

const element: fc.Arbitrary<XmlElement> = fc.letrec<{ element: XmlElement; content: XmlContent }>((tie) => ({
  content: fc.oneof({ depthSize: "small" }, said, tie("element")),
  element: fc.record({
    name,
    attributes: fc
      .uniqueArray(fc.tuple(name, fc.string({ unit: "binary" })), { selector: ([one]) => one, maxLength: 4 })
      .map((entries) => new Map(entries)),
    content: fc.array(tie("content"), { maxLength: 4 }),
  }),
})).element;

/** What XML cannot say is said as U+FFFD. */
function sayable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, "\ufffd");
}

/** Text that was cut in pieces is one text. */
function joined(one: XmlElement): unknown {
  const content: unknown[] = [];
  for (const part of one.content) {
    const last = content.at(-1);
    if (typeof part !== "string") content.push(joined(part));
    else if (typeof last === "string") content[content.length - 1] = last + sayable(part);
    else content.push(sayable(part));
  }
  const attributes = [...one.attributes].map(([key, value]) => [
    key,
    value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, "\ufffd"),
  ]);
  return { name: one.name, attributes, content };
}

test.each([
  ["a document", (one: XmlElement) => formatXml(one, new Map([["DAV:", "d"]]))],
  ["a fragment", formatFragment],
])("reads back whatever it writes as %s", (_, format) => {
  fc.assert(
    fc.property(element, (one) => {
      const reading = readXml(bytes(format(one)));
      if (reading.kind !== "read") throw new Error(JSON.stringify(reading));
      expect(joined(reading.root)).toEqual(joined(one));
    }),
  );
});

test("parts a name at the end of its namespace", () => {
  expect(splitName("{DAV:}href")).toEqual({ uri: "DAV:", local: "href" });
  expect(splitName("href")).toEqual({ uri: "", local: "href" });
});
