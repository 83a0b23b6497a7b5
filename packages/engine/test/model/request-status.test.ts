import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeComponent } from "../../src/icalendar/component.ts";
import {
  formatRequestStatus,
  formatStatusCode,
  knownStatusCodes,
  makeRequestStatus,
  parseRequestStatus,
  purposeOfCode,
  readRequestStatuses,
} from "../../src/model/request-status.ts";

describe("REQUEST-STATUS", () => {
  test.each([
    ["2.0;Success", [2, 0], "Success", undefined],
    ["2.10;To-do does not repeat", [2, 10], "To-do does not repeat", undefined],
    [" 2.1 ; Fell back ", [2, 1], "Fell back", undefined],
    ["3.1.2;Wrong;X-A:1\\;2", [3, 1, 2], "Wrong", "X-A:1;2"],
    ["2.2;Success\\; property ignored;GEO", [2, 2], "Success; property ignored", "GEO"],
    ["3.5;Bad;DTSTART;VALUE=DATE:1", [3, 5], "Bad", "DTSTART;VALUE=DATE:1"],
    ["3.14", [3, 14], "Unsupported capability", undefined],
    ["9.99", [9, 99], "", undefined],
  ])("%s is read", (value, code, description, exception) => {
    expect(parseRequestStatus(value)).toEqual({ code, description, ...(exception && { exception }) });
  });

  test.each(["", "Success", "2;Success", "2.;x", "2.0.0.0;x", "99999.1;x", "-2.0;x"])("%j is none", (value) => {
    expect(parseRequestStatus(value)).toBeUndefined();
  });

  test("every known code survives its own text, with and without exception data", () => {
    expect(knownStatusCodes).toHaveLength(35);
    for (const code of knownStatusCodes) {
      for (const status of [makeRequestStatus(code), makeRequestStatus(code, "DTSTART;X=1,2:\\\nno")]) {
        expect(formatStatusCode(status.code)).toBe(code);
        expect(parseRequestStatus(formatRequestStatus(status))).toEqual(status);
        expect(formatRequestStatus(status)).not.toMatch(/[\r\n]/);
      }
    }
  });

  test("what a known code is for is one sentence; of others nobody knows", () => {
    const purposes = knownStatusCodes.map((code) => purposeOfCode(makeRequestStatus(code).code) ?? "");
    expect(new Set(purposes).size).toBe(knownStatusCodes.length);
    expect(purposes.filter((purpose) => !/^[A-Z].+\.$/.test(purpose))).toEqual([]);
    expect(purposeOfCode([3, 8])).toBe("Its sender may not do this.");
    expect(purposeOfCode([9, 99])).toBeUndefined();
  });

  test("nothing throws, and what is read is written so that it reads the same", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `3.11;${text}`),
        ),
        (value) => {
          const status = parseRequestStatus(value);
          if (!status) return;
          const again = parseRequestStatus(formatRequestStatus(status));
          expect(again?.code).toEqual(status.code);
          if (/^[ -~]*$/.test(value)) expect(again).toEqual(status);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("RFC 5546 §3.6: without REQUEST-STATUS, or without one that can be read, it is 2.0", () => {
    const line = (value: string) => ({ name: "REQUEST-STATUS", parameters: [], value });
    expect(readRequestStatuses(makeComponent("VEVENT"))).toEqual([makeRequestStatus("2.0")]);
    expect(readRequestStatuses(makeComponent("VEVENT", [line("fine")]))).toEqual([makeRequestStatus("2.0")]);
    expect(readRequestStatuses(makeComponent("VEVENT", [line("x"), line("3.7;No"), line("3.8;No")]))).toEqual([
      { code: [3, 7], description: "No" },
      { code: [3, 8], description: "No" },
    ]);
  });
});
