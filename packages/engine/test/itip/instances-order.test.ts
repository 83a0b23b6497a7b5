import { act, allRegisters, type SchedulingMessage, type SchedulingState, unknownState } from "@parley/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applied,
  atClara,
  day,
  instance,
  key,
  receiveAll,
  several,
  stamp,
  takesPlace,
  thisAndFuture,
  weekly,
} from "./series.ts";
import { clara, contextOf } from "./world.ts";

describe("Instances and their series", () => {
  const series = several("REQUEST", [[...weekly, ...stamp(0)]]);
  const moved = several("REQUEST", [[instance("17"), ...day("17", "11"), "SUMMARY:Moved", ...stamp(10)]]);
  const both = ["03-17T09:00 at 03-17T11:00 Moved", "03-24T09:00 at 03-24T09:00 Series"];

  test.each([
    ["the Instance first", [moved, series]],
    ["the series first", [series, moved]],
  ])("ITIP-2.1.5-01 they are joined: %s", (_name, messages) => {
    const state = receiveAll(messages);
    expect(takesPlace(state)).toHaveLength(5);
    expect(takesPlace(state)).toEqual(expect.arrayContaining(both));
    expect([...(state.object?.overrides.keys() ?? [])]).toEqual([key("17")]);
  });

  test("Instances of one message stand in the order of time, whichever came first", () => {
    const late = several("REQUEST", [[instance("24"), ...day("24"), ...stamp(5)]]);
    const keys = (messages: readonly SchedulingMessage[]) => [...(receiveAll(messages).object?.overrides.keys() ?? [])];
    expect(keys([late, moved])).toEqual(keys([moved, late]));
  });

  // RECURRENCE-ID of one Instance in all its forms.
  test.each([
    "RECURRENCE-ID:20270317T090000Z",
    "RECURRENCE-ID;TZID=Europe/Berlin:20270317T100000",
    "RECURRENCE-ID;TZID=America/New_York:20270317T050000",
    "RECURRENCE-ID;VALUE=DATE:20270317",
  ])("ITIP-3.2.2-01 one Instance by %s, before its series and after", (line) => {
    const update = several("REQUEST", [[line, ...day("17", "11"), "SUMMARY:Moved", ...stamp(20)]]);
    for (const messages of [
      [series, moved, update],
      [update, series],
      [update, moved, series],
    ]) {
      const state = receiveAll(messages);
      expect([...(state.object?.overrides.keys() ?? [])]).toEqual([key("17")]);
      expect(takesPlace(state)).toEqual(expect.arrayContaining(both));
    }
  });

  test("the owner's answer goes along when the series names its Instance otherwise", () => {
    const date = several("REQUEST", [["RECURRENCE-ID;VALUE=DATE:20270317", ...day("17"), ...stamp(0)]]);
    const first = applied(atClara(unknownState, date)).state;
    const answered = answer(first, "20270317");
    const joined = applied(atClara(answered, several("REQUEST", [[...weekly, ...stamp(5)]]))).state;
    expect(allRegisters(joined.participations).get(`${clara} ${key("17")}`)).toMatchObject({ partstat: "ACCEPTED" });
  });

  test("overrides a full REQUEST does not mention stay while the rule has them, and are cancelled when it has not", () => {
    const state = receiveAll([series, moved]);
    const longer = several("REQUEST", [[...day("10"), "RRULE:FREQ=WEEKLY;COUNT=6", ...stamp(20, 1)]]);
    expect(takesPlace(applied(atClara(state, longer)).state)).toEqual(expect.arrayContaining(both));
    const thursdays = several("REQUEST", [[...day("11"), "RRULE:FREQ=WEEKLY;COUNT=3", ...stamp(20, 1)]]);
    const without = applied(atClara(state, thursdays));
    expect(takesPlace(without.state)).toEqual(
      ["11", "18", "25"].map((date) => `03-${date}T09:00 at 03-${date}T09:00 Series`),
    );
    expect(without.changes).toContainEqual({ kind: "cancelled", key: key("17") });
  });

  test("what an older series no longer had comes back with a newer one that has it", () => {
    const thursdays = several("REQUEST", [[...day("11"), "RRULE:FREQ=WEEKLY;COUNT=3", ...stamp(20, 1)]]);
    const back = several("REQUEST", [[...weekly, ...stamp(30, 2)]]);
    expect(takesPlace(receiveAll([series, moved, thursdays, back]))).toEqual(expect.arrayContaining(both));
  });

  test("an EXDATE takes an Instance away that had a component of its own; a newer one of it brings it back", () => {
    const excluded = several("REQUEST", [[...weekly, "EXDATE:20270317T090000Z", ...stamp(20, 1)]]);
    const state = receiveAll([series, moved, excluded]);
    expect(takesPlace(state)).toHaveLength(4);
    const cancelled = several("CANCEL", [[instance("24"), "STATUS:CANCELLED", ...stamp(30, 2)]]);
    expect(takesPlace(receiveAll([cancelled], state))).toHaveLength(3);
  });

  test("a cancelled Instance stays so when the series comes again without a word of it (decision 0017)", () => {
    const cancelled = several("CANCEL", [[instance("17"), "STATUS:CANCELLED", ...stamp(10, 1)]]);
    const again = several("REQUEST", [[...weekly, "LOCATION:Room", ...stamp(20, 1)]]);
    for (const messages of [
      [series, cancelled, again],
      [series, again, cancelled],
    ]) {
      expect(takesPlace(receiveAll(messages))).toHaveLength(4);
    }
    const named = several("REQUEST", [[instance("17"), ...day("17"), ...stamp(30, 2)]]);
    expect(takesPlace(receiveAll([series, cancelled, again, named]))).toHaveLength(5);
  });

  test("ITIP-3.2.5-09 taken off the list of one Instance: that one is cancelled, the others stand", () => {
    const lines = [instance("17"), ...day("17"), ...stamp(10, 1)];
    const state = receiveAll([series, several("CANCEL", [lines])]);
    expect(takesPlace(state).map((line) => line.slice(0, 5))).toEqual(["03-10", "03-24", "03-31", "04-07"]);
  });

  test("ITIP-3.2.5-05 several Instances of one CANCEL, and of one REQUEST without a series", () => {
    const three = ["10", "17", "24"].map((date) => [instance(date), ...day(date), ...stamp(10)]);
    expect(takesPlace(receiveAll([several("REQUEST", three)]))).toHaveLength(3);
    const cancelled = three.map((lines) => [...lines.slice(0, 1), "STATUS:CANCELLED", ...stamp(20, 1)]);
    expect(takesPlace(receiveAll([series, several("CANCEL", cancelled)]))).toHaveLength(2);
  });
});

