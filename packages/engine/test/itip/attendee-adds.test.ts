import {
  act,
  type Evidence,
  isCancelled,
  objectComponents,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  settleState,
  unknownState,
} from "@parley/engine";
import { describe, expect, test } from "vitest";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import {
  applied,
  atClara,
  day,
  instance,
  key,
  receiveAll,
  several,
  stamp,
  takesPlace,
  textOf,
  weekly,
} from "./series.ts";
import { ann, ben, clara, contextOf, evidenceOf, mallory, message, noon } from "./world.ts";

const series = several("REQUEST", [[...weekly, ...stamp(0)]]);
const add = several("ADD", [[...day("12", "15"), "SUMMARY:Extra", ...stamp(10, 1)]]);
const extra = "03-12T15:00 at 03-12T15:00 Extra";
const aDay = 86_400;

describe("ADD", () => {
  test("ITIP-3.2.4-04 the series has one Instance more, named by its start as by an RDATE", () => {
    const outcome = applied(atClara(receiveAll([series]), add));
    expect(takesPlace(outcome.state)).toEqual([...takesPlace(receiveAll([series])), extra].sort());
    expect(outcome.state.object?.master).toBe(series.object.master);
    expect(outcome.changes).toEqual([{ kind: "created", key: "20270312T150000Z" }]);
    expect(outcome.messages).toEqual([]);
  });

  test("one or more Instances come in one ADD", () => {
    const two = several("ADD", [
      [...day("12", "15"), ...stamp(10, 1)],
      [...day("13", "15"), ...stamp(10, 1)],
    ]);
    expect(takesPlace(receiveAll([series, two]))).toHaveLength(7);
  });

  test("twice is once, and it does not matter what came first", () => {
    const update = several("REQUEST", [[...weekly, "LOCATION:Room", ...stamp(5)]]);
    const state = receiveAll([series, update, add]);
    expect(atClara(state, add)).toMatchObject({ kind: "ignored", reason: "duplicate" });
    for (const messages of [
      [add, series, update],
      [series, add, update],
      [add, update],
    ]) {
      expect(takesPlace(receiveAll(messages))).toEqual(takesPlace(state));
    }
  });

  test("a later whole REQUEST without it takes it back; with it as an RDATE it is as the series says", () => {
    const without = several("REQUEST", [[...weekly, ...stamp(20, 2)]]);
    expect(takesPlace(receiveAll([series, add, without]))).not.toContain(extra);
    expect(takesPlace(receiveAll([series, without, add]))).not.toContain(extra);
    const withIt = several("REQUEST", [[...weekly, "RDATE:20270312T150000Z", ...stamp(20, 2)]]);
    const asSeries = "03-12T15:00 at 03-12T15:00 Series";
    for (const messages of [
      [series, add, withIt],
      [series, withIt, add],
    ]) {
      expect(takesPlace(receiveAll(messages))).toContain(asSeries);
    }
  });

  test("it is named in the form of the series", () => {
    const lines = ["DTSTART;TZID=Europe/Berlin:20270310T100000", "RRULE:FREQ=WEEKLY;COUNT=5", ...stamp(0)];
    const state = receiveAll([several("REQUEST", [lines]), add]);
    const added = state.object?.overrides.get("20270312T150000Z")?.component.properties;
    expect(added?.find(({ name }) => name === "RECURRENCE-ID")?.value).toBe("20270312T160000");
  });

  test("ITIP-3.2.4-02 ITIP-3.4.4-01 the UID is unknown: it is held, nothing is stored, and a REFRESH goes to the Organizer", () => {
    for (const type of ["VEVENT", "VTODO"] as const) {
      const lines =
        type === "VTODO"
          ? ["DTSTART:20270312T150000Z", "PRIORITY:0", ...stamp(10, 1)]
          : [...day("12"), ...stamp(10, 1)];
      const outcome = atClara(unknownState, several("ADD", [lines], { type }));
      if (outcome.kind !== "held") throw new Error(outcome.kind);
      expect(outcome.state?.object).toBeUndefined();
      expect(outcome.messages).toMatchObject([{ method: "REFRESH", originator: clara, recipients: [ann] }]);
      expectRefresh(outcome.messages[0], type);
    }
  });

  test("nobody is asked for a message whose sender is not proven", () => {
    for (const over of [{ strength: "weak" }, { relation: "stranger" }] as const satisfies Partial<Evidence>[]) {
      const outcome = receive(unknownState, add, evidenceOf(ann, over), contextOf(clara));
      expect(outcome).toEqual({ kind: "held", rule: "RFC 5546 §3.2.4", awaiting: "series", messages: [] });
    }
  });

  test("the Organizer is asked four times a day, and again the next day", () => {
    let state: SchedulingState = unknownState;
    const asked = (now: number): number => {
      const outcome = atClara(state, add, contextOf(clara, now));
      if (outcome.kind !== "held") throw new Error(outcome.kind);
      if (outcome.state) state = settleState(outcome.state);
      return outcome.messages.length;
    };
    const times = [0, 1, 2, aDay - 1, aDay - 1, aDay, aDay + 1];
    expect(times.map((after) => asked(noon + after))).toEqual([1, 1, 1, 1, 0, 1, 1]);
  });

  test.each(["RRULE:FREQ=DAILY;COUNT=3", "RDATE:20270313T150000Z", "EXDATE:20270313T150000Z"])(
    "ITIP-3.2.4-05 one with %s is refused",
    (line) => {
      const repeated = several("ADD", [[...day("12", "15"), line, ...stamp(10, 1)]]);
      const outcome = atClara(receiveAll([series]), repeated);
      expect(outcome).toMatchObject({ kind: "rejected", rule: "RFC 5546 §3.2.4", status: { code: [3, 13] } });
    },
  );

  test("the Organizer's own copy, and another Organizer's object, are left alone", () => {
    const own = { ...contextOf(ann), addresses: new Set([ann]) };
    expect(receive(unknownState, add, evidenceOf(ann), own)).toMatchObject({ kind: "ignored", reason: "not-for-us" });
    const other = message({ method: "ADD", uid: "series@example.test", organizer: mallory, sequence: 1 });
    const outcome = receive(receiveAll([series]), other, evidenceOf(mallory), contextOf(clara));
    expect(outcome).toMatchObject({ kind: "ignored", reason: "not-for-us" });
  });
});

