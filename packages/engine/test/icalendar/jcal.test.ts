import { existsSync, globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import * as ics from "../../src/icalendar/index.ts";
import { fromJcal, type JcalComponent, type JcalProperty, toJcal } from "../../src/icalendar/jcal.ts";
import { defaultLimits, maxFormatDepth } from "../../src/limits.ts";

const root = new URL("../../../../", import.meta.url).pathname;

/** What `JSON.parse` makes of it on the other side. */
function sent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

function parse(text: string): ics.Component {
  const { calendar } = ics.parseCalendar(`BEGIN:VCALENDAR\r\n${text}\r\nEND:VCALENDAR\r\n`, defaultLimits);
  if (!calendar) throw new Error("no calendar");
  return calendar;
}

function jcalOf(line: string): JcalProperty | undefined {
  return sent(toJcal(parse(line)))[1][0];
}

function lineOf(property: unknown): string {
  const { calendar, problems } = fromJcal(["vcalendar", [property], []], defaultLimits);
  expect(problems).toEqual([]);
  return ics.formatCalendar(calendar as ics.Component).split("\r\n")[1] ?? "";
}

describe("lines and their jCal, both ways", () => {
  const rows: readonly (readonly [string, ...JcalProperty])[] = [
    ["SUMMARY:One\\, two\\; three\\n\\\\four", "summary", {}, "text", "One, two; three\n\\four"],
    ["CATEGORIES:A\\,B,C,", "categories", {}, "text", "A,B", "C", ""],
    ["GEO:37.386013;-122.082932", "geo", {}, "float", [37.386013, -122.082932]],
    ["GEO:here;there", "geo", {}, "float", "here;there"],
    ["REQUEST-STATUS:2.10;Yes\\, so", "request-status", {}, "text", ["2.10", "Yes, so"]],
    ["REQUEST-STATUS:3.7;No;ATTENDEE:x", "request-status", {}, "text", ["3.7", "No", "ATTENDEE:x"]],
    ["VERSION:2.0;2.9", "version", {}, "text", "2.0;2.9"],
    [
      'ATTENDEE;CN="A, B";RSVP=TRUE:mailto:a@b.c',
      "attendee",
      { cn: "A, B", rsvp: "TRUE" },
      "cal-address",
      "mailto:a@b.c",
    ],
    [
      'ATTENDEE;DELEGATED-TO="mailto:a@b.c","mailto:d@e.f":urn:x',
      "attendee",
      { "delegated-to": ["mailto:a@b.c", "mailto:d@e.f"] },
      "cal-address",
      "urn:x",
    ],
    [
      "DTSTART;X-SLACK=30.3;X-L=a,b:20110512T120000",
      "dtstart",
      { "x-slack": "30.3", "x-l": ["a", "b"] },
      "date-time",
      "2011-05-12T12:00:00",
    ],
    ["DTSTART;VALUE=DATE:20110512", "dtstart", {}, "date", "2011-05-12"],
    ["DTSTAMP:20110512T120000Z", "dtstamp", {}, "date-time", "2011-05-12T12:00:00Z"],
    ["DTSTART:garbage", "dtstart", {}, "date-time", "garbage"],
    [
      "EXDATE;TZID=A/B:20110512T120000,20110513T120000",
      "exdate",
      { tzid: "A/B" },
      "date-time",
      "2011-05-12T12:00:00",
      "2011-05-13T12:00:00",
    ],
    ["DURATION:-P1DT2H", "duration", {}, "duration", "-P1DT2H"],
    [
      "FREEBUSY;FBTYPE=FREE:19970308T160000Z/P1D,x",
      "freebusy",
      { fbtype: "FREE" },
      "period",
      ["1997-03-08T16:00:00Z", "P1D"],
      "x",
    ],
    ["SEQUENCE:3", "sequence", {}, "integer", 3],
    ["SEQUENCE:9223372036854775808", "sequence", {}, "integer", "9223372036854775808"],
    ["TZOFFSETFROM:-0530", "tzoffsetfrom", {}, "utc-offset", "-05:30"],
    ["TZOFFSETTO:+013045", "tzoffsetto", {}, "utc-offset", "+01:30:45"],
    ["X-T;VALUE=TIME:123000Z", "x-t", {}, "time", "12:30:00Z"],
    ["X-N;VALUE=BOOLEAN:TRUE", "x-n", {}, "boolean", true],
    ["X-G;VALUE=FLOAT:1.3", "x-g", {}, "float", 1.3],
    ["X-G;VALUE=X-OWN:a\\,b", "x-g", {}, "x-own", "a\\,b"],
    ["X-COFFEE:Stenophylla;Guinea\\,Africa", "x-coffee", {}, "unknown", "Stenophylla;Guinea\\,Africa"],
    ["CONFERENCE:tel:1", "conference", {}, "unknown", "tel:1"],
    ["ATTACH;VALUE=BINARY;ENCODING=BASE64:SGVsbG8=", "attach", { encoding: "BASE64" }, "binary", "SGVsbG8="],
    [
      "RRULE:FREQ=YEARLY;COUNT=5;BYDAY=-1SU,2MO;BYMONTH=10;UNTIL=20131001;BYSETPOS=1,-1",
      "rrule",
      {},
      "recur",
      { freq: "YEARLY", count: 5, byday: ["-1SU", "2MO"], bymonth: 10, until: "2013-10-01", bysetpos: [1, -1] },
    ],
    ["RRULE:FREQ=DAILY;FREQ=WEEKLY", "rrule", {}, "recur", "FREQ=DAILY;FREQ=WEEKLY"],
    ["RRULE:__proto__=1", "rrule", {}, "recur", "__proto__=1"],
  ];
  for (const [line, ...property] of rows)
    test(line, () => {
      expect(jcalOf(line)).toEqual(property);
      expect(lineOf(property)).toBe(line.length > 75 ? ics.formatCalendar(parse(line)).split("\r\n")[1] : line);
    });

  test.each<readonly [string, readonly unknown[], string]>([
    [
      "a period as one string",
      ["rdate", {}, "period", "2006-01-02T15:00:00/PT2H"],
      "RDATE;VALUE=PERIOD:20060102T150000/PT2H",
    ],
    ["lists of one", ["rrule", {}, "recur", { freq: "DAILY", byhour: [9] }], "RRULE:FREQ=DAILY;BYHOUR=9"],
    [
      "a parameter that is a list of one",
      ["attendee", { member: ["urn:x"] }, "cal-address", "urn:y"],
      'ATTENDEE;MEMBER="urn:x":urn:y',
    ],
    ["names in other cases", ["SUMMARY", { LANGUAGE: "de" }, "TEXT", "a"], "SUMMARY;LANGUAGE=de:a"],
    ["a type that is not the default", ["attach", {}, "binary", "AA=="], "ATTACH;VALUE=BINARY:AA=="],
    ["controls", ["x-a", {}, "unknown", "a\r\nB:c\0"], "X-A:aB:c"],
    ["a line break in a text", ["summary", { "x-a": "b\r\nc" }, "text", "a\r\nB:c"], 'SUMMARY;X-A="b^nc":a\\nB:c'],
  ])("%s is read", (_, property, line) => expect(lineOf(property)).toBe(line));

  test.each([
    ["base64 of a text", "SUMMARY;ENCODING=BASE64:SMOkLCBi", "H\u00e4, b", {}],
    ["base64 of no text", "SUMMARY;ENCODING=BASE64://///w==", "/////w==", { encoding: "BASE64" }],
    ["no base64", "SUMMARY;ENCODING=BASE64:a b!", "a b!", { encoding: "BASE64" }],
    ["a name with a comma", "SUMMARY;CN=Doe, Joe:x", "x", { cn: "Doe, Joe" }],
    ["a parameter twice", "SUMMARY;X-A=1;X-A=2:x", "x", { "x-a": "1" }],
    ["a parameter with a name of JavaScript", "SUMMARY;__proto__=1:x", "x", JSON.parse('{"__proto__":"1"}')],
  ])("%s", (_, line, value, parameters) => expect(jcalOf(line)).toEqual(["summary", parameters, "text", value]));
});

describe("what is no jCal is left out, and said", () => {
  const at = (value: unknown, limits = defaultLimits) =>
    fromJcal(value, limits).problems.map(({ at: place, kind }) => `${place} ${kind}`);

  test.each([
    ["nothing", undefined, " not-jcal"],
    ["a string", "vcalendar", " not-jcal"],
    ["another component", ["vevent", [], []], " not-jcal"],
    ["no components", ["vcalendar", []], " not-jcal"],
    ["no property", ["vcalendar", [null], []], "/1/0 not-jcal"],
    ["parameters in an array", ["vcalendar", [["a", [], "text", ""]], []], "/1/0 not-jcal"],
    ["no value", ["vcalendar", [["a", {}, "text"]], []], "/1/0 bad-value"],
    ["null", ["vcalendar", [["a", {}, "text", "x", null]], []], "/1/0/4 bad-value"],
    ["a fraction", ["vcalendar", [["a", {}, "integer", 1.5]], []], "/1/0/3 bad-value"],
    ["an object", ["vcalendar", [["a", {}, "text", {}]], []], "/1/0/3 bad-value"],
    ["an empty rule", ["vcalendar", [["rrule", {}, "recur", {}]], []], "/1/0/3 bad-value"],
    ["a rule in a rule", ["vcalendar", [["rrule", {}, "recur", { freq: "DAILY;COUNT=1" }]], []], "/1/0/3 bad-value"],
    ["a deep array", ["vcalendar", [["geo", {}, "float", [[[1]]]]], []], "/1/0/3 bad-value"],
    ["BEGIN", ["vcalendar", [["begin", {}, "text", "x"]], []], "/1/0/0 bad-name"],
    ["no name", ["vcalendar", [["", {}, "text", "x"]], []], "/1/0/0 bad-name"],
    ["no name of a component", ["vcalendar", [], [["", [], []]]], "/2/0 bad-name"],
    ["VALUE", ["vcalendar", [["a", { value: "x" }, "text", "x"]], []], "/1/0/1 bad-name"],
    ["a number as parameter", ["vcalendar", [["a", { b: 1 }, "text", "x"]], []], "/1/0/1 bad-value"],
    ["no value of a parameter", ["vcalendar", [["a", { b: [] }, "text", "x"]], []], "/1/0/1 bad-value"],
  ])("%s", (_, value, expected) => expect(at(value)).toEqual([expected]));

  test("beyond the limits", () => {
    const deep = (depth: number): unknown => ["vcalendar", [], depth > 1 ? [deep(depth - 1)] : []];
    expect(at(deep(defaultLimits.maxDepth + 1))[0]).toMatch(/ too-deep$/);
    expect(at(deep(defaultLimits.maxDepth))).toEqual([]);
    const wide = [
      "vcalendar",
      Array(9).fill(["a", { b: "1", c: "1" }, "text", "abcdef"]),
      Array(9).fill(["x", [], []]),
    ];
    expect(at(wide, { ...defaultLimits, maxProperties: 2, maxComponents: 3 })).toEqual(["/1 too-many", "/2 too-many"]);
    expect(at(wide, { ...defaultLimits, maxParameters: 1 })[0]).toBe("/1/0/1 too-many");
    expect(at(wide, { ...defaultLimits, maxLineBytes: 5 })[0]).toBe("/1/0 too-long");
    const { problems } = fromJcal(["vcalendar", Array(9).fill(null), []], { ...defaultLimits, maxProblems: 3 });
    expect(problems.at(-1)).toMatchObject({ kind: "further-problems", detail: "7 further problems are not listed" });
    let chain = ics.makeComponent("X");
    for (let i = 0; i < maxFormatDepth + 9; i++) chain = ics.makeComponent("X", [], [chain]);
    expect(JSON.stringify(toJcal(chain)).match(/"x"/g)?.length).toBe(maxFormatDepth);
  });

  test("whatever the value, what was read can be written and read again", () => {
    const name = fc.constantFrom("vcalendar", "vevent", "dtstart", "rrule", "geo", "x-a", "", "begin", "__proto__");
    const type = fc.constantFrom("text", "date", "period", "recur", "float", "integer", "unknown", "x-own", "");
    const property = fc
      .tuple(name, fc.dictionary(name, fc.jsonValue()), type, fc.array(fc.jsonValue(), { maxLength: 3 }))
      .map(([first, second, third, rest]) => [first, second, third, ...rest]);
    const inner = fc.constantFrom("vevent", "x-a", "", "__proto__", "begin");
    const component = fc.tuple(inner, fc.array(fc.oneof(property, fc.jsonValue())), fc.array(fc.jsonValue()));
    const value = fc.oneof(
      fc.jsonValue(),
      component,
      component.map((each) => ["vcalendar", each[1], [each]]),
    );
    fc.assert(
      fc.property(value, (given) => {
        const { calendar } = fromJcal(given, defaultLimits);
        if (!calendar) return;
        const text = ics.formatCalendar(calendar);
        const read = ics.parseCalendar(text, defaultLimits).calendar as ics.Component;
        expect(ics.formatCalendar(read)).toBe(text);
        const again = fromJcal(sent(toJcal(calendar)), defaultLimits).calendar as ics.Component;
        expect(sent(toJcal(again))).toEqual(sent(toJcal(calendar)));
      }),
      { numRuns: 500 },
    );
  });
});

describe("jCal loses nothing of what our writers make", () => {
  const plain = fc
    .string({ unit: fc.oneof(fc.constantFrom(..."\\;,:\"^n'N\n"), fc.string({ minLength: 1, maxLength: 1 })) })
    .map((text) => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ""));
  const wall = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 });
  const kind = fc.constantFrom("utc" as const, "floating" as const);
  const time: fc.Arbitrary<ics.DateOrDateTime> = fc.oneof(
    fc.record({ kind, wall }),
    fc.record({ kind: fc.constant("zoned" as const), wall, tzid: fc.constantFrom("A/B", "C;D") }),
  );
  const values: fc.Arbitrary<ics.Property> = fc.oneof(
    fc
      .tuple(fc.constantFrom("SUMMARY", "UID", "X-A"), plain)
      .map(([name, text]) => typed(name, "TEXT", ics.encodeText(text))),
    fc.array(plain, { minLength: 1 }).map((texts) => ics.makeTextsProperty("CATEGORIES", texts)),
    plain.map((text) => ({ name: "X-A", parameters: [], value: text.replaceAll("\n", "") })),
    fc.tuple(time, fc.array(wall)).map(([first, rest]) => {
      const all = [first.wall, ...rest].map((each) => ({ ...first, wall: each }));
      return ics.makeDateTimeProperties("EXDATE", all)[0] ?? typed("X-A", "DATE", "");
    }),
    fc
      .tuple(time, fc.nat())
      .map(([start, seconds]) => ics.makePeriodProperty("RDATE", [{ kind: "start", start, seconds }])),
    fc.integer().map((number) => typed("SEQUENCE", "INTEGER", ics.formatInteger(number))),
    fc.boolean().map((flag) => typed("X-A", "BOOLEAN", ics.formatBoolean(flag))),
    fc
      .integer({ min: -86_399, max: 86_399 })
      .map((offset) => typed("TZOFFSETTO", "UTC-OFFSET", ics.formatUtcOffset(offset))),
    fc.uint8Array().map((bytes) => ics.makeBinaryProperty("ATTACH", bytes)),
  );
  const parameters = fc
    .uniqueArray(fc.tuple(fc.constantFrom("CN", "MEMBER", "X-B", "LANGUAGE"), fc.array(plain, { minLength: 1 })), {
      selector: ([name]) => name,
    })
    .map((drawn) =>
      drawn.map(([name, texts]) => ics.makeParameter(name, /CN|LANG/.test(name) ? texts.slice(0, 1) : texts)),
    );
  const property = fc
    .tuple(values, parameters)
    .map(([made, more]) => ({ ...made, parameters: [...made.parameters, ...more] }));
  const properties = fc.array(property, { maxLength: 5 });

  test("law", () => {
    fc.assert(
      fc.property(properties, properties, (outer, inner) => {
        const event = ics.makeComponent("VEVENT", inner, [ics.makeComponent("X-C", outer)]);
        const calendar = ics.makeComponent("VCALENDAR", outer, [event]);
        expect(fromJcal(sent(toJcal(calendar)), defaultLimits)).toEqual({ calendar, problems: [] });
      }),
    );
  });

  function typed(name: string, type: string, value: string): ics.Property {
    const isDefault = ics.definitionOf(name)?.types[0] === type;
    return { name, parameters: isDefault ? [] : [ics.makeParameter("VALUE", [type])], value };
  }
});

