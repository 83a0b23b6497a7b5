import {
  type Action,
  act,
  type CalendarObject,
  defaultPolicy,
  type Method,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../src/limits.ts";
import { type Copy, contextAt, emil, event } from "./copies.ts";
import { said } from "./organize-helpers.ts";
import { listOutcomes } from "./outcome-words.ts";
import { applied, day, instance, key, several, stamp, thisAndFuture, weekly } from "./series.ts";
import { address, ann, ben, clara, contextOf, evidenceOf, mallory, message, noon } from "./world.ts";

/** Copies that are told apart by what few objects have: zones, days, ranges, Instances of some guests, and what was left out. */
const guests = (...who: readonly string[]): readonly string[] => who.map((one) => `ATTENDEE;RSVP=TRUE:mailto:${one}`);
const both = guests(clara, ben);
const london = [
  "BEGIN:VTIMEZONE",
  "TZID:Europe/London",
  "BEGIN:STANDARD",
  "DTSTART:19961027T020000",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0000",
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
  "END:STANDARD",
  "BEGIN:DAYLIGHT",
  "DTSTART:19810329T010000",
  "TZOFFSETFROM:+0000",
  "TZOFFSETTO:+0100",
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
  "END:DAYLIGHT",
  "END:VTIMEZONE",
];

function sent(method: Method, parts: readonly (readonly string[])[], timezones: readonly string[] = []) {
  return several(method, parts, { guests: [], timezones });
}

function organizes(object: CalendarObject, then: readonly CalendarObject[] = []): SchedulingState {
  return [object, ...then].reduce(
    (state, one, at) => settleState(applied(schedule(state, one, contextOf(ann, noon - 600 + at))).state),
    unknownState,
  );
}

function has(...messages: readonly SchedulingMessage[]): SchedulingState {
  return messages.reduce((state, one, at) => {
    const evidence = evidenceOf(one.originator, { confirmedByOwner: true });
    return settleState(applied(receive(state, one, evidence, contextOf(clara, noon - 300 + at))).state);
  }, unknownState);
}

const whole = [...weekly, ...both, ...stamp(0)];
const second = [...day("17", "14"), instance("17"), ...both, ...stamp(1, 1)];
const rest = [...day("24", "11"), instance("24", thisAndFuture), ...both, ...stamp(2, 2)];
const fourth = [...day("31", "15"), instance("31"), ...both, ...stamp(3, 3)];
const calledOff = sent("CANCEL", [[...day("24"), instance("24"), ...both, ...stamp(5, 4)]]);
const days = (date: string, to: string): readonly string[] => [
  `DTSTART;VALUE=DATE:202703${date}`,
  `DTEND;VALUE=DATE:202703${to}`,
];
const local = (date: string, hour: string): readonly string[] => [
  `DTSTART;TZID=Europe/London:202703${date}T${hour}0000`,
  "DURATION:PT1H",
];
const refusing = (guest: string) =>
  message({
    method: "REPLY",
    uid: "series@example.test",
    attendees: [`;PARTSTAT=ACCEPTED:mailto:${guest}`],
    lines: ["REQUEST-STATUS:3.14;Unsupported capability;METHOD:ADD"],
  });

function answeredBy(state: SchedulingState, ...replies: readonly SchedulingMessage[]): SchedulingState {
  return replies.reduce(
    (next, one) =>
      settleState(applied(receive(next, one, evidenceOf(one.originator), contextOf(ann, noon - 300))).state),
    state,
  );
}

const atClara: readonly Copy[] = [
  { name: "one-called-off", owner: clara, state: has(sent("REQUEST", [whole, second]), calledOff) },
  { name: "ranges", owner: clara, state: has(sent("REQUEST", [whole, second, rest, fourth])) },
  {
    name: "not-on-the-second",
    owner: clara,
    state: has(sent("REQUEST", [whole, [...day("17", "14"), instance("17"), ...guests(ben), ...stamp(1, 1)], fourth])),
  },
  { name: "two-alone", owner: clara, state: has(sent("REQUEST", [second, fourth])) },
  {
    name: "two-alone-of-which-one-is-called-off",
    owner: clara,
    state: has(sent("REQUEST", [second, [...day("24"), instance("24"), ...both, ...stamp(3, 3)]]), calledOff),
  },
  { name: "forwarded", owner: clara, state: has(sent("REQUEST", [[...weekly, ...guests(ben), ...stamp(0)], fourth])) },
  {
    name: "days",
    owner: clara,
    state: has(sent("REQUEST", [[...days("10", "11"), "RRULE:FREQ=DAILY;COUNT=4", ...both, ...stamp(0)]])),
  },
];

const limits = { ...defaultLimits, maxCommentLength: 20 };
const words = "far more than may be said";
const atAttendee: readonly (readonly [string, Action])[] = [
  ["answer", { kind: "answer", partstat: "ACCEPTED" }],
  ["answer with too many words", { kind: "answer", partstat: "ACCEPTED", comment: `  ${words}` }],
  ["answer with none", { kind: "answer", partstat: "DECLINED", comment: "  " }],
  ["answer to the first", { kind: "answer", partstat: "DECLINED", key: key("10") }],
  ["answer to the second", { kind: "answer", partstat: "DECLINED", key: key("17") }],
  ["answer to the third", { kind: "answer", partstat: "DECLINED", key: key("24") }],
  ["answer from the third on", { kind: "answer", partstat: "TENTATIVE", key: key("24"), range: "this-and-future" }],
  ["answer from the second on", { kind: "answer", partstat: "TENTATIVE", key: key("17"), range: "this-and-future" }],
  ["answer to a day", { kind: "answer", partstat: "TENTATIVE", key: "20270312" }],
  ["delegate", { kind: "delegate", to: emil, comment: ` ${words}` }],
  ["delegate the third", { kind: "delegate", to: emil, key: key("24"), comment: "You" }],
  ["delegate the second", { kind: "delegate", to: emil, name: "Emil", key: key("17") }],
  ["delegate to nobody's mail", { kind: "delegate", to: address("urn:uuid:1") }],
  ["refresh", { kind: "refresh", comment: words }],
  ["refresh the third", { kind: "refresh", key: key("24") }],
  ["counter", { kind: "counter", changes: [{ name: "LOCATION", parameters: [], value: "Room 5" }], comment: words }],
  [
    "counter to the third",
    { kind: "counter", changes: [{ name: "LOCATION", parameters: [], value: "Room 5" }], key: key("24") },
  ],
];

const zoned = [...local("10", "09"), "RRULE:FREQ=WEEKLY;COUNT=5", ...both, ...stamp(0)];
const zonedSecond = [...local("17", "14"), "RECURRENCE-ID;TZID=Europe/London:20270317T090000", ...both, ...stamp(0)];
const plain = sent("REQUEST", [whole]).object;
const own = sent("REQUEST", [whole, second]).object;

const atAnn: readonly Copy[] = [
  { name: "zones", owner: ann, state: organizes(sent("REQUEST", [zoned, zonedSecond], london).object) },
  {
    name: "whole-days",
    owner: ann,
    state: organizes(
      sent("REQUEST", [
        [...days("10", "12"), "RRULE:FREQ=WEEKLY;COUNT=4", ...both, ...stamp(0)],
        [...days("18", "19"), "RECURRENCE-ID;VALUE=DATE:20270317", ...both, ...stamp(0)],
      ]).object,
    ),
  },
  { name: "a-range", owner: ann, state: organizes(sent("REQUEST", [whole, second, rest, fourth]).object) },
  { name: "a-second-that-is-as-the-others-again", owner: ann, state: organizes(own, [plain]) },
  {
    name: "a-second-called-off",
    owner: ann,
    state: organizes(own, [sent("REQUEST", [whole, [...second, "STATUS:CANCELLED"]]).object]),
  },
  { name: "who-takes-no-ADD", owner: ann, state: answeredBy(organizes(plain), refusing(clara)) },
  { name: "two-who-take-no-ADD", owner: ann, state: answeredBy(organizes(plain), refusing(clara), refusing(ben)) },
  { name: "no-series", owner: ann, state: organizes(sent("REQUEST", [second, fourth]).object) },
  {
    name: "a-guest-for-the-second",
    owner: ann,
    state: organizes(
      sent("REQUEST", [
        [...weekly, ...guests(ben), ...stamp(0)],
        [...day("17", "14"), instance("17"), ...both, ...stamp(0)],
      ]).object,
    ),
  },
  {
    name: "ranges-by-policy",
    owner: ann,
    state: organizes(sent("REQUEST", [whole, fourth]).object),
    over: { policy: { ...defaultPolicy, thisAndFuture: "range" } },
  },
  { name: "once", owner: ann, state: organizes(event.object) },
];

const later = (from: string, hour: string, zone: readonly string[] = []) =>
  sent("REQUEST", [[...day(from, hour), "RRULE:FREQ=WEEKLY;COUNT=3", ...both, ...stamp(0)]], zone).object;
const start = (date: string) => ({ kind: "utc", wall: Date.UTC(2027, 2, Number(date), 9) / 1_000 }) as const;
const handOvers: readonly (readonly [string, Action])[] = [
  ["hand over", { kind: "hand-over", to: clara, name: "Clara", comment: "Yours" }],
  ["hand over inside", { kind: "hand-over", to: address("dora@example.test") }],
  ["hand over to nobody's mail", { kind: "hand-over", to: address("urn:uuid:1") }],
];
const domains = [[], ["example.test"], ["example.test", "partner.test"]];
const atOrganizer: readonly (readonly [string, Action])[] = [
  ["add two", { kind: "add", starts: [start("12"), start("13")] }],
  ["add one twice", { kind: "add", starts: [start("12"), start("12")] }],
  ["add what there is", { kind: "add", starts: [start("17"), start("24")] }],
  ["add what there is and what not", { kind: "add", starts: [start("17"), start("12")] }],
  ["add a day", { kind: "add", starts: [{ kind: "date", wall: Date.UTC(2027, 2, 12) / 1_000 }] }],
  ["cancel the second", { kind: "cancel", keys: [key("17")] }],
  ["cancel all but the first", { kind: "cancel", keys: ["17", "24", "31"].map(key).concat("20270407T090000Z") }],
  ["cancel none", { kind: "cancel", keys: [] }],
  ["cancel from the third on", { kind: "cancel", keys: [key("24")], range: "this-and-future", comment: "Enough" }],
  ["cancel from the fourth on", { kind: "cancel", keys: [key("31")], range: "this-and-future" }],
  ["cancel from the second and fourth on", { kind: "cancel", keys: [key("31"), key("17")], range: "this-and-future" }],
  ["cancel a day", { kind: "cancel", keys: ["20270324"] }],
  ["split an hour later", { kind: "split", key: key("24"), after: later("24", "10") }],
  [
    "split by zone",
    {
      kind: "split",
      key: key("24"),
      after: sent("REQUEST", [[...local("24", "10"), "RRULE:FREQ=WEEKLY;COUNT=3", ...both]], london).object,
    },
  ],
  ["split into one", { kind: "split", key: key("24"), after: sent("REQUEST", [[...day("24"), ...both]]).object }],
  [
    "split with an Instance of its own",
    {
      kind: "split",
      key: key("24"),
      after: sent("REQUEST", [
        [...day("24"), "RRULE:FREQ=WEEKLY;COUNT=3", ...both],
        [...day("31", "16"), instance("31"), ...both],
      ]).object,
    },
  ],
  ...handOvers.slice(0, 1),
  ["admit to the second", { kind: "admit", attendee: emil, key: key("17") }],
  ["admit to all", { kind: "admit", attendee: emil }],
  ["refuse", { kind: "refuse", attendee: mallory, comment: words }],
  ["ask again", { kind: "ask-again" }],
  ["publish", { kind: "publish", to: [mallory, mallory] }],
  ["resend", { kind: "resend", to: clara }],
];

function listed(copy: Copy, actions: readonly (readonly [string, Action])[], inFull = true): string {
  const outcomes = actions.map(
    ([name, action]) => [name, act(copy.state, action, { ...contextAt(copy), limits }), copy.state] as const,
  );
  return inFull ? listOutcomes(outcomes) : listOutcomes(outcomes, (message) => said([message]));
}

describe("what is done to odd copies", () => {
  test.each(atClara)("of an Attendee: $name", async (copy) => {
    await expect(listed(copy, atAttendee)).toMatchFileSnapshot(`./outcomes/odd-attendee-${copy.name}.txt`);
  });

  test.each(atAnn)("of an Organizer: $name", async (copy) => {
    const inFull = ["zones", "whole-days", "two-who-take-no-ADD"].includes(copy.name);
    await expect(listed(copy, atOrganizer, inFull)).toMatchFileSnapshot(`./outcomes/odd-organizer-${copy.name}.txt`);
  });

  test.each(domains.map((ownDomains) => ({ ownDomains })))("handed over within $ownDomains", async ({ ownDomains }) => {
    const policy = { ...defaultPolicy, ownDomains: new Set(ownDomains) };
    const copy: Copy = { name: "", owner: ann, state: organizes(own), over: { policy } };
    await expect(listed(copy, handOvers)).toMatchFileSnapshot(`./outcomes/odd-hand-over-${ownDomains.length}.txt`);
  });
});
