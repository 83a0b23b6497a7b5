import { type CalendarObject, schedule } from "@parley/engine";
import { describe, expect, test } from "vitest";
import { type Copy, contextAt, copies, emil } from "./copies.ts";
import { listOutcomes } from "./outcome-words.ts";
import { day, instance, key, several, stamp, weekly } from "./series.ts";
import { ben, clara, type EventText, mallory, message } from "./world.ts";

/** What the program of a copy's owner writes; nothing where the object is thrown away. */
type Row = readonly [name: string, written: CalendarObject | undefined];

const event = (over: Partial<EventText> = {}): CalendarObject => message({ method: "REQUEST", ...over }).object;
const others = `;RSVP=TRUE:mailto:${ben}`;
const saying = (partstat: string, ...lines: readonly string[]): CalendarObject =>
  event({ attendees: [`;PARTSTAT=${partstat}:mailto:${clara}`, others], lines });
const alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT5M", "END:VALARM"];

const ofEvent: readonly Row[] = [
  ["with an answer", saying("ACCEPTED")],
  ["with an answer and a word", saying("DECLINED", "COMMENT:Away", "X-RESPONSE-COMMENT:Away")],
  ["with an answer nobody knows", saying("PERHAPS")],
  ["with no answer", saying("NEEDS-ACTION")],
  [
    "with an alarm, and not in the way",
    event({ lines: ["TRANSP:TRANSPARENT", "CATEGORIES:Work", "COLOR:red", ...alarm] }),
  ],
  ["with another title", event({ summary: "Other" })],
  ["moved", event({ start: "20270311T090000Z", end: "20270311T100000Z" })],
  ["longer, with Emil for Ben", event({ end: "20270310T110000Z", attendees: [`:mailto:${clara}`, `:mailto:${emil}`] })],
  ["with a guest who answers here", event({ attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`, others] })],
  ["without guests", event({ attendees: [] })],
  ["without an Organizer", event({ organizer: null, attendees: [] })],
  ["of another Organizer", event({ organizer: mallory })],
  ["called off", event({ lines: ["STATUS:CANCELLED", "COMMENT:Sorry"] })],
  ["tentative", event({ lines: ["STATUS:TENTATIVE"] })],
  ["every week", event({ lines: ["RRULE:FREQ=WEEKLY;COUNT=3"] })],
  ["with an older SEQUENCE", event({ sequence: 0, dtstamp: "20260101T000000Z", lines: ["LOCATION:Room 5"] })],
  ["with what may not be sent", event({ lines: ["REQUEST-STATUS:2.0;Success", "URL:x", "PRIORITY:77"] })],
];

const parts = (...components: readonly (readonly string[])[]): CalendarObject => several("REQUEST", components).object;
const whole = [...weekly, ...stamp(0)];
const second = [...day("17", "14"), instance("17"), ...stamp(1, 1)];
const says = (partstat: string): string => `ATTENDEE;PARTSTAT=${partstat}:mailto:${clara}`;
const by = (lines: readonly string[], guests: readonly string[]): CalendarObject =>
  several("REQUEST", [[...lines, ...guests], second], { guests: [] }).object;

const ofSeries: readonly Row[] = [
  ["with an answer", by(whole, [says("ACCEPTED")])],
  ["with no guests of the whole", by(whole, [])],
  ["with an answer for the third", parts(whole, second, [...day("24"), instance("24"), ...stamp(2), says("DECLINED")])],
  [
    "with another answer for the second",
    several(
      "REQUEST",
      [
        [...whole, says("TENTATIVE")],
        [...second, says("ACCEPTED")],
      ],
      { guests: [] },
    ).object,
  ],
  ["without the third", parts([...whole, `EXDATE:${key("24")}`], second)],
  ["without the second", parts([...whole, `EXDATE:${key("17")}`])],
  ["without what is its own", parts(whole)],
  ["the second alone", parts(second)],
  ["an hour later", parts([...day("10", "10"), "RRULE:FREQ=WEEKLY;COUNT=5", ...stamp(0)])],
  ["shorter", parts([...day("10"), "RRULE:FREQ=WEEKLY;COUNT=2", ...stamp(0)], second)],
  ["with one more day", parts([...whole, "RDATE:20270312T090000Z"], second)],
  ["with an alarm for the second", parts(whole, [...second, ...alarm])],
  ["called off", parts([...whole, "STATUS:CANCELLED"], [...second, "STATUS:CANCELLED"])],
];

const task = (...lines: readonly string[]): CalendarObject => {
  const about = ["DTSTART:20270310T090000Z", "DUE:20270312T090000Z", "PRIORITY:5", ...stamp(0), ...lines];
  return several("REQUEST", [about], { type: "VTODO" }).object;
};

const ofTodo: readonly Row[] = [
  ["done", task("STATUS:COMPLETED", "COMPLETED:20270302T080000Z")],
  ["done, nobody says when", task("STATUS:COMPLETED")],
  ["half done", task("PERCENT-COMPLETE:50", "STATUS:IN-PROCESS")],
  ["begun", task("STATUS:IN-PROCESS")],
  ["elsewhere", task("LOCATION:Room 5")],
  ["called off", task("STATUS:CANCELLED")],
];

function rowsOf({ name, state }: Copy): readonly Row[] {
  const always: readonly Row[] = [
    ["as it is", state.object],
    ["thrown away", undefined],
  ];
  if (name.endsWith("series")) return [...always, ...ofSeries];
  return [...always, ...(name.endsWith("to-do") ? ofTodo : ofEvent)];
}

describe("what comes of what the owner's program writes", () => {
  test.each(copies)("to $name", async (copy) => {
    const outcomes = rowsOf(copy).map(
      ([name, written]) => [name, schedule(copy.state, written, contextAt(copy)), copy.state] as const,
    );
    await expect(listOutcomes(outcomes)).toMatchFileSnapshot(`./outcomes/write-${copy.name}.txt`);
  });
});
