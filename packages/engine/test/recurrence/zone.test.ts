import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatWall } from "../../src/icalendar/date-time.ts";
import { maxPeriodsNearTime } from "../../src/limits.ts";
import { intlZoneProvider, zoneOfOffsets } from "../../src/recurrence/intl-zone.ts";
import { resolveInstant } from "../../src/recurrence/resolve.ts";
import {
  fixedZone,
  toInstant,
  toWall,
  utc,
  type Zone,
  type ZonePeriod,
  zoneOfPeriods,
} from "../../src/recurrence/zone.ts";
import { findPeriod } from "../../src/recurrence/zone-years.ts";
import { changes, hasZoneFolder, systemZone, systemZoneNames, testZone, wall } from "./zone-helpers.ts";

/** A zone of changes given as seconds and the offset from then on; 0 before. */
function zoneOf(...onsets: readonly (readonly [at: number, offset: number])[]): Zone {
  const periods: ZonePeriod[] = [];
  let [from, offset] = [-Infinity, 0];
  for (const [at, next] of onsets) {
    periods.push({ from, until: at, offset });
    [from, offset] = [at, next];
  }
  periods.push({ from, until: Infinity, offset });
  return zoneOfPeriods("X", (instant) => findPeriod(periods, instant));
}

const names = [
  "Europe/Berlin",
  "America/New_York",
  "America/Recife",
  "Pacific/Apia",
  "Pacific/Kwajalein",
  "Africa/Casablanca",
  "Africa/Monrovia",
  "Asia/Gaza",
  "Australia/Lord_Howe",
  "Antarctica/Troll",
  "Europe/Dublin",
  "America/Juneau",
];
const day = 86_400;
/** Zones no law made: hours apart, there and back, larger than a day, twice the same. */
const invented = [
  zoneOf([0, 3_600], [7_200, 0], [9_000, 7_200], [40_000, -36_000]),
  zoneOf([0, 50_400], [3_600, -43_200], [7_200, 50_400]),
  zoneOf([0, -90_000], [100_000, 90_000], [100_001, 0]),
  zoneOf([0, 3_600], [50, 3_600], [100, 3_601]),
];

/** The first instant at which the zone's clocks show that time, else what the offset before the gap makes of it: by trying all. */
function triedInstant(time: number, zone: Zone): number {
  const begun: number[] = [time - 2 * day];
  while ((begun.at(-1) as number) < time + 2 * day) begun.push(zone.periodAt(begun.at(-1) as number).until);
  const read = begun.map((at) => time - zone.offsetAt(at));
  const shown = read.filter((at) => at + zone.offsetAt(at) === time);
  if (shown.length > 0) return Math.min(...shown);
  const gap = begun.findIndex((at) => at + zone.offsetAt(at - 1) <= time && time < at + zone.offsetAt(at));
  return read[gap - 1] as number;
}

