import { act, currentAnswer, leadingComponent, type Outcome, receive, schedule, unknownState } from "@parley/engine";
import { formatCalendar } from "@parley/engine/icalendar";
import { utc } from "@parley/engine/recurrence";
import { describeChanges } from "@parley/engine/sentences";
import { describe, expect, test } from "vitest";
import { address, ann, applied, ben, clara, contextOf, type EventText, evidenceOf, message, noon } from "./world.ts";

const dora = address("dora@partner.test");
const emil = address("emil@partner.test");
const guest = (who: string): string => `;RSVP=TRUE:mailto:${who}`;

function version(event: Partial<EventText>, guests: readonly string[]) {
  return message({ ...event, method: "REQUEST", attendees: guests.map(guest) }).object;
}

function told(outcome: Outcome) {
  return applied(outcome).messages.map(({ method, recipients, updates, object }) => ({
    method,
    sequence: leadingComponent(object).revision.sequence,
    to: [...recipients].sort(),
    updates: updates.map(({ name }) => name),
  }));
}

const first = applied(schedule(unknownState, version({}, [ben, clara, dora]), contextOf(ann)));
const answered = applied(
  receive(
    first.state,
    message({ method: "REPLY", attendees: [`;PARTSTAT=ACCEPTED:mailto:${ben}`], lines: ["COMMENT:my secret"] }),
    evidenceOf(ben),
    contextOf(ann),
  ),
).state;

describe("decision 0008: who is told what", () => {
  const moved = { start: "20270311T090000Z", end: "20270311T100000Z" };
  const all = [ben, clara, dora];
  const cancel = (who: readonly string[]) => ({ method: "CANCEL", sequence: 1, to: who, updates: [] });

  test.each([
    [
      "nothing but a word",
      version({ summary: "Other" }, all),
      [{ method: "REQUEST", sequence: 0, to: all, updates: ["SUMMARY"] }],
    ],
    ["another time", version(moved, all), [{ method: "REQUEST", sequence: 1, to: all, updates: ["DTSTART", "DTEND"] }]],
    ["one more guest", version({}, [...all, emil]), [{ method: "REQUEST", sequence: 0, to: [emil], updates: [] }]],
    ["one guest fewer", version({}, [ben, clara]), [cancel([dora])]],
    [
      "one more guest, and a word",
      version({ summary: "Other" }, [...all, emil]),
      [
        { method: "REQUEST", sequence: 0, to: [emil], updates: [] },
        { method: "REQUEST", sequence: 0, to: all, updates: ["SUMMARY"] },
      ],
    ],
    [
      "one guest fewer, and another time",
      version(moved, [ben, clara]),
      [cancel([dora]), { method: "REQUEST", sequence: 1, to: [ben, clara], updates: ["DTSTART", "DTEND"] }],
    ],
    ["nobody any more", version({}, []), [cancel(all)]],
  ])("%s", (_, after, want) => {
    expect(told(schedule(answered, after, contextOf(ann, noon + 60)))).toEqual(want);
  });

  test("the same again is nothing", () => {
    const outcome = schedule(answered, version({}, all), contextOf(ann, noon + 60));
    expect(outcome).toMatchObject({ kind: "ignored", reason: "nothing-changed" });
  });

  test("removing it tells all who know of it, once", () => {
    const outcome = schedule(answered, undefined, contextOf(ann, noon + 60));
    expect(told(outcome)).toEqual([cancel(all)]);
    expect(applied(outcome).state.object).toBeUndefined();
    const cancelled = applied(act(answered, { kind: "cancel" }, contextOf(ann, noon + 60))).state;
    expect(told(schedule(cancelled, undefined, contextOf(ann, noon + 120)))).toEqual([]);
  });
});

