import {
  type Action,
  act,
  type CalendarUserAddress,
  type Context,
  organizerOf,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { formatCalendar } from "@parley/engine/icalendar";
import { describe, expect, test } from "vitest";
import { applied, instance, on, series, weekly } from "./organize-helpers.ts";
import { address, ben, clara, contextOf, evidenceOf, message, noon, readText } from "./world.ts";

const team = address("team@example.test");
const dora = address("dora@example.test");
const eric = address("eric@example.test");
const fred = address("fred@elsewhere.test");

/** Somebody who acts for the team; `undefined` for the team itself. */
const asTeam = (actor: CalendarUserAddress | undefined, now = noon): Context => ({
  ...contextOf(team, now),
  ...(actor && { actor }),
});

const event = message({ method: "REQUEST", organizer: team }).object;

/** What arrives of a message, as text. */
const arrived = ({ calendar, method, originator }: SchedulingMessage): SchedulingMessage =>
  readText(formatCalendar(calendar), method, originator);

const invite = (actor: CalendarUserAddress | undefined) => applied(schedule(unknownState, event, asTeam(actor)));

describe("RFC 5546 §2.1.3, §3.2.2.5: a member acts for a group that organizes", () => {
  const began = settleState(invite(dora).state);
  const counter = message({
    method: "COUNTER",
    organizer: team,
    start: "20270310T120000Z",
    end: "20270310T130000Z",
    dtstamp: "20270302T110000Z",
    attendees: [`;PARTSTAT=TENTATIVE:mailto:${clara}`],
  });
  const fromClara: SchedulingMessage = { ...counter, originator: clara };
  const taken = receive(began, fromClara, evidenceOf(clara), asTeam(undefined, noon + 60));
  const countered = settleState(applied(taken).state);

  test.each<[string, SchedulingState, Action]>([
    ["cancel", began, { kind: "cancel" }],
    ["publish", began, { kind: "publish", to: [clara] }],
    ["resend", began, { kind: "resend" }],
    ["ask-again", began, { kind: "ask-again" }],
    ["admit", began, { kind: "admit", attendee: fred }],
    ["refuse", began, { kind: "refuse", attendee: fred }],
    ["accept-proposal", countered, { kind: "accept-proposal", attendee: clara }],
    ["decline-proposal", countered, { kind: "decline-proposal", attendee: clara }],
  ])("%s leaves with the group as ORGANIZER and the member as SENT-BY", (_kind, state, action) => {
    const { messages } = applied(act(state, action, asTeam(eric, noon + 120)));
    expect(messages.length).toBeGreaterThan(0);
    for (const { calendar, originator } of messages) {
      expect(originator).toBe(team);
      expect(formatCalendar(calendar)).toContain(`ORGANIZER;SENT-BY="mailto:${eric}":mailto:${team}\r\n`);
    }
  });

  test("who acts for themselves is no SENT-BY, and one of before goes", () => {
    const [sent] = applied(act(began, { kind: "resend" }, asTeam(team, noon + 120))).messages;
    expect(sent && formatCalendar(sent.calendar)).toContain(`ORGANIZER:mailto:${team}\r\n`);
  });

  test("changes of single Instances too", () => {
    const object = series([
      { lines: weekly(), guests: [clara] },
      { lines: instance("0317", "12"), guests: [clara] },
    ]);
    const owned: Context = { ...contextOf(address("ann@example.test")), actor: dora };
    const begun = applied(schedule(unknownState, object, owned));
    const action: Action = { kind: "cancel", keys: [on("0324")] };
    const ended = applied(act(settleState(begun.state), action, { ...owned, now: noon + 60 }));
    for (const { calendar } of [...begun.messages, ...ended.messages]) {
      const lines = formatCalendar(calendar).match(/^ORGANIZER.*$/gm) ?? [];
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).toContain(`SENT-BY="mailto:${dora}"`);
    }
  });
});

describe("decision 0004: a guest of a group", () => {
  const [sent] = invite(dora).messages;
  if (!sent) throw new Error("nothing was sent");
  const invitation = arrived(sent);
  const first = receive(unknownState, invitation, evidenceOf(dora), contextOf(ben));
  const taken = settleState(
    applied(receive(unknownState, invitation, evidenceOf(dora, { confirmedByOwner: true }), contextOf(ben))).state,
  );
  const update = (actor: CalendarUserAddress): SchedulingMessage => {
    const edited = message({ method: "REQUEST", organizer: team, summary: "Later" }).object;
    const [next] = applied(schedule(settleState(invite(dora).state), edited, asTeam(actor, noon + 60))).messages;
    if (!next) throw new Error("nothing was sent");
    return arrived(next);
  };

  test("is asked once whether that member may speak for it", () => {
    expect(first).toMatchObject({ kind: "undecided", question: { kind: "forwarded", from: dora, organizer: team } });
    expect(taken.object && organizerOf(taken.object)).toMatchObject({ address: team, sentBy: dora });
  });

  test.each([
    ["the same member is believed from then on", dora, dora, "applied"],
    ["the group itself is", team, team, "applied"],
    ["another member of its domain is asked about", eric, eric, "undecided"],
    ["who claims to act for it from elsewhere is refused", fred, fred, "rejected"],
    ["who only says to be that member is refused", dora, fred, "rejected"],
  ])("%s", (_what, actor, from, kind) => {
    const outcome = receive(taken, update(actor), evidenceOf(from), contextOf(ben, noon + 120));
    expect(outcome.kind).toBe(kind);
  });

  test("answers the group, not the member", () => {
    const [reply] = applied(act(taken, { kind: "answer", partstat: "ACCEPTED" }, contextOf(ben, noon + 60))).messages;
    expect(reply?.recipients).toEqual([team]);
  });
});
