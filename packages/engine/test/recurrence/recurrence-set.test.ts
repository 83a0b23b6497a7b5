import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../src/limits.ts";
import { expand } from "../../src/recurrence/expand.ts";
import { countInstances, lastInstance, nextInstances } from "../../src/recurrence/instances.ts";
import type { ExpansionOptions, Instance } from "../../src/recurrence/recurrence-set.ts";
import { makeSet, type SetText, startText } from "./set-helpers.ts";
import { testZone, wall } from "./zone-helpers.ts";

const berlin = "Europe/Berlin";

/** `20260401T090000` for an hour; else with the hours, a `!` where cancelled, and the component in brackets. */
function told(instance: Instance, zone?: string): string {
  const hours = (instance.end - instance.start) / 3_600;
  const component = instance.component === "" ? "" : ` (${instance.component}${instance.isOverride ? "" : " on"})`;
  return `${startText(instance, zone)}${hours === 1 ? "" : ` ${hours}h`}${instance.isCancelled ? "!" : ""}${component}`;
}

function tell(text: SetText, count = 20, options: ExpansionOptions = {}): readonly string[] {
  const { instances } = nextInstances(makeSet(text), -Infinity, count, defaultLimits, options);
  return instances.map((instance) => told(instance, text.zone));
}

describe("what is in a set", () => {
  const daily: SetText = { start: "20260401T090000", zone: berlin, rules: ["FREQ=DAILY;COUNT=3"] };
  const moved = { id: "20260402T090000", start: "20260402T150000", hours: 2 };
  for (const [name, text, expected] of [
    ["a single event", { start: "20260401T090000", zone: berlin }, "20260401T090000"],
    [
      "a start its rule does not generate, which counts",
      { ...daily, rules: ["FREQ=DAILY;BYHOUR=10;COUNT=2"] },
      "20260401T090000, 20260401T100000",
    ],
    [
      "two rules, each instance once",
      { ...daily, rules: ["FREQ=DAILY;COUNT=3", "FREQ=DAILY;INTERVAL=2;COUNT=3"] },
      "20260401T090000, 20260402T090000, 20260403T090000, 20260405T090000",
    ],
    [
      "RDATEs, one of them an instance already",
      { ...daily, dates: ["20260402T090000", "20260402T070000Z", "20260402T120000"] },
      "20260401T090000, 20260402T090000, 20260402T120000, 20260403T090000",
    ],
    [
      "an RDATE that is a PERIOD, also where it repeats an instance",
      {
        ...daily,
        dates: [
          ["20260402T090000", 4],
          ["20260405T090000", 2],
        ],
      },
      "20260401T090000, 20260402T090000 4h, 20260403T090000, 20260405T090000 2h",
    ],
    [
      "an RDATE before DTSTART",
      { ...daily, dates: ["20260301T090000"] },
      "20260301T090000, 20260401T090000, 20260402T090000, 20260403T090000",
    ],
    [
      "EXDATE in the zone, in UTC",
      { ...daily, exceptions: ["20260401T090000", "20260403T070000Z"] },
      "20260402T090000",
    ],
    ["EXDATE as a date", { ...daily, exceptions: ["20260402"] }, "20260401T090000, 20260403T090000"],
    [
      "EXDATE of another hour",
      { ...daily, exceptions: ["20260402T100000"] },
      "20260401T090000, 20260402T090000, 20260403T090000",
    ],
    [
      "EXDATE as a time of a date",
      {
        start: "20260401",
        rules: ["FREQ=DAILY;COUNT=3"],
        exceptions: ["20260402T000000"],
        length: { days: 1, seconds: 0 },
      },
      "20260401 24h, 20260403 24h",
    ],
    [
      "an override, before an RDATE",
      { ...daily, overrides: [moved], dates: [["20260402T090000", 9]] },
      "20260401T090000, 20260402T150000 2h (of 20260402T090000), 20260403T090000",
    ],
    [
      "an override moved behind another instance",
      { ...daily, overrides: [{ ...moved, start: "20260404T090000" }] },
      "20260401T090000, 20260403T090000, 20260404T090000 2h (of 20260402T090000)",
    ],
    [
      "an override named in UTC",
      { ...daily, overrides: [{ ...moved, id: "20260402T070000Z" }] },
      "20260401T090000, 20260402T150000 2h (of 20260402T070000Z), 20260403T090000",
    ],
    [
      "an override named by a date",
      { ...daily, overrides: [{ ...moved, id: "20260402" }] },
      "20260401T090000, 20260402T150000 2h (of 20260402), 20260403T090000",
    ],
    [
      "an override of what no rule generates",
      { ...daily, overrides: [{ ...moved, id: "20260601T110000", start: "20260601T120000", hours: 1 }] },
      "20260401T090000, 20260402T090000, 20260403T090000, 20260601T120000 (of 20260601T110000)",
    ],
    [
      "an override that EXDATE excludes",
      { ...daily, overrides: [moved], exceptions: ["20260402T090000"] },
      "20260401T090000, 20260403T090000",
    ],
    [
      "a cancelled override",
      { ...daily, overrides: [{ ...moved, isCancelled: true }] },
      "20260401T090000, 20260402T150000 2h! (of 20260402T090000), 20260403T090000",
    ],
    [
      "overrides without master",
      { zone: berlin, overrides: [moved, { id: "20260501T090000", start: "20260501T090000" }] },
      "20260402T150000 2h (of 20260402T090000), 20260501T090000 (of 20260501T090000)",
    ],
    [
      "all following moved, a later one by itself, one excluded by its original start",
      {
        ...daily,
        rules: ["FREQ=DAILY;COUNT=6"],
        overrides: [
          { ...moved, range: "this-and-future" },
          { id: "20260404T090000", start: "20260404T100000" },
        ],
        exceptions: ["20260405T090000"],
      },
      "20260401T090000, 20260402T150000 2h (of 20260402T090000), 20260403T150000 2h (of 20260402T090000 on), 20260404T100000 (of 20260404T090000), 20260406T150000 2h (of 20260402T090000 on)",
    ],
    [
      "all following moved twice",
      {
        ...daily,
        rules: ["FREQ=DAILY;COUNT=5"],
        overrides: [
          { ...moved, range: "this-and-future" },
          { id: "20260404T090000", start: "20260403T080000", range: "this-and-future" },
        ],
      },
      "20260401T090000, 20260402T150000 2h (of 20260402T090000), 20260403T080000 (of 20260404T090000), 20260403T150000 2h (of 20260402T090000 on), 20260404T080000 (of 20260404T090000 on)",
    ],
    [
      "all following moved, on the clock, over its change",
      {
        start: "20260320T090000",
        zone: berlin,
        rules: ["FREQ=WEEKLY;COUNT=3"],
        overrides: [{ id: "20260320T090000", start: "20260322T090000", range: "this-and-future" }],
      },
      "20260322T090000 (of 20260320T090000), 20260329T090000 (of 20260320T090000 on), 20260405T090000 (of 20260320T090000 on)",
    ],
    [
      "all following cancelled",
      {
        ...daily,
        overrides: [{ ...moved, start: "20260402T090000", hours: 1, range: "this-and-future", isCancelled: true }],
      },
      "20260401T090000, 20260402T090000! (of 20260402T090000), 20260403T090000! (of 20260402T090000 on)",
    ],
    [
      "all following turned into days",
      { ...daily, overrides: [{ id: "20260402T090000", start: "20260403", hours: 24, range: "this-and-future" }] },
      "20260401T090000, 20260403 24h (of 20260402T090000), 20260404 24h (of 20260402T090000 on)",
    ],
    [
      "UNTIL in UTC, before the start of that day in the zone",
      { ...daily, rules: ["FREQ=DAILY;UNTIL=20260403T065959Z"] },
      "20260401T090000, 20260402T090000",
    ],
    [
      "UNTIL in UTC, at the last one",
      { ...daily, rules: ["FREQ=DAILY;UNTIL=20260403T070000Z"] },
      "20260401T090000, 20260402T090000, 20260403T090000",
    ],
    [
      "UNTIL as a date, with that whole day",
      { ...daily, rules: ["FREQ=DAILY;UNTIL=20260402"] },
      "20260401T090000, 20260402T090000",
    ],
    [
      "UNTIL as a local time",
      { ...daily, rules: ["FREQ=DAILY;UNTIL=20260402T090000"] },
      "20260401T090000, 20260402T090000",
    ],
    [
      "UNTIL as a time of dates",
      { start: "20260401", rules: ["FREQ=DAILY;UNTIL=20260402T120000Z"], length: { days: 2, seconds: 0 } },
      "20260401 48h, 20260402 48h",
    ],
    [
      "a day of the clock where it is changed",
      { ...daily, start: "20260327T120000", length: { days: 1, seconds: 0 } },
      "20260327T120000 24h, 20260328T120000 23h, 20260329T120000 24h",
    ],
    [
      "an exact day where the clock is changed",
      { ...daily, start: "20260327T120000", length: { days: 0, seconds: 86_400 } },
      "20260327T120000 24h, 20260328T120000 24h, 20260329T120000 24h",
    ],
    [
      "a time the clocks skip, read with the offset before",
      { ...daily, start: "20260328T023000" },
      "20260328T023000, 20260329T033000, 20260330T023000",
    ],
    [
      "a time that comes twice, read as the first",
      { ...daily, start: "20261024T023000" },
      "20261024T023000, 20261025T023000, 20261026T023000",
    ],
    [
      "a start the clocks skip, before which nothing is placed",
      { ...daily, start: "20260329T025000", rules: ["FREQ=MINUTELY;INTERVAL=20;COUNT=9"] },
      "20260329T035000, 20260329T041000, 20260329T043000, 20260329T045000, 20260329T051000, 20260329T053000",
    ],
    [
      "times the clocks skip among those they do not, in order and each once",
      { ...daily, start: "20260329T013000", rules: ["FREQ=MINUTELY;INTERVAL=20;COUNT=10"] },
      "20260329T013000, 20260329T015000, 20260329T031000, 20260329T033000, 20260329T035000, 20260329T041000, 20260329T043000",
    ],
  ] as readonly (readonly [string, SetText, string])[]) {
    test(name, () => expect(tell(text)).toEqual(expected.split(", ")));
  }

  test("cancelled ones left out where asked", () => {
    const text = { ...daily, overrides: [{ ...moved, isCancelled: true }] };
    expect(tell(text, 9, { withoutCancelled: true })).toEqual(["20260401T090000", "20260403T090000"]);
  });

  test("the hour that comes twice is the first one", () => {
    const set = makeSet({ start: "20261025T023000", zone: berlin });
    expect(nextInstances(set, 0, 1, defaultLimits).instances[0]?.start).toBe(wall("20261025T003000"));
  });

  test("dates and floating times are placed where their reader is", () => {
    for (const start of ["20260401", "20260401T000000"]) {
      const set = makeSet({ start, rules: ["FREQ=DAILY;COUNT=2"] });
      const options = { localZone: testZone("America/New_York") };
      const { instances } = nextInstances(set, 0, 9, defaultLimits, options);
      expect(instances.map((each) => [each.startAt, each.start])).toEqual([
        [wall("20260401"), wall("20260401T040000")],
        [wall("20260402"), wall("20260402T040000")],
      ]);
    }
  });
});

