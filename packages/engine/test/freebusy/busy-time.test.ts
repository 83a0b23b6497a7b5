import {
  type BusyPeriod,
  busyTypes,
  combineReports,
  type FreeBusyReport,
  mergeBusyPeriods,
} from "@parley/engine/freebusy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinSpans, subtractSpans } from "../../src/model/instant-spans.ts";
import { ann } from "../itip/world.ts";
import { told } from "./helpers.ts";

const end = 24;

const span = fc.record({ from: fc.nat(end), to: fc.nat(end) });
const period: fc.Arbitrary<BusyPeriod> = fc.record({
  from: fc.nat(end),
  to: fc.nat(end),
  type: fc.constantFrom(...busyTypes),
});

/** Second by second: what the spec says, without any cleverness. */
function moments<T>(at: (moment: number) => T): readonly T[] {
  return Array.from({ length: end + 1 }, (_, moment) => at(moment));
}

function covers({ from, to }: { readonly from: number; readonly to: number }, moment: number): boolean {
  return from <= moment && moment < to;
}

function typeAt(periods: readonly BusyPeriod[], moment: number): string {
  const there = periods.filter((each) => covers(each, moment));
  return busyTypes.find((type) => there.some((each) => each.type === type)) ?? "FREE";
}

describe("merging busy time", () => {
  const cases: readonly (readonly [string, readonly BusyPeriod[], readonly string[]])[] = [
    ["nothing", [], []],
    ["CALDAV-7.10-03 adjoining ones are one", busy("BUSY", [1, 2], [2, 3]), ["B1-3"]],
    ["ITIP-3.3-03 duplicates are one", busy("BUSY", [1, 2], [1, 2]), ["B1-2"]],
    ["an empty one is none", busy("BUSY", [2, 2], [3, 1]), []],
    ["ITIP-3.3-04 in order", busy("BUSY", [5, 6], [1, 2]), ["B1-2", "B5-6"]],
    [
      "the strongest counts",
      [...busy("BUSY-TENTATIVE", [0, 10]), ...busy("BUSY", [2, 6]), ...busy("BUSY-UNAVAILABLE", [4, 5])],
      ["T0-2", "B2-4", "U4-5", "B5-6", "T6-10"],
    ],
  ];
  test.each(cases)("%s", (_, periods, expected) => {
    expect(told(mergeBusyPeriods(periods))).toEqual(expected);
  });

  test("at every moment the strongest type counts, and no periods overlap or could be joined", () => {
    fc.assert(
      fc.property(fc.array(period, { maxLength: 12 }), (periods) => {
        const merged = mergeBusyPeriods(periods);
        expect(moments((moment) => typeAt(merged, moment))).toEqual(moments((moment) => typeAt(periods, moment)));
        for (const [index, each] of merged.entries()) {
          const next = merged[index + 1];
          expect(each.from).toBeLessThan(each.to);
          if (next) expect(each.to < next.from || (each.to === next.from && each.type !== next.type)).toBe(true);
        }
      }),
    );
  });

  test("what is taken out of spans is not there, and all else is", () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.array(span, { maxLength: 8 }), (spans, taken) => {
        const left = subtractSpans(joinSpans(spans), joinSpans(taken));
        const isIn = (list: readonly { from: number; to: number }[], moment: number): boolean =>
          list.some((each) => covers(each, moment));
        expect(moments((moment) => isIn(left, moment))).toEqual(
          moments((moment) => isIn(spans, moment) && !isIn(taken, moment)),
        );
        expect(left).toEqual(joinSpans(left));
      }),
    );
  });
});

describe("what one person told at several times", () => {
  const report = fc.record({ range: span, dtstamp: fc.nat(3), periods: fc.array(period, { maxLength: 4 }) }).map(
    ({ range, dtstamp, periods }): FreeBusyReport => ({
      address: ann,
      uid: "one",
      dtstamp,
      range,
      periods: periods
        .map(({ from, to, type }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to), type }))
        .filter(({ from, to }) => from < to),
    }),
  );

  test("at every moment the newest report that speaks of it counts, and in any order, and twice", () => {
    fc.assert(
      fc.property(fc.array(report, { maxLength: 5 }), fc.nat(), (reports, seed) => {
        const { known, periods } = combineReports(reports);
        const expected = moments((moment) => {
          const speaking = reports.filter(({ range }) => covers(range, moment));
          const newest = Math.max(...speaking.map(({ dtstamp }) => dtstamp));
          if (speaking.length === 0) return "unknown";
          const level = speaking.filter(({ dtstamp }) => dtstamp === newest);
          return typeAt(
            level.flatMap((each) => each.periods),
            moment,
          );
        });
        const isKnown = (moment: number): boolean => known.some((each) => covers(each, moment));
        expect(moments((moment) => (isKnown(moment) ? typeAt(periods, moment) : "unknown"))).toEqual(expected);
        const shuffled = [...reports, ...reports].sort((a, b) => ((a.dtstamp + seed) % 3) - ((b.dtstamp + seed) % 3));
        expect(combineReports(shuffled)).toEqual({ known, periods });
        expect(combineReports([...reports].reverse())).toEqual({ known, periods });
      }),
    );
  });

  test("a busy time that a newer report takes back is gone, and what it does not speak of stays", () => {
    const old = { address: ann, uid: "a", dtstamp: 1, range: { from: 0, to: 10 }, periods: busy("BUSY", [1, 9]) };
    const fresh = { address: ann, uid: "b", dtstamp: 2, range: { from: 4, to: 6 }, periods: [] };
    expect(told(combineReports([fresh, old]).periods)).toEqual(["B1-4", "B6-9"]);
  });
});

function busy(type: BusyPeriod["type"], ...spans: readonly (readonly [number, number])[]): readonly BusyPeriod[] {
  return spans.map(([from, to]) => ({ from, to, type }));
}
