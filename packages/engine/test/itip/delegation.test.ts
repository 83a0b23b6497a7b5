import {
  allRegisters,
  type EvidenceStrength,
  leadingComponent,
  receive,
  type SchedulingMessage,
  unknownState,
} from "@parley/engine";
import { describe, expect, test } from "vitest";
import { type Conversation, conversation } from "./conversation.ts";
import { emil, fay, invited, sentTo } from "./delegation-helpers.ts";
import { day, key as keyOf, received, textOf } from "./series.ts";
import { ann, ben, clara, contextOf, evidenceOf, mallory, message } from "./world.ts";

describe("RFC 5546 §4.2.5: Clara delegates to Emil", () => {
  test("ITIP-2.1.2-01 ITIP-3.2.2.3-01 ITIP-3.2.2.3-02 ITIP-4.2.5-02: two messages, of the same SEQUENCE", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil, name: "Emil Ek", comment: "I am away" });
    expect(talk.letters()).toEqual(["REPLY clara>ann 0", "REQUEST clara>emil 0"]);
    const request = sentTo(talk, emil);
    expect(request).toContain(`ORGANIZER:mailto:${ann}\r\n`);
    expect(request).toMatch(/^ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:emil@partner.test":mailto:clara@/m);
    expect(request).toMatch(/^ATTENDEE;CN=Emil Ek;RSVP=TRUE;DELEGATED-FROM="mailto:clara@partner.test":mailto:emil@/m);
    expect(request).toContain("COMMENT:I am away\r\n");
    expect(request).toContain("mailto:ben@example.test");
  });

  test("ITIP-3.2.2.3-03 ITIP-3.2.2.3-04 ITIP-3.2.2.3-05 ITIP-4.2.5-01: the REPLY names both", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil, keepInformed: true });
    const reply = sentTo(talk, ann);
    expect(reply).toMatch(
      /^ATTENDEE;RSVP=TRUE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:emil@partner.test":mailto:clara@/m,
    );
    expect(reply).toMatch(/^ATTENDEE;DELEGATED-FROM="mailto:clara@partner.test":mailto:emil@/m);
    expect(reply.match(/^ATTENDEE/gm)).toHaveLength(2);
  });

  test("ITIP-3.2.2.3-06 ITIP-3.2.2.3-07 ITIP-3.2.2.3-08 ITIP-3.2.3-01 RFC 5546 §4.2.6: the delegate accepts in their place", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil });
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil NEEDS-ACTION"]);
    talk.act(emil, { kind: "answer", partstat: "ACCEPTED" });
    expect(talk.letters()).toEqual(["REPLY emil>ann 0"]);
    const reply = sentTo(talk, ann);
    expect(reply).toMatch(/^ATTENDEE;PARTSTAT=ACCEPTED;.*DELEGATED-FROM="mailto:clara@partner.test":mailto:emil@/m);
    expect(reply).toMatch(/^ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:emil@partner.test":mailto:clara@/m);
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil ACCEPTED"]);
  });

  test("the Organizer sends the delegate the REQUEST, and nobody else anything; decision 0008", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil });
    const [reply] = talk.mail;
    talk.mail = [];
    talk.take(ann, received(reply?.message as SchedulingMessage));
    expect(talk.letters()).toEqual(["REQUEST ann>emil 0"]);
    expect(talk.last).toMatchObject({
      kind: "applied",
      changes: [
        { kind: "participation", attendee: clara, new: "DELEGATED", delegatedTo: [emil] },
        { kind: "attendee-added", attendee: emil },
      ],
    });
  });

  test("the delegate's role is the delegator's", () => {
    const talk = conversation();
    const attendees = [`;ROLE=OPT-PARTICIPANT;RSVP=TRUE:mailto:${clara}`];
    talk.put(ann, message({ method: "REQUEST", attendees }).object);
    talk.deliver();
    talk.act(clara, { kind: "delegate", to: emil });
    talk.deliver();
    const object = talk.state(ann).object;
    expect(object && leadingComponent(object).attendees.get(emil)).toMatchObject({ role: "OPT-PARTICIPANT" });
  });
});

