import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import ical from "ical.js";
import { beforeAll, describe, expect, test } from "vitest";
import type { Component } from "../../src/icalendar/component.ts";
import { formatCalendar } from "../../src/icalendar/format.ts";
import { defaultLimits, maxVtimezoneChanges, maxVtimezoneYears } from "../../src/limits.ts";
import { compareZones } from "../../src/recurrence/compare-zones.ts";
import { intlZoneProvider } from "../../src/recurrence/intl-zone.ts";
import { makeVtimezone } from "../../src/recurrence/make-vtimezone.ts";
import { zoneFromVtimezone } from "../../src/recurrence/vtimezone.ts";
import { fixedZone, type Zone, type ZonePeriod, type ZoneProvider } from "../../src/recurrence/zone.ts";
import { builtInZoneNames, builtInZones } from "../../src/recurrence/zone-data/index.ts";
import { startOfYear } from "../../src/recurrence/zone-years.ts";

const years = (from: number, to: number) => ({ from: startOfYear(from), to: startOfYear(to) - 1 });
const names = builtInZoneNames();

function make(name: string, from: number, to: number, provider: ZoneProvider = builtInZones): Component {
  const made = makeVtimezone(name, years(from, to), provider);
  if (!made) throw new Error(`no ${name}`);
  return made;
}

/** The observances as `STANDARD 20251102T020000 -0400 -0500 BYMONTH=11;BYDAY=1SU EST`. */
function lines(vtimezone: Component): readonly string[] {
  return vtimezone.components.map(({ name, properties }) =>
    [name, ...properties.map(({ value }) => value.replace("FREQ=YEARLY;", ""))].join(" "),
  );
}

function periodsOf(zone: Zone, from: number, to: number): readonly ZonePeriod[] {
  const periods: ZonePeriod[] = [];
  for (let at = startOfYear(from); at < startOfYear(to); at = zone.periodAt(at).until) {
    const period = { ...zone.periodAt(at), from: at };
    if (periods.at(-1)?.offset !== period.offset) periods.push(period);
  }
  return periods;
}

describe("the VTIMEZONE of", () => {
  test.each<[string, number, number, readonly string[]]>([
    [
      "America/New_York",
      2026,
      2028,
      [
        "STANDARD 20251102T020000 -0400 -0500 BYMONTH=11;BYDAY=1SU EST",
        "DAYLIGHT 20260308T020000 -0500 -0400 BYMONTH=3;BYDAY=2SU EDT",
      ],
    ],
    [
      "Europe/Berlin",
      1990,
      2027,
      [
        "STANDARD 19890924T030000 +0200 +0100 UNTIL=19950924T010000Z;BYMONTH=9;BYDAY=-1SU CET",
        "DAYLIGHT 19900325T020000 +0100 +0200 BYMONTH=3;BYDAY=-1SU CEST",
        "STANDARD 19961027T030000 +0200 +0100 BYMONTH=10;BYDAY=-1SU CET",
      ],
    ],
    ["Asia/Tokyo", 2026, 2027, ["STANDARD 19700101T000000 +0900 +0900 JST"]],
    ["Asia/Almaty", 2026, 2027, ["STANDARD 20240301T000000 +0600 +0500"]],
    [
      "Asia/Jerusalem",
      2026,
      2027,
      [
        "STANDARD 20251026T020000 +0300 +0200 BYMONTH=10;BYDAY=-1SU IST",
        "DAYLIGHT 20260327T020000 +0200 +0300 BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR IDT",
      ],
    ],
    [
      // The last Thursday at midnight, so a Friday that may be in November.
      "Africa/Cairo",
      2025,
      2027,
      [
        "STANDARD 20241101T000000 +0300 +0200 BYMONTH=11;BYMONTHDAY=1;BYDAY=FR EET",
        "DAYLIGHT 20250425T000000 +0200 +0300 BYMONTH=4;BYDAY=-1FR EEST",
        "STANDARD 20251031T000000 +0300 +0200 BYMONTH=10;BYMONTHDAY=26,27,28,29,30,31;BYDAY=FR EET",
      ],
    ],
    [
      // By the moon, so by no rule.
      "Africa/Casablanca",
      2024,
      2026,
      [
        "DAYLIGHT 20230423T020000 +0000 +0100 20230423T020000 20240414T020000 20250406T020000",
        "STANDARD 20240310T030000 +0100 +0000 20240310T030000 20250223T030000",
      ],
    ],
  ])("%s from %i to %i", (name, from, to, expected) => {
    const made = make(name, from, to);
    expect(made.properties).toEqual([{ name: "TZID", parameters: [], value: name }]);
    expect(lines(made)).toEqual(expected);
  });

  test("an unknown zone is none", () => {
    expect(makeVtimezone("Europe/Nowhere", years(2026, 2027), builtInZones)).toBeUndefined();
  });

  test("a zone of Intl is the same", () => {
    expect(lines(make("America/New_York", 2026, 2027, intlZoneProvider))).toEqual(
      lines(make("America/New_York", 2026, 2027)).map((line) => line.replace(/ E[SD]T$/, "")),
    );
  });

  test.each([
    [-Infinity, Infinity],
    [0, Infinity],
    [10, 0],
    [Infinity, Infinity],
  ])("a range from %d to %d is held within bounds", (from, to) => {
    const made = makeVtimezone("Europe/Berlin", { from, to }, builtInZones);
    expect(made?.components.length).toBeGreaterThan(0);
    expect(made?.components.length).toBeLessThan(60);
  });

  test("a zone that changes all the time has no more than the bound", () => {
    const restless: Zone = {
      ...fixedZone("X", 0),
      periodAt: (at) => {
        const hour = Math.floor(at / 3_600);
        return { from: hour * 3_600, until: (hour + 1) * 3_600, offset: (Math.abs(hour) % 2) * 3_600 };
      },
    };
    const made = makeVtimezone("X", years(2000, 2000 + maxVtimezoneYears), { zone: () => restless });
    const properties = made?.components.flatMap((one) => one.properties) ?? [];
    expect(properties.length).toBeGreaterThan(maxVtimezoneChanges);
    expect(properties.length).toBeLessThan(maxVtimezoneChanges + 20);
  });
});

