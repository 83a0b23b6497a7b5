import { receive, type SchedulingMessage } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { contextAt, copies, emil, event, series, todo } from "./copies.ts";
import { counterText } from "./counter-world.ts";
import { listOutcomes } from "./outcome-words.ts";
import { day, instance, several, stamp, thisAndFuture, weekly } from "./series.ts";
import { address, ann, ben, clara, contextOf, type EventText, evidenceOf, mallory, message } from "./world.ts";

type Row = readonly [name: string, message: SchedulingMessage];

const newer = { sequence: 1, dtstamp: "20270302T100000Z" };
const guests = { accepted: `;PARTSTAT=ACCEPTED:mailto:${clara}`, declined: `;PARTSTAT=DECLINED:mailto:${clara}` };

function reply(attendees: readonly string[], over: Partial<EventText> = {}): SchedulingMessage {
  return message({ method: "REPLY", dtstamp: "20270302T100000Z", attendees, ...over });
}

const ofEvent: readonly Row[] = [
  ["the same REQUEST", event],
  ["a REQUEST that moves it", message({ method: "REQUEST", ...newer, start: "20270310T093000Z" })],
  ["a REQUEST with another place", message({ method: "REQUEST", dtstamp: newer.dtstamp, lines: ["LOCATION:Room 5"] })],
  ["an older REQUEST", message({ method: "REQUEST", dtstamp: "20270101T090000Z" })],
  ["a REQUEST without Clara", message({ method: "REQUEST", ...newer, attendees: [`;RSVP=TRUE:mailto:${ben}`] })],
  ["a REQUEST of another Organizer", message({ method: "REQUEST", ...newer, organizer: mallory })],
  [
    "a REQUEST with alarms and an answer of hers",
    message({ method: "REQUEST", ...newer, attendees: [guests.declined], lines: alarm() }),
  ],
  [
    "a REQUEST that breaks its table",
    message({ method: "REQUEST", ...newer, lines: ["SUMMARY:Twice", "REQUEST-STATUS:2.0;Success"] }),
  ],
  [
    "a REQUEST that hands the role over",
    message({
      method: "REQUEST",
      ...newer,
      organizer: clara,
      attendees: [
        `;PARTSTAT=ACCEPTED:mailto:${ann}`,
        `;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${emil}":mailto:${ben}`,
        `;PARTSTAT=TENTATIVE;DELEGATED-FROM="mailto:${ben}":mailto:${emil}`,
      ],
    }),
  ],
  ["a REQUEST without ORGANIZER", message({ method: "REQUEST", ...newer, organizer: null })],
  ["a PUBLISH", message({ method: "PUBLISH", ...newer, attendees: [] })],
  [
    "a REPLY",
    reply([guests.accepted], { lines: ["COMMENT:Fine", "REQUEST-STATUS:2.8;Success, repeating event ignored"] }),
  ],
  ["a REPLY that declines", reply([guests.declined])],
  [
    "a REPLY that could not",
    reply([guests.declined], { lines: ["REQUEST-STATUS:3.7;Invalid calendar user;ATTENDEE:x"] }),
  ],
  ["a REPLY to what is to come", reply([guests.accepted], { sequence: 7 })],
  ["a REPLY that delegates", reply([`;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${emil}":mailto:${clara}`])],
  ["a REPLY of a delegate", reply([`;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:${clara}":mailto:${emil}`])],
  ["a REPLY of nobody invited", reply([`;PARTSTAT=ACCEPTED:mailto:${emil}`], { lines: ["COMMENT:May I?"] })],
  ["a REPLY for a group", reply([`;PARTSTAT=ACCEPTED;MEMBER="mailto:${ben}":mailto:${emil}`])],
  ["a REPLY of two", reply([guests.accepted, `;PARTSTAT=ACCEPTED:mailto:${ben}`])],
  ["a REPLY without an answer", reply([`:mailto:${clara}`])],
  ["an ADD", message({ method: "ADD", ...newer, start: "20270312T090000Z", end: "20270312T100000Z" })],
  ["a CANCEL", message({ method: "CANCEL", ...newer, lines: ["COMMENT:Sorry", "STATUS:CANCELLED"] })],
  ["a CANCEL of Clara's part", message({ method: "CANCEL", ...newer, attendees: [`:mailto:${clara}`] })],
  ["a CANCEL of Ben's part", message({ method: "CANCEL", ...newer, attendees: [`:mailto:${ben}`] })],
  ["an older CANCEL", message({ method: "CANCEL", dtstamp: "20270101T090000Z" })],
  ["a REFRESH", message({ method: "REFRESH", attendees: [`:mailto:${clara}`] })],
  ["a REFRESH of nobody invited", message({ method: "REFRESH", attendees: [`:mailto:${emil}`] })],
  ["a COUNTER", counterText({ lines: ["COMMENT:Later?"] })],
  ["a COUNTER with an answer", counterText({ attendees: [guests.declined] })],
  ["an older COUNTER", counterText({ dtstamp: "20270101T090000Z" })],
  ["a COUNTER of nobody invited", counterText({ from: emil })],
  ["a COUNTER that changes nothing", counterText({ start: "20270310T090000Z", end: "20270310T100000Z" })],
  [
    "a DECLINECOUNTER",
    message({
      method: "DECLINECOUNTER",
      dtstamp: "20270302T120000Z",
      attendees: [`:mailto:${clara}`],
      lines: ["COMMENT:No"],
    }),
  ],
  [
    "a DECLINECOUNTER that could not",
    message({ method: "DECLINECOUNTER", dtstamp: "20270302T120000Z", lines: ["REQUEST-STATUS:3.1;Invalid value"] }),
  ],
];

