import { builtInZoneNames, builtInZones, builtInZonesVersion } from "@parley/engine/zones";
import { describe, expect, test } from "vitest";
import { maxPeriodsCompared } from "../../src/limits.ts";
import { compareZones } from "../../src/recurrence/compare-zones.ts";
import { fixedZone, utc, type Zone, type ZonePeriod } from "../../src/recurrence/zone.ts";
import { startOfYear } from "../../src/recurrence/zone-years.ts";
import { changes, hasZoneFolder, systemZone, systemZoneNames, wall, zoneEdition } from "./zone-helpers.ts";

const names = builtInZoneNames();
const zoneOf = (name: string): Zone => {
  const zone = builtInZones.zone(name);
  if (!zone) throw new Error(`no ${name}`);
  return zone;
};

describe("built-in zones", () => {
  test.each<[string, number, readonly string[]]>([
    ["Europe/Berlin", 2026, ["20260329T010000Z 7200", "20261025T010000Z 3600"]],
    ["Australia/Lord_Howe", 2026, ["20260404T150000Z 37800", "20261003T153000Z 39600"]],
    ["America/New_York", 1974, ["19740106T070000Z -14400", "19741027T060000Z -18000"]],
    ["Africa/Casablanca", 2025, ["20250223T020000Z 0", "20250406T020000Z 3600"]],
    ["Africa/Monrovia", 1972, ["19720107T004430Z 0"]],
    ["Asia/Kolkata", 2026, []],
    ["America/New_York", 2300, ["23000311T070000Z -14400", "23001104T060000Z -18000"]],
  ])("know the changes of %s in %i", (name, year, expected) => {
    expect(changes(zoneOf(name), year, year + 1)).toEqual(expected);
  });

  test("have the names of the time, where people have one", () => {
    const called = (name: string, day: string) => zoneOf(name).periodAt(wall(day)).abbreviation;
    expect(called("Europe/Berlin", "20260701")).toBe("CEST");
    expect(called("Europe/Berlin", "20260101")).toBe("CET");
    expect(called("Asia/Tokyo", "20260101")).toBe("JST");
    expect(called("America/Sao_Paulo", "20260101")).toBeUndefined();
  });

  test("go by the name asked for, in any case, links too; no other", () => {
    expect(zoneOf("us/pacific").name).toBe("US/Pacific");
    expect(zoneOf("ETC/UTC").offsetAt(0)).toBe(0);
    expect(builtInZones.zone("europe/BERLIN")).toBe(builtInZones.zone("Europe/Berlin"));
    for (const none of ["", "Europe", "Europe/Nowhere", "__proto__", "localtime", "posix/UTC", "|", "60CET"])
      expect([none, builtInZones.zone(none)]).toEqual([none, undefined]);
  });

  test("before 1970 are what they were in it", () => {
    expect(zoneOf("Europe/Berlin").periodAt(-1e10)).toMatchObject({ from: -Infinity, offset: 3_600 });
  });

  test("are all sound: periods without holes, offsets within a day", () => {
    expect(names.length).toBeGreaterThan(590);
    for (const name of names) {
      const zone = zoneOf(name);
      for (let at = 0; at < startOfYear(2100); ) {
        const { from, until, offset } = zone.periodAt(at);
        if (!(from <= at && at < until && Math.abs(offset) < 86_400)) throw new Error(`${name} at ${at}`);
        at = until;
      }
    }
  });

  const editions = `built in is tzdata ${builtInZonesVersion}, this machine has ${zoneEdition ?? "one that does not say"}`;
  const differing = () => systemZoneNames().filter((name) => !isSame(builtInZones.zone(name), systemZone(name)));

  test.skipIf(zoneEdition !== builtInZonesVersion)(
    `equal the zone files of this machine, 1970 to 2100 (skipped for another edition: ${editions})`,
    () => {
      expect(systemZoneNames().length).toBeGreaterThan(300);
      expect(differing()).toEqual([]);
    },
  );

  test.skipIf(!hasZoneFolder || zoneEdition === builtInZonesVersion)(
    `equal most zone files of another edition, 1970 to 2100 (skipped for the same one: ${editions})`,
    () => {
      // No edition changes more than a few countries.
      expect(differing().length).toBeLessThan(systemZoneNames().length / 10);
    },
  );
});

function isSame(a: Zone | undefined, b: Zone | undefined): boolean {
  if (!a || !b || compareZones(a, b, { from: 0, to: startOfYear(2100) }).kind !== "same") return false;
  for (let at = 0; at < startOfYear(2100); at = nextOffset(b, at)) {
    if (a.periodAt(at).abbreviation !== b.periodAt(at).abbreviation) return false;
  }
  return true;
}

function nextOffset(zone: Zone, at: number): number {
  let period: ZonePeriod = zone.periodAt(at);
  const { offset } = period;
  while (period.offset === offset && period.until < Infinity) period = zone.periodAt(period.until);
  return period.offset === offset ? Infinity : period.from;
}

describe("two zones compared", () => {
  const year = { from: wall("20260101"), to: wall("20270101") };
  test.each<[string, string, unknown]>([
    ["Europe/Berlin", "Europe/Paris", { kind: "same" }],
    ["Europe/Berlin", "Africa/Lagos", { kind: "different", at: wall("20260329T010000"), offsets: [7_200, 3_600] }],
    ["Africa/Lagos", "Europe/London", { kind: "different", at: wall("20260101"), offsets: [3_600, 0] }],
    [
      "America/Phoenix",
      "America/Denver",
      { kind: "different", at: wall("20260308T090000"), offsets: [-25_200, -21_600] },
    ],
  ])("%s and %s in 2026", (a, b, expected) => {
    expect(compareZones(zoneOf(a), zoneOf(b), year)).toEqual(expected);
  });

  test("within a season are the same, up to the very change", () => {
    const [berlin, lagos] = [zoneOf("Europe/Berlin"), zoneOf("Africa/Lagos")];
    const change = wall("20260329T010000");
    expect(compareZones(berlin, lagos, { from: year.from, to: change })).toEqual({ kind: "same" });
    expect(compareZones(berlin, lagos, { from: year.from, to: change + 1 }).kind).toBe("different");
    expect(compareZones(berlin, lagos, { from: change, to: change })).toEqual({ kind: "same" });
  });

  test("for ever end where a zone has no more changes, or at the bound", () => {
    const always = { from: -Infinity, to: Infinity };
    expect(compareZones(utc, fixedZone("X", 0), always)).toEqual({ kind: "same" });
    const restless: Zone = {
      ...utc,
      periodAt: (at) => ({ from: Math.floor(at), until: Math.floor(at) + 1, offset: 0 }),
    };
    expect(compareZones(restless, restless, { from: 0, to: Infinity })).toEqual({
      kind: "incomplete",
      at: maxPeriodsCompared,
    });
  });

  test("take what they compare from the budget they are given", () => {
    const budget = { periods: 3 };
    const [berlin, paris] = [zoneOf("Europe/Berlin"), zoneOf("Europe/Paris")];
    expect(compareZones(berlin, paris, { from: year.from, to: wall("20260401") }, budget)).toEqual({ kind: "same" });
    expect(budget).toEqual({ periods: 1 });
    expect(compareZones(berlin, paris, year, budget)).toEqual({ kind: "incomplete", at: wall("20260329T010000") });
  });
});
