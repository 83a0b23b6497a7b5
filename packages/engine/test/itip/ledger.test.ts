import { isCancelled, leadingComponent, type Outcome, receive, schedule, unknownState } from "@parley/engine";
import { formatCalendar } from "@parley/engine/icalendar";
import { describe, expect, test } from "vitest";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import {
  answer,
  answerOf,
  applied,
  arrive,
  asTodo,
  copy,
  dora,
  guests,
  inShort,
  invitation,
  kept,
  later,
  linesOf,
  organize,
  reply,
} from "./ledger-world.ts";
import { ann, ben, clara, contextOf, type EventText, evidenceOf, message, readText } from "./world.ts";

function changesOf(outcome: Outcome): readonly string[] {
  return applied(outcome).changes.map((change) => (change.kind === "property" ? change.name : change.kind));
}

describe("who may say what", () => {
  test("ITIP-2.1-01 an Attendee who writes another time tells nobody of it but by REPLY or COUNTER", () => {
    const mine = message({ ...invitation, start: "20270311T090000Z", end: "20270311T100000Z", summary: "Mine" });
    const outcome = applied(schedule(copy, mine.object, contextOf(clara)));
    expect(outcome.messages.filter(({ method }) => method !== "REPLY" && method !== "COUNTER")).toEqual([]);
    expect(outcome.state.object).toBe(copy.object);
  });

  test("ITIP-2.1.1-01 STATUS is the Organizer's: no REPLY changes it, and none is made up", () => {
    const said = applied(reply(kept, { lines: ["STATUS:CANCELLED"] })).state;
    expect(said.object).toBe(kept.object);
    expect(linesOf(organize({}).messages[0], "STATUS")).toEqual([]);
  });

  test("ITIP-2.1.1-02 who is invited anew has PARTSTAT NEEDS-ACTION, or none, which is the same", () => {
    const [sent] = organize({ attendees: guests(clara, ben) }).messages;
    expect(linesOf(sent, "ATTENDEE").filter((line) => /PARTSTAT=(?!NEEDS-ACTION)/.test(line))).toEqual([]);
    expect(linesOf(sent, "ATTENDEE")).toHaveLength(2);
  });

  test("ITIP-2.1.1-03, ITIP-3.2.2-05 an answer is one REPLY with the Attendee's own ATTENDEE and nobody else's", () => {
    const { messages } = answer(copy);
    expect(messages.map(inShort)).toEqual([`REPLY 0 to ${ann}`]);
    expect(linesOf(messages[0], "ATTENDEE")).toEqual([`;PARTSTAT=ACCEPTED:mailto:${clara}`]);
  });

  test("ITIP-2.1.3-02, ITIP-3.2.2.5-01 a REPLY goes to the ORGANIZER, not to SENT-BY and not to a CHAIR", () => {
    const organizer = `ORGANIZER;SENT-BY="mailto:${ben}":mailto:${ann}`;
    const attendees = [`;ROLE=CHAIR:mailto:${dora}`, ...guests(clara)];
    const sent = message({ ...invitation, organizer: null, attendees, lines: [organizer] });
    const taken = applied(receive(unknownState, sent, evidenceOf(ann), contextOf(clara))).state;
    expect(answer(taken).messages.map(inShort)).toEqual([`REPLY 0 to ${ann}`]);
  });
});

