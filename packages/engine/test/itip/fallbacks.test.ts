import { existsSync, readFileSync } from "node:fs";
import {
  type Context,
  defaultPolicy,
  type EvidenceStrength,
  type Method,
  type ObjectType,
  type Outcome,
  receive,
  type SchedulingMessage,
  schedule,
  unknownState,
} from "@parley/engine";
import { describeOutcome } from "@parley/engine/sentences";
import { describe, expect, test } from "vitest";
import { allProperties } from "../../src/icalendar/component.ts";
import { composeMail } from "../../src/imip/compose.ts";
import { fallbacks } from "../../src/itip/fallbacks.ts";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import { leadingComponent } from "../../src/model/calendar-object.ts";
import { methods, objectTypes } from "../../src/model/method.ts";
import { allTables } from "./all-tables.ts";
import { ann, ben, clara, contextOf, evidenceOf, mallory, message, noon, readText } from "./world.ts";

const ledger = new URL("../../../../../shared/requirements/itip-fallbacks.json", import.meta.url);

function houseWithout(...unserved: readonly (Method | ObjectType)[]): Context {
  return { ...contextOf(clara), policy: { ...defaultPolicy, unserved: new Set(unserved) } };
}

const chinese = "RRULE:FREQ=YEARLY;RSCALE=CHINESE;BYMONTH=1;BYMONTHDAY=1";

function answersTo(outcome: Outcome): readonly SchedulingMessage[] {
  if (outcome.kind !== "rejected") throw new Error(describeOutcome(outcome));
  return outcome.messages ?? [];
}

/** A message as text, without what is the same in all. */
function linesOf({ calendar, object }: SchedulingMessage): readonly string[] {
  const names = ["UID", "RECURRENCE-ID", "ORGANIZER", "ATTENDEE", "DTSTART", "DTEND", "SEQUENCE", "REQUEST-STATUS"];
  const { component } = leadingComponent(object);
  const method = allProperties(calendar, "METHOD").map(({ value }) => `METHOD:${value}`);
  return [...method, ...names.flatMap((name) => allProperties(component, name).map(({ value }) => `${name}:${value}`))];
}

/** A message of Ann's to Clara about anything but an event. */
function about(type: ObjectType, method: Method, from = ann): SchedulingMessage {
  const window = ["DTSTART:20270310T000000Z", "DTEND:20270311T000000Z"];
  const own = type === "VFREEBUSY" ? window : ["DTSTART:20270310T000000Z", "SUMMARY:x", "DESCRIPTION:x", "SEQUENCE:1"];
  const people = [`ORGANIZER:mailto:${ann}`, ...(type === "VJOURNAL" ? [] : [`ATTENDEE:mailto:${clara}`])];
  const component = ["UID:1", "DTSTAMP:20270301T090000Z", ...own, ...people];
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", `METHOD:${method}`, `BEGIN:${type}`];
  return readText([...head, ...component, `END:${type}`, "END:VCALENDAR", ""].join("\r\n"), method, from);
}

describe("the table of RFC 5546 §5.1", () => {
  const compare = existsSync(ledger) ? test : test.skip;
  const skipped = existsSync(ledger) ? "" : " (SKIPPED: no ../shared/requirements)";
  compare(`ITIP-5.1-01 a second transcription agrees${skipped}`, () => {
    const second = JSON.parse(readFileSync(ledger, "utf8")) as Ledger;
    for (const type of objectTypes) {
      const theirs = Object.entries(second.fallbacks[type]?.methods ?? {}).map(([method, text]) => [
        method,
        // Recurrences are supported here.
        text.startsWith("Required if recurrences") ? "not-supported" : inShort(text),
      ]);
      expect(Object.entries(fallbacks[type]), type).toEqual(theirs);
    }
  });

  test("ITIP-5.1-01 has a row for every METHOD there is of a component, and no other", () => {
    const rows = objectTypes.flatMap((type) =>
      methods.flatMap((method) => (fallbacks[type][method] ? [`${type} ${method}`] : [])),
    );
    expect(rows).toEqual(allTables().map(({ type, method }) => `${type} ${method}`));
  });
});

