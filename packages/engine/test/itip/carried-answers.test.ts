import { act, currentAnswer, leadingComponent, receive, type SchedulingState, schedule } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { settleState } from "../../src/model/scheduling-state.ts";
import { begin, on, reply, series, weekly } from "./organize-helpers.ts";
import { ann, applied, ben, clara, contextOf, evidenceOf, noon, readText } from "./world.ts";

const days = ["0324", "0331", "0407", "0414"].map(on);
const rest = (count: number) =>
  series([
    { lines: ["DTSTART:20270324T090000Z", "DURATION:PT1H", `RRULE:FREQ=WEEKLY;COUNT=${count}`], guests: [ben, clara] },
  ]);

/** Ann's latter half: Ben had accepted all and declined 31 March, Clara had accepted all from 7 April on. */
function latterHalf(): SchedulingState {
  const organizing = begin(series([{ lines: weekly(), guests: [ben, clara] }]));
  reply(organizing, ben, "ACCEPTED", "SEQUENCE:0");
  reply(organizing, ben, "DECLINED", "SEQUENCE:0", `RECURRENCE-ID:${on("0331")}`);
  reply(organizing, clara, "ACCEPTED", "SEQUENCE:0", `RECURRENCE-ID;RANGE=THISANDFUTURE:${on("0407")}`);
  const action = { kind: "split", key: on("0324"), after: rest(4) } as const;
  const [latter] = applied(act(organizing.state, action, contextOf(ann, organizing.now + 60))).further ?? [];
  if (!latter) throw new Error("the split left no latter half");
  return settleState(latter);
}

function answersOf(state: SchedulingState, guest: typeof ben, keys = days): readonly string[] {
  if (!state.object) throw new Error("it is gone");
  const whole = leadingComponent(state.object);
  return keys.map((key) => currentAnswer(state, whole, guest, key).partstat);
}

/** What Ben says of the latter half, an hour later. */
function says(state: SchedulingState, partstat: string, place: readonly string[]): SchedulingState {
  const text = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:x",
    "METHOD:REPLY",
    "BEGIN:VEVENT",
    `UID:${state.object?.uid}`,
    "DTSTAMP:20270302T130000Z",
    "SEQUENCE:0",
    `ORGANIZER:mailto:${ann}`,
    `ATTENDEE;PARTSTAT=${partstat}:mailto:${ben}`,
    ...place,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
  const context = contextOf(ann, noon + 3_600);
  return applied(receive(state, readText(text, "REPLY", ben), evidenceOf(ben), context)).state;
}

describe("answers that were carried into the latter half of a series", () => {
  test("stand until something is said of it", () => {
    const latter = latterHalf();
    expect(answersOf(latter, ben)).toEqual(["ACCEPTED", "DECLINED", "ACCEPTED", "ACCEPTED"]);
    expect(answersOf(latter, clara)).toEqual(["NEEDS-ACTION", "NEEDS-ACTION", "ACCEPTED", "ACCEPTED"]);
  });

  test.each([
    ["all of it", [], ["TENTATIVE", "TENTATIVE", "TENTATIVE", "TENTATIVE"]],
    ["that Instance", [`RECURRENCE-ID:${on("0331")}`], ["ACCEPTED", "TENTATIVE", "ACCEPTED", "ACCEPTED"]],
    ["another", [`RECURRENCE-ID:${on("0407")}`], ["ACCEPTED", "DECLINED", "TENTATIVE", "ACCEPTED"]],
    [
      "all from one before on",
      [`RECURRENCE-ID;RANGE=THISANDFUTURE:${on("0331")}`],
      ["ACCEPTED", "TENTATIVE", "TENTATIVE", "TENTATIVE"],
    ],
  ])("give way to an answer to %s", (_what, place, expected) => {
    expect(answersOf(says(latterHalf(), "TENTATIVE", place), ben)).toEqual(expected);
  });

  test("count for no Instance that comes later, which nobody was shown", () => {
    const latter = latterHalf();
    const { uid } = latter.object ?? { uid: "" };
    const longer = applied(schedule(latter, { ...rest(6), uid }, contextOf(ann, noon + 3_600))).state;
    expect(answersOf(longer, clara, [on("0414"), on("0421"), on("0428")])).toEqual([
      "ACCEPTED",
      "NEEDS-ACTION",
      "NEEDS-ACTION",
    ]);
    expect(answersOf(longer, ben, [on("0428")])).toEqual(["ACCEPTED"]);
  });
});
