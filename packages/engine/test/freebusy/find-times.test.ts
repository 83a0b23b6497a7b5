import {
  type BusyPeriod,
  type Candidate,
  type Choice,
  findTimes,
  readAvailabilities,
  type Slot,
  type TimeSearch,
  type WorkingHours,
  whyNot,
  workingSpans,
} from "@parley/engine/freebusy";
import { intlZoneProvider, utc } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultLimits, maxCandidates, maxSearchDays, maxSlots, maxSlotsGiven } from "../../src/limits.ts";
import { at, berlin, calendarOf, told } from "./helpers.ts";

const hour = 3_600;
/** Monday. */
const nine = at("20270308T090000Z");
const monday = { from: nine, to: nine + 8 * hour };

function person(id: string, ...busy: readonly (readonly [string, string, BusyPeriod["type"]?])[]): Candidate {
  return {
    id,
    busy: busy.map(([from, to, type = "BUSY"]) => ({
      from: at(`20270308T${from}Z`),
      to: at(`20270308T${to}Z`),
      type,
    })),
  };
}

function search(over: Partial<TimeSearch>): TimeSearch {
  return { range: monday, durationSeconds: hour, stepSeconds: hour / 2, required: [], limits: defaultLimits, ...over };
}

function slotsOf(over: Partial<TimeSearch>): readonly Slot[] {
  const found = findTimes(search(over));
  if (found.kind === "refused") throw new Error(found.problem);
  return found.slots;
}

function clock(instant: number): string {
  return new Date(instant * 1_000).toISOString().slice(11, 16);
}

function startsOf(over: Partial<TimeSearch>): readonly string[] {
  return slotsOf({ count: 3, ...over }).map(({ start, works }) => `${clock(start)}${works ? "" : "!"}`);
}

