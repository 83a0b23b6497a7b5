import {
  act,
  componentAt,
  currentAnswer,
  isCancelled,
  leadingComponent,
  leadingLive,
  objectComponents,
  readTimeSpan,
  receive,
  type SchedulingState,
  schedule,
  unknownState,
} from "@parley/engine";
import { formatCalendar } from "@parley/engine/icalendar";
import { utc } from "@parley/engine/recurrence";
import { spanInWords } from "@parley/engine/sentences";
import { describe, expect, test } from "vitest";
import { applied, several } from "./series.ts";
import { ann, ben, clara, contextOf, evidenceOf, message, noon } from "./world.ts";

const receiveAt = (state: SchedulingState, one: ReturnType<typeof several>, now = noon) =>
  receive(state, one, evidenceOf(ann), contextOf(clara, now));

describe("copies of series", () => {
  const series = ["DTSTART:20270310T090000Z", "DTEND:20270310T100000Z", "RRULE:FREQ=WEEKLY;COUNT=5"];
  const master = [...series, "DTSTAMP:20270301T090000Z", "SEQUENCE:0"];
  const override = (sequence: number, stamp: string) => [
    "RECURRENCE-ID:20270317T090000Z",
    "DTSTART:20270317T110000Z",
    "DTEND:20270317T120000Z",
    `DTSTAMP:${stamp}`,
    `SEQUENCE:${sequence}`,
  ];

  test("an instance update keeps the series; a CANCEL of the whole ends Instances whatever their SEQUENCE", () => {
    const first = applied(receiveAt(unknownState, several("REQUEST", [master]))).state;
    const moved = applied(receiveAt(first, several("REQUEST", [override(3, "20270301T100000Z")]))).state;
    expect(moved.object?.master?.component).toBe(first.object?.master?.component);
    const cancel = several("CANCEL", [[...series, "DTSTAMP:20270301T110000Z", "SEQUENCE:1", "STATUS:CANCELLED"]]);
    const ended = applied(receiveAt(moved, cancel)).state;
    const all = ended.object ? objectComponents(ended.object) : [];
    expect(all.map((component) => isCancelled(ended, component))).toEqual([true, true]);
    const again = applied(receiveAt(ended, several("REQUEST", [override(4, "20270301T120000Z")]))).state;
    const back = again.object && componentAt(again.object, "20270317T090000Z");
    expect(back && isCancelled(again, back)).toBe(false);
  });

  test("Instances without their series: the one that stands is shown and answered, and removing declines each", () => {
    const instance = (day: string, stamp = "20270301T090000Z") => [
      `RECURRENCE-ID:202703${day}T090000Z`,
      `DTSTART:202703${day}T090000Z`,
      `DTEND:202703${day}T100000Z`,
      `DTSTAMP:${stamp}`,
      "SEQUENCE:0",
    ];
    const two = applied(receiveAt(unknownState, several("REQUEST", [instance("10"), instance("17")]))).state;
    const removed = applied(schedule(two, undefined, contextOf(clara)));
    expect(removed.messages.map(({ object }) => leadingComponent(object).key)).toEqual([
      "20270310T090000Z",
      "20270317T090000Z",
    ]);
    const cancel = several("CANCEL", [[...instance("10", "20270301T100000Z"), "STATUS:CANCELLED"]]);
    const one = applied(receiveAt(two, cancel)).state;
    expect(one.object && leadingLive(one, one.object).key).toBe("20270317T090000Z");
    const answer = applied(act(one, { kind: "answer", partstat: "ACCEPTED" }, contextOf(clara)));
    expect(answer.messages.map(({ object }) => leadingComponent(object).key)).toEqual(["20270317T090000Z"]);
  });

  test("an Instance in a zone nobody knows is still named in the answer", () => {
    const odd = several("REQUEST", [
      [
        "RECURRENCE-ID;TZID=Customized Time Zone:20270317T090000",
        "DTSTART;TZID=Customized Time Zone:20270317T090000",
        "DTSTAMP:20270301T090000Z",
        "SEQUENCE:0",
      ],
    ]);
    const state = applied(receiveAt(unknownState, odd)).state;
    const { messages } = applied(act(state, { kind: "answer", partstat: "DECLINED" }, contextOf(clara)));
    expect(formatCalendar(messages[0]?.calendar ?? odd.calendar)).toContain("RECURRENCE-ID:20270317T090000\r\n");
  });

  test("an answer for an Instance the series does not have is not one for the series", () => {
    const state = applied(receiveAt(unknownState, several("REQUEST", [master]))).state;
    const action = { kind: "answer", partstat: "DECLINED", key: "20270325T090000Z" } as const;
    expect(act(state, action, contextOf(clara))).toMatchObject({ kind: "ignored", reason: "unknown-uid" });
  });

  test("Exchange names a day of an all-day series by its midnight", () => {
    const days = ["DTSTART;VALUE=DATE:20270310", "RRULE:FREQ=WEEKLY;COUNT=5"];
    const stamp = (minute: string) => [`DTSTAMP:20270301T09${minute}00Z`, "SEQUENCE:0"];
    const whole = several("REQUEST", [
      [...days, ...stamp("00")],
      ["RECURRENCE-ID;VALUE=DATE:20270317", "DTSTART;VALUE=DATE:20270318", ...stamp("00")],
    ]);
    const state = applied(receiveAt(unknownState, whole)).state;
    const midnight = ["RECURRENCE-ID;TZID=Europe/Berlin:20270317T000000", "DTSTART;VALUE=DATE:20270317"];
    const cancelled = applied(
      receiveAt(state, several("CANCEL", [[...midnight, ...stamp("30"), "STATUS:CANCELLED"]])),
    ).state;
    expect(cancelled.object?.overrides.size).toBe(1);
    const day = cancelled.object && componentAt(cancelled.object, "20270317");
    expect(day && isCancelled(cancelled, day)).toBe(true);
  });
});

