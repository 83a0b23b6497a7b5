import { publishFreeBusy, receive, replyFreeBusy, requestFreeBusy, unknownState } from "@parley/engine";
import { busyPeriods, makeFreeBusy, mergeBusyPeriods } from "@parley/engine/freebusy";
import { formatCalendar } from "@parley/engine/icalendar";
import { utc } from "@parley/engine/recurrence";
import { describeChanges, describeOutcome } from "@parley/engine/sentences";
import { describe, expect, test } from "vitest";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import { address, ann, ben, clara, contextOf, evidenceOf, mallory, noon, readText } from "../itip/world.ts";
import { at, copyOf, options } from "./helpers.ts";

import {
  answer,
  arrived,
  ask,
  busy,
  linesOf,
  message,
  oneHour,
  range,
  request,
  take,
  toldBy,
  uid,
  window,
} from "./messages-helpers.ts";

describe("what is sent", () => {
  test("ITIP-3.3.2-01 a REQUEST: who asks, one ATTENDEE for each who is asked about, the window in UTC", () => {
    const sent = requestFreeBusy({ uid, attendees: [ann, clara, ann], range }, contextOf(ben));
    expect(sent).toMatchObject({ method: "REQUEST", originator: ben, recipients: [ann, clara] });
    expect(linesOf(sent)).toEqual([
      "METHOD:REQUEST",
      "BEGIN:VFREEBUSY",
      "UID:ask\\,me@example.test",
      "DTSTAMP:20270302T120000Z",
      `ORGANIZER:mailto:${ben}`,
      `ATTENDEE:mailto:${ann}`,
      `ATTENDEE:mailto:${clara}`,
      "DTSTART:20270310T000000Z",
      "DTEND:20270312T000000Z",
      "END:VFREEBUSY",
    ]);
  });

  test("ITIP-3.3.3-01 ITIP-3.3-03 ITIP-3.3-04 a REPLY: the busy time within the window, in order, each once", () => {
    const sent = replyFreeBusy(request, { periods: busy, isIncomplete: false }, contextOf(ann));
    expect(sent).toMatchObject({ method: "REPLY", originator: ann, recipients: [ben] });
    expect(linesOf(sent)).toEqual([
      "METHOD:REPLY",
      "BEGIN:VFREEBUSY",
      "UID:ask\\,me@example.test",
      "DTSTAMP:20270302T120000Z",
      `ORGANIZER:mailto:${ben}`,
      `ATTENDEE:mailto:${ann}`,
      "DTSTART:20270310T000000Z",
      "DTEND:20270312T000000Z",
      "REQUEST-STATUS:2.0;Success",
      "FREEBUSY;FBTYPE=BUSY:20270310T090000Z/20270310T100000Z",
      "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270310T120000Z/20270310T130000Z",
      "FREEBUSY;FBTYPE=BUSY:20270311T090000Z/20270311T100000Z",
      "END:VFREEBUSY",
    ]);
  });

  test("ITIP-3.3.3-01 no busy time gives no FREEBUSY and 2.0", () => {
    const lines = linesOf(replyFreeBusy(request, { periods: [], isIncomplete: false }, contextOf(ann)));
    expect(lines.filter((line) => /^(?:FREEBUSY|REQUEST-STATUS)/.test(line))).toEqual(["REQUEST-STATUS:2.0;Success"]);
  });

  test.each([
    ["ITIP-3.3.2-02 who may not know", "3.8", "REQUEST-STATUS:3.8;No authority"],
    ["CALSCHED-5-05 who is nobody here", "3.7", "REQUEST-STATUS:3.7;Invalid Calendar User"],
  ] as const)("%s gets a status and no busy time", (_, code, line) => {
    const lines = linesOf(replyFreeBusy(request, code, contextOf(ann)));
    expect(lines).toContain(line);
    expect(lines.some((each) => each.startsWith("FREEBUSY"))).toBe(false);
  });

  test("busy time that is not complete is not told, as the rest would look free", () => {
    const lines = linesOf(replyFreeBusy(request, { periods: busy, isIncomplete: true }, contextOf(ann)));
    expect(lines.filter((line) => /^(?:FREEBUSY|REQUEST-STATUS)/.test(line))).toEqual([
      "REQUEST-STATUS:5.1;Service unavailable",
    ]);
  });

  test("ITIP-3.3.1-01 ITIP-3.3.1-02 ITIP-3.3.1-03 a PUBLISH in two parts, by a secretary", () => {
    const half = at("20270311T000000Z");
    const parts = [
      { range: { from: range.from, to: half }, periods: busy },
      { range: { from: half, to: range.to }, periods: busy },
    ] as const;
    const sent = publishFreeBusy("p", parts, [ben], { ...contextOf(ann), actor: clara });
    const organizer = `ORGANIZER;SENT-BY="mailto:${clara}":mailto:${ann}`;
    expect(linesOf(sent)).toEqual([
      "METHOD:PUBLISH",
      "BEGIN:VFREEBUSY",
      "UID:p",
      "DTSTAMP:20270302T120000Z",
      organizer,
      "DTSTART:20270310T000000Z",
      "DTEND:20270311T000000Z",
      "FREEBUSY;FBTYPE=BUSY:20270310T090000Z/20270310T100000Z",
      "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270310T120000Z/20270310T130000Z",
      "END:VFREEBUSY",
      "BEGIN:VFREEBUSY",
      "UID:p",
      "DTSTAMP:20270302T120000Z",
      organizer,
      "DTSTART:20270311T000000Z",
      "DTEND:20270312T000000Z",
      "FREEBUSY;FBTYPE=BUSY:20270311T090000Z/20270311T100000Z",
      "END:VFREEBUSY",
    ]);
  });

  test("CALDAV-7.10-04 ICAL-3.6.4-01 a VFREEBUSY by itself has UID, DTSTAMP, the range, and no more when nothing is busy", () => {
    const { name, properties } = makeFreeBusy({ uid: "q", dtstamp: noon, range });
    expect([name, ...properties.map((property) => property.name)]).toEqual([
      "VFREEBUSY",
      "UID",
      "DTSTAMP",
      "DTSTART",
      "DTEND",
    ]);
  });

  test("ICAL-3.8.4.1-02 AVAIL-6-01 nothing of an event but its time leaves, and all tables hold", () => {
    const secret = copyOf([
      "VEVENT",
      "DTSTART:20270310T090000Z",
      "DURATION:PT1H",
      "SUMMARY:Secret",
      "LOCATION:Secret",
      `ORGANIZER;CN=Secret:mailto:${ann}`,
      `ATTENDEE;CN=Secret;RSVP=TRUE:mailto:${ben}`,
      "X-SECRET:Secret",
    ]);
    const found = busyPeriods([secret], range, options);
    expect(found.periods).toHaveLength(1);
    const messages = [
      replyFreeBusy(request, found, contextOf(ann)),
      publishFreeBusy("p", [{ range, periods: found.periods }], [], contextOf(ann)),
      requestFreeBusy({ uid, attendees: [ann], range, comment: "For; the board" }, contextOf(ben)),
    ];
    for (const each of messages) {
      expect(formatCalendar(each.calendar)).not.toContain("Secret");
      expect(formatCalendar(each.calendar)).not.toMatch(/VAVAILABILITY|^ATTENDEE;/m);
      expect(checkRestrictions(each)).toEqual([]);
    }
  });
});

