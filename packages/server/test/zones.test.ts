import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemZones, zoneDataVersion } from "../src/zones.ts";

/** A TZif file of version 1 with one type and no changes. */
function tzif(offset: number): Uint8Array {
  const bytes = new Uint8Array(44 + 6 + 4);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("TZif"));
  view.setUint32(36, 1);
  view.setUint32(40, 4);
  view.setInt32(44, offset);
  return bytes;
}

let top = "";
let folder = "";

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), "parley-zones-"));
  folder = join(top, "zoneinfo");
  mkdirSync(join(folder, "Europe"), { recursive: true });
  mkdirSync(join(folder, "right/Europe"), { recursive: true });
  writeFileSync(join(folder, "Europe/Berlin"), tzif(4_242));
  writeFileSync(join(folder, "Europe/Nowhere"), tzif(60));
  writeFileSync(join(folder, "Europe/Broken"), "no zone");
  writeFileSync(join(folder, "right/Europe/Berlin"), tzif(1));
  writeFileSync(join(folder, "localtime"), tzif(1));
  writeFileSync(join(top, "Secret"), tzif(1));
  symlinkSync(join(folder, "Europe/Nowhere"), join(folder, "Linked"));
  symlinkSync(join(folder, "Europe/Gone"), join(folder, "Dangling"));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

describe("systemZones", () => {
  test.each<[string, string, number]>([
    ["Europe/Berlin", "Europe/Berlin", 4_242],
    ["EUROPE/berlin", "Europe/Berlin", 4_242],
    ["Europe/Nowhere", "Europe/Nowhere", 60],
    ["Linked", "Linked", 60],
  ])("reads %s from the configured folder", (asked, name, offset) => {
    const zone = systemZones(folder).zone(asked);
    expect([zone?.name, zone?.offsetAt(0)]).toEqual([name, offset]);
  });

  test("takes what the folder lacks from the system or Intl", () => {
    expect(systemZones(folder).zone("Asia/Tokyo")?.offsetAt(0)).toBe(32_400);
    expect(systemZones().zone("US/Pacific")?.offsetAt(0)).toBe(-28_800);
  });

  test("keeps a zone once read", () => {
    const zones = systemZones(folder);
    const zone = zones.zone("Europe/Berlin");
    expect(zone).toBeDefined();
    expect(zones.zone("europe/BERLIN")).toBe(zone);
  });

  test.each([
    "",
    "Europe",
    "Europe/Broken",
    "Dangling",
    "localtime",
    "right/Europe/Berlin",
    "../Secret",
    "Europe/../../Secret",
  ])("knows no %j", (name) => expect(systemZones(folder).zone(name)).toBeUndefined());

  test("refuses a folder that is not there", () => {
    expect(() => systemZones(join(top, "absent"))).toThrow(/absent/);
  });
});

describe("zoneDataVersion", () => {
  test("is told by tzdata.zi, by +VERSION, or not at all", () => {
    expect(zoneDataVersion(folder)).toBe("unknown");
    writeFileSync(join(folder, "+VERSION"), "2031b\n");
    expect(zoneDataVersion(folder)).toBe("2031b");
    writeFileSync(join(folder, "tzdata.zi"), "# version 2031c\nR d 1916 o\n");
    expect(zoneDataVersion(folder)).toBe("2031c");
    expect(zoneDataVersion()).toMatch(/^\d{4}[a-z]|^unknown/);
  });
});
