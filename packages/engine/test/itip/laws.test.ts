import {
  act,
  allRegisters,
  type CalendarUserAddress,
  defaultLimits,
  objectComponents,
  participationKey,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  unknownState,
} from "@parley/engine";
import { formatCalendar, parseCalendar } from "@parley/engine/icalendar";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { viewOf } from "@parley/engine/simulation";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import {
  address,
  ann,
  ben,
  clara,
  contextOf,
  type EventText,
  evidenceOf,
  message,
  noon,
  readText,
  shuffle,
} from "./world.ts";

// The last is of a clock an hour ahead of the receiver's.
const stamps = ["20270301T090000Z", "20270301T100000Z", "20270301T110000Z", "20270301T120000Z", "20270302T130000Z"];

const revision = fc.record({ sequence: fc.nat(3), dtstamp: fc.constantFrom(...stamps) });

/** What one Organizer could have sent, in some order: each revision once. */
const history = fc
  .uniqueArray(revision, {
    minLength: 1,
    maxLength: 5,
    selector: ({ sequence, dtstamp }) => `${sequence} ${dtstamp}`,
  })
  .chain((revisions) =>
    fc.tuple(
      ...revisions.map((one) =>
        fc.record({
          sequence: fc.constant(one.sequence),
          dtstamp: fc.constant(one.dtstamp),
          cancels: fc.boolean(),
          start: fc.constantFrom("20270310T090000Z", "20270311T090000Z", "20270312T090000Z"),
          summary: fc.constantFrom("Planning", "Planning; more, of it\\nall", "Ünï"),
        }),
      ),
    ),
  );

function messageOf(event: { cancels: boolean } & Omit<EventText, "method">): SchedulingMessage {
  return event.cancels
    ? message({ ...event, method: "CANCEL", lines: ["STATUS:CANCELLED"] })
    : message({ ...event, method: "REQUEST", end: "20270320T090000Z" });
}

/** Receives messages as a copy does that keeps what is held. */
function receiveAll(owner: CalendarUserAddress, messages: readonly SchedulingMessage[], start = unknownState) {
  const context = contextOf(owner);
  let state: SchedulingState = start;
  let held: SchedulingMessage[] = [];
  const take = (one: SchedulingMessage): void => {
    const from = one.originator;
    const outcome = receive(state, one, evidenceOf(from), context);
    if (outcome.kind === "held") held.push(one);
    if (outcome.kind !== "applied") return;
    state = outcome.state;
    const waiting = held;
    held = [];
    waiting.forEach(take);
  };
  messages.forEach(take);
  return state;
}

function summaryOf(state: SchedulingState): unknown {
  const latest = [...allRegisters(state.revisions)].map(([key, { latest }]) => [key, latest]);
  return { view: viewOf(state, intlZoneProvider), latest, answers: [...allRegisters(state.participations)].sort() };
}

