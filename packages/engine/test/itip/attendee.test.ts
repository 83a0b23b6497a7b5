import {
  type Action,
  act,
  allRegisters,
  currentAnswer,
  leadingComponent,
  participationKey,
  renderComponent,
  type SchedulingState,
  schedule,
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
  textOf,
  thisAndFuture,
  weekly,
  written,
} from "./series.ts";
import { address, ann, ben, clara, contextOf, message, noon } from "./world.ts";

const secretary = address("sam@partner.test");
const series = several("REQUEST", [[...weekly, ...stamp(0, 2)]]);
const berlin = several("REQUEST", [
  [
    "DTSTART;TZID=Europe/Berlin:20270310T100000",
    "DTEND;TZID=Europe/Berlin:20270310T110000",
    "RRULE:FREQ=WEEKLY;COUNT=5",
    ...stamp(0, 2),
  ],
]);
const wholeDays = several("REQUEST", [["DTSTART;VALUE=DATE:20270310", "RRULE:FREQ=WEEKLY;COUNT=5", ...stamp(0, 2)]]);

function answered(state: SchedulingState, action: Partial<Action>, context = contextOf(clara)) {
  return applied(act(state, { kind: "answer", partstat: "ACCEPTED", ...action } as Action, context));
}

function replyOf(state: SchedulingState, action: Partial<Action>, context = contextOf(clara)): string {
  const { messages } = answered(state, action, context);
  expect(messages).toHaveLength(1);
  expect(messages.flatMap((one) => checkRestrictions(one))).toEqual([]);
  return textOf(messages[0]);
}