describe("removed, and back again", () => {
  test("a guest who was removed and is invited again has not answered", () => {
    const guests = (all: readonly string[]) =>
      message({ method: "REQUEST", attendees: all.map((guest) => `;RSVP=TRUE:mailto:${guest}`) }).object;
    const first = applied(schedule(unknownState, guests([ben, clara]), contextOf(ann))).state;
    const reply = message({ method: "REPLY", attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`] });
    const answered = applied(receive(first, reply, evidenceOf(clara), contextOf(ann))).state;
    const without = applied(schedule(answered, guests([ben]), contextOf(ann, noon + 60))).state;
    const back = applied(schedule(without, guests([ben, clara]), contextOf(ann, noon + 120)));
    const text = formatCalendar(back.messages[0]?.calendar ?? { name: "X", properties: [], components: [] });
    expect(text).toContain("ATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:clara@partner.test");
    const leading = back.state.object && leadingComponent(back.state.object);
    expect(leading && currentAnswer(back.state, leading, clara).partstat).toBe("NEEDS-ACTION");
  });

  test("what was removed does not come back by a message that is late, and does by one that is new", () => {
    const at = (sequence: number, stamp: string) => message({ method: "REQUEST", sequence, dtstamp: stamp });
    const first = applied(receive(unknownState, at(0, "20270301T090000Z"), evidenceOf(ann), contextOf(clara))).state;
    const cancel = message({ method: "CANCEL", sequence: 2, dtstamp: "20270301T110000Z", lines: ["STATUS:CANCELLED"] });
    const cancelled = applied(receive(first, cancel, evidenceOf(ann), contextOf(clara))).state;
    const gone = applied(schedule(cancelled, undefined, contextOf(clara))).state;
    expect(gone.object).toBeUndefined();
    const late = receive(gone, at(1, "20270301T100000Z"), evidenceOf(ann), contextOf(clara));
    expect(late).toMatchObject({ kind: "ignored", reason: "superseded" });
    expect(receive(gone, at(3, "20270301T120000Z"), evidenceOf(ann), contextOf(clara)).kind).toBe("applied");
  });

  test("an Organizer who removes an event and makes it anew goes on counting", () => {
    const { object } = message({ method: "REQUEST" });
    const first = applied(schedule(unknownState, object, contextOf(ann))).state;
    const gone = applied(schedule(first, undefined, contextOf(ann, noon + 60))).state;
    const again = applied(schedule(gone, object, contextOf(ann, noon + 120)));
    expect(again.messages.map(({ object: sent }) => leadingComponent(sent).revision.sequence)).toEqual([2]);
  });
});

describe("whole days as Outlook writes them", () => {
  const event = (flag: string, end: string) =>
    message({ method: "REQUEST", start: "20270310T000000", end, lines: [`X-MICROSOFT-CDO-ALLDAYEVENT:${flag}`] });
  test.each([
    ["TRUE", "20270311T000000", "Wednesday, 10 March 2027"],
    ["TRUE", "20270312T000000", "Wednesday, 10 March 2027 – Thursday, 11 March 2027"],
    ["FALSE", "20270311T000000", "Wednesday, 10 March 2027, 00:00 – Thursday, 11 March 2027, 00:00"],
    ["TRUE", "20270310T120000", "Wednesday, 10 March 2027, 00:00–12:00"],
  ])("%s until %s: %s", (flag, end, words) => {
    const { object } = event(flag, end);
    const span = readTimeSpan(leadingComponent(object).component);
    expect(span && spanInWords(span, () => undefined, utc)).toBe(words);
  });
});

describe("answers leave whatever the request repeats", () => {
  test.each([
    [["DURATION:PT1H"], /^DTEND/m, /^DURATION/m],
    [["SUMMARY:Twice"], /^SUMMARY:Planning/m, /Twice/],
    [["LOCATION:A", "LOCATION:B"], /^LOCATION:A/m, /^LOCATION:B/m],
    [["DTSTART;TZID=Nowhere:20270310T090000"], /^DTSTART:20270310T090000Z/m, /Nowhere/],
  ])("%j", (lines, has, lacks) => {
    const request = message({ method: "REQUEST", lines });
    const state = applied(receive(unknownState, request, evidenceOf(ann), contextOf(clara))).state;
    const { messages } = applied(act(state, { kind: "answer", partstat: "ACCEPTED" }, contextOf(clara)));
    const text = formatCalendar(messages[0]?.calendar ?? request.calendar);
    expect(text).toMatch(has);
    expect(text).not.toMatch(lacks);
  });
});
