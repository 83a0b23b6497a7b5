import { describe, expect, test } from "vitest";
import { type Component, makeComponent } from "../../src/icalendar/component.ts";
import { checkRestrictions, restrictionTables } from "../../src/itip/restrictions/check.ts";
import { statusFor } from "../../src/itip/restrictions/status.ts";
import { type Method, methods, type ObjectType, objectTypes } from "../../src/model/method.ts";
import { formatStatusCode } from "../../src/model/request-status.ts";
import { allTables, makeMessage, property, withCount } from "./all-tables.ts";

/** Requirements that a restriction table holds: id, message, then what breaks it, such as `ORGANIZER x 0`. */
const counts: readonly {
  readonly id: string;
  readonly type: ObjectType;
  readonly method: Method;
  readonly breaches: readonly string[];
}[] = (
  [
    ["ITIP-3.2.1-01", "VEVENT", "PUBLISH", "ORGANIZER x 0"],
    [
      "ITIP-3.2.2-03",
      "VEVENT",
      "REQUEST",
      ...["DTSTAMP", "DTSTART", "ORGANIZER", "SUMMARY", "UID"].flatMap((name) => [`${name} x 0`, `${name} x 2`]),
      "ATTENDEE x 0",
      "SEQUENCE x 2",
      "REQUEST-STATUS x 1",
    ],
    ["ITIP-3.2.3-08", "VEVENT", "REPLY", "ATTENDEE x 0", "ORGANIZER x 0", "ORGANIZER x 2", "UID x 0", "DTSTAMP x 0"],
    ["ITIP-3.2.3-10", "VEVENT", "REPLY", "VALARM x 1"],
    [
      "ITIP-3.2.4-05",
      "VEVENT",
      "ADD",
      "SEQUENCE x 0",
      ...["RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "REQUEST-STATUS"].map((name) => `${name} x 1`),
    ],
    ["ITIP-3.2.5-07", "VEVENT", "CANCEL", "SEQUENCE x 0"],
    ["ITIP-3.2.5-10", "VEVENT", "CANCEL", "VALARM x 1", "REQUEST-STATUS x 1"],
    [
      "ITIP-3.2.6-01",
      "VEVENT",
      "REFRESH",
      ...["UID", "ORGANIZER", "ATTENDEE", "DTSTAMP"].flatMap((name) => [`${name} x 0`, `${name} x 2`]),
      ...["DTSTART", "SUMMARY", "SEQUENCE", "STATUS", "RRULE", "DESCRIPTION"].map((name) => `${name} x 1`),
    ],
    ["ITIP-3.3.1-01", "VFREEBUSY", "PUBLISH", "ORGANIZER x 0", "ORGANIZER x 2"],
    ["ITIP-3.3.1-02", "VFREEBUSY", "PUBLISH", "DTSTART x 0", "DTEND x 0"],
    ["ITIP-3.3.1-03", "VFREEBUSY", "PUBLISH", "ATTENDEE x 1", "DURATION x 1", "REQUEST-STATUS x 1"],
    [
      "ITIP-3.3.2-01",
      "VFREEBUSY",
      "REQUEST",
      ...["ORGANIZER x 0", "ATTENDEE x 0", "DTSTART x 0", "DTEND x 0", "UID x 0", "DTSTAMP x 0"],
      ...["FREEBUSY x 1", "DURATION x 1", "URL x 1", "REQUEST-STATUS x 1"],
    ],
    ["ITIP-3.3.3-01", "VFREEBUSY", "REPLY", "ATTENDEE x 0", "ATTENDEE x 2", "ORGANIZER x 0", "UID x 0", "DTSTART x 0"],
    ["ITIP-3.4.1-01", "VTODO", "PUBLISH", "ORGANIZER x 0", "ORGANIZER x 2"],
    ["ITIP-3.4.1-02", "VTODO", "PUBLISH", "ATTENDEE x 1"],
    [
      "ITIP-3.4.2-05",
      "VTODO",
      "REQUEST",
      ...["DTSTART", "PRIORITY", "SUMMARY", "UID", "ORGANIZER", "DTSTAMP"].flatMap((name) => [
        `${name} x 0`,
        `${name} x 2`,
      ]),
      "ATTENDEE x 0",
    ],
    ["ITIP-3.4.6-01", "VTODO", "REFRESH", "UID x 0", "RECURRENCE-ID x 2", "DTSTART x 1"],
    ["ITIP-3.4.6-04", "VTODO", "REFRESH", "ORGANIZER x 0", "ORGANIZER x 2"],
    [
      "ITIP-3.5.1-01",
      "VJOURNAL",
      "PUBLISH",
      ...["ORGANIZER", "DESCRIPTION", "DTSTART", "DTSTAMP", "UID"].flatMap((name) => [`${name} x 0`, `${name} x 2`]),
    ],
    ["ITIP-3.5.1-02", "VJOURNAL", "PUBLISH", "ATTENDEE x 1"],
  ] as const satisfies readonly (readonly [string, ObjectType, Method, ...string[]])[]
).map(([id, type, method, ...breaches]) => ({ id, type, method, breaches }));

describe("what a table forbids or asks for", () => {
  test.each(counts)("$id: $type $method", ({ type, method, breaches }) => {
    const table = restrictionTables[type][method];
    if (!table) throw new Error("no table");
    const good = makeMessage(type, method, table);
    expect(checkRestrictions({ method, calendar: good })).toEqual([]);
    for (const breach of breaches) {
      const [name = "", count = ""] = breach.split(" x ");
      // Two lines for one address are one Attendee: RFC 5546 §3.2.3 as products send it.
      const bad = name === "VALARM" ? withAlarm(good, type) : withDifferent(good, type, name, Number(count));
      const names = checkRestrictions({ method, calendar: bad }).map((violation) => violation.name);
      expect(names, breach).toContain(name);
    }
  });

  test("ITIP-3.2.3-08, ITIP-2.1.1-03: a REPLY of two people is none", () => {
    const table = restrictionTables.VEVENT.REPLY;
    if (!table) throw new Error("no table");
    const two = withDifferent(makeMessage("VEVENT", "REPLY", table), "VEVENT", "ATTENDEE", 2);
    const problems = checkRestrictions({ method: "REPLY", calendar: two }).map(({ name, problem }) => [name, problem]);
    expect(problems).toEqual([["ATTENDEE", "too-many"]]);
  });
});

function withAlarm(calendar: Component, type: ObjectType): Component {
  const alarm = makeComponent("VALARM", ["ACTION:DISPLAY", "TRIGGER:-PT5M"].map(property));
  const components = calendar.components.map((child) =>
    child.name === type ? { ...child, components: [alarm] } : child,
  );
  return { ...calendar, components };
}

function withDifferent(calendar: Component, type: ObjectType, name: string, count: number): Component {
  const many = withCount(calendar, type, name, count);
  const components = many.components.map((child) => ({
    ...child,
    properties: child.properties.map((line, index) =>
      line.name === name && name === "ATTENDEE" ? { ...line, value: `mailto:p${index}@example.test` } : line,
    ),
  }));
  return { ...many, components };
}

/** Requirements on values: id, message, lines beside what the table needs, and what is told. */
const values: readonly (readonly [string, ObjectType, Method, readonly string[], readonly string[]])[] = [
  ["ITIP-3.2.4-05", "VEVENT", "ADD", ["SEQUENCE:0"], ["SEQUENCE invalid"]],
  ["ITIP-3.2.2-04", "VEVENT", "REQUEST", ["STATUS:TENTATIVE"], []],
  ["ITIP-3.2.2-04", "VEVENT", "REQUEST", ["STATUS:CONFIRMED"], []],
  ["ITIP-3.2.2-04", "VEVENT", "REQUEST", ["STATUS:CANCELLED"], ["STATUS invalid"]],
  ["ITIP-3.5.3-01", "VJOURNAL", "CANCEL", ["STATUS:FINAL"], ["STATUS invalid"]],
  ["ITIP-3.3.1-03", "VFREEBUSY", "PUBLISH", ["DTSTART:20270301T090000"], ["DTSTART invalid"]],
  ["ITIP-3.3-01", "VFREEBUSY", "PUBLISH", ["FREEBUSY;FBTYPE=FREE:20270301T090000Z/PT1H"], ["FREEBUSY invalid"]],
  ["ITIP-3.3-01", "VFREEBUSY", "REPLY", ["FREEBUSY;FBTYPE=BUSY:20270301T090000Z/PT1H"], []],
];

describe("what a table says of a value", () => {
  test.each(values)("%s: %s %s, %j", (_id, type, method, lines, expected) => {
    const table = restrictionTables[type][method];
    if (!table) throw new Error("no table");
    const calendar = makeMessage(type, method, table);
    const added = lines.map(property);
    const replaced = new Set(added.map(({ name }) => name));
    const components = calendar.components.map((child) => ({
      ...child,
      properties: [...child.properties.filter(({ name }) => !replaced.has(name)), ...added],
    }));
    const found = checkRestrictions({ method, calendar: { ...calendar, components } });
    expect(found.map(({ name, problem }) => `${name} ${problem}`)).toEqual(expected);
  });
});

describe("the whole calendar", () => {
  const lines = ["UID:1", "DTSTAMP:20270301T090000Z", "DTSTART:20270310T090000Z", "ORGANIZER:mailto:a@example.test"];
  const event = (...more: readonly string[]) =>
    makeComponent("VEVENT", [...lines, "SUMMARY:x", "ATTENDEE:mailto:b@example.test", ...more].map(property));
  const calendarOf = (head: readonly string[], ...components: readonly Component[]) =>
    makeComponent("VCALENDAR", [...head, "METHOD:REQUEST"].map(property), components);
  const told = (calendar: Component) =>
    checkRestrictions({ method: "REQUEST", calendar }).map(({ name, problem }) => `${name} ${problem}`);
  const head = ["VERSION:2.0", "PRODID:x"];
  const observance = (name: string, ...more: readonly string[]) =>
    makeComponent(name, ["TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", ...more].map(property));
  const zone = (...children: readonly Component[]) => makeComponent("VTIMEZONE", [property("TZID:Here")], children);
  const standard = observance("STANDARD", "DTSTART:19700101T000000");

  test("ITIP-1.4-02 holds one type of component, VTIMEZONE apart", () => {
    expect(told(calendarOf(head, event(), zone(standard)))).toEqual([]);
    expect(told(calendarOf(head, event(), makeComponent("VTODO")))).toContain("VTODO forbidden");
  });

  test("ITIP-3-01 there are the 22 combinations, and the 10 others earn 3.14", () => {
    const legal = new Set(allTables().map(({ type, method }) => `${type} ${method}`));
    expect(legal.size).toBe(22);
    for (const type of objectTypes) {
      for (const method of methods.filter((one) => !legal.has(`${type} ${one}`))) {
        const calendar = makeComponent("VCALENDAR", [property(`METHOD:${method}`)], [makeComponent(type)]);
        const status = statusFor(checkRestrictions({ method, calendar }));
        expect([formatStatusCode(status.code), status.exception], `${type} ${method}`).toEqual([
          "3.14",
          `METHOD:${method}`,
        ]);
      }
    }
  });

  test("ITIP-3.1.1-01 has one VERSION, 2.0, and one PRODID, and at most one CALSCALE", () => {
    expect(told(calendarOf([...head, "CALSCALE:GREGORIAN"], event()))).toEqual([]);
    expect(told(calendarOf(["PRODID:x"], event()))).toEqual(["VERSION missing"]);
    expect(told(calendarOf(["PRODID:x", "VERSION:1.0"], event()))).toEqual(["VERSION invalid"]);
    expect(told(calendarOf([...head, "PRODID:y"], event()))).toEqual(["PRODID too-many"]);
    expect(told(calendarOf([...head, "CALSCALE:A", "CALSCALE:B"], event()))).toEqual(["CALSCALE too-many"]);
  });

  test("ITIP-3.1.2-01 defines each time zone that a time refers to", () => {
    const zoned = event("EXDATE;TZID=Here:20270310T090000");
    expect(told(calendarOf(head, zoned))).toEqual(["VTIMEZONE missing"]);
    expect(told(calendarOf(head, zoned, zone(standard)))).toEqual([]);
  });

  test.each([
    ["none", [], ["STANDARD missing"]],
    ["a whole one", [standard], []],
    ["a start in UTC", [observance("STANDARD", "DTSTART:19700101T000000Z")], ["DTSTART invalid"]],
    ["no start", [observance("DAYLIGHT")], ["DTSTART missing"]],
    [
      "no offsets",
      [makeComponent("STANDARD", [property("DTSTART:19700101T000000")])],
      ["TZOFFSETFROM missing", "TZOFFSETTO missing"],
    ],
  ] as const)("ITIP-3.1.2-02 an observance of a VTIMEZONE: %s", (_name, observances, expected) => {
    expect(told(calendarOf(head, event(), zone(...observances)))).toEqual(expected);
  });

  test.each(["STANDARD", "DAYLIGHT"])("ITIP-3.1.2-03 a %s has not both RDATE and RRULE", (name) => {
    const both = observance(name, "DTSTART:19700101T000000", "RDATE:19710101T000000", "RRULE:FREQ=YEARLY");
    expect(told(calendarOf(head, event(), zone(both)))).toEqual(["RRULE forbidden"]);
  });

  test.each([
    [["ACTION:DISPLAY", "TRIGGER:-PT5M"], []],
    [["ACTION:DISPLAY", "TRIGGER:-PT5M", "DURATION:PT1M", "REPEAT:2"], []],
    [["TRIGGER:-PT5M"], ["ACTION missing"]],
    [["ACTION:DISPLAY"], ["TRIGGER missing"]],
    [["ACTION:DISPLAY", "TRIGGER:-PT5M", "DURATION:PT1M"], ["REPEAT missing"]],
    [["ACTION:DISPLAY", "TRIGGER:-PT5M", "REPEAT:2"], ["DURATION missing"]],
  ])("ITIP-3.1.3-01 a VALARM of %j", (alarm, expected) => {
    const ringing = { ...event(), components: [makeComponent("VALARM", alarm.map(property))] };
    expect(told(calendarOf(head, ringing))).toEqual(expected);
  });

  test.each([
    ["ITIP-3.2.2-02", "VEVENT"],
    ["ITIP-3.4.2-04", "VTODO"],
  ] as const)("%s several %ss of a REQUEST share one UID", (_id, type) => {
    const table = restrictionTables[type].REQUEST;
    if (!table) throw new Error("no table");
    const calendar = makeMessage(type, "REQUEST", table);
    const other = withUid(calendar.components, "2");
    const two = { ...calendar, components: [...calendar.components, ...other] };
    expect(told(two)).toEqual(["UID invalid"]);
    expect(told({ ...calendar, components: [...calendar.components, ...withUid(other, "1")] })).toEqual([]);
  });

  function withUid(components: readonly Component[], uid: string): readonly Component[] {
    return components.map((child) => ({
      ...child,
      properties: child.properties.map((line) => (line.name === "UID" ? { ...line, value: uid } : line)),
    }));
  }
});