describe("what takes place in a range", () => {
  const hours: SetText = { start: "20260401T090000Z", rules: ["FREQ=DAILY"] };
  for (const [from, to, expected] of [
    ["20260402T093000", "20260403T090000", ["20260402T090000"]],
    ["20260402T100000", "20260403T090000", []],
    ["20260402T100000", "20260403T090001", ["20260403T090000"]],
    ["22260402T000000", "22260403T000000", ["22260402T090000"]],
    ["20260301T000000", "20260401T090001", ["20260401T090000"]],
  ] as const) {
    test(`from ${from} to ${to}`, () => {
      const expansion = expand(makeSet(hours), { from: wall(from), to: wall(to) }, defaultLimits);
      expect([...expansion].map((each) => startText(each))).toEqual(expected);
      expect(expansion.isIncomplete).toBe(false);
    });
  }

  test("an override is where it was moved, not where it was", () => {
    const overrides = [{ id: "20260402T090000Z", start: "20260501T090000Z" }];
    const within = (from: string, to: string) =>
      [...expand(makeSet({ ...hours, overrides }), { from: wall(from), to: wall(to) }, defaultLimits)].length;
    expect(within("20260402", "20260403")).toBe(0);
    expect(within("20260501", "20260502")).toBe(2);
  });
});

