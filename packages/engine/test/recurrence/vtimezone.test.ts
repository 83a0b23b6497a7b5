import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Component, makeComponent, type Property } from "../../src/icalendar/component.ts";
import { defaultLimits, maxCachedZoneYears, maxZoneOnsetsPerYear } from "../../src/limits.ts";
import { zoneFromVtimezone } from "../../src/recurrence/vtimezone.ts";
import type { Zone } from "../../src/recurrence/zone.ts";
import { changes, component, testZone, wall } from "./zone-helpers.ts";

function observance(kind: string, start: string, from: string, to: string, ...more: readonly string[]): string {
  const lines = [`DTSTART:${start}`, `TZOFFSETFROM:${from}`, `TZOFFSETTO:${to}`, ...more];
  return [`BEGIN:${kind}`, ...lines, `END:${kind}`].join("\n");
}

function vtimezone(...observances: readonly string[]): Component {
  return component("BEGIN:VTIMEZONE", "TZID:Ours", ...observances, "END:VTIMEZONE");
}

function zoneOf(...observances: readonly string[]): Zone {
  const zone = zoneFromVtimezone(vtimezone(...observances), defaultLimits);
  if (!zone) throw new Error("no zone");
  return zone;
}

const outlookBerlin = [
  observance("STANDARD", "16010101T030000", "+0200", "+0100", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10"),
  observance("DAYLIGHT", "16010101T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3"),
];
const googleNewYork = [
  observance("DAYLIGHT", "19700308T020000", "-0500", "-0400", "TZNAME:EDT", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
  observance("STANDARD", "19701101T020000", "-0400", "-0500", "TZNAME:EST", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
];
const appleNewYork = [
  observance(
    "DAYLIGHT",
    "19870405T020000",
    "-0500",
    "-0400",
    "RRULE:FREQ=YEARLY;UNTIL=20060402T070000Z;BYMONTH=4;BYDAY=1SU",
  ),
  observance("DAYLIGHT", "20070311T020000", "-0500", "-0400", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
  observance(
    "STANDARD",
    "19671029T020000",
    "-0400",
    "-0500",
    "RRULE:FREQ=YEARLY;UNTIL=20061029T060000Z;BYMONTH=10;BYDAY=-1SU",
  ),
  observance("STANDARD", "20071104T020000", "-0400", "-0500", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
  observance("STANDARD", "18831118T120358", "-045602", "-0500", "RDATE:18831118T120358"),
];
const vzicNewYork = [
  observance(
    "DAYLIGHT",
    "19990404T020000",
    "-0500",
    "-0400",
    "RRULE:FREQ=YEARLY;UNTIL=20061231;BYMONTH=4;BYDAY=SU;BYMONTHDAY=1,2,3,4,5,6,7",
  ),
  observance(
    "STANDARD",
    "19991031T020000",
    "-0400",
    "-0500",
    "RRULE:FREQ=YEARLY;COUNT=8;BYMONTH=10;BYDAY=SU;BYMONTHDAY=-7,-6,-5,-4,-3,-2,-1",
  ),
  observance(
    "DAYLIGHT",
    "20070311T020000",
    "-0500",
    "-0400",
    "RRULE:FREQ=YEARLY;WKST=MO;BYHOUR=2;BYMINUTE=0;BYMONTH=3;BYDAY=2SU",
  ),
  observance(
    "STANDARD",
    "20071104T020000",
    "-0400",
    "-0500",
    "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=SU;BYMONTHDAY=1,2,3,4,5,6,7",
  ),
];
const windowsSydney = [
  observance("DAYLIGHT", "16010101T020000", "+1000", "+1100", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=10"),
  observance("STANDARD", "16010101T030000", "+1100", "+1000", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4"),
];
const listedMoscow = [
  observance(
    "STANDARD",
    "19921025T030000",
    "+0400",
    "+0300",
    "RDATE;VALUE=DATE-TIME:20081026T030000,20091025T030000",
    "RDATE:20101031T030000",
  ),
  observance("DAYLIGHT", "20080330T020000", "+0300", "+0400", "RDATE:20090329T020000,20100328T020000"),
  observance("STANDARD", "20110327T020000", "+0300", "+0400"),
  observance("STANDARD", "20141026T020000", "+0400", "+0300"),
];

describe("VTIMEZONE, RFC 5545 §3.6.5", () => {
  test.each<[string, string, number, readonly string[]]>([
    ["Outlook's from 1601", "Europe/Berlin", 2000, outlookBerlin],
    ["Outlook's of the south", "Australia/Sydney", 2009, windowsSydney],
    ["Google's, the present rules only", "America/New_York", 2007, googleNewYork],
    ["Apple's, with the past", "America/New_York", 1988, appleNewYork],
    ["by weekdays among days of the month, UNTIL a date, COUNT", "America/New_York", 2000, vzicNewYork],
    ["by lists of dates", "Europe/Moscow", 2008, listedMoscow],
  ])("%s agrees with %s from %i to 2035", (_, name, from, observances) => {
    const expected = changes(testZone(name), from, 2036);
    expect(expected.length).toBeGreaterThan(7);
    expect(changes(zoneOf(...observances), from, 2036)).toEqual(expected);
    expect(changes(zoneOf(...[...observances].reverse()), from, 2036)).toEqual(expected);
  });

  test("is named after its TZID", () => expect(zoneOf(...outlookBerlin).name).toBe("Ours"));

  test("is as good ten thousand years from now, in whatever order it is asked", () => {
    const zone = zoneOf(...outlookBerlin);
    // 400 years later every weekday falls on the same date.
    const late = wall("24260701") + 24 * 146_097 * 86_400;
    expect(zone.offsetAt(late)).toBe(7_200);
    expect(zone.offsetAt(wall("20260701"))).toBe(7_200);
    expect(zone.offsetAt(wall("20260101"))).toBe(3_600);
    expect(zone.offsetAt(late + 182 * 86_400)).toBe(3_600);
  });

  test("keeps to STANDARD where two begin at once", () => {
    const both = [
      observance("STANDARD", "16010101T000000", "+0000", "+0100"),
      observance("DAYLIGHT", "16010101T000000", "+0000", "+0200"),
    ];
    expect(zoneOf(...both).offsetAt(wall("20260701"))).toBe(3_600);
    expect(zoneOf(...both.toReversed()).offsetAt(wall("20260701"))).toBe(3_600);
  });

  test("before its first onset has the offset that one leads away from", () => {
    const zone = zoneOf(...appleNewYork.toReversed());
    expect(zone.offsetAt(wall("18800101"))).toBe(-17_762);
    expect(zone.offsetAt(wall("19000101"))).toBe(-18_000);
  });

  test.each<[string, number, readonly string[]]>([
    ["one STANDARD with an odd TZOFFSETFROM", 19_800, [observance("STANDARD", "16010101T000000", "+0630", "+0530")]],
    [
      "every observance to one offset",
      32_400,
      [
        observance("DAYLIGHT", "16010101T000000", "+0800", "+0900"),
        observance("STANDARD", "16010101T000000", "+0921", "+0900"),
      ],
    ],
    [
      "one of two unreadable",
      3_600,
      [
        observance("STANDARD", "19700101T000000", "+0100", "+0100"),
        observance("DAYLIGHT", "19700101T000000", "+1:00", "+2"),
      ],
    ],
    ["seconds", -1_172, [observance("STANDARD", "19700101T000000", "-001932", "-001932")]],
  ])("%s", (_, offset, observances) => {
    const zone = zoneOf(...observances);
    expect([wall("15000101"), wall("20260101"), wall("20260701")].map(zone.offsetAt)).toEqual([offset, offset, offset]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    [
      "plain yearly: day and month of DTSTART",
      ["20200401T000000", "RRULE:FREQ=YEARLY"],
      ["20200401", "20210401", "20220401", "20230401"],
    ],
    ["every other year", ["20200401T000000", "RRULE:FREQ=YEARLY;INTERVAL=2"], ["20200401", "20220401"]],
    [
      "by month: the day of DTSTART",
      ["20200401T000000", "RRULE:FREQ=YEARLY;BYMONTH=6"],
      ["20200601", "20210601", "20220601", "20230601"],
    ],
    [
      "the last day of February",
      ["20200229T000000", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"],
      ["20200229", "20210228", "20220228", "20230228"],
    ],
    ["a day not every year has", ["20200229T000000", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"], ["20200229"]],
    [
      "a weekday counted in the year",
      ["20200101T000000", "RRULE:FREQ=YEARLY;BYDAY=20MO"],
      ["20200518", "20210517", "20220516", "20230515"],
    ],
    [
      "COUNT with a date",
      ["20200401T000000", "RRULE:FREQ=YEARLY;COUNT=2", "RDATE:20220901T000000"],
      ["20200401", "20210401", "20220901"],
    ],
    [
      "UNTIL, to the second",
      ["20200401T000000", "RRULE:FREQ=YEARLY;UNTIL=20220401T000000Z"],
      ["20200401", "20210401", "20220401"],
    ],
    [
      "UNTIL, a second before",
      ["20200401T000000", "RRULE:FREQ=YEARLY;UNTIL=20220331T235959Z"],
      ["20200401", "20210401"],
    ],
    [
      "a DTSTART its rule does not come to",
      ["20200101T000000", "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"],
      ["20200405", "20210404", "20220403", "20230402"],
    ],
    ["a rule that never comes", ["20200401T000000", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], ["20200401"]],
    ["every second", ["20200401T000000", "RRULE:FREQ=SECONDLY"], ["20200401"]],
    ["more than weekly", ["20200401T000000", "RRULE:FREQ=YEARLY;BYDAY=SU,MO"], ["20200401"]],
    ["parts no zone uses", ["20200401T000000", "RRULE:FREQ=YEARLY;BYYEARDAY=100"], ["20200401"]],
    [
      "nonsense",
      ["20200401T000000", "RRULE:FREQ=YEARLY;BYMONTH=13", "RRULE:;;=", "RRULE:FREQ=YEARLY;INTERVAL=0"],
      ["20200401"],
    ],
    [
      "dates of every form",
      ["20200401T000000", "RDATE:20210501,x,20220601T000000Z,20230701T000000/P1D"],
      ["20200401", "20210501", "20220601", "20230701"],
    ],
  ])("begins by %s", (_, [start = "", ...more], expected) => {
    // Back at each end of the year, so every onset shows as a change.
    const back = observance(
      "STANDARD",
      "20191231T120000",
      "+0000",
      "+0000",
      "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31",
    );
    const zone = zoneOf(back, observance("DAYLIGHT", start, "+0000", "+0100", ...more));
    const begun = changes(zone, 2020, 2024).filter((change) => change.endsWith(" 3600"));
    expect(begun).toEqual(expected.map((date) => `${date}T000000Z 3600`));
  });

  test.each<[string, readonly string[]]>([
    ["no observance", []],
    ["no DTSTART", ["BEGIN:STANDARD", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:STANDARD"]],
    ["no TZOFFSETTO", ["BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "END:STANDARD"]],
    [
      "offsets that are none",
      ["+2400", "+0060", "+010060", "0100", "+100", "-00019:32"].map((to) =>
        observance("STANDARD", "19700101T000000", "+0000", to),
      ),
    ],
    ["a day that does not exist", [observance("STANDARD", "19700231T000000", "+0000", "+0100")]],
  ])("is no zone with %s", (_, observances) => {
    expect(zoneFromVtimezone(vtimezone(...observances), defaultLimits)).toBeUndefined();
  });
});

describe("a VTIMEZONE made to hurt", () => {
  const property = (name: string, value: string): Property => ({ name, parameters: [], value });
  const many = (count: number, make: (i: number) => readonly Property[]): Component =>
    makeComponent(
      "VTIMEZONE",
      [property("TZID", "Bomb")],
      Array.from({ length: count }, (_, i) => makeComponent("STANDARD", make(i))),
    );
  const offsets = (i: number) => [
    property("TZOFFSETFROM", "+0000"),
    property("TZOFFSETTO", `+00${String(i % 60).padStart(2, "0")}`),
  ];

  test("is cut off after maxZoneSteps", () => {
    const bomb = (count: number) =>
      many(count, (i) => [property("DTSTART", `${1_600 + (i % 8_000)}0101T000000`), ...offsets(i)]);
    const limits = { ...defaultLimits, maxZoneSteps: 4_000 };
    expect(changes(zoneFromVtimezone(bomb(10_000), limits) as Zone, 1_500, 9_000)).toEqual(
      changes(zoneFromVtimezone(bomb(1_000), limits) as Zone, 1_500, 9_000),
    );
  });

  test("has no more than maxZoneOnsetsPerYear changes in a year", () => {
    const clock = (i: number) => `${String(i % 24).padStart(2, "0")}0000`;
    const dates = (from: number, hours: number) =>
      Array.from({ length: hours / 2 }, (_, i) => `2026${date(from + 2 * i)}T${clock(from + 2 * i)}`).join(",");
    const date = (hour: number) =>
      `${String(Math.floor(hour / 672) + 1).padStart(2, "0")}${String((Math.floor(hour / 24) % 28) + 1).padStart(2, "0")}`;
    const zone = zoneOf(
      observance("STANDARD", "20250101T000000", "+0000", "+0000", `RDATE:${dates(0, 4_000)}`),
      observance("DAYLIGHT", "20250101T000000", "+0000", "+0001", `RDATE:${dates(1, 4_000)}`),
    );
    expect(changes(zone, 2026, 2027).length).toBe(maxZoneOnsetsPerYear);
  });

  test("gives the same answers after more years than it keeps", () => {
    const zone = zoneOf(...outlookBerlin);
    const years = Array.from({ length: 3 * maxCachedZoneYears }, (_, i) => 1_700 + i);
    const offsets = () => years.map((year) => zone.offsetAt(wall(`${year}0701`)));
    expect(offsets()).toEqual(years.map(() => 7_200));
    expect(offsets()).toEqual(years.map(() => 7_200));
  });

  test("has no more than maxZoneRules rules", () => {
    const rule = (i: number) => property("RRULE", `FREQ=YEARLY;BYMONTH=${(i % 12) + 1};BYMONTHDAY=${(i % 28) + 1}`);
    const bomb = (count: number) =>
      many(count, (i) => [property("DTSTART", "16010101T000000"), ...offsets(i), rule(i)]);
    const years = (zone: Zone | undefined) => changes(zone as Zone, 2_026, 2_040);
    expect(years(zoneFromVtimezone(bomb(10_000), defaultLimits))).toEqual(
      years(zoneFromVtimezone(bomb(128), defaultLimits)),
    );
    expect(years(zoneFromVtimezone(bomb(128), defaultLimits))).not.toEqual(
      years(zoneFromVtimezone(bomb(127), defaultLimits)),
    );
  });

  test.each<[string, Property]>([
    [
      "a date list without end",
      property(
        "RDATE",
        Array.from({ length: 200_000 }, (_, i) => `2026${i % 2}101T${100_000 + (i % 50_000)}`).join(","),
      ),
    ],
    ["a rule counted to a billion", property("RRULE", "FREQ=YEARLY;COUNT=999999999;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU")],
    [
      "a rule of every day",
      property("RRULE", `FREQ=YEARLY;BYMONTHDAY=${Array.from({ length: 31 }, (_, i) => i + 1).join(",")}`),
    ],
    ["a rule of a billion years", property("RRULE", "FREQ=YEARLY;INTERVAL=999999999")],
    ["a rule longer than any", property("RRULE", "FREQ=YEARLY;".repeat(100_000))],
  ])("with %s is answered", (_, line) => {
    const bomb = many(10_000, (i) => [property("DTSTART", "16010101T000000"), ...offsets(i), line]);
    const zone = zoneFromVtimezone(bomb, defaultLimits);
    for (let year = 1_990; year < 2_050; year += 10) {
      const period = zone?.periodAt(wall(`${year}0701`));
      expect(period && period.from <= wall(`${year}0701`) && wall(`${year}0701`) < period.until).toBe(true);
    }
  });

  test("never throws, whatever its values", () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "20260101T000000",
        "+0100",
        "-0230",
        "FREQ=YEARLY;BYDAY=1SU;BYMONTH=3",
        "FREQ=YEARLY;COUNT=3",
        "20261025T030000,2027",
      ),
    );
    const line = fc.record({
      name: fc.constantFrom("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE", "TZID"),
      parameters: fc.constant([]),
      value,
    });
    const child = fc
      .tuple(fc.constantFrom("STANDARD", "DAYLIGHT", "X"), fc.array(line))
      .map(([name, lines]) => makeComponent(name, lines));
    fc.assert(
      fc.property(fc.array(line), fc.array(child), fc.double({ noNaN: true }), (lines, children, at) => {
        const offset = zoneFromVtimezone(makeComponent("VTIMEZONE", lines, children), defaultLimits)?.offsetAt(at);
        return offset === undefined || Math.abs(offset) < 86_400;
      }),
      { numRuns: 2_000 },
    );
  });
});
