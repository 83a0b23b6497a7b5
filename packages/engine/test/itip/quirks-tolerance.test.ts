import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  type Context,
  currentAnswer,
  defaultQuirks,
  leadingComponent,
  type Method,
  type Outcome,
  objectComponents,
  organizerOf,
  parseMethod,
  type QuirkName,
  readTimeSpan,
  receive,
  resolveTimeSpan,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { decodeText, encodeText, firstProperty, parseCalendar } from "@parley/engine/icalendar";
import { countInstances, intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quirks, seenQuirks } from "../../src/itip/quirks/seen.ts";
import { mendMessage } from "../../src/itip/quirks/tolerance.ts";
import { defaultLimits } from "../../src/limits.ts";
import { isCancelled } from "../../src/model/cancelled.ts";
import { readRecurrenceSet } from "../../src/model/recurrence-set.ts";
import { ann, ben, clara, contextOf, evidenceOf, fixture, message, readText } from "./world.ts";

/** What one dialect is read as, and what becomes of it where its quirk is not tolerated. */
interface Dialect {
  /** What is asked of the outcome where it is tolerated, and the answer. */
  readonly read: (state: SchedulingState) => unknown;
  readonly as: unknown;
  /** The status it is rejected with where it is not; the answer to the same question where it is only read otherwise. */
  readonly otherwise: { readonly status: string } | { readonly as: unknown } | "the same";
}

const leading = (state: SchedulingState) => state.object && leadingComponent(state.object);
const value = (name: string) => (state: SchedulingState) =>
  firstProperty(leading(state)?.component ?? { name: "", properties: [], components: [] }, name)?.value;
const answer = (state: SchedulingState) => {
  const component = leading(state);
  return component && currentAnswer(state, component, ben).partstat;
};
const comment = (state: SchedulingState) => [...state.participations.written.values()][0]?.comment;
const wishes = (state: SchedulingState) =>
  [...state.proposals.written.values()][0]?.component.properties.map(({ name }) => name);
const cancelled = (state: SchedulingState) =>
  state.object && objectComponents(state.object).map((component) => isCancelled(state, component));
const revision = (state: SchedulingState) => state.revisions.written.get("")?.latest;

const spanOf = (state: SchedulingState) => {
  const component = leading(state)?.component;
  return component && readTimeSpan(component);
};
const zonesOf = (state: SchedulingState) =>
  makeZoneResolver(state.object?.timezones ?? [], intlZoneProvider, defaultLimits);
const startOf = (state: SchedulingState) => {
  const span = spanOf(state);
  return span && resolveTimeSpan(span, zonesOf(state))?.starts;
};
const countOf = (state: SchedulingState) =>
  state.object && countInstances(readRecurrenceSet(state.object, zonesOf(state), defaultLimits), defaultLimits);
const nineUtc = Date.UTC(2027, 2, 10, 9) / 1_000;
const day = (of: number) => ({ kind: "date", wall: Date.UTC(2027, 2, of) / 1_000 });

