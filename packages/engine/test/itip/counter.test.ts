import { act, allRegisters, leadingComponent, participationKey, receive } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import { applied, counterText, later, meeting, only, property, task, userOf, values } from "./counter-world.ts";
import { ann, ben, clara, contextOf, evidenceOf, message, noon } from "./world.ts";

describe("an Attendee proposes", () => {
  test("ITIP-3.2.7-01 ITIP-3.2.7-02 the COUNTER is the whole event with the proposal in its place", () => {
    const { guest } = meeting({ sequence: 0, lines: ["LOCATION:Room 1", "DESCRIPTION:What next", "PRIORITY:3"] });
    const outcome = applied(guest.act({ kind: "counter", changes: later, comment: "After lunch?" }));
    const counter = only(outcome.messages);
    expect(counter).toMatchObject({ method: "COUNTER", originator: clara, recipients: [ann] });
    expect(checkRestrictions(counter)).toEqual([]);
    expect(
      values(counter, "UID", "SEQUENCE", "ORGANIZER", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "COMMENT"),
    ).toEqual({
      UID: ["one@example.test"],
      SEQUENCE: ["0"],
      ORGANIZER: [`mailto:${ann}`],
      DTSTART: ["20270310T130000Z"],
      DTEND: ["20270310T140000Z"],
      SUMMARY: ["Planning"],
      LOCATION: ["Room 1"],
      COMMENT: ["After lunch?"],
    });
    expect(values(counter, "DESCRIPTION", "PRIORITY")).toEqual({ DESCRIPTION: ["What next"], PRIORITY: ["3"] });
  });

  test("decision 0021: it names its maker alone, who answers TENTATIVE, and the old times as Exchange does", () => {
    const { guest } = meeting();
    const counter = only(applied(guest.act({ kind: "counter", changes: later })).messages);
    const [attendee, ...others] = [...leadingComponent(counter.object).attendees.values()];
    expect(others).toEqual([]);
    expect(attendee).toMatchObject({ address: clara, partstat: "TENTATIVE", rsvp: false });
    expect(values(counter, "X-MS-OLK-ORIGINALSTART", "X-MS-OLK-ORIGINALEND")).toEqual({
      "X-MS-OLK-ORIGINALSTART": ["20270310T090000Z"],
      "X-MS-OLK-ORIGINALEND": ["20270310T100000Z"],
    });
  });

  test("ITIP-2.1-01 ITIP-3.2.3-07 another time is a COUNTER and never a REPLY, and the copy stays as it is", () => {
    const { guest } = meeting();
    const before = guest.state.object;
    const { messages, changes } = applied(guest.act({ kind: "counter", changes: later }));
    expect(messages.map(({ method }) => method)).toEqual(["COUNTER"]);
    expect(guest.state.object).toBe(before);
    expect(changes.map(({ kind }) => kind)).toEqual(["proposal", "participation"]);
    const proposal = allRegisters(guest.state.proposals).get(participationKey(clara, ""));
    expect(proposal).toMatchObject({ status: "open", counteredSequence: 0, at: noon });
  });

  test("ITIP-2.1.4-06 neither COUNTER nor DECLINECOUNTER raises SEQUENCE", () => {
    const { organizer, guest } = meeting({ sequence: 4 });
    const counter = only(applied(guest.act({ kind: "counter", changes: later })).messages);
    applied(organizer.receive(counter));
    const decline = only(applied(organizer.act({ kind: "decline-proposal", attendee: clara })).messages);
    expect([values(counter, "SEQUENCE"), values(decline, "SEQUENCE")]).toEqual([
      { SEQUENCE: ["4"] },
      { SEQUENCE: ["4"] },
    ]);
  });

  test("a start alone keeps the length, a DURATION replaces the end, an empty value asks to leave it out", () => {
    const { guest } = meeting({ lines: ["LOCATION:Room 1"] });
    const cases = [
      [[later[0]], { DTSTART: ["20270310T130000Z"], DTEND: ["20270310T140000Z"], DURATION: [], LOCATION: ["Room 1"] }],
      [
        [property("DURATION", "PT2H")],
        { DTSTART: ["20270310T090000Z"], DTEND: [], DURATION: ["PT2H"], LOCATION: ["Room 1"] },
      ],
      [
        [property("LOCATION", "")],
        { DTSTART: ["20270310T090000Z"], DTEND: ["20270310T100000Z"], DURATION: [], LOCATION: [""] },
      ],
    ] as const;
    for (const [changes, expected] of cases) {
      const outcome = guest.act({ kind: "counter", changes: changes.flatMap((each) => each ?? []) });
      expect(values(only(applied(outcome).messages), "DTSTART", "DTEND", "DURATION", "LOCATION")).toEqual(expected);
    }
  });

  test("a time in a zone the event does not use is said in the event's own form", () => {
    const { guest } = meeting();
    const start = { name: "DTSTART", parameters: [{ name: "TZID", value: "Europe/Berlin" }], value: "20270310T140000" };
    const counter = only(applied(guest.act({ kind: "counter", changes: [start] })).messages);
    expect(values(counter, "DTSTART")).toEqual({ DTSTART: ["20270310T130000Z"] });
  });

  test("two in one second have two DTSTAMPs, and the later one counts at the Organizer's, whichever comes first", () => {
    const { organizer, guest } = meeting();
    const first = only(applied(guest.act({ kind: "counter", changes: later })).messages);
    const second = only(applied(guest.act({ kind: "counter", changes: [property("LOCATION", "Roof")] })).messages);
    applied(organizer.receive(second));
    expect(organizer.receive(first)).toMatchObject({ kind: "ignored", reason: "superseded" });
    const { component } = allRegisters(organizer.state.proposals).get(participationKey(clara, "")) ?? {};
    expect(component?.properties.map(({ name }) => name)).toContain("LOCATION");
    expect(component?.properties.map(({ name }) => name)).not.toContain("DTSTART");
  });

  test("X-MICROSOFT-DISALLOW-COUNTER: none is sent, and of one that comes only the answer counts", () => {
    const { organizer, guest } = meeting({ lines: ["X-MICROSOFT-DISALLOW-COUNTER:TRUE"] });
    const refused = { kind: "ignored", rule: "decision 0021", reason: "no-counters" };
    expect(guest.act({ kind: "counter", changes: later })).toEqual(refused);
    expect(organizer.receive(counterText())).toEqual(refused);
    const answer = organizer.receive(counterText({ attendees: [`;PARTSTAT=DECLINED:mailto:${clara}`] }));
    expect(applied(answer).changes).toMatchObject([{ kind: "participation", attendee: clara, new: "DECLINED" }]);
    expect(organizer.state.proposals.stored.size).toBe(0);
  });

  test.each([
    ["what is as it is", [property("SUMMARY", "Planning"), property("DTSTART", "20270310T090000Z")], "nothing-changed"],
    [
      "what is the Organizer's alone",
      [property("STATUS", "CANCELLED"), property("ATTENDEE", "mailto:x@y.test")],
      "nothing-changed",
    ],
    ["nothing", [], "nothing-changed"],
  ])("nothing leaves that proposes %s", (_, changes, reason) => {
    expect(meeting().guest.act({ kind: "counter", changes })).toMatchObject({ kind: "ignored", reason });
  });

  test("nobody proposes to who publishes", () => {
    const guest = userOf(clara);
    const published = message({ method: "PUBLISH", attendees: [] });
    const outcome = receive(guest.state, published, evidenceOf(ann, { confirmedByOwner: true }), contextOf(clara));
    guest.state = applied(outcome).state;
    expect(guest.act({ kind: "counter", changes: later })).toMatchObject({
      rule: "RFC 5546 §3.2.1",
      reason: "not-for-us",
    });
  });

  test("nobody proposes to themselves, nor about an Instance there is not, nor about what is cancelled", () => {
    const { organizer, guest } = meeting();
    expect(organizer.act({ kind: "counter", changes: later })).toMatchObject({ reason: "not-for-us" });
    expect(guest.act({ kind: "accept-proposal", attendee: clara })).toMatchObject({ reason: "not-for-us" });
    expect(guest.act({ kind: "decline-proposal", attendee: clara })).toMatchObject({ reason: "not-for-us" });
    const nowhere = { kind: "counter", changes: later, key: "20280101T090000Z" } as const;
    expect(guest.act(nowhere)).toMatchObject({ reason: "unknown-uid" });
    const cancel = only(applied(organizer.act({ kind: "cancel" }, noon + 60)).messages);
    applied(guest.receive(cancel, ann, noon + 60));
    expect(guest.act({ kind: "counter", changes: later }, noon + 90)).toMatchObject({ reason: "cancelled" });
    expect(organizer.receive(counterText(), clara, noon + 90)).toMatchObject({ reason: "cancelled" });
  });
});

