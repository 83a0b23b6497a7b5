import fc from "fast-check";
import { expect, test } from "vitest";
import { retryAfter } from "../../src/delivery/retry.ts";

const middle = 0.5;
const pausesFrom = (random: number): readonly number[] => {
  const pauses: number[] = [];
  for (let attempt = 1; attempt < 1_000; attempt++) {
    const pause = retryAfter(attempt, 0, random);
    if (pause === undefined) break;
    pauses.push(pause);
  }
  return pauses;
};

test("pauses grow from a minute to four hours and end after about three days", () => {
  const pauses = pausesFrom(middle);
  expect(pauses[0]).toBe(60);
  expect(pauses.at(-1)).toBe(14_400);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  const days = pauses.reduce((sum, pause) => sum + pause, 0) / 86_400;
  expect(days).toBeGreaterThan(2.8);
  expect(days).toBeLessThanOrEqual(3);
});

test("jitter moves a pause by a fifth at most, either way", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 25 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (attempt, random) => {
        const [pause, plain] = [retryAfter(attempt, 0, random), retryAfter(attempt, 0, middle)];
        if (pause === undefined || plain === undefined) return pause === plain;
        return Math.abs(pause - plain) <= plain * 0.2 + 1;
      },
    ),
  );
  expect([0, 0.999_999].map((random) => retryAfter(1, 0, random))).toEqual([48, 72]);
});

test.each([
  ["a longer pause asked for is kept", 1, 500, 500],
  ["a shorter one is not", 9, 60, 14_400],
  ["one that is absurd is bounded", 1, 1e9, 14_400],
  ["no attempt counts as the first", 0, 0, 60],
  ["after all of them", 1e9, 60, undefined],
])("%s", (_, attempts, least, pause) => expect(retryAfter(attempts, least, middle)).toBe(pause));
