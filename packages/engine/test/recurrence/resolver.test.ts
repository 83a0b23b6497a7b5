import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDateTime } from "../../src/icalendar/date-time.ts";
import { defaultLimits, maxCachedZones } from "../../src/limits.ts";
import { intlZoneProvider } from "../../src/recurrence/intl-zone.ts";
import { resolveInstant } from "../../src/recurrence/resolve.ts";
import { makeZoneResolver } from "../../src/recurrence/resolver.ts";
import { windowsZone } from "../../src/recurrence/windows-names.ts";
import { windowsZones } from "../../src/recurrence/windows-zones.ts";
import { fixedZone, type ZoneProvider } from "../../src/recurrence/zone.ts";
import { component, testProvider, wall } from "./zone-helpers.ts";

/** A VTIMEZONE whose offset, two minutes past the hour, no real zone has. */
function own(tzid: string, ...more: readonly string[]) {
  const standard = [
    "BEGIN:STANDARD",
    "DTSTART:16010101T000000",
    "TZOFFSETFROM:+0102",
    "TZOFFSETTO:+0102",
    "END:STANDARD",
  ];
  return component("BEGIN:VTIMEZONE", `TZID:${tzid}`, ...more, ...standard, "END:VTIMEZONE");
}

/** A VTIMEZONE without observances. */
function empty(tzid: string, ...more: readonly string[]) {
  return component("BEGIN:VTIMEZONE", `TZID:${tzid}`, ...more, "END:VTIMEZONE");
}

const ownOffset = 3_720;
const july = wall("20200701T000000");

describe("a TZID", () => {
  test.each<[string, string]>([
    ["Europe/Berlin", "Europe/Berlin"],
    ["europe/berlin", "Europe/Berlin"],
    [" Europe/Berlin", "Europe/Berlin"],
    ['"Europe/Berlin"', "Europe/Berlin"],
    ["America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"],
    ["/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"],
    ["/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"],
    ["/softwarestudio.org/Olson_20011030_5/America/Denver", "America/Denver"],
    ["/example.org/20050126_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"],
    ["/example.org/Europe/Berlin 1", "Europe/Berlin"],
    ["Europe/Berlin-2", "Europe/Berlin"],
    ["Etc/GMT+5", "Etc/GMT+5"],
    ["Japan", "Asia/Tokyo"],
    ["W. Europe Standard Time", "Europe/Berlin"],
    ["w. europe  standard time", "Europe/Berlin"],
    ["Pacific Standard Time (Mexico)", "America/Tijuana"],
    ["Eastern", "America/New_York"],
    ["Arabian", "Asia/Dubai"],
    ["Western/Central Europe", "Europe/Berlin"],
    ["Beijing", "Asia/Shanghai"],
    ["Pacific Time", "America/Los_Angeles"],
    ["Pacific Time (US & Canada), Tijuana", "America/Los_Angeles"],
    ["(GMT-08.00) Pacific Time (US & Canada)/Tijuana", "America/Los_Angeles"],
    ["(GMT-08.00) Pacific Time (US & Canada) / Tijuana", "America/Los_Angeles"],
    ["(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"],
    ["(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vie", "Europe/Berlin"],
    ["(GMT+05.30) Calcutta/Chennai/Mumbai/New Delhi/India Standard Ti", "Asia/Kolkata"],
    ["Chennai\\, Kolkata\\, Mumbai\\, New Delhi", "Asia/Kolkata"],
    ["(UTC-03:00) Brasília", "America/Sao_Paulo"],
    ["(UTC+07:00) Bangkok, Hanoi, Jakarta", "Asia/Bangkok"],
    ["(GMT) Casablanca", "Africa/Casablanca"],
    ["(GMT+02.00) Athens / Beirut / Istanbul / Minsk", "Europe/Bucharest"],
    ["Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London", "Europe/London"],
  ])("%s is %s", (tzid, name) => {
    const resolve = makeZoneResolver([], testProvider, defaultLimits);
    const expected = testProvider.zone(name);
    for (const at of [july, wall("20200101T000000"), wall("20071101T000000")]) {
      expect(resolve(tzid)?.offsetAt(at)).toBe(expected?.offsetAt(at));
    }
  });

  test.each<[string, number]>([
    ["UTC", 0],
    ["Z", 0],
    ["tzone://Microsoft/Utc", 0],
    ["/example.org/UTC", 0],
    ["UTC-07", -25_200],
    ["UTC+05:30", 19_800],
    ["GMT -0800", -28_800],
    ["UTC-09", -32_400],
  ])("%s is %i seconds from UTC", (tzid, offset) => {
    const none: ZoneProvider = { zone: (name) => (name === "Etc/GMT+9" ? fixedZone(name, -32_400) : undefined) };
    expect(makeZoneResolver([], none, defaultLimits)(tzid)?.offsetAt(july)).toBe(offset);
  });

  test.each([
    "",
    '""',
    "Customized Time Zone",
    "America/Log_Angeles",
    "BRT",
    "13",
    "UTC+15",
    "UTC+01:60",
    "__proto__",
    "constructor",
  ])("%j is nobody's without a VTIMEZONE", (tzid) =>
    expect(makeZoneResolver([], testProvider, defaultLimits)(tzid)).toBeUndefined(),
  );

  test.each<[string, string]>([
    ["Customized Time Zone", "Customized Time Zone"],
    ["tzone://Microsoft/Custom", "tzone://Microsoft/Custom"],
    ["W. Europe Standard Time", "W. Europe Standard Time"],
    ["Pacific Time (US & Canada)\\, Tijuana", "Pacific Time (US & Canada),Tijuana"],
    ["(UTC-03:00) Brasília", "(UTC-03:00) brasília"],
    ["EST", "EST"],
    ["13", '"13"'],
    ["GMT -0800 (Standard) / GMT -0700 (Daylight)", "GMT -0800 (Standard) / GMT -0700 (Daylight)"],
    ["__proto__", "__proto__"],
  ])("written %s in its VTIMEZONE and %s beside a time is that VTIMEZONE's", (written, used) => {
    expect(makeZoneResolver([own(written)], testProvider, defaultLimits)(used)?.offsetAt(july)).toBe(ownOffset);
  });

  test.each([
    ["Chennai\\, Kolkata\\, Mumbai\\, New Delhi", "escaped"],
    ["Chennai, Kolkata, Mumbai, New Delhi", "bare"],
    ['"Chennai, Kolkata, Mumbai, New Delhi"', "quoted"],
    ['"Chennai\\, Kolkata\\, Mumbai\\, New Delhi"', "quoted and escaped"],
  ])("%s, its commas %s, is one name", (written) => {
    const property = { name: "DTSTART", parameters: [{ name: "TZID", value: written }], value: "20270101T090000" };
    const value = readDateTime(property);
    expect(value).toMatchObject({ kind: "zoned", tzid: "Chennai, Kolkata, Mumbai, New Delhi" });
    const zones = makeZoneResolver([own("Chennai\\, Kolkata\\, Mumbai\\, New Delhi")], testProvider, defaultLimits);
    expect(value && resolveInstant(value, zones)).toBe(wall("20270101T090000") - ownOffset);
  });

  test.each(["Europe/Berlin", "/example.org/Europe/Berlin"])(
    "%s has IANA's data even beside its own VTIMEZONE",
    (tzid) => {
      expect(makeZoneResolver([own(tzid)], testProvider, defaultLimits)(tzid)?.offsetAt(july)).toBe(7_200);
    },
  );

  test("whose first VTIMEZONE is unusable has the second", () => {
    expect(makeZoneResolver([empty("A"), own("A")], testProvider, defaultLimits)("A")?.offsetAt(july)).toBe(ownOffset);
  });

  test.each(["Europe/Berlin", "W. Europe Standard Time"])(
    "whose VTIMEZONE is unusable is its X-LIC-LOCATION, %s",
    (location) => {
      const resolve = makeZoneResolver([empty("A", `X-LIC-LOCATION:${location}`)], testProvider, defaultLimits);
      expect(resolve("A")?.offsetAt(july)).toBe(7_200);
      expect(
        makeZoneResolver([own("A", `X-LIC-LOCATION:${location}`)], testProvider, defaultLimits)("A")?.offsetAt(july),
      ).toBe(ownOffset);
    },
  );

  test("beyond maxZones VTIMEZONEs is not found", () => {
    const resolve = makeZoneResolver([own("A"), own("B")], testProvider, { ...defaultLimits, maxZones: 1 });
    expect([resolve("A")?.offsetAt(july), resolve("B")]).toEqual([ownOffset, undefined]);
  });
});

