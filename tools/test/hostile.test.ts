import { describe, expect, test } from "vitest";
import { makeHostileTexts, readHostileFiles } from "../fuzz/hostile.ts";
import { checkJcal } from "../fuzz/targets.ts";
import { useCalendar } from "../fuzz/use-calendar.ts";

describe("hostile calendars are used without harm", () => {
  const files = readHostileFiles("ics");
  test("there are many of them", () => expect(files.length).toBeGreaterThanOrEqual(100));
  for (const { name, bytes } of files) test(name, () => useCalendar(bytes));
  for (const { name, bytes } of readHostileFiles("jcal")) test(name, () => checkJcal(bytes));
  for (const { name, bytes } of makeHostileTexts()) test(`${name}, ${bytes.length} octets`, () => useCalendar(bytes));
});
