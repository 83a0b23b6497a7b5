import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatWall } from "../../src/icalendar/date-time.ts";
import { parsePosixRule, posixOnsets } from "../../src/recurrence/posix-rule.ts";
import { parseTzif } from "../../src/recurrence/tzif.ts";
import type { Zone } from "../../src/recurrence/zone.ts";
import { changes, hasZoneFolder, makeTzif, systemZone, systemZoneNames, wall, zoneFolder } from "./zone-helpers.ts";

const zdump = ["/usr/bin/zdump", "/usr/sbin/zdump"].find((path) => existsSync(path));
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const zdumpLine = /^(\S+) +\w+ (\w+) +(\d+) (\d+):(\d+):(\d+) (\d+) UTC? = .* gmtoff=(-?\d+)$/;

/** Every change zdump knows between two years, in the words of `changes`. */
function dumpedChanges(names: readonly string[], from: number, until: number): ReadonlyMap<string, readonly string[]> {
  const text = execFileSync(
    zdump ?? "",
    ["-v", "-c", `${from},${until}`, ...names.map((name) => `${zoneFolder}/${name}`)],
    {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  const found = new Map<string, string[]>(names.map((name) => [name, []]));
  let [lastName, lastOffset] = ["", ""];
  for (const line of text.split("\n")) {
    const match = zdumpLine.exec(line);
    if (!match) continue;
    const [, path = "", month = "", day = "", hour = "", minute = "", second = "", year = "", offset = ""] = match;
    const at = `${year}${String(months.indexOf(month) + 1).padStart(2, "0")}${day.padStart(2, "0")}T${hour}${minute}${second}Z`;
    if (path === lastName && offset !== lastOffset)
      found.get(path.slice(zoneFolder.length + 1))?.push(`${at} ${offset}`);
    [lastName, lastOffset] = [path, offset];
  }
  return found;
}

describe("zone files of this machine", () => {
  test.skipIf(!zdump || !hasZoneFolder)(
    "change when zdump says, every zone, 1970 to 2037 (skipped without zdump)",
    () => {
      const names = systemZoneNames();
      expect(names.length).toBeGreaterThan(300);
      const dumped = dumpedChanges(names, 1970, 2038);
      const wrong = names.filter((name) => {
        const ours = changes(systemZone(name) as Zone, 1970, 2038);
        return ours.join() !== (dumped.get(name) ?? []).join();
      });
      expect(wrong).toEqual([]);
      expect(dumped.get("Europe/Berlin")?.length).toBe(116);
    },
  );

  test.skipIf(!zdump || !hasZoneFolder)("change when zdump says, far before and after (skipped without zdump)", () => {
    const names = [
      "Europe/Berlin",
      "America/New_York",
      "Asia/Jerusalem",
      "Africa/Casablanca",
      "Europe/Dublin",
      "America/Nuuk",
    ];
    const dumped = dumpedChanges(names, 1850, 2300);
    for (const name of names)
      expect([name, changes(systemZone(name) as Zone, 1850, 2300)]).toEqual([name, dumped.get(name)]);
  });
});

describe("TZif", () => {
  test("knows the time before the first change, between changes and after the last", () => {
    const zone = parseTzif(makeTzif({ times: [-5_000_000_000, 0, 1_000], offsets: [10, 3_600, 7_200] }), "X");
    const at = [-6_000_000_000, -5_000_000_000, -1, 0, 999, 1_000, 9_000_000_000];
    expect(at.map((each) => zone?.offsetAt(each))).toEqual([10, 3_600, 3_600, 7_200, 7_200, 10, 10]);
    expect(zone?.name).toBe("X");
  });

  test("follows the rule at the end after the last change only", () => {
    const footer = "CET-1CEST,M3.5.0,M10.5.0/3";
    const zone = parseTzif(makeTzif({ times: [wall("20200201")], offsets: [0, 3_600], footer }), "X");
    expect(changes(zone as Zone, 2019, 2021)).toEqual([
      "20200201T000000Z 3600",
      "20200329T010000Z 7200",
      "20201025T010000Z 3600",
    ]);
    expect(changes(zone as Zone, 9_000, 9_001)).toEqual(["90000330T010000Z 7200", "90001026T010000Z 3600"]);
  });

  test("without any change is what its rule says, else its first type", () => {
    expect(parseTzif(makeTzif({ offsets: [0], footer: "<+0530>-5:30" }), "X")?.offsetAt(0)).toBe(19_800);
    expect(parseTzif(makeTzif({ offsets: [-1_172] }), "X")?.offsetAt(0)).toBe(-1_172);
  });

  test("of version 1 has 32-bit times and no rule", () => {
    const zone = parseTzif(makeTzif({ version: 1, times: [-100, 100], offsets: [1, 2] }), "X");
    expect([-101, -100, 100].map((at) => zone?.offsetAt(at))).toEqual([1, 2, 1]);
  });

  test.each([2, 3, 4])("of version %i is read from its place in a longer buffer", (version) => {
    const bytes = makeTzif({ version, offsets: [60] });
    const longer = new Uint8Array(bytes.length + 7);
    longer.set(bytes, 7);
    expect(parseTzif(longer.subarray(7), "X")?.offsetAt(0)).toBe(60);
  });

  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("# tzdb links and rules, which is a long line of text and no zone at all")],
    ["an unknown version", makeTzif({ version: 5 })],
    ["no types", makeTzif({ offsets: [] })],
    ["a type that is not there", makeTzif({ times: [0], indexes: [7] })],
    ["times out of order", makeTzif({ times: [5, 4], offsets: [0, 1] })],
    ["a time twice", makeTzif({ times: [5, 5], offsets: [0, 1] })],
    ["an offset beyond 26 hours", makeTzif({ offsets: [93_601] })],
    ["leap seconds", makeTzif({ leapSeconds: 27 })],
    ["a rule that is none", makeTzif({ footer: "EST5EDT" })],
    ["a rule without end", makeTzif({ footer: "A".repeat(500) })],
  ])("refuses %s", (_, bytes) => {
    expect(parseTzif(bytes, "X")).toBeUndefined();
  });

  test("is refused when cut anywhere", () => {
    const bytes = makeTzif({ times: [1, 2], offsets: [0, 3_600], footer: "CET-1" });
    expect(parseTzif(bytes, "X")).toBeDefined();
    for (let length = 0; length < bytes.length; length++)
      expect(parseTzif(bytes.subarray(0, length), "X")).toBeUndefined();
  });

  test("never throws, whatever bytes are altered, and its periods hold together", () => {
    const original = makeTzif({ times: [1, 2], offsets: [0, 3_600], footer: "CET-1CEST,M3.5.0,M10.5.0/3" });
    const alteration = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    fc.assert(
      fc.property(
        fc.array(alteration, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: -1e10, max: 1e11 }),
        (altered, at) => {
          const bytes = original.slice();
          for (const [index, value] of altered) bytes[index] = value;
          const period = parseTzif(bytes, "X")?.periodAt(at);
          return !period || (period.from <= at && at < period.until);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("POSIX rules", () => {
  test.each<[string, number, readonly string[]]>([
    ["CET-1CEST,M3.5.0,M10.5.0/3", 2026, ["20260329T010000 7200", "20261025T010000 3600"]],
    ["EST5EDT,M3.2.0,M11.1.0", 2026, ["20260308T070000 -14400", "20261101T060000 -18000"]],
    ["NZST-12NZDT,M9.5.0,M4.1.0/3", 2026, ["20260404T140000 43200", "20260926T140000 46800"]],
    ["<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026, ["20260329T010000 -3600", "20261025T010000 -7200"]],
    ["IST-2IDT,M3.4.4/26,M10.5.0", 2026, ["20260327T000000 10800", "20261024T230000 7200"]],
    ["IST-1GMT0,M10.5.0,M3.5.0/1", 2026, ["20260329T010000 3600", "20261025T010000 0"]],
    ["AAA3BBB,J60,J300", 2024, ["20240301T050000 -7200", "20241027T040000 -10800"]],
    ["AAA3BBB,J60,J300", 2025, ["20250301T050000 -7200", "20251027T040000 -10800"]],
    ["AAA3BBB,59,300", 2024, ["20240229T050000 -7200", "20241027T040000 -10800"]],
    ["AAA3:30:15BBB2:15,59/1:00:01,300/-167", 2025, ["20250301T043016 -8100", "20251021T031500 -12615"]],
    ["<+0530>-5:30", 2026, []],
  ])("%s in %i", (text, year, expected) => {
    const rule = parsePosixRule(text);
    expect(rule && posixOnsets(rule, year).map(({ at, offset }) => `${formatWall(at)} ${offset}`)).toEqual(expected);
  });

  test("may keep daylight saving time all the year round", () => {
    const zone = parseTzif(makeTzif({ footer: "EST5EDT,0/0,J365/25" }), "X");
    expect(zone?.offsetAt(wall("20260701"))).toBe(-14_400);
    expect(changes(zone as Zone, 2020, 2030)).toEqual([]);
  });

  test.each([
    ["", "EST", "5", "EST5EDT", "EST25", "EST5:60", "ES5", "<E>5", "CET-1CEST,M3.5.0", "CET-1CEST,M13.1.0,M10.5.0"],
    ["CET-1CEST,M0.1.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J9"],
    ["CET-1CEST,J366,J9", "CET-1CEST,366,9", "CET-1CEST,1/168,9", "CET-1CEST,1,9,", "CET-1 CEST,1,9", "CET-1CEST,1/,9"],
  ])("refuse what is none: %j and others", (...texts) => {
    for (const text of texts) expect([text, parsePosixRule(text)]).toEqual([text, undefined]);
  });
});