describe("ITIP-2.1.4-01 SEQUENCE is raised by a change of", () => {
  const series = ["RRULE:FREQ=DAILY;COUNT=5"];
  test.each<[string, Partial<EventText>, Partial<EventText>]>([
    ["DTSTART", {}, { start: "20270310T093000Z" }],
    ["DTEND", {}, { end: "20270310T110000Z" }],
    ["RRULE", { lines: series }, { lines: ["RRULE:FREQ=DAILY;COUNT=6"] }],
    ["RDATE", { lines: series }, { lines: [...series, "RDATE:20270401T090000Z"] }],
    ["EXDATE", { lines: series }, { lines: [...series, "EXDATE:20270311T090000Z"] }],
    ["STATUS", { lines: ["STATUS:TENTATIVE"] }, { lines: ["STATUS:CONFIRMED"] }],
  ])("%s", (_name, before, after) => {
    const first = organize(before);
    const second = organize(after, first.state, later);
    // An Instance that is left out is told of by a CANCEL, everything else by a REQUEST.
    expect(second.messages.map(({ recipients }) => [...recipients].sort())).toEqual([[ben, clara]]);
    expect(second.messages.flatMap((sent) => linesOf(sent, "SEQUENCE"))).toEqual([":1"]);
    expect(second.state.object && leadingComponent(second.state.object).revision.sequence).toBe(1);
  });

  test("DURATION", () => {
    const lasting = (duration: string) => {
      const text = formatCalendar(message(invitation).calendar).replace(/DTEND:.*/, `DURATION:${duration}`);
      return readText(text, "REQUEST", ann).object;
    };
    const first = applied(schedule(unknownState, lasting("PT1H"), contextOf(ann)));
    expect(applied(schedule(first.state, lasting("PT2H"), contextOf(ann, later))).messages.map(inShort)).toEqual([
      `REQUEST 1 to ${[ben, clara].join(" ")}`,
    ]);
  });

  test("DUE, of a to-do", () => {
    const due = (end: string) => asTodo(message({ ...invitation, end }), "PRIORITY:0").object;
    const first = applied(schedule(unknownState, due("20270310T100000Z"), contextOf(ann)));
    expect(
      applied(schedule(first.state, due("20270310T110000Z"), contextOf(ann, later))).messages.map(inShort),
    ).toEqual([`REQUEST 1 to ${[ben, clara].join(" ")}`]);
  });

  test("ITIP-2.1.4-02 nothing else, but what the house deems to put the answers in doubt", () => {
    const moved = { lines: ["LOCATION:The far end"] };
    expect(organize(moved, kept, later).messages.map(inShort)).toEqual([`REQUEST 0 to ${[ben, clara].join(" ")}`]);
    const context = contextOf(ann, later);
    const policy = { ...context.policy, majorProperties: new Set(["LOCATION"]) };
    const strict = schedule(kept, message({ ...invitation, ...moved }).object, { ...context, policy });
    expect(applied(strict).messages.map(inShort)).toEqual([`REQUEST 1 to ${[ben, clara].join(" ")}`]);
    const typo = schedule(kept, message({ ...invitation, summary: "Planing" }).object, { ...context, policy });
    expect(applied(typo).messages.map(inShort)).toEqual([`REQUEST 0 to ${[ben, clara].join(" ")}`]);
  });

  test("ITIP-2.1.4-03 a receiver takes whatever was raised as a later version", () => {
    const next = arrive({ ...invitation, sequence: 1, lines: ["DESCRIPTION:More"] }, copy);
    expect(changesOf(next)).toEqual(["DESCRIPTION"]);
  });

  test("ITIP-2.1.4-04 a minor version has a later DTSTAMP and the same SEQUENCE; the same again is none", () => {
    const [first] = organize({}).messages;
    const [second] = organize({ summary: "Other" }, kept, later).messages;
    expect([linesOf(first, "SEQUENCE"), linesOf(second, "SEQUENCE")]).toEqual([[":0"], [":0"]]);
    expect(linesOf(second, "DTSTAMP")).not.toEqual(linesOf(first, "DTSTAMP"));
    const again = schedule(kept, message(invitation).object, contextOf(ann, later));
    expect(again).toMatchObject({ kind: "ignored", reason: "nothing-changed" });
  });

  test("ITIP-2.1.4-06, ITIP-3.2.3-09 no REPLY raises it: it has that of the REQUEST", () => {
    const third = applied(arrive({ ...invitation, sequence: 3 })).state;
    expect(linesOf(answer(third).messages[0], "SEQUENCE")).toEqual([":3"]);
  });
});