describe("who is asked, and who hears", () => {
  test("ITIP-4.2.5-03 ITIP-4.2.5-05 ITIP-4.2.7-01: the delegate declines, and the delegator is asked again", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil });
    talk.deliver();
    talk.now += 60;
    talk.act(emil, { kind: "answer", partstat: "DECLINED", comment: "Sorry" });
    const [declined] = talk.mail;
    talk.mail = [];
    talk.take(ann, received(declined?.message as SchedulingMessage));
    expect(talk.letters()).toEqual(["REQUEST ann>clara 0"]);
    const request = sentTo(talk, clara);
    expect(request).toMatch(/^ATTENDEE;.*PARTSTAT=DECLINED;.*DELEGATED-FROM=.*mailto:emil@/m);
    expect(request).toMatch(/^ATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:clara@/m);
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara NEEDS-ACTION", "emil DECLINED"]);
    expect(talk.guests(clara)).toEqual(["ben NEEDS-ACTION", "clara NEEDS-ACTION", "emil DECLINED"]);
    // Whoever thinks better of it brings the delegation back.
    talk.now += 60;
    talk.act(emil, { kind: "answer", partstat: "ACCEPTED" });
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil ACCEPTED"]);
  });

  test("the delegator takes it back, and the delegate gets the CANCEL", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil });
    talk.deliver();
    talk.now += 60;
    talk.act(clara, { kind: "answer", partstat: "ACCEPTED" });
    const [reply] = talk.mail;
    expect(textOf(reply?.message)).not.toContain("DELEGATED");
    talk.mail = [];
    talk.take(ann, received(reply?.message as SchedulingMessage));
    expect(talk.letters()).toEqual(["CANCEL ann>emil 1"]);
    expect(sentTo(talk, emil)).not.toContain("STATUS:CANCELLED");
    talk.deliver();
    expect(talk.guests(emil)).toEqual(["cancelled"]);
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara ACCEPTED"]);
    // Ben's answer is to what Ben has, and counts.
    talk.act(ben, { kind: "answer", partstat: "ACCEPTED" });
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben ACCEPTED", "clara ACCEPTED"]);
  });

  test("to another delegate: the one gets the CANCEL, the other the REQUEST", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil });
    talk.deliver();
    talk.now += 60;
    talk.act(clara, { kind: "delegate", to: fay });
    const [reply, request] = talk.mail;
    expect(textOf(request?.message)).not.toContain("emil");
    talk.mail = [];
    talk.take(ann, received(reply?.message as SchedulingMessage));
    expect(talk.letters()).toEqual(["CANCEL ann>emil 1", "REQUEST ann>fay 1"]);
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "fay NEEDS-ACTION"]);
  });

  test("who was a guest before stays one when a delegation to them ends", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: ben });
    talk.deliver();
    talk.now += 60;
    talk.act(clara, { kind: "answer", partstat: "DECLINED" });
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DECLINED"]);
    expect(talk.guests(ben)).not.toEqual(["cancelled"]);
  });

  test("a delegate of two stays until both take it back", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil });
    talk.act(ben, { kind: "delegate", to: emil });
    talk.deliver();
    talk.now += 60;
    talk.act(clara, { kind: "answer", partstat: "ACCEPTED" });
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben DELEGATED", "clara ACCEPTED", "emil NEEDS-ACTION"]);
    talk.act(ben, { kind: "answer", partstat: "ACCEPTED" });
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben ACCEPTED", "clara ACCEPTED"]);
  });

  test.each([
    [
      true,
      ["REPLY emil>ann 0", "REPLY emil>clara 0"],
      ["REQUEST ann>ben 0", "REQUEST ann>clara 0", "REQUEST ann>emil 0"],
    ],
    [false, ["REPLY emil>ann 0"], ["REQUEST ann>ben 0", "REQUEST ann>emil 0"]],
  ])(
    "ITIP-3.2.2.3-10 ITIP-4.2.5-01: a delegator who wants to hear (%s) of answers and of changes",
    (wants, answers, told) => {
      const talk = invited();
      talk.act(clara, { kind: "delegate", to: emil, keepInformed: wants });
      talk.deliver();
      talk.act(emil, { kind: "answer", partstat: "ACCEPTED" });
      expect(talk.letters()).toEqual(answers);
      const heard = talk.mail.find(({ to }) => to === clara);
      talk.deliver();
      const answer = allRegisters(talk.state(clara).participations).get(`${emil} `);
      expect(answer?.partstat).toBe(heard ? "ACCEPTED" : undefined);
      talk.now += 60;
      const object = talk.state(ann).object;
      if (!object) throw new Error("no object");
      const attendees = [...leadingComponent(object).attendees.keys()];
      const lines = attendees.map((guest) =>
        guest === emil ? `;DELEGATED-FROM="mailto:${clara}":mailto:${emil}` : `:mailto:${guest}`,
      );
      talk.put(ann, message({ method: "REQUEST", summary: "Other", attendees: lines }).object);
      expect([...talk.letters()].sort()).toEqual(told);
    },
  );

  test("a change of time asks the delegate again, not the delegator", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil });
    talk.deliver();
    talk.act(emil, { kind: "answer", partstat: "ACCEPTED" });
    talk.deliver();
    talk.now += 60;
    const lines = [`:mailto:${clara}`, `:mailto:${ben}`, `;DELEGATED-FROM="mailto:${clara}":mailto:${emil}`];
    talk.put(
      ann,
      message({ method: "REQUEST", start: "20270311T090000Z", end: "20270311T100000Z", attendees: lines }).object,
    );
    expect([...talk.letters()].sort()).toEqual(["REQUEST ann>ben 1", "REQUEST ann>emil 1"]);
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil NEEDS-ACTION"]);
    talk.deliver();
    expect(talk.guests(emil)).toContain("emil NEEDS-ACTION");
    // A cancellation is for everybody who has it.
    talk.now += 60;
    talk.act(ann, { kind: "cancel" });
    expect([...talk.letters()].sort()).toEqual(["CANCEL ann>ben 2", "CANCEL ann>clara 2", "CANCEL ann>emil 2"]);
  });
});

