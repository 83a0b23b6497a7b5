import { type Action, act, type SchedulingState } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { contextAt, copies, emil, event } from "./copies.ts";
import { listOutcomes } from "./outcome-words.ts";
import { day, key, stamp, written } from "./series.ts";
import { ann, ben, clara, mallory, noon } from "./world.ts";

const later = [
  { name: "DTSTART", parameters: [], value: "20270310T130000Z" },
  { name: "DTEND", parameters: [], value: "20270310T140000Z" },
];
const instanceLater = later.map((line) => ({ ...line, value: line.value.replace("20270310", "20270317") }));
const summary = { name: "SUMMARY", parameters: [], value: "Other" };
const comment = " Sorry, all. ";
const secondStart = { kind: "utc", wall: noon + 18 * 86_400 } as const;

const actions: readonly (readonly [name: string, action: (state: SchedulingState) => Action])[] = [
  ["answer", () => ({ kind: "answer", partstat: "ACCEPTED", comment })],
  ["answer without a word", () => ({ kind: "answer", partstat: "DECLINED" })],
  ["answer that it is done", () => ({ kind: "answer", partstat: "COMPLETED" })],
  ["answer to half of it", () => ({ kind: "answer", partstat: "IN-PROCESS", percentComplete: 50.7 })],
  [
    "answer from an Instance on",
    () => ({ kind: "answer", partstat: "TENTATIVE", key: key("24"), range: "this-and-future" }),
  ],
  ["answer to an Instance", () => ({ kind: "answer", partstat: "DECLINED", key: key("17"), comment })],
  ["answer as before", () => ({ kind: "answer", partstat: "ACCEPTED" })],
  ["answer to an Instance there is not", () => ({ kind: "answer", partstat: "DECLINED", key: key("18") })],
  ["refresh", () => ({ kind: "refresh" })],
  ["refresh an Instance", () => ({ kind: "refresh", key: key("17"), comment })],
  ["refresh what is no Instance", () => ({ kind: "refresh", key: "x" })],
  ["counter", () => ({ kind: "counter", changes: later, comment })],
  ["counter with an answer", () => ({ kind: "counter", changes: later, partstat: "DECLINED" })],
  ["counter to an Instance", () => ({ kind: "counter", changes: instanceLater, key: key("17") })],
  ["counter to an Instance there is not", () => ({ kind: "counter", changes: instanceLater, key: key("18") })],
  ["counter that takes something away", () => ({ kind: "counter", changes: [{ ...summary, value: "" }] })],
  ["counter with nothing", () => ({ kind: "counter", changes: [] })],
  ["accept a proposal", () => ({ kind: "accept-proposal", attendee: clara })],
  ["accept a proposal there is not", () => ({ kind: "accept-proposal", attendee: ben })],
  ["decline a proposal", () => ({ kind: "decline-proposal", attendee: clara, comment })],
  ["decline a proposal without a word", () => ({ kind: "decline-proposal", attendee: clara })],
  ["decline a proposal there is not", () => ({ kind: "decline-proposal", attendee: ben })],
  ["delegate", () => ({ kind: "delegate", to: emil, name: "Emil", comment, keepInformed: true })],
  ["delegate an Instance", () => ({ kind: "delegate", to: emil, key: key("17") })],
  ["delegate to who is invited", () => ({ kind: "delegate", to: ben })],
  ["delegate to the Organizer", () => ({ kind: "delegate", to: ann })],
  ["admit", () => ({ kind: "admit", attendee: emil, name: "Emil" })],
  ["admit to an Instance", () => ({ kind: "admit", attendee: emil, key: key("17") })],
  ["admit a guest", () => ({ kind: "admit", attendee: clara })],
  ["admit oneself", () => ({ kind: "admit", attendee: ann })],
  ["refuse", () => ({ kind: "refuse", attendee: mallory, comment })],
  ["refuse of an Instance", () => ({ kind: "refuse", attendee: mallory, key: key("17") })],
  ["refuse of an Instance there is not", () => ({ kind: "refuse", attendee: mallory, key: key("18") })],
  ["refuse a guest", () => ({ kind: "refuse", attendee: clara })],
  ["refuse oneself", () => ({ kind: "refuse", attendee: ann })],
  ["ask all again", () => ({ kind: "ask-again" })],
  ["ask one again", () => ({ kind: "ask-again", attendees: [clara] })],
  ["ask nobody again", () => ({ kind: "ask-again", attendees: [mallory] })],
  ["cancel", () => ({ kind: "cancel", comment })],
  ["cancel two Instances", () => ({ kind: "cancel", keys: [key("17"), key("24")], comment })],
  ["cancel an Instance there is not", () => ({ kind: "cancel", keys: [key("18")] })],
  ["cancel from an Instance on", () => ({ kind: "cancel", keys: [key("24")], range: "this-and-future", comment })],
  ["cancel from the first on", () => ({ kind: "cancel", keys: [key("10")], range: "this-and-future" })],
  ["split", ({ object }) => ({ kind: "split", key: key("24"), after: moved(object, "24") })],
  ["split at the first", ({ object }) => ({ kind: "split", key: key("10"), after: moved(object, "10") })],
  ["split where there is none", ({ object }) => ({ kind: "split", key: key("18"), after: moved(object, "18") })],
  ["add", () => ({ kind: "add", starts: [secondStart] })],
  ["add nothing", () => ({ kind: "add", starts: [] })],
  ["publish", () => ({ kind: "publish", to: [mallory] })],
  ["resend", () => ({ kind: "resend" })],
  ["resend to one", () => ({ kind: "resend", to: clara })],
  ["resend to who got nothing", () => ({ kind: "resend", to: mallory })],
  ["hand over", () => ({ kind: "hand-over", to: clara, name: "Clara", comment })],
  ["hand over to a stranger", () => ({ kind: "hand-over", to: mallory })],
  ["hand over to oneself", () => ({ kind: "hand-over", to: ann })],
];

/** The latter half of a series, an hour later. */
function moved(object: SchedulingState["object"], date: string) {
  const { object: own } = event;
  return written(object ?? own, [
    ["UID:latter@example.test", ...day(date, "10"), "RRULE:FREQ=WEEKLY;COUNT=3", ...stamp(0)],
  ]);
}

describe("what each action does", () => {
  test.each(copies)("to $name", async (copy) => {
    const { name, state } = copy;
    const outcomes = actions.map(
      ([does, action]) => [does, act(state, action(state), contextAt(copy)), state] as const,
    );
    await expect(listOutcomes(outcomes)).toMatchFileSnapshot(`./outcomes/act-${name}.txt`);
  });
});