describe("finding a time", () => {
  const ann = person("ann", ["090000", "103000"]);
  const ben = person("ben", ["110000", "130000"], ["140000", "170000"]);
  const maybe = person("maybe", ["090000", "130000", "BUSY-TENTATIVE"]);
  const cases: readonly (readonly [string, Partial<TimeSearch>, readonly string[]])[] = [
    ["nobody is asked", {}, ["09:00", "09:30", "10:00"]],
    ["all required are free", { required: [ann, ben] }, ["13:00", "09:00!", "09:30!"]],
    ["the step is kept", { required: [ann], stepSeconds: hour }, ["11:00", "12:00", "13:00"]],
    ["a slot may fill a gap", { required: [ben], durationSeconds: 2 * hour }, ["09:00", "09:30!", "10:00!"]],
    ["of equal ones the earliest", { required: [ann] }, ["10:30", "11:00", "11:30"]],
    ["optional people are wished for", { required: [ann], optional: [ben] }, ["13:00", "10:30", "11:00"]],
    ["required before optional", { required: [ben], optional: [ann] }, ["13:00", "09:00", "09:30"]],
    ["tentative is better than missing, and worse than free", { required: [maybe] }, ["13:00", "13:30", "14:00"]],
    [
      "an optional person missing is worse than a required one who may not come",
      { required: [maybe], optional: [ben] },
      ["13:00", "09:00", "09:30"],
    ],
    ["buffer before", { required: [ann], bufferBeforeSeconds: hour / 2 }, ["11:00", "11:30", "12:00"]],
    ["buffer after", { required: [ben], bufferAfterSeconds: hour / 2 }, ["09:00", "09:30", "10:00!"]],
    ["an empty range", { range: { from: nine, to: nine } }, []],
    ["a range shorter than the meeting", { durationSeconds: 9 * hour }, []],
    ["a range as long as the meeting", { durationSeconds: 8 * hour }, ["09:00"]],
  ];
  test.each(cases)("%s", (_, over, expected) => {
    expect(startsOf(over)).toEqual(expected);
  });

  test("any one room of a set, the preferred first", () => {
    const small = person("small", ["090000", "120000"]);
    const large = person("large", ["090000", "100000"], ["130000", "170000"]);
    const rooms: Choice = { id: "room", candidates: [small, large], atLeast: 1 };
    const slots = slotsOf({ choices: [rooms], stepSeconds: hour, count: 8 });
    expect(slots.map(({ start, chosen, works }) => [clock(start), chosen[0]?.candidates.join(), works])).toEqual([
      ["10:00", "large", true],
      ["11:00", "large", true],
      ["12:00", "small", true],
      ["13:00", "small", true],
      ["14:00", "small", true],
      ["15:00", "small", true],
      ["16:00", "small", true],
      ["09:00", "", false],
    ]);
    expect(slots.at(-1)?.obstacles.map(({ who, choice, kind }) => [who, choice, kind])).toEqual([
      ["small", "room", "busy"],
      ["large", "room", "busy"],
    ]);
  });

  test("a quorum: two of three, those who are free before those who may be", () => {
    const board: Choice = { id: "board", candidates: [ann, maybe, person("free")], atLeast: 2 };
    const [best, ...others] = slotsOf({ choices: [board], count: 20 });
    expect(best).toMatchObject({
      start: at("20270308T103000Z"),
      chosen: [{ choice: "board", candidates: ["ann", "free"] }],
    });
    const early = others.find(({ start }) => start === nine);
    expect(early).toMatchObject({ works: true, tentative: 1, chosen: [{ candidates: ["free", "maybe"] }] });
    expect(early?.obstacles.map(({ who, kind }) => [who, kind])).toEqual([["maybe", "tentative"]]);
  });

  test("a choice that asks for more than there are never works", () => {
    const slots = slotsOf({ choices: [{ id: "two", candidates: [person("one")], atLeast: 2 }] });
    expect(slots.every(({ works, missing }) => !works && missing === 1)).toBe(true);
  });

  test("working hours, each in their own zone, and a buffer may lie outside of them", () => {
    const hours = (zone: WorkingHours["zone"]): WorkingHours => ({
      zone,
      hours: [{ weekday: 1, from: 9 * hour, to: 17 * hour }],
    });
    const newYork = intlZoneProvider.zone("America/New_York");
    if (!newYork) throw new Error("no New York");
    const required = [
      { id: "ann", busy: [], hours: hours(berlin()) },
      { id: "ben", busy: [], hours: hours(newYork) },
    ];
    // In the week New York is on summer time already: 9 there is 14 in Berlin.
    const range = { from: at("20270315T000000Z"), to: at("20270316T000000Z") };
    expect(startsOf({ required, range, bufferBeforeSeconds: hour })).toEqual(["13:00", "13:30", "14:00"]);
    const [, , , fourth, fifth] = slotsOf({ required, range });
    expect([fourth, fifth].map((slot) => slot && `${clock(slot.start)} ${slot.works}`)).toEqual([
      "14:30 true",
      "15:00 true",
    ]);
    expect(whyNot(search({ required, range }), at("20270315T120000Z"))?.obstacles).toEqual([
      {
        who: "ben",
        role: "required",
        kind: "outside-hours",
        from: range.from,
        to: at("20270315T130000Z"),
      },
    ]);
  });

  test("working hours as VAVAILABILITYs say", () => {
    const component = [
      "VAVAILABILITY",
      "UID:a@example.test",
      "BEGIN:AVAILABLE",
      "UID:b@example.test",
      "DTSTART:20270301T130000Z",
      "DURATION:PT2H",
      "RRULE:FREQ=DAILY",
      "END:AVAILABLE",
    ];
    const reading = { localZone: utc, limits: defaultLimits };
    const hours = readAvailabilities(calendarOf(component), intlZoneProvider, reading);
    const tentative = readAvailabilities(
      calendarOf(component.toSpliced(1, 0, "BUSYTYPE:BUSY-TENTATIVE")),
      intlZoneProvider,
      reading,
    );
    expect(startsOf({ required: [{ id: "ann", busy: [], hours }] })).toEqual(["13:00", "13:30", "14:00"]);
    const [early] = slotsOf({
      required: [{ id: "ann", busy: [], hours: tentative }],
      range: { from: nine, to: nine + hour },
    });
    expect(early).toMatchObject({ works: true, tentative: 1, obstacles: [{ kind: "tentative" }] });
  });

  test("why not: each with the time that is taken, on the grid or not", () => {
    const slot = whyNot(
      search({ required: [ann, ben], optional: [maybe], bufferBeforeSeconds: 600 }),
      at("20270308T103500Z"),
    );
    expect(slot).toMatchObject({ works: false, missing: 2, optionalMissing: 0, optionalTentative: 1 });
    expect(slot?.obstacles.map(({ who, role, kind, from, to }) => [who, role, kind, clock(from), clock(to)])).toEqual([
      ["ann", "required", "busy", "09:00", "10:30"],
      ["ben", "required", "busy", "11:00", "13:00"],
      ["maybe", "optional", "tentative", "09:00", "13:00"],
    ]);
  });

  test("busy time in any order, and over and over", () => {
    const twice = { id: "ben", busy: [...ben.busy, ...ben.busy].reverse() };
    expect(slotsOf({ required: [twice] })).toEqual(slotsOf({ required: [ben] }));
  });
});