describe("RFC 5546 §5.2.2: a delegate's REPLY comes first", () => {
  const own = `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${clara}":mailto:${emil}`;
  const early = (attendees: readonly string[], sequence = 0) => message({ method: "REPLY", attendees, sequence });

  test("ITIP-5.2.2-02: it is held, and counts when the delegator's has come", () => {
    const talk = invited();
    expect(talk.take(ann, early([own]))).toMatchObject({ kind: "held", awaiting: "delegation" });
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara NEEDS-ACTION"]);
    talk.act(clara, { kind: "delegate", to: emil });
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil ACCEPTED"]);
  });

  test("of a chain, too; of somebody nobody invited delegated to, it is a question", () => {
    const talk = invited();
    const last = `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${emil}":mailto:${fay}`;
    const middle = `;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${fay}";DELEGATED-FROM="mailto:${clara}":mailto:${emil}`;
    expect(talk.take(ann, early([last, middle])).kind).toBe("held");
    expect(talk.take(ann, early([last])).kind).toBe("undecided");
  });

  test("ITIP-5.2.2-03: to an older time it is answered with the present version", () => {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil });
    const letters = talk.mail;
    talk.mail = [];
    talk.now += 60;
    talk.put(ann, message({ method: "REQUEST", start: "20270311T090000Z", end: "20270311T100000Z" }).object);
    talk.mail = [];
    talk.take(ann, received(letters[0]?.message as SchedulingMessage));
    talk.mail = [];
    expect(talk.take(ann, early([own])).kind).toBe("applied");
    expect(talk.letters()).toEqual(["REQUEST ann>emil 1"]);
    expect(talk.guests(ann)).toContain("emil NEEDS-ACTION");
  });
});

