import { describe, expect, test } from "vitest";
import { makeHostileTexts, readHostileFiles } from "../fuzz/hostile.ts";
import { checkJcal } from "../fuzz/targets.ts";
import { useCalendar } from "../fuzz/use-calendar.ts";

/** Less time than this, in milliseconds, is told too coarsely to be compared. */
const leastTime = 10;

/** The milliseconds of this thread that the use of a calendar takes. */
function spentOn(bytes: Uint8Array): number {
  const began = process.threadCpuUsage();
  useCalendar(bytes);
  const { user, system } = process.threadCpuUsage(began);
  return (user + system) / 1_000;
}

describe("hostile calendars are used without harm", () => {
  const files = readHostileFiles("ics");
  test("there are many of them", () => expect(files.length).toBeGreaterThanOrEqual(100));
  for (const { name, bytes } of files) test(name, () => useCalendar(bytes));
  for (const { name, bytes } of readHostileFiles("jcal")) test(name, () => checkJcal(bytes));
});

describe("four times as much takes about four times as long", () => {
  const quarters = [...makeHostileTexts(1 / 4)];
  for (const [i, { name, bytes }] of [...makeHostileTexts()].entries()) {
    test(`${name}, ${bytes.length} octets`, () => {
      const quarter = quarters[i]?.bytes ?? bytes;
      const ratio = () => {
        const least = Math.max(leastTime, spentOn(quarter));
        return spentOn(bytes) / least;
      };
      // What is quadratic takes sixteen times as long; the rest is room for a busy machine, which does not stay busy.
      let least = ratio();
      for (let again = 0; again < 3 && least >= 8; again++) least = Math.min(least, ratio());
      expect(least).toBeLessThan(8);
    }, 60_000);
  }
});