const corpus = `${root}../shared/corpus/`;
// The hostile ones, which are of no use to anybody else's reader, are gone through in tools/test/hostile.test.ts.
/** A rule with spaces inside comes back without them. */
const exclude = ["**/spaces-in-rule.ics"];
const ours = globSync("fixtures/{itip,dialects}/**/*.ics", { cwd: root, exclude }).map((file) => `${root}${file}`);
const theirs = existsSync(corpus) ? globSync("**/*.ics", { cwd: corpus }).map((file) => `${corpus}${file}`) : [];

describe(`files of ours${theirs.length > 0 ? "" : `; those of ${corpus} are skipped, for it is not there`}`, () => {
  test("come back from jCal with the same types, values and parameters", () => {
    for (const file of [...ours, ...theirs]) {
      const { calendar } = ics.parseCalendar(readFileSync(file), defaultLimits);
      if (!calendar) continue;
      const { calendar: back, problems } = fromJcal(sent(toJcal(calendar)), defaultLimits);
      expect(problems, file).toEqual([]);
      expect(meaningOf(back as ics.Component), file).toEqual(meaningOf(calendar));
    }
  });

  test("are read as ical.js reads them, but for what is listed here with its reason", () => {
    const unlisted: string[] = [];
    const used = new Set<string>();
    let compared = 0;
    for (const file of [...ours, ...theirs]) {
      const text = readFileSync(file, "utf8");
      const { calendar } = ics.parseCalendar(text, defaultLimits);
      const other = parseOther(text);
      if (!calendar || !other) continue;
      for (const [mine, its] of pairs(sent(toJcal(calendar)), other)) {
        compared++;
        if (JSON.stringify(mine) === JSON.stringify(its)) continue;
        const reason = differences.find(([, applies]) => applies(mine, its))?.[0];
        if (reason) used.add(reason);
        else unlisted.push(`${file}: ${JSON.stringify(mine)} ${JSON.stringify(its)}`);
      }
    }
    expect(unlisted).toEqual([]);
    expect(compared).toBeGreaterThan(ours.length * 5);
    if (theirs.length > 0) expect([...used].sort()).toEqual(differences.map(([reason]) => reason).sort());
  });
});

