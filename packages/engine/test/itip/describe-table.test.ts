import { type Change, masterKey, type Outcome, type Question } from "@parley/engine";
import { english, german, languageOf } from "@parley/engine/languages";
import { describeChanges, describeOutcome, describeQuestion } from "@parley/engine/sentences";
import { expect, test } from "vitest";
import { maxRuleLength } from "../../src/limits.ts";
import { makeRequestStatus } from "../../src/model/request-status.ts";
import { changed, viewer } from "./describe-samples.ts";
import { ann, ben } from "./world.ts";

const key = masterKey;
/** An hour on a Wednesday, moved by a day. */
const start = changed("DTSTART", "20270310T090000Z", "20270311T140000Z");
const end = changed("DTEND", "20270310T100000Z", "20270311T150000Z");
const move = [start, end];
const proposal = { kind: "proposal", key, attendee: ben, status: "open" } as const;
const answer = { kind: "participation", key, attendee: ben, old: "NEEDS-ACTION", new: "ACCEPTED" } as const;
const [startTo, endTo] = [
  changed("DTSTART", undefined, "20270311T140000Z"),
  changed("DTEND", undefined, "20270311T150000Z"),
];
const wish = changed("LOCATION", undefined, "Room 5");
const rule = "FREQ=DAILY;UNTIL=20270504T220000Z";

/** What is said of changes in English, one sentence a change. */
const table: readonly (readonly [name: string, changes: readonly Change[], ...sentences: string[]])[] = [
  ["a start alone", [start], "Start: Thursday, 11 March 2027, 15:00 (it was Wednesday, 10 March 2027, 10:00)."],
  ["an end alone", [end], "End: Thursday, 11 March 2027, 16:00 (it was Wednesday, 10 March 2027, 11:00)."],
  [
    "a start, and the end of an Instance",
    [start, { ...changed("DTEND", "20270317T100000Z", "20270317T110000Z"), key: "20270317T090000Z" }],
    "Start: Thursday, 11 March 2027, 15:00 (it was Wednesday, 10 March 2027, 10:00).",
    "Wednesday, 17 March 2027, 10:00: end: Wednesday, 17 March 2027, 12:00 (it was Wednesday, 17 March 2027, 11:00).",
  ],
  [
    "an end before its start",
    [...move].reverse(),
    "Moved from Wednesday, 10 March 2027, 10:00–11:00 to Thursday, 11 March 2027, 15:00–16:00 (Europe/Berlin).",
  ],
  [
    "a due date that moves with its start",
    [changed("DTSTART", "20270310", "20270311"), changed("DUE", "20270312", "20270313")],
    "Moved from Wednesday, 10 March 2027 – Thursday, 11 March 2027 to Thursday, 11 March 2027 – Friday, 12 March 2027.",
  ],
  [
    "times there were none of",
    [startTo, endTo],
    "Start: Thursday, 11 March 2027, 15:00.",
    "End: Thursday, 11 March 2027, 16:00.",
  ],
  [
    "times that cannot be read",
    [changed("DTSTART", "20270310T090000Z", "soon"), changed("DTEND", "20270310T100000Z", "later")],
    "Start: soon (it was Wednesday, 10 March 2027, 10:00).",
    "End: later (it was Wednesday, 10 March 2027, 11:00).",
  ],
  [
    "times that could not be read",
    [changed("DTSTART", "soon", "20270311T140000Z"), changed("DTEND", "later", "20270311T150000Z")],
    "Start: Thursday, 11 March 2027, 15:00 (it was soon).",
    "End: Thursday, 11 March 2027, 16:00 (it was later).",
  ],
  [
    "a start that goes with its end",
    [changed("DTSTART", "20270310T090000Z"), changed("DTEND", "20270310T100000Z")],
    "Start removed (it was Wednesday, 10 March 2027, 10:00).",
    "End removed (it was Wednesday, 10 March 2027, 11:00).",
  ],
  ["an answer without notes", [{ ...answer, outdated: false }], "Ben accepted."],
  [
    "an answer that comes late",
    [{ ...answer, outdated: true }],
    "Ben accepted (an answer to an older time, which does not count).",
  ],
  [
    "half of it",
    [{ ...answer, outdated: false, new: "IN-PROCESS", percentComplete: 50 }],
    "Ben is working on it (50 %).",
  ],
  [
    "what a calendar says to it",
    [{ ...answer, outdated: false, requestStatus: makeRequestStatus("2.8") }],
    "Ben accepted (their calendar says: Success; repeating event ignored. Scheduled as a single component).",
  ],
  [
    "all notes at once",
    [
      {
        ...answer,
        outdated: true,
        percentComplete: 0,
        range: "this-and-future",
        requestStatus: makeRequestStatus("3.1", "X"),
      },
    ],
    "Ben accepted (0 %; for this time and all after; an answer to an older time, which does not count; their calendar says: Invalid property value).",
  ],
  [
    "a proposal of times",
    [{ ...proposal, updates: move }],
    "Ben proposes Thursday, 11 March 2027, 15:00–16:00 (Europe/Berlin) instead of Wednesday, 10 March 2027, 10:00–11:00 (Europe/Berlin).",
  ],
  [
    "a proposal of times and a place",
    [{ ...proposal, updates: [wish, ...move] }],
    "Ben proposes Thursday, 11 March 2027, 15:00–16:00 (Europe/Berlin) instead of Wednesday, 10 March 2027, 10:00–11:00 (Europe/Berlin); place: Room 5.",
  ],
  [
    "a proposal of times where there were none",
    [{ ...proposal, updates: [startTo, endTo] }],
    "Ben proposes Thursday, 11 March 2027, 15:00–16:00 (Europe/Berlin).",
  ],
  [
    "a proposal of a start alone",
    [{ ...proposal, updates: [start, wish] }],
    "Ben proposes start: Thursday, 11 March 2027, 15:00 instead of Wednesday, 10 March 2027, 10:00; place: Room 5.",
  ],
  [
    "a proposal of an end alone",
    [{ ...proposal, updates: [wish, end] }],
    "Ben proposes place: Room 5; end: Thursday, 11 March 2027, 16:00 instead of Wednesday, 10 March 2027, 11:00.",
  ],
  [
    "a proposal that takes a place away",
    [{ ...proposal, updates: [changed("LOCATION", "Room 5")] }],
    "Ben proposes place: none instead of Room 5.",
  ],
  ["a proposal of nothing", [{ ...proposal, updates: [] }], "Ben proposes no change."],
  [
    "an Organizer by address",
    [changed("ORGANIZER", `mailto:${ben}`, `mailto:${ann}`)],
    "Organizer: ann@example.test (it was Ben).",
  ],
  [
    "an Organizer without an address",
    [changed("ORGANIZER", `mailto:${ben}`, "nobody")],
    "Organizer: nobody (it was Ben).",
  ],
  ["a status with spaces", [changed("STATUS", undefined, " CONFIRMED ")], "Status: confirmed."],
  ["a status there is not", [changed("STATUS", undefined, "constructor")], "Status: constructor."],
  ["a length of minutes", [changed("DURATION", undefined, "PT10H10M")], "Length: 10:10 h."],
  ["a length of nothing", [changed("DURATION", undefined, "PT0S")], "Length: 0:00 h."],
  ["a length of less than nothing", [changed("DURATION", "-PT1H", "PT0H30M")], "Length: 0:30 h (it was -PT1H)."],
  ["a length of seconds", [changed("DURATION", "PT1S", "PT1M1S")], "Length: PT1M1S (it was PT1S)."],
  [
    "a rule until a time in the viewer's zone",
    [changed("RRULE", undefined, rule)],
    "Repetition: every day until 5 May 2027.",
  ],
  [
    "a time in a zone",
    [changed("DUE", undefined, "TZID=Europe/London:20270310T090000")],
    "Due: Wednesday, 10 March 2027, 10:00.",
  ],
  [
    "a time in a quoted zone",
    [changed("DUE", undefined, 'TZID="Europe/London":20270310T090000')],
    "Due: Wednesday, 10 March 2027, 10:00.",
  ],
  [
    "a time after what is no zone",
    [changed("DUE", undefined, "XTZID=Europe/London:20270310T090000")],
    "Due: XTZID=Europe/London:20270310T090000.",
  ],
  ["dates, of which one is none", [changed("RDATE", undefined, "20270310,soon")], "Extra dates: 20270310,soon."],
];

