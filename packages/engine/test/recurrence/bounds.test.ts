import { describe, expect, test } from "vitest";
import { formatWall } from "../../src/icalendar/date-time.ts";
import { defaultLimits, maxRulesOfSet } from "../../src/limits.ts";
import { expand } from "../../src/recurrence/expand.ts";
import {
  endByUntil,
  lastWall,
  makeBudget,
  type StartedRule,
  startRule,
  walkRule,
} from "../../src/recurrence/expand-rule.ts";
import { countInstances, isInstance, lastInstance, nextInstances } from "../../src/recurrence/instances.ts";
import type { Instance } from "../../src/recurrence/recurrence-set.ts";
import { parseRule } from "../../src/recurrence/rule-text.ts";
import { makeSet, type SetText } from "./set-helpers.ts";
import { wall } from "./zone-helpers.ts";

/** A Wednesday. */
const start = "20260401T090000";
const upTo = (last: number): string => Array.from({ length: last + 1 }, (_, i) => i).join();
const everySecond = `BYHOUR=${upTo(23)};BYMINUTE=${upTo(59)};BYSECOND=${upTo(59)}`;

function started(text: string): StartedRule {
  const { rule } = parseRule(text);
  if (!rule) throw new Error(`not a rule: ${text}`);
  return startRule(rule, wall(start), false, Infinity);
}

/** The first of what a rule generates from a moment on, and the steps that took. */
function walked(
  text: string,
  from: number,
  count: number,
): { readonly found: readonly number[]; readonly steps: number } {
  const budget = makeBudget(defaultLimits);
  const next = walkRule(started(text), from, budget);
  const found = Array.from({ length: count }, next);
  return { found, steps: defaultLimits.maxRecurrenceSteps - budget.steps };
}

describe("what does not fit is leapt over", () => {
  for (const rule of [
    "FREQ=SECONDLY;INTERVAL=59;BYSECOND=1",
    "FREQ=SECONDLY;INTERVAL=7;BYHOUR=5;BYMINUTE=1;BYSECOND=7",
    "FREQ=SECONDLY;INTERVAL=86401;BYHOUR=5;BYSECOND=7",
    "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=23;BYMINUTE=59;BYSECOND=59",
    "FREQ=MINUTELY;INTERVAL=11;BYMINUTE=1;BYHOUR=5;BYDAY=MO",
    "FREQ=HOURLY;INTERVAL=5;BYHOUR=9;BYMONTH=1",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=MONTHLY;BYMONTH=12;BYMONTHDAY=31;BYDAY=FR",
  ]) {
    test(rule, () => {
      const { found, steps } = walked(rule, wall(start), 100);
      expect(found.every((each) => each <= lastWall)).toBe(true);
      expect(steps).toBeLessThanOrEqual(500);
    });
  }
});

describe("rules that generate nothing are recognised", () => {
  for (const rule of [
    "FREQ=SECONDLY;INTERVAL=120;BYSECOND=30",
    "FREQ=SECONDLY;INTERVAL=86400;BYHOUR=8",
    "FREQ=SECONDLY;INTERVAL=604800;BYDAY=MO",
    "FREQ=MINUTELY;INTERVAL=10080;BYDAY=MO,TU",
    "FREQ=MINUTELY;INTERVAL=7;BYMINUTE=1;BYHOUR=5;BYDAY=MO",
    "FREQ=HOURLY;INTERVAL=84;BYDAY=MO,TU",
    "FREQ=MINUTELY;BYMONTH=4,6,9,11;BYMONTHDAY=31;COUNT=9",
    "FREQ=HOURLY;INTERVAL=12;BYHOUR=1,3,5,7;BYDAY=SU",
    "FREQ=HOURLY;BYSETPOS=2",
    "FREQ=DAILY;INTERVAL=14;BYDAY=MO;COUNT=3",
    "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-3;COUNT=7",
    "FREQ=WEEKLY;BYYEARDAY=334,86,193;BYDAY=TU,WE;BYHOUR=22,16;BYSECOND=51,56,41;BYSETPOS=-7",
    "FREQ=WEEKLY;BYMONTHDAY=-17,-23;BYSETPOS=4;COUNT=36",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTH=5",
    "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
    `FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;${everySecond}`,
  ]) {
    test(rule.slice(0, 60), () => {
      const { found, steps } = walked(rule, wall(start) + 1, 1);
      expect(found).toEqual([Infinity]);
      expect(steps).toBeLessThanOrEqual(150);
      expect(walked(rule, wall("29000101"), 1).steps).toBeLessThanOrEqual(150);
    });
  }
});