describe("RANGE=THISANDFUTURE", () => {
  const series = several("REQUEST", [[...weekly, ...stamp(0)]]);
  const later = several("REQUEST", [
    [instance("24", thisAndFuture), ...day("24", "14"), "SUMMARY:Later", ...stamp(10, 1)],
  ]);
  const starts = (state: SchedulingState) => takesPlace(state).map((line) => line.split(" ").slice(2, 3)[0]);

  test("a REQUEST of it moves that Instance and all after by as much", () => {
    const moved = ["03-10T09:00", "03-17T09:00", "03-24T14:00", "03-31T14:00", "04-07T14:00"];
    expect(starts(receiveAll([series, later]))).toEqual(moved);
    expect(starts(receiveAll([later, series]))).toEqual(moved);
  });

  test("RFC 5545 §3.8.4.4: Instances with components of their own stay as they are, older or newer", () => {
    const own = several("REQUEST", [[instance("31"), ...day("31", "16"), ...stamp(5)]]);
    for (const messages of [
      [series, own, later],
      [series, later, own],
    ]) {
      expect(starts(receiveAll(messages))).toContain("03-31T16:00");
    }
  });

  test("ITIP-3.2.5-04 a CANCEL of it ends that Instance and all after, also those with components of their own", () => {
    const own = several("REQUEST", [[instance("31"), ...day("31", "16"), ...stamp(5)]]);
    const cancel = several("CANCEL", [[instance("24", thisAndFuture), "STATUS:CANCELLED", ...stamp(20, 2)]]);
    for (const messages of [
      [series, own, cancel],
      [series, cancel, own],
      [series, own, later, cancel],
      [series, cancel, later, own],
    ]) {
      expect(starts(receiveAll(messages))).toEqual(["03-10T09:00", "03-17T09:00"]);
    }
    const back = several("REQUEST", [[instance("31"), ...day("31", "16"), ...stamp(30, 3)]]);
    expect(starts(receiveAll([series, cancel, back]))).toEqual(["03-10T09:00", "03-17T09:00", "03-31T16:00"]);
    const told = applied(atClara(receiveAll([series]), cancel)).changes;
    expect(told).toEqual([{ kind: "cancelled", key: key("24"), range: "this-and-future" }]);
  });

  test("of two words on one RECURRENCE-ID the newer counts, its range too (decision 0017)", () => {
    const one = several("REQUEST", [[instance("24"), ...day("24", "16"), ...stamp(20, 2)]]);
    const only = ["03-10T09:00", "03-17T09:00", "03-24T16:00", "03-31T09:00", "04-07T09:00"];
    expect(starts(receiveAll([series, later, one]))).toEqual(only);
    expect(starts(receiveAll([series, one, later]))).toEqual(only);
  });
});

