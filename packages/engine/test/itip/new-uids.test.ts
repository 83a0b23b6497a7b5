import {
  type Action,
  act,
  type CalendarObject,
  objectComponents,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { expect, test } from "vitest";
import { applied, day, instance, key, several, stamp } from "./series.ts";
import { ann, clara, contextOf, type EventText, mallory, message, noon } from "./world.ts";

const event = (over: Partial<EventText>): CalendarObject => message({ method: "REQUEST", ...over }).object;
const former = (uid: string, ...lines: readonly string[]): CalendarObject =>
  event({ uid, lines: ["RRULE:FREQ=WEEKLY;COUNT=5", ...lines] });
const latter = (...lines: readonly string[]): CalendarObject =>
  event({
    uid: "latter",
    start: "20270324T090000Z",
    end: "20270324T100000Z",
    summary: "Other",
    lines: ["RRULE:FREQ=WEEKLY;COUNT=3", ...lines],
  });

/** Does something to Ann's object; tells the UIDs of what begins by it, and what it says it is related to. */
function begunBy(object: CalendarObject, action: Action): readonly string[] {
  const { state } = applied(schedule(unknownState, object, contextOf(ann, noon - 60)));
  const { further = [] } = applied(act(settleState(state), action, contextOf(ann)));
  return further.flatMap(({ object: begun }) => {
    if (!begun) return [];
    const lines = objectComponents(begun).flatMap(({ component }) => component.properties);
    const told = lines.filter(({ name }) => name === "UID" || name === "RELATED-TO");
    return [begun.uid, ...told.map(({ name, value }) => `${name}:${value}`)];
  });
}

const at = key("24");

test.each([
  ["one", "one"],
  ["one_R20270310T090000Z", "one"],
  ["one_R20270310T090000", "one"],
  ["one_R20270310", "one"],
  ["one_R20270310T090000Z-20270301T080000Z", "one"],
  ["one_R20270310-20270301T080000Z", "one"],
  ["one_R20270310T090000Z-20270301T080000", "one_R20270310T090000Z-20270301T080000"],
  ["one-20270301T080000Z", "one-20270301T080000Z"],
  ["one_R20270310T090000Z.", "one_R20270310T090000Z."],
  ["one_R2027", "one_R2027"],
  ["one_Rabcdefgh", "one_Rabcdefgh"],
  ["one_R20270310Tabcdef", "one_R20270310Tabcdef"],
])("the latter half of %s is named after %s", (uid, stem) => {
  const half = `${stem}_R${at}-20270302T120000Z`;
  expect(begunBy(former(uid), { kind: "split", key: at, after: latter() })).toEqual([
    half,
    `UID:${half}`,
    `RELATED-TO:${uid}`,
  ]);
});

test("a series that is split again where it was split is split into another", () => {
  const series = applied(schedule(unknownState, former("one"), contextOf(ann, noon - 60)));
  const uids = [settleState(series.state)].flatMap((state) => {
    const halves = applied(act(state, { kind: "split", key: at, after: latter() }, contextOf(ann)));
    const whole = applied(schedule(settleState(halves.state), former("one"), contextOf(ann)));
    const again = applied(act(settleState(whole.state), { kind: "split", key: at, after: latter() }, contextOf(ann)));
    return [halves, again].flatMap(({ further = [] }) => further.map(({ object }) => object?.uid));
  });
  expect(new Set(uids).size).toBe(2);
});

test.each([
  ["it says so already", ["RELATED-TO;RELTYPE=SIBLING:one"], ["one"]],
  ["it says so of another", ["RELATED-TO:two"], ["two", "one"]],
  ["another line says as much", ["LOCATION:one"], ["one"]],
])("the latter half is related to the former once: %s", (_name, lines, related) => {
  const begun = begunBy(former("one"), { kind: "split", key: at, after: latter(...lines) });
  expect(begun.slice(1).filter((line) => line.startsWith("RELATED-TO"))).toEqual(
    related.map((uid) => `RELATED-TO:${uid}`),
  );
});

test("what is handed over to another house begins under a UID of its own, with the SEQUENCE it ended by", () => {
  const ended = (uid: string) => [uid, `UID:${uid}`, "RELATED-TO:one"];
  expect(begunBy(event({ uid: "one" }), { kind: "hand-over", to: mallory })).toEqual(ended("one_O1"));
  expect(begunBy(event({ uid: "one", sequence: 4 }), { kind: "hand-over", to: mallory })).toEqual(ended("one_O5"));
});

test("so are Instances without their series", () => {
  const alone = several("REQUEST", [[...day("17"), instance("17"), ...stamp(0, 2)]]).object;
  const [uid, ...lines] = begunBy(alone, { kind: "hand-over", to: clara });
  expect([uid, ...lines]).toEqual(["series@example.test_O0", `UID:${uid}`, "RELATED-TO:series@example.test"]);
});