describe("one Instance", () => {
  test("is delegated alone: the delegate gets it and nothing else of the series, nobody else anything", () => {
    const talk = conversation();
    const series = message({ method: "REQUEST", uid: "series@example.test", lines: ["RRULE:FREQ=WEEKLY;COUNT=5"] });
    talk.put(ann, series.object);
    talk.deliver();
    const third = keyOf("24");
    talk.act(clara, { kind: "delegate", to: emil, key: third });
    expect(talk.letters()).toEqual(["REPLY clara>ann 0", "REQUEST clara>emil 0"]);
    expect(sentTo(talk, emil)).not.toContain("RRULE");
    const [reply] = talk.mail;
    talk.mail = [];
    talk.take(ann, received(reply?.message as SchedulingMessage));
    expect(talk.letters()).toEqual(["REQUEST ann>emil 0"]);
    expect(sentTo(talk, emil)).toMatch(/^RECURRENCE-ID:20270324T090000Z/m);
    expect(sentTo(talk, emil)).not.toContain("RRULE");
    talk.deliver();
    expect(talk.guests(ann, third)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil NEEDS-ACTION"]);
    expect(talk.guests(ann, keyOf("17"))).toEqual(["ben NEEDS-ACTION", "clara NEEDS-ACTION"]);
    talk.act(emil, { kind: "answer", partstat: "ACCEPTED" });
    talk.deliver();
    expect(talk.guests(ann, third)).toContain("emil ACCEPTED");
    talk.now += 60;
    talk.act(clara, { kind: "answer", partstat: "ACCEPTED", key: third });
    talk.deliver();
    expect(talk.guests(ann, third)).toEqual(["ben NEEDS-ACTION", "clara ACCEPTED"]);
    expect(talk.guests(emil)).toEqual(["cancelled"]);
  });

  test("and all after it are not delegated: 3.14", () => {
    const talk = invited(["RRULE:FREQ=WEEKLY;COUNT=5"]);
    const attendees = [`;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${emil}":mailto:${clara}`];
    const lines = ["RECURRENCE-ID;RANGE=THISANDFUTURE:20270317T090000Z"];
    const [start, end] = day("17").map((line) => line.replace(/^.*:/, ""));
    const reply = message({ method: "REPLY", attendees, lines, start: start ?? "", end: end ?? "" });
    expect(talk.take(ann, reply)).toMatchObject({ kind: "rejected", status: { code: [3, 14] } });
  });
});

describe("decision 0004: an invitation From a delegator", () => {
  const talk = invited();
  talk.act(clara, { kind: "delegate", to: emil });
  const request = received(talk.mail.find(({ to }) => to === emil)?.message as SchedulingMessage);
  const strengths: readonly EvidenceStrength[] = ["local", "domain", "relayed", "weak", "none", "link"];
  test.each([
    ["the delegator, known", clara, "correspondent", "applied applied applied undecided undecided undecided"],
    ["the delegator, a stranger", clara, "stranger", "undecided undecided undecided undecided undecided undecided"],
    ["another guest", ben, "correspondent", "undecided undecided undecided undecided undecided undecided"],
    ["somebody else", mallory, "stranger", "undecided undecided undecided undecided undecided undecided"],
  ] as const)("%s", (_, from, relation, want) => {
    const kinds = strengths.map(
      (strength) => receive(unknownState, request, evidenceOf(from, { strength, relation }), contextOf(emil)).kind,
    );
    expect(kinds.join(" ")).toBe(want);
  });

  test("to somebody else it is a forwarded one, and a question", () => {
    const outcome = receive(unknownState, request, evidenceOf(clara), contextOf(fay));
    expect(outcome).toMatchObject({ kind: "undecided", question: { kind: "forwarded", from: clara, organizer: ann } });
  });
});

describe("what a person cannot delegate", () => {
  test.each([
    [
      "what they are not invited to",
      (talk: Conversation) => talk.take(fay, message({ method: "REQUEST" }), { from: ann }),
      fay,
      "ignored",
    ],
    [
      "what is cancelled",
      (talk: Conversation) => (talk.act(ann, { kind: "cancel" }), talk.deliver()),
      clara,
      "ignored",
    ],
    ["what they organize", () => undefined, ann, "ignored"],
  ] as const)("%s", (_, before, who, want) => {
    const talk = invited();
    before(talk);
    expect(talk.act(who, { kind: "delegate", to: emil }).kind).toBe(want);
  });
});