describe("COUNT is computed where periods are alike", () => {
  const far = wall("20560101T000000");
  for (const rule of [
    "FREQ=SECONDLY;COUNT=999999999",
    "FREQ=SECONDLY;INTERVAL=59;BYSECOND=1;COUNT=999999999",
    "FREQ=MINUTELY;INTERVAL=7;BYHOUR=5;BYSECOND=1,2,3;COUNT=9999999",
    "FREQ=DAILY;INTERVAL=3;BYHOUR=1,23;COUNT=100000",
    "FREQ=WEEKLY;BYDAY=MO,TH;WKST=TH;COUNT=100000",
    `FREQ=DAILY;${everySecond};BYSETPOS=5,-1;COUNT=100000`,
  ]) {
    test(rule.slice(0, 60), () => {
      const { found, steps } = walked(rule, far, 1);
      expect(found[0]).toBeGreaterThanOrEqual(far);
      expect(found[0]).toBeLessThan(far + 8 * 86_400);
      expect(steps).toBeLessThanOrEqual(10);
    });
  }

  // Each way a period can come to its end: alike or not, DTSTART in the middle of the first, parts of a period, SKIP.
  for (const rule of [
    "FREQ=SECONDLY;INTERVAL=7;BYMINUTE=1;COUNT=500",
    "FREQ=MINUTELY;INTERVAL=7;BYHOUR=5;BYSECOND=1,2,3;COUNT=500",
    "FREQ=HOURLY;INTERVAL=25;BYHOUR=3,4;BYDAY=MO,TU;COUNT=50",
    "FREQ=DAILY;BYHOUR=1,9,23;COUNT=100",
    "FREQ=DAILY;BYHOUR=1,9,23;BYSETPOS=-1,2;COUNT=100",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=TH;COUNT=99",
    "FREQ=WEEKLY;BYMONTH=2,3;BYDAY=MO,TH;COUNT=99",
    "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD;COUNT=99",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=1,-1;COUNT=99",
    "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU;COUNT=99",
    "FREQ=DAILY;COUNT=1",
    "FREQ=DAILY;BYHOUR=10;COUNT=1",
  ]) {
    test(`the same from everywhere: ${rule}`, () => {
      const { found } = walked(rule, wall(start), 600);
      const all = found.filter((each) => each < Infinity);
      for (const [i, each] of all.entries()) {
        if (i % 7 === 0)
          expect(walked(rule, each, 600).found.slice(0, all.length - i + 1)).toEqual(found.slice(i, all.length + 1));
      }
      const ended = endByUntil(started(rule), makeBudget(defaultLimits));
      const next = walkRule(ended, ended.start, makeBudget(defaultLimits));
      expect(Array.from({ length: 600 }, next)).toEqual(found);
    });
  }
});

test("all that one expansion spends is bounded, however much it finds", () => {
  const rules = Array.from({ length: 16 }, (_, i) => `FREQ=SECONDLY;BYHOUR=5;COUNT=${1_000_000 + i}`);
  const set = makeSet({ start: `${start}Z`, rules });
  const limits = { ...defaultLimits, maxRecurrenceSteps: 1_000 };
  // Each Instance takes a step of each rule, and one for each that repeats it.
  const expansion = expand(set, { from: -Infinity, to: Infinity }, limits);
  expect([...expansion].length).toBeLessThanOrEqual(4_000 / 16);
  expect(expansion.isIncomplete).toBe(true);
  // It says what it spent: all there was, and the last step it did not have.
  expect(expansion.steps).toBeGreaterThan(3_000);
  expect(expansion.steps).toBeLessThanOrEqual(4_000 + 16);
  const plain = expand(
    makeSet({ start: `${start}Z`, rules: ["FREQ=DAILY;COUNT=5"] }),
    { from: -Infinity, to: Infinity },
    limits,
  );
  expect([[...plain].length, plain.steps < 20]).toEqual([5, true]);
  const counted = countInstances(set, limits);
  expect(counted.kind).toBe("at-least");
  expect(lastInstance(set, defaultLimits).kind).toBe("instance");
});

