import {
  act,
  isCancelled,
  leadingComponent,
  type Outcome,
  objectComponents,
  receive,
  schedule,
  unknownState,
} from "@parley/engine";
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
import { ann, ben, clara, contextOf, type EventText, evidenceOf, mallory, message } from "./world.ts";

const series = ["RRULE:FREQ=DAILY;COUNT=5"];

describe("what a REPLY does", () => {
  test.each([
    ["ITIP-3.2-02", "VEVENT", "COMPLETED", "NEEDS-ACTION"],
    ["ITIP-3.2-02", "VEVENT", "IN-PROCESS", "NEEDS-ACTION"],
    ["ITIP-3.2-02", "VEVENT", "ACCEPTED", "ACCEPTED"],
    ["ITIP-3.2-02", "VEVENT", "DECLINED", "DECLINED"],
    ["ITIP-3.2-02", "VEVENT", "TENTATIVE", "TENTATIVE"],
    ["ITIP-3.4-01", "VTODO", "ACCEPTED", "ACCEPTED"],
    ["ITIP-3.4-01", "VTODO", "DECLINED", "DECLINED"],
    ["ITIP-3.4-01", "VTODO", "TENTATIVE", "TENTATIVE"],
    ["ITIP-3.4-01", "VTODO", "IN-PROCESS", "IN-PROCESS"],
    ["ITIP-3.4-01", "VTODO", "COMPLETED", "COMPLETED"],
    ["ITIP-3.4-01", "VTODO", "PARTIAL", "NEEDS-ACTION"],
  ] as const)("%s of a %s: PARTSTAT=%s is read as %s", (_id, type, said, read) => {
    const request = message({ ...invitation, lines: type === "VTODO" ? ["PRIORITY:0"] : [] });
    const object = type === "VTODO" ? asTodo(request).object : request.object;
    const state = applied(schedule(unknownState, object, contextOf(ann))).state;
    const sent = message({ method: "REPLY", attendees: [`;PARTSTAT=${said}:mailto:${clara}`] });
    const outcome = receive(state, type === "VTODO" ? asTodo(sent) : sent, evidenceOf(clara), contextOf(ann));
    expect(answerOf(applied(outcome).state).partstat).toBe(read);
  });

  test("ITIP-3.2.3-04 its COMMENT reaches the Organizer", () => {
    const outcome = applied(reply(kept, { lines: ["COMMENT:Only until ten."] }));
    expect(outcome.changes).toMatchObject([{ kind: "participation", attendee: clara, comment: "Only until ten." }]);
  });

  test("ITIP-3.2.3-05 with SENT-BY it is the answer of the Attendee, and whoever sent it is remembered", () => {
    const attendees = [`;SENT-BY="mailto:${dora}";PARTSTAT=ACCEPTED:mailto:${clara}`];
    const said = applied(reply(kept, { attendees })).state;
    expect(answerOf(said)).toMatchObject({ partstat: "ACCEPTED", participation: { sentBy: dora } });
    const sent = message({ method: "REPLY", attendees });
    expect(receive(kept, sent, evidenceOf(mallory), contextOf(ann))).not.toMatchObject({ kind: "applied" });
  });

  test("ITIP-3.2.3-06 it says what it repeats as the request did, and what it says otherwise is not taken", () => {
    const [sent] = answer(copy).messages;
    const [asked] = [message(invitation)];
    for (const name of ["SUMMARY", "DTSTART", "DTEND"]) expect(linesOf(sent, name)).toEqual(linesOf(asked, name));
    const other = { start: "20270401T090000Z", end: "20270401T100000Z", summary: "Party" };
    expect(applied(reply(kept, other)).state.object).toBe(kept.object);
  });

  test("ITIP-3.2.3-11 it names the Instance it is for, and none where it is for the whole", () => {
    const two = applied(arrive({ ...invitation, lines: series })).state;
    const key = "20270311T090000Z";
    const one = applied(act(two, { kind: "answer", partstat: "DECLINED", key }, contextOf(clara)));
    expect(one.messages.map((sent) => linesOf(sent, "RECURRENCE-ID"))).toEqual([[`:${key}`]]);
    expect(linesOf(answer(two).messages[0], "RECURRENCE-ID")).toEqual([]);
  });

  test("ITIP-3.2.2.6-02 of who was never invited has exactly their own ATTENDEE", () => {
    const outcome = applied(act(copy, { kind: "answer", partstat: "ACCEPTED" }, contextOf(dora)));
    expect(linesOf(outcome.messages[0], "ATTENDEE")).toEqual([`;PARTSTAT=ACCEPTED:mailto:${dora}`]);
  });

  test("ITIP-3.2.2.6-03, ITIP-3.2.3-03 of who was never invited is for the Organizer to decide", () => {
    const outcome = reply(kept, {}, dora);
    expect(outcome).toMatchObject({ kind: "undecided", question: { kind: "uninvited-reply", from: dora } });
  });
});

