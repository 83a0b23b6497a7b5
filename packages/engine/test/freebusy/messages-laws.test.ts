import { replyFreeBusy } from "@parley/engine";
import {
  type BusyPeriod,
  busyTypes,
  combineReports,
  type FreeBusyReport,
  mergeBusyPeriods,
} from "@parley/engine/freebusy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import { ann, ben, clara, contextOf, noon } from "../itip/world.ts";

import {
  arrived,
  ask,
  message,
  oneHour,
  publication,
  range,
  request,
  take,
  toldBy,
  window,
} from "./messages-helpers.ts";

describe("a PUBLISH that arrives", () => {
  const july = ["DTSTART:20270701T000000Z", "DTEND:20270801T000000Z", "FREEBUSY:20270702T090000Z/PT1H"];
  const other = ["UID:q@example.test", `ORGANIZER:mailto:${ben}`, ...july];
  const yes = { confirmedByOwner: true };

  test("is asked about first (decision 0004)", () => {
    const one = message("PUBLISH", ben, [...publication, ...window, oneHour]);
    expect(take(one, contextOf(ann), ben)).toMatchObject({ kind: "undecided" });
    expect(take(one, contextOf(ann), ben, { strength: "none", ...yes })).toMatchObject({ kind: "rejected" });
  });

  test("ITIP-3.3.1-02 in several VFREEBUSYs, of several UIDs, tells of each range", () => {
    const one = message("PUBLISH", ben, [...publication, ...window, oneHour], other);
    expect(toldBy(take(one, contextOf(ann), ben, yes))).toMatchObject([
      { report: { address: ben, uid: "p@example.test", range, periods: [{}] } },
      { report: { address: ben, uid: "q@example.test", periods: [{}] } },
    ]);
  });

  test("what it says of others than its sender is not believed", () => {
    const foreign = ["UID:q@example.test", `ORGANIZER:mailto:${clara}`, ...july];
    const one = message("PUBLISH", ben, [...publication, ...window, oneHour], foreign);
    expect(toldBy(take(one, contextOf(ann), ben, yes))).toHaveLength(1);
  });

  test("ITIP-3.3.1-01 without ORGANIZER it is nobody's", () => {
    const one = message("PUBLISH", ben, ["UID:p@example.test", ...window, oneHour]);
    expect(take(one, contextOf(ann), ben, yes)).toMatchObject({ kind: "rejected", status: { code: [3, 11] } });
  });
});

test("ITIP-3-01 other METHODs of a VFREEBUSY do not exist", () => {
  for (const method of ["ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"] as const) {
    expect(take(message(method, ben, ask), contextOf(ann), ben)).toMatchObject({
      kind: "rejected",
      status: { code: [3, 14] },
    });
  }
});

describe("laws", () => {
  const period = fc.record({
    from: fc.integer({ min: range.from - 7_200, max: range.to }),
    seconds: fc.integer({ min: 0, max: 90_000 }),
    type: fc.constantFrom(...busyTypes),
  });
  const periods = fc
    .array(period, { maxLength: 6 })
    .map((list) => list.map(({ from, seconds, type }): BusyPeriod => ({ from, to: from + seconds, type })));

  test("what is sent holds to the tables, and tells the receiver exactly the busy time within the range", () => {
    fc.assert(
      fc.property(periods, fc.string({ unit: "grapheme" }), (found, name) => {
        const asked = { ...request, uid: name.trim() || "x" };
        const sent = replyFreeBusy(asked, { periods: found, isIncomplete: false }, contextOf(ann));
        expect(checkRestrictions(sent)).toEqual([]);
        const clipped = found
          .map(({ from, to, type }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to), type }))
          .filter(({ from, to }) => from < to);
        expect(toldBy(take(sent, contextOf(ben), ann))).toMatchObject([
          { report: { range, periods: mergeBusyPeriods(clipped) } },
        ]);
      }),
    );
  });

  test("replies in any order, and twice, end in the same knowledge", () => {
    const told = fc.record({ periods, hours: fc.nat(3), length: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(
        fc.array(told, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(100), { minLength: 10, maxLength: 10 }),
        (list, order) => {
          const reports = list.map(({ periods: found, hours, length }): FreeBusyReport => {
            const part = { from: range.from + hours * 3_600, to: range.from + (hours + length) * 3_600 };
            const context = contextOf(ann, noon + hours);
            const sent = replyFreeBusy({ ...request, range: part }, { periods: found, isIncomplete: false }, context);
            const [first] = toldBy(take(arrived(sent), contextOf(ben), ann));
            if (first?.kind !== "report") throw new Error("no report");
            return first.report;
          });
          const shuffled = [...reports, ...reports]
            .map((report, index) => ({ report, place: order[index] ?? 0 }))
            .sort((a, b) => a.place - b.place)
            .map(({ report }) => report);
          expect(combineReports(shuffled)).toEqual(combineReports(reports));
        },
      ),
      { numRuns: 50 },
    );
  });
});
