import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseCalendar } from "../../src/icalendar/parse.ts";
import { type CalendarInspection, inspectCalendar } from "../../src/itip/inspect.ts";
import { defaultLimits, type Limits } from "../../src/limits.ts";
import { intlZoneProvider } from "../../src/recurrence/intl-zone.ts";

const corpus = new URL("../../../../../shared/corpus/", import.meta.url);

describe("inspectCalendar", () => {
  const master = ["UID:1", "DTSTAMP:20270101T000000Z", "DTSTART:20270301T090000Z", "SEQUENCE:2", "SUMMARY:Tea\\, cake"];
  const people = [
    "ORGANIZER:mailto:ann@example.test",
    "ATTENDEE:mailto:ann@example.test",
    "ATTENDEE:mailto:Bo@example.test",
  ];
  const override = [
    "UID:1",
    "DTSTAMP:20270105T000000Z",
    "DTSTART:20270309T100000Z",
    "SEQUENCE:2",
    "SUMMARY:Tea",
    ...people,
  ];

  test("a REQUEST of a series with an override", () => {
    const inspection = inspect(
      "METHOD:REQUEST",
      vevent(...master, ...people),
      vevent(...override, "RECURRENCE-ID;RANGE=THISANDFUTURE:20270308T090000Z", "ATTENDEE:mailto:cy@example.test"),
    );
    expect(inspection).toEqual({
      method: "REQUEST",
      writtenMethod: "REQUEST",
      product: "-//Test//EN",
      objects: [
        {
          type: "VEVENT",
          uid: "1",
          summary: "Tea, cake",
          revision: { sequence: 2, dtstamp: Date.UTC(2027, 0, 5) / 1_000 },
          originator: "ann@example.test",
          recipients: ["bo@example.test", "cy@example.test"],
          instances: [
            {
              key: "",
              revision: { sequence: 2, dtstamp: Date.UTC(2027, 0, 1) / 1_000 },
              attendees: 2,
              ruleProblems: [],
            },
            {
              key: "20270308T090000Z",
              range: "this-and-future",
              revision: { sequence: 2, dtstamp: Date.UTC(2027, 0, 5) / 1_000 },
              attendees: 3,
              ruleProblems: [],
            },
          ],
        },
      ],
      skipped: 0,
      violations: [],
      fatal: [],
      quirks: [],
      zoneProblems: [],
    });
  });

  test("what is odd with rules stands with its component, what is odd with zones with the calendar", () => {
    const { objects, zoneProblems } = inspect(
      vevent("UID:1", "DTSTART;TZID=BRT:20270301T090000", "RRULE:FREQ=DAILY;X=1"),
      vevent("UID:1", "RECURRENCE-ID:20270301", "EXRULE:FREQ=DAILY"),
    );
    expect(objects[0]?.instances.map(({ key, ruleProblems }) => [key, ruleProblems])).toEqual([
      ["", [{ kind: "unknown-part", part: "X" }]],
      ["20270301", [{ kind: "excluding-rule", part: "" }]],
    ]);
    expect(zoneProblems).toEqual([{ kind: "unknown-zone", tzid: "BRT" }]);
  });

  test.each([
    ["PUBLISH", "ann@example.test", []],
    ["ADD", "ann@example.test", ["bo@example.test"]],
    ["CANCEL", "ann@example.test", ["bo@example.test"]],
    ["DECLINECOUNTER", "ann@example.test", ["bo@example.test"]],
    ["REPLY", "bo@example.test", ["ann@example.test"]],
    ["REFRESH", "bo@example.test", ["ann@example.test"]],
    ["COUNTER", "bo@example.test", ["ann@example.test"]],
  ])("%s: who speaks to whom", (method, originator, recipients) => {
    const { objects } = inspect(`METHOD:${method}`, vevent(...master, people[0] ?? "", people[2] ?? ""));
    expect(objects.map((object) => [object.originator, object.recipients])).toEqual([[originator, recipients]]);
  });

  test("a calendar that is no message is told by object, and judged by no table", () => {
    const { method, objects, violations } = inspect(
      vevent("UID:1"),
      vevent("UID:2"),
      vevent("UID:1", "RECURRENCE-ID:20270301"),
    );
    expect([method, violations]).toEqual([null, []]);
    expect(objects.map(({ uid, instances }) => [uid, instances.map(({ key }) => key)])).toEqual([
      ["1", ["", "20270301"]],
      ["2", [""]],
    ]);
  });

  test("an unknown METHOD is told as it stands", () => {
    expect(inspect("METHOD:EXPORT", vevent("UID:1"))).toMatchObject({
      method: null,
      writtenMethod: "EXPORT",
      violations: [],
    });
  });

  test("violations name their section, the fatal ones apart, and quirks stand beside", () => {
    const { violations, fatal, quirks } = inspect(
      "METHOD:REPLY",
      vevent("UID:1", "SEQUENCE:0", "DTSTAMP:20270101T000000Z"),
    );
    expect(violations.map(({ rule, name }) => `${rule} ${name}`)).toEqual([
      "RFC 5546 §3.2.3 ATTENDEE",
      "RFC 5546 §3.2.3 ORGANIZER",
    ]);
    expect(fatal).toEqual(violations.slice(0, 1));
    expect(quirks).toEqual(["reply-without-organizer"]);
  });

  test("what is beyond the limits is counted, not read", () => {
    const limits: Limits = { ...defaultLimits, maxAttendees: 1, maxOverrides: 1 };
    const components = [vevent("UID:1", ...people), vevent("UID:2"), vevent("UID:2"), vevent("UID:2")];
    const { objects, skipped } = inspectWith(limits, ...components);
    expect([objects.map(({ uid, instances }) => `${uid} x ${instances.length}`), skipped]).toEqual([["2 x 2"], 2]);
  });
});

