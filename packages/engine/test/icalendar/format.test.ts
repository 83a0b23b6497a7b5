import { existsSync, globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Component,
  formatCalendar,
  makeComponent,
  type Property,
  parseCalendar,
} from "../../src/icalendar/index.ts";
import { defaultLimits, maxFormatDepth } from "../../src/limits.ts";

const encoder = new TextEncoder();
const corpus = new URL("../../../../../shared/corpus/", import.meta.url).pathname;

function reread(text: string): Component {
  return parseCalendar(text, defaultLimits).calendar as Component;
}

function oneProperty(property: Property): string {
  return formatCalendar(makeComponent("X-A", [property])).slice("BEGIN:X-A\r\n".length, -"END:X-A\r\n".length);
}

/** Any text that may stand in a content line; fast-check also makes characters past U+FFFF. */
function textWithout(others: RegExp, maxLength: number): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom(...'aZ09 \t"^\\,;:=-_'),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  const strip = (text: string) => text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, "").replace(others, "");
  return fc.string({ unit, maxLength }).map(strip);
}

const name = fc.oneof(
  fc.constantFrom(
    "SUMMARY",
    "ATTENDEE",
    "CN",
    "X-A",
    "Attendee",
    "x-Ab",
    "__PROTO__".replaceAll("_", "-"),
    "constructor",
  ),
  fc
    .string({ unit: fc.constantFrom(..."AbZ09-"), minLength: 1, maxLength: 90 })
    .filter((word) => !/^(BEGIN|END)$/i.test(word)),
);
const named: fc.Arbitrary<{ name: string; written?: string }> = name.map((written) => {
  const upper = written.toUpperCase();
  return upper === written ? { name: upper } : { name: upper, written };
});
const parameterText = fc
  .array(
    fc.oneof(
      textWithout(/[";:,]/g, 12),
      textWithout(/"/g, 40).map((text) => `"${text}"`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((values) => values.join(","));
const parameter = fc.tuple(named, parameterText).map(([words, value]) => ({ ...words, value }));
const property = fc
  .tuple(named, fc.array(parameter, { maxLength: 3 }), textWithout(/$^/g, 200))
  .map(([words, parameters, value]) => ({ ...words, parameters, value }));
const calendar = componentOf(4).map((tree): Component => makeComponent("VCALENDAR", tree.properties, tree.components));

function componentOf(depth: number): fc.Arbitrary<Component> {
  const inner = depth > 1 ? fc.array(componentOf(depth - 1), { maxLength: 2 }) : fc.constant([]);
  return fc
    .tuple(named, fc.array(property, { maxLength: 4 }), inner)
    .map(([words, properties, components]) => ({ ...words, properties, components }));
}

describe("every legal calendar", () => {
  test("is read back as it was, without a problem", () => {
    fc.assert(
      fc.property(calendar, (tree) => {
        const text = formatCalendar(tree);
        expect(parseCalendar(text, defaultLimits)).toEqual({ calendar: tree, problems: [] });
        expect(parseCalendar(encoder.encode(text), defaultLimits)).toEqual({ calendar: tree, problems: [] });
      }),
    );
  });

  test("is written in lines of at most 75 octets, each ended by CRLF, no character split", () => {
    fc.assert(
      fc.property(calendar, (tree) => {
        const lines = formatCalendar(tree).split("\r\n");
        expect(lines.pop()).toBe("");
        for (const line of lines) {
          expect(encoder.encode(line).length).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[\r\n]/);
          expect(line).not.toMatch(/^ ?[\udc00-\udfff]|[\ud800-\udbff]$/);
        }
      }),
    );
  });

  test("is the same however it was folded", () => {
    fc.assert(
      fc.property(calendar, fc.array(fc.nat(200), { minLength: 1, maxLength: 20 }), (tree, gaps) => {
        const bytes = encoder.encode(formatCalendar(tree));
        const folded: number[] = [];
        let next = gaps[0] ?? 0;
        for (const [index, byte] of bytes.entries()) {
          const inside = byte !== 0x0a && byte !== 0x0d && bytes[index - 1] !== 0x0a && bytes[index - 2] !== 0x0a;
          if (index > 0 && index >= next && inside) {
            folded.push(0x0a, index % 2 === 0 ? 0x20 : 0x09);
            next = index + (gaps[index % gaps.length] ?? 0);
          }
          folded.push(byte);
        }
        expect(parseCalendar(Uint8Array.from(folded), defaultLimits)).toEqual({ calendar: tree, problems: [] });
      }),
    );
  });
});

describe("any tree at all", () => {
  const words = fc.string({
    unit: fc.constantFrom(...'aB_-:;=", \r\n\t\u0000\u0085\u2028\ud83d\ude00\u00e9'),
    maxLength: 90,
  });
  const items = fc.array(
    fc.record({ name: words, value: words, parameters: fc.array(fc.record({ name: words, value: words })) }),
  );

  test("is written in as many lines as it has parts, and what was written stays the same", () => {
    fc.assert(
      fc.property(words, items, (inner, properties) => {
        const text = formatCalendar(makeComponent("VCALENDAR", properties, [makeComponent(inner, properties)]));
        const lines = text.replace(/\r\n /g, "").split("\r\n").slice(0, -1);
        expect(lines.length).toBeLessThanOrEqual(4 + 2 * properties.length);
        for (const line of lines) expect(line).toMatch(/^[A-Za-z0-9-]+(;[A-Za-z0-9-]+=("[^"]*"|[^";:])*)*:[^\r\n\0]*$/);
        expect(lines.filter((line) => /^(BEGIN|END)\b/i.test(line)).length).toBeLessThanOrEqual(4);
        expect(formatCalendar(reread(text))).toBe(text);
      }),
    );
  });

  test.each([
    [
      { name: "SUMMARY", parameters: [], value: "1\r\nATTENDEE:mailto:x@example.com" },
      "SUMMARY:1ATTENDEE:mailto:x@example.com\r\n",
    ],
    [{ name: "SUMMARY\r\nX", parameters: [], value: "1" }, "X-SUMMARYX:1\r\n"],
    [{ name: "AT_TENDEE", parameters: [], value: "1" }, "X-ATTENDEE:1\r\n"],
    [{ name: "_", parameters: [], value: "1" }, ""],
    [{ name: "X-A", written: "Begin", parameters: [], value: "VEVENT" }, ""],
    [{ name: "X", parameters: [{ name: "CN", value: 'a";B="1' }], value: "1" }, 'X;CN="a;B=1":1\r\n'],
    [{ name: "X", parameters: [{ name: "CN", value: "a:mailto:b" }], value: "1" }, 'X;CN="a:mailto:b":1\r\n'],
    [{ name: "X", parameters: [{ name: "", value: "a" }], value: "1" }, "X:1\r\n"],
    [{ name: "X", parameters: [], value: "\ud800\udc00\ud800" }, "X:\ud800\udc00\ud800\r\n"],
  ])("%j", (given, text) => {
    expect(oneProperty(given)).toBe(text);
  });

  test("is written to a bounded depth", () => {
    let tree = makeComponent("X-A");
    for (let i = 0; i < maxFormatDepth * 100; i++) tree = makeComponent("X-A", [], [tree]);
    expect(formatCalendar(tree).match(/BEGIN/g)?.length).toBe(maxFormatDepth);
  });
});

describe("a line is folded", () => {
  const e = "\u00e9";
  test.each([
    ["at 75 octets not yet", "x".repeat(73), ["x".repeat(73)]],
    ["at 76 octets", "x".repeat(74), ["x".repeat(73), "x"]],
    ["at 75 and 149 octets", "x".repeat(148), ["x".repeat(73), "x".repeat(74), "x"]],
    ["before a character of two octets", `${"x".repeat(72)}${e}`, ["x".repeat(72), e]],
    ["after a character of two octets", `${"x".repeat(71)}${e}x`, [`${"x".repeat(71)}${e}`, "x"]],
    ["before a character of four octets", `${"x".repeat(70)}\u{1f600}`, ["x".repeat(70), "\u{1f600}"]],
    ["at 75 and 149 octets of two", e.repeat(75), [e.repeat(36), e.repeat(37), e.repeat(2)]],
  ])("%s", (_, value, parts) => {
    expect(oneProperty({ name: "X", parameters: [], value })).toBe(`X:${parts.join("\r\n ")}\r\n`);
  });
});

/** A slow, plain reading of a text: its content lines without folds, those after a component moved before it. */
function plainLines(text: string): readonly string[] {
  const frames: { readonly own: string[]; readonly inner: string[] }[] = [{ own: [], inner: [] }];
  for (const line of text.replace(/(\r\n|\r|\n)[ \t]/g, "").split(/[\r\n]+/)) {
    if (line === "") continue;
    if (line.startsWith("BEGIN:")) frames.push({ own: [line], inner: [] });
    else frames.at(-1)?.own.push(line);
    if (!line.startsWith("END:")) continue;
    const ended = frames.pop();
    const end = ended?.own.pop() ?? "";
    frames.at(-1)?.inner.push(...(ended?.own ?? []), ...(ended?.inner ?? []), end);
  }
  return frames.flatMap(({ own, inner }) => [...own, ...inner]);
}

describe.skipIf(!existsSync(corpus))(`the corpus of ${corpus} (skipped where it is not)`, () => {
  const files = existsSync(corpus) ? globSync("**/*.ics", { cwd: corpus }) : [];
  /** The files that hold no legal text, and what is wrong with each. */
  const flawed: Record<string, readonly string[]> = {
    "apple/apple-iphone-os-26-structured-location.ics": ["parameter-without-value", "bad-name"],
    "exchange/ms-timezones.ics": ["unterminated-quote"],
    "horde/horde-broken.ics": ["missing-end"],
    "malformed/issue-104-broken-calendar.ics": ["broken-line"],
    "meeting-services/issue-348-exception-parsing-value.ics": ["missing-colon", "missing-colon"],
    "meeting-services/issue-350.ics": ["text-outside"],
    "oracle/26120-test.ics": ["missing-colon", "missing-colon", "further-calendar"],
    "thunderbird/lightning-tehrantz.ics": ["parameter-without-value", "bad-name"],
    "zimbra/invited-us-daily-cancel-recid01.ics": ["parameter-without-value"],
  };

  test("has files", () => expect(files.length).toBeGreaterThan(100));

  test.each(files)("%s", (file) => {
    const bytes = readFileSync(`${corpus}${file}`);
    const { calendar: tree, problems } = parseCalendar(bytes, defaultLimits);
    expect(problems.map(({ kind }) => kind)).toEqual(flawed[file] ?? []);
    const text = formatCalendar(tree as Component);
    expect(formatCalendar(reread(text))).toBe(text);
    if (flawed[file]) return;
    expect(reread(text)).toEqual(tree);
    const original = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    expect(plainLines(text)).toEqual(plainLines(original));
  });
});