describe("a resolver", () => {
  test("asks the provider once for each TZID, and again only when it has too many to remember", () => {
    const asked: string[] = [];
    const provider: ZoneProvider = { zone: (name) => (asked.push(name), undefined) };
    const resolve = makeZoneResolver([], provider, defaultLimits);
    resolve("A/B");
    const once = asked.length;
    resolve("A/B");
    expect(asked.length).toBe(once);
    for (let i = 0; i < maxCachedZones; i++) resolve(`A/x${i}y`);
    const full = asked.length;
    resolve("A/B");
    expect(asked.length).toBe(full + once);
  });

  test("asks a provider only harmless names, and does not throw, whatever the TZID", () => {
    const asked: string[] = [];
    const provider: ZoneProvider = { zone: (name) => (asked.push(name), undefined) };
    const piece = fc.constantFrom(
      "..",
      "/",
      "/",
      "\\",
      "Europe",
      "Berlin",
      "\0",
      " 1",
      "(UTC+01:00) ",
      ",",
      "é",
      "%2e",
      "\n",
      '"',
      "-",
      "9",
    );
    const tzid = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(tzid, (text) => {
        makeZoneResolver([own(text.replace(/\n/g, " "))], provider, defaultLimits)(text);
        makeZoneResolver([], provider, defaultLimits)(text);
      }),
      { numRuns: 2_000 },
    );
    makeZoneResolver([], provider, defaultLimits)("A/".repeat(1_000_000));
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((name) => !/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name))).toEqual([]);
  });
});

describe("the Windows names", () => {
  const rows = windowsZones
    .trim()
    .split("\n")
    .map((row) => row.split(","));

  test("all stand for zones that exist", () => {
    expect(rows.length).toBeGreaterThan(135);
    for (const [zone = "", name = "", ...places] of rows) {
      expect(testProvider.zone(zone), zone).toBeDefined();
      expect(intlZoneProvider.zone(zone), zone).toBeDefined();
      for (const written of [name, `${name.toUpperCase()} Standard Time`]) expect(windowsZone(written)).toBe(zone);
      for (const place of places) {
        const shown = place === "=" ? zone.replace(/.*\//, "").replace(/_/g, " ") : place;
        expect(windowsZone(`(UTC+01:00) ${shown}, Elsewhere`), shown).toBe(zone);
      }
    }
  });

  test("are told once, as they are looked up", () => {
    const names = rows.map(([, name = ""]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name !== name.toLowerCase() || name.includes("standard time"))).toEqual([]);
    expect(rows.flatMap(([, , ...places]) => places).filter((place) => !/^(?:=|[a-z]+)$/.test(place))).toEqual([]);
  });
});
