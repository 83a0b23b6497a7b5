import {
  type CalendarObject,
  leadingComponent,
  objectComponents,
  type Registers,
  type SchedulingMessage,
  type SchedulingState,
} from "@parley/engine";
import { formatCalendar, makeComponent } from "@parley/engine/icalendar";
import { describe, expect, test } from "vitest";
import { conversation } from "./conversation.ts";
import { begin, instance as moved, on, series as organized, put, weekly as weeklyOf } from "./organize-helpers.ts";
import { atClara, day, instance, key, receiveAll, received, several, stamp, takesPlace, weekly } from "./series.ts";
import { ann, ben, clara, readText } from "./world.ts";

const series = several("REQUEST", [[...weekly, ...stamp(10, 2)]]);
const third = several("REQUEST", [[instance("24"), ...day("24", "11"), "SUMMARY:Third", ...stamp(20, 3)]]);

test("ITIP-2.1.5-05 after a restart every component is as old as it was, also where its text was stripped", () => {
  const off = several("CANCEL", [[instance("17"), "STATUS:CANCELLED", ...stamp(30, 4)]]);
  const state = receiveAll([series, third, off]);
  const again = restarted(state);
  const sequences = (of: SchedulingState) => (of.object ? objectComponents(of.object) : []).map((one) => one.revision);
  expect(sequences(again)).not.toEqual(sequences(state));
  const kinds = [undefined, "17", "24", "31"].flatMap((date) =>
    [0, 1, 2, 3, 4, 5].flatMap((sequence) =>
      [10, 25, 35].map((minute) => {
        const lines = date ? [instance(date), ...day(date, "15")] : weekly;
        const next = several("REQUEST", [[...lines, ...stamp(minute, sequence)]]);
        const [before, after] = [atClara(state, next), atClara(again, next)];
        expect(after.kind).toBe(before.kind);
        expect("reason" in after && after.reason).toBe("reason" in before && before.reason);
        return after.kind;
      }),
    ),
  );
  expect([...new Set(kinds)].sort()).toEqual(["applied", "ignored"]);
});

/** What a store gives back: registers through JSON, and the text without SEQUENCE and DTSTAMP. */
function restarted(state: SchedulingState): SchedulingState {
  const stored = <Value>({ stored, written }: Registers<Value>): Registers<Value> => ({
    stored: new Map(JSON.parse(JSON.stringify([...stored, ...written])) as [string, Value][]),
    written: new Map(),
  });
  const { object, ...rest } = state;
  const components = (object ? objectComponents(object) : []).map(({ component }) => component);
  const head = [{ name: "VERSION", parameters: [], value: "2.0" }];
  const text = formatCalendar(makeComponent("VCALENDAR", head, components)).replace(/^(SEQUENCE|DTSTAMP).*\r\n/gm, "");
  expect(text).toContain("UID:series@example.test\r\n");
  return {
    ...rest,
    object: readText(text, "REQUEST", ann).object,
    revisions: stored(state.revisions),
    participations: stored(state.participations),
  };
}

describe("RFC 5546 §3.7.1: Instances", () => {
  const second = several("REQUEST", [[instance("17"), ...day("17", "12"), "SUMMARY:Second", ...stamp(20, 3)]]);
  const together = several("REQUEST", [
    [...weekly, ...stamp(10, 2)],
    [instance("17"), ...day("17", "12"), "SUMMARY:Second", ...stamp(20, 3)],
    [instance("24"), ...day("24", "11"), "SUMMARY:Third", ...stamp(20, 3)],
  ]);

  test.each([
    ["one by one", [series, second, third]],
    ["the series last", [third, second, series]],
  ])("ITIP-3.7.1-01 are the same in one object and %s", (_name, messages) => {
    expect(takesPlace(receiveAll(messages))).toEqual(takesPlace(receiveAll([together])));
    expect(takesPlace(receiveAll([together]))).toContain("03-24T09:00 at 03-24T11:00 Third");
  });

  test("ITIP-3.7.1-01 each has versions and an answer of its own", () => {
    const talk = conversation();
    talk.put(ann, several("REQUEST", [[...weekly, ...stamp(0)]]).object);
    talk.deliver();
    talk.act(clara, { kind: "answer", partstat: "ACCEPTED" });
    talk.act(clara, { kind: "answer", partstat: "DECLINED", key: key("17") });
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["clara ACCEPTED"]);
    const moves = several("REQUEST", [
      [...weekly, ...stamp(0)],
      [instance("24"), ...day("24", "11"), ...stamp(0)],
    ]);
    talk.now += 60;
    talk.put(ann, moves.object);
    talk.deliver();
    expect(talk.guests(ann, key("24"))).toEqual(["clara NEEDS-ACTION"]);
    expect(talk.guests(ann)).toEqual(["clara ACCEPTED"]);
    const said = [...talk.state(ann).participations.stored].map(([name, { partstat }]) => `${name}: ${partstat}`);
    expect(said).toEqual([`${clara} : ACCEPTED`, `${clara} ${key("17")}: DECLINED`]);
    const object = objectOf(talk.state(clara));
    expect(objectComponents(object).map((one) => [one.key, one.revision.sequence])).toEqual([
      ["", 0],
      [key("24"), 1],
    ]);
  });

  test("ITIP-3.7.1-02 one is named by its original start, however often it is moved", () => {
    const whole = { lines: weeklyOf(), guests: [ben] };
    const all = begin(organized([whole]));
    for (const [hour, sequence] of [
      ["11", 1],
      ["15", 2],
    ] as const) {
      const told = put(all, organized([whole, { lines: moved("0317", hour), guests: [ben] }]));
      expect(told).toEqual([`REQUEST to ben: ${on("0317")}/${sequence}`]);
      const present = all.state.object?.overrides.get(on("0317"))?.component.properties;
      expect(present?.find(({ name }) => name === "DTSTART")?.value).toBe(`20270317T${hour}0000Z`);
    }
  });
});