describe("answers", () => {
  test.each([
    ["in UTC", series, key("24"), ["DTSTART:20270324T090000Z", "DTEND:20270324T100000Z"]],
    // Summer time began on 28 March: the same clock, another instant. Without VTIMEZONE a zone is said in UTC.
    ["after the clocks changed", berlin, "20270331T080000Z", ["DTSTART:20270331T080000Z", "DTEND:20270331T090000Z"]],
    ["of whole days", wholeDays, "20270324", ["DTSTART;VALUE=DATE:20270324"]],
  ])("ITIP-3.2.3-11 one Instance without a component of its own, %s", (_name, request, of, times) => {
    const state = receiveAll([request]);
    const text = replyOf(state, { key: of });
    expect(text).toMatch(new RegExp(`^RECURRENCE-ID(;VALUE=DATE)?:${of}\r$`, "m"));
    for (const time of times) expect(text).toContain(`${time}\r\n`);
    expect(text).not.toContain("RRULE");
    const after = answered(state, { key: of }).state;
    expect([...allRegisters(after.participations).keys()]).toEqual([participationKey(clara, of)]);
    expect(after.object).toBe(state.object);
  });

  test("one Instance of a series in a zone that can be sent on, in the form of its master", () => {
    const rule = ["DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100"];
    const timezones = ["BEGIN:VTIMEZONE", "TZID:Here", "BEGIN:STANDARD", ...rule, "END:STANDARD", "END:VTIMEZONE"];
    const lines = ["DTSTART;TZID=Here:20270310T100000", "DTEND;TZID=Here:20270310T110000", "RRULE:FREQ=WEEKLY"];
    const state = receiveAll([several("REQUEST", [[...lines, ...stamp(0, 2)]], { timezones })]);
    const text = replyOf(state, { key: key("24") });
    expect(text).toContain("RECURRENCE-ID;TZID=Here:20270324T100000\r\n");
    expect(text).toContain("DTSTART;TZID=Here:20270324T100000\r\n");
    expect(text).toContain("DTEND;TZID=Here:20270324T110000\r\n");
  });

  test.each([
    ["not in the rule", "20270325T090000Z", "unknown-uid"],
    ["after the last", "20270414T090000Z", "unknown-uid"],
    ["no time at all", "soon", "unknown-uid"],
  ])("an Instance that is %s is not answered", (_name, of, reason) => {
    const action = { kind: "answer", partstat: "DECLINED", key: of } as const;
    expect(act(receiveAll([series]), action, contextOf(clara))).toMatchObject({ kind: "ignored", reason });
  });

  test("an Instance of a range is answered at the time the range has", () => {
    const later = several("REQUEST", [[instance("24", thisAndFuture), ...day("24", "14"), ...stamp(10, 3)]]);
    const text = replyOf(receiveAll([series, later]), { key: key("31") });
    expect(text).toContain("RECURRENCE-ID:20270331T090000Z\r\n");
    expect(text).toContain("DTSTART:20270331T140000Z\r\nDTEND:20270331T150000Z\r\n");
    expect(text).toContain("SEQUENCE:3\r\n");
    const cancel = several("CANCEL", [[instance("24", thisAndFuture), "STATUS:CANCELLED", ...stamp(20, 4)]]);
    const action = { kind: "answer", partstat: "ACCEPTED", key: key("31") } as const;
    const ended = receiveAll([series, later, cancel]);
    expect(act(ended, action, contextOf(clara))).toMatchObject({ kind: "ignored", reason: "cancelled" });
  });

  test("for this and all later Instances: RANGE in the REPLY, and it counts for those", () => {
    const own = several("REQUEST", [[instance("31"), ...day("31", "16"), ...stamp(5, 2)]]);
    const state = receiveAll([series, own]);
    const action = { partstat: "DECLINED", key: key("24"), range: "this-and-future" } as const;
    expect(replyOf(state, action)).toContain("RECURRENCE-ID;RANGE=THISANDFUTURE:20270324T090000Z\r\n");
    const { state: after } = answered(state, action);
    const at = (of: string) => act(after, { kind: "answer", partstat: "ACCEPTED", key: of }, contextOf(clara));
    expect(applied(at(key("17"))).changes).toMatchObject([{ old: "NEEDS-ACTION", new: "ACCEPTED" }]);
    expect(applied(at("20270407T090000Z")).changes).toMatchObject([{ old: "DECLINED", new: "ACCEPTED" }]);
    // And of one Instance alone where the component speaks for a range.
    const ranged = several("REQUEST", [[instance("24", thisAndFuture), ...day("24", "14"), ...stamp(10, 3)]]);
    expect(replyOf(receiveAll([series, ranged]), { key: key("24") })).toContain("RECURRENCE-ID:20270324T090000Z\r\n");
  });

  test("ITIP-3.2.3-09 it names the SEQUENCE it answers, and two answers of one second are still ordered", () => {
    const state = receiveAll([series]);
    expect(replyOf(state, {})).toContain("SEQUENCE:2\r\n");
    const first = answered(state, {}).state;
    const second = answered(first, { partstat: "DECLINED" });
    const [before, after] = [first, second.state].map((each) => allRegisters(each.participations).get(`${clara} `));
    expect(after?.reply.dtstamp).toBe((before?.reply.dtstamp ?? 0) + 1);
  });

  test("ITIP-2.1.3-01 ITIP-3.2.3-05 somebody who acts for the owner stands in SENT-BY", () => {
    const context = { ...contextOf(clara), actor: secretary };
    const text = replyOf(receiveAll([series]), {}, context);
    expect(text).toContain(`SENT-BY="mailto:${secretary}"`);
    expect(text).toContain(`:mailto:${clara}\r\n`);
    const { participations } = answered(receiveAll([series]), {}, context).state;
    expect(allRegisters(participations).get(`${clara} `)).toMatchObject({ sentBy: secretary });
  });

  test("ITIP-3.2.2.6-02 the owner got it forwarded: the REPLY holds exactly their own ATTENDEE", () => {
    const forwarded = message({ method: "REQUEST", attendees: [`;RSVP=TRUE:mailto:${ben}`] });
    const text = replyOf(receiveAll([forwarded]), {});
    expect(text.match(/ATTENDEE/g)).toHaveLength(1);
    expect(text).toContain(`ATTENDEE;PARTSTAT=ACCEPTED:mailto:${clara}\r\n`);
  });

  test("a REQUEST that lists nobody, as one to a mailing list, is for the owner, who can answer", () => {
    const state = receiveAll([message({ method: "REQUEST", attendees: [] })]);
    expect(replyOf(state, {})).toContain(`ATTENDEE;PARTSTAT=ACCEPTED:mailto:${clara}\r\n`);
  });

  test("ITIP-2.1.3-02 it goes to the ORGANIZER, whoever is CHAIR or sent it for them", () => {
    const chaired = message({
      method: "REQUEST",
      organizer: null,
      attendees: [`;ROLE=CHAIR:mailto:${ben}`, `:mailto:${clara}`],
      lines: [`ORGANIZER;SENT-BY="mailto:${secretary}":mailto:${ann}`],
    });
    expect(answered(receiveAll([chaired]), {}).messages.map(({ recipients }) => recipients)).toEqual([[ann]]);
  });

  test.each(["COMPLETED", "IN-PROCESS"] as const)("ITIP-3.2-02 nobody says %s of an event", (partstat) => {
    const outcome = act(receiveAll([series]), { kind: "answer", partstat }, contextOf(clara));
    expect(outcome).toMatchObject({ kind: "rejected", status: { code: [3, 1] } });
  });
});