describe("all .ics files of the corpus", () => {
  const present = existsSync(corpus);
  const run = present ? test : test.skip;
  run(`agree with its index${present ? "" : " (SKIPPED: no ../shared/corpus)"}`, () => {
    const differences: string[] = [];
    for (const row of readIndex()) {
      if (!row.file.endsWith(".ics")) continue;
      const { calendar } = parseCalendar(new Uint8Array(readFileSync(new URL(row.file, corpus))), defaultLimits);
      const inspection = calendar && inspectCalendar(calendar, { zones: intlZoneProvider, limits: defaultLimits });
      const types = [...new Set(inspection?.objects.map(({ type }) => type))].sort().join("+");
      const found = `${inspection?.writtenMethod?.toUpperCase() ?? ""} ${types}`;
      if (found !== `${row.method} ${row.component}`) differences.push(`${row.file}: ${found}`);
      for (const { rule } of inspection?.violations ?? []) expect(rule).toMatch(/^RFC 5546 §(3|1\.4)/);
    }
    expect(differences).toEqual([]);
  });

  run(`show every quirk that is said of a product${present ? "" : " (SKIPPED: no ../shared/corpus)"}`, () => {
    const seen = new Set<string>();
    for (const folder of readdirSync(corpus, { withFileTypes: true })) {
      if (!folder.isDirectory()) continue;
      for (const file of readdirSync(new URL(`${folder.name}/`, corpus))) {
        if (!file.endsWith(".ics")) continue;
        const { calendar } = parseCalendar(
          new Uint8Array(readFileSync(new URL(`${folder.name}/${file}`, corpus))),
          defaultLimits,
        );
        const inspection = calendar && inspectCalendar(calendar, { zones: intlZoneProvider, limits: defaultLimits });
        for (const quirk of inspection?.quirks ?? []) seen.add(quirk);
      }
    }
    expect(seen.size).toBeGreaterThan(15);
  });
});

interface IndexRow {
  readonly file: string;
  readonly method: string;
  readonly component: string;
}

function readIndex(): readonly IndexRow[] {
  const rows = readFileSync(new URL("index.csv", corpus), "utf8").split(/\r?\n/).slice(1);
  return rows.flatMap((row) => {
    const [file = "", , method = "", component = ""] = row.split(",");
    return file ? [{ file, method, component }] : [];
  });
}

function vevent(...lines: readonly string[]): string {
  return ["BEGIN:VEVENT", ...lines, "END:VEVENT"].join("\r\n");
}

function inspect(...lines: readonly string[]): CalendarInspection {
  return inspectWith(defaultLimits, ...lines);
}

function inspectWith(limits: Limits, ...lines: readonly string[]): CalendarInspection {
  const text = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", ...lines, "END:VCALENDAR", ""].join("\r\n");
  const { calendar } = parseCalendar(text, defaultLimits);
  if (!calendar) throw new Error("the test's own text is no calendar");
  return inspectCalendar(calendar, { zones: intlZoneProvider, limits });
}