/** Every second of the day it starts in, and more, in one period. */
const days = `FREQ=DAILY;${everySecond}`;
const after = (text: string): { readonly id: string; readonly range: "this-and-future"; readonly start: string } => ({
  id: `${start}Z`,
  range: "this-and-future",
  start: text,
});

describe("all of a day of seconds, and what becomes of it", () => {
  for (const [name, text, shift] of [
    ["moved by an hour", "20260401T100000Z", 3_600],
    ["moved by a month", "20260501T090000Z", 30 * 86_400],
    ["moved back", "20260331T090000Z", -86_400],
  ] as const) {
    for (const rule of ["FREQ=SECONDLY", days]) {
      test(`${name}: ${rule.slice(0, 30)}`, () => {
        const set = makeSet({ start: `${start}Z`, rules: [rule], overrides: [after(text)] });
        const found = nextInstances(set, wall(start) + shift + 100_000, 3, defaultLimits);
        expect(found.instances.map((each) => each.start - wall(start) - shift)).toEqual([100_000, 100_001, 100_002]);
        expect(found.isIncomplete).toBe(false);
      });
    }
  }

  for (const day of ["20261101", "20270314"]) {
    test(`moved, in order where the clocks are changed: ${day}`, () => {
      const overrides = [{ id: "20261001T013000", range: "this-and-future" as const, start: "20261001T040000Z" }];
      const text = { start: "20260901T013000", zone: "America/New_York", rules: ["FREQ=MINUTELY"] };
      const between = (set: SetText, hours: number): readonly Instance[] => {
        const [from, to] = [wall(day) - hours * 3_600, wall(day) + (24 + hours) * 3_600];
        return [...expand(makeSet(set), { from, to }, defaultLimits)];
      };
      const moved = between({ ...text, overrides }, 12);
      const starts = moved.map((each) => each.start);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      const ids = new Set(moved.map((each) => each.recurrenceId.at));
      expect(ids.size).toBe(moved.length);
      expect(between(text, 0).filter((each) => !ids.has(each.recurrenceId.at))).toEqual([]);
    });
  }

  test("cancelled: it is not walked through", () => {
    const overrides = [{ ...after(`${start}Z`), isCancelled: true }];
    const set = makeSet({ start: `${start}Z`, rules: [days], overrides });
    const options = { withoutCancelled: true };
    expect(nextInstances(set, -Infinity, 1, defaultLimits, options)).toEqual({ instances: [], isIncomplete: false });
    const counted = makeSet({ start: "20260301T090000Z", rules: [`${days};COUNT=999999999`], overrides });
    const until = { ...defaultLimits, maxInstances: 10_000_000 };
    expect(countInstances(counted, until, options).kind).toBe("at-least");
    expect(lastInstance(counted, defaultLimits, options).kind).toBe("instance");
  });
});

test("what was given after a bound was met is told to be incomplete", () => {
  const set = makeSet({
    start: "20260401T235959",
    rules: [days],
    exceptions: ["20260402"],
    dates: ["20260501T000000"],
  });
  const steps = (maxRecurrenceSteps: number): unknown => {
    const { instances, isIncomplete } = nextInstances(set, -Infinity, 2, { ...defaultLimits, maxRecurrenceSteps });
    return [instances.map((each) => formatWall(each.startAt)), isIncomplete];
  };
  expect(steps(1_000)).toEqual([["20260401T235959", "20260501T000000"], true]);
  expect(steps(200_000)).toEqual([["20260401T235959", "20260403T000000"], false]);
});