const dialects: Readonly<Record<QuirkName, Dialect>> = {
  "address-without-mailto": {
    read: ({ object }) => object && organizerOf(object)?.address,
    as: ann,
    otherwise: { status: "3.7" },
  },
  "all-day-as-times": { read: (state) => spanOf(state)?.end, as: day(12), otherwise: "the same" },
  "cancel-without-status": { read: cancelled, as: [true], otherwise: "the same" },
  "comment-in-attendee": {
    read: comment,
    as: "Ten minutes late, don’t wait & start",
    otherwise: { as: undefined },
  },
  "counter-of-times-alone": {
    read: wishes,
    as: ["DTSTART", "DTEND", "X-MS-OLK-ORIGINALSTART", "X-MS-OLK-ORIGINALEND"],
    otherwise: { as: ["DTSTART", "DTEND", "SUMMARY", "X-MS-OLK-ORIGINALSTART", "X-MS-OLK-ORIGINALEND"] },
  },
  "empty-property": { read: value("SUMMARY"), as: "Vårplan", otherwise: { status: "3.1" } },
  "global-time-zone": { read: startOf, as: nineUtc, otherwise: "the same" },
  "local-dtstamp": {
    read: revision,
    as: { sequence: 0, dtstamp: Date.UTC(2027, 2, 1, 9) / 1_000 },
    otherwise: { status: "3.5" },
  },
  "lower-case-method": { read: value("SUMMARY"), as: "Vårplan", otherwise: "the same" },
  "missing-dtstamp": { read: revision, as: { sequence: 0, dtstamp: 0 }, otherwise: { status: "3.11" } },
  "missing-prodid": { read: value("SUMMARY"), as: "Vårplan", otherwise: { status: "3.11" } },
  "missing-sequence": { read: cancelled, as: [true], otherwise: { status: "3.11" } },
  "organizer-as-attendee": { read: answer, as: "ACCEPTED", otherwise: { status: "3.2" } },
  "override-without-master": { read: ({ object }) => object?.overrides.size, as: 1, otherwise: "the same" },
  "quoted-name": { read: ({ object }) => object && organizerOf(object)?.name, as: "Ann", otherwise: "the same" },
  "quoted-tzid": { read: startOf, as: nineUtc, otherwise: "the same" },
  "recurrence-id-of-other-type": { read: cancelled, as: [false, true], otherwise: { status: "3.5" } },
  "repeated-property": { read: value("STATUS"), as: "CONFIRMED", otherwise: { status: "3.1" } },
  "reply-without-organizer": { read: answer, as: "ACCEPTED", otherwise: { status: "3.11" } },
  "sequence-beyond-int32": {
    read: (state) => revision(state)?.sequence,
    as: 2_147_483_647,
    otherwise: { status: "3.1" },
  },
  "server-parameters": { read: value("SUMMARY"), as: "Vårplan", otherwise: { status: "3.2" } },
  "spaces-in-rule": { read: countOf, as: { kind: "count", count: 3 }, otherwise: { status: "3.6" } },
  "undefined-time-zone": { read: startOf, as: nineUtc, otherwise: { status: "3.11" } },
  "unknown-role": {
    read: (state) => leading(state)?.attendees.get(ben)?.role,
    as: "REQ-PARTICIPANT",
    otherwise: { status: "3.3" },
  },
  "until-of-other-type": { read: countOf, as: { kind: "count", count: 3 }, otherwise: { status: "3.6" } },
  "upper-case-mailto": {
    read: ({ object }) => object && organizerOf(object)?.address,
    as: ann,
    otherwise: "the same",
  },
  "windows-time-zone": { read: startOf, as: nineUtc, otherwise: "the same" },
};

describe("a dialect", () => {
  for (const { name } of quirks) {
    const { read, as, otherwise } = dialects[name];

    test(`${name}: its fixture shows it, and is taken where it is tolerated`, () => {
      const sent = dialect(name);
      expect(seenQuirks(sent.calendar)).toContain(name);
      const outcome = play(sent, defaultQuirks);
      expect(outcome.kind).toBe("applied");
      expect(outcome.kind === "applied" && read(outcome.state)).toEqual(as);
    });

    test(`${name}: where it is not tolerated, ${nameOf(otherwise)}`, () => {
      const outcome = play(dialect(name), without(name));
      if (typeof otherwise === "object" && "status" in otherwise) {
        expect(outcome).toMatchObject({ kind: "rejected", status: { code: otherwise.status.split(".").map(Number) } });
        expect(outcome.kind === "rejected" && outcome.violations[0]?.rule).toBe(outcome.rule);
        return;
      }
      expect(outcome.kind).toBe("applied");
      const expected = otherwise === "the same" ? as : otherwise.as;
      expect(outcome.kind === "applied" && read(outcome.state)).toEqual(expected);
    });
  }

  test("an Instance named by the other type than the known series has is not found where that is not tolerated", () => {
    const cancel = message({
      method: "CANCEL",
      uid: "days@example.test",
      sequence: 1,
      start: "20270311T000000Z",
      end: "20270312T000000Z",
      lines: ["RECURRENCE-ID:20270311T000000Z", "STATUS:CANCELLED"],
    });
    const taken = play(cancel, defaultQuirks);
    const strict = play(cancel, without("recurrence-id-of-other-type"));
    expect(taken.kind === "applied" && taken.state.object?.overrides.keys().next().value).toBe("20270311");
    expect(strict.kind === "applied" && strict.state.object?.overrides.keys().next().value).not.toBe("20270311");
  });
});