describe("what is no search", () => {
  const candidate = person("ann");
  const cases: readonly (readonly [string, Partial<TimeSearch>, string])[] = [
    ["no duration", { durationSeconds: 0 }, "not-a-number"],
    ["half a second", { stepSeconds: 0.5 }, "not-a-number"],
    ["no step", { stepSeconds: 0 }, "not-a-number"],
    ["a negative buffer", { bufferAfterSeconds: -1 }, "not-a-number"],
    ["an endless range", { range: { from: nine, to: Infinity } }, "not-a-number"],
    ["less than nobody", { choices: [{ id: "a", candidates: [], atLeast: -1 }] }, "not-a-number"],
    ["a long range", { range: { from: nine, to: nine + (maxSearchDays + 1) * 24 * hour } }, "range-too-long"],
    ["a fine step", { stepSeconds: 1, range: { from: nine, to: nine + hour + maxSlots } }, "too-many-slots"],
    ["many people", { required: Array.from({ length: maxCandidates }, () => candidate) }, "too-many-candidates"],
  ];
  test.each(cases)("%s", (_, over, problem) => {
    expect(findTimes(search(over))).toEqual({ kind: "refused", problem });
    expect(whyNot(search(over), nine)).toBeUndefined();
  });

  test("no more Slots than the bound says", () => {
    const range = { from: nine, to: nine + 1_000 * hour };
    expect(slotsOf({ range, count: 1_000_000 })).toHaveLength(maxSlotsGiven);
    expect(slotsOf({ range, count: 0 })).toEqual([]);
  });
});

