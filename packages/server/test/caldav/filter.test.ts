import { intlZoneProvider, utc } from "@parley/engine/recurrence";
import { expect, test } from "vitest";
import { readFilter } from "../../src/caldav/filter.ts";
import { matchesFilter } from "../../src/caldav/match-filter.ts";
import { caldav } from "../../src/caldav/names.ts";
import { DavRefusal } from "../../src/dav/refusal.ts";
import { component, element, placing, read, series } from "./filtering.ts";

/** Whether a text meets a filter of components. */
function matches(text: string, filter: string, localZone = utc): boolean {
  const whole = element(`<filter><comp-filter name="VCALENDAR">${filter}</comp-filter></filter>`);
  return matchesFilter(read(text), readFilter(whole), placing(text, localZone));
}

function inRange(name: string, start: string, end: string): string {
  const bounds = `${start === "" ? "" : ` start="202703${start}00Z"`}${end === "" ? "" : ` end="202703${end}00Z"`}`;
  return `<comp-filter name="${name}"><time-range${bounds}/></comp-filter>`;
}

/** What it is, when, the range, and whether they meet: each row of the tables of RFC 4791 §9.9 at its edges. */
const timeRanges: readonly (readonly [string, readonly string[], string, string, boolean])[] = [
  // VEVENT, DTEND
  ["VEVENT", ["DTSTART:20270302T090000Z", "DTEND:20270302T100000Z"], "02T0900", "02T1000", true],
  ["VEVENT", ["DTSTART:20270302T090000Z", "DTEND:20270302T100000Z"], "02T1000", "02T1100", false],
  ["VEVENT", ["DTSTART:20270302T090000Z", "DTEND:20270302T100000Z"], "02T0959", "02T1100", true],
  ["VEVENT", ["DTSTART:20270302T090000Z", "DTEND:20270302T100000Z"], "02T0800", "02T0900", false],
  ["VEVENT", ["DTSTART:20270302T090000Z", "DTEND:20270302T100000Z"], "02T0800", "", true],
  ["VEVENT", ["DTSTART:20270302T090000Z", "DTEND:20270302T100000Z"], "", "02T0900", false],
  // VEVENT, DURATION
  ["VEVENT", ["DTSTART:20270302T090000Z", "DURATION:PT1H"], "02T0959", "02T1100", true],
  ["VEVENT", ["DTSTART:20270302T090000Z", "DURATION:PT1H"], "02T1000", "02T1100", false],
  ["VEVENT", ["DTSTART:20270302T090000Z", "DURATION:PT0S"], "02T0900", "02T0901", true],
  ["VEVENT", ["DTSTART:20270302T090000Z", "DURATION:PT0S"], "02T0800", "02T0900", false],
  // VEVENT, neither
  ["VEVENT", ["DTSTART:20270302T090000Z"], "02T0900", "02T0901", true],
  ["VEVENT", ["DTSTART:20270302T090000Z"], "02T0901", "02T1000", false],
  ["VEVENT", ["DTSTART;VALUE=DATE:20270302"], "02T2359", "03T0100", true],
  ["VEVENT", ["DTSTART;VALUE=DATE:20270302"], "03T0000", "03T0100", false],
  ["VEVENT", ["DTSTART;VALUE=DATE:20270302"], "01T0000", "02T0000", false],
  // VEVENT that recurs
  ["VEVENT", ["DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "RRULE:FREQ=DAILY"], "20T0930", "20T0940", true],
  ["VEVENT", ["DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "RRULE:FREQ=DAILY"], "20T1000", "21T0900", false],
  [
    "VEVENT",
    ["DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "RRULE:FREQ=DAILY", "EXDATE:20270320T090000Z"],
    "20T0000",
    "21T0000",
    false,
  ],
  [
    "VEVENT",
    ["DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "RDATE:20270320T090000Z"],
    "20T0000",
    "21T0000",
    true,
  ],
  [
    "VEVENT",
    ["DTSTART;TZID=Europe/Berlin:20270301T000000", "DURATION:PT1H", "RRULE:FREQ=DAILY"],
    "19T2300",
    "19T2301",
    true,
  ],
  // VTODO, DTSTART and DURATION
  ["VTODO", ["DTSTART:20270302T090000Z", "DURATION:PT1H"], "02T1000", "02T1100", true],
  ["VTODO", ["DTSTART:20270302T090000Z", "DURATION:PT1H"], "02T1001", "02T1100", false],
  ["VTODO", ["DTSTART:20270302T090000Z", "DURATION:PT1H"], "02T0800", "02T0900", false],
  // VTODO, DTSTART and DUE
  ["VTODO", ["DTSTART:20270302T090000Z", "DUE:20270302T100000Z"], "02T0959", "02T1100", true],
  ["VTODO", ["DTSTART:20270302T090000Z", "DUE:20270302T100000Z"], "02T1000", "02T1100", false],
  ["VTODO", ["DTSTART:20270302T090000Z", "DUE:20270302T090000Z"], "02T0800", "02T0900", true],
  ["VTODO", ["DTSTART:20270302T090000Z", "DUE:20270302T090000Z"], "02T0900", "02T1000", true],
  // VTODO, DTSTART alone
  ["VTODO", ["DTSTART:20270302T090000Z"], "02T0900", "02T0901", true],
  ["VTODO", ["DTSTART:20270302T090000Z"], "02T0800", "02T0900", false],
  // VTODO, DUE alone
  ["VTODO", ["DUE:20270302T090000Z"], "02T0800", "02T0900", true],
  ["VTODO", ["DUE:20270302T090000Z"], "02T0900", "02T1000", false],
  // VTODO, COMPLETED and CREATED
  ["VTODO", ["COMPLETED:20270305T090000Z", "CREATED:20270302T090000Z"], "03T0000", "04T0000", true],
  ["VTODO", ["COMPLETED:20270305T090000Z", "CREATED:20270302T090000Z"], "06T0000", "07T0000", false],
  ["VTODO", ["COMPLETED:20270305T090000Z", "CREATED:20270302T090000Z"], "01T0000", "02T0000", false],
  ["VTODO", ["COMPLETED:20270305T090000Z"], "05T0900", "05T1000", true],
  ["VTODO", ["COMPLETED:20270305T090000Z"], "05T0800", "05T0900", true],
  ["VTODO", ["COMPLETED:20270305T090000Z"], "05T0901", "05T1000", false],
  ["VTODO", ["CREATED:20270302T090000Z"], "20T0000", "21T0000", true],
  ["VTODO", ["CREATED:20270302T090000Z"], "02T0800", "02T0900", false],
  ["VTODO", [], "20T0000", "21T0000", true],
  // VJOURNAL
  ["VJOURNAL", ["DTSTART:20270302T090000Z"], "02T0900", "02T0901", true],
  ["VJOURNAL", ["DTSTART:20270302T090000Z"], "02T0901", "02T1000", false],
  ["VJOURNAL", ["DTSTART;VALUE=DATE:20270302"], "02T2300", "03T1000", true],
  ["VJOURNAL", [], "01T0000", "", false],
  // VFREEBUSY
  ["VFREEBUSY", ["DTSTART:20270302T000000Z", "DTEND:20270303T000000Z"], "03T0000", "04T0000", true],
  ["VFREEBUSY", ["DTSTART:20270302T000000Z", "DTEND:20270303T000000Z"], "01T0000", "02T0000", false],
  ["VFREEBUSY", ["FREEBUSY:20270302T090000Z/PT1H,20270305T090000Z/20270305T100000Z"], "05T0930", "06T0000", true],
  ["VFREEBUSY", ["FREEBUSY:20270302T090000Z/PT1H"], "02T1000", "06T0000", false],
  ["VFREEBUSY", [], "01T0000", "", false],
];

test.each(timeRanges)("RFC 4791 §9.9: %s %j from %s to %s: %s", (name, lines, start, end, expected) => {
  expect(matches(component(name, ...lines), inRange(name, start, end))).toBe(expected);
});

test("places dates where whoever asks is", () => {
  const day = component("VEVENT", "DTSTART;VALUE=DATE:20270302");
  const newYork = intlZoneProvider.zone("America/New_York");
  expect(matches(day, inRange("VEVENT", "02T0000", "02T0400"))).toBe(true);
  expect(matches(day, inRange("VEVENT", "02T0000", "02T0400"), newYork)).toBe(false);
});

test.each([
  ["where it was moved to", inRange("VEVENT", "10T0000", "11T0000"), true],
  ["where it was moved from", inRange("VEVENT", "03T0000", "04T0000"), false],
  [
    "all of one component",
    `<comp-filter name="VEVENT"><time-range start="20270310T000000Z"/><prop-filter name="SUMMARY"><text-match>moved</text-match></prop-filter></comp-filter>`,
    true,
  ],
  [
    "not a bit of each",
    `<comp-filter name="VEVENT"><time-range start="20270310T000000Z"/><prop-filter name="SUMMARY"><text-match>series</text-match></prop-filter></comp-filter>`,
    false,
  ],
  [
    "an alarm of an Instance",
    `<comp-filter name="VEVENT"><comp-filter name="VALARM"><time-range start="20270304T080000Z" end="20270304T080100Z"/></comp-filter></comp-filter>`,
    true,
  ],
  [
    "no alarm where there is none",
    `<comp-filter name="VEVENT"><comp-filter name="VALARM"><time-range start="20270310T000000Z" end="20270311T000000Z"/></comp-filter></comp-filter>`,
    false,
  ],
  [
    "a component without alarms",
    `<comp-filter name="VEVENT"><comp-filter name="VALARM"><is-not-defined/></comp-filter></comp-filter>`,
    true,
  ],
  ["what there is none of", `<comp-filter name="VTODO"><is-not-defined/></comp-filter>`, true],
  ["what there is", `<comp-filter name="VEVENT"><is-not-defined/></comp-filter>`, false],
  ["any", "", true],
  ["any of a kind, in any case", `<comp-filter name="vevent"/>`, true],
])("a series meets %s", (_, filter, expected) => {
  expect(matches(series, filter)).toBe(expected);
});

/** An alarm, and whether it goes off on 2 March from 8 to 9 o'clock. The event is from 9 to 11. */
const alarms: readonly (readonly [readonly string[], boolean])[] = [
  [["TRIGGER:-PT1H"], true],
  [["TRIGGER:PT0S"], false],
  [["TRIGGER;RELATED=END:-PT3H"], true],
  [["TRIGGER;RELATED=END:-PT2H"], false],
  [["TRIGGER;VALUE=DATE-TIME:20270302T083000Z"], true],
  [["TRIGGER;VALUE=DATE-TIME:20270302T090000Z"], false],
  [["TRIGGER:-PT3H", "REPEAT:2", "DURATION:PT1H"], true],
  [["TRIGGER:-PT3H", "REPEAT:1", "DURATION:PT30M"], false],
  [["TRIGGER:-P1D", "REPEAT:2147483647", "DURATION:PT1S"], true],
  [["TRIGGER:nonsense"], false],
  [[], false],
];

test.each(alarms)("an alarm %j goes off then: %s", (lines, expected) => {
  const text = component(
    "VEVENT",
    "DTSTART:20270302T090000Z",
    "DTEND:20270302T110000Z",
    "BEGIN:VALARM",
    ...lines,
    "END:VALARM",
  );
  const range = '<time-range start="20270302T080000Z" end="20270302T090000Z"/>';
  expect(
    matches(text, `<comp-filter name="VEVENT"><comp-filter name="VALARM">${range}</comp-filter></comp-filter>`),
  ).toBe(expected);
});

const todo = component(
  "VTODO",
  "SUMMARY:Straße\\, Zoë",
  "CATEGORIES:Work,HOME",
  "DTSTART:20270302T090000Z",
  "DURATION:PT1H",
  "COMPLETED:20270305T090000Z",
  'ATTENDEE;CN="Ann, Archer";PARTSTAT=NEEDS-ACTION:mailto:ann@example.test',
  "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@example.test",
);

test.each([
  ['<prop-filter name="SUMMARY"/>', true],
  ['<prop-filter name="LOCATION"/>', false],
  ['<prop-filter name="LOCATION"><is-not-defined/></prop-filter>', true],
  ['<prop-filter name="SUMMARY"><is-not-defined/></prop-filter>', false],
  ['<prop-filter name="summary"><text-match>STRA</text-match></prop-filter>', true],
  ['<prop-filter name="SUMMARY"><text-match>e, z</text-match></prop-filter>', true],
  ['<prop-filter name="SUMMARY"><text-match collation="i;octet">stra</text-match></prop-filter>', false],
  ['<prop-filter name="SUMMARY"><text-match collation="i;octet">Stra</text-match></prop-filter>', true],
  ['<prop-filter name="SUMMARY"><text-match>ZOË</text-match></prop-filter>', false],
  ['<prop-filter name="SUMMARY"><text-match>zoË</text-match></prop-filter>', false],
  ['<prop-filter name="SUMMARY"><text-match collation="i;ascii-casemap">zoë</text-match></prop-filter>', true],
  ['<prop-filter name="SUMMARY"><text-match collation="i;unicode-casemap">ZOË</text-match></prop-filter>', true],
  ['<prop-filter name="SUMMARY"><text-match collation="i;unicode-casemap">STRASSE</text-match></prop-filter>', true],
  ['<prop-filter name="SUMMARY"><text-match negate-condition="yes">strand</text-match></prop-filter>', true],
  ['<prop-filter name="SUMMARY"><text-match negate-condition="yes">stra</text-match></prop-filter>', false],
  ['<prop-filter name="LOCATION"><text-match negate-condition="yes">x</text-match></prop-filter>', false],
  ['<prop-filter name="CATEGORIES"><text-match>home</text-match></prop-filter>', true],
  [
    '<prop-filter name="ATTENDEE"><param-filter name="PARTSTAT"><text-match>needs-action</text-match></param-filter></prop-filter>',
    true,
  ],
  [
    '<prop-filter name="ATTENDEE"><param-filter name="CN"><text-match>ann, a</text-match></param-filter></prop-filter>',
    true,
  ],
  [
    '<prop-filter name="ATTENDEE"><text-match>ben@</text-match><param-filter name="PARTSTAT"><text-match>needs</text-match></param-filter></prop-filter>',
    false,
  ],
  [
    '<prop-filter name="ATTENDEE"><text-match>ben@</text-match><param-filter name="CN"><is-not-defined/></param-filter></prop-filter>',
    true,
  ],
  ['<prop-filter name="ATTENDEE"><param-filter name="ROLE"/></prop-filter>', false],
  ['<prop-filter name="COMPLETED"><time-range start="20270305T090000Z" end="20270305T090001Z"/></prop-filter>', true],
  ['<prop-filter name="COMPLETED"><time-range end="20270305T090000Z"/></prop-filter>', false],
  ['<prop-filter name="DUE"><time-range start="20270302T100000Z" end="20270302T100001Z"/></prop-filter>', true],
  ['<prop-filter name="CREATED"><time-range start="20270302T100000Z"/></prop-filter>', false],
])("%s: %s", (filter, expected) => {
  expect(matches(todo, `<comp-filter name="VTODO">${filter}</comp-filter>`)).toBe(expected);
});

test.each([
  ["<filter/>", "valid-filter"],
  ['<filter><comp-filter name="VEVENT"/></filter>', "valid-filter"],
  ['<filter><comp-filter name="VCALENDAR"/><comp-filter name="VCALENDAR"/></filter>', "valid-filter"],
  ['<filter><comp-filter name="VCALENDAR"><comp-filter/></comp-filter></filter>', "valid-filter"],
  [
    '<filter><comp-filter name="VCALENDAR"><comp-filter name="VEVENT"><time-range/></comp-filter></comp-filter></filter>',
    "valid-filter",
  ],
  [
    '<filter><comp-filter name="VCALENDAR"><comp-filter name="VEVENT"><time-range start="20270302"/></comp-filter></comp-filter></filter>',
    "valid-filter",
  ],
  [
    '<filter><comp-filter name="VCALENDAR"><comp-filter name="VEVENT"><time-range start="20270302T000000Z" end="20270302T000000Z"/></comp-filter></comp-filter></filter>',
    "valid-filter",
  ],
  ['<filter><comp-filter name="VCALENDAR"><x-filter xmlns="y"/></comp-filter></filter>', "supported-filter"],
  [
    '<filter><comp-filter name="VCALENDAR"><prop-filter name="X"><text-match collation="i;klingon">x</text-match></prop-filter></comp-filter></filter>',
    "supported-collation",
  ],
  [
    `<filter><comp-filter name="VCALENDAR">${'<prop-filter name="X"/>'.repeat(201)}</comp-filter></filter>`,
    "valid-filter",
  ],
])("refuses %s by %s", (text, condition) => {
  const refused = () => readFilter(element(text));
  expect(refused).toThrow(DavRefusal);
  try {
    refused();
  } catch (error) {
    expect(error instanceof DavRefusal && error.condition?.name).toBe(caldav(condition));
  }
});

test("an override is found behind Instances of its series, in a range without end", () => {
  const endless = series.replace("RRULE:FREQ=DAILY;COUNT=5", "RRULE:FREQ=DAILY");
  const asked = (text: string) =>
    `<comp-filter name="VEVENT"><time-range start="20270301T000000Z"/><prop-filter name="SUMMARY"><text-match>${text}</text-match></prop-filter></comp-filter>`;
  expect(["Series", "Moved", "Other"].map((text) => matches(endless, asked(text)))).toEqual([true, true, false]);
});