describe("laws of receive", () => {
  test("any order of the same messages, with any one of them repeated, ends in one state", () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.infiniteStream(fc.nat()), (events, again, random) => {
        const messages = events.map(messageOf);
        const repeated = [...messages, messages[again % messages.length] as SchedulingMessage];
        const shuffled = shuffle(repeated, random);
        expect(summaryOf(receiveAll(clara, shuffled))).toEqual(summaryOf(receiveAll(clara, messages)));
      }),
      { numRuns: 300 },
    );
  });

  test("receiving twice is receiving once", () => {
    fc.assert(
      fc.property(history, (events) => {
        const state = receiveAll(clara, events.map(messageOf));
        for (const one of events.map(messageOf)) {
          const outcome = receive(state, one, evidenceOf(ann), contextOf(clara));
          expect(outcome.kind === "ignored" || outcome.kind === "held").toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  const answer = fc.record({
    who: fc.constantFrom(ben, clara),
    sequence: fc.nat(2),
    dtstamp: fc.constantFrom(...stamps),
    partstat: fc.constantFrom("ACCEPTED", "DECLINED", "TENTATIVE"),
    // Everything that is not the answer is somebody else's to say.
    lines: fc.subarray(["LOCATION:Elsewhere", "STATUS:CANCELLED", "RRULE:FREQ=DAILY", "X-EVIL:1"]),
    summary: fc.constantFrom("Planning", "Hijacked"),
    start: fc.constantFrom("20270310T090000Z", "20280101T000000Z"),
  });
  const replies = fc.uniqueArray(answer, {
    minLength: 1,
    maxLength: 5,
    selector: ({ who, sequence, dtstamp }) => `${who} ${sequence} ${dtstamp}`,
  });
  const organized = organize();
  const replyOf = ({ who, partstat, ...rest }: typeof answer extends fc.Arbitrary<infer A> ? A : never) =>
    message({ ...rest, method: "REPLY", end: "20280101T000000Z", attendees: [`;PARTSTAT=${partstat}:mailto:${who}`] });

  test("answers end in one state in any order, and change nobody's register but their sender's", () => {
    fc.assert(
      fc.property(replies, fc.infiniteStream(fc.nat()), (events, random) => {
        const messages = events.map(replyOf);
        const ordered = receiveAll(ann, messages, organized);
        const shuffled = receiveAll(ann, shuffle(messages, random), organized);
        expect(summaryOf(shuffled)).toEqual(summaryOf(ordered));
        expect(shuffled.object).toBe(organized.object);
        const senders = new Set(events.map(({ who }) => participationKey(who, "")));
        for (const key of allRegisters(shuffled.participations).keys()) expect(senders.has(key)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("SEQUENCE 2^63 and a DTSTAMP of the year 9999 do not freeze a calendar", () => {
    const freezing = message({ method: "REQUEST", sequence: 9223372036854775807, dtstamp: "99991231T235959Z" });
    const frozen = receiveAll(clara, [freezing]);
    const { latest } = allRegisters(frozen.revisions).get("") ?? {};
    expect(latest).toEqual({ sequence: 2_147_483_647, dtstamp: noon });
    const next = message({ method: "REQUEST", sequence: 2147483647, dtstamp: "20270302T120001Z", summary: "Later" });
    const outcome = receive(frozen, next, evidenceOf(ann), contextOf(clara, noon + 60));
    expect(outcome.kind).toBe("applied");
  });
});

describe("laws of what leaves", () => {
  const guests = fc.uniqueArray(fc.constantFrom("ben", "clara", "dora", "emil", "fay"), { minLength: 0, maxLength: 5 });
  const version = fc.record({
    guests,
    start: fc.constantFrom("20270310T090000Z", "20270311T090000Z"),
    summary: fc.constantFrom("Planning", "Other", ""),
    lines: fc.subarray(["LOCATION:Room\\, 5", "X-OWN:1", "CLASS:PRIVATE"]),
  });

  test("it satisfies the strict tables, reaches guests only, and SEQUENCE never falls", () => {
    fc.assert(
      fc.property(fc.array(version, { minLength: 1, maxLength: 6 }), fc.boolean(), (versions, cancelled) => {
        let state: SchedulingState = unknownState;
        let now = noon;
        let sequence = 0;
        const invited = new Set<string>();
        const check = (outcome: ReturnType<typeof schedule>): void => {
          if (outcome.kind !== "applied") return expect(outcome.kind).toBe("ignored");
          state = outcome.state;
          for (const one of outcome.messages) {
            expect(checkRestrictions(one)).toEqual([]);
            expect(parseCalendar(formatCalendar(one.calendar), defaultLimits)).toEqual({
              calendar: one.calendar,
              problems: [],
            });
            for (const recipient of one.recipients) expect(invited.has(recipient)).toBe(true);
          }
          for (const { revision } of state.object ? objectComponents(state.object) : []) {
            expect(revision.sequence).toBeGreaterThanOrEqual(sequence);
            sequence = revision.sequence;
          }
        };
        for (const { guests, ...rest } of versions) {
          now += 60;
          const addresses = guests.map((name) => `${name}@partner.test`);
          for (const guest of addresses) invited.add(guest);
          const attendees = addresses.map((guest) => `;RSVP=TRUE:mailto:${guest}`);
          const { object } = message({ ...rest, method: "REQUEST", end: "20270320T090000Z", attendees });
          check(schedule(state, object, contextOf(ann, now)));
        }
        if (cancelled) check(act(state, { kind: "cancel", comment: "a,b;c\nd" }, contextOf(ann, now + 60)));
      }),
      { numRuns: 200 },
    );
  });

  test("a REPLY is one ATTENDEE, as invited, to the Organizer alone; RFC 5546 §3.2.3", () => {
    const odd = message({
      method: "REQUEST",
      attendees: [`;CN="Cook, Clara";X-TAG=7;RSVP=TRUE:MAILTO:Clara@Partner.test`, `:mailto:${ben}`],
    });
    const state = receiveAll(clara, [odd]);
    const outcome = act(state, { kind: "answer", partstat: "ACCEPTED", comment: "Yes,\nof course" }, contextOf(clara));
    if (outcome.kind !== "applied") throw new Error(outcome.kind);
    const [reply, ...rest] = outcome.messages;
    expect(rest).toEqual([]);
    expect(reply?.recipients).toEqual([ann]);
    const folded = formatCalendar(reply?.calendar ?? odd.calendar);
    const text = folded.replace(/\r\n /g, "");
    expect(text).toContain('ATTENDEE;CN="Cook, Clara";X-TAG=7;PARTSTAT=ACCEPTED:MAILTO:Clara@Partner.test\r\n');
    expect(text.match(/ATTENDEE/g)).toHaveLength(1);
    expect(text).toContain("COMMENT:Yes\\,\\nof course\r\n");
    expect(checkRestrictions(reply as SchedulingMessage)).toEqual([]);
    const read = readText(text, "REPLY", clara);
    expect(receiveAll(ann, [read], organize()).participations.written.get(participationKey(clara, ""))).toMatchObject({
      partstat: "ACCEPTED",
      comment: "Yes,\nof course",
    });
  });
});

describe("cost", () => {
  test("one REPLY writes one register at 10 and at 10,000 Attendees", () => {
    for (const count of [10, 10_000]) {
      const attendees = Array.from({ length: count }, (_, i) => `;RSVP=TRUE:mailto:guest${i}@partner.test`);
      const state = organize(attendees);
      const reply = message({ method: "REPLY", attendees: [";PARTSTAT=ACCEPTED:mailto:guest7@partner.test"] });
      const outcome = receive(state, reply, evidenceOf(address("guest7@partner.test")), contextOf(ann));
      if (outcome.kind !== "applied") throw new Error(outcome.kind);
      expect(outcome.state.participations.written.size).toBe(1);
      expect(outcome.state.object).toBe(state.object);
      expect(outcome.state.sent).toBe(state.sent);
      expect(outcome.state.revisions).toBe(state.revisions);
    }
  });
});

function organize(attendees?: readonly string[]): SchedulingState {
  const { object } = message({ method: "REQUEST", ...(attendees && { attendees }) });
  const outcome = schedule(unknownState, object, contextOf(ann, noon - 86_400));
  if (outcome.kind !== "applied") throw new Error(JSON.stringify(outcome));
  return outcome.state;
}