describe("versions that are missing", () => {
  const jump = several("REQUEST", [[instance("17"), ...day("17", "11"), ...stamp(10, 4)]]);
  test.each([
    ["an update of an Instance of a series never seen", unknownState, jump, 1],
    ["an invitation to one", unknownState, several("REQUEST", [[instance("17"), ...day("17"), ...stamp(0)]]), 0],
    ["SEQUENCE jumped", receiveAll([series]), jump, 1],
    [
      "the next SEQUENCE",
      receiveAll([series]),
      several("REQUEST", [[instance("17"), ...day("17"), ...stamp(9, 1)]]),
      0,
    ],
    ["the whole series again", receiveAll([series]), several("REQUEST", [[...weekly, ...stamp(10, 4)]]), 0],
    ["an ADD after others", receiveAll([series]), several("ADD", [[...day("12"), ...stamp(10, 4)]]), 1],
    ["the next ADD", receiveAll([series]), add, 0],
  ])("%s: taken, and the Organizer asked %#", (_name, state, one, asked) => {
    const outcome = applied(atClara(state, one));
    expect(outcome.messages.map(({ method }) => method)).toEqual(asked === 1 ? ["REFRESH"] : []);
    expect(takesPlace(outcome.state).length).toBeGreaterThan(0);
    if (asked === 1) expectRefresh(outcome.messages[0]);
  });

  test("the answer to the REFRESH closes the gap, and nothing more is asked", () => {
    const gap = applied(atClara(unknownState, jump)).state;
    const whole = several("REQUEST", [
      [...weekly, ...stamp(20, 4)],
      [instance("17"), ...day("17", "11"), ...stamp(20, 4)],
    ]);
    const healed = applied(atClara(gap, whole));
    expect(healed.messages).toEqual([]);
    expect(takesPlace(healed.state)).toHaveLength(5);
    const next = several("REQUEST", [[instance("24"), ...day("24", "11"), ...stamp(30, 5)]]);
    expect(applied(atClara(healed.state, next)).messages).toEqual([]);
  });
});

