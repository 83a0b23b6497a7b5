import {
  act,
  type CalendarUserAddress,
  type Context,
  invitedAs,
  isCancelled,
  leadingComponent,
  type Policy,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  unknownState,
} from "@parley/engine";
import { describe, expect, test } from "vitest";
import { applied, linesOf, organize } from "./ledger-world.ts";
import { received } from "./series.ts";
import { address, ann, ben, clara, contextOf, evidenceOf, mallory, message, noon } from "./world.ts";

const team = address("team@partner.test");
const work = address("clara@work.test");
const asGroup = (type: string) => `;CUTYPE=${type};RSVP=TRUE:mailto:${team}`;
const ownDomains = new Set(["partner.test"]);

function member(now = noon, ...more: readonly CalendarUserAddress[]): Context {
  return { ...contextOf(clara, now), addresses: new Set([clara, ...more]), groups: new Set([team]) };
}

function taken(attendees: readonly string[], context = member()): SchedulingState {
  return applied(receive(unknownState, message({ method: "REQUEST", attendees }), evidenceOf(ann), context)).state;
}

function answered(state: SchedulingState, context = member()): SchedulingMessage | undefined {
  return applied(act(state, { kind: "answer", partstat: "ACCEPTED" }, context)).messages[0];
}

describe("RFC 5546 §3.7.2: finding oneself in the list", () => {
  const benToo = `:mailto:${ben}`;
  test.each<[string, readonly string[], string]>([
    [
      "ITIP-3.7.2-03 a group of theirs",
      [benToo, asGroup("GROUP")],
      `;CUTYPE=INDIVIDUAL;MEMBER="mailto:${team}";PARTSTAT=ACCEPTED:mailto:${clara}`,
    ],
    [
      "ITIP-3.7.2-03 nobody knows what it is, but they are a member",
      [asGroup("UNKNOWN")],
      `;CUTYPE=INDIVIDUAL;MEMBER="mailto:${team}";PARTSTAT=ACCEPTED:mailto:${clara}`,
    ],
    ["it is listed as a person, so it is not a group", [asGroup("INDIVIDUAL")], `;PARTSTAT=ACCEPTED:mailto:${clara}`],
    [
      "ITIP-3.7.2-02 themselves first, beside a group of theirs",
      [asGroup("GROUP"), `:mailto:${clara}`],
      `;PARTSTAT=ACCEPTED:mailto:${clara}`,
    ],
    [
      "ITIP-3.7.2-02 a person's address first, then another of theirs",
      [`;CUTYPE=UNKNOWN:mailto:${clara}`, `:mailto:${work}`],
      `;PARTSTAT=ACCEPTED:mailto:${work}`,
    ],
    [
      "ITIP-3.7.2-02 their own address, whatever it is said to be, before a group",
      [asGroup("GROUP"), `;CUTYPE=UNKNOWN:mailto:${clara}`],
      `;CUTYPE=UNKNOWN;PARTSTAT=ACCEPTED:mailto:${clara}`,
    ],
  ])("%s", (_name, attendees, line) => {
    const context = member(noon, work);
    const state = taken(attendees, context);
    expect(linesOf(answered(state, context), "ATTENDEE")).toEqual([line]);
    const leading = state.object && leadingComponent(state.object);
    expect(leading && line.endsWith(`:mailto:${invitedAs(leading, context)}`)).toBe(true);
  });

  test("of a group they are not in they say nothing", () => {
    const state = taken([asGroup("GROUP")], contextOf(clara));
    expect(linesOf(answered(state, contextOf(clara)), "ATTENDEE")).toEqual([`;PARTSTAT=ACCEPTED:mailto:${clara}`]);
  });

  test.each([
    ["the group", [asGroup("GROUP")], true],
    ["another guest", [benToo], false],
  ])("a CANCEL that takes off %s", (_name, attendees, ends) => {
    const state = taken([benToo, asGroup("GROUP")]);
    const cancel = message({ method: "CANCEL", sequence: 1, attendees });
    const outcome = receive(state, cancel, evidenceOf(ann), member());
    const after = outcome.kind === "applied" ? outcome.state : state;
    expect(after.object && isCancelled(after, leadingComponent(after.object))).toBe(ends);
  });
});

describe("RFC 5546 §3.7.2: who answers as a member, at the Organizer's", () => {
  const attendees = [asGroup("GROUP"), `;RSVP=TRUE:mailto:${ben}`];
  const kept = organize({ attendees }).state;
  const reply = received(answered(taken(attendees)) as SchedulingMessage);
  const house = (policy: Partial<Policy>): Context => ({
    ...contextOf(ann, noon + 60),
    policy: { ...contextOf(ann).policy, ...policy },
  });

  test.each<[Policy["uninvited"], ReadonlySet<string>, string]>([
    ["ask", new Set(), "undecided"],
    ["admit-own-domain", new Set(["example.test"]), "undecided"],
    ["admit-own-domain", ownDomains, "applied"],
    // Nothing proves it, and nobody is told that they are not invited who may be.
    ["refuse", new Set(), "undecided"],
  ])("by policy %s", (uninvited, domains, kind) => {
    const outcome = receive(kept, reply, evidenceOf(clara), house({ uninvited, ownDomains: domains }));
    expect(outcome.kind).toBe(kind);
    if (outcome.kind === "undecided") {
      expect(outcome.question).toMatchObject({ kind: "uninvited-reply", from: clara, group: team });
    }
  });

  test("admitted, they stand beside the group, as a member, and their answer counts", () => {
    const yes = evidenceOf(clara, { confirmedByOwner: true });
    const { state, messages } = applied(receive(kept, reply, yes, house({})));
    expect(messages.map(({ method, recipients }) => [method, ...recipients])).toEqual([["REQUEST", clara]]);
    expect(linesOf(messages[0], "ATTENDEE")).toContain(`;MEMBER="mailto:${team}";PARTSTAT=ACCEPTED:mailto:${clara}`);
    expect([...state.participations.written.keys()]).toEqual([`${clara} `]);
  });

  test.each([
    ["a group nobody invited", attendees.slice(1)],
    ["a person", [`:mailto:${team}`]],
  ])("a member of %s is like anybody uninvited", (_name, listed) => {
    const state = organize({ attendees: listed }).state;
    const outcome = receive(state, reply, evidenceOf(clara), house({ uninvited: "refuse" }));
    expect(applied(outcome).messages.map(({ method, recipients }) => [method, ...recipients])).toEqual([
      ["CANCEL", clara],
    ]);
    const asked = receive(state, reply, evidenceOf(clara), house({}));
    expect(asked).toMatchObject({ kind: "undecided", question: { kind: "uninvited-reply" } });
    expect(asked.kind === "undecided" && "group" in asked.question).toBe(false);
  });

  test("in another's mail it is not believed, whatever the policy", () => {
    const admits = house({ uninvited: "admit-own-domain", ownDomains });
    expect(receive(kept, reply, evidenceOf(clara), admits).kind).toBe("applied");
    expect(receive(kept, reply, evidenceOf(mallory), admits).kind).toBe("undecided");
  });
});
