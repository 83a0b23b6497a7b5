import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as ics from "../../src/icalendar/index.ts";
import { maxDurationSeconds } from "../../src/limits.ts";

/** Days of a month by the rule as it is said aloud. */
function slowDaysInMonth(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  if (year % 400 === 0) return 29;
  if (year % 100 === 0) return 28;
  return year % 4 === 0 ? 29 : 28;
}

describe("civil dates", () => {
  test("agree with a walk, day by day, through 1,000 years", () => {
    let [year, month, day] = [1600, 1, 1];
    let wrong = 0;
    for (let days = -135_140; year < 2600; days++) {
      const date = ics.civilFromDays(days);
      if (ics.daysFromCivil(year, month, day) !== days) wrong++;
      if (date.year !== year || date.month !== month || date.day !== day) wrong++;
      day++;
      if (day > slowDaysInMonth(year, month)) [month, day] = [month + 1, 1];
      if (month > 12) [year, month] = [year + 1, 1];
    }
    expect(wrong).toBe(0);
  });

  test("agree with the platform's calendar in all years of four digits", () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_528, max: 2_932_896 }), (days) => {
        const platform = new Date(days * 86_400_000);
        const [year, month, day] = [platform.getUTCFullYear(), platform.getUTCMonth() + 1, platform.getUTCDate()];
        expect(ics.civilFromDays(days)).toEqual({ year, month, day });
        expect(ics.daysFromCivil(year, month, day)).toBe(days);
        expect(ics.daysInMonth(year, month)).toBe(slowDaysInMonth(year, month));
        expect(ics.formatWall(days * 86_400)).toBe(`${platform.toISOString().slice(0, 10).replaceAll("-", "")}T000000`);
      }),
    );
  });
});

describe("DATE and DATE-TIME", () => {
  const wall = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 });
  const midnight = fc.integer({ min: -719_528, max: 2_932_896 }).map((days) => days * 86_400);
  const value: fc.Arbitrary<ics.DateOrDateTime> = fc.oneof(
    midnight.map((seconds) => ({ kind: "date" as const, wall: seconds })),
    wall.map((seconds) => ({ kind: "utc" as const, wall: seconds })),
    wall.map((seconds) => ({ kind: "floating" as const, wall: seconds })),
    fc.record({ kind: fc.constant("zoned" as const), wall, tzid: fc.string({ unit: "grapheme", minLength: 1 }) }),
  );

  test("a value is read from the property made of it", () => {
    fc.assert(
      fc.property(value, (time) => {
        expect(ics.readDateTime(ics.makeDateTimeProperty("DTSTART", time))).toEqual(time);
      }),
    );
  });

  test.each([
    ["19700101", undefined, { kind: "date", wall: 0 }],
    ["19700102", "Europe/Berlin", { kind: "date", wall: 86_400 }],
    [" 19700101T000001Z ", undefined, { kind: "utc", wall: 1 }],
    ["19700101T000001Z", "Europe/Berlin", { kind: "utc", wall: 1 }],
    ["19691231T235959", undefined, { kind: "floating", wall: -1 }],
    ["19700101T010000", "Europe/Berlin", { kind: "zoned", wall: 3_600, tzid: "Europe/Berlin" }],
    ["20161231T235960Z", undefined, { kind: "utc", wall: 1_483_228_799 }],
    ["20240229", undefined, { kind: "date", wall: 1_709_164_800 }],
  ])("%s with TZID %s", (text, tzid, expected) => {
    expect(ics.parseDateTime(text, tzid)).toEqual(expected);
  });

  test.each([
    "",
    "20230229",
    "20260001",
    "20261301",
    "20260100",
    "20260431",
    "20260101T240000",
    "20260101T006000",
    "20260101T000061",
  ])("%s is none", (text) => expect(ics.parseDateTime(text)).toBeUndefined());
  test.each(["2026-01-01", "20260101T0000", "20260101T000000+01", "20260101 000000", "20260101,20260102"])(
    "%s is none",
    (text) => expect(ics.parseDateTime(text)).toBeUndefined(),
  );

  test("years beyond four digits are held", () => {
    expect(ics.formatWall(1e15).slice(0, 4)).toBe("9999");
    expect(ics.formatWall(-1e15).slice(0, 4)).toBe("0000");
  });
});

describe("DURATION", () => {
  test.each([
    ["P7W", 604_800 * 7],
    ["P15DT5H0M20S", 15 * 86_400 + 5 * 3_600 + 20],
    ["-PT00H15M00S", -900],
    ["+pt1h", 3_600],
    ["PT0S", 0],
    ["-PT0S", 0],
    ["P1W2D", 9 * 86_400],
    [`PT${maxDurationSeconds}S`, maxDurationSeconds],
  ])("%s", (text, seconds) => expect(ics.parseDuration(text)).toBe(seconds));

  test.each([
    "",
    "P",
    "PT",
    "-P",
    "1D",
    "P1H",
    "PT1D",
    "P1.5D",
    "P1M",
    `PT${maxDurationSeconds + 1}S`,
    `P${"9".repeat(400)}W`,
  ])("%s is none", (text) => expect(ics.parseDuration(text)).toBeUndefined());
});