describe("which of two counts", () => {
  test("ITIP-2.1.4-08 an answer to an older time is shown as one, and does not count", () => {
    const moved = organize({ start: "20270311T090000Z", end: "20270311T100000Z" }, kept, later).state;
    const late = applied(reply(moved, { sequence: 0 }, clara, later));
    expect(late.changes[0]).toMatchObject({ kind: "participation", new: "ACCEPTED", outdated: true });
    expect(answerOf(late.state)).toMatchObject({ partstat: "NEEDS-ACTION", outdated: true });
  });

  test("ITIP-2.1.4-09, ITIP-2.1.4-10 what changed is found by comparing, whatever SEQUENCE says", () => {
    const place = arrive({ ...invitation, dtstamp: "20270301T100000Z", lines: ["LOCATION:Room 2"] }, copy);
    expect(changesOf(place)).toEqual(["LOCATION"]);
    const others = [`;PARTSTAT=ACCEPTED:mailto:${ben}`, ...guests(clara)];
    expect(changesOf(arrive({ ...invitation, sequence: 1, attendees: others }, copy))).toEqual([]);
  });

  test.each([
    ["a lower SEQUENCE", 2, 1, false],
    ["a higher one", 2, 3, true],
    ["10 is above 9", 9, 10, true],
    ["9 is below 10", 10, 9, false],
  ])("ITIP-2.1.5-02, ITIP-4.7.2-01 %s", (_name, known, next, taken) => {
    const before = applied(arrive({ ...invitation, sequence: known })).state;
    const outcome = arrive({ ...invitation, sequence: next, summary: "Other" }, before);
    expect(outcome).toMatchObject(taken ? { kind: "applied" } : { kind: "ignored", reason: "superseded" });
  });

  test("ITIP-2.1.5-03 an answer to a later version is not undone by a late one to an earlier", () => {
    const second = organize({ summary: "Two", lines: ["STATUS:CONFIRMED"] }, kept, later).state;
    const said = applied(reply(second, { sequence: 1, dtstamp: "20270301T090000Z" })).state;
    const late = { sequence: 0, dtstamp: "20270301T100000Z", attendees: [`;PARTSTAT=DECLINED:mailto:${clara}`] };
    expect(reply(said, late)).toMatchObject({ kind: "ignored", reason: "superseded" });
    expect(answerOf(said).partstat).toBe("ACCEPTED");
  });

  test("ITIP-2.1.5-04, ITIP-5.3-01 of one SEQUENCE the later DTSTAMP counts, and the same twice is once", () => {
    const newer = applied(arrive({ ...invitation, sequence: 1, dtstamp: "20270301T100000Z" })).state;
    const older = arrive({ ...invitation, sequence: 1, dtstamp: "20270301T090000Z", summary: "Old" }, newer);
    expect(older).toMatchObject({ kind: "ignored", reason: "superseded" });
    const same = arrive({ ...invitation, sequence: 1, dtstamp: "20270301T100000Z" }, newer);
    expect(same).toMatchObject({ kind: "ignored", reason: "duplicate" });
  });

  test("ITIP-2.1.5-06 three answers end in the last, in whatever order they come", () => {
    const said = (["ACCEPTED", "DECLINED", "TENTATIVE"] as const).map((partstat, hour) => ({
      dtstamp: `20270301T1${hour}0000Z`,
      attendees: [`;PARTSTAT=${partstat}:mailto:${clara}`],
    }));
    for (const order of ["012", "021", "102", "120", "201", "210"]) {
      let state = kept;
      for (const index of order) {
        const outcome = reply(state, said[Number(index)] ?? {});
        if (outcome.kind === "applied") state = outcome.state;
      }
      expect(answerOf(state).partstat, order).toBe("TENTATIVE");
    }
  });

  test("ITIP-4.2.9-01 what a CANCEL called off no older REQUEST brings back", () => {
    const off = applied(arrive({ method: "CANCEL", sequence: 2, lines: ["STATUS:CANCELLED"] }, copy)).state;
    const outcome = arrive({ ...invitation, sequence: 1, summary: "Late" }, off);
    const state = outcome.kind === "applied" ? outcome.state : off;
    expect(state.object && isCancelled(state, leadingComponent(state.object))).toBe(true);
  });

  test("ITIP-5.2.1-01 a CANCEL that comes first is held, and calls off what comes then", () => {
    const cancel = { method: "CANCEL", sequence: 2, lines: ["STATUS:CANCELLED"] } as const;
    expect(arrive(cancel)).toMatchObject({ kind: "held", awaiting: "request" });
    const off = applied(arrive(cancel, copy)).state;
    expect(off.object && isCancelled(off, leadingComponent(off.object))).toBe(true);
  });
});