describe("working hours", () => {
  const shown = (hours: WorkingHours["hours"], from: string, to: string, zone = berlin()) =>
    told(workingSpans({ zone, hours }, { from: at(from), to: at(to) }).map((span) => ({ ...span, type: "BUSY" }))).map(
      (text) =>
        text
          .slice(1)
          .split("-")
          .map((each) => new Date(Number(each) * 1_000).toISOString().slice(8, 16))
          .join(" to "),
    );
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      "Sunday is 0, and the clock on the wall counts",
      shown([{ weekday: 0, from: 9 * hour, to: 12 * hour }], "20270301T000000Z", "20270401T000000Z"),
      ["07T08:00 to 07T11:00", "14T08:00 to 14T11:00", "21T08:00 to 21T11:00", "28T07:00 to 28T10:00"],
    ],
    [
      "a night over the change of the clocks is an hour shorter",
      shown([{ weekday: 6, from: 22 * hour, to: 30 * hour }], "20270327T000000Z", "20270329T000000Z"),
      ["27T21:00 to 28T04:00"],
    ],
    [
      "a night that began before the range",
      shown([{ weekday: 6, from: 22 * hour, to: 30 * hour }], "20270307T000000Z", "20270308T000000Z"),
      ["07T00:00 to 07T05:00"],
    ],
    [
      "shifts that adjoin are one",
      shown(
        [
          { weekday: 1, from: 9 * hour, to: 12 * hour },
          { weekday: 1, from: 12 * hour, to: 13 * hour },
          { weekday: 1, from: 20 * hour, to: 19 * hour },
        ],
        "20270308T000000Z",
        "20270309T000000Z",
      ),
      ["08T08:00 to 08T12:00"],
    ],
  ];
  test.each(cases)("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe("exactness", () => {
  const end = 30;
  const period = fc.record({
    from: fc.integer({ min: -5, max: end }),
    to: fc.integer({ min: 0, max: end + 5 }),
    type: fc.constantFrom<BusyPeriod["type"]>("BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE"),
  });
  const hours = fc.option(
    fc.record({ from: fc.nat(end), to: fc.nat(end) }).map(
      // The first of January 1970 was a Thursday.
      ({ from, to }): WorkingHours => ({ zone: utc, hours: [{ weekday: 4, from, to }] }),
    ),
    { nil: undefined },
  );
  let serial = 0;
  const candidate = fc
    .record({ busy: fc.array(period, { maxLength: 4 }), hours })
    .map(({ busy, hours: own }): Candidate => ({ id: `c${serial++}`, busy, ...(own && { hours: own }) }));
  const candidates = fc.array(candidate, { maxLength: 3 });
  const anySearch = fc
    .record({
      durationSeconds: fc.integer({ min: 1, max: 8 }),
      stepSeconds: fc.integer({ min: 1, max: 4 }),
      bufferBeforeSeconds: fc.nat(3),
      bufferAfterSeconds: fc.nat(3),
      required: candidates,
      optional: candidates,
      choices: fc.array(fc.record({ id: fc.constant("any"), candidates, atLeast: fc.nat(4) }), { maxLength: 2 }),
      count: fc.integer({ min: 1, max: 40 }),
    })
    .map((over): TimeSearch => ({ ...over, range: { from: 0, to: end }, limits: defaultLimits }));

  /** How a candidate is at a start, looked at second by second. */
  function stateOf({ busy, hours: own }: Candidate, start: number, given: TimeSearch): string {
    const stop = start + given.durationSeconds;
    let worst = "free";
    for (
      let moment = start - (given.bufferBeforeSeconds ?? 0);
      moment < stop + (given.bufferAfterSeconds ?? 0);
      moment++
    ) {
      const works = !own || !("hours" in own) || own.hours.some(({ from, to }) => from <= moment && moment < to);
      if (!works && moment >= start && moment < stop) return "blocked";
      const there = busy.filter(({ from, to }) => from <= moment && moment < to);
      if (there.some(({ type }) => type !== "BUSY-TENTATIVE")) return "blocked";
      if (there.length > 0) worst = "tentative";
    }
    return worst;
  }

  /** The four figures of a start, and it, in the order they are compared. */
  function weigh(given: TimeSearch, start: number): readonly number[] {
    const count = (list: readonly Candidate[], state: string): number =>
      list.filter((each) => stateOf(each, start, given) === state).length;
    let missing = count(given.required, "blocked");
    let tentative = count(given.required, "tentative");
    for (const { candidates: list, atLeast } of given.choices ?? []) {
      const free = count(list, "free");
      const able = Math.min(atLeast, free + count(list, "tentative"));
      missing += atLeast - able;
      tentative += Math.max(0, able - free);
    }
    const optional = given.optional ?? [];
    return [missing, count(optional, "blocked"), tentative, count(optional, "tentative"), start];
  }

  function compare(a: readonly number[], b: readonly number[]): number {
    return a.map((figure, index) => figure - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  }

  const shownSlot = (slot: Slot): readonly number[] => [
    slot.missing,
    slot.optionalMissing,
    slot.tentative,
    slot.optionalTentative,
    slot.start,
  ];

  test("the same starts in the same order as by trying all, with the same figures", () => {
    fc.assert(
      fc.property(anySearch, (given) => {
        const starts: number[] = [];
        for (let start = 0; start + given.durationSeconds <= end; start += given.stepSeconds) starts.push(start);
        const expected = starts.map((start) => weigh(given, start)).sort(compare);
        const found = findTimes(given);
        expect(found.kind === "found" && found.slots.map(shownSlot)).toEqual(expected.slice(0, given.count));
      }),
      { numRuns: 1_000 },
    );
  });

  test("whoever is missing has an obstacle, and whoever has one is missing or may not come", () => {
    fc.assert(
      fc.property(anySearch, fc.nat(end), (given, start) => {
        const slot = whyNot(given, start);
        const of = (role: string, isTentative: boolean) =>
          new Set(
            slot?.obstacles
              .filter((each) => each.role === role && (each.kind === "tentative") === isTentative)
              .map(({ who }) => who),
          );
        for (const [role, list] of [
          ["required", given.required],
          ["optional", given.optional ?? []],
        ] as const) {
          const blocked = list.filter((each) => stateOf(each, start, given) === "blocked").map(({ id }) => id);
          const tentative = list.filter((each) => stateOf(each, start, given) === "tentative").map(({ id }) => id);
          expect([...of(role, false)].sort()).toEqual(blocked.sort());
          for (const id of tentative) expect(of(role, true)).toContain(id);
        }
        for (const { from, to } of slot?.obstacles ?? []) expect(from).toBeLessThan(to);
      }),
    );
  });
});