describe("the Organizer decides", () => {
  test("ITIP-2.1-02 a COUNTER changes nothing but what waits for the Organizer", () => {
    const { organizer, guest } = meeting();
    const { object, revisions } = organizer.state;
    const counter = only(applied(guest.act({ kind: "counter", changes: later, comment: "After lunch?" })).messages);
    const outcome = applied(organizer.receive(counter));
    expect(outcome.messages).toEqual([]);
    expect(outcome.state.object).toBe(object);
    expect(outcome.state.revisions).toBe(revisions);
    expect(outcome.changes).toMatchObject([
      { kind: "participation", attendee: clara, new: "TENTATIVE" },
      { kind: "proposal", attendee: clara, status: "open", comment: "After lunch?" },
    ]);
    expect(organizer.receive(counter)).toMatchObject({ kind: "ignored", reason: "duplicate" });
  });

  test("ITIP-3.2.7-03 ITIP-3.2.7-04 taking it up sends all guests the REQUEST with the next SEQUENCE", () => {
    const { organizer, guest } = meeting();
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: later })).messages)));
    const outcome = applied(organizer.act({ kind: "accept-proposal", attendee: clara }, noon + 60));
    const request = only(outcome.messages);
    expect(request.method).toBe("REQUEST");
    expect([...request.recipients].sort()).toEqual([ben, clara]);
    expect(checkRestrictions(request)).toEqual([]);
    expect(values(request, "SEQUENCE", "DTSTART", "DTEND", "SUMMARY")).toEqual({
      SEQUENCE: ["1"],
      DTSTART: ["20270310T130000Z"],
      DTEND: ["20270310T140000Z"],
      SUMMARY: ["Planning"],
    });
    expect(outcome.changes[0]).toMatchObject({ kind: "proposal", attendee: clara, status: "accepted" });
    expect(leadingComponent(request.object).attendees.size).toBe(2);
    expect(organizer.act({ kind: "accept-proposal", attendee: clara })).toMatchObject({ reason: "no-proposal" });
    expect(organizer.act({ kind: "decline-proposal", attendee: clara })).toMatchObject({ reason: "no-proposal" });
  });

  test("RFC 5546 §4.2.4: SEQUENCE rises also where only the place is another", () => {
    const { organizer, guest } = meeting();
    const changes = [property("LOCATION", "Blue Room")];
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes })).messages)));
    const request = only(applied(organizer.act({ kind: "accept-proposal", attendee: clara })).messages);
    expect(values(request, "SEQUENCE", "LOCATION", "DTSTART")).toEqual({
      SEQUENCE: ["1"],
      LOCATION: ["Blue Room"],
      DTSTART: ["20270310T090000Z"],
    });
  });

  test("ITIP-3.2.7-03 ITIP-3.2.8-01 ITIP-3.2.8-02 declining tells its maker alone, with UID and SEQUENCE of the COUNTER", () => {
    const { organizer, guest } = meeting();
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: later })).messages)));
    const { object } = organizer.state;
    const told = { kind: "decline-proposal", attendee: clara, comment: "The room is taken" } as const;
    const decline = only(applied(organizer.act(told, noon + 60)).messages);
    expect(decline).toMatchObject({ method: "DECLINECOUNTER", originator: ann, recipients: [clara] });
    expect(checkRestrictions(decline)).toEqual([]);
    expect(values(decline, "UID", "SEQUENCE", "ATTENDEE", "COMMENT", "DTSTART")).toEqual({
      UID: ["one@example.test"],
      SEQUENCE: ["0"],
      ATTENDEE: [`mailto:${clara}`],
      COMMENT: ["The room is taken"],
      DTSTART: ["20270310T090000Z"],
    });
    expect(organizer.state.object).toBe(object);
    const outcome = applied(guest.receive(decline, ann, noon + 61));
    expect(outcome.changes).toEqual([
      { kind: "proposal", key: "", attendee: clara, status: "declined", updates: [], comment: "The room is taken" },
    ]);
    expect(guest.receive(decline, ann, noon + 62)).toMatchObject({ kind: "ignored", reason: "duplicate" });
  });

  test("one who acts for the Organizer is named in SENT-BY of the DECLINECOUNTER", () => {
    const { organizer } = meeting();
    applied(organizer.receive(counterText()));
    const outcome = act(
      organizer.state,
      { kind: "decline-proposal", attendee: clara },
      { ...contextOf(ann), actor: ben },
    );
    const decline = only(applied(outcome).messages);
    expect(leadingComponent(decline.object).organizer).toMatchObject({ address: ann, sentBy: ben });
  });

  test("what the Organizer has decided stays decided, until its maker proposes anew", () => {
    const { organizer, guest } = meeting();
    const counter = only(applied(guest.act({ kind: "counter", changes: later })).messages);
    applied(organizer.receive(counter));
    applied(organizer.act({ kind: "decline-proposal", attendee: clara }));
    expect(organizer.receive(counter)).toMatchObject({ kind: "ignored", reason: "duplicate" });
    const again = only(
      applied(guest.act({ kind: "counter", changes: [property("LOCATION", "Roof")] }, noon + 60)).messages,
    );
    applied(organizer.receive(again, clara, noon + 60));
    applied(organizer.act({ kind: "accept-proposal", attendee: clara }, noon + 120));
  });
});

