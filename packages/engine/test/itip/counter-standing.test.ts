import { act, allRegisters, openProposals, participationKey, receive, schedule, settleState } from "@parley/engine";
import { intlZoneProvider, makeZoneResolver, utc } from "@parley/engine/recurrence";
import { compareProposals, describeChanges, describeOutcome, type Viewer } from "@parley/engine/sentences";
import { describe, expect, test } from "vitest";
import { defaultLimits, maxProposalsOfAttendee } from "../../src/limits.ts";
import { applied, counterText, later, meeting, only, type User, values } from "./counter-world.ts";
import { address, ann, ben, clara, contextOf, evidenceOf, mallory, message, noon } from "./world.ts";

const viewer: Viewer = { zone: utc, zones: makeZoneResolver([], intlZoneProvider, defaultLimits) };
const standing = (user: User, now = noon + 60) =>
  openProposals(user.state, contextOf(user.address, now)).map(({ attendee, status }) => [attendee, status]);

/** Ann's new version of the event. */
function revise(organizer: User, event: Parameters<typeof message>[0]) {
  const outcome = applied(schedule(organizer.state, message(event).object, contextOf(ann, noon + 30)));
  organizer.state = settleState(outcome.state);
  return outcome;
}

describe("what becomes of a proposal nobody decided upon, decision 0021", () => {
  const proposed = () => {
    const { organizer, guest } = meeting();
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: later })).messages)));
    return { organizer, guest };
  };
  const moved = { method: "REQUEST", start: "20270311T090000Z", end: "20270311T100000Z" } as const;

  test("it waits", () => {
    const { organizer, guest } = proposed();
    expect(standing(organizer)).toEqual([[clara, "open"]]);
    expect(standing(guest)).toEqual([[clara, "open"]]);
  });

  test("another wording leaves it open, and is not what it proposes to change", () => {
    const { organizer } = proposed();
    revise(organizer, { method: "REQUEST", summary: "Planning, again" });
    const [one] = openProposals(organizer.state, contextOf(ann, noon + 60));
    expect(one).toMatchObject({ status: "open" });
    expect(one?.updates.map(({ name }) => name)).toEqual(["DTSTART", "DTEND"]);
  });

  test("another time makes it outdated on both sides; it can still be taken up", () => {
    const { organizer, guest } = proposed();
    for (const request of revise(organizer, moved).messages) guest.receive(request, ann, noon + 31);
    expect(standing(organizer)).toEqual([[clara, "outdated"]]);
    expect(standing(guest)).toEqual([[clara, "outdated"]]);
    const request = only(applied(organizer.act({ kind: "accept-proposal", attendee: clara }, noon + 60)).messages);
    expect(values(request, "DTSTART", "SEQUENCE")).toEqual({ DTSTART: ["20270310T130000Z"], SEQUENCE: ["2"] });
  });

  test("made so by hand it is accepted, and waits no more", () => {
    const { organizer, guest } = proposed();
    const made = { method: "REQUEST", start: "20270310T130000Z", end: "20270310T140000Z" } as const;
    for (const request of revise(organizer, made).messages) guest.receive(request, ann, noon + 31);
    expect([standing(organizer), standing(guest)]).toEqual([[], []]);
    expect(organizer.act({ kind: "decline-proposal", attendee: clara })).toMatchObject({ reason: "no-proposal" });
  });

  test.each([
    ["ACCEPTED", []],
    ["DECLINED", [[clara, "open"]]],
    ["TENTATIVE", [[clara, "open"]]],
  ] as const)("a later answer %s of its maker leaves waiting: %j", (partstat, left) => {
    const { organizer, guest } = proposed();
    const reply = only(applied(guest.act({ kind: "answer", partstat }, noon + 30)).messages);
    applied(organizer.receive(reply, clara, noon + 30));
    expect([standing(organizer), standing(guest)]).toEqual([left, left]);
  });

  test("an answer from before it does not withdraw it", () => {
    const { organizer } = meeting();
    const early = message({
      method: "REPLY",
      dtstamp: "20270301T100000Z",
      attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`],
    });
    applied(organizer.receive(counterText()));
    applied(organizer.receive(early));
    expect(standing(organizer)).toEqual([[clara, "open"]]);
  });

  test("it is left out when it is older than policy lets it become", () => {
    const { organizer } = proposed();
    const { policy } = contextOf(ann);
    const at = (seconds: number) => ({
      ...contextOf(ann, noon + seconds),
      policy: { ...policy, proposalLifetimeSeconds: 600 },
    });
    expect(openProposals(organizer.state, at(600))).toHaveLength(1);
    expect(openProposals(organizer.state, at(601))).toEqual([]);
  });
});

describe("a COUNTER against an older time", () => {
  const moved = { method: "REQUEST", start: "20270311T090000Z", end: "20270311T100000Z" } as const;

  test("is shown as such, and its maker is sent the present version, so many times a day", () => {
    const { organizer } = meeting();
    revise(organizer, moved);
    const sent = [0, 1, 2, 3, 4, 5].map((minute) => {
      const late = counterText({ dtstamp: `20270302T1000${minute}0Z` });
      return applied(organizer.receive(late, clara, noon + 60 + minute));
    });
    expect(sent[0]?.changes).toMatchObject([
      { kind: "proposal", attendee: clara, status: "outdated" },
      { kind: "sent-again", attendee: clara },
    ]);
    expect(sent[0]?.messages[0]).toMatchObject({ method: "REQUEST", recipients: [clara] });
    expect(sent.map(({ messages }) => messages.length)).toEqual([1, 1, 1, 1, 0, 0]);
  });

  test("is known by the original time Exchange names, also where SEQUENCE is the present one", () => {
    const { organizer } = meeting();
    revise(organizer, moved);
    const outcome = organizer.receive(
      counterText({ sequence: 1, lines: ["X-MS-OLK-ORIGINALSTART:20270310T090000Z"] }),
      clara,
      noon + 60,
    );
    expect(applied(outcome).changes[0]).toMatchObject({ kind: "proposal", status: "outdated" });
  });

  test("with a higher SEQUENCE than there is, as Google writes it, is against the present one", () => {
    const { organizer } = meeting();
    applied(organizer.receive(counterText({ sequence: 2_000_000_000 })));
    const register = participationKey(clara, "");
    expect(allRegisters(organizer.state.proposals).get(register)).toMatchObject({ counteredSequence: 0 });
    applied(organizer.receive(counterText({ sequence: 0, dtstamp: "20270302T110000Z" })));
  });
});

describe("who may propose", () => {
  test("somebody who was not invited is a question; the yes keeps it and invites nobody", () => {
    const { organizer } = meeting();
    const counter = counterText({ from: mallory });
    const asked = organizer.receive(counter);
    expect(asked).toMatchObject({ kind: "undecided", question: { kind: "uninvited-counter", from: mallory } });
    expect(describeOutcome(asked)).toContain(`${mallory} proposes a change, but was not invited.`);
    const { object } = organizer.state;
    const said = receive(organizer.state, counter, evidenceOf(mallory, { confirmedByOwner: true }), contextOf(ann));
    const kept = applied(said);
    expect(kept.messages).toEqual([]);
    expect(kept.state.object).toBe(object);
    const decline = act(kept.state, { kind: "decline-proposal", attendee: mallory }, contextOf(ann));
    expect(applied(decline).messages[0]?.recipients).toEqual([mallory]);
  });

  test("where policy refuses the uninvited, nobody is asked", () => {
    const { organizer } = meeting();
    const context = contextOf(ann);
    const strict = { ...context, policy: { ...context.policy, uninvited: "refuse" } } as const;
    const outcome = receive(organizer.state, counterText({ from: mallory }), evidenceOf(mallory), strict);
    expect(outcome).toMatchObject({ kind: "ignored", reason: "not-for-us" });
  });

  test.each([
    ["local", "applied"],
    ["domain", "applied"],
    ["relayed", "applied"],
    ["link", "applied"],
    ["weak", "undecided"],
    ["none", "rejected"],
  ] as const)("ITIP-1.4-01 decision 0004: a COUNTER with evidence %s is %s", (strength, kind) => {
    const { organizer } = meeting();
    const outcome = receive(organizer.state, counterText(), evidenceOf(clara, { strength }), contextOf(ann));
    expect(outcome.kind).toBe(kind);
  });

  test.each([
    ["local", ann, "applied"],
    ["domain", ann, "applied"],
    ["relayed", ann, "applied"],
    ["weak", ann, "undecided"],
    ["link", ann, "rejected"],
    ["none", ann, "rejected"],
    ["domain", mallory, "rejected"],
    ["domain", ben, "rejected"],
  ] as const)("ITIP-1.4-01 decision 0004: a DECLINECOUNTER with evidence %s from %s is %s", (strength, from, kind) => {
    const { organizer, guest } = meeting();
    applied(organizer.receive(only(applied(guest.act({ kind: "counter", changes: later })).messages)));
    const decline = only(applied(organizer.act({ kind: "decline-proposal", attendee: clara })).messages);
    const outcome = receive(guest.state, decline, evidenceOf(from, { strength }), contextOf(clara));
    expect(outcome.kind).toBe(kind);
  });

  test("a COUNTER in another guest's name is not believed", () => {
    const { organizer } = meeting();
    expect(organizer.receive(counterText({ from: clara }), ben)).toMatchObject({ kind: "undecided" });
    expect(standing(organizer)).toEqual([]);
  });

  test("an Attendee has at most so many proposals for one object", () => {
    const { organizer } = meeting({ lines: ["RRULE:FREQ=DAILY"] });
    const kinds = Array.from({ length: maxProposalsOfAttendee + 1 }, (_, day) => {
      const date = new Date(Date.UTC(2027, 2, 10 + day)).toISOString().slice(0, 10).replaceAll("-", "");
      const place = { start: `${date}T130000Z`, end: `${date}T140000Z`, lines: [`RECURRENCE-ID:${date}T090000Z`] };
      return organizer.receive(counterText(place)).kind;
    });
    expect(kinds.slice(0, -1).every((kind) => kind === "applied")).toBe(true);
    expect(kinds.at(-1)).toBe("rejected");
    expect(allRegisters(organizer.state.proposals).size).toBe(maxProposalsOfAttendee);
  });
});

describe("several proposals", () => {
  const bens = counterText({ from: ben, start: "20270310T150000Z", end: "20270310T160000Z", lines: ["COMMENT:Late?"] });

  test("stand side by side, in the order they came, with old and new", () => {
    const { organizer } = meeting();
    applied(organizer.receive(counterText(), clara, noon));
    applied(organizer.receive(bens, ben, noon + 1));
    const [whole, ...others] = compareProposals(organizer.state, contextOf(ann, noon + 60), viewer);
    expect(others).toEqual([]);
    expect(whole).toMatchObject({ key: "", span: { start: { kind: "utc" } } });
    expect(whole?.proposals).toMatchObject([
      { attendee: clara, status: "open", updates: [{ name: "DTSTART" }, { name: "DTEND" }] },
      { attendee: ben, status: "open", comment: "Late?" },
    ]);
    expect(whole?.proposals.map(({ sentence }) => sentence)).toEqual([
      "clara@partner.test proposes Wednesday, 10 March 2027, 13:00–14:00 (UTC) instead of Wednesday, 10 March 2027, 09:00–10:00 (UTC).",
      "ben@example.test proposes Wednesday, 10 March 2027, 15:00–16:00 (UTC) instead of Wednesday, 10 March 2027, 09:00–10:00 (UTC): “Late?”",
    ]);
  });

  test("when one is taken up, the other is outdated and still there", () => {
    const { organizer } = meeting();
    applied(organizer.receive(counterText(), clara));
    applied(organizer.receive(bens, ben));
    applied(organizer.act({ kind: "accept-proposal", attendee: clara }, noon + 30));
    expect(standing(organizer)).toEqual([[ben, "outdated"]]);
    const told = applied(organizer.act({ kind: "decline-proposal", attendee: ben }, noon + 40));
    expect(only(told.messages).recipients).toEqual([ben]);
  });

  test("are said in sentences, whatever became of them", () => {
    const said = (status: "accepted" | "declined" | "withdrawn" | "open" | "outdated", comment?: string) => {
      const updates = [{ kind: "property", key: "", name: "LOCATION", old: "Room 1", new: "Roof" }] as const;
      const change = {
        kind: "proposal",
        key: "",
        attendee: clara,
        status,
        updates,
        ...(comment && { comment }),
      } as const;
      return describeChanges([change], viewer)[0];
    };
    expect(said("open")).toBe("clara@partner.test proposes place: Roof instead of Room 1.");
    expect(said("outdated", "Sun")).toBe(
      "clara@partner.test proposed place: Roof instead of Room 1 (to what has changed since): “Sun”",
    );
    expect(said("accepted")).toBe("The proposal of clara@partner.test was taken up.");
    expect(said("declined", "Rain")).toBe("The proposal of clara@partner.test was declined: “Rain”");
    expect(said("withdrawn")).toContain("has since agreed");
  });
});

test("one who countered under a plus-tag is the guest without it", () => {
  const { organizer } = meeting();
  const tagged = address("clara+work@partner.test");
  applied(organizer.receive(counterText({ from: tagged })));
  expect(standing(organizer)).toEqual([[clara, "open"]]);
});
