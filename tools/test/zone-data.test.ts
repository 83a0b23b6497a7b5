import { describe, expect, test } from "vitest";
import { compareZones } from "../../packages/engine/src/recurrence/compare-zones.ts";
import type { Zone } from "../../packages/engine/src/recurrence/zone.ts";
import {
  namesOfTable,
  type ZoneTable,
  zonesOfTable,
} from "../../packages/engine/src/recurrence/zone-data/table-zones.ts";
import {
  systemZone,
  systemZoneNames,
  wall,
  zoneEdition,
  zoneFolder,
} from "../../packages/engine/test/recurrence/zone-helpers.ts";
import { makeZoneTable } from "../zone-data/make-table.ts";

const range = { from: 0, to: wall("21000101") };

describe("a table made of the zone files of this machine", () => {
  test.skipIf(zoneEdition === undefined)(
    `says what they say, every zone, 1970 to 2100 (tzdata ${zoneEdition ?? "is missing: skipped"})`,
    () => {
      const table = readTable(makeZoneTable(zoneFolder));
      const zones = zonesOfTable(table);
      const names = systemZoneNames();
      const wrong = names.filter((name) => {
        const [written, read] = [systemZone(name), zones.zone(name)];
        return !written || !read || compareZones(written, read, range).kind !== "same" || !isCalledAlike(written, read);
      });
      expect(wrong).toEqual([]);
      expect(names.length).toBeGreaterThan(300);
      expect(new Set(namesOfTable(table)).size).toBeGreaterThanOrEqual(names.length);
    },
  );

  test("is not made of a folder without zones", () => {
    expect(() => makeZoneTable(import.meta.dirname)).toThrow();
  });
});

/** Compares the names of the time in the middle of each year: no change of the clocks is near. */
function isCalledAlike(a: Zone, b: Zone): boolean {
  for (let year = 1970; year < 2100; year++) {
    const at = wall(`${year}0715`);
    if (a.periodAt(at).abbreviation !== b.periodAt(at).abbreviation) return false;
  }
  return true;
}

/** Reads the texts of the module. */
function readTable(module: string): ZoneTable {
  const text = (name: string): string => {
    const value = new RegExp(`^export const ${name} = \x60([^\x60]*)\x60;$`, "m").exec(module)?.[1];
    if (value === undefined) throw new Error(`no ${name} in the table`);
    return value;
  };
  return { intervals: text("intervals"), rules: text("rules"), zones: text("zones") };
}