/** Why ical.js 2.2 makes another jCal of a property than we do. */
const differences: readonly (readonly [string, (mine: JcalProperty, its: JcalProperty) => boolean])[] = [
  [
    "RFC 7265 §3.6.10 wants WKST as it stands, not as a number",
    ([, , type, rule], [, , , other]) =>
      type === "recur" && typeof rule === "object" && "wkst" in rule && typeof Object(other).wkst === "number",
  ],
  [
    "a date with a Z is no DATE; the type stays that of the property",
    ([name, , type], [, , other]) => name === "rdate" && type === "date-time" && other === "date",
  ],
  [
    "RFC 7265 §3.6.8 allows integers of 32 bits only",
    ([, , type, mine]) => type === "integer" && typeof mine === "string",
  ],
  [
    "an unknown escape stands for its character",
    ([, , type, mine], [, , , its]) => type === "text" && typeof its === "string" && its.replaceAll("\\", "") === mine,
  ],
  [
    "parameters have no backslash escapes, RFC 6868 §3",
    ([, mine], [, its]) => JSON.stringify(mine).includes("\\\\") && JSON.stringify(mine) !== JSON.stringify(its),
  ],
  ["RFC 9074 §6.1 gives ACKNOWLEDGED a type", ([name], [, , type]) => name === "acknowledged" && type === "unknown"],
  ["a VALUE with blanks around it is trimmed", ([, , mine], [, , its]) => mine !== its && mine === its.trim()],
  [
    "a value that is not of its type is kept, not taken to pieces",
    ([, , type, ...mine], [, , , ...its]) =>
      /^(?:date|date-time|utc-offset|float|recur)$/.test(type) &&
      mine.length === its.length &&
      mine.some((value) => typeof value === "string"),
  ],
];