describe("a REQUEST that arrives", () => {
  test("ITIP-3.3.2-01 asks the owner, with all that an answer needs, and what was sent is what arrives", () => {
    const sent = requestFreeBusy({ uid, attendees: [clara, ann], range }, contextOf(ben));
    const outcome = take(arrived(sent), contextOf(ann), ben);
    expect(outcome).toMatchObject({
      kind: "undecided",
      rule: "RFC 5546 §3.3.2",
      question: { kind: "free-busy-request", request, isProven: true },
    });
    expect(describeOutcome(outcome)).toBe("ben@example.test asks when you are busy.");
    expect(take(arrived(sent), contextOf(ann), ben, { confirmedByOwner: true })).toEqual(outcome);
  });

  test.each([
    ["weak evidence", ben, { strength: "weak" }],
    ["no evidence", ben, { strength: "none" }],
    ["a personal link", ben, { strength: "link" }],
    ["somebody else", mallory, {}],
    ["nobody", undefined, {}],
  ] as const)("by %s is not proven", (_, from, over) => {
    const outcome = take(message("REQUEST", ben, ask), contextOf(ann), from, over);
    expect(outcome).toMatchObject({ kind: "undecided", question: { kind: "free-busy-request", isProven: false } });
    expect(describeOutcome(outcome)).toContain("could not be proven");
  });

  test.each([
    ["of the same domain speaks for who asks", "desk@example.test", true],
    ["of another does not", "desk@elsewhere.test", false],
  ])("a SENT-BY %s", (_, desk, isProven) => {
    const lines = ask.with(1, `ORGANIZER;SENT-BY="mailto:${desk}":mailto:${ben}`);
    const outcome = take(message("REQUEST", ben, lines), contextOf(ann), address(desk));
    expect(outcome).toMatchObject({ question: { isProven } });
  });

  test("for somebody else is not for us", () => {
    expect(take(message("REQUEST", ben, ask), contextOf(clara), ben)).toMatchObject({
      kind: "ignored",
      reason: "not-for-us",
    });
  });

  const zoned = "TZID=Europe/Berlin:20270310T010000";
  test.each([
    ["an end before its start", ["DTSTART:20270312T000000Z", "DTEND:20270310T000000Z"], "3.5"],
    ["an end nobody can read", ["DTSTART:20270312T000000Z", "DTEND:later"], "3.5"],
    ["no end", ["DTSTART:20270310T000000Z"], "3.11"],
    ["a zone, tolerated", [`DTSTART;${zoned}`, "DTEND:20270312T000000Z"], undefined],
    ["dates, tolerated", ["DTSTART;VALUE=DATE:20270310", "DTEND;VALUE=DATE:20270312"], undefined],
  ])("for a range with %s", (_, lines, status) => {
    const outcome = take(message("REQUEST", ben, [...ask.slice(0, 3), ...lines]), contextOf(ann), ben);
    if (status === undefined) expect(outcome).toMatchObject({ question: { request: { range } } });
    else expect(outcome).toMatchObject({ kind: "rejected", status: { code: status.split(".").map(Number) } });
  });

  test("an event of the same UID is not touched, and does not lend its Organizer's authority", () => {
    const state = copyOf(["VEVENT", "DTSTART:20270310T090000Z", `ORGANIZER:mailto:${clara}`, `ATTENDEE:mailto:${ann}`]);
    const one = message("REPLY", ben, ["UID:one@example.test", ...answer.slice(1), ...window, oneHour]);
    const outcome = receive(state, one, evidenceOf(ben), contextOf(ann));
    expect(outcome.kind === "applied" && outcome.state).toBe(state);
    const asked = message("REQUEST", ben, ["UID:one@example.test", ...ask.slice(1)]);
    expect(receive(state, asked, evidenceOf(ben), contextOf(ann))).toMatchObject({ question: { isProven: true } });
  });
});