describe("to-dos", () => {
  const times = ["DTSTART:20270310T090000Z", "DUE:20270310T170000Z", "PRIORITY:0"];
  const todo = several("REQUEST", [[...times, ...stamp(0, 1)]], { type: "VTODO" });
  const daily = several("REQUEST", [[...times, "RRULE:FREQ=DAILY;COUNT=9", ...stamp(0, 1)]], { type: "VTODO" });

  test.each([
    [{ partstat: "IN-PROCESS", percentComplete: 75 }, ["PARTSTAT=IN-PROCESS", "PERCENT-COMPLETE:75\r\n"]],
    [{ partstat: "COMPLETED" }, ["PARTSTAT=COMPLETED", "PERCENT-COMPLETE:100\r\n", "COMPLETED:20270302T120000Z\r\n"]],
    [{ partstat: "COMPLETED", completed: noon - 3_600 }, ["COMPLETED:20270302T110000Z\r\n"]],
    [{ partstat: "ACCEPTED" }, ["PARTSTAT=ACCEPTED"]],
  ] as const)("ITIP-3.4.3-03 %j", (action, wanted) => {
    const text = replyOf(receiveAll([todo]), action);
    for (const line of wanted) expect(text).toContain(line);
    expect(text.includes("PERCENT-COMPLETE")).toBe(action.partstat !== "ACCEPTED");
  });

  test("one day of a recurring to-do is done", () => {
    const text = replyOf(receiveAll([daily]), { partstat: "COMPLETED", key: "20270312T090000Z" });
    expect(text).toContain("RECURRENCE-ID:20270312T090000Z\r\n");
    expect(text).toContain("DUE:20270312T170000Z\r\n");
    expect(text).toContain("COMPLETED:20270302T120000Z\r\n");
  });

  test("a program that writes STATUS or PERCENT-COMPLETE and leaves PARTSTAT alone has answered", () => {
    const state = receiveAll([todo]);
    const put = (lines: readonly string[]) =>
      applied(schedule(state, written(todo.object, [[...times, ...lines, ...stamp(0, 1)]]), contextOf(clara)));
    expect(textOf(put(["PERCENT-COMPLETE:40"]).messages[0])).toMatch(/PARTSTAT=IN-PROCESS[^]*PERCENT-COMPLETE:40/);
    const done = put(["STATUS:COMPLETED", "COMPLETED:20270301T080000Z", "PERCENT-COMPLETE:100"]);
    expect(textOf(done.messages[0])).toContain("COMPLETED:20270301T080000Z\r\n");
    expect(put([]).messages).toEqual([]);
  });
});