function parseOther(text: string): JcalComponent | undefined {
  try {
    const parsed = ICAL.parse(text);
    return sent(typeof parsed[0] === "string" ? parsed : parsed[0]);
  } catch {
    // It refuses what we read with a problem.
    return undefined;
  }
}

/** Properties at the same place; components that the two read as different trees are left out. */
function pairs(mine: JcalComponent, its: JcalComponent): readonly (readonly [JcalProperty, JcalProperty])[] {
  if (mine[0] !== its[0] || mine[1].length !== its[1].length || mine[2].length !== its[2].length) return [];
  const here = mine[1].flatMap((property, index) => (its[1][index] ? [[property, its[1][index]] as const] : []));
  return [...here, ...mine[2].flatMap((child, index) => (its[2][index] ? pairs(child, its[2][index]) : []))];
}

/** What may not change: by type the decoded value, and the decoded parameters but VALUE. */
function meaningOf(component: ics.Component): unknown {
  const properties = component.properties.map((property) => {
    const type = ics.valueTypeOf(property);
    const names = new Set(property.parameters.map(({ name }) => name).filter((name) => name !== "VALUE"));
    const given = [...names].map((name) => [name, ics.parameterValues(property, name).join(",")]);
    return [property.name, type, valueMeant(property, type), given];
  });
  return [component.name, properties, component.components.map(meaningOf)];
}

function valueMeant(property: ics.Property, type: string | undefined): unknown {
  const { value } = property;
  if (type === "TEXT" && property.name !== "VERSION") {
    // A comma in a text that is no list needs an escape, and gets one.
    return ics.definitionOf(property.name)?.form ? ics.readTexts(property).join() : ics.decodeText(value);
  }
  if (type === "INTEGER" || type === "FLOAT") return ics.parseFloatValue(value) ?? value;
  return type === "RECUR" ? value.trim().toUpperCase().replace(/;$/, "") : value.trim();
}
