import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeComponent } from "../../src/icalendar/component.ts";
import { parseCalendar } from "../../src/icalendar/parse.ts";
import type { QuirkName } from "../../src/itip/quirks/index.ts";
import { quirks, seenQuirks } from "../../src/itip/quirks/seen.ts";
import { defaultLimits } from "../../src/limits.ts";

/** A message without quirks: each case below changes one thing of it. */
const plain: Readonly<Record<string, string>> = {
  VERSION: "VERSION:2.0",
  PRODID: "PRODID:-//Test//EN",
  METHOD: "METHOD:REQUEST",
  zone: "BEGIN:VTIMEZONE\nTZID:Europe/Oslo\nEND:VTIMEZONE",
  begin: "BEGIN:VEVENT",
  UID: "UID:1",
  DTSTAMP: "DTSTAMP:20270101T000000Z",
  DTSTART: "DTSTART;TZID=Europe/Oslo:20270301T090000",
  SEQUENCE: "SEQUENCE:1",
  SUMMARY: "SUMMARY:Tea",
  ORGANIZER: "ORGANIZER;CN=Ann:mailto:ann@example.test",
  ATTENDEE: "ATTENDEE;CN=Bo;ROLE=CHAIR;RSVP=TRUE:mailto:bo@example.test",
  RRULE: "RRULE:FREQ=DAILY;UNTIL=20270401T000000Z",
  more: "STATUS:CANCELLED",
  end: "END:VEVENT",
};

const cases: Readonly<Record<QuirkName, readonly Readonly<Record<string, string>>[]>> = {
  "address-without-mailto": [{ ATTENDEE: "ATTENDEE:bo@example.test" }, { ORGANIZER: "ORGANIZER: ann@example.test" }],
  "all-day-as-times": [{ more: "X-MICROSOFT-CDO-ALLDAYEVENT:true" }],
  "cancel-without-status": [{ METHOD: "METHOD:CANCEL", more: "" }],
  "comment-in-attendee": [{ ATTENDEE: 'ATTENDEE;X-RESPONSE-COMMENT="Late; sorry":mailto:bo@example.test' }],
  "counter-of-times-alone": [
    { METHOD: "METHOD:COUNTER", PRODID: "PRODID:Microsoft Exchange Server 2010" },
    { METHOD: "METHOD:COUNTER", PRODID: "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN" },
  ],
  "empty-property": [{ more: "CLASS:" }, { SEQUENCE: "SEQUENCE:" }],
  "global-time-zone": [
    {
      zone: "BEGIN:VTIMEZONE\nTZID:/example.test/Europe/Oslo\nEND:VTIMEZONE",
      DTSTART: "DTSTART;TZID=/example.test/Europe/Oslo:20270301T090000",
    },
  ],
  "local-dtstamp": [{ DTSTAMP: "DTSTAMP:20270101T000000" }],
  "lower-case-method": [{ METHOD: "METHOD:Request" }],
  "missing-dtstamp": [{ DTSTAMP: "" }],
  "missing-prodid": [{ PRODID: "" }, { VERSION: "" }],
  "missing-sequence": [
    { METHOD: "METHOD:CANCEL", SEQUENCE: "" },
    { METHOD: "METHOD:COUNTER", SEQUENCE: "" },
  ],
  "organizer-as-attendee": [{ ORGANIZER: "ORGANIZER;RSVP=TRUE:mailto:ann@example.test" }],
  "override-without-master": [{ more: "RECURRENCE-ID;TZID=Europe/Oslo:20270302T090000" }],
  "quoted-name": [{ ATTENDEE: `ATTENDEE;CN="'bo@example.test'":mailto:bo@example.test` }],
  "quoted-tzid": [{ DTSTART: 'DTSTART;TZID="Europe/Oslo":20270301T090000' }],
  "recurrence-id-of-other-type": [{ METHOD: "METHOD:CANCEL", more: "STATUS:CANCELLED\nRECURRENCE-ID:20270301" }],
  "repeated-property": [{ SUMMARY: "SUMMARY:Tea\nSUMMARY:Cake" }, { more: "STATUS:CANCELLED\nSTATUS:CONFIRMED" }],
  "reply-without-organizer": [
    { METHOD: "METHOD:REPLY", ORGANIZER: "" },
    { METHOD: "METHOD:COUNTER", ORGANIZER: "" },
  ],
  "sequence-beyond-int32": [{ SEQUENCE: "SEQUENCE:2147483648" }, { SEQUENCE: "SEQUENCE:99999999999999999999" }],
  "server-parameters": [{ ATTENDEE: 'ATTENDEE;SCHEDULE-STATUS="1.1":mailto:bo@example.test' }],
  "spaces-in-rule": [{ RRULE: "RRULE:FREQ=DAILY; COUNT=3" }],
  "undefined-time-zone": [{ zone: "" }, { DTSTART: "DTSTART;TZID=Europe/Bergen:20270301T090000" }],
  "unknown-role": [{ ATTENDEE: "ATTENDEE;ROLE=REQ_PARTICIPANT:mailto:bo@example.test" }],
  "until-of-other-type": [{ RRULE: "RRULE:FREQ=DAILY;UNTIL=20270401" }],
  "upper-case-mailto": [{ ATTENDEE: "ATTENDEE:MAILTO:bo@example.test" }],
  "windows-time-zone": [
    {
      zone: "BEGIN:VTIMEZONE\nTZID:Pacific Standard Time\nEND:VTIMEZONE",
      DTSTART: "DTSTART;TZID=Pacific Standard Time:20270301T090000",
    },
    {
      zone: "BEGIN:VTIMEZONE\nTZID:(GMT+01.00) Oslo\nEND:VTIMEZONE",
      DTSTART: "DTSTART;TZID=(GMT+01.00) Oslo:20270301T090000",
    },
  ],
};