describe("what a CANCEL does", () => {
  const cancel = (event: Partial<EventText>, from = ann): Outcome =>
    receive(copy, message({ method: "CANCEL", sequence: 1, ...event }), evidenceOf(from), contextOf(clara));

  test.each([
    ["an Attendee", ben],
    ["a stranger", mallory],
  ])("ITIP-3.2.5-01, ITIP-6.1.1-01 sent by %s, nothing", (_name, from) => {
    expect(cancel({ lines: ["STATUS:CANCELLED"] }, from)).toMatchObject({ kind: "rejected", status: { code: [3, 8] } });
  });

  test("ITIP-3.2.5-02, ITIP-3.2.5-06, ITIP-3.2.5-07, ITIP-2.1.4-05 calling off a series: one component, everybody", () => {
    const state = organize({ lines: series }).state;
    const { messages } = applied(act(state, { kind: "cancel" }, contextOf(ann, later)));
    expect(messages.map(inShort)).toEqual([`CANCEL 1 to ${[ben, clara].join(" ")}`]);
    expect(messages.map(({ object }) => objectComponents(object).map(({ key }) => key))).toEqual([[""]]);
    expect(linesOf(messages[0], "RECURRENCE-ID")).toEqual([]);
  });

  test("ITIP-3.2.5-08, ITIP-3.2.5-09, ITIP-4.2.10-01 taking one off lists that one, and says no STATUS", () => {
    const { messages, state } = organize({ attendees: guests(ben) }, kept, later);
    expect(messages.map(inShort)).toEqual([`CANCEL 1 to ${clara}`]);
    expect(linesOf(messages[0], "ATTENDEE").map((line) => /mailto:.*$/.exec(line)?.[0])).toEqual([`mailto:${clara}`]);
    expect(linesOf(messages[0], "STATUS")).toEqual([]);
    expect(state.object && [...leadingComponent(state.object).attendees.keys()]).toEqual([ben]);
    const all = applied(act(kept, { kind: "cancel" }, contextOf(ann, later))).messages[0];
    expect([linesOf(all, "ATTENDEE").length, linesOf(all, "STATUS")]).toEqual([2, [":CANCELLED"]]);
  });

  test("ITIP-3.2.5-09 who is not listed in one that takes others off keeps the event", () => {
    const outcome = cancel({ attendees: [`:mailto:${ben}`] });
    expect(outcome).toMatchObject({ kind: "ignored", reason: "not-for-us" });
  });

  test("ITIP-4.2.10-02 the others hear of it with the next version", () => {
    const moved = { start: "20270311T090000Z", end: "20270311T100000Z" };
    const { messages } = organize({ ...moved, attendees: guests(ben) }, kept, later);
    expect(messages.map(({ method, recipients }) => [method, ...recipients])).toEqual([
      ["CANCEL", clara],
      ["REQUEST", ben],
    ]);
  });
});