test.each(table.map(([name, changes, ...sentences]) => ({ name, changes, sentences })))(
  "$name",
  ({ changes, sentences }) => {
    expect(describeChanges(changes, viewer)).toEqual(sentences);
  },
);

test("a rule is read up to its bound, and is said as it is written beyond", () => {
  const ruleOf = (length: number) => {
    const begin = "FREQ=DAILY;INTERVAL=";
    return `${begin}${"2".padStart(length - begin.length, "0")}`;
  };
  const said = (length: number) => describeChanges([changed("RRULE", undefined, ruleOf(length))], viewer)[0];
  expect(said(maxRuleLength)).toBe("Repetition: every 2 days.");
  expect(said(maxRuleLength + 1)).toMatch(/^Repetition: FREQ=DAILY;INTERVAL=0+/);
});

test("who sees it without names calls people by their addresses", () => {
  const { names: _names, ...nameless } = viewer;
  expect(describeChanges([{ kind: "attendee-added", key, attendee: ben }], nameless)).toEqual([
    "ben@example.test was added.",
  ]);
});

const uninvited: Question = { kind: "uninvited-reply", from: ann, partstat: "ACCEPTED" };
const applied = { kind: "applied", rule: "RFC 5546 §3", messages: [], tolerated: [] };
const refused: Outcome = {
  kind: "rejected",
  rule: "RFC 5546 §3",
  status: makeRequestStatus("3.11", "DTSTAMP"),
  violations: [],
};

test.each<[name: string, said: () => string, sentence: RegExp]>([
  [
    "changes",
    () => describeOutcome({ ...applied, changes: move } as unknown as Outcome),
    /^Taken into the calendar\.$/,
  ],
  [
    "no change",
    () => describeOutcome({ ...applied, changes: [] } as unknown as Outcome),
    /^Confirmed; nothing in the cal/,
  ],
  ["a refusal", () => describeOutcome(refused), /^Refused \(3\.11 Required component or property missing\)/],
  ["a refusal in German", () => describeOutcome(refused, german), /^Abgelehnt \(3\.11\): Etwas Notwendiges f/],
  ["a stranger", () => describeQuestion({ kind: "stranger", from: ann }), /^ann@example\.test has not written/],
  ["a stranger without an address", () => describeQuestion({ kind: "stranger" }), /^Somebody has not written/],
  ["an uninvited answer", () => describeQuestion(uninvited), /but was not invited\. Add/],
  [
    "an uninvited answer to one time",
    () => describeQuestion({ ...uninvited, key: "20270310T090000Z" }),
    /but was not invited to that time\. Add/,
  ],
])("%s", (_name, said, sentence) => {
  expect(said()).toMatch(sentence);
});

test.each([
  ["de", german],
  ["DE-AT", german],
  ["x-de", english],
  ["1de", english],
  ["", english],
  ["constructor", english],
])("the language of %j", (locale, language) => {
  expect(languageOf(locale)).toBe(language);
});