describe("a house that does not serve", () => {
  test.each([
    ["VJOURNAL", "PUBLISH", "RFC 5546 §5.1.4", "ITIP-5.1.4-01"],
    ["VJOURNAL", "ADD", "RFC 5546 §5.1.4", "ITIP-5.1.4-01"],
    ["VJOURNAL", "CANCEL", "RFC 5546 §5.1.4", "ITIP-5.1.4-01"],
    ["VFREEBUSY", "PUBLISH", "RFC 5546 §5.1.2", "ITIP-5.1.2-01"],
    ["VFREEBUSY", "REQUEST", "RFC 5546 §5.1.2", "ITIP-5.1.2-01"],
    ["VFREEBUSY", "REPLY", "RFC 5546 §5.1.2", "ITIP-5.1.2-01"],
  ] as const)("%s: a %s earns 3.14, by %s; %s", (type, method, rule, _id) => {
    const outcome = receive(unknownState, about(type, method), evidenceOf(ann), houseWithout(type));
    const status = { code: [3, 14], exception: `METHOD:${method}` };
    expect(outcome).toMatchObject({ kind: "rejected", rule, status });
    expect(answersTo(outcome)).toHaveLength(method === "REQUEST" ? 1 : 0);
  });

  test("ITIP-5.1.2-01 VFREEBUSY: who asks is told so, with the window they asked about", () => {
    const outcome = receive(unknownState, about("VFREEBUSY", "REQUEST"), evidenceOf(ann), houseWithout("VFREEBUSY"));
    expect(answersTo(outcome).map(linesOf)).toEqual([
      [
        "METHOD:REPLY",
        "UID:1",
        `ORGANIZER:mailto:${ann}`,
        `ATTENDEE:mailto:${clara}`,
        "DTSTART:20270310T000000Z",
        "DTEND:20270311T000000Z",
        "REQUEST-STATUS:3.14;Unsupported capability;METHOD:REQUEST",
      ],
    ]);
  });

  test("ITIP-3.2-01, ITIP-5.1.1-01 REQUEST: it is taken as a PUBLISH, asked about and not answered", () => {
    const request = message({ method: "REQUEST" });
    const outcome = receive(unknownState, request, evidenceOf(ann), houseWithout("REQUEST"));
    const published = receive(unknownState, { ...request, method: "PUBLISH" }, evidenceOf(ann), contextOf(clara));
    expect(outcome).toMatchObject({ kind: "undecided" });
    expect({ ...outcome, tolerated: [] }).toEqual({ ...published, tolerated: [] });
    const said = evidenceOf(ann, { confirmedByOwner: true });
    const taken = receive(unknownState, request, said, houseWithout("REQUEST"));
    expect(taken).toMatchObject({ kind: "applied", messages: [] });
  });

  test.each([
    ["ITIP-3.2.4-03", message({ method: "ADD", sequence: 2 }), "RFC 5546 §3.2.4"],
    ["ITIP-3.4.4-02", about("VTODO", "ADD"), "RFC 5546 §3.4.4"],
  ] as const)("%s ADD: 3.14, and the present version is asked for", (_id, add, rule) => {
    const outcome = receive(unknownState, add, evidenceOf(ann), houseWithout("ADD"));
    expect(outcome).toMatchObject({ kind: "rejected", rule, status: { code: [3, 14] } });
    const [reply, refresh, ...more] = answersTo(outcome);
    expect([reply?.method, refresh?.method, more.length]).toEqual(["REPLY", "REFRESH", 0]);
    expect(refresh && checkRestrictions(refresh)).toEqual([]);
  });

  test.each(["VEVENT", "VTODO"] as const)("ITIP-5.1.1-03 COUNTER of a %s: it is answered, not dropped", (type) => {
    const text = message({ method: "REQUEST", organizer: clara, attendees: [`:mailto:${ann}`] });
    const copy = schedule(unknownState, text.object, { ...contextOf(clara) });
    if (copy.kind !== "applied") throw new Error(copy.kind);
    const counter = message({
      method: "COUNTER",
      organizer: clara,
      sequence: 0,
      attendees: [`;PARTSTAT=TENTATIVE:mailto:${ann}`],
    });
    const sent = { ...counter, originator: ann, object: { ...counter.object, type } };
    const outcome = receive(copy.state, sent, evidenceOf(ann), houseWithout("COUNTER"));
    expect(answersTo(outcome).map(linesOf)).toEqual([
      [
        "METHOD:DECLINECOUNTER",
        "UID:one@example.test",
        `ORGANIZER:mailto:${clara}`,
        `ATTENDEE:mailto:${ann}`,
        "SEQUENCE:0",
        "REQUEST-STATUS:3.14;Unsupported capability;METHOD:COUNTER",
      ],
    ]);
    const stranger = { ...sent, originator: mallory };
    expect(answersTo(receive(copy.state, stranger, evidenceOf(mallory), houseWithout("COUNTER")))).toEqual([]);
    expect(answersTo(receive(unknownState, sent, evidenceOf(ann), houseWithout("COUNTER")))).toEqual([]);
  });

  test("ITIP-5.1.1-01 what is required: it is served whatever the policy says", () => {
    const copy = receive(unknownState, message({ method: "REQUEST" }), evidenceOf(ann), contextOf(clara));
    if (copy.kind !== "applied") throw new Error(copy.kind);
    const cancel = message({ method: "CANCEL", sequence: 1, lines: ["STATUS:CANCELLED"] });
    expect(receive(copy.state, cancel, evidenceOf(ann), houseWithout("CANCEL"))).toMatchObject({ kind: "applied" });
  });
});