describe("a to-do", () => {
  const due = (event: Partial<EventText> = {}) =>
    asTodo(message({ ...invitation, ...event, lines: ["PRIORITY:0", ...(event.lines ?? [])] }));
  const receiveTodo = (event: Partial<EventText>, state: typeof copy = unknownState) =>
    receive(state, due(event), evidenceOf(ann), contextOf(clara));
  const known = applied(receiveTodo({})).state;

  test("ITIP-3.4.2-01 whoever is assigned is an ATTENDEE, of whom it is asked", () => {
    const assigned = known.object && leadingComponent(known.object).attendees.get(clara);
    expect(assigned).toMatchObject({ role: "REQ-PARTICIPANT", partstat: "NEEDS-ACTION" });
  });

  test("ITIP-3.4.2-02 one of an unknown UID is new, one of a known UID is the same one", () => {
    expect(applied(receiveTodo({})).changes).toMatchObject([{ kind: "created" }]);
    const next = applied(receiveTodo({ summary: "Other", dtstamp: "20270301T100000Z" }, known));
    expect(next.changes).toMatchObject([{ kind: "property", name: "SUMMARY" }]);
  });

  test("ITIP-3.4.2.1-01 another DUE with a higher SEQUENCE takes the place of the old", () => {
    const next = applied(receiveTodo({ sequence: 1, end: "20270311T100000Z" }, answerTodo(known)));
    expect(next.changes).toMatchObject([{ kind: "property", name: "DUE" }]);
    expect(answerOf(next.state).partstat).toBe("NEEDS-ACTION");
  });

  test("ITIP-3.4.2.2-01, ITIP-3.4.2.2-03 the same SEQUENCE: taken, and the answer stands", () => {
    const lines = ["PERCENT-COMPLETE:40"];
    const next = applied(receiveTodo({ dtstamp: "20270301T100000Z", lines }, answerTodo(known)));
    expect(next.changes.filter(({ kind }) => kind === "participation")).toEqual([]);
    expect(answerOf(next.state).partstat).toBe("ACCEPTED");
  });

  test("ITIP-3.4.5-01, ITIP-3.4.5-02, ITIP-3.4.5-03 is called off as an event is, for everybody", () => {
    const state = applied(schedule(unknownState, due().object, contextOf(ann))).state;
    const { messages } = applied(act(state, { kind: "cancel" }, contextOf(ann, later)));
    expect(messages.map(inShort)).toEqual([`CANCEL 1 to ${[ben, clara].join(" ")}`]);
    expect([linesOf(messages[0], "STATUS"), linesOf(messages[0], "RECURRENCE-ID")]).toEqual([[":CANCELLED"], []]);
    const fewer = applied(schedule(state, due({ attendees: guests(ben) }).object, contextOf(ann, later)));
    expect([fewer.messages.map(inShort), linesOf(fewer.messages[0], "STATUS")]).toEqual([[`CANCEL 1 to ${clara}`], []]);
    expect([...messages, ...fewer.messages].flatMap(checkRestrictions)).toEqual([]);
    const [cancel] = messages;
    const off = cancel && applied(receive(known, cancel, evidenceOf(ann), contextOf(clara, later))).state;
    expect(off?.object && isCancelled(off, leadingComponent(off.object))).toBe(true);
  });

  test("ITIP-5.1.3-01 its DUE, PRIORITY, STATUS and DESCRIPTION are read, and told where they change", () => {
    const lines = ["STATUS:IN-PROCESS", "DESCRIPTION:More"];
    const sent = due({ dtstamp: "20270301T100000Z", end: "20270310T110000Z", lines });
    const next = applied(receive(known, sent, evidenceOf(ann), contextOf(clara)));
    const names = next.changes.flatMap((change) => (change.kind === "property" ? [change.name] : []));
    expect(names.sort()).toEqual(["DESCRIPTION", "DUE", "STATUS"]);
  });

  function answerTodo(state: typeof copy): typeof copy {
    return applied(act(state, { kind: "answer", partstat: "ACCEPTED" }, contextOf(clara))).state;
  }
});