function alarm(): readonly string[] {
  return ["TRANSP:TRANSPARENT", "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT5M", "END:VALARM"];
}

const answer = (partstat: string, from = clara) => `ATTENDEE;PARTSTAT=${partstat}:mailto:${from}`;
const said = (...lines: readonly string[]): SchedulingMessage => {
  const answered = several("REPLY", [[...lines, ...stamp(30)]], { guests: [] });
  return { ...answered, originator: clara };
};

const ofSeries: readonly Row[] = [
  ["the same REQUEST", series],
  ["a REQUEST of an Instance", several("REQUEST", [[...day("24", "11"), instance("24"), ...stamp(20, 2)]])],
  ["a REQUEST of an Instance it has not", several("REQUEST", [[...day("25"), instance("25"), ...stamp(20, 2)]])],
  ["a REQUEST of a range", several("REQUEST", [[...day("24", "11"), instance("24", thisAndFuture), ...stamp(20, 2)]])],
  ["a REQUEST that leaves one out", several("REQUEST", [[...weekly, "EXDATE:20270324T090000Z", ...stamp(20, 2)]])],
  ["a REQUEST with another rule", several("REQUEST", [[...day("10"), "RRULE:FREQ=WEEKLY;COUNT=2", ...stamp(20, 2)]])],
  [
    "a REQUEST that moves the series",
    several("REQUEST", [[...day("10", "12"), "RRULE:FREQ=WEEKLY;COUNT=5", ...stamp(20, 2)]]),
  ],
  [
    "a CANCEL of two Instances",
    several(
      "CANCEL",
      ["24", "31"].map((date) => [...day(date), instance(date), ...stamp(20, 2)]),
    ),
  ],
  ["a CANCEL of the moved one", several("CANCEL", [[...day("17"), instance("17"), ...stamp(20, 2), "COMMENT:Sorry"]])],
  ["a CANCEL of a range", several("CANCEL", [[...day("24"), instance("24", thisAndFuture), ...stamp(20, 2)]])],
  ["a CANCEL of what it has not", several("CANCEL", [[...day("25"), instance("25"), ...stamp(20, 2)]])],
  ["a CANCEL of all", several("CANCEL", [[...day("10"), ...stamp(20, 2)]])],
  ["an ADD", several("ADD", [[...day("12"), ...stamp(20, 2)]])],
  ["a REPLY to all", said(...day("10"), answer("ACCEPTED"))],
  ["a REPLY to an Instance", said(...day("24"), instance("24"), answer("DECLINED"), "COMMENT:Away")],
  ["a REPLY to the moved one", said(...day("17"), instance("17"), "SEQUENCE:1", answer("DECLINED"))],
  ["a REPLY to a range", said(...day("24"), instance("24", thisAndFuture), answer("TENTATIVE"))],
  ["a REPLY to what it has not", said(...day("25"), instance("25"), answer("DECLINED"))],
  [
    "a REPLY of nobody invited to an Instance",
    { ...said(...day("24"), instance("24"), answer("ACCEPTED", emil)), originator: emil },
  ],
  ["a REFRESH of an Instance", { ...several("REFRESH", [[instance("24"), ...stamp(30)]]), originator: clara }],
  [
    "a COUNTER to an Instance",
    { ...several("COUNTER", [[...day("24", "15"), instance("24"), ...stamp(30)]]), originator: clara },
  ],
  [
    "a COUNTER to the moved one",
    { ...several("COUNTER", [[...day("17", "15"), instance("17"), ...stamp(30, 1)]]), originator: clara },
  ],
  ["a DECLINECOUNTER of an Instance", several("DECLINECOUNTER", [[...day("24"), instance("24"), ...stamp(30)]])],
];