describe("quirks", () => {
  test("a plain message has none", () => {
    for (const method of ["REQUEST", "CANCEL", "REPLY", "COUNTER", "PUBLISH"]) {
      expect(seen({ METHOD: `METHOD:${method}` }), method).toEqual([]);
    }
  });

  for (const quirk of quirks) {
    test(`${quirk.name}: seen by itself, and nothing else with it`, () => {
      for (const change of cases[quirk.name]) expect(seen(change)).toEqual([quirk.name]);
    });
  }

  test("each is in the file of its name, and every file is listed", () => {
    const folder = new URL("../../src/itip/quirks/", import.meta.url);
    const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
    expect(files.sort()).toEqual(
      [...quirks.map(({ name }) => name), "index", "legal", "quirk", "seen", "tolerance"].sort(),
    );
  });

  test("never throws, whatever stands in the properties", () => {
    const name = fc.constantFrom(
      "DTSTART",
      "RECURRENCE-ID",
      "RRULE",
      "ATTENDEE",
      "ORGANIZER",
      "SEQUENCE",
      "DTSTAMP",
      "CLASS",
    );
    const parameter = fc.record({
      name: fc.constantFrom("TZID", "CN", "ROLE", "X-RESPONSE-COMMENT"),
      value: fc.string(),
    });
    const property = fc.record({ name, parameters: fc.array(parameter, { maxLength: 3 }), value: fc.string() });
    fc.assert(
      fc.property(fc.array(property, { maxLength: 10 }), (properties) => {
        const calendar = makeComponent("VCALENDAR", properties, [makeComponent("VEVENT", properties)]);
        expect(seenQuirks(calendar).length).toBeLessThanOrEqual(quirks.length);
      }),
      { numRuns: 300 },
    );
  });
});

function seen(change: Readonly<Record<string, string>>): readonly QuirkName[] {
  const lines = Object.values({ ...plain, ...change }).filter((line) => line !== "");
  const text = ["BEGIN:VCALENDAR", ...lines, "END:VCALENDAR", ""].join("\n").replace(/\n/g, "\r\n");
  const { calendar } = parseCalendar(text, defaultLimits);
  if (!calendar) throw new Error("the test's own text is no calendar");
  return seenQuirks(calendar);
}