describe("what others get to see", () => {
  test("answers, but no comment of another guest and no alarm of the Organizer", () => {
    const alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:x", "END:VALARM"];
    const after = version({ summary: "Other", lines: alarm }, [ben, clara, dora]);
    const outcome = applied(schedule(answered, after, contextOf(ann, noon + 60)));
    const text = outcome.messages.map(({ calendar }) => formatCalendar(calendar)).join("");
    expect(text).toMatch(/ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@example.test/);
    expect(text).not.toContain("secret");
    expect(text).not.toContain("VALARM");
  });

  test("SCHEDULE-AGENT keeps a guest out of the mail, and never leaves", () => {
    const { object } = message({
      method: "REQUEST",
      attendees: [guest(ben), `;SCHEDULE-AGENT=CLIENT:mailto:${clara}`, `;SCHEDULE-AGENT=NONE:mailto:${dora}`],
    });
    const outcome = applied(schedule(unknownState, object, contextOf(ann)));
    expect(outcome.messages.map(({ recipients }) => recipients)).toEqual([[ben]]);
    expect(
      formatCalendar(outcome.messages[0]?.calendar ?? { name: "X", properties: [], components: [] }),
    ).not.toContain("SCHEDULE-AGENT");
  });
});

describe("an Attendee's copy", () => {
  const copy = applied(receive(unknownState, message({ method: "REQUEST" }), evidenceOf(ann), contextOf(clara))).state;

  test("of its owner's new version only their answer and their own part count; RFC 6638 §3.2.2.1", () => {
    const mine = message({
      method: "REQUEST",
      summary: "Mine now",
      attendees: [`;PARTSTAT=TENTATIVE:mailto:${clara}`, guest(ben)],
      lines: ["CATEGORIES:Work", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:x", "END:VALARM"],
    });
    const outcome = applied(schedule(copy, mine.object, contextOf(clara)));
    expect(told(outcome)).toEqual([{ method: "REPLY", sequence: 0, to: [ann], updates: [] }]);
    expect(outcome.state.object).toBe(copy.object);
    expect(outcome.state.own.written.get("")).toMatchObject({
      properties: [{ name: "CATEGORIES", value: "Work" }],
      alarms: [{ name: "VALARM" }],
    });
  });

  test("removing it declines it; removing it declined or cancelled tells nobody", () => {
    const removed = schedule(copy, undefined, contextOf(clara));
    expect(told(removed)).toEqual([{ method: "REPLY", sequence: 0, to: [ann], updates: [] }]);
    const declined = applied(act(copy, { kind: "answer", partstat: "DECLINED" }, contextOf(clara))).state;
    expect(told(schedule(declined, undefined, contextOf(clara)))).toEqual([]);
    const cancel = message({ method: "CANCEL", sequence: 1, lines: ["STATUS:CANCELLED"] });
    const cancelled = applied(receive(copy, cancel, evidenceOf(ann), contextOf(clara))).state;
    expect(told(schedule(cancelled, undefined, contextOf(clara)))).toEqual([]);
  });

  test.each([
    ["the Organizer answers", first.state, ann, { kind: "answer", partstat: "ACCEPTED" }, "not-for-us"],
    ["an Attendee calls it off", copy, clara, { kind: "cancel" }, "not-for-us"],
    ["somebody acts on nothing", unknownState, clara, { kind: "cancel" }, "unknown-uid"],
  ] as const)("%s: ignored", (_, state, owner, action, reason) => {
    expect(act(state, action, contextOf(owner))).toMatchObject({ kind: "ignored", reason });
  });

  test("an answer for a time in a zone whose VTIMEZONE is not fit to be sent leaves in UTC", () => {
    const odd = message({
      method: "REQUEST",
      start: "20270310T090000Z",
      lines: ["X-FILLER:1"],
    });
    const component = odd.object.master?.component;
    const properties = component?.properties.map((property) =>
      property.name === "DTSTART"
        ? { ...property, value: "20270310T100000", parameters: [{ name: "TZID", value: "Europe/Berlin" }] }
        : property,
    );
    const master = odd.object.master && {
      ...odd.object.master,
      component: { ...odd.object.master.component, properties: properties ?? [] },
    };
    const object = { ...odd.object, ...(master && { master }) };
    const outcome = applied(act({ ...copy, object }, { kind: "answer", partstat: "ACCEPTED" }, contextOf(clara)));
    const text = formatCalendar(outcome.messages[0]?.calendar ?? odd.calendar);
    expect(text).toContain("DTSTART:20270310T090000Z\r\n");
    expect(text).not.toContain("TZID");
  });

  test("who was not listed answers as themselves, and another's answer is not theirs", () => {
    const outcome = applied(act(copy, { kind: "answer", partstat: "ACCEPTED" }, contextOf(dora)));
    expect(formatCalendar(outcome.messages[0]?.calendar ?? { name: "X", properties: [], components: [] })).toContain(
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:dora@partner.test\r\n",
    );
    const leading = copy.object && leadingComponent(copy.object);
    expect(leading && currentAnswer(outcome.state, leading, clara).partstat).toBe("NEEDS-ACTION");
  });
});

describe("what is said of changes", () => {
  const viewer = { zone: utc, zones: () => undefined, names: new Map([[ben, "Ben\r\nBaker"]]) };
  const key = "";
  test.each([
    [
      [
        { kind: "property", key, name: "DTSTART", old: "20270310T090000Z", new: "20270311T090000Z" },
        { kind: "property", key, name: "DTEND", old: "20270310T100000Z", new: "20270311T103000Z" },
      ],
      ["Moved from Wednesday, 10 March 2027, 09:00–10:00 to Thursday, 11 March 2027, 09:00–10:30 (UTC)."],
    ],
    [[{ kind: "property", key, name: "LOCATION", new: "Room\\, 5" }], ["Place: Room, 5."]],
    [[{ kind: "property", key, name: "LOCATION", old: "Room 5" }], ["Place removed (it was Room 5)."]],
    [[{ kind: "cancelled", key, comment: "No\nmoney" }], ["Cancelled: “No money”"]],
    [
      [
        {
          kind: "participation",
          key,
          attendee: ben,
          old: "NEEDS-ACTION",
          new: "ACCEPTED",
          comment: "Yes.",
          outdated: true,
        },
      ],
      ["Ben Baker accepted (an answer to an older time, which does not count): “Yes.”"],
    ],
    [[{ kind: "attendee-added", key, attendee: clara }], ["clara@partner.test was added."]],
  ] as const)("%#", (changes, sentences) => {
    expect(describeChanges(changes, viewer)).toEqual(sentences);
  });

  test("is bounded in length and of one line, whatever a peer wrote", () => {
    const long = "a\n".repeat(100_000);
    const [sentence = ""] = describeChanges([{ kind: "cancelled", key, comment: long }], viewer);
    expect(sentence.length).toBeLessThan(300);
    expect(sentence).not.toContain("\n");
  });
});

test("a comment is kept up to its bound, on the way in and on the way out", () => {
  const limits = { ...contextOf(ann).limits, maxCommentLength: 10 };
  const reply = message({
    method: "REPLY",
    attendees: [`;PARTSTAT=ACCEPTED:mailto:${ben}`],
    lines: ["COMMENT:0123456789ABC"],
  });
  const recorded = applied(receive(first.state, reply, evidenceOf(ben), { ...contextOf(ann), limits })).state;
  expect([...recorded.participations.written.values()][0]?.comment).toBe("0123456789");
  const copy = applied(receive(unknownState, message({ method: "REQUEST" }), evidenceOf(ann), contextOf(clara))).state;
  const answer = { kind: "answer", partstat: "ACCEPTED", comment: "0123456789ABC" } as const;
  const said = applied(act(copy, answer, { ...contextOf(clara), limits })).state;
  expect([...said.participations.written.values()][0]?.comment).toBe("0123456789");
});

test("at most four senders are remembered for an object; decision 0004", () => {
  let state = unknownState;
  for (let sender = 0; sender < 6; sender++) {
    // Each is a forwarder the owner says yes to, while the object is still unknown to the copy.
    const from = address(`sender${sender}@mailhouse.test`);
    const request = message({ method: "REQUEST", sequence: sender });
    const { object: _removed, ...known } = state;
    state = applied(receive(known, request, evidenceOf(from, { confirmedByOwner: true }), contextOf(clara))).state;
  }
  expect(state.speakers).toHaveLength(4);
});
