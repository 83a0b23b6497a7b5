import {
  type CalendarUserAddress,
  type Evidence,
  type EvidenceStrength,
  type Outcome,
  type Relation,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { describe, expect, test } from "vitest";
import { applied as appliedOf, counterText, later, meeting, only } from "./counter-world.ts";
import { day, receiveAll, several, stamp, weekly } from "./series.ts";
import { address, ann, ben, clara, contextOf, evidenceOf, mallory, message } from "./world.ts";

/**
 * The table of the design, method x sender x evidence: A applied at once, S shown and applied with one click, Q quarantined or refused.
 * The columns are local, domain, relayed, link, weak, none (L D A T U N). A small letter is what decision 0004 has instead of the design;
 * `instead` says why.
 */
interface Row {
  readonly message: string;
  readonly sender: string;
  readonly cells: string;
  readonly relations: readonly Relation[];
  readonly from: CalendarUserAddress | undefined;
  readonly instead?: string;
}

interface Case {
  readonly state: SchedulingState;
  readonly owner: CalendarUserAddress;
  readonly message: SchedulingMessage;
}

const strengths: readonly EvidenceStrength[] = ["local", "domain", "relayed", "link", "weak", "none"];
const known: readonly Relation[] = ["self", "local", "contact", "correspondent"];
const anybody: readonly Relation[] = [...known, "stranger"];
const assistant = address("assistant@example.test");
const elsewhere = address("assistant@elsewhere.test");

const invitation = message({ method: "REQUEST" });
const publication = message({ method: "PUBLISH", attendees: [] });
const series = several("REQUEST", [[...weekly, ...stamp(0)]]);
const moved = { sequence: 1, start: "20270311T090000Z", end: "20270311T100000Z" } as const;
const inTheNameOf = (by: CalendarUserAddress, sequence: number) => {
  const lines = [`ORGANIZER;SENT-BY="mailto:${by}":mailto:${ann}`];
  return message({ method: "REQUEST", ...moved, sequence, organizer: null, lines });
};
const settled = (outcome: Outcome): SchedulingState => settleState(appliedOf(outcome).state);
const taken = (state: SchedulingState, received: SchedulingMessage, from = ann): SchedulingState =>
  settled(receive(state, received, evidenceOf(from, { confirmedByOwner: true }), contextOf(clara)));

const claraKnows = taken(unknownState, invitation);
const annOrganizes = settled(schedule(unknownState, invitation.object, contextOf(ann)));

function declined(): Case {
  const { organizer, guest } = meeting();
  organizer.receive(only(appliedOf(guest.act({ kind: "counter", changes: later })).messages));
  const decline = only(appliedOf(organizer.act({ kind: "decline-proposal", attendee: clara })).messages);
  return { state: guest.state, owner: clara, message: decline };
}

const cases: Readonly<Record<string, Case>> = {
  "REQUEST, new": { state: unknownState, owner: clara, message: invitation },
  "REQUEST, update": { state: claraKnows, owner: clara, message: message({ method: "REQUEST", ...moved }) },
  "REQUEST, SENT-BY the message claims": { state: claraKnows, owner: clara, message: inTheNameOf(assistant, 1) },
  "REQUEST, SENT-BY of another domain": { state: claraKnows, owner: clara, message: inTheNameOf(elsewhere, 1) },
  "REQUEST, SENT-BY the copy knows": {
    state: taken(claraKnows, inTheNameOf(assistant, 1), assistant),
    owner: clara,
    message: inTheNameOf(assistant, 2),
  },
  ADD: {
    state: receiveAll([series]),
    owner: clara,
    message: several("ADD", [[...day("12", "15"), "SUMMARY:Extra", ...stamp(10, 1)]]),
  },
  CANCEL: {
    state: claraKnows,
    owner: clara,
    message: message({ method: "CANCEL", sequence: 1, lines: ["STATUS:CANCELLED"] }),
  },
  REPLY: {
    state: annOrganizes,
    owner: ann,
    message: message({ method: "REPLY", attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`] }),
  },
  "REPLY, uninvited": {
    state: annOrganizes,
    owner: ann,
    message: message({ method: "REPLY", attendees: [`;PARTSTAT=ACCEPTED:mailto:${mallory}`] }),
  },
  COUNTER: { state: annOrganizes, owner: ann, message: counterText() },
  REFRESH: {
    state: annOrganizes,
    owner: ann,
    message: message({ method: "REFRESH", attendees: [`:mailto:${clara}`] }),
  },
  DECLINECOUNTER: declined(),
  "PUBLISH, new": { state: unknownState, owner: clara, message: publication },
  "PUBLISH, update": {
    state: taken(unknownState, publication),
    owner: clara,
    message: message({ method: "PUBLISH", ...moved, attendees: [] }),
  },
};

const shownWithWarning =
  "An invitation changes nothing that is there; it is shown with a warning, for fear of losing one.";
const asked = "Anybody with a mailbox at a large provider could claim it.";
const takenOnce = "What the owner has taken once is kept up to date by whoever published it.";

function rowsOf(name: string, relations: readonly Relation[], ...lines: readonly (readonly [string, ...unknown[]])[]) {
  return lines.map(
    ([sender, from, cells, instead]) => ({ message: name, relations, sender, from, cells, instead }) as Row,
  );
}

const refused = "QQQQQQ";
const ofOrganizer = "AAAQSQ";
const others = (name: string, cells = refused) =>
  rowsOf(name, anybody, ["another guest", ben, cells], ["somebody else", mallory, cells], ["nobody", undefined, cells]);

const table: readonly Row[] = [
  ...rowsOf("REQUEST, new", known, ["the Organizer, known", ann, "AAAsSs", shownWithWarning]),
  ...rowsOf("REQUEST, new", ["stranger"], ["the Organizer, a stranger", ann, "SSSsss", shownWithWarning]),
  ...rowsOf("REQUEST, new", known, [
    "somebody else, known",
    ben,
    "ssssSs",
    "Only a person can judge what is forwarded.",
  ]),
  ...rowsOf("REQUEST, new", ["stranger"], ["somebody else, a stranger", mallory, "SSSsss", shownWithWarning]),
  ...rowsOf("REQUEST, new", ["stranger"], ["nobody", undefined, "SSSsss", shownWithWarning]),
  ...rowsOf("REQUEST, update", anybody, ["the Organizer", ann, ofOrganizer]),
  ...others("REQUEST, update"),
  ...rowsOf("REQUEST, SENT-BY the message claims", anybody, ["who is named", assistant, "sssQqQ", asked]),
  ...others("REQUEST, SENT-BY the message claims"),
  ...rowsOf("REQUEST, SENT-BY of another domain", anybody, ["who is named", elsewhere, refused]),
  ...rowsOf("REQUEST, SENT-BY the copy knows", anybody, ["who is named", assistant, ofOrganizer]),
  ...others("REQUEST, SENT-BY the copy knows"),
  ...rowsOf("ADD", anybody, ["the Organizer", ann, ofOrganizer]),
  ...others("ADD"),
  ...rowsOf("CANCEL", anybody, ["the Organizer", ann, ofOrganizer]),
  ...others("CANCEL"),
  ...rowsOf("REPLY", anybody, ["the Attendee", clara, "AAAASQ"]),
  ...others("REPLY", "SSSQSQ"),
  ...rowsOf("REPLY, uninvited", anybody, ["the uninvited", mallory, "SSSSSQ"]),
  ...rowsOf("COUNTER", anybody, ["the Attendee", clara, "AAAASQ"]),
  ...others("COUNTER", "SSSQSQ"),
  ...rowsOf("REFRESH", anybody, ["the Attendee", clara, "AAAQQQ"]),
  ...others("REFRESH"),
  ...rowsOf("DECLINECOUNTER", anybody, ["the Organizer", ann, ofOrganizer]),
  ...others("DECLINECOUNTER"),
  ...rowsOf("PUBLISH, new", anybody, ["the Organizer", ann, "SSSqSQ", "A link answers, and does nothing else."]),
  ...rowsOf("PUBLISH, new", anybody, ["somebody else", mallory, "SSSqSQ", "A link answers, and does nothing else."]),
  ...rowsOf("PUBLISH, update", anybody, ["who published it", ann, "aaaqSQ", takenOnce]),
  ...others("PUBLISH, update", refused),
];

const cells = table.flatMap((row) =>
  strengths.map((strength, column) => ({ ...row, strength, want: row.cells.charAt(column).toUpperCase() })),
);

function letterOf(outcome: Outcome): string {
  if (outcome.kind === "applied") return "A";
  if (outcome.kind === "undecided") return "S";
  return outcome.kind === "rejected" && outcome.status.code.join(".") === "3.8" ? "Q" : JSON.stringify(outcome);
}

/** What becomes of it, whatever of the row's relations the sender has to the owner. */
function decide({ message: name, from, strength, relations }: (typeof cells)[number], over: Partial<Evidence> = {}) {
  const found = cases[name];
  if (!found) throw new Error(`no case ${name}`);
  const { state, message: received, owner } = found;
  const letters = relations.map((relation) =>
    letterOf(receive(state, received, evidenceOf(from, { strength, relation, ...over }), contextOf(owner))),
  );
  return [...new Set(letters)].join(" ");
}

describe("IMIP-2.2.1-01 IMIP-2.2.1-02 IMIP-2.2.1-03 IMIP-2.2.1-04 IMIP-3-03 IMIP-3-04 IMIP-3-11: method x sender x evidence", () => {
  test.each(cells)("$message from $sender, $strength: $want", (cell) => {
    expect(decide(cell)).toBe(cell.want);
  });

  test.each(cells.filter(({ want }) => want === "Q"))(
    "the owner's yes never lifts it: $message from $sender, $strength",
    (cell) => expect(decide(cell, { confirmedByOwner: true })).toBe("Q"),
  );

  test("every method and every strength is in the table, and each cell that leaves the design has its reason", () => {
    const methods = new Set(Object.values(cases).map(({ message: { method } }) => method));
    expect(methods.size).toBe(8);
    expect(new Set(table.map(({ message: name }) => name))).toEqual(new Set(Object.keys(cases)));
    for (const row of table) {
      expect(row.cells).toMatch(/^[ASQasq]{6}$/);
      expect(/[asq]/.test(row.cells), row.message).toBe(row.instead !== undefined);
    }
  });
});

test.each(cells)("warnings are shown, and judge nothing: $message from $sender, $strength", (cell) => {
  expect(decide(cell, { warnings: ["It looks like another."] })).toBe(cell.want);
});
