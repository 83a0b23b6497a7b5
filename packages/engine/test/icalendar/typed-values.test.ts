import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as ics from "../../src/icalendar/index.ts";
import { maxBinaryBytes, maxDurationSeconds } from "../../src/limits.ts";

const wall = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 });
const tzid = fc.constantFrom("Europe/Berlin", "A;B,C:D", "/x/Y");
const dateTime: fc.Arbitrary<ics.DateOrDateTime> = fc.oneof(
  wall.map((seconds) => ({ kind: "utc" as const, wall: seconds })),
  wall.map((seconds) => ({ kind: "floating" as const, wall: seconds })),
  fc.record({ kind: fc.constant("zoned" as const), wall, tzid }),
);
const date: fc.Arbitrary<ics.DateOrDateTime> = fc
  .integer({ min: -719_528, max: 2_932_896 })
  .map((days) => ({ kind: "date" as const, wall: days * 86_400 }));
const anyText = fc.string({ unit: fc.oneof(fc.constantFrom(...'\\;,:"nN\n\t.+-=/PTZ0123456789'), fc.string()) });

describe("what is written is read again", () => {
  const law = <T>(
    name: string,
    values: fc.Arbitrary<T>,
    write: (value: T) => string,
    read: (text: string) => unknown,
  ) =>
    test(name, () => {
      fc.assert(
        fc.property(values, (value) => {
          expect(read(write(value))).toEqual(value);
        }),
      );
    });
  const seconds = fc.oneof(
    fc.integer({ min: -maxDurationSeconds, max: maxDurationSeconds }),
    fc
      .tuple(fc.integer({ min: -99, max: 99 }), fc.constantFrom(1, 60, 3_600, 86_400, 604_800))
      .map(([n, u]) => n * u + 0),
  );
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  law("DURATION", seconds, ics.formatDuration, ics.parseDuration);
  law("INTEGER", fc.integer(), ics.formatInteger, ics.parseInteger);
  law("FLOAT", number, ics.formatFloat, ics.parseFloatValue);
  law("BOOLEAN", fc.boolean(), ics.formatBoolean, ics.parseBoolean);
  law("UTC-OFFSET", fc.integer({ min: -86_399, max: 86_399 }), ics.formatUtcOffset, ics.parseUtcOffset);
  law("BINARY", fc.uint8Array({ maxLength: 100 }), ics.encodeBase64, ics.decodeBase64);
  law("URI", fc.webUrl({ withQueryParameters: true, withFragments: true }), (uri) => ` ${uri} `, ics.parseUri);
  const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true }).map((value) => value + 0);
  law("GEO", fc.record({ latitude: degrees(90), longitude: degrees(180) }), ics.formatGeo, ics.parseGeo);

  test("lists of dates and times, each form in a property of its own", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(date, dateTime), { maxLength: 8 }), (values) => {
        const properties = ics.makeDateTimeProperties("EXDATE", values);
        const read = properties.flatMap(ics.readDateTimes);
        expect(sorted(read)).toEqual(sorted(values));
        for (const property of properties) {
          expect(new Set(ics.readDateTimes(property).map(({ kind }) => kind)).size).toBe(1);
          expect(property.parameters.length).toBeLessThan(2);
        }
      }),
    );
    expect(ics.makeDateTimeProperties("EXDATE", [])).toEqual([]);
  });

  test("lists of periods of both kinds", () => {
    fc.assert(
      fc.property(
        dateTime,
        fc.array(fc.tuple(wall, fc.option(wall), fc.nat({ max: 10_000_000 })), { minLength: 1, maxLength: 5 }),
        (form, drawn) => {
          const [first, ...rest] = drawn.map(
            ([start, end, length]): ics.Period =>
              end === null
                ? { kind: "start", start: { ...form, wall: start }, seconds: length }
                : { kind: "explicit", start: { ...form, wall: start }, end: { ...form, wall: end } },
          );
          const periods = [first as ics.Period, ...rest] as const;
          const property = ics.makePeriodProperty("RDATE", periods);
          expect(ics.readPeriods(property)).toEqual(periods);
          expect(ics.valueTypeOf(property)).toBe("PERIOD");
          expect(ics.makePeriodProperty("FREEBUSY", periods).value).toBe(property.value);
        },
      ),
    );
  });

  test("lists of texts", () => {
    fc.assert(
      fc.property(fc.array(anyText.map(plain), { minLength: 1, maxLength: 5 }), (texts) => {
        expect(ics.readTexts(ics.makeTextsProperty("CATEGORIES", texts))).toEqual(texts);
      }),
    );
  });
});