describe("RFC 5545 §3.3.5: a wall clock time of a zone", () => {
  test.each<[string, string, string, string]>([
    ["Europe/Berlin", "20260714T120000", "20260714T100000", "plain"],
    ["Europe/Berlin", "20260329T015959", "20260329T005959", "before the gap"],
    ["Europe/Berlin", "20260329T023000", "20260329T013000", "in the gap"],
    ["Europe/Berlin", "20260329T030000", "20260329T010000", "after the gap"],
    ["Europe/Berlin", "20261025T020000", "20261025T000000", "the first of two"],
    ["Europe/Berlin", "20261025T025959", "20261025T005959", "the first of two"],
    ["Europe/Berlin", "20261025T030000", "20261025T020000", "after the fold"],
    ["America/New_York", "20071104T013000", "20071104T053000", "the first of two"],
    ["America/New_York", "20070311T023000", "20070311T073000", "in the gap"],
    ["Pacific/Apia", "20111229T235959", "20111230T095959", "before the day Samoa skipped"],
    ["Pacific/Apia", "20111230T120000", "20111230T220000", "in the day Samoa skipped"],
    ["Pacific/Apia", "20111231T000000", "20111230T100000", "after the day Samoa skipped"],
    ["Africa/Casablanca", "20230319T023000", "20230319T013000", "the first of two, before Ramadan"],
    ["Africa/Casablanca", "20230423T023000", "20230423T023000", "in the gap after Ramadan"],
    ["America/Recife", "20001014T233000", "20001015T013000", "the first of two, a week after the gap"],
    ["Australia/Lord_Howe", "20260405T014500", "20260404T144500", "the first of two, half an hour"],
  ])("in %s %s is %s UTC: %s", (name, time, expected) => {
    expect(formatWall(toInstant(wall(time), testZone(name)))).toBe(expected);
  });

  const zones = [...names.map(testZone), ...invented];
  const anyZone = fc.constantFrom(...zones);
  const aroundChanges = anyZone.chain((zone) => {
    const start = invented.includes(zone) ? -100 : wall("19600101");
    const end = invented.includes(zone) ? 110_000 : wall("20600101");
    return fc.tuple(
      fc.constant(zone),
      fc.integer({ min: start, max: end }),
      fc.integer({ min: -2 * day, max: 2 * day }),
      fc.boolean(),
    );
  });

  test("is the first instant that shows it, found by trying all", () => {
    fc.assert(
      fc.property(aroundChanges, ([zone, at, distance, near]) => {
        const { until } = zone.periodAt(at);
        const time = near && until < Infinity ? until + distance : at;
        expect(toInstant(time, zone)).toBe(triedInstant(time, zone));
      }),
      { numRuns: 5_000 },
    );
  });

  test("comes back from its instant, unless it was skipped", () => {
    fc.assert(
      fc.property(aroundChanges, ([zone, at]) => {
        const time = toWall(at, zone);
        const instant = toInstant(time, zone);
        expect(toWall(instant, zone)).toBe(time);
        expect(instant).toBeLessThanOrEqual(at);
      }),
      { numRuns: 5_000 },
    );
  });

  test("costs a bounded number of steps in a zone that changes every second", () => {
    let asked = 0;
    const restless = zoneOfPeriods("X", (instant) => {
      asked++;
      return { from: Math.floor(instant), until: Math.floor(instant) + 1, offset: 0 };
    });
    expect(toInstant(1_000_000, restless)).toBe(1_000_000);
    expect(asked).toBeLessThanOrEqual(maxPeriodsNearTime + 1);
  });

  test("needs no zone in UTC, and takes that of the viewer where it has none", () => {
    const viewer = fixedZone("viewer", 3_600);
    const none = () => undefined;
    expect(resolveInstant({ kind: "utc", wall: 7 }, none, viewer)).toBe(7);
    expect(resolveInstant({ kind: "floating", wall: 3_600 }, none, viewer)).toBe(0);
    expect(resolveInstant({ kind: "date", wall: 0 }, none, viewer)).toBe(-3_600);
    expect(resolveInstant({ kind: "zoned", wall: 0, tzid: "?" }, none, viewer)).toBe(-3_600);
    expect(resolveInstant({ kind: "zoned", wall: 0, tzid: "?" }, none)).toBeUndefined();
    expect(resolveInstant({ kind: "zoned", wall: 9, tzid: "Z" }, () => utc, viewer)).toBe(9);
  });
});

describe("zones from offsets alone", () => {
  test.skipIf(!hasZoneFolder)(
    "change when the files say, every zone, 1930 to 2060 (skipped without zone files)",
    () => {
      const wrong = systemZoneNames().filter((name) => {
        const zone = systemZone(name) as Zone;
        return changes(zoneOfOffsets(name, zone.offsetAt), 1930, 2060).join() !== changes(zone, 1930, 2060).join();
      });
      expect(wrong).toEqual([]);
    },
  );

  test("see a change that is taken back four days later", () => {
    const zone = zoneOf([wall("20260310T070001"), 3_600], [wall("20260314T070000"), 0]);
    expect(changes(zoneOfOffsets("X", zone.offsetAt), 2026, 2027)).toEqual(changes(zone, 2026, 2027));
  });
});

describe("Intl's zones", () => {
  test.skipIf(!hasZoneFolder)("change when the files say where both know the law (skipped without zone files)", () => {
    for (const name of ["Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kolkata"]) {
      const zone = intlZoneProvider.zone(name) as Zone;
      expect([name, changes(zone, 1970, 2026)]).toEqual([name, changes(systemZone(name) as Zone, 1970, 2026)]);
    }
  });

  test("are found without case and kept", () => {
    const zone = intlZoneProvider.zone("europe/berlin");
    expect(zone?.name).toBe("Europe/Berlin");
    expect(intlZoneProvider.zone("EUROPE/BERLIN")).toBe(zone);
    expect(intlZoneProvider.zone("Etc/GMT+5")?.offsetAt(0)).toBe(-18_000);
  });

  test.each([
    "",
    "Nowhere/Atall",
    "+01:00",
    "+0100",
    "/Europe/Berlin",
    "../Europe/Berlin",
    "Europe/Berlin\0",
    "E".repeat(65),
  ])("do not include %j", (name) => expect(intlZoneProvider.zone(name)).toBeUndefined());

  test("stand still where no calendar reaches", () => {
    const zone = testZone("Europe/Berlin");
    const intl = intlZoneProvider.zone("Europe/Berlin");
    expect(intl?.offsetAt(1e15)).toBe(3_600);
    expect(intl?.offsetAt(-1e15)).toBe(intl?.offsetAt(wall("16010101")));
    expect([zone.offsetAt(1e15)].every(Number.isInteger)).toBe(true);
  });
});
