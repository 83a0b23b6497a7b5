import { type BusyType, busyPeriods, readAvailabilities, unavailablePeriods } from "@parley/engine/freebusy";
import { intlZoneProvider, utc } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../src/limits.ts";
import { at, calendarOf, copyOf, options, printed } from "./helpers.ts";

const reading = { localZone: utc, limits: defaultLimits };
const hours = 3_600;

/** Montreal's midnight of Monday 2027-11-08, in slots of two hours, as RFC 7953 §5.1 prints them. */
const midnight = at("20271108T050000Z");
const day = { from: midnight, to: midnight + 24 * hours };

function availability(lines: readonly string[], ...available: readonly (readonly string[])[]): readonly string[] {
  const inner = available.flatMap((each) => ["BEGIN:AVAILABLE", "DTSTAMP:20270101T000000Z", ...each, "END:AVAILABLE"]);
  return ["VAVAILABILITY", "UID:whole@example.test", "DTSTAMP:20270101T000000Z", ...lines, ...inner];
}

const office = (zone: string, from = "08", to = "18") => [
  `UID:office-${zone}@example.test`,
  `DTSTART;TZID=${zone}:20271101T${from}0000`,
  `DTEND;TZID=${zone}:20271101T${to}0000`,
  "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
];
const base = availability([], office("America/Montreal"));
const inDenver = availability(
  ["PRIORITY:1", "DTSTART;TZID=America/Denver:20271107T000000", "DTEND;TZID=America/Denver:20271114T000000"],
  office("America/Denver"),
);

function print(components: readonly (readonly string[])[], range = day): string {
  const availabilities = readAvailabilities(calendarOf(...components), intlZoneProvider, reading);
  return printed(unavailablePeriods(availabilities, range, reading).periods, range.from, 2 * hours, 12);
}

describe("VAVAILABILITY", () => {
  const cases: readonly (readonly [string, readonly (readonly string[])[], string])[] = [
    ["AVAIL-5-01 RFC 7953 §5.1.1, step 3", [base], "UUUUFFFFFUUU"],
    ["AVAIL-5-01 RFC 7953 §5.1.2, step 3: the higher priority covers the day", [base, inDenver], "UUUUUFFFFFUU"],
    ["the order of the components does not matter", [inDenver, base], "UUUUUFFFFFUU"],
    ["of no priority is lower than 9", [availability(["PRIORITY:9"]), base], "UUUUUUUUUUUU"],
    ["0 is no priority", [availability(["PRIORITY:0"]), base], "UUUUFFFFFUUU"],
    ["a level opens what is closed below it", [availability(["BUSYTYPE:BUSY"]), withPriority(base, 9)], "UUUUFFFFFUUU"],
    [
      "a higher one counts only where it holds",
      [base, availability(["PRIORITY:5", "DTSTART:20271108T170000Z", "DURATION:PT4H", "BUSYTYPE:BUSY"])],
      "UUUUFFBBFUUU",
    ],
    [
      "a higher one closes what a lower one opens",
      [base, availability(["PRIORITY:5", "DTSTART:20271108T150000Z"], [...officeIn("20271108T190000Z", 2)])],
      "UUUUFUUFUUUU",
    ],
    [
      "RFC 7953 §4 of one priority BUSY is stronger than BUSY-UNAVAILABLE, and that than BUSY-TENTATIVE",
      [
        availability(["BUSYTYPE:BUSY-TENTATIVE"]),
        availability(["DTEND:20271108T090000Z"]),
        availability(["BUSYTYPE:busy", "DTEND:20271108T070000Z"]),
      ],
      "BUTTTTTTTTTT",
    ],
    ["FREE is no BUSYTYPE", [availability(["BUSYTYPE:FREE"])], "UUUUUUUUUUUU"],
    ["a BUSYTYPE nobody knows is BUSY", [availability(["BUSYTYPE:X-ASLEEP"])], "BBBBBBBBBBBB"],
    ["a DURATION without DTSTART says nothing", [availability(["DURATION:PT1H"])], "UUUUUUUUUUUU"],
    ["a DTSTART nobody can read makes it say nothing", [availability(["DTSTART:soon"]), base], "UUUUFFFFFUUU"],
    [
      "an end before its start holds at no time",
      [availability(["DTSTART:20280101T000000Z", "DTEND:20270101T000000Z"])],
      "FFFFFFFFFFFF",
    ],
    [
      "an AVAILABLE opens nothing outside of its VAVAILABILITY",
      [
        availability(["DTSTART:20271108T150000Z"], officeIn("20271108T130000Z", 4)),
        withPriority(availability(["BUSYTYPE:BUSY"]), 0),
      ],
      "BBBBBFBBBBBB",
    ],
    [
      "an overridden Instance of an AVAILABLE",
      [
        availability([], office("America/Montreal"), [
          "UID:office-America/Montreal@example.test",
          "RECURRENCE-ID;TZID=America/Montreal:20271108T080000",
          "DTSTART;TZID=America/Montreal:20271108T120000",
          "DTEND;TZID=America/Montreal:20271108T160000",
        ]),
      ],
      "UUUUUUFFUUUU",
    ],
    [
      "an excluded one",
      [availability([], [...office("America/Montreal"), "EXDATE;TZID=America/Montreal:20271108T080000"])],
      "UUUUUUUUUUUU",
    ],
    [
      "AVAILABLEs without a UID are each their own",
      [availability([], officeIn("20271108T050000Z", 2).slice(1), officeIn("20271108T090000Z", 2).slice(1))],
      "FUFUUUUUUUUU",
    ],
  ];
  test.each(cases)("%s", (_, components, expected) => {
    expect(print(components)).toBe(expected);
  });

  test("AVAIL-5-01 RFC 7953 §5.1.1 and §5.1.2, step 4: events are laid over it", () => {
    const meeting = (zone: string) => copyOf(["VEVENT", `DTSTART;TZID=${zone}:20271108T120000`, "DURATION:PT2H"]);
    const over = (components: readonly (readonly string[])[]) => ({
      ...options,
      availabilities: readAvailabilities(calendarOf(...components), intlZoneProvider, reading),
    });
    const show = (zone: string, components: readonly (readonly string[])[]) =>
      printed(busyPeriods([meeting(zone)], day, over(components)).periods, midnight, 2 * hours, 12);
    expect(show("America/Montreal", [base])).toBe("UUUUFFBFFUUU");
    expect(show("America/Denver", [base, inDenver])).toBe("UUUUUFFBFFUU");
  });

  test("a bound is told", () => {
    const endless = availability(
      [],
      ["UID:s@example.test", "DTSTART:20270101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;INTERVAL=9"],
    );
    const limits = { ...defaultLimits, maxInstances: 100 };
    const read = readAvailabilities(calendarOf(endless), intlZoneProvider, { localZone: utc, limits });
    expect(unavailablePeriods(read, day, { localZone: utc, limits }).isIncomplete).toBe(true);
  });
});

