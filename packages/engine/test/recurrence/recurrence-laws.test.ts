import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatWall } from "../../src/icalendar/date-time.ts";
import { defaultLimits } from "../../src/limits.ts";
import { expand } from "../../src/recurrence/expand.ts";
import { countInstances, isInstance, lastInstance, nextInstances } from "../../src/recurrence/instances.ts";
import type { Instance } from "../../src/recurrence/recurrence-set.ts";
import { makeSet, type SetText } from "./set-helpers.ts";
import { wall } from "./zone-helpers.ts";

const berlin = "Europe/Berlin";
const always = { from: -Infinity, to: Infinity };

const ruleParts = fc.record({
  FREQ: fc.constantFrom("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"),
  INTERVAL: fc.integer({ min: 1, max: 4 }),
  BYMONTH: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
  BYDAY: fc.option(fc.constantFrom("MO", "TU,TH", "MO,TU,WE,TH,FR"), { nil: undefined }),
  BYHOUR: fc.option(fc.constantFrom("2", "1,3", "2,23"), { nil: undefined }),
  BYSETPOS: fc.option(fc.constantFrom("1", "-1", "1,-1"), { nil: undefined }),
  COUNT: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
});
const dayText = fc.integer({ min: 1, max: 28 }).map((day) => `202603${String(day).padStart(2, "0")}`);
const timeText = fc
  .tuple(dayText, fc.constantFrom("T010000", "T020000", "T023000", "T230000"))
  .map((parts) => parts.join(""));
const sets: fc.Arbitrary<SetText> = fc.record({
  start: timeText,
  zone: fc.constantFrom(berlin, "America/New_York", "Australia/Lord_Howe"),
  rules: fc.array(
    ruleParts.map((parts) =>
      Object.entries(parts)
        .filter(([, part]) => part !== undefined)
        .map(([name, part]) => `${name}=${part}`)
        .join(";"),
    ),
    { minLength: 1, maxLength: 2 },
  ),
  dates: fc.array(timeText, { maxLength: 3 }),
  exceptions: fc.array(fc.oneof(timeText, dayText), { maxLength: 3 }),
  overrides: fc.array(
    fc.record(
      {
        id: timeText,
        start: timeText,
        hours: fc.constantFrom(1, 30),
        range: fc.constant("this-and-future" as const),
        isCancelled: fc.boolean(),
      },
      { requiredKeys: ["id", "start"] },
    ),
    { maxLength: 3 },
  ),
});

describe("laws", () => {
  const limits = { ...defaultLimits, maxInstances: 5_000 };
  const written = (instances: readonly Instance[]): string => instances.map((each) => JSON.stringify(each)).join("\n");
  const [begin, end] = [wall("20260201"), wall("20260801")];

  test("a range is what its parts are, and what a scan from the start finds", () => {
    fc.assert(
      fc.property(sets, fc.integer({ min: begin, max: end }), (text, middle) => {
        const set = makeSet(text);
        const all = [...expand(set, { from: begin, to: end }, limits)];
        const before = [...expand(set, { from: begin, to: middle }, limits)];
        const after = [...expand(set, { from: middle, to: end }, limits)].filter(({ start }) => start >= middle);
        expect(written([...before, ...after])).toBe(written(all));
        const scanned = [...expand(set, { from: -Infinity, to: end }, limits)];
        expect(written(scanned.filter((each) => each.end > begin || each.start >= begin))).toBe(written(all));
        const starts = all.map(({ start }) => start);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        expect(new Set(all.map(({ recurrenceId }) => recurrenceId.at)).size).toBe(all.length);
      }),
      { numRuns: 100 },
    );
  });

  test("what is expanded is an instance, and nothing else around it is", () => {
    fc.assert(
      fc.property(sets, (text) => {
        const set = makeSet(text);
        const { instances } = nextInstances(set, -Infinity, 60, limits);
        for (const { recurrenceId } of instances) expect(isInstance(set, recurrenceId, limits)).toBe(true);
        // An override may name an Instance of any day, and be moved to any other.
        if (text.overrides?.length) return;
        const march = [...expand(set, { from: begin, to: wall("20260401") }, limits)];
        const known = new Set(march.map(({ recurrenceId }) => recurrenceId.at));
        for (let at = wall("20260302"); at < wall("20260401"); at += 9_000) {
          expect(isInstance(set, { kind: "instant", at }, limits)).toBe(known.has(at));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("counting and the last instance agree with expanding", () => {
    fc.assert(
      fc.property(sets, (text) => {
        const set = makeSet(text);
        const counted = countInstances(set, limits);
        const last = lastInstance(set, limits);
        if (counted.kind === "endless") expect(last).toEqual({ kind: "endless" });
        if (counted.kind === "endless") return;
        const all = [...expand(set, always, limits)];
        expect(counted.count).toBe(all.length);
        if (last.kind === "instance") expect(last.instance.start).toBe(all.at(-1)?.start);
        else expect(all).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("sets that are meant to hurt end within their bounds", () => {
  const all = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i).join();
  const everySecond = `BYHOUR=${all(0, 23)};BYMINUTE=${all(0, 59)};BYSECOND=${all(0, 59)}`;
  for (const [rule, counted, last] of [
    [`FREQ=YEARLY;BYMONTH=${all(1, 12)};BYMONTHDAY=${all(1, 31)};${everySecond}`, "endless", "endless"],
    [`FREQ=YEARLY;BYMONTHDAY=1;${everySecond};BYSETPOS=${all(-366, -1)};COUNT=999999999`, "at-least", "instance"],
    [`FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;${everySecond};COUNT=999999999`, "at-least", "instance"],
    ["FREQ=SECONDLY;COUNT=999999999", "at-least", "instance"],
    ["FREQ=SECONDLY;INTERVAL=999999999", "endless", "endless"],
    ["FREQ=YEARLY;INTERVAL=999999999", "count", "instance"],
  ] as const) {
    test(rule.slice(0, 50), () => {
      const limits = { ...defaultLimits, maxInstances: 1_000 };
      const set = makeSet({ start: "20260331T013000", zone: berlin, rules: [rule] });
      for (const from of [-Infinity, wall("20260401"), wall("22260401")]) {
        expect(nextInstances(set, from, 1_001, limits).instances.length).toBeLessThanOrEqual(1_000);
      }
      expect(countInstances(set, limits).kind).toBe(counted);
      expect(lastInstance(set, limits).kind).toBe(last);
    });
  }

  test("as many exceptions as fit in a message", () => {
    const first = wall("20260331T013000");
    const exceptions = Array.from({ length: 20_000 }, (_, i) => `${formatWall(first + i * 86_400)}Z`);
    const set = makeSet({ start: "20260331T013000Z", rules: ["FREQ=DAILY"], exceptions });
    const { instances } = nextInstances(set, -Infinity, 1, defaultLimits);
    expect(instances[0]?.start).toBe(first + 20_000 * 86_400);
  });

  test("days excluded from a rule by the second end the search", () => {
    const exceptions = Array.from({ length: 200 }, (_, i) => formatWall(wall("20260401") + i * 86_400).slice(0, 8));
    const set = makeSet({ start: "20260401T000000Z", rules: ["FREQ=SECONDLY"], exceptions });
    expect(nextInstances(set, -Infinity, 1, defaultLimits)).toEqual({ instances: [], isIncomplete: true });
  });
});
