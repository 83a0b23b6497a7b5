import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Component, makeComponent } from "../../src/icalendar/component.ts";
import { checkRestrictions, fatalViolations } from "../../src/itip/restrictions/check.ts";
import { bounds } from "../../src/itip/restrictions/restriction.ts";
import { statusFor } from "../../src/itip/restrictions/status.ts";
import { type Method, methods } from "../../src/model/method.ts";
import { formatStatusCode } from "../../src/model/request-status.ts";
import { allTables, makeMessage, property, withCount } from "./all-tables.ts";

describe("checkRestrictions", () => {
  test("a message made of a table keeps it, and breaking any one cell is told with its name", () => {
    for (const { type, method, table } of allTables()) {
      const good = makeMessage(type, method, table);
      expect(checkRestrictions({ method, calendar: good }), table.rule).toEqual([]);
      for (const [name, presence] of Object.entries({ ...table.properties, ...table.unprinted?.properties })) {
        const { least, most } = bounds[presence];
        const counts = [...(least > 0 ? [0] : []), ...(Number.isFinite(most) ? [most + 1] : [])];
        for (const count of counts) {
          const expected = count < least ? "missing" : most === 0 ? "forbidden" : "too-many";
          const found = checkRestrictions({ method, calendar: withCount(good, type, name, count) });
          // A COUNTER may leave out SEQUENCE when it is 0; the lines of one address are one answer.
          const mended =
            (table.readings?.[name] === "absent-if-zero" && count === 0) ||
            (table.readings?.[name] === "delegation" && count > 1);
          const told = found.some((violation) => violation.name === name && violation.problem === expected);
          expect(told, `${table.rule} ${name} x ${count}`).toBe(!mended);
        }
      }
    }
  });

  const event = (...lines: readonly string[]) => makeComponent("VEVENT", lines.map(property));
  const calendarOf = (method: Method, ...components: readonly Component[]) =>
    makeComponent("VCALENDAR", ["VERSION:2.0", "PRODID:x", `METHOD:${method}`].map(property), components);
  const request = [
    "UID:1",
    "DTSTAMP:20270101T000000Z",
    "DTSTART:20270301T090000Z",
    "ORGANIZER:mailto:a@example.test",
    "ATTENDEE:mailto:b@example.test",
    "SUMMARY:",
  ];
  const reply = [request[0] ?? "", request[1] ?? "", request[3] ?? ""];
  const delegator = "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=mailto:e@example.test:mailto:c@example.test";
  const delegate = "ATTENDEE;DELEGATED-FROM=mailto:c@example.test:mailto:e@example.test";

  test.each<[string, Method, readonly Component[], readonly string[]]>([
    ["a REQUEST", "REQUEST", [event(...request)], []],
    ["UIDs that differ", "REQUEST", [event(...request), event("UID:2", ...request.slice(1))], ["UID invalid fatal"]],
    [
      "DTEND beside DURATION",
      "REQUEST",
      [event(...request, "DTEND:20270301T100000Z", "DURATION:PT1H")],
      ["DURATION forbidden"],
    ],
    ["a STATUS it cannot have", "REQUEST", [event(...request, "STATUS:COMPLETED")], ["STATUS invalid"]],
    [
      "a RECURRENCE-ID that says nothing",
      "REQUEST",
      [event(...request, "RECURRENCE-ID:soon")],
      ["RECURRENCE-ID invalid fatal"],
    ],
    [
      "a DTSTART that says nothing",
      "REQUEST",
      [event(...request.filter((line) => !line.startsWith("DTSTART")), "DTSTART:soon")],
      ["DTSTART invalid fatal"],
    ],
    [
      "a TZID nobody defines",
      "REQUEST",
      [event(...request, "EXDATE;TZID=Here:20270301T090000")],
      ["VTIMEZONE missing"],
    ],
    ["a TZID that means nothing", "REQUEST", [event(...request, "EXDATE;TZID=Here:20270301T090000Z")], []],
    [
      "an alarm without TRIGGER",
      "REQUEST",
      [{ ...event(...request), components: [makeComponent("VALARM", [property("ACTION:DISPLAY")])] }],
      ["TRIGGER missing"],
    ],
    ["a VTODO beside it", "REQUEST", [event(...request), makeComponent("VTODO")], ["VTODO forbidden fatal"]],
    ["unknown things", "REQUEST", [event(...request, "COLOR:red", "X-A:1"), makeComponent("X-B")], []],
    ["nothing to schedule", "REQUEST", [], ["VEVENT missing fatal"]],
    ["a REPLY of nobody", "REPLY", [event(...reply)], ["ATTENDEE missing fatal"]],
    [
      "a REPLY of two",
      "REPLY",
      [event(...reply, "ATTENDEE:mailto:b@example.test", "ATTENDEE:mailto:c@example.test")],
      ["ATTENDEE too-many fatal"],
    ],
    [
      "a REPLY that names its sender twice",
      "REPLY",
      [event(...reply, "ATTENDEE:mailto:b@example.test", "ATTENDEE:MAILTO:B@example.test")],
      [],
    ],
    ["a delegator's REPLY, RFC 5546 §4.2.5", "REPLY", [event(...reply, delegator, delegate)], []],
    [
      "a delegation and somebody else",
      "REPLY",
      [event(...reply, delegator, delegate, "ATTENDEE:mailto:x@example.test")],
      ["ATTENDEE too-many fatal"],
    ],
    ["an ADD that is no revision", "ADD", [event(...request, "SEQUENCE:0")], ["SEQUENCE invalid"]],
    ["a CANCEL that is tentative", "CANCEL", [event(...request, "SEQUENCE:1", "STATUS:TENTATIVE")], ["STATUS invalid"]],
    ["a METHOD no VJOURNAL has", "REPLY", [makeComponent("VJOURNAL")], ["METHOD forbidden fatal"]],
    [
      "a REPLY as products send it",
      "REPLY",
      [event("UID:1", "ATTENDEE:mailto:b@example.test")],
      ["DTSTAMP missing", "ORGANIZER missing"],
    ],
  ])("%s", (_name, method, components, expected) => {
    const violations = checkRestrictions({ method, calendar: calendarOf(method, ...components) });
    const fatal = new Set(fatalViolations(violations));
    expect(
      violations.map((violation) => `${violation.name} ${violation.problem}${fatal.has(violation) ? " fatal" : ""}`),
    ).toEqual(expected);
  });

  test("time zones: an observance has local times, and not both RDATE and RRULE (erratum 3932)", () => {
    const observance = (name: string, ...lines: readonly string[]) =>
      makeComponent(name, ["TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", ...lines].map(property));
    const zone = (...children: readonly Component[]) => makeComponent("VTIMEZONE", [property("TZID:Here")], children);
    const found = (timezone: Component) =>
      checkRestrictions({ method: "REQUEST", calendar: calendarOf("REQUEST", timezone, event(...request)) }).map(
        ({ rule, name, problem }) => `${rule} ${name} ${problem}`,
      );
    expect(found(zone(observance("STANDARD", "DTSTART:19700101T000000")))).toEqual([]);
    expect(found(zone(observance("STANDARD", "DTSTART:19700101T000000Z")))).toEqual([
      "RFC 5546 §3.1.2 DTSTART invalid",
    ]);
    const both = ["DTSTART:19700101T000000", "RDATE:19710101T000000", "RRULE:FREQ=YEARLY"];
    expect(found(zone(observance("DAYLIGHT", ...both)))).toEqual(["RFC 5546 §3.1.2 RRULE forbidden"]);
    expect(found(zone())).toEqual(["RFC 5546 §3.1.2 STANDARD missing"]);
  });

  test("a REPLY may define as many zones as it uses, for all the table's 0 or 1", () => {
    const zone = (tzid: string) =>
      makeComponent(
        "VTIMEZONE",
        [property(`TZID:${tzid}`)],
        [
          makeComponent(
            "STANDARD",
            ["DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100"].map(property),
          ),
        ],
      );
    const times = ["DTSTART;TZID=Here:20270301T090000", "DTEND;TZID=There:20270301T100000"];
    const answer = event(...reply, ...times, "ATTENDEE:mailto:b@example.test");
    const found = (...zones: readonly Component[]) =>
      checkRestrictions({ method: "REPLY", calendar: calendarOf("REPLY", ...zones, answer) }).map(
        ({ detail }) => detail,
      );
    expect(found(zone("Here"), zone("There"))).toEqual([]);
    expect(found(zone("Here"))).toEqual(["A TZID is used that no VTIMEZONE defines."]);
    expect(found()).toEqual(["2 TZIDs are used that no VTIMEZONE defines."]);
  });

  test("an alarm repeats with DURATION and REPEAT, or not at all", () => {
    const found = (...lines: readonly string[]) => {
      const alarm = makeComponent("VALARM", ["ACTION:DISPLAY", "TRIGGER:-PT5M", ...lines].map(property));
      const calendar = calendarOf("REQUEST", { ...event(...request), components: [alarm] });
      return checkRestrictions({ method: "REQUEST", calendar }).map(
        ({ rule, name, problem }) => `${rule} ${name} ${problem}`,
      );
    };
    expect(found("REPEAT:2", "DURATION:PT1M")).toEqual([]);
    expect(found("REPEAT:2")).toEqual(["RFC 5546 §3.1.3 DURATION missing"]);
    expect(found("DURATION:PT1M")).toEqual(["RFC 5546 §3.1.3 REPEAT missing"]);
  });

  test("the outermost scope: VERSION is 2.0, METHOD is the method, in any case", () => {
    const found = (...lines: readonly string[]) => {
      const calendar = makeComponent("VCALENDAR", lines.map(property), [event(...request)]);
      return checkRestrictions({ method: "REQUEST", calendar }).map(
        ({ rule, name, problem }) => `${rule} ${name} ${problem}`,
      );
    };
    expect(found("VERSION:2.0", "PRODID:x", "METHOD:request")).toEqual([]);
    expect(found("VERSION:1.0", "PRODID:x", "METHOD:CANCEL")).toEqual([
      "RFC 5546 §3.1.1 VERSION invalid",
      "RFC 5546 §3.2.2 METHOD invalid",
    ]);
    expect(found("METHOD:REQUEST", "METHOD:REQUEST")).toEqual([
      "RFC 5546 §3.1.1 PRODID missing",
      "RFC 5546 §3.1.1 VERSION missing",
      "RFC 5546 §3.2.2 METHOD too-many",
    ]);
  });

  test("VFREEBUSY: times are in UTC and FREEBUSY tells busy time", () => {
    const lines = ["UID:1", "DTSTAMP:20270101T000000Z", "ORGANIZER:mailto:a@example.test", "DTEND:20270102T000000Z"];
    const published = makeComponent(
      "VFREEBUSY",
      [...lines, "DTSTART:20270101T000000", "FREEBUSY;FBTYPE=FREE:x"].map(property),
    );
    const violations = checkRestrictions({ method: "PUBLISH", calendar: calendarOf("PUBLISH", published) });
    expect(violations.map(({ name, problem }) => `${name} ${problem}`)).toEqual([
      "DTSTART invalid",
      "FREEBUSY invalid",
    ]);
  });

  test("however many components break a cell, it is told once", () => {
    const bare = Array.from({ length: 5_000 }, () => event("UID:1"));
    const violations = checkRestrictions({ method: "REQUEST", calendar: calendarOf("REQUEST", ...bare) });
    expect(violations.map(({ name }) => name).sort()).toEqual([
      "ATTENDEE",
      "DTSTAMP",
      "DTSTART",
      "ORGANIZER",
      "SUMMARY",
    ]);
  });

  test("never throws, whatever the calendar holds", () => {
    const names = fc.constantFrom(
      "VEVENT",
      "VTODO",
      "VJOURNAL",
      "VFREEBUSY",
      "VTIMEZONE",
      "STANDARD",
      "VALARM",
      "UID",
      "DTSTART",
      "STATUS",
      "SEQUENCE",
      "RECURRENCE-ID",
      "ATTENDEE",
      "METHOD",
      "FREEBUSY",
      "__proto__",
      "constructor",
    );
    const properties = fc.array(fc.record({ name: names, parameters: fc.constant([]), value: fc.string() }), {
      maxLength: 6,
    });
    const leaf = fc.record({ name: names, properties, components: fc.constant([]) });
    const components = fc.array(fc.record({ name: names, properties, components: fc.array(leaf, { maxLength: 3 }) }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.constantFrom(...methods), properties, components, (method, lines, children) => {
        const violations = checkRestrictions({ method, calendar: makeComponent("VCALENDAR", lines, children) });
        expect(violations.length).toBeLessThan(200);
        expect(statusFor(violations).code).toHaveLength(2);
      }),
      { numRuns: 300 },
    );
  });
});

describe("statusFor", () => {
  test.each<[Method, readonly string[], string, string]>([
    ["REPLY", ["VEVENT"], "3.11", "ATTENDEE"],
    ["REQUEST", ["VJOURNAL"], "3.14", "METHOD:REQUEST"],
    ["REQUEST", ["VEVENT", "VTODO"], "3.4", "BEGIN:VTODO"],
    ["REFRESH", ["VEVENT DTSTART:20270101"], "3.11", "ATTENDEE"],
    ["REQUEST", ["VEVENT DTSTART:never ORGANIZER:mailto:a@x.test"], "3.11", "UID"],
    ["REQUEST", ["VEVENT UID:1 DTSTART:never ORGANIZER:mailto:a@x.test"], "3.5", "DTSTART"],
  ])("%s of %j earns %s", (method, components, code, exception) => {
    const children = components.map((text) => {
      const [name = "", ...lines] = text.split(" ");
      return makeComponent(name, lines.map(property));
    });
    const calendar = makeComponent("VCALENDAR", [property(`METHOD:${method}`)], children);
    const status = statusFor(fatalViolations(checkRestrictions({ method, calendar })));
    expect([formatStatusCode(status.code), status.exception]).toEqual([code, exception]);
  });
});