describe("how a set ends", () => {
  for (const [rule, count, last] of [
    ["FREQ=DAILY;COUNT=400", 400, "20270505T090000"],
    ["FREQ=DAILY;UNTIL=22260101T000000Z", 72_958, "22251231T090000"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=3", 3, "20320229T090000"],
    ["FREQ=WEEKLY;UNTIL=20260301T000000Z", 1, "20260401T090000"],
  ] as const) {
    test(rule, () => {
      const set = makeSet({ start: "20260401T090000Z", rules: [rule] });
      expect(countInstances(set, defaultLimits)).toEqual({ kind: "count", count });
      const found = lastInstance(set, defaultLimits);
      expect(found.kind === "instance" && startText(found.instance)).toBe(last);
    });
  }

  test("in nothing, where all of it is excluded", () => {
    const set = makeSet({ start: "20260401T090000Z", exceptions: ["20260401T090000Z"] });
    expect(lastInstance(set, defaultLimits)).toEqual({ kind: "none" });
    expect(countInstances(set, defaultLimits)).toEqual({ kind: "count", count: 0 });
  });

  test("never, or not within the bounds", () => {
    const endless = makeSet({ start: "20260401T090000Z", rules: ["FREQ=DAILY"] });
    expect(lastInstance(endless, defaultLimits)).toEqual({ kind: "endless" });
    const long = makeSet({ start: "20260401T090000Z", rules: ["FREQ=DAILY;COUNT=50"] });
    const limits = { ...defaultLimits, maxInstances: 20 };
    expect(countInstances(long, limits)).toEqual({ kind: "at-least", count: 20 });
  });
});

describe("rules that generate nothing", () => {
  for (const [rule, isKnown] of [
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", true],
    ["FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", true],
    ["FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30", true],
    ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", true],
    ["FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", true],
    ["FREQ=SECONDLY;BYSETPOS=2", true],
    ["FREQ=DAILY;INTERVAL=7;BYDAY=MO", true],
    ["FREQ=HOURLY;INTERVAL=24;BYHOUR=5", true],
    ["FREQ=SECONDLY;INTERVAL=4;BYDAY=SU;BYSECOND=7", true],
    ["FREQ=MONTHLY;BYMONTHDAY=15;BYDAY=-1MO,4SA,1SU;COUNT=10", true],
    ["FREQ=MONTHLY;INTERVAL=6;BYMONTH=1", true],
    ["FREQ=YEARLY;BYMONTH=1;BYWEEKNO=30", true],
    ["FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3", true],
    ["FREQ=DAILY;INTERVAL=146097;BYMONTH=5", true],
    ["FREQ=HOURLY;INTERVAL=168;BYDAY=MO", true],
  ] as const) {
    test(`${rule}: ${isKnown ? "known" : "given up"}`, () => {
      const set = makeSet({ start: "20260401T090000Z", rules: [rule] });
      const { instances, isIncomplete } = nextInstances(set, wall("20260501"), 1, defaultLimits);
      expect([instances.length, isIncomplete]).toEqual([0, !isKnown]);
    });
  }
});
