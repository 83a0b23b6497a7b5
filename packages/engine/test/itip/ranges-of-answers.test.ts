import {
  act,
  allRegisters,
  type CalendarObject,
  currentAnswer,
  participationKey,
  receive,
  type SchedulingState,
  schedule,
  seriesFrom,
  settleState,
} from "@parley/engine";
import { withProperty } from "@parley/engine/icalendar";
import { makeZoneResolver } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  governingComponent,
  leadingComponent,
  objectComponents,
  readObjectComponent,
  withComponents,
} from "../../src/model/calendar-object.ts";
import { conversation, outcomeOf } from "./conversation.ts";
import { day, instance, key, received, several, stamp, thisAndFuture, weekly } from "./series.ts";
import { address, ann, applied, ben, clara, contextOf, evidenceOf, noon, shuffle } from "./world.ts";

// Decision 0042: what is said of one Instance, and of that and all after, are two answers.

const days = ["10", "17", "24", "31"] as const;
const emil = address("emil@partner.test");
const letters = { ACCEPTED: "A", DECLINED: "D", TENTATIVE: "T", DELEGATED: "G" } as Readonly<Record<string, string>>;

/** What one Attendee's answers are to the Instances, a letter each. */
function answersOf(state: SchedulingState, who = clara): string {
  return days.map((date) => letterAt(state, date, who)).join("");
}

function letterAt(state: SchedulingState, date: string, who: string): string {
  const { object } = state;
  if (!object) throw new Error("there is nothing");
  const speaks = governingComponent(object, key(date)) ?? leadingComponent(object);
  return letters[currentAnswer(state, speaks, address(who), key(date)).partstat] ?? "-";
}

function retitled(object: CalendarObject): CalendarObject {
  const { zones, limits } = contextOf(ann);
  const components = objectComponents(object).map((one) => {
    const property = { name: "SUMMARY", parameters: [], value: "Later" };
    const text = withProperty(one.component, "SUMMARY", property);
    return readObjectComponent(text, makeZoneResolver([], zones, limits), limits) ?? one;
  });
  return withComponents(object, components);
}

function begun(guests = [ben, clara]) {
  const talk = conversation((context) => ({ ...context, policy: { ...context.policy, thisAndFuture: "range" } }));
  talk.put(ann, several("REQUEST", [[...weekly, ...stamp(0)]], { guests }).object);
  talk.deliver();
  talk.now += 60;
  return talk;
}

/** A REPLY of Clara's: `17` for one Instance, `17+` for that and all after; at a minute past nine. */
function reply(place: string, minute: number, partstat: string, { sequence = 0, who = clara, more = "" } = {}) {
  const range = place.endsWith("+") ? thisAndFuture : "";
  const lines = place === "" ? [] : [instance(place.slice(0, 2), range)];
  const stated = [
    ...lines,
    ...day("10"),
    ...stamp(minute, sequence),
    `ATTENDEE;PARTSTAT=${partstat}${more}:mailto:${who}`,
  ];
  return { ...several("REPLY", [stated], { guests: [] }), originator: who };
}

function takeAll(start: SchedulingState, messages: readonly ReturnType<typeof reply>[]): SchedulingState {
  return messages.reduce((state, one) => {
    const outcome = receive(state, one, evidenceOf(one.originator), contextOf(ann, noon + 3_600));
    return outcome.kind === "applied" ? settleState(outcome.state) : state;
  }, start);
}

describe("of an answer to one Instance and one to that and all after", () => {
  const cases: readonly (readonly [string, readonly (readonly [string, number, string])[], string])[] = [
    ["the range alone counts for all from there on", [["17+", 1, "TENTATIVE"]], "-TTT"],
    [
      "a later one to the first Instance takes that alone",
      [
        ["17+", 1, "TENTATIVE"],
        ["17", 2, "DECLINED"],
      ],
      "-DTT",
    ],
    [
      "a later one to the range takes the Instance too",
      [
        ["17", 1, "DECLINED"],
        ["17+", 2, "TENTATIVE"],
      ],
      "-TTT",
    ],
    [
      "of one time the one to the Instance counts for it",
      [
        ["17", 1, "DECLINED"],
        ["17+", 1, "TENTATIVE"],
      ],
      "-DTT",
    ],
    [
      "the Instance is answered again after the range",
      [
        ["17", 1, "DECLINED"],
        ["17+", 2, "TENTATIVE"],
        ["17", 3, "ACCEPTED"],
      ],
      "-ATT",
    ],
    [
      "later Instances that were answered by themselves stay as they are",
      [
        ["24", 1, "DECLINED"],
        ["17+", 2, "TENTATIVE"],
        ["17", 3, "ACCEPTED"],
      ],
      "-ADT",
    ],
    [
      "a nearer range takes the place of a farther one, and leaves its Instances alone",
      [
        ["10+", 1, "TENTATIVE"],
        ["10", 2, "DECLINED"],
        ["24+", 3, "ACCEPTED"],
        ["24", 4, "DECLINED"],
      ],
      "DTDA",
    ],
    [
      "the whole is farther than either",
      [
        ["17+", 1, "TENTATIVE"],
        ["17", 2, "DECLINED"],
        ["", 3, "ACCEPTED"],
      ],
      "ADTT",
    ],
  ];
  test.each(cases)("%s", (_name, said, expected) => {
    const start = begun().state(ann);
    const messages = said.map(([place, minute, partstat]) => reply(place, minute, partstat));
    expect(answersOf(takeAll(start, messages))).toBe(expected);
    expect(answersOf(takeAll(start, messages.toReversed()))).toBe(expected);
  });

  test("one to an Instance that is older than one to the range changes nothing, and says so", () => {
    const state = takeAll(begun().state(ann), [reply("17+", 2, "TENTATIVE")]);
    const outcome = receive(state, reply("17", 1, "DECLINED"), evidenceOf(clara), contextOf(ann, noon + 3_600));
    expect(outcome).toMatchObject({ kind: "applied", messages: [], changes: [] });
  });
});

