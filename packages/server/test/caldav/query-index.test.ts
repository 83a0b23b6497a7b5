import { afterAll, beforeAll, expect, test } from "vitest";
import { type Dav, entriesOf, eventText, startDav } from "./server.ts";

// What the index answers alone is what looking into each object answers: RFC 4791 §9.9.

const calendar = "/dav/calendars/ann@example.test/calendar/";
let dav: Dav;

/** Events around a week in March 2027, each by what is special about it. */
const events: Readonly<Record<string, readonly string[]>> = {
  "long before": ["DTSTART:20270101T090000Z", "DTEND:20270101T100000Z"],
  "ends as it begins": ["DTSTART:20270301T230000Z", "DTEND:20270302T000000Z"],
  "begins as it begins": ["DTSTART:20270302T000000Z", "DTEND:20270302T010000Z"],
  "goes on into it": ["DTSTART:20270301T230000Z", "DTEND:20270302T000001Z"],
  "takes no time at its beginning": ["DTSTART:20270302T000000Z", "DTEND:20270302T000000Z"],
  "takes no time within": ["DTSTART:20270303T000000Z", "DTEND:20270303T000000Z"],
  "takes no time at its end": ["DTSTART:20270309T000000Z", "DTEND:20270309T000000Z"],
  "ends before it begins itself": ["DTSTART:20270303T000000Z", "DTEND:20270227T000000Z"],
  within: ["DTSTART:20270303T090000Z", "DTEND:20270303T100000Z"],
  "goes on beyond": ["DTSTART:20270308T230000Z", "DTEND:20270401T000000Z"],
  "begins as it ends": ["DTSTART:20270309T000000Z", "DTEND:20270309T010000Z"],
  "begins a second before it ends": ["DTSTART:20270308T235959Z", "DTEND:20270309T010000Z"],
  "a day, its first": ["DTSTART;VALUE=DATE:20270302", "DTEND;VALUE=DATE:20270303"],
  "a day, the one before": ["DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270302"],
  "a day, the one after": ["DTSTART;VALUE=DATE:20270309", "DTEND;VALUE=DATE:20270310"],
  "floats within": ["DTSTART:20270304T090000", "DTEND:20270304T100000"],
  "floats at its end": ["DTSTART:20270309T003000", "DTEND:20270309T004500"],
  "recurs, and has ended": ["DTSTART:20270101T090000Z", "DTEND:20270101T100000Z", "RRULE:FREQ=DAILY;COUNT=3"],
  "recurs into it": ["DTSTART:20270101T090000Z", "DTEND:20270101T100000Z", "RRULE:FREQ=WEEKLY"],
  "ends before it begins itself, and recurs": [
    ...["DTSTART:20270303T000000Z", "DTEND:20270227T000000Z", "RRULE:FREQ=WEEKLY;COUNT=3"],
  ],
  "recurs until within": [
    "DTSTART:20270201T090000Z",
    "DTEND:20270201T100000Z",
    "RRULE:FREQ=DAILY;UNTIL=20270303T090000Z",
  ],
  "recurs until before": [
    "DTSTART:20270201T090000Z",
    "DTEND:20270201T100000Z",
    "RRULE:FREQ=DAILY;UNTIL=20270301T090000Z",
  ],
  "recurs within, and never takes place": [
    ...["DTSTART:20270303T090000Z", "DTEND:20270303T100000Z"],
    ...["RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20270303T090000Z,20270304T090000Z"],
  ],
  "recurs by dates into it": ["DTSTART:20270101T090000Z", "DTEND:20270101T100000Z", "RDATE:20270304T090000Z"],
  "recurs by dates around it": ["DTSTART:20270101T090000Z", "DTEND:20270101T100000Z", "RDATE:20270404T090000Z"],
  "recurs on days within, floating": [
    ...["DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270302", "RRULE:FREQ=DAILY;COUNT=2"],
  ],
  "begins to recur within, but for the first": [
    ...["DTSTART:20270303T090000Z", "DTEND:20270303T100000Z"],
    ...["RRULE:FREQ=MONTHLY;COUNT=3", "EXDATE:20270303T090000Z"],
  ],
};

beforeAll(async () => {
  dav = await startDav(["ann"]);
  for (const [name, lines] of Object.entries(events)) {
    const path = `${calendar}${encodeURIComponent(name)}.ics`;
    const reply = await dav.request("ann", "PUT", path, { body: eventText(name, ...lines) });
    expect([name, reply.status]).toEqual([name, 201]);
  }
}, 60_000);
afterAll(() => dav.close());

async function find(range: string, more: string): Promise<readonly string[]> {
  const filter = `<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range ${range}/>${more}</c:comp-filter></c:comp-filter>`;
  const body = `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/></d:prop><c:filter>${filter}</c:filter></c:calendar-query>`;
  const reply = await dav.request("ann", "REPORT", calendar, { body });
  return [...entriesOf(reply).keys()].map((href) => decodeURIComponent(href).slice(calendar.length, -4)).sort();
}

test.each([
  'start="20270302T000000Z" end="20270309T000000Z"',
  'start="20270301T230000Z" end="20270308T230000Z"',
  'start="20270303T000000Z"',
  'end="20270303T000000Z"',
])("whether or not the index can answer a filter, %s finds the same", async (range) => {
  const byIndex = await find(range, "");
  // Every event has a UID, and the index does not know.
  expect(byIndex).toEqual(await find(range, '<c:prop-filter name="UID"/>'));
  expect(byIndex).toContain(range.startsWith("end") ? "long before" : "within");
});