describe("a REPLY that arrives", () => {
  test("tells what was sent", () => {
    const sent = replyFreeBusy(request, { periods: busy, isIncomplete: false }, contextOf(ann));
    const outcome = take(arrived(sent), contextOf(ben), ann);
    expect(outcome).toMatchObject({ kind: "applied", rule: "RFC 5546 §3.3.3", messages: [], state: unknownState });
    const periods = mergeBusyPeriods(busy.filter(({ from }) => from < range.to));
    expect(toldBy(outcome)).toEqual([{ kind: "report", report: { address: ann, uid, dtstamp: noon, range, periods } }]);
    const changes = outcome.kind === "applied" ? outcome.changes : [];
    expect(describeChanges(changes, { zone: utc, zones: () => undefined })).toEqual([
      "ann@example.test told when they are busy.",
    ]);
  });

  test.each([
    ["3.7;Invalid Calendar User", [3, 7]],
    ["5.1;Service unavailable", [5, 1]],
  ])("ITIP-3.3.3-02 REQUEST-STATUS:%s means unknown, not free", (status, code) => {
    const one = message("REPLY", ben, [...answer, ...window, `REQUEST-STATUS:${status}`]);
    const outcome = take(one, contextOf(ann), ben);
    expect(toldBy(outcome)).toMatchObject([{ kind: "unknown", address: ben, status: { code } }]);
  });

  test("without a range it speaks of its periods alone, and with neither of nothing", () => {
    const periods = take(message("REPLY", ben, [...answer, oneHour]), contextOf(ann), ben);
    const hour = { from: at("20270310T090000Z"), to: at("20270310T100000Z") };
    expect(toldBy(periods)).toMatchObject([{ report: { range: hour, periods: [{ ...hour, type: "BUSY" }] } }]);
    expect(toldBy(take(message("REPLY", ben, answer), contextOf(ann), ben))).toMatchObject([{ kind: "unknown" }]);
  });

  test("periods outside of its range are not told", () => {
    const one = message("REPLY", ben, [...answer, ...window, oneHour, "FREEBUSY:20270315T090000Z/PT1H"]);
    expect(toldBy(take(one, contextOf(ann), ben))).toMatchObject([{ report: { periods: [{}] } }]);
  });

  test("a stamp in the future does not freeze what is known", () => {
    const one = message("REPLY", ben, [...answer, ...window]);
    const future = {
      ...one,
      calendar: readText(formatCalendar(one.calendar).replace("20270301", "20990301"), "REPLY", ben).calendar,
    };
    expect(toldBy(take(future, contextOf(ann), ben))).toMatchObject([{ report: { dtstamp: noon } }]);
  });

  test.each([
    [
      "to somebody else",
      message("REPLY", ben, [answer[0] ?? "", `ORGANIZER:mailto:${clara}`, `ATTENDEE:mailto:${ben}`, ...window]),
    ],
    ["of somebody it does not name", message("REPLY", mallory, [...answer, ...window])],
  ])("%s is not for us", (_, one) => {
    expect(take(one, contextOf(ann), one.originator)).toMatchObject({ kind: "ignored", reason: "not-for-us" });
  });

  test.each([
    ["another sender", mallory, {}, "undecided"],
    ["weak evidence", ben, { strength: "weak" }, "undecided"],
    ["no evidence", ben, { strength: "none" }, "rejected"],
    ["weak evidence, the owner said yes", ben, { strength: "weak", confirmedByOwner: true }, "applied"],
  ] as const)("of %s", (_, from, over, kind) => {
    expect(take(message("REPLY", ben, [...answer, ...window, oneHour]), contextOf(ann), from, over).kind).toBe(kind);
  });
});