describe("a house that tolerates nothing", () => {
  const strict: ReadonlySet<QuirkName> = new Set();

  test("understands all that we send", () => {
    const mine = message({ method: "REQUEST", attendees: [`;RSVP=TRUE:mailto:${ben}`] });
    const made = schedule(unknownState, mine.object, { ...contextOf(ann), quirks: strict });
    const request = made.kind === "applied" ? made.messages[0] : undefined;
    if (!request) throw new Error("nothing was sent");
    const taken = receive(unknownState, request, evidenceOf(ann), { ...contextOf(ben), quirks: strict });
    expect(taken.kind).toBe("applied");
  });

  test("tells what it cannot take by the table of that very component", () => {
    const reply = message({ method: "REPLY", organizer: null, attendees: [`;PARTSTAT=ACCEPTED:mailto:${ben}`] });
    expect(play(reply, strict)).toMatchObject({
      rule: "RFC 5546 §3.2.3",
      status: { code: [3, 11], exception: "ORGANIZER" },
    });
  });
});

describe("mending", () => {
  test.each([
    ["a&lt;b&gt; &amp; &quot;c&AMP;", 'a<b> & "c&AMP;'],
    ["&#32;x&#31;&#33;", "x&#31;!"],
    ["&#55295;&#55296;&#57343;&#57344;", "\ud7ff&#55296;&#57343;\ue000"],
    ["&#1114111;&#1114112;", "\u{10ffff}&#1114112;"],
    ["&nobody;&#;&mdash;", "&nobody;&#;—"],
  ])("undoes the escapes of characters there are: %s", (said, comment) => {
    const attendees = [`;PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT="${said}":mailto:${ben}`];
    expect(textOf(mendMessage(message({ method: "REPLY", attendees }), contextOf(ann)), "COMMENT")).toBe(comment);
  });

  test("twice is mending once, whatever the note is, and what stands in COMMENT already is kept", () => {
    const note = fc.string({ maxLength: 40 }).map((text) => text.replace(/[\p{Cc}"]/gu, ""));
    fc.assert(
      fc.property(note, fc.option(note), (said, written) => {
        const attendees = [`;PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT="${said}":mailto:${ben}`];
        const lines = written === null ? [] : [`COMMENT:${encodeText(written)}`];
        const reply = message({ method: "REPLY", attendees, lines });
        const once = mendMessage(reply, contextOf(ann));
        expect(mendMessage(once, contextOf(ann)).object).toEqual(once.object);
        const comment = textOf(once, "COMMENT");
        if (written?.trim()) expect(comment).toBe(written);
        else if (/^[\w ]+$/.test(said)) expect(comment || undefined).toBe(said.trim() || undefined);
      }),
      { numRuns: 300 },
    );
  });

  test("leaves alone what other METHODs and other Attendees say", () => {
    const line = `;X-RESPONSE-COMMENT="Late":mailto:${ben}`;
    const request = message({ method: "REQUEST", attendees: [line] });
    const reply = message({ method: "REPLY", attendees: [`;PARTSTAT=ACCEPTED:mailto:${clara}`, line] });
    for (const sent of [request, reply]) expect(mendMessage(sent, contextOf(ann)).object).toEqual(sent.object);
  });
});

const corpus = new URL("../../../../../shared/corpus/", import.meta.url);
const present = existsSync(corpus);

describe("the dialects of others", () => {
  const run = present ? test : test.skip;

  run(
    `each quirk with a breach is what a strict house rejects them for${present ? "" : " (SKIPPED: no corpus)"}`,
    () => {
      let messages = 0;
      for (const name of readdirSync(corpus, { recursive: true, encoding: "utf8" })) {
        if (!name.endsWith(".ics")) continue;
        const sent = readMessage(readFileSync(new URL(name, corpus)));
        if (!sent) continue;
        messages++;
        const owner = { ...contextOf(ben) };
        const taken = receive(unknownState, sent, evidenceOf(sent.originator), owner);
        if (taken.kind === "rejected") continue;
        for (const seen of seenQuirks(sent.calendar)) {
          const outcome = receive(unknownState, sent, evidenceOf(sent.originator), { ...owner, quirks: without(seen) });
          const { otherwise } = dialects[seen];
          const isRefused = typeof otherwise === "object" && "status" in otherwise;
          expect(outcome.kind === "rejected", `${name}: ${seen}`).toBe(isRefused);
        }
      }
      expect(messages).toBeGreaterThan(50);
    },
  );
});

const answers: ReadonlySet<Method> = new Set(["REPLY", "COUNTER"]);

function nameOf(otherwise: Dialect["otherwise"]): string {
  if (otherwise === "the same") return "it is read all the same, for it is legal";
  return "status" in otherwise ? `it is rejected with ${otherwise.status}` : "it is read as it stands";
}

function textOf({ object }: SchedulingMessage, name: string): string | undefined {
  const property = firstProperty(leadingComponent(object).component, name);
  return property && decodeText(property.value);
}

function without(name: QuirkName): ReadonlySet<QuirkName> {
  return new Set([...defaultQuirks].filter((other) => other !== name));
}

function dialect(name: QuirkName): SchedulingMessage {
  const read = readMessage(new TextEncoder().encode(fixture(`dialects/quirks/${name}.ics`)));
  if (!read) throw new Error(`${name} is no message`);
  return read;
}

function readMessage(bytes: Uint8Array): SchedulingMessage | undefined {
  const { calendar } = parseCalendar(bytes, defaultLimits);
  const method = parseMethod((calendar && firstProperty(calendar, "METHOD")?.value) ?? "");
  if (!calendar || !method) return undefined;
  const text = new TextDecoder().decode(bytes);
  try {
    const { object } = readText(text, method, undefined);
    const first = leadingComponent(object);
    const originator = answers.has(method) ? first.attendees.keys().next().value : first.organizer?.address;
    return readText(text, method, originator);
  } catch {
    return undefined; // several UIDs or none: no message
  }
}

/** Ben receives what an Organizer sends, Ann what an Attendee does; both know the event and the days of a series. */
function play(sent: SchedulingMessage, tolerated: ReadonlySet<QuirkName>): Outcome {
  const isAnswer = answers.has(sent.method);
  const context: Context = { ...contextOf(isAnswer ? ann : ben), quirks: tolerated };
  return receive(knownTo(sent, isAnswer), sent, evidenceOf(isAnswer ? ben : ann), context);
}

function knownTo({ method, object }: SchedulingMessage, isAnswer: boolean): SchedulingState {
  if (method === "REQUEST") return unknownState;
  const days = { start: "20270310", end: "20270311", lines: ["RRULE:FREQ=DAILY;COUNT=5"] };
  const attendees = [`;RSVP=TRUE:mailto:${ben}`];
  const invitation = message({
    method: "REQUEST",
    uid: object.uid,
    attendees,
    ...(object.uid.startsWith("days") && days),
  });
  const made = isAnswer
    ? schedule(unknownState, invitation.object, contextOf(ann))
    : receive(unknownState, invitation, evidenceOf(ann), contextOf(ben));
  if (made.kind !== "applied") throw new Error(`the event was ${made.kind}`);
  return settleState(made.state);
}