const task = (...lines: readonly string[]): SchedulingMessage => {
  const about = ["DTSTART:20270310T090000Z", "PRIORITY:5", ...stamp(30), ...lines];
  return { ...several("REPLY", [about], { type: "VTODO", guests: [] }), originator: clara };
};

const ofTodo: readonly Row[] = [
  ["the same REQUEST", todo],
  ["a REPLY that works on it", task(answer("IN-PROCESS"), "PERCENT-COMPLETE:40")],
  ["a REPLY that did it", task(answer("COMPLETED"), "PERCENT-COMPLETE:100", "COMPLETED:20270302T080000Z")],
  ["a REPLY with more than all", task(answer("IN-PROCESS"), "PERCENT-COMPLETE:400")],
  ["a CANCEL", several("CANCEL", [["DTSTART:20270310T090000Z", ...stamp(30, 1)]], { type: "VTODO" })],
  [
    "a PUBLISH",
    several("PUBLISH", [["DTSTART:20270310T090000Z", "PRIORITY:5", ...stamp(30, 1)]], { type: "VTODO", guests: [] }),
  ],
];

const journal = (method: "PUBLISH" | "ADD" | "CANCEL", lines: readonly string[]): SchedulingMessage =>
  several(method, [lines], { type: "VJOURNAL", guests: [] });

const ofJournal: readonly Row[] = [
  ["the same PUBLISH", journal("PUBLISH", ["DTSTART:20270310T090000Z", ...stamp(0)])],
  ["a newer PUBLISH", journal("PUBLISH", ["DTSTART:20270310T090000Z", "DESCRIPTION:More", ...stamp(5, 1)])],
  ["an ADD", journal("ADD", ["DTSTART:20270311T090000Z", ...stamp(5, 1)])],
  ["a CANCEL", journal("CANCEL", [...stamp(5, 1)])],
  ["an older CANCEL", journal("CANCEL", ["DTSTAMP:20270101T090000Z", "SEQUENCE:0"])],
];

function rowsOf(name: string): readonly Row[] {
  if (name === "journal") return ofJournal;
  if (name.endsWith("series")) return ofSeries;
  return name.endsWith("to-do") ? ofTodo : ofEvent;
}

describe("what becomes of each message", () => {
  test.each(copies)("at $name", async (copy) => {
    const { name, state } = copy;
    const context = contextAt(copy);
    const outcomes = rowsOf(name).map(([what, received]) => {
      return [what, receive(state, received, evidenceOf(received.originator), context), state] as const;
    });
    await expect(listOutcomes(outcomes)).toMatchFileSnapshot(`./outcomes/receive-${name}.txt`);
  });

  const group = address("team@example.test");
  const doubts = [
    ["of a stranger", (from: SchedulingMessage["originator"]) => evidenceOf(from, { relation: "stranger" })],
    ["that nothing proves", (from: SchedulingMessage["originator"]) => evidenceOf(from, { strength: "none" })],
    ["that fails its proof", (from: SchedulingMessage["originator"]) => evidenceOf(from, { strength: "weak" })],
    ["of somebody else", () => evidenceOf(mallory)],
    ["of a group", () => evidenceOf(group)],
    ["that came by a link", (from: SchedulingMessage["originator"]) => evidenceOf(from, { strength: "link" })],
    ["of nobody", () => evidenceOf(undefined)],
    ["that its owner has confirmed", () => evidenceOf(mallory, { confirmedByOwner: true })],
  ] as const;

  test.each(doubts)("%s", async (doubt, evidence) => {
    const some = copies.filter(({ name }) => ["nothing", "organizer-event", "attendee-event"].includes(name));
    const outcomes = some.flatMap(({ name, owner, state }) =>
      ofEvent.map(([what, received]) => {
        return [
          `${name}: ${what}`,
          receive(state, received, evidence(received.originator), contextOf(owner)),
          state,
        ] as const;
      }),
    );
    await expect(listOutcomes(outcomes)).toMatchFileSnapshot(`./outcomes/receive ${doubt}.txt`.replaceAll(" ", "-"));
  });
});