describe("laws of Instances", () => {
  const dates = ["10", "17", "24", "31"] as const;
  const rules = ["RRULE:FREQ=WEEKLY;COUNT=5", "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4", "RRULE:FREQ=WEEKLY;COUNT=2"];
  const what = fc.oneof(
    fc.record({ kind: fc.constant("series" as const), rule: fc.constantFrom(...rules), excluded: fc.subarray(["24"]) }),
    fc.record({ kind: fc.constant("move" as const), date: fc.constantFrom(...dates), ranged: fc.boolean() }),
    fc.record({ kind: fc.constant("add" as const), date: fc.constantFrom("12", "24") }),
    fc.record({ kind: fc.constant("cancel" as const), date: fc.constantFrom(...dates, ""), ranged: fc.boolean() }),
    fc.record({ kind: fc.constant("publish" as const), rule: fc.constantFrom(...rules) }),
  );
  type What = typeof what extends fc.Arbitrary<infer One> ? One : never;

  /** The message an Organizer sends as the `minute`-th; every revision once. */
  function messageOf(one: What, minute: number): SchedulingMessage {
    const stamped = [`SUMMARY:Number ${minute}`, ...stamp(minute, minute)];
    const range = "ranged" in one && one.ranged ? thisAndFuture : "";
    switch (one.kind) {
      case "series": {
        const exdates = one.excluded.map((date) => `EXDATE:202703${date}T090000Z`);
        return several("REQUEST", [[...day("10"), one.rule, ...exdates, ...stamped]]);
      }
      case "move":
        return several("REQUEST", [[instance(one.date, range), ...day(one.date, "12"), ...stamped]]);
      case "add":
        return several("ADD", [[...day(one.date), ...stamped]]);
      case "cancel": {
        const named = one.date === "" ? [] : [instance(one.date, range)];
        return several("CANCEL", [[...named, ...day(one.date || "10"), "STATUS:CANCELLED", ...stamped]]);
      }
      case "publish":
        return several("PUBLISH", [[...day("10"), one.rule, ...stamped]], { guests: [] });
    }
  }

  // It begins with the series: what comes before any word of a UID is held, and the hold is tested elsewhere.
  const first: What = { kind: "series", rule: rules[0] ?? "", excluded: [] };
  const history = fc
    .array(what, { minLength: 1, maxLength: 4 })
    // Of one UID an Organizer cancels what they publish or what they invite to, never both.
    .map((all) => (all.some(({ kind }) => kind === "publish") ? all.filter(({ kind }) => kind !== "cancel") : all))
    .map((all) => [first, ...all]);
  const messagesOf = (all: readonly What[]) => all.map((one, index) => messageOf(one, index + 1));
  const view = (state: SchedulingState) => [takesPlace(state), [...(state.object?.overrides.keys() ?? [])]];

  test("any permutation of up to five messages ends in one view", () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (events, random) => {
        const messages = messagesOf(events);
        const left = [...messages];
        const shuffled: SchedulingMessage[] = [];
        for (const number of random) {
          if (left.length === 0) break;
          shuffled.push(...left.splice(number % left.length, 1));
        }
        expect(view(receiveAll(shuffled))).toEqual(view(receiveAll(messages)));
      }),
      { numRuns: 500 },
    );
  });

  test("receiving twice is receiving once", () => {
    fc.assert(
      fc.property(history, (events) => {
        const messages = messagesOf(events);
        const state = receiveAll(messages);
        for (const message of messages) {
          const outcome = atClara(state, message);
          expect(outcome.kind).toBe("ignored");
        }
        expect(view(receiveAll([...messages, ...messages]))).toEqual(view(state));
      }),
      { numRuns: 200 },
    );
  });
});

function answer(state: SchedulingState, of: string): SchedulingState {
  const action = { kind: "answer", partstat: "ACCEPTED", key: of } as const;
  return applied(act(state, action, contextOf(clara))).state;
}