/** What may come back of a text: controls go, and each line break is one newline. */
function plain(text: string): string {
  return text.replace(/\r\n|\r/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}

function sorted(values: readonly ics.DateOrDateTime[]): readonly string[] {
  return values.map((value) => JSON.stringify(value, Object.keys(value).sort())).sort();
}

test("any text is read or is none, and never throws", () => {
  const readers = [
    ics.parseInteger,
    ics.parseFloatValue,
    ics.parseBoolean,
    ics.parseGeo,
    ics.parseUtcOffset,
    ics.parsePeriod,
    ics.parseDuration,
    ics.parseUri,
    ics.decodeBase64,
    ics.parseDateTime,
  ];
  fc.assert(
    fc.property(anyText, (text) => {
      for (const read of readers) {
        const value = read(text);
        if (typeof value === "number") expect(Number.isNaN(value)).toBe(false);
      }
      const property: ics.Property = { name: "X", parameters: [], value: text };
      expect(ics.readTexts(property).length).toBe(ics.splitEscaped(text, ",").length);
      expect(ics.splitEscaped(text, ";").join(";")).toBe(text);
      for (const { kind } of ics.readDateTimes(property)) expect(["date", "utc", "floating"]).toContain(kind);
      for (const { start } of ics.readPeriods(property)) expect(start.kind).not.toBe("date");
    }),
    { numRuns: 500 },
  );
});

describe("tables of values", () => {
  test.each([
    [0, "PT0S"],
    [-0, "PT0S"],
    [-900, "-PT15M"],
    [604_800, "P1W"],
    [86_400, "P1D"],
    [90_061, "P1DT1H1M1S"],
    [3_601, "PT1H0M1S"],
    [Number.NaN, "PT0S"],
    [Infinity, `P${maxDurationSeconds / 86_400 / 7}W`],
  ])("a DURATION of %s seconds is %s", (seconds, text) => {
    const isWeeks = maxDurationSeconds % 604_800 === 0;
    expect(ics.formatDuration(seconds)).toBe(
      seconds === Infinity && !isWeeks ? `P${maxDurationSeconds / 86_400}D` : text,
    );
  });

  test.each([
    ["+0530", 19_800],
    ["-0800", -28_800],
    ["+013045", 5_445],
    ["-0000", 0],
    ["0100", undefined],
    ["+2400", undefined],
    ["+0160", undefined],
    ["+01:00", undefined],
  ])("the UTC-OFFSET %s is %s", (text, offset) => expect(ics.parseUtcOffset(text)).toBe(offset));

  test.each([
    [1e21, "1000000000000000000000"],
    [1e-7, "0.0000001"],
    [-0, "0"],
    [Infinity, "0"],
  ])("the FLOAT %s is %s", (value, text) => {
    expect(ics.formatFloat(value)).toBe(text);
    expect(ics.formatFloat(value)).toMatch(/^\d+(\.\d+)?$/);
  });

  test.each([
    [2 ** 63, "2147483647"],
    [-(2 ** 63), "-2147483648"],
    [1.9, "1"],
    [Number.NaN, "0"],
  ])("the INTEGER %s is %s", (value, text) => expect(ics.formatInteger(value)).toBe(text));

  test.each(["1e5", ".5", "5.", "0x1", "", "+", "1,5", "9".repeat(400)])("%j is no FLOAT", (text) => {
    expect(ics.parseFloatValue(text)).toBeUndefined();
  });

  test.each(["37.4", "91;0", "0;181", "1;2;3", "a;b", ""])("%j is no GEO", (text) => {
    expect(ics.parseGeo(text)).toBeUndefined();
  });

  test.each(["19970101/PT1H", "19970101T180000Z", "19970101T180000Z/-PT1H", "19970101T180000Z/PT1H/PT1H", "/", ""])(
    "%j is no PERIOD",
    (text) => expect(ics.parsePeriod(text)).toBeUndefined(),
  );

  test.each(["joe@example.com", "a b:c", "mailto:a b", "http://x/\n", ":x", ""])("%j is no URI", (text) => {
    expect(ics.parseUri(text.includes("\n") ? `${text}y` : text)).toBeUndefined();
  });

  test.each([
    ["SGVsbG8=", "Hello"],
    ["SGVs\r\n bG8", "Hello"],
    ["", ""],
  ])("%j decodes to %j", (text, expected) => {
    expect(String.fromCharCode(...(ics.decodeBase64(text) ?? []))).toBe(expected);
  });

  test.each([
    "A",
    "AB=C",
    "AB===",
    "\u00e9AAA",
    "A".repeat(maxBinaryBytes * 1.5 + 1),
    "A".repeat(maxBinaryBytes * 1.4),
  ])("is no BINARY, %#", (text) => expect(ics.decodeBase64(text)).toBeUndefined());

  test("a BINARY says so", () => {
    const property = ics.makeBinaryProperty("ATTACH", new Uint8Array([0, 255]));
    expect([ics.valueTypeOf(property), ics.parameterValue(property, "ENCODING"), property.value]).toEqual([
      "BINARY",
      "BASE64",
      "AP8=",
    ]);
  });
});