describe("decision 0024: who is told that a message cannot be served", () => {
  const request = message({ method: "REQUEST", sequence: 3, lines: [chinese] });

  test("ITIP-3.2.3-02, ITIP-3.6-08 the Organizer, by a REPLY of the one invited, with the data that gave offence", () => {
    const outcome = receive(unknownState, request, evidenceOf(ann), contextOf(clara));
    const [reply] = answersTo(outcome);
    if (!reply) throw new Error("no answer");
    expect([reply.originator, reply.recipients]).toEqual([clara, [ann]]);
    expect(linesOf(reply)).toEqual([
      "METHOD:REPLY",
      "UID:one@example.test",
      `ORGANIZER:mailto:${ann}`,
      `ATTENDEE:mailto:${clara}`,
      "SEQUENCE:3",
      "REQUEST-STATUS:3.1;Invalid property value;RRULE:FREQ=YEARLY\\;RSCALE=CHINESE\\;BYMONTH=1\\;BYMONTHDAY=1",
    ]);
    const options = { provider: contextOf(clara).zones, limits: contextOf(clara).limits, changes: [], senderName: "C" };
    expect(composeMail(reply, options).text).toMatch(
      /^C has a calendar that could not take this\. A property has a value/,
    );
  });

  test.each<[EvidenceStrength, number]>([
    ["local", 1],
    ["domain", 1],
    ["relayed", 1],
    ["weak", 0],
    ["none", 0],
    ["link", 0],
  ])("by evidence: %s, %i messages", (strength, count) => {
    const outcome = receive(unknownState, request, evidenceOf(ann, { strength }), contextOf(clara));
    expect(answersTo(outcome)).toHaveLength(count);
  });

  test("never somebody else than the Organizer it speaks for, nor one who did not invite the owner", () => {
    expect(answersTo(receive(unknownState, request, evidenceOf(mallory), contextOf(clara)))).toEqual([]);
    const others = message({ method: "REQUEST", attendees: [`:mailto:${ben}`], lines: [chinese] });
    expect(answersTo(receive(unknownState, others, evidenceOf(ann), contextOf(clara)))).toEqual([]);
    const own = message({ method: "REQUEST", organizer: clara, lines: [chinese] });
    expect(answersTo(receive(unknownState, own, evidenceOf(clara), contextOf(clara)))).toEqual([]);
  });

  test.each(["PUBLISH", "REPLY", "CANCEL", "REFRESH", "DECLINECOUNTER"] as const)(
    "never in answer to a %s, so no two calendars answer each other for ever",
    (method) => {
      const lines = ["RECURRENCE-ID:soon", chinese];
      const broken = { ...message({ method, attendees: [`:mailto:${clara}`], lines }), originator: ann };
      expect(answersTo(receive(unknownState, broken, evidenceOf(ann), contextOf(clara)))).toEqual([]);
    },
  );

  test("nothing that breaks a table: of an Instance nobody can name no answer names one", () => {
    const broken = message({ method: "REQUEST", lines: ["RECURRENCE-ID:soon"] });
    const outcome = receive(unknownState, broken, evidenceOf(ann), contextOf(clara));
    expect(outcome).toMatchObject({ kind: "rejected", status: { code: [3, 5] } });
    expect(answersTo(outcome)).toEqual([]);
  });

  test("ITIP-6.2.2-02 what is too large, with 3.10", () => {
    const limits = { ...contextOf(clara).limits, maxOverrides: 1 };
    const first = receive(unknownState, message({ method: "REQUEST" }), evidenceOf(ann), contextOf(clara));
    if (first.kind !== "applied") throw new Error(first.kind);
    let state = first.state;
    let last: Outcome = first;
    for (const day of [11, 12]) {
      const lines = [`RECURRENCE-ID:202703${day}T090000Z`];
      const instance = message({
        method: "REQUEST",
        start: `202703${day}T090000Z`,
        end: `202703${day}T100000Z`,
        lines,
      });
      last = receive(state, instance, evidenceOf(ann), { ...contextOf(clara, noon + day), limits });
      if (last.kind === "applied") state = last.state;
    }
    expect(last).toMatchObject({ kind: "rejected", rule: "RFC 5546 §3.6.23", status: { code: [3, 10] } });
    expect(answersTo(last).map(({ method }) => method)).toEqual(["REPLY"]);
  });
});

interface Ledger {
  readonly fallbacks: Readonly<Record<string, { readonly methods: Readonly<Record<string, string>> }>>;
}

function inShort(text: string): string {
  if (text === "Required") return "required";
  return text === "PUBLISH" ? "publish" : /3\.14|Not Supported/.test(text) ? "not-supported" : text;
}
