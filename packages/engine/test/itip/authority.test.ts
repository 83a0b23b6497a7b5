import {
  currentAnswer,
  type Evidence,
  type EvidenceStrength,
  leadingComponent,
  type Outcome,
  receive,
  schedule,
  unknownState,
} from "@parley/engine";
import { describe, expect, test } from "vitest";
import { address, ann, ben, clara, contextOf, evidenceOf, mallory, message, readText } from "./world.ts";

// Decision 0004, cell for cell: message x sender x strength -> what the engine makes of it.
const strengths: readonly EvidenceStrength[] = ["local", "domain", "relayed", "weak", "none", "link"];

const invitation = message({ method: "REQUEST" });
const update = message({ method: "REQUEST", sequence: 1, start: "20270311T090000Z", end: "20270311T100000Z" });
const cancel = message({ method: "CANCEL", sequence: 1, lines: ["STATUS:CANCELLED"] });
const reply = message({ method: "REPLY", attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`] });

function applied(outcome: Outcome) {
  if (outcome.kind !== "applied") throw new Error(`${outcome.kind}: ${JSON.stringify(outcome)}`);
  return outcome.state;
}

const claraKnows = applied(receive(unknownState, invitation, evidenceOf(ann), contextOf(clara)));
const annOrganizes = applied(schedule(unknownState, invitation.object, contextOf(ann)));

const rows = [
  {
    name: "new, From the Organizer, known",
    state: unknownState,
    message: invitation,
    owner: clara,
    from: ann,
    relation: "correspondent",
    want: "apply apply apply ask warn warn",
  },
  {
    name: "new, From the Organizer, stranger",
    state: unknownState,
    message: invitation,
    owner: clara,
    from: ann,
    relation: "stranger",
    want: "ask ask ask warn warn warn",
  },
  {
    name: "new, forwarded by somebody else",
    state: unknownState,
    message: invitation,
    owner: clara,
    from: ben,
    relation: "correspondent",
    want: "ask ask ask ask warn warn",
  },
  {
    name: "update, From the Organizer",
    state: claraKnows,
    message: update,
    owner: clara,
    from: ann,
    relation: "correspondent",
    want: "apply apply apply ask refuse refuse",
  },
  {
    name: "update, From somebody else",
    state: claraKnows,
    message: update,
    owner: clara,
    from: mallory,
    relation: "correspondent",
    want: "refuse refuse refuse refuse refuse refuse",
  },
  {
    name: "cancel, From the Organizer",
    state: claraKnows,
    message: cancel,
    owner: clara,
    from: ann,
    relation: "correspondent",
    want: "apply apply apply ask refuse refuse",
  },
  {
    name: "cancel, From another guest",
    state: claraKnows,
    message: cancel,
    owner: clara,
    from: ben,
    relation: "local",
    want: "refuse refuse refuse refuse refuse refuse",
  },
  {
    name: "cancel, From nobody",
    state: claraKnows,
    message: cancel,
    owner: clara,
    from: undefined,
    relation: "stranger",
    want: "refuse refuse refuse refuse refuse refuse",
  },
  {
    name: "reply, From the Attendee",
    state: annOrganizes,
    message: reply,
    owner: ann,
    from: clara,
    relation: "correspondent",
    want: "apply apply apply ask refuse apply",
  },
  {
    name: "reply, From somebody else",
    state: annOrganizes,
    message: reply,
    owner: ann,
    from: mallory,
    relation: "stranger",
    want: "ask ask ask ask refuse refuse",
  },
] as const;

function verdict(outcome: Outcome): string {
  if (outcome.kind === "applied") return "apply";
  if (outcome.kind === "rejected") return outcome.status.code.join(".") === "3.8" ? "refuse" : JSON.stringify(outcome);
  if (outcome.kind !== "undecided") return JSON.stringify(outcome);
  return outcome.question.kind === "unverified-sender" && outcome.question.suspicious ? "warn" : "ask";
}

describe("decision 0004: who may do what", () => {
  test.each(rows)("$name", ({ state, message, owner, from, relation, want }) => {
    const got = strengths.map((strength) =>
      verdict(receive(state, message, evidenceOf(from, { strength, relation }), contextOf(owner))),
    );
    expect(got.join(" ")).toBe(want);
  });

  test.each(rows)("$name: the owner's yes lifts what is asked, never what is refused", (row) => {
    for (const [index, strength] of strengths.entries()) {
      const evidence: Evidence = evidenceOf(row.from, { strength, relation: row.relation, confirmedByOwner: true });
      const outcome = receive(row.state, row.message, evidence, contextOf(row.owner));
      expect(verdict(outcome), strength).toBe(row.want.split(" ")[index] === "refuse" ? "refuse" : "apply");
    }
  });
});

describe("RFC 5546 §2.1.3: SENT-BY", () => {
  const assistant = address("assistant@example.test");
  const sentBy = (by: string) =>
    message({
      method: "REQUEST",
      sequence: 1,
      organizer: null,
      lines: [`ORGANIZER;SENT-BY="mailto:${by}":mailto:${ann}`],
    });

  test.each([
    ["an assistant of the Organizer's domain, for the first time", assistant, assistant, "undecided"],
    ["an assistant of another domain", mallory, mallory, "rejected"],
    ["somebody the message does not name", assistant, mallory, "rejected"],
  ])("%s", (_, by, from, want) => {
    expect(receive(claraKnows, sentBy(by), evidenceOf(from), contextOf(clara)).kind).toBe(want);
  });
});

test("RFC 5546 §2.1.3: an assistant the owner has said yes to speaks from then on", () => {
  const lines = [`ORGANIZER;SENT-BY="mailto:assistant@example.test":mailto:${ann}`];
  const from = address("assistant@example.test");
  const update = (sequence: number) => message({ method: "REQUEST", sequence, organizer: null, lines });
  const yes = evidenceOf(from, { confirmedByOwner: true });
  const state = applied(receive(claraKnows, update(1), yes, contextOf(clara)));
  expect(receive(state, update(2), evidenceOf(from), contextOf(clara)).kind).toBe("applied");
});

describe("RFC 5546 §6.1.3: another Organizer is a question, and never a CANCEL", () => {
  const claim = (method: "REQUEST" | "CANCEL") =>
    message({ method, sequence: 9, organizer: mallory, ...(method === "CANCEL" && { lines: ["STATUS:CANCELLED"] }) });

  test("REQUEST of a proven other Organizer", () => {
    const outcome = receive(claraKnows, claim("REQUEST"), evidenceOf(mallory), contextOf(clara));
    expect(outcome).toMatchObject({ kind: "undecided", question: { kind: "new-organizer", organizer: mallory } });
  });

  test.each(["REQUEST", "CANCEL"] as const)("%s of an unproven other Organizer is refused", (method) => {
    const evidence = evidenceOf(mallory, { strength: "weak" });
    expect(receive(claraKnows, claim(method), evidence, contextOf(clara))).toMatchObject({ kind: "rejected" });
  });

  test("CANCEL of a proven other Organizer is refused", () => {
    const outcome = receive(claraKnows, claim("CANCEL"), evidenceOf(mallory), contextOf(clara));
    expect(outcome).toMatchObject({ kind: "rejected", status: { code: [3, 8] } });
  });
});

describe("decision 0004: an Organizer that is a calendar id", () => {
  const calendar = address("c_1234@group.calendar.google.com");
  const greta = address("greta@mailhouse.test");
  const first = message({ method: "REQUEST", organizer: calendar });
  const second = message({ method: "REQUEST", organizer: calendar, dtstamp: "20270302T090000Z", summary: "New" });

  test("who sent the believed invitation speaks for it from then on, and nobody else", () => {
    const yes = evidenceOf(greta, { confirmedByOwner: true });
    const state = applied(receive(unknownState, first, yes, contextOf(clara)));
    expect(receive(state, second, evidenceOf(greta), contextOf(clara)).kind).toBe("applied");
    expect(receive(state, second, evidenceOf(mallory), contextOf(clara)).kind).toBe("rejected");
  });
});

describe("what a REPLY cannot do", () => {
  const guestsAnswers = (lines: readonly string[]) =>
    readText(
      [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parley//Test//EN",
        "METHOD:REPLY",
        ...lines,
        "END:VCALENDAR",
        "",
      ].join("\r\n"),
      "REPLY",
      ben,
    );
  const component = (attendees: readonly string[], more: readonly string[] = []) => [
    "BEGIN:VEVENT",
    "UID:one@example.test",
    "DTSTAMP:20270301T100000Z",
    "SEQUENCE:0",
    `ORGANIZER:mailto:${ann}`,
    ...attendees.map((line) => `ATTENDEE${line}`),
    ...more,
    "END:VEVENT",
  ];

  test.each([
    [
      "another's answer in a component beside one's own",
      [
        ...component([`;PARTSTAT=DECLINED:mailto:${clara}`]),
        ...component([`:mailto:${ben}`], ["RECURRENCE-ID:20270310T090000Z"]),
      ],
    ],
    [
      "another's answer dressed as a delegation",
      component([
        `;PARTSTAT=DECLINED;DELEGATED-TO="mailto:q@x.test":mailto:${clara}`,
        `;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:q@x.test":mailto:${ben}`,
      ]),
    ],
  ])("%s", (_, lines) => {
    const outcome = receive(annOrganizes, guestsAnswers(lines), evidenceOf(ben), contextOf(ann));
    const written = outcome.kind === "applied" ? [...outcome.state.participations.written.values()] : [];
    expect(written.filter(({ attendee }) => attendee !== ben)).toEqual([]);
  });

  test("outlive the versions to come by claiming one that does not exist", () => {
    const far = message({ method: "REPLY", sequence: 2147483647, attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`] });
    const state = applied(receive(annOrganizes, far, evidenceOf(clara), contextOf(ann)));
    const moved = message({ method: "REQUEST", start: "20270312T090000Z", end: "20270312T100000Z" }).object;
    const later = applied(schedule(state, moved, contextOf(ann)));
    const leading = later.object && leadingComponent(later.object);
    expect(leading && currentAnswer(later, leading, clara)).toMatchObject({ partstat: "NEEDS-ACTION", outdated: true });
  });
});

describe("an object without an Organizer is its owner's", () => {
  const own = applied(
    schedule(unknownState, message({ method: "REQUEST", organizer: null, attendees: [] }).object, contextOf(ann)),
  );

  test("a REQUEST that claims it is a question, a CANCEL is not for us", () => {
    const claim = message({ method: "REQUEST", organizer: mallory, sequence: 9, summary: "Hijacked" });
    const outcome = receive(own, claim, evidenceOf(mallory, { relation: "stranger" }), contextOf(ann));
    expect(outcome).toMatchObject({ kind: "undecided", question: { kind: "new-organizer" } });
    const end = message({ method: "CANCEL", organizer: mallory, sequence: 9, lines: ["STATUS:CANCELLED"] });
    expect(receive(own, end, evidenceOf(mallory), contextOf(ann))).toMatchObject({
      kind: "ignored",
      reason: "not-for-us",
    });
  });
});

describe("a forwarded invitation", () => {
  const forwarded = receive(unknownState, invitation, evidenceOf(ben), contextOf(clara));
  const taken = applied(
    receive(unknownState, invitation, evidenceOf(ben, { confirmedByOwner: true }), contextOf(clara)),
  );

  test("is a question that says so; who forwarded it is asked about later, not believed", () => {
    expect(forwarded).toMatchObject({ kind: "undecided", question: { kind: "forwarded", from: ben, organizer: ann } });
    expect(receive(taken, cancel, evidenceOf(ben), contextOf(clara))).toMatchObject({ kind: "undecided" });
    expect(receive(taken, cancel, evidenceOf(mallory), contextOf(clara))).toMatchObject({ kind: "rejected" });
    expect(receive(taken, cancel, evidenceOf(ann), contextOf(clara))).toMatchObject({ kind: "applied" });
  });
});