describe("every zone's VTIMEZONE", () => {
  test.each([
    [1970, 2038],
    [2026, 2027],
    [2020, 2100],
  ])("read back gives the offsets of the zone, %i to %i", (from, to) => {
    const wrong = names.filter((name) => {
      const back = zoneFromVtimezone(make(name, from, to), defaultLimits);
      const zone = builtInZones.zone(name);
      return !back || !zone || compareZones(zone, back, years(from, to)).kind !== "same";
    });
    expect(wrong).toEqual([]);
    expect(names.length).toBeGreaterThan(500);
  });

  test("is short where the law is simple", () => {
    const counts = names.map((name) => make(name, 2026, 2028).components.length);
    expect(counts.filter((count) => count > 2).length).toBeLessThan(10);
  });
});

describe("other programs read the same offsets of every zone", () => {
  interface Case {
    readonly name: string;
    readonly text: string;
    readonly periods: readonly ZonePeriod[];
  }
  // ical.js and python3-icalendar know no seconds in an offset.
  const casesOf = (from: number, to: number): readonly Case[] =>
    names
      .map((name) => ({
        name,
        text: formatCalendar(make(name, from, to)),
        periods: periodsOf(builtInZones.zone(name) as Zone, from, to),
      }))
      .filter(({ periods }) => periods.every(({ offset }) => offset % 60 === 0));

  test("ical.js, a day after each change and a day before the next", () => {
    const wrong = casesOf(1970, 2037).flatMap(({ name, text, periods }) => {
      const component = new ical.Component(ical.parse(text) as unknown[]);
      const read = new ical.Timezone({ component, tzid: name });
      return periods
        .filter(({ from, until }) => until - from > 3 * 86_400)
        .flatMap(({ from, until, offset }) =>
          [from + 86_400, Math.min(until, startOfYear(2037)) - 86_400].map((at) => ({ name, at, offset })),
        )
        .filter(({ at, offset }) => read.utcOffset(icalTime(at + offset)) !== offset);
    });
    expect(wrong).toEqual([]);
  });

  const python = "/usr/bin/python3";
  const cases: Readonly<Record<string, readonly Case[]>> = {
    libical: casesOf(1970, 2037),
    // It refuses an UNTIL in UTC, which RFC 5545 §3.6.5 asks for.
    "python3-icalendar": casesOf(2026, 2037).filter(({ text }) => !text.includes("UNTIL")),
  };
  let answers: Readonly<Record<string, readonly (readonly number[] | null)[]>> = {};
  beforeAll(() => {
    if (!existsSync(python)) return;
    const asked = Object.entries(cases).map(([program, list]) => [
      program,
      list.map(({ text, periods }) => [text, instantsOf(periods)]),
    ]);
    const input = JSON.stringify(Object.fromEntries(asked));
    const script = join(import.meta.dirname, "read-vtimezones.py");
    const done = spawnSync(python, [script], { input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    if (done.status !== 0) throw new Error(done.stderr);
    answers = JSON.parse(done.stdout);
  }, 60_000);

  test.each(Object.entries(cases))("%s, at every change (skipped without it)", (program, list) => {
    const answer = answers[program];
    if (!answer) return console.warn(`skipped: this machine has no ${program}`);
    const wrong = list.filter(({ name, periods }, i) => {
      const zone = builtInZones.zone(name) as Zone;
      const offsets = instantsOf(periods).map((at) => zone.offsetAt(at));
      return offsets.join() !== answer[i]?.join();
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(list.length).toBeGreaterThan(500);
  });
});

/** The first instant, and both sides of each change. */
function instantsOf(periods: readonly ZonePeriod[]): readonly number[] {
  return periods.flatMap(({ from }, i) => (i === 0 ? [from] : [from - 1, from]));
}

function icalTime(wall: number): ical.Time {
  const at = new Date(wall * 1_000);
  return ical.Time.fromData({
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  });
}