describe("a known object", () => {
  const accepted = answer(copy).state;

  test("ITIP-3.2.2.1-01 another time with a higher SEQUENCE takes the place of the old, and asks anew", () => {
    const moved = { ...invitation, sequence: 1, start: "20270311T090000Z", end: "20270311T100000Z" };
    const next = arrive(moved, accepted);
    expect(changesOf(next)).toEqual(["DTSTART", "DTEND"]);
    expect(answerOf(applied(next).state).partstat).toBe("NEEDS-ACTION");
  });

  test("ITIP-3.2.2.2-01 other words with the same SEQUENCE are taken, and the answer stands", () => {
    const next = arrive({ ...invitation, dtstamp: "20270301T100000Z", lines: ["DESCRIPTION:More"] }, accepted);
    expect(changesOf(next)).toEqual(["DESCRIPTION"]);
    expect(answerOf(applied(next).state).partstat).toBe("ACCEPTED");
  });

  test("ITIP-3.2.2.2-03 the answers of others are taken without a word", () => {
    const attendees = [`;PARTSTAT=DECLINED:mailto:${ben}`, ...guests(clara)];
    const next = arrive({ ...invitation, dtstamp: "20270301T100000Z", attendees }, accepted);
    expect(changesOf(next)).toEqual([]);
    expect(answerOf(applied(next).state, ben).partstat).toBe("DECLINED");
  });
});

describe("all that leaves", () => {
  test("ITIP-3-02 keeps its table", () => {
    const first = organize({ summary: "", attendees: guests(ben, clara, dora), lines: ["RRULE:FREQ=DAILY;COUNT=3"] });
    const second = organize({ start: "20270311T090000Z", end: "20270311T100000Z" }, first.state, later);
    const sent = [...first.messages, ...second.messages, ...answer(copy, "TENTATIVE").messages];
    expect(sent.map(({ method }) => method)).toEqual(["REQUEST", "CANCEL", "REQUEST", "REPLY"]);
    expect(sent.flatMap(checkRestrictions)).toEqual([]);
  });

  test("ITIP-3-03 has the parameters it was written with", () => {
    const attendees = [`;LANGUAGE=de;DIR="ldap://x.test/";X-N=1:mailto:${clara}`];
    const lines = ['LOCATION;LANGUAGE=de;ALTREP="http://x.test/":Halle'];
    const [sent] = organize({ attendees, lines }).messages;
    expect(linesOf(sent, "LOCATION")).toEqual([';LANGUAGE=de;ALTREP="http://x.test/":Halle']);
    expect(linesOf(sent, "ATTENDEE")).toEqual([
      `;LANGUAGE=de;DIR="ldap://x.test/";X-N=1;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${clara}`,
    ]);
  });

  test("ITIP-3.7.3-01, ITIP-3.7.3-02 and is kept with all properties and parameters nobody knows", () => {
    const lines = ["COLOR:red", "X-ROOM;X-FLOOR=2:5", "CONFERENCE;VALUE=URI:https://x.test/"];
    const taken = applied(arrive({ ...invitation, lines })).state;
    const [sent] = organize({ lines }).messages;
    for (const name of ["COLOR", "X-ROOM", "CONFERENCE"]) {
      const line = linesOf(message({ ...invitation, lines }), name);
      expect(line).toHaveLength(1);
      expect(linesOf(sent, name)).toEqual(line);
      expect(taken.object && linesOf({ ...message(invitation), object: taken.object }, name)).toEqual(line);
    }
  });
});
