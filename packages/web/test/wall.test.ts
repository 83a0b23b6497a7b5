import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, apiTime, dateOf, daysBetween, instantOf, isDate, knownZone, wallTimeOf } from "../src/time/wall.ts";

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham"];
const minuteMs = 60_000;
const anyMinute = fc
  .integer({ min: Date.UTC(1975, 0, 1) / minuteMs, max: Date.UTC(2036, 0, 1) / minuteMs })
  .map((minute) => minute * minuteMs);

test.each([
  ["2027-03-01T09:30", "Europe/Berlin", "2027-03-01T08:30:00Z", "exact"],
  ["2027-07-01T09:30", "Europe/Berlin", "2027-07-01T07:30:00Z", "exact"],
  ["2027-03-28T01:59", "Europe/Berlin", "2027-03-28T00:59:00Z", "exact"],
  ["2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:30:00Z", "gap"],
  ["2027-03-28T03:00", "Europe/Berlin", "2027-03-28T01:00:00Z", "exact"],
  ["2027-10-31T02:30", "Europe/Berlin", "2027-10-31T00:30:00Z", "fold"],
  ["2027-10-31T03:00", "Europe/Berlin", "2027-10-31T02:00:00Z", "exact"],
  ["2027-03-14T02:15", "America/New_York", "2027-03-14T07:15:00Z", "gap"],
  ["2027-11-07T01:15", "America/New_York", "2027-11-07T05:15:00Z", "fold"],
  ["2027-04-04T01:45", "Australia/Lord_Howe", "2027-04-03T14:45:00Z", "fold"],
  ["2011-12-30T12:00", "Pacific/Apia", "2011-12-30T22:00:00Z", "gap"],
  ["2027-03-01T09:30", "Asia/Kathmandu", "2027-03-01T03:45:00Z", "exact"],
])("%s in %s is %s (%s)", (wall, zone, instant, fit) => {
  const resolved = instantOf(wall, zone);
  expect(resolved && { instant: apiTime(resolved.instant), fit: resolved.fit }).toEqual({ instant, fit });
});

test.each(["", "2027-02-29T10:00", "2027-13-01T10:00", "2027-01-01T24:00", "2027-01-01", "01.03.2027 10:00"])(
  "%j is no wall time",
  (text) => expect(instantOf(text, "UTC")).toBeNull(),
);

test("an instant's wall time leads back to it, or to the first pass of a fold", () => {
  fc.assert(
    fc.property(anyMinute, fc.constantFrom(...zones), (instant, zone) => {
      const resolved = instantOf(wallTimeOf(instant, zone), zone);
      expect(resolved?.fit).not.toBe("gap");
      if (resolved?.fit === "exact") expect(resolved.instant).toBe(instant);
      else expect(resolved?.instant).toBeLessThanOrEqual(instant);
    }),
  );
});

test("a wall time's instant shows that wall time, but in a gap a later one", () => {
  fc.assert(
    fc.property(anyMinute, fc.constantFrom(...zones), (naive, zone) => {
      const wall = wallTimeOf(naive, "UTC");
      const resolved = instantOf(wall, zone);
      const shown = resolved && wallTimeOf(resolved.instant, zone);
      if (resolved?.fit === "gap") expect(shown && shown > wall).toBe(true);
      else expect(shown).toBe(wall);
    }),
  );
});

test("dates count in the zone, over leap days and years", () => {
  expect(dateOf(Date.UTC(2027, 2, 1, 23, 30), "Europe/Berlin")).toBe("2027-03-02");
  expect(addDays("2028-02-28", 2)).toBe("2028-03-01");
  expect(daysBetween("2027-12-30", "2028-01-02")).toBe(3);
  expect([isDate("2028-02-29"), isDate("2027-02-29"), isDate("2027-2-1")]).toEqual([true, false, false]);
});

test("a zone the browser does not know is UTC, in name and in time", () => {
  expect(knownZone("Mars/Olympus")).toBe("UTC");
  expect(knownZone("Europe/Berlin")).toBe("Europe/Berlin");
  expect(wallTimeOf(Date.UTC(2027, 2, 1, 9), "Mars/Olympus")).toBe("2027-03-01T09:00");
});
