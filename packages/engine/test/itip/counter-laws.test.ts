import { allRegisters, participationKey, receive, type SchedulingMessage, type SchedulingState } from "@parley/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import { applied, counterText, meeting, only, property, task, type User, values } from "./counter-world.ts";
import { ann, ben, clara, contextOf, evidenceOf, message, noon } from "./world.ts";

const stamps = ["20270301T090000Z", "20270301T100000Z", "20270301T110000Z", "20270302T100000Z"];
const said = {
  from: fc.constantFrom(ben, clara),
  sequence: fc.nat(2),
  dtstamp: fc.constantFrom(...stamps),
  partstat: fc.constantFrom("NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"),
  instance: fc.constantFrom("", "20270317T090000Z", "20270324T090000Z"),
};
const counter = fc
  .record({
    ...said,
    hour: fc.integer({ min: 10, max: 20 }),
    // Everything below the time is not the proposer's to say.
    lines: fc.subarray(["LOCATION:Roof", "STATUS:CANCELLED", "COMMENT:Please", `ATTENDEE:mailto:x@y.test`, "X-EVIL:1"]),
    uid: fc.constant("one@example.test"),
  })
  .map(({ from, sequence, dtstamp, partstat, instance, hour, lines }): SchedulingMessage => {
    const day = instance === "" ? "20270310" : instance.slice(0, 8);
    const times = { start: `${day}T${hour}0000Z`, end: `${day}T${hour}3000Z` };
    const place = instance === "" ? [] : [`RECURRENCE-ID:${instance}`];
    const attendees = [`;PARTSTAT=${partstat}:mailto:${from}`];
    return counterText({ from, sequence, dtstamp, ...times, attendees, lines: [...place, ...lines] });
  });
const reply = fc.record(said).map(({ from, sequence, dtstamp, partstat, instance }): SchedulingMessage => {
  const lines = instance === "" ? [] : [`RECURRENCE-ID:${instance}`];
  const attendees = [`;PARTSTAT=${partstat}:mailto:${from}`];
  return { ...message({ method: "REPLY", sequence, dtstamp, attendees, lines }), originator: from };
});
const mail = fc.array(fc.oneof(counter, counter, reply), { minLength: 1, maxLength: 5 });

const series = (): User => meeting({ sequence: 1, lines: ["RRULE:FREQ=WEEKLY;COUNT=5"] }).organizer;

function receiveAll(start: SchedulingState, messages: readonly SchedulingMessage[]): SchedulingState {
  return messages.reduce((state, one) => {
    const outcome = receive(state, one, evidenceOf(one.originator), contextOf(ann));
    return outcome.kind === "applied" ? outcome.state : state;
  }, start);
}

function standingOf(state: SchedulingState): unknown {
  return [[...allRegisters(state.proposals)].sort(), [...allRegisters(state.participations)].sort()];
}

describe("laws of COUNTER", () => {
  test("any order of the same messages, one of them repeated, ends in the same proposals and answers", () => {
    fc.assert(
      fc.property(mail, fc.nat(), fc.infiniteStream(fc.nat()), (messages, again, random) => {
        const { state } = series();
        const repeated = [...messages, messages[again % messages.length] as SchedulingMessage];
        const keyed = repeated.map((one) => [random.next().value as number, one] as const);
        const shuffled = keyed.sort(([a], [b]) => a - b).map(([, one]) => one);
        expect(standingOf(receiveAll(state, shuffled))).toEqual(standingOf(receiveAll(state, messages)));
      }),
      { numRuns: 300 },
    );
  });

  test("receiving twice is receiving once", () => {
    fc.assert(
      fc.property(mail, (messages) => {
        const state = receiveAll(series().state, messages);
        for (const one of messages) {
          expect(receive(state, one, evidenceOf(one.originator), contextOf(ann)).kind).toBe("ignored");
        }
      }),
      { numRuns: 100 },
    );
  });

  test("ITIP-2.1-02 nothing changes but the registers of its maker, and nobody else is written to", () => {
    fc.assert(
      fc.property(counter, (one) => {
        const { state } = series();
        const outcome = applied(receive(state, one, evidenceOf(one.originator), contextOf(ann)));
        const maker = one.originator ?? ann;
        expect(outcome.state.object?.master?.component.properties.map(withoutDtstamp)).toEqual(
          state.object?.master?.component.properties.map(withoutDtstamp),
        );
        expect(outcome.state.object?.overrides.size).toBe(0);
        const key = [...one.object.overrides.keys()][0] ?? "";
        for (const registers of [outcome.state.proposals, outcome.state.participations]) {
          for (const register of registers.written.keys()) expect(register).toBe(participationKey(maker, key));
        }
        // The present version, to who spoke of an older one.
        for (const sent of outcome.messages) {
          expect(sent).toMatchObject({ method: "REQUEST", recipients: [maker] });
          expect(checkRestrictions(sent)).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  const wish = fc.subarray(
    [
      property("DTSTART", "20270310T130000Z"),
      property("DTEND", "20270310T143000Z"),
      property("SUMMARY", "Otherwise"),
      property("LOCATION", "Roof"),
      property("LOCATION", ""),
      property("DESCRIPTION", "a\\nb"),
      property("PRIORITY", "1"),
      property("DUE", "20270320T170000Z"),
      property("STATUS", "CANCELLED"),
      property("ORGANIZER", "mailto:x@y.test"),
    ],
    { minLength: 1 },
  );

  test("what is proposed and taken up is what all have; what leaves passes the tables; SEQUENCE never falls", () => {
    fc.assert(
      fc.property(wish, fc.boolean(), (changes, isTask) => {
        const { organizer, guest } = isTask ? task(["LOCATION:Room 1"]) : meeting({ lines: ["LOCATION:Room 1"] });
        const asked = guest.act({ kind: "counter", changes });
        if (asked.kind === "ignored") return;
        const sent = only(applied(asked).messages);
        applied(organizer.receive(sent));
        const accepted = applied(organizer.act({ kind: "accept-proposal", attendee: clara }, noon + 60));
        for (const one of [sent, ...accepted.messages]) expect(checkRestrictions(one)).toEqual([]);
        const request = only(accepted.messages);
        applied(guest.receive(request, ann, noon + 61));
        const names = ["DTSTART", "DTEND", "DUE", "SUMMARY", "DESCRIPTION", "PRIORITY", "ORGANIZER", "UID"];
        const wanted = values(sent, ...names);
        // A to-do that says no PRIORITY proposes 0, which is the same.
        expect(values(request, ...names)).toEqual(wanted);
        expect(values(request, "SEQUENCE")).toEqual({ SEQUENCE: ["1"] });
        expect(guest.receive(request, ann, noon + 62).kind).toBe("ignored");
      }),
      { numRuns: 200 },
    );
  });
});

function withoutDtstamp({ name, value }: { readonly name: string; readonly value: string }): string {
  return name === "DTSTAMP" ? name : `${name}:${value}`;
}
