import { act, type Partstat, type SchedulingState } from "@parley/engine";
import { type BusyType, busyPeriods } from "@parley/engine/freebusy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultLimits, maxBusyPeriods } from "../../src/limits.ts";
import { recurs } from "../../src/model/times.ts";
import { ann, ben, contextOf } from "../itip/world.ts";
import { at, berlin, copyOf, options } from "./helpers.ts";

const day = { from: at("20270310T000000Z"), to: at("20270311T000000Z") };
const week = { from: at("20270308T000000Z"), to: at("20270315T000000Z") };
const times = ["DTSTART:20270310T090000Z", "DTEND:20270310T100000Z"];
const organizer = `ORGANIZER:mailto:${ben}`;
const invited = (partstat: string) => [organizer, `ATTENDEE;PARTSTAT=${partstat}:mailto:${ann}`];

function event(...lines: readonly string[]): SchedulingState {
  return copyOf(["VEVENT", ...times, ...lines]);
}

/** The one type of a day's busy time, FREE where there is none. */
function typeOf(state: SchedulingState, over: Partial<typeof options> = {}): string {
  const { periods } = busyPeriods([state], day, { ...options, ...over });
  return periods.length === 0 ? "FREE" : periods.map(({ type }) => type).join();
}

describe("what an event makes of its owner's time", () => {
  const cases: readonly (readonly [string, readonly string[], BusyType | "FREE"])[] = [
    ["CALDAV-7.10-02 no STATUS", [], "BUSY"],
    ["CALDAV-7.10-02 STATUS:CONFIRMED", ["STATUS:CONFIRMED"], "BUSY"],
    ["CALDAV-7.10-02 STATUS:TENTATIVE", ["STATUS:TENTATIVE"], "BUSY-TENTATIVE"],
    ["CALDAV-7.10-02 STATUS:CANCELLED", ["STATUS:CANCELLED"], "FREE"],
    ["CALDAV-7.10-01 ITIP-5.1.1-05 TRANSP:OPAQUE", ["TRANSP:OPAQUE"], "BUSY"],
    ["CALDAV-7.10-01 ITIP-5.1.1-05 TRANSP:TRANSPARENT", ["TRANSP:TRANSPARENT"], "FREE"],
    ["transparent and tentative", ["TRANSP:transparent", "STATUS:TENTATIVE"], "FREE"],
    ["invited, not answered", invited("NEEDS-ACTION"), "BUSY-TENTATIVE"],
    ["accepted", invited("ACCEPTED"), "BUSY"],
    ["accepted, itself tentative", [...invited("ACCEPTED"), "STATUS:TENTATIVE"], "BUSY-TENTATIVE"],
    ["tentatively accepted", invited("TENTATIVE"), "BUSY-TENTATIVE"],
    ["declined", invited("DECLINED"), "FREE"],
    ["delegated", invited("DELEGATED"), "FREE"],
    ["organized, not among the guests", [`ORGANIZER:mailto:${ann}`, `ATTENDEE:mailto:${ben}`], "BUSY"],
    ["organized, unanswered by the organizer", [`ORGANIZER:mailto:${ann}`, `ATTENDEE:mailto:${ann}`], "BUSY"],
    ["organized for others", [`ORGANIZER:mailto:${ann}`, `ATTENDEE;PARTSTAT=DECLINED:mailto:${ann}`], "FREE"],
    ["of others, kept without an invitation", [organizer, `ATTENDEE:mailto:${ben}`], "BUSY"],
    ["out of office", ["X-MICROSOFT-CDO-BUSYSTATUS:OOF"], "BUSY-UNAVAILABLE"],
    ["out of office, perhaps", ["X-MICROSOFT-CDO-BUSYSTATUS:OOF", "STATUS:TENTATIVE"], "BUSY-TENTATIVE"],
    ["free to Outlook", ["X-MICROSOFT-CDO-BUSYSTATUS:FREE"], "FREE"],
    ["free to Outlook, opaque to all", ["X-MICROSOFT-CDO-BUSYSTATUS:FREE", "TRANSP:OPAQUE"], "BUSY"],
    ["working elsewhere", ["X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"], "FREE"],
    ["tentative to Outlook", ["X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"], "BUSY-TENTATIVE"],
    ["an accepted invitation of Outlook", [...invited("ACCEPTED"), "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"], "BUSY"],
    [
      "an accepted invitation of Outlook that intends to be out of office",
      [...invited("ACCEPTED"), "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "X-MICROSOFT-CDO-INTENDEDSTATUS:OOF"],
      "BUSY-UNAVAILABLE",
    ],
    ["of no known word", ["X-MICROSOFT-CDO-BUSYSTATUS:SLEEPY"], "BUSY"],
  ];
  test.each(cases)("%s", (_, lines, type) => {
    expect(typeOf(event(...lines))).toBe(type);
  });

  test("what an unanswered invitation does can be chosen", () => {
    expect(typeOf(event(...invited("NEEDS-ACTION")), { unanswered: "FREE" })).toBe("FREE");
    expect(typeOf(event(...invited("NEEDS-ACTION")), { unanswered: "BUSY" })).toBe("BUSY");
    expect(typeOf(event(...invited("TENTATIVE")), { unanswered: "FREE" })).toBe("BUSY-TENTATIVE");
  });

  test.each<[Partstat, string]>([
    ["ACCEPTED", "BUSY"],
    ["DECLINED", "FREE"],
    ["TENTATIVE", "BUSY-TENTATIVE"],
  ])("the answer counts that the owner gave, not the one the document has: %s", (partstat, type) => {
    expect(typeOf(answered(event(...invited("NEEDS-ACTION")), partstat))).toBe(type);
  });

  test("to-dos and journal entries take no time", () => {
    expect(typeOf(copyOf(["VTODO", ...times.slice(0, 1), "DUE:20270310T100000Z"]))).toBe("FREE");
    expect(typeOf(copyOf(["VJOURNAL", ...times.slice(0, 1)]))).toBe("FREE");
  });

  test("what takes no time takes none", () => {
    expect(typeOf(copyOf(["VEVENT", "DTSTART:20270310T090000Z"]))).toBe("FREE");
  });
});

function answered(state: SchedulingState, partstat: Partstat, key?: string): SchedulingState {
  const outcome = act(state, { kind: "answer", partstat, ...(key && { key }) }, contextOf(ann));
  if (outcome.kind !== "applied") throw new Error(JSON.stringify(outcome));
  return outcome.state;
}

/** The busy time of a week, told by its starts and lengths in hours. */
function shown(state: SchedulingState, over: Partial<typeof options> = {}): readonly string[] {
  return busyPeriods([state], week, { ...options, ...over }).periods.map(({ from, to, type }) => {
    const start = new Date(from * 1_000).toISOString().slice(8, 16);
    return `${start} ${(to - from) / 3_600}h ${type}`;
  });
}

describe("when an event is busy", () => {
  const daily = ["DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "RRULE:FREQ=DAILY;UNTIL=20270311T090000Z"];
  const cases: readonly (readonly [string, SchedulingState, readonly string[]])[] = [
    [
      "ICAL-3.6.4-02 a series is resolved into its times",
      copyOf(["VEVENT", ...daily]),
      ["08T09:00 1h BUSY", "09T09:00 1h BUSY", "10T09:00 1h BUSY", "11T09:00 1h BUSY"],
    ],
    [
      "an EXDATE, a moved and a cancelled Instance",
      copyOf(
        ["VEVENT", ...daily, "EXDATE:20270308T090000Z"],
        ["VEVENT", "RECURRENCE-ID:20270309T090000Z", "DTSTART:20270309T120000Z", "DTEND:20270309T140000Z"],
        ["VEVENT", "RECURRENCE-ID:20270310T090000Z", "DTSTART:20270310T090000Z", "STATUS:CANCELLED"],
      ),
      ["09T12:00 2h BUSY", "11T09:00 1h BUSY"],
    ],
    [
      "an Instance with its own TRANSP and STATUS",
      copyOf(
        ["VEVENT", ...daily, "EXDATE:20270308T090000Z"],
        ["VEVENT", "RECURRENCE-ID:20270309T090000Z", "DTSTART:20270309T090000Z", "DURATION:PT1H", "STATUS:TENTATIVE"],
        ["VEVENT", "RECURRENCE-ID:20270310T090000Z", "DTSTART:20270310T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"],
      ),
      ["09T09:00 1h BUSY-TENTATIVE", "11T09:00 1h BUSY"],
    ],
    [
      "RANGE=THISANDFUTURE moves what follows",
      copyOf(
        ["VEVENT", ...daily, "EXDATE:20270308T090000Z"],
        [
          "VEVENT",
          "RECURRENCE-ID;RANGE=THISANDFUTURE:20270310T090000Z",
          "DTSTART:20270310T100000Z",
          "DURATION:PT2H",
          "STATUS:TENTATIVE",
        ],
      ),
      ["09T09:00 1h BUSY", "10T10:00 2h BUSY-TENTATIVE", "11T10:00 2h BUSY-TENTATIVE"],
    ],
    [
      "Instances without their series",
      copyOf(["VEVENT", "RECURRENCE-ID:20270309T090000Z", "DTSTART:20270309T120000Z", "DTEND:20270309T140000Z"]),
      ["09T12:00 2h BUSY"],
    ],
    [
      "what reaches into the range from outside is cut",
      copyOf(["VEVENT", "DTSTART:20270307T230000Z", "DTEND:20270308T010000Z"]),
      ["08T00:00 1h BUSY"],
    ],
    [
      "what ends where the range begins is not in it",
      copyOf(["VEVENT", "DTSTART:20270307T230000Z", "DTEND:20270308T000000Z"]),
      [],
    ],
    [
      "in a zone",
      copyOf(["VEVENT", "DTSTART;TZID=America/New_York:20270310T090000", "DURATION:PT1H"]),
      ["10T14:00 1h BUSY"],
    ],
    [
      "ITIP-3.3-02 several values in one FREEBUSY and several FREEBUSYs mean the same",
      copyOf([
        "VFREEBUSY",
        "DTSTART:20270308T000000Z",
        "DTEND:20270315T000000Z",
        "FREEBUSY:20270308T090000Z/PT1H,20270309T090000Z/20270309T110000Z",
        "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20270310T090000Z/PT1H",
        "FREEBUSY;FBTYPE=X-NAP:20270311T090000Z/PT1H",
        "FREEBUSY;FBTYPE=FREE:20270312T090000Z/PT1H",
        "FREEBUSY:rubbish",
      ]),
      ["08T09:00 1h BUSY", "09T09:00 2h BUSY", "10T09:00 1h BUSY-UNAVAILABLE", "11T09:00 1h BUSY"],
    ],
  ];
  test.each(cases)("%s", (_, state, expected) => {
    expect(shown(state)).toEqual(expected);
  });

  test("whole days and floating times are the owner's", () => {
    const allDay = copyOf(["VEVENT", "DTSTART;VALUE=DATE:20270310"]);
    const floating = copyOf(["VEVENT", "DTSTART:20270310T090000", "DURATION:PT1H"]);
    expect(shown(allDay, { localZone: berlin() })).toEqual(["09T23:00 24h BUSY"]);
    expect(shown(floating, { localZone: berlin() })).toEqual(["10T08:00 1h BUSY"]);
  });

  test("answers for the series, one Instance, and one and all that follow", () => {
    const series = copyOf(["VEVENT", ...daily, "EXDATE:20270308T090000Z", ...invited("NEEDS-ACTION")]);
    const accepted = answered(series, "ACCEPTED");
    const once = answered(accepted, "DECLINED", "20270310T090000Z");
    expect(shown(once)).toEqual(["09T09:00 1h BUSY", "11T09:00 1h BUSY"]);
    const outcome = act(
      accepted,
      { kind: "answer", partstat: "TENTATIVE", key: "20270310T090000Z", range: "this-and-future" },
      contextOf(ann),
    );
    if (outcome.kind !== "applied") throw new Error(JSON.stringify(outcome));
    expect(shown(outcome.state)).toEqual([
      "09T09:00 1h BUSY",
      "10T09:00 1h BUSY-TENTATIVE",
      "11T09:00 1h BUSY-TENTATIVE",
    ]);
  });

  test("a single event is where its expansion would be", () => {
    // Beside an override that takes place elsewhere the event is read as a set.
    const elsewhere = ["VEVENT", "RECURRENCE-ID:20200101T090000Z", "DTSTART:20200101T090000Z", "DURATION:PT1H"];
    const start = fc.constantFrom(
      "DTSTART:20270309T230000Z",
      "DTSTART:20270309T230000",
      "DTSTART;TZID=Europe/Berlin:20270309T233000",
      "DTSTART;TZID=Unknown/Zone:20270309T233000",
      "DTSTART;VALUE=DATE:20270310",
      "DTSTART;VALUE=DATE:20270309",
    );
    const end = fc.constantFrom([], ["DURATION:PT90M"], ["DURATION:P1D"], ["DURATION:-PT1H"]);
    fc.assert(
      fc.property(start, end, (first, last) => {
        const lines = ["VEVENT", first, ...last];
        const single = copyOf(lines);
        expect(single.object?.master && recurs(single.object.master)).toBe(false);
        const over = { ...options, localZone: berlin() };
        expect(busyPeriods([single], day, over)).toEqual(busyPeriods([copyOf(lines, elsewhere)], day, over));
      }),
    );
  });
});

describe("bounds", () => {
  const secondly = copyOf(["VEVENT", "DTSTART:20270301T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;INTERVAL=2"]);

  test("no more Instances are looked at than the bound says, and the result says so", () => {
    const found = busyPeriods([secondly], week, options);
    expect(found.isIncomplete).toBe(true);
    expect(found.periods).toHaveLength(maxBusyPeriods);
  });

  test("of all objects together", () => {
    const limits = { ...defaultLimits, maxInstances: 60_000 };
    const free = copyOf(["VEVENT", "DTSTART:20270308T000000Z", "RRULE:FREQ=SECONDLY", "TRANSP:TRANSPARENT"]);
    const found = busyPeriods([free, free, event()], week, { ...options, limits });
    expect(found).toEqual({ periods: [], isIncomplete: true });
  });

  test("what is whole says so", () => {
    expect(busyPeriods([event()], week, options).isIncomplete).toBe(false);
  });
});