describe("the owner asks for the present version", () => {
  test("ITIP-3.2.6-01 ITIP-2.1.4-06 REFRESH holds who asks, the Organizer and the UID, and no SEQUENCE", () => {
    const outcome = applied(act(receiveAll([series]), { kind: "refresh", comment: "Lost it" }, contextOf(clara)));
    expectRefresh(outcome.messages[0]);
    expect(textOf(outcome.messages[0])).toContain("COMMENT:Lost it\r\n");
    expect(textOf(outcome.messages[0])).not.toContain("SEQUENCE");
  });

  test("ITIP-3.4.6-01 one Instance is asked for by its RECURRENCE-ID", () => {
    const outcome = applied(act(receiveAll([series]), { kind: "refresh", key: key("17") }, contextOf(clara)));
    expect(textOf(outcome.messages[0])).toContain("RECURRENCE-ID:20270317T090000Z\r\n");
  });

  test("the Organizer asks nobody", () => {
    const context = contextOf(ann);
    const outcome = act({ ...unknownState, object: series.object }, { kind: "refresh" }, context);
    expect(outcome).toMatchObject({ kind: "ignored", reason: "not-for-us" });
  });
});

describe("PUBLISH", () => {
  const publish = (minute: number, lines: readonly string[] = [], guests: readonly (typeof clara)[] = []) =>
    several("PUBLISH", [[...weekly, ...lines, ...stamp(minute)]], { guests });
  const yes = evidenceOf(ann, { confirmedByOwner: true });
  const take = (state: SchedulingState, one: SchedulingMessage) => receive(state, one, yes, contextOf(clara));

  test("ITIP-3.2.1-03 it is always asked about, and nobody is answered", () => {
    expect(receive(unknownState, publish(0), evidenceOf(ann), contextOf(clara)).kind).toBe("undecided");
    const outcome = applied(take(unknownState, publish(0)));
    expect(outcome.messages).toEqual([]);
    expect(takesPlace(outcome.state)).toHaveLength(5);
    const action = { kind: "answer", partstat: "ACCEPTED" } as const;
    expect(act(outcome.state, action, contextOf(clara))).toMatchObject({ kind: "ignored", reason: "not-for-us" });
    expect(act(outcome.state, { kind: "refresh" }, contextOf(clara)).kind).toBe("ignored");
  });

  test("ITIP-3.2.1-02 whoever it lists, nobody takes part", () => {
    const { state } = applied(take(unknownState, publish(0, [], [ben, clara])));
    expect(state.object?.master?.attendees.size).toBe(0);
    expect(state.object?.master?.component.properties.some(({ name }) => name === "ATTENDEE")).toBe(false);
  });

  test("ITIP-3.2.1-04 newer ones replace it, older ones do not; CANCEL ends it", () => {
    const first = applied(take(unknownState, publish(10))).state;
    const newer = applied(take(first, publish(20, ["LOCATION:Hall"])));
    expect(newer.changes).toMatchObject([{ kind: "property", name: "LOCATION", new: "Hall" }]);
    expect(take(newer.state, publish(5))).toMatchObject({ kind: "ignored", reason: "superseded" });
    expect(take(newer.state, publish(20, ["LOCATION:Hall"]))).toMatchObject({ kind: "ignored", reason: "duplicate" });
    const cancel = several("CANCEL", [[...weekly, "STATUS:CANCELLED", ...stamp(30, 1)]], { guests: [] });
    const ended = applied(atClara(newer.state, cancel)).state;
    expect(takesPlace(ended)).toEqual([]);
    const added = several("ADD", [[...day("12", "15"), "SUMMARY:Extra", ...stamp(25, 1)]], { guests: [] });
    expect(takesPlace(applied(atClara(newer.state, added)).state)).toContain(extra);
  });

  test("it never turns an invitation into something else, and an invitation always counts", () => {
    const invited = receiveAll([series]);
    expect(take(invited, publish(50))).toMatchObject({ kind: "ignored", reason: "not-for-us" });
    const published = applied(take(unknownState, publish(50))).state;
    const after = applied(atClara(published, series)).state;
    expect(after.object).toEqual(invited.object);
  });

  test("not over what the owner organizes, nor over another's", () => {
    const own = receive({ ...unknownState, object: series.object }, publish(50), yes, contextOf(ann));
    expect(own).toMatchObject({ kind: "ignored", reason: "not-for-us" });
    const other = message({ method: "PUBLISH", uid: "series@example.test", organizer: mallory, attendees: [] });
    const outcome = take(applied(take(unknownState, publish(0))).state, other);
    expect(outcome).toMatchObject({ kind: "ignored", reason: "not-for-us" });
  });

  test("ITIP-3.2.1-01 ITIP-3.4.1-01 without ORGANIZER it earns 3.11", () => {
    const bare = message({ method: "PUBLISH", organizer: null, attendees: [] });
    expect(take(unknownState, bare)).toMatchObject({
      kind: "rejected",
      status: { code: [3, 11], exception: "ORGANIZER" },
    });
  });
});

