import { act, type SchedulingState } from "@parley/engine";
import { type BusyPeriod, busyDuring, busyPeriods, takenInstances } from "@parley/engine/freebusy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ann, ben, contextOf } from "../itip/world.ts";
import { at, copyOf, options } from "./helpers.ts";

const range = { from: at("20270301T000000Z"), to: at("20270401T000000Z") };
const invited = [`ORGANIZER:mailto:${ben}`, `ATTENDEE:mailto:${ann}`];
const once = ["DTSTART:20270310T090000Z", "DTEND:20270310T100000Z"];
const daily = [...once, "RRULE:FREQ=DAILY;COUNT=4", ...invited];

/** Key and start of each Instance; the whole is called so. */
function told(state: SchedulingState, unanswered: "BUSY" | "FREE" = "BUSY"): readonly string[] {
  return takenInstances(state, range, { ...options, unanswered }).instances.map(({ key, from }) => {
    return `${key || "whole"} ${new Date(from * 1_000).toISOString().slice(8, 16)}`;
  });
}

describe("Instances that take time", () => {
  const cases: readonly (readonly [string, SchedulingState, readonly string[]])[] = [
    ["what takes place once is the whole", copyOf(["VEVENT", ...once, ...invited]), ["whole 10T09:00"]],
    ["what is transparent takes none", copyOf(["VEVENT", ...once, ...invited, "TRANSP:TRANSPARENT"]), []],
    ["a to-do takes none", copyOf(["VTODO", "DTSTART:20270310T090000Z", "DUE:20270310T100000Z"]), []],
    ["what has no length takes none", copyOf(["VEVENT", "DTSTART:20270310T090000Z", ...invited]), []],
    [
      "of a series each has its key, moved or not, and a cancelled one is none",
      copyOf(
        ["VEVENT", ...daily],
        ["VEVENT", ...invited, "RECURRENCE-ID:20270311T090000Z", "DTSTART:20270320T090000Z", "DURATION:PT1H"],
        ["VEVENT", ...invited, "RECURRENCE-ID:20270312T090000Z", "DTSTART:20270312T090000Z", "STATUS:CANCELLED"],
      ),
      ["20270310T090000Z 10T09:00", "20270313T090000Z 13T09:00", "20270311T090000Z 20T09:00"],
    ],
    [
      "an Instance without its series has its own key",
      copyOf(["VEVENT", ...once, ...invited, "RECURRENCE-ID:20270310T090000Z"]),
      ["20270310T090000Z 10T09:00"],
    ],
  ];
  test.each(cases)("%s", (_, state, instances) => {
    expect(told(state)).toEqual(instances);
  });

  test("what is not answered is as the caller says, what is declined takes none", () => {
    const state = copyOf(["VEVENT", ...daily]);
    expect(told(state).length).toBe(4);
    expect(told(state, "FREE")).toEqual([]);
    const context = contextOf(ann);
    const accepted = act(state, { kind: "answer", partstat: "ACCEPTED" }, context);
    const but = { kind: "answer", partstat: "DECLINED", key: "20270311T090000Z" } as const;
    const outcome = accepted.kind === "applied" ? act(accepted.state, but, context) : accepted;
    if (outcome.kind !== "applied") throw new Error(outcome.kind);
    expect(told(outcome.state, "FREE").map((one) => one.slice(-8))).toEqual(["10T09:00", "12T09:00", "13T09:00"]);
  });

  test("a bound that ends the search is told", () => {
    const state = copyOf(["VEVENT", ...daily]);
    const few = { ...options, limits: { ...options.limits, maxInstances: 2 } };
    const { instances, isIncomplete } = takenInstances(state, range, few);
    expect([instances.length, isIncomplete]).toEqual([2, true]);
    expect(takenInstances(state, range, options).isIncomplete).toBe(false);
  });

  test("law: together they are the busy time of the same copy", () => {
    const starts = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(starts, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 12 }), (day, interval, count) => {
        const first = `202703${String(day + 1).padStart(2, "0")}`;
        const rule = `RRULE:FREQ=DAILY;INTERVAL=${interval};COUNT=${count}`;
        const state = copyOf(["VEVENT", `DTSTART:${first}T090000Z`, `DTEND:${first}T100000Z`, rule, ...invited]);
        const { periods } = busyPeriods([state], range, options);
        const { instances } = takenInstances(state, range, options);
        expect(instances.map(({ from, to }) => [from, to])).toEqual(periods.map(({ from, to }) => [from, to]));
      }),
    );
  });
});

test("law: the first busy period met is what looking at all of them finds", () => {
  const gaps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), { maxLength: 12 });
  const time = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(gaps, time, fc.integer({ min: 1, max: 20 }), (steps, from, length) => {
      const periods: BusyPeriod[] = [];
      for (const [gap, size] of steps) {
        const start = (periods.at(-1)?.to ?? 0) + gap;
        periods.push({ from: start, to: start + size, type: "BUSY" });
      }
      const instance = { key: "", from, to: from + length };
      const found = periods.find((period) => period.from < instance.to && period.to > instance.from);
      expect(busyDuring(periods, instance)).toEqual(found);
    }),
  );
});
