import {
  act,
  type CalendarObject,
  type CalendarUserAddress,
  currentAnswer,
  isCancelled,
  leadingComponent,
  objectComponents,
  receive,
  type SchedulingMessage,
  schedule,
  unknownState,
} from "@parley/engine";
import { describe, expect, test } from "vitest";
import { type Conversation, conversation } from "./conversation.ts";
import { emil, sentTo } from "./delegation-helpers.ts";
import { applied, asTodo, guests, linesOf } from "./ledger-world.ts";
import { received, textOf } from "./series.ts";
import { ann, ben, clara, contextOf, type EventText, evidenceOf, mallory, message, readText } from "./world.ts";

// What RFC 5546 §3.4 says of a VTODO as §3.2 does of a VEVENT: one test for both, and an id of each.

describe.each([
  { type: "VEVENT", name: "an event" },
  { type: "VTODO", name: "a to-do" },
] as const)("$name", ({ type }) => {
  const of = (event: EventText): SchedulingMessage =>
    type === "VEVENT" ? message(event) : asTodo(message(event), "PRIORITY:0");
  const request = (event: Partial<EventText> = {}) => of({ ...event, method: "REQUEST" });

  function invited(event: Partial<EventText> = {}): Conversation {
    const talk = conversation();
    talk.put(ann, request(event).object);
    talk.deliver();
    return talk;
  }

  /** The only letter on its way. */
  function letter(talk: Conversation): SchedulingMessage {
    const [one, ...more] = talk.mail;
    if (!one || more.length > 0) throw new Error(JSON.stringify(talk.letters()));
    return one.message;
  }

  describe("is delegated", () => {
    const x = ["X-ROOM;X-FLOOR=2:5", "COLOR:red"];
    const delegated = (): Conversation => {
      const talk = invited({ lines: x });
      talk.act(clara, { kind: "delegate", to: emil });
      return talk;
    };

    test("ITIP-3.4.2.3-01 ITIP-3.4.2.3-02 ITIP-3.7.3-03 to the delegate as the delegator has it, with both of them", () => {
      const talk = delegated();
      const known = objectOf(talk, clara);
      const sent = talk.mail.find((each) => each.to === emil)?.message;
      if (!sent) throw new Error("nothing was sent");
      const rest = (of: SchedulingMessage["object"]) =>
        leadingComponent(of).component.properties.filter(({ name }) => name !== "ATTENDEE");
      expect(rest(sent.object)).toEqual(rest(known));
      for (const line of x) expect(sentTo(talk, emil)).toContain(`${line}\r\n`);
      expect([...leadingComponent(sent.object).attendees.keys()].sort()).toEqual([ben, clara, emil]);
    });

    test("ITIP-3.4.2.3-03 ITIP-3.4.3-01 ITIP-5.2.2-01 and the Organizer hears to whom", () => {
      const reply = delegated().mail.find((each) => each.to === ann)?.message;
      expect(reply?.method).toBe("REPLY");
      expect(linesOf(reply, "ATTENDEE")).toEqual([
        `;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${emil}":mailto:${clara}`,
        `;DELEGATED-FROM="mailto:${clara}":mailto:${emil}`,
      ]);
    });

    test("ITIP-3.4.2.3-06 the delegate is asked as the delegator was", () => {
      const sent = delegated().mail.find((each) => each.to === emil)?.message;
      expect(sent && leadingComponent(sent.object).attendees.get(emil)).toMatchObject({
        rsvp: true,
        delegatedFrom: [clara],
      });
    });

    test.each([
      [false, ["REPLY emil>ann 0"]],
      [true, ["REPLY emil>ann 0", "REPLY emil>clara 0"]],
    ])(
      "ITIP-3.4.2.3-04 ITIP-3.4.2.3-05 ITIP-3.4.3-01 the delegate answers the Organizer, and a delegator who wants to hear (%s)",
      (keepInformed, letters) => {
        const talk = invited();
        talk.act(clara, { kind: "delegate", to: emil, keepInformed });
        talk.deliver();
        talk.act(emil, { kind: "answer", partstat: "ACCEPTED" });
        expect(talk.letters()).toEqual(letters);
        expect(sentTo(talk, ann)).toMatch(/^ATTENDEE;.*DELEGATED-FROM="mailto:clara@partner.test":mailto:emil@/m);
      },
    );
  });

  describe("is asked for", () => {
    test("ITIP-3.2.2.2-02 ITIP-3.2.6-02 ITIP-3.4.2.2-02 ITIP-3.4.6-03 and sent as it is now, with the SEQUENCE it has", () => {
      const talk = invited();
      talk.now += 60;
      talk.put(ann, request({ summary: "Other", start: "20270309T090000Z" }).object);
      talk.mail = [];
      talk.act(clara, { kind: "refresh" });
      talk.take(ann, received(letter(talk)));
      expect(talk.letters().slice(1)).toEqual(["REQUEST ann>clara 1"]);
      const [, sent] = talk.mail;
      expect(linesOf(sent?.message, "SUMMARY")).toEqual([":Other"]);
      talk.deliver();
      expect(leadingComponent(objectOf(talk, clara)).revision.sequence).toBe(1);
    });

    test("ITIP-3.4.6-03 and a CANCEL where it does not take place any more", () => {
      const talk = invited();
      talk.now += 60;
      talk.act(ann, { kind: "cancel" });
      talk.mail = [];
      talk.act(clara, { kind: "refresh" });
      const refresh = received(letter(talk));
      talk.mail = [];
      talk.take(ann, refresh);
      expect(talk.letters()).toEqual(["CANCEL ann>clara 1"]);
    });

    test.each([
      ["who was never invited", mallory],
      ["who was taken off the list", clara],
    ])("ITIP-6.1.6-01 ITIP-6.2.2-03 and not shown to one %s", (_name, who) => {
      const talk = invited();
      talk.act(clara, { kind: "refresh" });
      const refresh = received(letter(talk));
      talk.mail = [];
      talk.now += 60;
      talk.put(ann, request({ attendees: guests(ben) }).object);
      talk.mail = [];
      const asked = readText(textOf(refresh).replaceAll(clara, who), "REFRESH", who);
      expect(talk.take(ann, asked)).toMatchObject({ kind: "ignored", rule: "RFC 5546 §6.1.6" });
      expect(talk.mail).toEqual([]);
    });
  });

  describe("reaches somebody who was not invited", () => {
    const forwarded = (): Conversation => {
      const talk = invited();
      talk.take(emil, request(), { from: ann });
      talk.act(emil, { kind: "answer", partstat: "ACCEPTED" });
      return talk;
    };
    const answerOf = (talk: Conversation): SchedulingMessage => {
      const reply = received(letter(talk));
      talk.mail = [];
      return reply;
    };

    test("ITIP-3.4.2.4-02 ITIP-3.4.3-04 the Organizer is asked, and need not react", () => {
      const talk = forwarded();
      const before = talk.state(ann);
      expect(talk.take(ann, answerOf(talk))).toMatchObject({ kind: "undecided", question: { from: emil } });
      expect(talk.state(ann)).toBe(before);
      expect(talk.mail).toEqual([]);
    });

    test("ITIP-3.2.2.6-04 ITIP-3.4.2.4-03 ITIP-3.4.3-04 refused, they alone get a CANCEL without STATUS", () => {
      const talk = forwarded();
      talk.take(ann, answerOf(talk));
      talk.act(ann, { kind: "refuse", attendee: emil });
      expect(talk.letters()).toEqual(["CANCEL ann>emil 1"]);
      expect(linesOf(letter(talk), "STATUS")).toEqual([]);
      expect(linesOf(letter(talk), "ATTENDEE").map((line) => line.replace(/^.*mailto:/, ""))).toEqual([emil]);
      talk.deliver();
      expect(talk.guests(emil)).toEqual(["cancelled"]);
      expect(talk.guests(ben)).not.toEqual(["cancelled"]);
    });

    test("ITIP-3.2.2.6-06 ITIP-3.4.2.4-04 ITIP-3.4.3-04 ITIP-4.2.8-02 accepted, they are on the list and get the REQUEST", () => {
      const talk = forwarded();
      talk.take(ann, answerOf(talk), { confirmedByOwner: true });
      expect(talk.letters()).toEqual(["REQUEST ann>emil 0"]);
      expect(talk.guests(ann)).toContain("emil ACCEPTED");
      expect([...leadingComponent(letter(talk).object).attendees.keys()].sort()).toEqual([ben, clara, emil]);
    });

    test("ITIP-3.2.2.6-05 with the parameters the Organizer gives them, whatever they said", () => {
      const talk = forwarded();
      const bold = textOf(answerOf(talk)).replace("ATTENDEE;", "ATTENDEE;ROLE=CHAIR;CUTYPE=ROOM;");
      expect(bold).toContain("ROLE=CHAIR");
      talk.take(ann, readText(bold, "REPLY", emil), { confirmedByOwner: true });
      const line = (): unknown => leadingComponent(objectOf(talk, ann)).attendees.get(emil);
      expect(line()).toMatchObject({ role: "REQ-PARTICIPANT", type: "INDIVIDUAL" });
      talk.now += 60;
      const attendees = [...guests(ben, clara), `;ROLE=OPT-PARTICIPANT:mailto:${emil}`];
      talk.put(ann, request({ attendees, summary: "Other" }).object);
      expect(line()).toMatchObject({ role: "OPT-PARTICIPANT" });
      expect(talk.guests(ann)).toContain("emil ACCEPTED");
    });
  });

  describe("is polled", () => {
    const answered = (): Conversation => {
      const talk = invited();
      talk.act(clara, { kind: "answer", partstat: "TENTATIVE", comment: "Perhaps" });
      talk.deliver();
      talk.now += 60;
      return talk;
    };

    test("ITIP-2.1.4-07 ITIP-3.2.2.7-01 RSVP=TRUE for all, a new DTSTAMP, the same SEQUENCE and nothing else", () => {
      const talk = answered();
      const before = leadingComponent(objectOf(talk, ann)).component;
      talk.act(ann, { kind: "ask-again" });
      expect(talk.letters()).toEqual(["REQUEST ann>clara 0", "REQUEST ann>ben 0"]);
      const sent = talk.mail[0]?.message;
      expect(linesOf(sent, "ATTENDEE")).toEqual([
        `;PARTSTAT=TENTATIVE;RSVP=TRUE:mailto:${clara}`,
        `;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:${ben}`,
      ]);
      const rest = (component: typeof before) =>
        component.properties.filter(({ name }) => name !== "ATTENDEE" && name !== "DTSTAMP");
      expect(sent && rest(leadingComponent(sent.object).component)).toEqual(rest(before));
      expect(linesOf(sent, "DTSTAMP")).toEqual([":20270302T120100Z"]);
    });

    test("ITIP-3.2.2.7-02 ITIP-3.4.2.5-01 who has answered answers again, by itself; who has not is asked", () => {
      const talk = answered();
      talk.act(ann, { kind: "ask-again" });
      const [toClara, toBen] = talk.mail;
      talk.mail = [];
      expect(talk.take(ben, received(toBen?.message as SchedulingMessage))).toMatchObject({
        kind: "applied",
        changes: [],
      });
      expect(talk.mail).toEqual([]);
      expect(talk.take(clara, received(toClara?.message as SchedulingMessage))).toMatchObject({
        kind: "applied",
        rule: "RFC 5546 §3.2.2.7",
        changes: [],
      });
      expect(talk.letters()).toEqual(["REPLY clara>ann 0"]);
      const reply = letter(talk);
      expect(linesOf(reply, "ATTENDEE")).toEqual([`;PARTSTAT=TENTATIVE:mailto:${clara}`]);
      expect(linesOf(reply, "COMMENT")).toEqual([":Perhaps"]);
      talk.deliver();
      expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara TENTATIVE"]);
    });

    test("one by name alone; one whose answer is to an older time is asked, and has nothing to say", () => {
      const talk = answered();
      talk.act(ann, { kind: "ask-again", attendees: [ben] });
      expect(talk.letters()).toEqual(["REQUEST ann>ben 0"]);
      talk.mail = [];
      talk.put(ann, request({ start: "20270309T090000Z" }).object);
      talk.deliver();
      talk.now += 60;
      talk.act(ann, { kind: "ask-again", attendees: [clara] });
      talk.take(clara, received(letter(talk)));
      expect(talk.letters()).toEqual(["REQUEST ann>clara 1"]);
    });

    test("once a day", () => {
      const talk = answered();
      const replies = [60, 60, 60, 86_400, 60].map((later) => {
        talk.now += later;
        talk.act(ann, { kind: "ask-again", attendees: [clara] });
        const poll = received(letter(talk));
        talk.mail = [];
        talk.take(clara, poll);
        const count = talk.mail.length;
        talk.mail = [];
        return count;
      });
      expect(replies).toEqual([1, 0, 0, 1, 0]);
    });

    test("not a guest, nor what does not take place", () => {
      const talk = answered();
      expect(talk.act(ann, { kind: "ask-again", attendees: [mallory] })).toMatchObject({ reason: "not-for-us" });
      expect(talk.act(clara, { kind: "ask-again" })).toMatchObject({ kind: "ignored", reason: "not-for-us" });
      talk.act(ann, { kind: "cancel" });
      expect(talk.act(ann, { kind: "ask-again" })).toMatchObject({ kind: "ignored", reason: "cancelled" });
    });
  });

  test("ITIP-3.4.3-02 what cannot be served is answered with a REQUEST-STATUS", () => {
    const lines = ["RRULE:FREQ=YEARLY;RSCALE=CHINESE;BYMONTH=1;BYMONTHDAY=1"];
    const outcome = receive(unknownState, request({ lines }), evidenceOf(ann), contextOf(clara));
    if (outcome.kind !== "rejected") throw new Error(outcome.kind);
    expect(outcome.messages?.map(({ method, object }) => [method, object.type])).toEqual([["REPLY", type]]);
    expect(linesOf(outcome.messages?.[0], "REQUEST-STATUS")[0]).toMatch(/^:3\.1;/);
  });

  test("ITIP-3.2.4-01 ITIP-3.4.4-03 an ADD is one Instance of that UID, as by an RDATE, with a higher SEQUENCE", () => {
    const talk = conversation();
    const starts = [{ kind: "utc", wall: Date.UTC(2027, 2, 30, 9) / 1_000 }] as const;
    expect(talk.act(ann, { kind: "add", starts })).toMatchObject({ kind: "ignored", reason: "unknown-uid" });
    talk.put(ann, request({ lines: ["RRULE:FREQ=DAILY;COUNT=3"] }).object);
    talk.deliver();
    talk.now += 60;
    talk.act(ann, { kind: "add", starts });
    expect([...talk.letters()].sort()).toEqual(["ADD ann>ben 1", "ADD ann>clara 1"]);
    const add = talk.mail[0]?.message;
    expect(linesOf(add, "UID")).toEqual([":one@example.test"]);
    expect(linesOf(add, "DTSTART")).toEqual([":20270330T090000Z"]);
    for (const name of ["RRULE", "RDATE", "RECURRENCE-ID"]) expect(linesOf(add, name)).toEqual([]);
    const own = talk.state(ann).object?.master?.component.properties ?? [];
    expect(own.filter(({ name }) => name === "RDATE").map(({ value }) => value)).toEqual(["20270330T090000Z"]);
    talk.deliver();
    expect([...(talk.state(clara).object?.overrides.keys() ?? [])]).toEqual(["20270330T090000Z"]);
  });

  test("ITIP-3.4.1-03 what is published is updated, added to and called off", () => {
    const yes = evidenceOf(ann, { confirmedByOwner: true });
    const times = { attendees: [], lines: ["RRULE:FREQ=DAILY;COUNT=3"] };
    const messages = [
      of({ ...times, method: "PUBLISH" }),
      of({ ...times, method: "PUBLISH", sequence: 1, summary: "Other" }),
      of({ method: "ADD", attendees: [], sequence: 2, start: "20270330T090000Z", end: "20270330T100000Z" }),
    ];
    let state = unknownState;
    for (const one of messages) state = applied(receive(state, one, yes, contextOf(clara))).state;
    if (!state.object) throw new Error("nothing was published");
    expect(objectComponents(state.object).map(({ key }) => key)).toEqual(["", "20270330T090000Z"]);
    expect(linesOf({ ...messages[0], object: state.object } as SchedulingMessage, "SUMMARY")).toEqual([":Other"]);
    const off = of({
      method: "CANCEL",
      attendees: [],
      sequence: 3,
      dtstamp: "20270301T100000Z",
      lines: ["STATUS:CANCELLED"],
    });
    const ended = applied(receive(state, off, yes, contextOf(clara))).state;
    const parts = ended.object ? objectComponents(ended.object) : [];
    expect(parts.map((one) => isCancelled(ended, one))).toEqual([true, true]);
  });

  test("ITIP-3.2.2.4-01 ITIP-4.2.11-01 another Organizer: the REQUEST names them, with a higher SEQUENCE", () => {
    const talk = invited();
    talk.now += 60;
    talk.act(ann, { kind: "hand-over", to: ben });
    const sent = talk.mail.find((each) => each.to === clara)?.message;
    expect(sent?.method).toBe("REQUEST");
    for (const [name, value] of [
      ["ORGANIZER", `:mailto:${ben}`],
      ["SEQUENCE", ":1"],
      ["UID", ":one@example.test"],
    ] as const) {
      expect(linesOf(sent, name)).toEqual([value]);
    }
  });

  test("ITIP-3.7.2-04 who is not on the list has it, is not answered for, and can answer as themselves", () => {
    const outcome = applied(receive(unknownState, request(), evidenceOf(ann), contextOf(emil)));
    expect(outcome.messages).toEqual([]);
    const { object } = outcome.state;
    expect(object && currentAnswer(outcome.state, leadingComponent(object), emil).partstat).toBe("NEEDS-ACTION");
    const said = applied(act(outcome.state, { kind: "answer", partstat: "DECLINED" }, contextOf(emil)));
    expect(linesOf(said.messages[0], "ATTENDEE")).toEqual([`;PARTSTAT=DECLINED:mailto:${emil}`]);
    expect(applied(schedule(unknownState, request().object, contextOf(ann))).messages.flatMap(to)).not.toContain(emil);
  });
});

function objectOf(talk: Conversation, owner: CalendarUserAddress): CalendarObject {
  const { object } = talk.state(owner);
  if (!object) throw new Error(`${owner} has nothing`);
  return object;
}

function to({ recipients }: SchedulingMessage): readonly CalendarUserAddress[] {
  return recipients;
}