/** What may come back of a text: controls go, and each line break is one newline. */
function plain(text: string): string {
  return text.replace(/\r\n|\r/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."\\;,:\"^n'N\r\n\t\0\u007f"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});

describe("parameter values", () => {
  const property = (parameters: readonly ics.Parameter[]) => ({ name: "X", parameters, value: "" });

  test("are read as they were made, and never leave their place", () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (values) => {
        const parameter = ics.makeParameter("CN", values);
        expect(ics.parameterValues(property([parameter]), "CN")).toEqual(values.map(plain));
        expect(ics.parameterValue(property([parameter]), "CN")).toBe(plain(values[0] ?? ""));
        expect(parameter.value).toMatch(
          /^(?:[^",;:\0-\x08\n-\x1f\x7f]*|"[^"\0-\x08\n-\x1f\x7f]*")(?:,(?:[^",;:\0-\x08\n-\x1f\x7f]*|"[^"\0-\x08\n-\x1f\x7f]*"))*$/,
        );
      }),
    );
  });

  test.each([
    ["George ^'Babe^' Ruth", ['George "Babe" Ruth']],
    ['"a^nb^^c",d', ["a\nb^c", "d"]],
    ["^x^N^", ["^x^N^"]],
    ["^^n", ["^n"]],
    ['"a,b;c:d",,"e"', ["a,b;c:d", "", "e"]],
    ['"open, still', ["open, still"]],
    ["", [""]],
  ])("%s is decoded", (value, values) => {
    const given = property([{ name: "X-P", value }]);
    expect(ics.parameterValues(given, "X-P")).toEqual(values);
    expect(ics.parameterValue(given, "X-P")).toBe(values[0]);
    expect(ics.parameterValue(given, "X-Q")).toBeUndefined();
    expect(ics.parameterValues(given, "X-Q")).toEqual([]);
  });

  test("are replaced at their place, added at the end, removed", () => {
    const given = property(["A", "B", "A", "C"].map((name) => ics.makeParameter(name, ["1"])));
    const shown = (changed: ics.Property) => changed.parameters.map(({ name, value }) => `${name}=${value}`).join(";");
    expect(shown(ics.withParameter(given, "A", ["2", "3"]))).toBe("A=2,3;B=1;C=1");
    expect(shown(ics.withParameter(given, "C", ["2"]))).toBe("A=1;B=1;A=1;C=2");
    expect(shown(ics.withParameter(given, "D", ["\u00e9"]))).toBe('A=1;B=1;A=1;C=1;D="\u00e9"');
    expect(shown(ics.withParameter(given, "A", undefined))).toBe("B=1;C=1");
  });
});

describe("TEXT", () => {
  test("is read as it was made, on one line", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(ics.decodeText(ics.encodeText(text))).toBe(plain(text));
        expect(ics.encodeText(text)).not.toMatch(/[\0-\x08\n-\x1f\x7f]|(?<!\\)(?:\\\\)*[;,]/);
      }),
    );
  });

  test.each([
    ["a\\nb\\Nc", "a\nb\nc"],
    ["\\\\n", "\\n"],
    ['\\;\\,\\:\\"', ';,:"'],
    ["end\\", "end\\"],
  ])("%j is decoded", (value, text) => expect(ics.decodeText(value)).toBe(text));
});

describe("components", () => {
  const make = (name: string, value: string) => ics.makeTextProperty(name, value);
  const given = ics.makeComponent(
    "VEVENT",
    [make("A", "1"), make("B", "2"), make("A", "3")],
    [ics.makeComponent("VALARM")],
  );
  const shown = ({ properties }: ics.Component) => properties.map(({ name, value }) => `${name}${value}`).join(" ");

  test("find their properties and components", () => {
    expect(ics.firstProperty(given, "A")?.value).toBe("1");
    expect(ics.firstProperty(given, "C")).toBeUndefined();
    expect(ics.allProperties(given, "A").map(({ value }) => value)).toEqual(["1", "3"]);
    expect([ics.countProperties(given, "A"), ics.countProperties(given, "C")]).toEqual([2, 0]);
    expect(ics.subcomponents(given, "VALARM")).toEqual([ics.makeComponent("VALARM")]);
  });

  test("change into new ones", () => {
    expect(shown(ics.withProperty(given, "A", make("A", "9")))).toBe("A9 B2");
    expect(shown(ics.withProperty(given, "C", make("C", "9")))).toBe("A1 B2 A3 C9");
    expect(shown(ics.withProperty(given, "A", undefined))).toBe("B2");
    expect(shown(ics.withoutProperties(given, new Set(["A"])))).toBe("B2");
    expect(shown(given)).toBe("A1 B2 A3");
  });

  test.each([
    ["0", 0],
    ["-12", -12],
    [" +7 ", 7],
    ["1.5", undefined],
    ["", undefined],
    ["0x10", undefined],
  ])("read %j as an integer", (value, expected) => {
    expect(
      ics.readInteger(ics.makeComponent("VEVENT", [{ name: "SEQUENCE", parameters: [], value }]), "SEQUENCE"),
    ).toBe(expected);
  });
});