describe("a published object", () => {
  const yes = evidenceOf(ann, { confirmedByOwner: true });
  const publish = (event: Partial<EventText>, state: typeof copy = unknownState) =>
    receive(state, message({ ...event, method: "PUBLISH", attendees: [] }), yes, contextOf(clara));

  test("ITIP-3.2.1-03 is answered by nobody", () => {
    const taken = applied(publish({}));
    expect(taken.messages).toEqual([]);
    expect(taken.state.object).toBeDefined();
  });

  test("ITIP-4.1.2-01, ITIP-4.1.2-02 a higher SEQUENCE takes its place, a lower one does not", () => {
    const second = applied(publish({ sequence: 2 })).state;
    const fifth = applied(publish({ sequence: 5, summary: "Five" }, second));
    expect(fifth.changes).toMatchObject([{ kind: "property", name: "SUMMARY", new: "Five" }]);
    expect(publish({ sequence: 2 }, fifth.state)).toMatchObject({ kind: "ignored", reason: "superseded" });
  });
});

describe("who is believed", () => {
  const everything = { ...invitation, sequence: 1, summary: "Mine" } as const;

  test.each([
    ["REQUEST", ben],
    ["REQUEST", mallory],
    ["ADD", mallory],
  ] as const)("ITIP-6.1.1-01 a %s for a known object From %s is not taken", (method, from) => {
    const sent = message({ ...everything, method });
    expect(receive(copy, sent, evidenceOf(from), contextOf(clara))).not.toMatchObject({ kind: "applied" });
  });

  test("ITIP-6.1.2-01 a REPLY From somebody else than its ATTENDEE is not taken", () => {
    const sent = message({ method: "REPLY", attendees: [`;PARTSTAT=DECLINED:mailto:${ben}`] });
    expect(receive(kept, sent, evidenceOf(mallory), contextOf(ann))).not.toMatchObject({ kind: "applied" });
  });

  test("ITIP-6.2.1-01 what comes From nobody it speaks of is not taken without the owner's word", () => {
    const outcome = receive(unknownState, message(invitation), evidenceOf(mallory), contextOf(clara));
    expect(outcome).toMatchObject({ kind: "undecided", question: { kind: "forwarded", from: mallory } });
  });

  test("ITIP-6.1.5-01 whoever the owner has no dealings with fills no calendar", () => {
    const outcome = receive(
      unknownState,
      message(invitation),
      evidenceOf(ann, { relation: "stranger" }),
      contextOf(clara),
    );
    expect(outcome).toMatchObject({ kind: "undecided", question: { kind: "stranger", from: ann } });
  });

  test("ITIP-6.2.2-01 another ORGANIZER is a question", () => {
    const sent = message({ ...everything, organizer: ben });
    const outcome = receive(copy, sent, evidenceOf(ben), contextOf(clara));
    expect(outcome).toMatchObject({ kind: "undecided", question: { kind: "new-organizer", organizer: ben } });
  });

  test("ITIP-3.7.2-01 a version without ORGANIZER is not taken", () => {
    const sent = message({ ...everything, organizer: null });
    expect(receive(copy, sent, evidenceOf(ann), contextOf(clara))).toMatchObject({ kind: "rejected" });
  });

  test("ITIP-5.1.1-04 VERSION, PRODID and CALSCALE do not decide, and the alarms of others do not ring here", () => {
    const alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:x", "END:VALARM"];
    const sent = message({ ...invitation, lines: alarm });
    const head = sent.calendar.properties
      .filter(({ name }) => name !== "PRODID")
      .map((line) => (line.name === "VERSION" ? { ...line, value: "3.0" } : line));
    const calscale = { name: "CALSCALE", parameters: [], value: "JULIAN" };
    const odd = { ...sent, calendar: { ...sent.calendar, properties: [...head, calscale] } };
    const taken = applied(receive(unknownState, odd, evidenceOf(ann), contextOf(clara)));
    expect(taken.tolerated.map(({ name }) => name).sort()).toEqual(["PRODID", "VERSION"]);
    expect(taken.state.object && leadingComponent(taken.state.object).component.components).toEqual([]);
  });
});