describe("VJOURNAL", () => {
  const times = ["DTSTART:20270310T090000Z", "DESCRIPTION:Notes"];
  const options = { type: "VJOURNAL", guests: [] } as const;
  const publish = several("PUBLISH", [[...times, "RRULE:FREQ=WEEKLY;COUNT=3", ...stamp(0)]], options);
  const add = several("ADD", [["DTSTART:20270312T090000Z", "DESCRIPTION:More", ...stamp(10, 1)]], options);

  test("ITIP-3.5.1-03 published, added to, cancelled", () => {
    const state = receiveAll([publish, add]);
    expect(takesPlace(state)).toHaveLength(4);
    const cancel = several("CANCEL", [["RECURRENCE-ID:20270317T090000Z", ...stamp(20, 2)]], options);
    expect(takesPlace(applied(atClara(state, cancel)).state)).toHaveLength(3);
    const whole = several("CANCEL", [[...times, ...stamp(30, 3)]], options);
    expect(takesPlace(applied(atClara(state, whole)).state)).toEqual([]);
  });

  test("ITIP-3.5.2-01 ITIP-3.5.2-02 added to a UID never seen: it is stored, and nobody is asked or answered", () => {
    const outcome = applied(atClara(unknownState, add));
    expect(outcome.messages).toEqual([]);
    expect(takesPlace(outcome.state)).toHaveLength(1);
    expect(takesPlace(receiveAll([add, publish]))).toEqual(takesPlace(receiveAll([publish, add])));
  });
});

describe("CANCEL by who sends it", () => {
  const secretary = "sam@example.test" as typeof ann;
  const invitation = message({
    method: "REQUEST",
    sequence: 1,
    organizer: null,
    lines: [`ORGANIZER;SENT-BY="mailto:${secretary}":mailto:${ann}`],
  });
  const known = receiveAll([invitation]);
  const cancelOf = (sequence: number, dtstamp: string) =>
    message({ method: "CANCEL", sequence, dtstamp, lines: ["STATUS:CANCELLED"] });
  const later = cancelOf(2, "20270301T100000Z");
  // Message x sender -> what the engine makes of it; the sender is proven but where it says otherwise.
  test.each([
    ["ITIP-3.2.5-01 the stored Organizer", later, ann, "domain", "applied"],
    ["the stored SENT-BY", later, secretary, "domain", "applied"],
    ["another guest", later, ben, "domain", "rejected"],
    ["somebody else", later, mallory, "domain", "rejected"],
    ["nobody", later, undefined, "none", "rejected"],
    ["the Organizer, not proven", later, ann, "weak", "undecided"],
    ["the Organizer, failed", later, ann, "none", "rejected"],
    ["the Organizer, same SEQUENCE and later", cancelOf(1, "20270301T100000Z"), ann, "domain", "applied"],
    ["the Organizer, older SEQUENCE", cancelOf(0, "20270301T100000Z"), ann, "domain", "ignored"],
    ["the Organizer, older DTSTAMP", cancelOf(1, "20270228T090000Z"), ann, "domain", "ignored"],
  ] as const)("%s", (_name, cancel, from, strength, kind) => {
    const outcome = receive(known, cancel, evidenceOf(from, { strength }), contextOf(clara));
    expect(outcome.kind).toBe(kind);
    if (outcome.kind !== "applied") return;
    const components = outcome.state.object ? objectComponents(outcome.state.object) : [];
    expect(components.every((component) => isCancelled(outcome.state, component))).toBe(true);
  });

  test("ITIP-5.2.1-01 it comes before what it cancels: held, and the event is cancelled when it comes", () => {
    expect(receive(unknownState, later, evidenceOf(ann), contextOf(clara))).toMatchObject({
      kind: "held",
      messages: [],
    });
    expect(takesPlace(receiveAll([later, invitation]))).toEqual([]);
  });
});

function expectRefresh(one: SchedulingMessage | undefined, type = "VEVENT"): void {
  expect(one && checkRestrictions(one)).toEqual([]);
  const text = textOf(one);
  expect(text.match(/ATTENDEE/g)).toHaveLength(1);
  expect(text).toContain(`BEGIN:${type}\r\n`);
  for (const line of [`ATTENDEE:mailto:${clara}`, `ORGANIZER:mailto:${ann}`, "UID:series@example.test"]) {
    expect(text).toContain(`${line}\r\n`);
  }
}
