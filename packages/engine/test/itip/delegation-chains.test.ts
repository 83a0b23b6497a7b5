import { allRegisters, type CalendarUserAddress, leadingComponent, type SchedulingMessage } from "@parley/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxDelegations } from "../../src/limits.ts";
import { type Conversation, conversation, outcomeOf } from "./conversation.ts";
import { emil, fay, invited, sentTo } from "./delegation-helpers.ts";
import { received } from "./series.ts";
import { address, ann, ben, clara, message, noon, shuffle } from "./world.ts";

describe("RFC 5546 §4.2.5: chains", () => {
  function chain(): Conversation {
    const talk = invited();
    talk.act(clara, { kind: "delegate", to: emil });
    talk.deliver();
    talk.now += 60;
    talk.act(emil, { kind: "delegate", to: fay });
    talk.deliver();
    return talk;
  }

  test("ITIP-4.2.5-04: Clara to Emil to Fay, kept whole at everybody's", () => {
    const talk = chain();
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil DELEGATED", "fay NEEDS-ACTION"]);
    expect(talk.guests(fay)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil DELEGATED", "fay NEEDS-ACTION"]);
    talk.act(fay, { kind: "answer", partstat: "TENTATIVE" });
    const reply = sentTo(talk, ann);
    expect(reply.match(/^ATTENDEE.*:mailto:(\w+)/gm)?.map((line) => line.replace(/.*:/, ""))).toEqual([
      "fay",
      "emil",
      "clara",
    ]);
    talk.deliver();
    expect(talk.guests(ann)).toContain("fay TENTATIVE");
  });

  test("the last declines: the one before is asked; they decline: the first is", () => {
    const talk = chain();
    talk.now += 60;
    talk.act(fay, { kind: "answer", partstat: "DECLINED" });
    talk.deliver();
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil NEEDS-ACTION", "fay DECLINED"]);
    talk.now += 60;
    talk.act(emil, { kind: "answer", partstat: "DECLINED" });
    const [reply] = talk.mail;
    talk.mail = [];
    talk.take(ann, received(reply?.message as SchedulingMessage));
    expect([...talk.letters()].sort()).toEqual(["CANCEL ann>fay 1", "REQUEST ann>clara 1"]);
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara NEEDS-ACTION", "emil DECLINED"]);
  });

  test("the first takes it back: both get the CANCEL", () => {
    const talk = chain();
    talk.now += 60;
    talk.act(clara, { kind: "answer", partstat: "ACCEPTED" });
    const [reply] = talk.mail;
    talk.mail = [];
    talk.take(ann, received(reply?.message as SchedulingMessage));
    expect([...talk.letters()].sort()).toEqual(["CANCEL ann>emil 1", "CANCEL ann>fay 1"]);
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara ACCEPTED"]);
  });

  test("loops are refused by who would make them", () => {
    const talk = chain();
    for (const to of [clara, emil, fay, ann]) {
      expect(talk.act(fay, { kind: "delegate", to })).toMatchObject({ kind: "rejected", rule: "decision 0020" });
    }
  });

  const reply = (from: CalendarUserAddress, to: CalendarUserAddress, dtstamp: string): SchedulingMessage => {
    const own = `;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${to}":mailto:${from}`;
    return message({ method: "REPLY", dtstamp, attendees: [own, `;DELEGATED-FROM="mailto:${from}":mailto:${to}`] });
  };

  test.each([
    ["to themselves", [[clara, clara]]],
    [
      "back",
      [
        [clara, ben],
        [ben, clara],
      ],
    ],
    [
      "back over a third",
      [
        [clara, emil],
        [emil, ben],
        [ben, clara],
      ],
    ],
  ])("loops are refused at the Organizer's: %s", (_, links) => {
    const talk = invited();
    for (const [index, [from, to]] of links.entries()) {
      const before = talk.state(ann);
      const outcome = talk.take(
        ann,
        reply(from as CalendarUserAddress, to as CalendarUserAddress, `2027030${index + 1}T100000Z`),
      );
      if (index < links.length - 1) expect(outcome.kind).toBe("applied");
      else expect(outcome).toMatchObject({ kind: "rejected", rule: "decision 0020", status: { code: [3, 7] } });
      if (index === links.length - 1) expect(talk.state(ann)).toBe(before);
    }
  });

  test(`a chain ends after ${maxDelegations}`, () => {
    const talk = invited();
    let from: CalendarUserAddress = clara;
    const kinds = Array.from({ length: maxDelegations + 1 }, (_, link) => {
      const to = address(`d${link}@partner.test`);
      const outcome = talk.take(ann, reply(from, to, "20270302T100000Z"));
      from = to;
      return outcome.kind;
    });
    expect(kinds).toEqual([...Array.from({ length: maxDelegations }, () => "applied"), "rejected"]);
  });
});

describe("laws of delegation", () => {
  const people = [clara, ben, emil, fay] as const;
  // Nobody delegates back, so that nothing is refused; every answer is of another second.
  const step = fc.record({
    who: fc.nat(3),
    what: fc.constantFrom("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "DELEGATED"),
    over: fc.nat(2),
  });
  const replyOf = (
    { who, what, over }: { who: number; what: string; over: number },
    index: number,
  ): SchedulingMessage | undefined => {
    const from = people[who] as CalendarUserAddress;
    const to = people[Math.max(2, who + 1) + over];
    const dtstamp = `20270302T1000${String(index).padStart(2, "0")}Z`;
    const upper = who === 2 ? clara : who === 3 ? emil : undefined;
    const chain = upper ? `;DELEGATED-FROM="mailto:${upper}"` : "";
    if (what === "DELEGATED" && !to) return undefined;
    const delegated = what === "DELEGATED" ? `;DELEGATED-TO="mailto:${to}"` : "";
    const lines = [`;PARTSTAT=${what}${delegated}${chain}:mailto:${from}`];
    // Fay tells the whole chain, as our own system does.
    if (who === 3) lines.push(`;DELEGATED-TO="mailto:${fay}";DELEGATED-FROM="mailto:${clara}":mailto:${emil}`);
    return message({ method: "REPLY", dtstamp, attendees: lines });
  };

  test("the REPLYs of delegators and delegates end in one state in any order, each once or twice", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), fc.infiniteStream(fc.nat()), (steps, random) => {
        const replies = steps.flatMap((one, index) => replyOf(one, index) ?? []);
        const ordered = invited();
        for (const one of replies) ordered.take(ann, one);
        const shuffled = invited();
        for (const one of shuffle([...replies, ...replies], random)) shuffled.take(ann, one);
        expect(settled(shuffled, replies)).toEqual(settled(ordered, replies));
      }),
      { numRuns: 300 },
    );
  });

  /** Guests and answers after everything has come once more: what was held too long is nobody's loss. */
  function settled(talk: Conversation, replies: readonly SchedulingMessage[]): unknown {
    for (const one of replies) talk.take(ann, one);
    const { guests } = outcomeOf(talk.state(ann)) as { guests: unknown };
    return guests;
  }

  test("a REPLY that delegates changes the register of its sender and the guest list, by the delegate alone", () => {
    const talk = invited();
    const before = talk.state(ann);
    const attendees = [
      `;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:${emil}":mailto:${clara}`,
      `;PARTSTAT=ACCEPTED;ROLE=CHAIR;DELEGATED-FROM="mailto:${clara}":mailto:${emil}`,
      `;PARTSTAT=DECLINED;DELEGATED-FROM="mailto:x@x.test":mailto:${ben}`,
    ];
    const reply = message({ method: "REPLY", attendees, summary: "Hijacked", lines: ["LOCATION:Elsewhere"] });
    talk.take(ann, reply);
    const after = talk.state(ann);
    expect([...allRegisters(after.participations).keys()]).toEqual([`${clara} `]);
    const texts = [before, after].map(({ object }) =>
      object ? leadingComponent(object).component.properties.filter(({ name }) => name !== "DTSTAMP") : [],
    );
    const added = texts[1]?.filter((line) => !texts[0]?.some((old) => JSON.stringify(old) === JSON.stringify(line)));
    expect(added?.map(({ value }) => value)).toEqual([`mailto:${emil}`]);
    expect(talk.guests(ann)).toEqual(["ben NEEDS-ACTION", "clara DELEGATED", "emil NEEDS-ACTION"]);
  });
});

test("the clock of the conversation is the one of its tests", () => {
  expect(conversation().now).toBe(noon);
});