test("ITIP-4.4.8-01 a REFRESH is answered with the series and its Instances in one object", () => {
  const talk = conversation();
  const parts = [
    [...weekly, ...stamp(0)],
    [instance("17"), ...day("17", "12"), ...stamp(0)],
    [instance("24"), ...day("24", "11"), ...stamp(0)],
  ];
  talk.put(ann, several("REQUEST", parts).object);
  talk.deliver();
  talk.act(clara, { kind: "refresh" });
  const [refresh] = talk.mail;
  talk.mail = [];
  talk.take(ann, received(refresh?.message as SchedulingMessage));
  expect(talk.letters()).toEqual(["REQUEST ann>clara 0"]);
  const sent = talk.mail[0]?.message;
  expect(sent?.calendar.components.filter(({ name }) => name === "VEVENT")).toHaveLength(3);
  expect(sent && objectComponents(sent.object).map((one) => one.key)).toEqual(["", key("17"), key("24")]);
});

describe("RFC 5546 §4.7.2: an Instance that cannot be found", () => {
  // 18 March is no Wednesday.
  const nowhere = (minute: number, sequence: number) =>
    several("REQUEST", [[instance("18"), ...day("18"), ...stamp(minute, sequence)]]);
  test.each([
    ["ITIP-4.7.2-02 the SEQUENCE jumped", nowhere(30, 5), ["REFRESH"]],
    ["ITIP-4.7.2-03 the SEQUENCE is the one that is known", nowhere(30, 2), ["REFRESH"]],
    ["an older one", nowhere(5, 1), ["REFRESH"]],
    ["the next one, which makes it", nowhere(30, 3), []],
    ["it is one of the series", several("REQUEST", [[instance("31"), ...day("31"), ...stamp(30, 2)]]), []],
    [
      "with its series, whole by itself",
      several("REQUEST", [
        [...weekly, ...stamp(30, 2)],
        [instance("18"), ...day("18"), ...stamp(30, 2)],
      ]),
      [],
    ],
  ])("%s", (_name, one, methods) => {
    const state = receiveAll([series]);
    const outcome = atClara(state, one);
    if (outcome.kind !== "applied") throw new Error(outcome.kind);
    expect(outcome.messages.map(({ method }) => method)).toEqual(methods);
    expect(outcome.messages.flatMap(({ recipients }) => recipients)).toEqual(methods.map(() => ann));
    expect(takesPlace(outcome.state)).toEqual(expect.arrayContaining([...takesPlace(state)]));
    expect(atClara(outcome.state, one).kind).toBe("ignored");
  });
});

test("ITIP-5.1.1-06 a series in a zone that the message alone defines is expanded as its VTIMEZONE says", () => {
  const timezones = [
    "BEGIN:VTIMEZONE",
    "TZID:The Island",
    ...observance("DAYLIGHT", "19700315T000000", "+0100", "+0300", "RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15"),
    ...observance("STANDARD", "19700330T000000", "+0300", "+0100", "RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=30"),
    "END:VTIMEZONE",
  ];
  const lines = [
    "DTSTART;TZID=The Island:20270310T100000",
    "DTEND;TZID=The Island:20270310T110000",
    "RRULE:FREQ=WEEKLY;COUNT=4",
    ...stamp(0),
  ];
  const state = receiveAll([several("REQUEST", [lines], { timezones })]);
  expect(takesPlace(state).map((line) => line.split(" ")[0])).toEqual([
    "03-10T09:00",
    "03-17T07:00",
    "03-24T07:00",
    "03-31T09:00",
  ]);
});

function observance(name: string, start: string, from: string, to: string, rule: string): readonly string[] {
  return [`BEGIN:${name}`, `DTSTART:${start}`, `TZOFFSETFROM:${from}`, `TZOFFSETTO:${to}`, rule, `END:${name}`];
}

function objectOf({ object }: SchedulingState): CalendarObject {
  if (!object || leadingComponent(object).key !== "") throw new Error("no series");
  return object;
}
