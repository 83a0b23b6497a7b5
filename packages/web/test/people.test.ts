import type { EventView, QuestionView } from "@parley/server/contract";
import { expect, test } from "vitest";
import { awaitsDelivery, awaitsMail, soonAgainMs } from "../src/data/refresh.ts";
import { whyNoAnswer, whyNotAnswerable } from "../src/parts/no-answer.ts";
import { guestsOf, listedOf } from "../src/people.ts";
import { words } from "../src/words.ts";
import { makeEntry, makeEvent, makeGuest } from "./make-event.ts";

const addressesOf = (people: EventView["attendees"]) => people.map(({ address }) => address);
const uninvited = makeEvent({ answer: null });

test("the organizer is listed first and is no guest, however the address is written", () => {
  const event = makeEvent({ attendees: ["a@x.example", "JO@example.org", "b@x.example"].map((at) => makeGuest(at)) });
  expect(addressesOf([...guestsOf(event)])).toEqual(["a@x.example", "b@x.example"]);
  expect(addressesOf([...listedOf(event)])).toEqual(["JO@example.org", "a@x.example", "b@x.example"]);
  expect(guestsOf({ ...event, organizer: null })).toHaveLength(3);
});

test.each([
  ["who is not on the list", uninvited, words.event.notInvited],
  ["who is", makeEvent(), null],
  ["who organizes", makeEvent({ role: "organizer", answer: null }), null],
  ["whose event is cancelled", { ...uninvited, status: "CANCELLED" } as const, null],
])("there is a reason why somebody cannot answer: %s", (_, event, reason) => expect(whyNoAnswer(event)).toBe(reason));

test.each<[string, Partial<QuestionView>, string | null]>([
  ["forwarded to somebody not on the list", { event: uninvited }, words.event.notInvited],
  ["answerable", { event: makeEvent(), answerable: true }, null],
  ["not shown", { event: null }, words.card.notShown],
  ["cancelled", { event: { ...uninvited, status: "CANCELLED" } }, words.event.cancelledNote],
  ["no invitation", { event: uninvited, method: "CANCEL" }, null],
])("an invitation that cannot be answered says why: %s", (_, given, reason) => {
  const question: QuestionView = {
    id: "1",
    at: "2027-03-01T09:00:00Z",
    kind: "forwarded",
    suspicious: false,
    text: "",
    method: "REQUEST",
    from: "ann@example.org",
    evidence: "",
    warnings: [],
    event: null,
    answerable: false,
    ...given,
  };
  expect(whyNotAnswerable(question)).toBe(reason);
});

test("what waits to be sent is looked at again after 1, 2 and 4 seconds, and then no sooner than usual", () => {
  expect([0, 1, 2, 3].map(soonAgainMs)).toEqual([1_000, 2_000, 4_000, undefined]);
});

test.each([
  [["handed-over", "queued"], true],
  [["handed-over", "deferred", "refused"], false],
  [[null], false],
] as const)("deliveries %j are on their way: %s", (states, waits) => {
  const attendees = states.map((delivery, index) => makeGuest(`${index}@x.example`, { delivery }));
  expect(awaitsMail(makeEvent({ attendees }))).toBe(waits);
  const deliveries = states.map((state) => ({ recipient: "a@x.example", state: state ?? "", attempts: 0, detail: "" }));
  expect(awaitsDelivery({ entries: [makeEntry(), makeEntry({ deliveries })] })).toBe(waits);
});
