import { existsSync, readFileSync } from "node:fs";
import { defaultLimits } from "@parley/engine";
import { formatCalendar } from "@parley/engine/icalendar";
import { readSchedulingMail } from "@parley/engine/imip";
import { intlZoneProvider } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxTnefItems } from "../../src/limits.ts";
import { calendar, invitation, leaf, mailOf, messagesOf, multipart, octets, verdictOf } from "./mails.ts";
import {
  definedBerlin,
  foreignUid,
  globalId,
  registeredBerlin,
  type WrittenProperty,
  type WrittenSeries,
  type WrittenTnef,
  writeSeries,
  writeTnef,
} from "./tnef.ts";

const mail = { from: [{ address: "ann@example.test" }], to: [{ address: "ben@example.test", name: "Ben" }] };
const read = (bytes: Uint8Array, over: object = {}): ReturnType<typeof readSchedulingMail> => {
  const root = multipart("mixed", leaf("text/plain"), leaf("application/ms-tnef", { bytes, filename: "winmail.dat" }));
  return readSchedulingMail(mailOf(root, { ...mail, ...over }), intlZoneProvider, defaultLimits);
};

const at = (text: string): Date => new Date(`${text}Z`);
const id: WrittenProperty = { key: "meeting 3", value: globalId([1, 2, 254]) };
const uid = "040000008200E00074C5B7101A82E00800000000000000000000000000000000000000000300000001" + "02FE";
const times: readonly WrittenProperty[] = [
  { key: "appointment 820d", value: at("2027-03-10T09:00:00") },
  { key: "appointment 820e", value: at("2027-03-10T10:00:00") },
];
const base = [id, ...times, { key: "37", value: "Planung über alles" }] as const;
const request = (...more: readonly WrittenProperty[]): WrittenTnef => ({
  messageClass: "IPM.Microsoft Schedule.MtgReq",
  properties: [...base, ...more],
});

/** The lines of the one component of a message, and of its time zone. */
function linesOf(tnef: WrittenTnef, over: object = {}): readonly string[] {
  const [message] = messagesOf(read(writeTnef(tnef), over));
  const text = message ? formatCalendar(message.calendar) : "";
  return text.replaceAll("\r\n ", "").split("\r\n");
}

/** Why a meeting could not be read. */
function reasonOf(tnef: WrittenTnef): string {
  const [part] = read(writeTnef(tnef)).parts;
  const detail = part?.kind === "unreadable" ? part.detail : "";
  return /\(winmail\.dat\), and (.*); ask/.exec(detail)?.[1] ?? (part ? verdictOf(part) : "");
}

test("an invitation, whole", () => {
  const recipient = (type: number, address: string, name: string, flags = 1): readonly WrittenProperty[] => [
    { key: "c15", value: type },
    { key: "39fe", value: address },
    { key: "3001", value: name },
    { key: "5ffd", value: flags },
  ];
  const lines = linesOf({
    ...request(
      { key: "65", value: "/o=Exchange/cn=ann" },
      { key: "64", value: "EX" },
      { key: "5d02", value: "Ann@example.test" },
      { key: "42", value: "Ann Archer" },
      { key: "5d01", value: "secretary@example.test" },
      { key: "appointment 8201", value: 3 },
      { key: "appointment 8208", value: "Room 4; left" },
      { key: "meeting 1a", value: at("2027-03-01T09:00:00") },
      { key: "1000", value: { narrow: "Two\r\nlines\r\n" } },
      { key: "63", value: false },
      { key: "appointment 8205", value: 0 },
    ),
    recipients: [
      recipient(1, "ann@example.test", "Ann", 3),
      recipient(1, "ben@example.test", "Ben"),
      recipient(2, "clara@partner.test", "Clara"),
      recipient(3, "room4@example.test", "Room 4"),
      [
        { key: "c15", value: 1 },
        { key: "3003", value: "/o=Exchange/cn=dave" },
        { key: "3002", value: "EX" },
      ],
    ],
  });
  expect(lines.slice(1, -1)).toEqual([
    "VERSION:2.0",
    "PRODID:-//Microsoft//TNEF//EN",
    "METHOD:REQUEST",
    "BEGIN:VEVENT",
    `UID:${uid}`,
    "DTSTART:20270310T090000Z",
    "DTEND:20270310T100000Z",
    'ORGANIZER;CN=Ann Archer;SENT-BY="mailto:secretary@example.test":mailto:ann@example.test',
    "ATTENDEE;CN=Ben;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:ben@example.test",
    "ATTENDEE;CN=Clara;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:clara@partner.test",
    "ATTENDEE;CN=Room 4;CUTYPE=RESOURCE;ROLE=NON-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:room4@example.test",
    "SUMMARY:Planung über alles",
    "LOCATION:Room 4\\; left",
    "DESCRIPTION:Two\\nlines",
    "DTSTAMP:20270301T090000Z",
    "SEQUENCE:3",
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
    "END:VCALENDAR",
  ]);
});