describe("a DECLINECOUNTER arrives", () => {
  const proposed = () => {
    const { organizer, guest } = meeting();
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: later })).messages)));
    const decline = only(applied(organizer.act({ kind: "decline-proposal", attendee: clara })).messages);
    return { organizer, guest, decline };
  };

  test("where nothing was proposed it is ignored", () => {
    const { decline } = proposed();
    expect(meeting().guest.receive(decline)).toMatchObject({ kind: "ignored", reason: "no-proposal" });
  });

  test("of an earlier proposal it does not decline a later one", () => {
    const { guest, decline } = proposed();
    applied(guest.act({ kind: "counter", changes: [property("LOCATION", "Roof")] }, noon + 60));
    expect(guest.receive(decline, ann, noon + 61)).toMatchObject({ kind: "ignored", reason: "superseded" });
  });

  test("at the Organizer's own copy, and where nothing is known, it is ignored", () => {
    const { organizer, decline } = proposed();
    expect(organizer.receive(decline, ann)).toMatchObject({ reason: "not-for-us" });
  });
});

describe("a to-do", () => {
  test("ITIP-3.4.7-01 the COUNTER is the whole to-do, with the PRIORITY its table wants", () => {
    const { organizer, guest } = task();
    const changes = [property("DUE", "20270315T170000Z")];
    const counter = only(applied(guest.act({ kind: "counter", changes })).messages);
    expect(checkRestrictions(counter)).toEqual([]);
    expect(values(counter, "DUE", "DTSTART", "SUMMARY", "PRIORITY", "UID")).toEqual({
      DUE: ["20270315T170000Z"],
      DTSTART: ["20270310T090000Z"],
      SUMMARY: ["Write it up"],
      PRIORITY: ["5"],
      UID: ["one@example.test"],
    });
    expect(applied(organizer.receive(counter)).changes.at(-1)).toMatchObject({
      kind: "proposal",
      updates: [{ name: "DUE", old: "20270312T170000Z", new: "20270315T170000Z" }],
    });
  });

  test("ITIP-3.4.7-02 taking it up sends the REQUEST to all guests", () => {
    const { organizer, guest } = task();
    const changes = [property("DUE", "20270315T170000Z")];
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes })).messages)));
    const request = only(applied(organizer.act({ kind: "accept-proposal", attendee: clara })).messages);
    expect(values(request, "DUE", "SEQUENCE")).toEqual({ DUE: ["20270315T170000Z"], SEQUENCE: ["1"] });
    expect([...request.recipients].sort()).toEqual([ben, clara]);
  });

  test("ITIP-3.4.8-01 declining tells its maker alone, with UID and SEQUENCE", () => {
    const { organizer, guest } = task();
    const changes = [property("SUMMARY", "Write it down")];
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes })).messages)));
    const decline = only(applied(organizer.act({ kind: "decline-proposal", attendee: clara })).messages);
    expect(checkRestrictions(decline)).toEqual([]);
    expect(decline.recipients).toEqual([clara]);
    expect(values(decline, "UID", "SEQUENCE")).toEqual({ UID: ["one@example.test"], SEQUENCE: ["0"] });
    expect(applied(guest.receive(decline, ann)).changes).toMatchObject([{ kind: "proposal", status: "declined" }]);
  });

  test("without PRIORITY the COUNTER says that there is none", () => {
    const { guest } = task();
    const { object } = guest.state;
    const { master } = object ?? {};
    if (!object || !master) throw new Error("no to-do");
    const properties = master.component.properties.filter(({ name }) => name !== "PRIORITY");
    guest.state = {
      ...guest.state,
      object: { ...object, master: { ...master, component: { ...master.component, properties } } },
    };
    const counter = only(applied(guest.act({ kind: "counter", changes: [property("SUMMARY", "No")] })).messages);
    expect(checkRestrictions(counter)).toEqual([]);
    expect(values(counter, "PRIORITY")).toEqual({ PRIORITY: ["0"] });
  });
});
