import { type Action, act, type Policy, schedule } from "@parley/engine";
import { describe, expect, test } from "vitest";
import {
  begin,
  instance,
  type Organizing,
  on,
  type Part,
  put,
  reply,
  said,
  series,
  weekly,
} from "./organize-helpers.ts";
import { listOutcomes } from "./outcome-words.ts";
import { address, ann, ben, clara, contextOf } from "./world.ts";

const emil = address("emil@partner.test");
const all = [ben, clara];
const whole: Part = { lines: weekly(), guests: all };
const second = (guests: readonly string[], hour = "09", ...more: readonly string[]): Part => ({
  lines: instance("0317", hour, ...more),
  guests,
});
const fromFourth = (hour: string, guests: readonly string[] = all): Part => ({
  lines: instance("0331", hour).map((line) => line.replace("RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE")),
  guests,
});
const times = (start: string, count: number): readonly string[] => [
  `DTSTART:${start}`,
  "DURATION:PT1H",
  `RRULE:FREQ=WEEKLY;COUNT=${count}`,
];

const versions: Readonly<Record<string, readonly Part[]>> = {
  "five others": [whole],
  "the second an hour later": [whole, second(all, "10")],
  "the second with another title": [whole, second(all, "09", "SUMMARY:Other")],
  "the second without Clara": [whole, second([ben], "10")],
  "Clara for the second alone": [{ lines: weekly(), guests: [ben] }, second(all)],
  "Emil for the second, nobody for the third": [whole, second([...all, emil]), { lines: instance("0324"), guests: [] }],
  "without the third": [{ lines: weekly(`EXDATE:${on("0324")}`), guests: all }],
  "the second called off": [whole, second(all, "09", "STATUS:CANCELLED")],
  "the rest later": [whole, fromFourth("11")],
  "the rest without Ben": [whole, second(all, "10"), fromFourth("11", [clara])],
  "only two": [{ lines: times("20270310T090000Z", 2), guests: all }, second(all, "10")],
  "all in the afternoon": [{ lines: times("20270310T150000Z", 6), guests: all }],
  "nobody but Emil": [{ lines: weekly("LOCATION:Room 5"), guests: [emil] }],
};

/** A version that Ben has answered whole and for its second, Clara for the third and from the fourth on. */
function answered(parts: readonly Part[]): Organizing {
  const organizing = begin(series(parts));
  const says = (guest: typeof ben, partstat: string, ...lines: readonly string[]): void => {
    try {
      reply(organizing, guest, partstat, "SEQUENCE:0", ...lines);
    } catch {
      // Who is not invited there cannot answer, and has not.
    }
  };
  says(ben, "ACCEPTED");
  says(ben, "DECLINED", `RECURRENCE-ID:${on("0317")}`, "COMMENT:Away");
  says(clara, "TENTATIVE", `RECURRENCE-ID:${on("0324")}`);
  says(clara, "ACCEPTED", `RECURRENCE-ID;RANGE=THISANDFUTURE:${on("0331")}`);
  return organizing;
}

const names = Object.keys(versions);

describe("what comes of a change of a series", () => {
  test.each(names)("that had %s", async (before) => {
    const organizing = answered(versions[before] ?? []);
    const outcomes = names.map((after) => {
      const written = series(versions[after] ?? []);
      return [
        `now ${after}`,
        schedule(organizing.state, written, contextOf(ann, organizing.now + 60)),
        organizing.state,
      ] as const;
    });
    const text = listOutcomes(outcomes, (message) => said([message]));
    await expect(text).toMatchFileSnapshot(`./outcomes/change ${before.replace(",", "")}.txt`.replaceAll(" ", "-"));
  });

  const latter = series([
    { lines: ["DTSTART:20270324T100000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"], guests: [clara, emil] },
    { lines: ["RECURRENCE-ID:20270331T100000Z", "DTSTART:20270331T130000Z", "DURATION:PT1H"], guests: [clara, emil] },
  ]);
  const same = series([
    { lines: ["DTSTART:20270324T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"], guests: all },
  ]);
  const actions: readonly (readonly [string, Action])[] = [
    ["split at the third, an hour later with Emil for Ben", { kind: "split", key: on("0324"), after: latter }],
    ["split at the third, as it is", { kind: "split", key: on("0324"), after: same }],
    [
      "cancelled from the third on",
      { kind: "cancel", keys: [on("0324")], range: "this-and-future", comment: "Enough" },
    ],
    ["cancelled from the fourth on", { kind: "cancel", keys: [on("0331")], range: "this-and-future" }],
    ["cancelled the second and third", { kind: "cancel", keys: [on("0317"), on("0324")] }],
    ["handed over", { kind: "hand-over", to: clara }],
  ];

  test("by answers some of which count no more", async () => {
    const outcomes = names.map((moved) => {
      const organizing = answered(versions["five others"] ?? []);
      if (moved !== "five others") put(organizing, series(versions[moved] ?? []));
      const after = series([{ lines: times("20270317T090000Z", 5), guests: all }, fromFourth("11")]);
      const context = contextOf(ann, organizing.now + 60);
      return [`${moved}, split`, act(organizing.state, { kind: "split", key: on("0317"), after }, context)] as const;
    });
    const text = listOutcomes(outcomes, (message) => said([message]));
    await expect(text).toMatchFileSnapshot("./outcomes/split-after-a-change.txt");
  });

  test.each(["split", "range"] satisfies Policy["thisAndFuture"][])("by policy %s", async (thisAndFuture) => {
    const outcomes = names
      .filter((_, index) => index % 2 === 1)
      .flatMap((name) => {
        const organizing = answered(versions[name] ?? []);
        const context = contextOf(ann, organizing.now + 60);
        const some = { ...context, policy: { ...context.policy, thisAndFuture } };
        return actions.map(([does, action]) => [`${name}: ${does}`, act(organizing.state, action, some)] as const);
      });
    const text = listOutcomes(outcomes, (message) => said([message]));
    await expect(text).toMatchFileSnapshot(`./outcomes/this-and-future-by-${thisAndFuture}.txt`);
  });
});