describe("laws", () => {
  const said = fc.record({
    who: fc.constantFrom(ben, clara),
    place: fc.constantFrom("", "10", "10+", "17", "17+", "24", "24+"),
    minute: fc.integer({ min: 1, max: 5 }),
    sequence: fc.nat(2),
    partstat: fc.constantFrom("ACCEPTED", "DECLINED", "TENTATIVE"),
  });

  /** Of several versions: the series, one Instance, and a range that begins at another. */
  const revised = (() => {
    const talk = begun();
    const all = [
      [...weekly, ...stamp(0)],
      [instance("17"), ...day("17", "12"), ...stamp(0)],
    ];
    talk.put(ann, several("REQUEST", all, { guests: [ben, clara] }).object);
    talk.now += 60;
    const moved = [instance("24", thisAndFuture), ...day("24", "14"), ...stamp(0)];
    talk.put(ann, several("REQUEST", [...all, moved], { guests: [ben, clara] }).object);
    return talk.state(ann);
  })();

  test("any order of the same answers, with any one of them repeated, ends in one state", () => {
    fc.assert(
      fc.property(
        fc.array(said, { minLength: 1, maxLength: 7 }),
        fc.nat(),
        fc.infiniteStream(fc.nat()),
        (all, again, random) => {
          const messages = all.map(({ place, minute, partstat, ...more }) => reply(place, minute, partstat, more));
          const repeated = [...messages, messages[again % messages.length] ?? reply("", 1, "ACCEPTED")];
          const [one, other] = [takeAll(revised, messages), takeAll(revised, shuffle(repeated, random))];
          expect(outcomeOf(other)).toEqual(outcomeOf(one));
          for (const who of [ben, clara]) expect(answersOf(other, who)).toBe(answersOf(one, who));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("what somebody says of Instances and ranges is the same in their copy and in the Organizer's, however it arrives", () => {
    const act = fc.record({
      date: fc.constantFrom(...days),
      partstat: fc.constantFrom("ACCEPTED", "DECLINED", "TENTATIVE"),
      scope: fc.constantFrom("this", "this-and-future", "all"),
    });
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat()), (acts, random) => {
        const talk = begun();
        for (const { date, partstat, scope } of acts) {
          // Two in one second are ordered too.
          const place = scope === "all" ? {} : { key: key(date), ...(scope !== "this" && { range: scope }) };
          talk.act(clara, { kind: "answer", partstat, ...place } as Parameters<typeof talk.act>[1]);
        }
        const mail = shuffle(talk.mail, random);
        talk.mail = [];
        for (const { message } of [...mail, ...mail]) talk.take(ann, received(message));
        expect(answersOf(talk.state(ann))).toBe(answersOf(talk.state(clara)));
        expect([...allRegisters(talk.state(ann).participations)].sort()).toEqual(
          [...allRegisters(talk.state(clara).participations)].sort(),
        );
      }),
      { numRuns: 300 },
    );
  });
});

test("two that are said in one second are ordered as they were said", () => {
  for (const isRangeLast of [false, true]) {
    const talk = begun();
    const single = { kind: "answer", partstat: "ACCEPTED", key: key("17") } as const;
    const ranged = { ...single, partstat: "TENTATIVE", range: "this-and-future" } as const;
    for (const one of isRangeLast ? [single, ranged] : [ranged, single]) talk.act(clara, one);
    talk.deliver();
    for (const who of [ann, clara]) expect(answersOf(talk.state(who))).toBe(isRangeLast ? "-TTT" : "-ATT");
  }
});

describe("who answered a range, and its first Instance otherwise", () => {
  function answered() {
    const talk = begun();
    talk.act(clara, { kind: "answer", partstat: "TENTATIVE", key: key("17"), range: "this-and-future" });
    talk.now += 60;
    talk.act(clara, { kind: "answer", partstat: "ACCEPTED", key: key("17") });
    talk.deliver();
    return talk;
  }

  test("has said two things, each to the Organizer", () => {
    const talk = answered();
    expect([...allRegisters(talk.state(ann).participations).keys()].sort()).toEqual([
      participationKey(clara, key("17")),
      participationKey(clara, key("17"), "this-and-future"),
    ]);
    for (const who of [ann, clara]) expect(answersOf(talk.state(who))).toBe("-ATT");
  });

  test("takes back both by throwing it away", () => {
    const talk = answered();
    talk.now += 60;
    talk.act(clara, { kind: "answer", partstat: "DECLINED", key: key("17") });
    talk.now += 60;
    talk.deliver();
    expect(answersOf(talk.state(ann))).toBe("-DTT");
    talk.now += 60;
    const thrownAway = applied(schedule(talk.state(clara), undefined, contextOf(clara, talk.now)));
    for (const message of thrownAway.messages) talk.take(ann, received(message));
    expect(answersOf(talk.state(ann))).toBe("DDDD");
  });

  test.each([
    ["that Instance", "17", "-ATT"],
    ["the next", "24", "--TT"],
  ] as const)("has both carried into the latter half of a series that is split at %s", (_at, date, expected) => {
    const talk = answered();
    const { object } = talk.state(ann);
    const context = contextOf(ann, talk.now + 60);
    const after =
      object && seriesFrom(object, key(date), makeZoneResolver([], context.zones, context.limits), context.limits);
    if (!after) throw new Error("there is no latter half");
    const split = applied(act(talk.state(ann), { kind: "split", key: key(date), after: retitled(after) }, context));
    const [latter] = split.further ?? [];
    if (!latter) throw new Error("the split left no latter half");
    const first = days.indexOf(date);
    expect(answersOf(settleState(latter)).slice(first)).toBe(expected.slice(first));
  });

  test("is asked anew about that Instance where it moves, and about no other", () => {
    const talk = answered();
    talk.now += 60;
    const moved = [instance("17"), ...day("17", "12"), ...stamp(0)];
    talk.put(ann, several("REQUEST", [[...weekly, ...stamp(0)], moved], { guests: [ben, clara] }).object);
    talk.deliver();
    for (const who of [ann, clara]) expect(answersOf(talk.state(who))).toBe("--TT");
  });
});

describe("a delegation of the first Instance of a range that was answered", () => {
  const delegated = (minute: number) => reply("17", minute, "DELEGATED", { more: `;DELEGATED-TO="mailto:${emil}"` });
  const guestsAt = (state: SchedulingState): readonly string[] => [
    ...((state.object && governingComponent(state.object, key("17")))?.attendees.keys() ?? []),
  ];

  test("stands beside an older answer to the range, whichever comes first", () => {
    const messages = [reply("17+", 1, "TENTATIVE"), delegated(2)];
    for (const all of [messages, messages.toReversed()]) {
      const state = takeAll(begun().state(ann), all);
      expect(answersOf(state)).toBe("-GTT");
      expect(guestsAt(state)).toContain(emil);
    }
  });

  test("ends by a newer answer to the range, whichever comes first", () => {
    const messages = [delegated(1), reply("17+", 2, "TENTATIVE")];
    for (const all of [messages, messages.toReversed()]) {
      const state = takeAll(begun().state(ann), all);
      expect(answersOf(state)).toBe("-TTT");
      expect(guestsAt(state)).not.toContain(emil);
    }
  });

  test("that is refused is so where it comes too late as well", () => {
    const toSelf = reply("17", 1, "DELEGATED", { more: `;DELEGATED-TO="mailto:${clara}"` });
    for (const before of [[], [reply("17+", 2, "TENTATIVE")]]) {
      const start = takeAll(begun().state(ann), before);
      const outcome = receive(start, toSelf, evidenceOf(clara), contextOf(ann, noon + 3_600));
      expect(outcome).toMatchObject({ kind: "rejected", rule: "decision 0020" });
    }
  });

  test("is not asked about again when who had it is taken off the list for another reason", () => {
    const talk = begun([ben, clara, emil]);
    for (const one of [delegated(1), reply("17+", 2, "TENTATIVE")]) talk.take(ann, one, { from: clara });
    talk.now += 60;
    const before = talk.state(ann);
    talk.mail = [];
    talk.put(ann, several("REQUEST", [[...weekly, ...stamp(0)]], { guests: [ben, clara] }).object);
    expect(talk.letters()).toEqual(["CANCEL ann>emil 1"]);
    const register = participationKey(clara, key("17"));
    expect(allRegisters(talk.state(ann).participations).get(register)).toEqual(
      allRegisters(before.participations).get(register),
    );
  });
});
