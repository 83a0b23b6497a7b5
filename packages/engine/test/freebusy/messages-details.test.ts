import { requestFreeBusy } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { ann, ben, clara, contextOf, mallory } from "../itip/world.ts";
import { answer, ask, linesOf, message, oneHour, range, take, uid, window } from "./messages-helpers.ts";

const bySecretary = message("REQUEST", ben, [
  "UID:a@example.test",
  `ORGANIZER;SENT-BY="mailto:${ann}":mailto:${ben}`,
  `ATTENDEE:mailto:${ann}`,
  ...window,
]);

describe("what is sent", () => {
  test.each([
    ["the owner", ben, `ORGANIZER:mailto:${ben}`],
    ["a secretary", clara, `ORGANIZER;SENT-BY="mailto:${clara}":mailto:${ben}`],
  ])("by %s", (_, actor, organizer) => {
    const sent = requestFreeBusy({ uid, attendees: [ann], range }, { ...contextOf(ben), actor });
    expect(linesOf(sent)).toContain(organizer);
    expect(sent.object.type).toBe("VFREEBUSY");
  });
});

describe("what is not served", () => {
  test.each([
    [
      "a REQUEST for somebody else",
      message("REQUEST", ben, ask),
      clara,
      { rule: "RFC 5546 §3.3.2", reason: "not-for-us" },
    ],
    [
      "a REQUEST of no range",
      message("REQUEST", ben, [...ask.slice(0, 3), "DTSTART:20270312T000000Z", "DTEND:20270310T000000Z"]),
      ann,
      { rule: "RFC 5546 §3.6.6", status: { code: [3, 5], exception: "DTEND" }, violations: [] },
    ],
    [
      "a REPLY to somebody else",
      message("REPLY", ben, [...answer, ...window, oneHour]),
      clara,
      { rule: "RFC 5546 §3.3.3", reason: "not-for-us" },
    ],
  ])("%s", (_, one, owner, outcome) => {
    expect(take(one, contextOf(owner), ben)).toMatchObject(outcome);
  });
});

test.each([
  ["its Organizer", ben, true],
  ["who acts for them", ann, true],
  ["somebody else", mallory, false],
])("a REQUEST is proven where it comes from %s", (_, from, isProven) => {
  expect(take(bySecretary, contextOf(ann), from)).toMatchObject({ question: { kind: "free-busy-request", isProven } });
});
