import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../src/limits.ts";
import { nextInstances } from "../../src/recurrence/instances.ts";
import { frequencies } from "../../src/recurrence/rule.ts";
import { formatRule, parseRule } from "../../src/recurrence/rule-text.ts";
import { makeSet } from "./set-helpers.ts";

describe("rules as they are written", () => {
  for (const [text, formatted, ...problems] of [
    ["FREQ=DAILY", "FREQ=DAILY"],
    ["freq=weekly; byday = mo, we ;;wkst=su;", "FREQ=WEEKLY;WKST=SU;BYDAY=MO,WE"],
    ["BYDAY=+1MO,-1FR,1MO,-0TU;FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=1MO,-1FR", "bad-value BYDAY"],
    ["FREQ=DAILY;INTERVAL=0", "FREQ=DAILY", "bad-value INTERVAL"],
    ["FREQ=DAILY;COUNT=0", "FREQ=DAILY", "bad-value COUNT"],
    ["FREQ=DAILY;COUNT=99999999999999", "FREQ=DAILY;COUNT=999999999"],
    ["FREQ=DAILY;UNTIL=20260101", "FREQ=DAILY;UNTIL=20260101"],
    ["FREQ=DAILY;UNTIL=2026-01-01T10:00:00Z", "FREQ=DAILY;UNTIL=20260101T100000Z"],
    ["FREQ=DAILY;UNTIL=20260101T100000;COUNT=2", "FREQ=DAILY;COUNT=2;UNTIL=20260101T100000", "count-and-until UNTIL"],
    ["FREQ=DAILY;UNTIL=20260230", undefined, "bad-value UNTIL"],
    ["FREQ=DAILY;BYHOUR=9,24,9", "FREQ=DAILY;BYHOUR=9", "bad-value BYHOUR"],
    ["FREQ=DAILY;BYHOUR=25", undefined, "bad-value BYHOUR"],
    ["FREQ=DAILY;BYMONTHDAY=0,32,-32,-31", "FREQ=DAILY;BYMONTHDAY=-31", ...Array(3).fill("bad-value BYMONTHDAY")],
    ["FREQ=MINUTELY;BYSECOND=59,60", "FREQ=MINUTELY;BYSECOND=59"],
    ["FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY", "repeated-part FREQ"],
    [
      "FREQ=DAILY;X-FOO=1;BYEASTER=0;COUNT",
      "FREQ=DAILY",
      "unknown-part X-FOO",
      "unknown-part BYEASTER",
      "unknown-part COUNT",
    ],
    ["FREQ=WEEKLY;BYDAY=1MO,2MO,TU", "FREQ=WEEKLY;BYDAY=MO,TU", "not-with-frequency BYDAY"],
    ["FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "not-with-frequency BYDAY"],
    ["FREQ=MONTHLY;BYWEEKNO=20", "FREQ=MONTHLY;BYWEEKNO=20", "not-with-frequency BYWEEKNO"],
    ["FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=WEEKLY;BYMONTHDAY=1", "not-with-frequency BYMONTHDAY"],
    ["FREQ=DAILY;BYSETPOS=1", "FREQ=DAILY;BYSETPOS=1", "position-of-nothing BYSETPOS"],
    ["RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=forward", "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=FORWARD"],
    ["FREQ=MONTHLY;SKIP=FORWARD", "FREQ=MONTHLY", "skip-without-rscale SKIP"],
    ["RSCALE;FREQ=MONTHLY;SKIP=FORWARD", "FREQ=MONTHLY", "unknown-part RSCALE", "skip-without-rscale SKIP"],
    ["FREQ=DAILY;BYMONTH=;BYDAY=,", undefined, "bad-value BYMONTH", "bad-value BYDAY"],
    ["RSCALE=CHINESE;FREQ=YEARLY", undefined, "unsupported-rscale RSCALE"],
    ["FREQ=YEARLY;BYMONTH=5L", undefined, "bad-value BYMONTH"],
    ["FREQ=FORTNIGHTLY", undefined, "no-frequency FREQ"],
    ["", undefined, "no-frequency FREQ"],
    [`FREQ=DAILY;BYHOUR=${"1,".repeat(2_000)}1`, undefined, "too-long BYHOUR"],
    [`FREQ=DAILY;${"X=1;".repeat(100)}`, undefined, "too-long "],
    [`FREQ=DAILY;X=${"1".repeat(20_000)}`, undefined, "too-long "],
  ] as readonly (readonly [string, string | undefined, ...string[]])[]) {
    test(text.slice(0, 60), () => {
      const { rule, problems: found } = parseRule(text);
      expect(rule && formatRule(rule)).toBe(formatted);
      expect(found.map(({ kind, part }) => `${kind} ${part}`)).toEqual(problems);
    });
  }
});

const numbers = (min: number, max: number) =>
  fc.array(
    fc.integer({ min, max }).filter((number) => number !== 0),
    { maxLength: 5 },
  );
const parts = fc.record({
  FREQ: fc.constantFrom(...frequencies),
  INTERVAL: fc.integer({ min: 1, max: 500 }),
  BYMONTH: numbers(1, 12),
  BYWEEKNO: numbers(-53, 53),
  BYYEARDAY: numbers(-366, 366),
  BYMONTHDAY: numbers(-31, 31),
  BYDAY: fc.array(fc.constantFrom("MO", "TU", "SU", "2WE", "-1FR", "53SA"), { maxLength: 4 }),
  BYHOUR: numbers(1, 23),
  BYMINUTE: numbers(1, 59),
  BYSECOND: numbers(1, 60),
  BYSETPOS: numbers(-366, 366),
  WKST: fc.constantFrom("SU", "MO", "SA"),
});
const ruleTexts = parts.map((record) =>
  Object.entries(record)
    .filter(([, part]) => !Array.isArray(part) || part.length > 0)
    .map(([name, part]) => `${name}=${part}`)
    .join(";"),
);

test("what is formatted reads as the same rule, whatever the rule", () => {
  fc.assert(
    fc.property(ruleTexts, (text) => {
      const { rule } = parseRule(text);
      expect(rule).toBeDefined();
      if (rule) expect(parseRule(formatRule(rule)).rule).toEqual(rule);
    }),
  );
});

test("no text makes reading throw, and no rule makes expanding throw or run on", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        ruleTexts,
        fc.string(),
        fc.string().map((text) => `FREQ=DAILY;${text}`),
      ),
      (text) => {
        if (!parseRule(text).rule) return;
        const set = makeSet({ start: "20260331T013000", zone: "Europe/Berlin", rules: [text] });
        const limits = { ...defaultLimits, maxRecurrenceSteps: 2_000 };
        const { instances } = nextInstances(set, -Infinity, 20, limits);
        const starts = instances.map(({ start }) => start);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
      },
    ),
  );
});