test("the mail around it tells what the meeting does not: who it is between, and when it was written", () => {
  const lines = linesOf(request(), { date: at("2027-03-01T08:00:00").getTime() / 1_000 });
  expect(lines).toContain("ORGANIZER:mailto:ann@example.test");
  expect(lines).toContain(
    "ATTENDEE;CN=Ben;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ben@example.test",
  );
  expect(lines).toContain("DTSTAMP:20270301T080000Z");
});

describe("what the message class means", () => {
  const answer = (messageClass: string, ...more: readonly WrittenProperty[]): WrittenTnef => ({
    messageClass,
    owner: "SMTP:olaf@outside.test",
    properties: [...base, { key: "1000", value: "Late" }, ...more],
  });
  const proposal: readonly WrittenProperty[] = [
    { key: "appointment 8257", value: true },
    { key: "appointment 8250", value: at("2027-03-11T09:00:00") },
    { key: "appointment 8251", value: at("2027-03-11T10:00:00") },
  ];
  test.each([
    ["IPM.Microsoft Schedule.MtgRespP", [], ["METHOD:REPLY", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.test"]],
    [
      "IPM.Schedule.Meeting.Resp.Neg",
      [],
      ["METHOD:REPLY", "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.test", "COMMENT:Late"],
    ],
    [
      "IPM.Schedule.Meeting.Resp.Tent",
      [],
      ["ORGANIZER:mailto:olaf@outside.test", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ann@example.test"],
    ],
    [
      "IPM.Schedule.Meeting.Resp.Tent",
      proposal,
      ["METHOD:COUNTER", "DTSTART:20270311T090000Z", "DTEND:20270311T100000Z"],
    ],
    [
      "Microsoft Mail v3.0 IPM.Microsoft Schedule.MtgCncl",
      [],
      ["METHOD:CANCEL", "STATUS:CANCELLED", "ORGANIZER:mailto:olaf@outside.test"],
    ],
    ["IPM.Schedule.Meeting.Request", [], ["METHOD:REQUEST", "ORGANIZER:mailto:olaf@outside.test"]],
  ])("%s", (messageClass, more, expected) => {
    expect(linesOf(answer(messageClass, ...more))).toEqual(expect.arrayContaining(expected));
  });

  test("an entry of somebody's calendar is offered, by the id of its mail where it has none", () => {
    const bytes = writeTnef({ messageClass: "IPM.Appointment", properties: times, messageId: "C326F5735704184D" });
    expect(read(bytes).parts.map(verdictOf)).toEqual(["PUBLISH C326F5735704184D no-method"]);
  });

  test.each([
    ["IPM.TaskRequest", "it is of a kind not known here"],
    ["IPM.Schedule.Meeting.Notification.Forward", "it is of a kind not known here"],
    ["IPM.Note", "no-calendar"],
    ["IPM.Microsoft Mail.Note", "no-calendar"],
  ])("%s: %s", (messageClass, reason) => expect(reasonOf({ messageClass, properties: base })).toBe(reason));
});

test("calendars attached to a letter are read; beside a meeting they are not needed", () => {
  const files = [
    { name: "a.txt", content: octets("BEGIN:VCALENDAR") },
    { name: "INVITE.ICS", content: invitation },
    { name: "two.ics", content: calendar("CANCEL", "UID:two", "ORGANIZER:mailto:ann@example.test") },
  ];
  const letter = read(writeTnef({ messageClass: "IPM.Note", files }));
  expect(letter.parts.map(verdictOf)).toEqual(["REQUEST one@example.test", "CANCEL two"]);
  expect(read(writeTnef({ ...request(), files })).parts.map(verdictOf)).toEqual([`REQUEST ${uid}`]);
});

describe("which meeting, and which of a series", () => {
  const about = (value: Uint8Array, ...more: readonly WrittenProperty[]): WrittenTnef => ({
    ...request(),
    properties: [{ key: "meeting 3", value }, ...times, ...more],
  });
  const onTheDay = globalId(foreignUid("one@example.test"), [2027, 3, 10]);
  test.each([
    ["of another program's making", about(globalId(foreignUid("one@example.test"))), ["UID:one@example.test"]],
    ["an Instance", about(onTheDay), ["UID:one@example.test", "RECURRENCE-ID:20270310T090000Z"]],
    ["an Instance of an own id", about(globalId([1, 2, 254], [2027, 3, 10])), [`UID:${uid}`]],
    [
      "an Instance that was moved",
      about(onTheDay, { key: "appointment 8228", value: at("2027-03-10T13:00:00") }),
      ["RECURRENCE-ID:20270310T130000Z", "DTSTART:20270310T090000Z"],
    ],
  ])("%s", (_, tnef, expected) => expect(linesOf(tnef)).toEqual(expect.arrayContaining(expected)));

  test.each([
    ["no id", { ...request(), properties: times }, "it does not say which meeting it is"],
    ["an id that is none", about(Uint8Array.from([1, 2, 3])), "it does not say which meeting it is"],
    ["no time", { ...request(), properties: [id] }, "it does not say when it is"],
    [
      "an Instance that was moved, nobody knows from where",
      about(onTheDay, { key: "meeting a", value: true }),
      "which one of a series it is cannot be told",
    ],
    [
      "an Instance of another day",
      about(globalId(foreignUid("one@example.test"), [2027, 3, 17])),
      "which one of a series it is cannot be told",
    ],
  ])("%s cannot be told", (_, tnef, reason) => expect(reasonOf(tnef)).toBe(reason));
});

describe("series", () => {
  const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 1_000;
  const [daily, weekly, monthly, yearly] = [0x200a, 0x200b, 0x200c, 0x200d];
  const first = day("2027-03-10");
  const series = (over: Partial<WrittenSeries>): WrittenSeries => ({
    ...{ frequency: weekly, type: 1, period: 2, specific: [0b1010], end: 0x2023, first },
    ...over,
  });
  const invited = (written: WrittenSeries, ...more: readonly WrittenProperty[]): WrittenTnef =>
    request(
      { key: "appointment 8223", value: true },
      { key: "appointment 8216", value: writeSeries(written) },
      { key: "appointment 8260", value: definedBerlin },
      ...more,
    );
  test.each([
    [series({}), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=MO"],
    [series({ frequency: daily, type: 0, period: 4_320, specific: [] }), "FREQ=DAILY;INTERVAL=3"],
    [series({ frequency: daily, period: 1, specific: [0x3e] }), "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;WKST=MO"],
    [series({ frequency: monthly, type: 2, specific: [10] }), "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=10"],
    [series({ frequency: monthly, type: 2, specific: [31] }), "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1"],
    [
      series({ frequency: monthly, type: 2, specific: [30] }),
      "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30;BYSETPOS=-1",
    ],
    [series({ frequency: monthly, type: 3, specific: [0b100, 5] }), "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU;BYSETPOS=-1"],
    [
      series({ frequency: yearly, type: 3, period: 12, specific: [0x7f, 2] }),
      "FREQ=YEARLY;INTERVAL=1;BYMONTH=3;BYDAY=SU,MO,TU,WE,TH,FR,SA;BYSETPOS=2",
    ],
    [series({ end: 0x2022, count: 7 }), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=MO;COUNT=7"],
    [
      series({ end: 0x2021, last: day("2027-04-07") }),
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=MO;UNTIL=20270407T090000Z",
    ],
  ])("%o", (written, rule) => {
    const lines = linesOf(invited(written));
    expect(lines).toContain(`RRULE:${rule}`);
    expect(lines).toContain("DTSTART;TZID=W. Europe Standard Time:20270310T100000");
    expect(lines).toContain("DTEND;TZID=W. Europe Standard Time:20270310T110000");
  });

  test("its zone is written out, and Instances that do not take place", () => {
    expect(linesOf(invited(series({ deleted: [day("2027-03-15")] })))).toEqual(
      expect.arrayContaining([
        "TZID:W. Europe Standard Time",
        "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "EXDATE;TZID=W. Europe Standard Time:20270315T100000",
      ]),
    );
  });

  test("whole days are dates", () => {
    const written = series({ from: 0, to: 1_440, end: 0x2021, last: day("2027-04-07"), deleted: [day("2027-03-15")] });
    const lines = linesOf(invited(written, { key: "appointment 8215", value: true }));
    expect(lines).toEqual(
      expect.arrayContaining([
        "DTSTART;VALUE=DATE:20270310",
        "DTEND;VALUE=DATE:20270311",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=MO;UNTIL=20270407",
        "EXDATE;VALUE=DATE:20270315",
      ]),
    );
  });

  test.each([
    ["Instances that were changed", series({ changed: [first] })],
    ["another calendar", series({ calendar: 8 })],
    ["a pattern by Hijri months", series({ frequency: monthly, type: 10, specific: [1] })],
    ["no day at all", series({ specific: [0] })],
    ["an end of no known kind", series({ end: 7 })],
    ["a period of no days", series({ frequency: daily, type: 0, period: 90, specific: [] })],
  ])("%s: not guessed", (_, written) => {
    expect(reasonOf(invited(written))).toBe("how it repeats cannot be told surely");
  });
  test("a series that is cut, or without a zone: not guessed; a CANCEL only points at it", () => {
    const cut = writeSeries(series({})).subarray(0, 40);
    const recurring = { key: "appointment 8223", value: true };
    const broken = request(
      recurring,
      { key: "appointment 8216", value: cut },
      { key: "appointment 8260", value: definedBerlin },
    );
    expect(reasonOf(broken)).toBe("how it repeats cannot be told surely");
    const homeless = request(recurring, { key: "appointment 8216", value: writeSeries(series({})) });
    expect(reasonOf(homeless)).toBe("how it repeats cannot be told surely");
    expect(linesOf({ ...homeless, messageClass: "IPM.Schedule.Meeting.Canceled" })).toContain("METHOD:CANCEL");
  });
});

describe("whole days", () => {
  const whole = (start: string, end: string, ...more: readonly WrittenProperty[]): WrittenTnef => ({
    ...request(),
    properties: [
      id,
      { key: "appointment 8215", value: true },
      { key: "appointment 820d", value: at(start) },
      { key: "appointment 820e", value: at(end) },
      ...more,
    ],
  });
  const zone: WrittenProperty = { key: "appointment 8233", value: registeredBerlin };
  test.each([
    ["in winter", whole("2027-03-09T23:00:00", "2027-03-10T23:00:00", zone), "DTSTART;VALUE=DATE:20270310"],
    [
      "over the change of clocks",
      whole("2027-03-27T23:00:00", "2027-03-28T22:00:00", zone),
      "DTEND;VALUE=DATE:20270329",
    ],
    ["of no zone", whole("2027-03-10T00:00:00", "2027-03-11T00:00:00"), "DTSTART;VALUE=DATE:20270310"],
    [
      "of a zone nobody knows: its times",
      whole("2027-03-09T23:00:00", "2027-03-10T23:00:00"),
      "DTSTART:20270309T230000Z",
    ],
  ])("%s", (_, tnef, line) => expect(linesOf(tnef)).toContain(line));
});

describe("what is no winmail.dat, or half of one", () => {
  const bytes = writeTnef(request());
  test("not one", () => expect(read(Uint8Array.from([1, 2, 3])).parts.map(verdictOf)).toEqual(["tnef"]));
  test("cut anywhere: a message or a reason", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(read(bytes.subarray(0, length)).parts.length).toBe(1);
    }
  });
  test("any octets in it", () => {
    const change = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 20 });
    fc.assert(
      fc.property(change, (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const [index, octet] of changes) changed[index] = octet;
        expect(read(changed).parts.length).toBe(1);
      }),
    );
  });
  test("more properties than are read: those behind them are not", () => {
    const many = Array.from({ length: maxTnefItems }, () => ({ key: "3fde", value: 1 }));
    expect(reasonOf({ ...request(), properties: [...many, ...base] })).toBe("it does not say which meeting it is");
    expect(reasonOf({ ...request(), properties: [...many.slice(base.length), ...base] })).toBe(`REQUEST ${uid}`);
  });
  test("a count of four thousand million properties", () => {
    const huge = Uint8Array.from(bytes);
    const list = huge.findIndex((_, i) => huge[i] === 0x03 && huge[i + 1] === 0x90 && huge[i + 2] === 0x06);
    huge.set([255, 255, 255, 255], list + 8);
    expect(read(huge).parts.length).toBe(1);
  });
});

const real = new URL("../../../../../shared/corpus/outlook/tnef-appointment.dat", import.meta.url);
test.skipIf(!existsSync(real))("a real one (skipped where ../shared/corpus is absent)", () => {
  const { parts } = read(readFileSync(real));
  expect(parts.map(verdictOf)).toEqual(["PUBLISH C326F5735704184D96EBD387444C618B no-method"]);
});