test("what is not yet in the range takes steps", () => {
  const set = makeSet({ start: "20260101T000000", zone: "Europe/Berlin", rules: [days] });
  // The clocks were just turned on: what is placed here is looked for from days before.
  const next = (maxRecurrenceSteps: number): unknown => {
    const limits = { ...defaultLimits, maxRecurrenceSteps };
    const { instances, isIncomplete } = nextInstances(set, wall("20260329T010000"), 1, limits);
    return [instances.map((each) => formatWall(each.start)), isIncomplete];
  };
  expect(next(1_000)).toEqual([[], true]);
  expect(next(200_000)).toEqual([["20260329T010000"], false]);
});

test("rules that repeat each other take steps where they are counted", () => {
  const rules = Array.from({ length: 16 }, (_, i) => `${days};COUNT=${1_000_000 + i}`);
  const counted = countInstances(makeSet({ start, rules }), { ...defaultLimits, maxRecurrenceSteps: 1_000 });
  expect(counted.kind).toBe("at-least");
  expect(counted.kind === "at-least" && counted.count).toBeLessThanOrEqual(300);
});

test("rules beyond the bound are left out", () => {
  const hours = Array.from({ length: maxRulesOfSet + 1 }, (_, hour) => `FREQ=DAILY;BYHOUR=${hour};BYMINUTE=30`);
  const set = makeSet({ start: "20260401T003000Z", rules: hours });
  const { instances } = nextInstances(set, wall("20260402"), maxRulesOfSet + 1, defaultLimits);
  const found = instances.map((each) => (each.start - wall("20260402T003000")) / 3_600);
  expect(found).toEqual([...Array.from({ length: maxRulesOfSet }, (_, hour) => hour), 24]);
});

test("a week that a list of days of the month leaves empty does not end the rule", () => {
  const { found } = walked("FREQ=WEEKLY;INTERVAL=14;BYMONTHDAY=-1,-13,-19;BYSETPOS=-2", wall(start), 50);
  expect(found.every((each) => each < Infinity)).toBe(true);
});

/** The milliseconds of this thread that something takes. */
function spent(work: () => unknown): number {
  const began = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}

describe("four times as much takes about four times as long", () => {
  const day = (i: number): string => `${formatWall(wall(start) + i * 86_400)}Z`;
  const many = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => day(i));
  const daily = (text: SetText): SetText => ({ start: day(0), rules: ["FREQ=HOURLY"], ...text });
  for (const [name, count, make] of [
    ["EXDATE", 20_000, (n) => daily({ exceptions: many(n) })],
    ["RDATE", 20_000, (n) => daily({ dates: many(n) })],
    ["overrides", 4_000, (n) => daily({ overrides: many(n).map((id) => ({ id, start: id, hours: 2 })) })],
    [
      "overrides of all that follow",
      4_000,
      (n) => daily({ overrides: many(n).map((id) => ({ id, start: id, range: "this-and-future" as const })) }),
    ],
    [
      "RDATE after overrides of all that follow",
      4_000,
      (n) => ({
        start: day(0),
        dates: many(11 * n).slice(n),
        overrides: many(n).map((id) => ({ id, start: id, range: "this-and-future" as const })),
      }),
    ],
  ] as readonly (readonly [string, number, (count: number) => SetText])[]) {
    test(name, () => {
      const use = (text: SetText) => () => {
        const set = makeSet(text);
        expect(nextInstances(set, -Infinity, 2_000, defaultLimits).instances.length).toBe(2_000);
        expect(isInstance(set, { kind: "instant", at: wall(start) + 1 }, defaultLimits)).toBe(false);
      };
      const [quarter, whole] = [use(make(count / 4)), use(make(count))];
      // What is quadratic takes sixteen times as long; the rest is room for a busy machine, which does not stay busy.
      const ratios = Array.from({ length: 3 }, () => {
        const least = Math.max(5, spent(quarter));
        return spent(whole) / least;
      });
      expect(Math.min(...ratios)).toBeLessThan(8);
    });
  }
});
