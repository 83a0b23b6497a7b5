import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { makeComponent } from "../../src/icalendar/component.ts";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import { gravestStatus, knownStatusCodes, makeRequestStatus } from "../../src/model/request-status.ts";
import { codesWithoutException, statusCodes } from "../../src/model/status-codes.ts";
import { ann, ben, readText } from "./world.ts";

const ledger = new URL("../../../../../shared/requirements/request-status.json", import.meta.url);
const rfcText = new URL("../../../../../shared/rfc/rfc5546.txt", import.meta.url);

interface Ledger {
  readonly codes: readonly {
    readonly code: string;
    readonly description: string;
    readonly exception_data: string;
  }[];
}

describe("ITIP-3.6-01 the codes of REQUEST-STATUS", () => {
  const compare = existsSync(ledger) ? test : test.skip;
  compare(`a second transcription agrees${existsSync(ledger) ? "" : " (SKIPPED: no ../shared/requirements)"}`, () => {
    const second = JSON.parse(readFileSync(ledger, "utf8")) as Ledger;
    expect(knownStatusCodes).toEqual(second.codes.map(({ code }) => code));
    for (const { code, description, exception_data } of second.codes) {
      expect(statusCodes[code as keyof typeof statusCodes], code).toBe(description);
      expect(codesWithoutException.has(code), code).toBe(exception_data === "None.");
    }
  });

  const printed = existsSync(rfcText) ? test : test.skip;
  printed(`each is the one its section prints${existsSync(rfcText) ? "" : " (SKIPPED: no ../shared/rfc)"}`, () => {
    const text = readFileSync(rfcText, "latin1");
    const found = [...text.matchAll(/^3\.6\.(\d+)\. {2}Status Code (\d\.\d+)$/gm)];
    expect(found.map(([, at]) => Number(at))).toEqual(found.map((_match, index) => index + 1));
    expect(knownStatusCodes.filter((code) => !code.startsWith("1."))).toEqual(found.map(([, , code]) => code));
  });

  test("exception data are left out where the standard knows none", () => {
    expect(makeRequestStatus("3.10", "20 MB")).toEqual({ code: [3, 10], description: "Request entity too large" });
    expect(makeRequestStatus("3.11", "UID").exception).toBe("UID");
  });
});

describe("which stand beside each other", () => {
  const mixed = "RFC 5546 §3.2.3 REQUEST-STATUS invalid";
  test.each<[string, readonly (readonly string[])[], readonly string[]]>([
    ["ITIP-3.6-03 one class in one component", [["3.0;x", "3.1;y"]], []],
    ["ITIP-3.6-03 two classes in one component", [["2.0;x", "3.1;y"]], [mixed]],
    ["ITIP-3.6-04 all have 5.x", [["5.1;x"], ["5.3;y"]], []],
    ["ITIP-3.6-04 one has 5.x, the other none", [["5.1;x"], []], []],
    ["ITIP-3.6-04 one has 5.x, the other 3.x", [["5.1;x"], ["3.1;y"]], [mixed]],
    ["ITIP-3.6-05 all have 3.x", [["3.1;x"], ["3.8;y"]], []],
    ["ITIP-3.6-05 one has 3.x, the other none", [["3.1;x"], []], []],
    ["ITIP-3.6-05 one has 3.x, the other 2.x", [["3.1;x"], ["2.0;y"]], [mixed]],
    ["ITIP-3.6-06 one accepted, the other in conflict", [["2.0;x"], ["4.0;y"]], []],
    ["ITIP-3.6-07 one code of 1.x", [["1.1;x"], ["1.1;y"]], []],
    ["ITIP-3.6-07 two codes of 1.x", [["1.0;x"], ["1.1;y"]], [mixed]],
    ["codes nobody can read do not count", [["3.1;x"], ["fine"]], []],
  ])("%s", (_name, components, expected) => {
    const events = components.flatMap((statuses, index) => [
      "BEGIN:VEVENT",
      "UID:1",
      "DTSTAMP:20270301T090000Z",
      `ORGANIZER:mailto:${ann}`,
      `ATTENDEE:mailto:${ben}`,
      `RECURRENCE-ID:2027030${index + 1}T090000Z`,
      ...statuses.map((status) => `REQUEST-STATUS:${status}`),
      "END:VEVENT",
    ]);
    const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "METHOD:REPLY", ...events, "END:VCALENDAR", ""];
    const reply = readText(lines.join("\r\n"), "REPLY", ben);
    expect(checkRestrictions(reply).map(({ rule, name, problem }) => `${rule} ${name} ${problem}`)).toEqual(expected);
  });

  test("ITIP-3.6-03 a reader takes the gravest; ITIP-3.6-02 none is 2.0", () => {
    const line = (value: string) => ({ name: "REQUEST-STATUS", parameters: [], value });
    const component = makeComponent("VEVENT", ["2.0;x", "3.1;first", "3.8;second", "2.2;y"].map(line));
    expect(gravestStatus(component)).toEqual({ code: [3, 1], description: "first" });
    expect(gravestStatus(makeComponent("VEVENT"))).toEqual(makeRequestStatus("2.0"));
  });
});