function withPriority([name = "", ...lines]: readonly string[], priority: number): readonly string[] {
  return [name, `PRIORITY:${priority}`, ...lines];
}

function officeIn(start: string, length: number): readonly string[] {
  return [`UID:${start}@example.test`, `DTSTART:${start}`, `DURATION:PT${length}H`];
}

describe("laws", () => {
  const hour = fc.integer({ min: 0, max: 12 });
  const span = fc.record({ from: hour, length: fc.integer({ min: 1, max: 6 }) });
  const generated = fc.record({
    priority: fc.integer({ min: 0, max: 9 }),
    type: fc.constantFrom<BusyType>("BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE"),
    span,
    available: fc.array(span, { maxLength: 3 }),
  });

  /** RFC 7953 §4 hour by hour. */
  function byTheLetter(list: readonly (typeof generated extends fc.Arbitrary<infer T> ? T : never)[], moment: number) {
    const holds = ({ from, length }: { from: number; length: number }) => from <= moment && moment < from + length;
    const order = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];
    const there = list.filter((each) => holds(each.span));
    const level = order
      .map((priority) => there.filter((each) => each.priority === priority))
      .find(({ length }) => length > 0);
    if (!level || level.some((each) => each.available.some(holds))) return "F";
    const has = (type: BusyType) => level.some((each) => each.type === type);
    return has("BUSY") ? "B" : has("BUSY-UNAVAILABLE") ? "U" : "T";
  }

  test("at every moment the highest priority that holds there says what it is, in any order", () => {
    const time = (number: number) => `20271108T${String(number).padStart(2, "0")}0000Z`;
    fc.assert(
      fc.property(fc.array(generated, { maxLength: 5 }), (list) => {
        const components = list.map((each) =>
          availability(
            [
              `PRIORITY:${each.priority}`,
              `BUSYTYPE:${each.type}`,
              `DTSTART:${time(each.span.from)}`,
              `DURATION:PT${each.span.length}H`,
            ],
            ...each.available.map(({ from, length }) => officeIn(time(from), length).slice(1)),
          ),
        );
        const from = at("20271108T000000Z");
        const range = { from, to: from + 24 * hours };
        const read = readAvailabilities(calendarOf(...components), intlZoneProvider, reading);
        const { periods } = unavailablePeriods(read, range, reading);
        const expected = Array.from({ length: 24 }, (_, moment) => byTheLetter(list, moment)).join("");
        expect(printed(periods, from, hours, 24)).toBe(expected);
        expect(unavailablePeriods([...read].reverse(), range, reading).periods).toEqual(periods);
      }),
      { numRuns: 60 },
    );
  });
});