describe("the owner's own version of a copy", () => {
  const state = receiveAll([series]);
  const master = [...weekly, ...stamp(0, 2)];
  const put = (components: readonly (readonly string[])[], from = state) =>
    applied(schedule(from, written(series.object, components), contextOf(clara)));
  const mine = (partstat: string) => `ATTENDEE;PARTSTAT=${partstat}:mailto:${clara}`;
  test("answers for single Instances leave as REPLYs that name them", () => {
    const text = [
      [...master],
      [instance("17"), ...day("17"), ...stamp(0, 2)],
      [instance("24"), ...day("24"), ...stamp(0, 2)],
    ];
    const object = several(
      "REQUEST",
      text.map((lines, index) => [mine(index === 1 ? "DECLINED" : "ACCEPTED"), ...lines]),
      {
        guests: [],
      },
    ).object;
    const outcome = applied(schedule(state, object, contextOf(clara)));
    expect(outcome.messages.map((one) => leadingComponent(one.object).key)).toEqual(["", key("17")]);
    expect(textOf(outcome.messages[0])).toContain("PARTSTAT=ACCEPTED");
    expect(textOf(outcome.messages[1])).toContain("PARTSTAT=DECLINED");
    const again = applied(schedule(outcome.state, object, contextOf(clara)));
    expect(again.messages).toEqual([]);
  });

  test("an EXDATE declines that Instance; the Organizer's document has it still", () => {
    for (const line of [
      "EXDATE:20270317T090000Z",
      "EXDATE;TZID=Europe/Berlin:20270317T100000",
      "EXDATE;VALUE=DATE:20270317",
    ]) {
      const outcome = put([[...master, line]]);
      expect(outcome.messages).toHaveLength(1);
      const text = textOf(outcome.messages[0]);
      expect(text).toContain("RECURRENCE-ID:20270317T090000Z\r\n");
      expect(text).toContain("PARTSTAT=DECLINED");
      expect(outcome.state.object).toBe(state.object);
      expect(put([[...master, line]], outcome.state).messages).toEqual([]);
    }
    expect(put([[...master, "EXDATE:20270318T090000Z"]]).messages).toEqual([]);
  });

  test("what is the Organizer's is restored, what is the owner's survives every update", () => {
    const alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:Up", "END:VALARM"];
    const own = ["TRANSP:TRANSPARENT", "CATEGORIES:Mine", "COLOR:red"];
    const outcome = put([[...master, "SUMMARY:Hijacked", "LOCATION:Elsewhere", ...own, ...alarm]]);
    expect(outcome.messages).toEqual([]);
    const moved = several("REQUEST", [[instance("17"), ...day("17", "11"), ...stamp(5, 3)]]);
    const instanceMoved = applied(atClara(outcome.state, moved)).state;
    const late = instanceMoved.object?.overrides.get(key("17"));
    expect(late && renderComponent(instanceMoved, late).components.map(({ name }) => name)).toEqual(["VALARM"]);
    const update = several("REQUEST", [
      [...weekly, "SUMMARY:New title", "CATEGORIES:Theirs", ...stamp(10, 3), ...alarm],
    ]);
    const after = applied(atClara(outcome.state, update)).state;
    const shown = after.object && renderComponent(after, leadingComponent(after.object));
    const said = (name: string) => shown?.properties.filter((one) => one.name === name).map(({ value }) => value);
    expect(said("SUMMARY")).toEqual(["New title"]);
    expect(said("LOCATION")).toEqual([]);
    expect([said("TRANSP"), said("CATEGORIES"), said("COLOR")]).toEqual([["TRANSPARENT"], ["Mine"], ["red"]]);
    expect(shown?.components.map(({ name }) => name)).toEqual(["VALARM"]);
  });

  test("ITIP-3.2.3-10 alarms never leave", () => {
    const alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:Up", "END:VALARM"];
    const outcome = put([[...master, ...alarm]]);
    expect(replyOf(outcome.state, {})).not.toContain("VALARM");
  });

  test("removing a copy with Instances alone declines each that takes place and is not declined", () => {
    const two = several("REQUEST", [
      [instance("17"), ...day("17"), ...stamp(0)],
      [instance("24"), ...day("24"), ...stamp(0)],
    ]);
    const declined = answered(receiveAll([two]), { partstat: "DECLINED", key: key("17") }).state;
    const removed = applied(schedule(declined, undefined, contextOf(clara)));
    expect(removed.messages.map((one) => leadingComponent(one.object).key)).toEqual([key("24")]);
  });
});

describe("what an update does to the owner's answer", () => {
  const accepted = answered(receiveAll([series]), {}).state;
  const partstatOf = (state: SchedulingState, of = "") => {
    const object = state.object ?? series.object;
    const component = of === "" ? object.master : object.overrides.get(of);
    return component && currentAnswer(state, component, clara).partstat;
  };

  test("an Instance that comes with the time it had keeps the answer to the series; with another it asks anew", () => {
    const renamed = [instance("17"), ...day("17"), "SUMMARY:Other", `DTSTAMP:20270302T130000Z`, "SEQUENCE:2"];
    expect(partstatOf(applied(atClara(accepted, several("REQUEST", [renamed]))).state, key("17"))).toBe("ACCEPTED");
    const moved = [instance("17"), ...day("17", "11"), `DTSTAMP:20270302T130000Z`, "SEQUENCE:3"];
    const outcome = applied(atClara(accepted, several("REQUEST", [moved])));
    expect(partstatOf(outcome.state, key("17"))).toBe("NEEDS-ACTION");
    expect(partstatOf(outcome.state)).toBe("ACCEPTED");
    expect(outcome.changes).toMatchObject([
      { kind: "property", key: key("17"), name: "DTSTART", old: "20270317T090000Z", new: "20270317T110000Z" },
      { kind: "property", key: key("17"), name: "DTEND" },
    ]);
  });
});

test("nothing is answered of a UID never seen", () => {
  const action = { kind: "answer", partstat: "ACCEPTED" } as const;
  expect(act(unknownState, action, contextOf(clara))).toMatchObject({ kind: "ignored", reason: "unknown-uid" });
});
