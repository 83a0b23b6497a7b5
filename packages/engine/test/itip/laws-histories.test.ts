import {
  allRegisters,
  type CalendarObject,
  type CalendarUserAddress,
  currentAnswer,
  isCancelled,
  leadingComponent,
  objectComponents,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  settleState,
} from "@parley/engine";
import { expand, intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import { governingComponent } from "../../src/model/calendar-object.ts";
import { instanceKey } from "../../src/model/recurrence-id.ts";
import { readRecurrenceSet } from "../../src/model/recurrence-set.ts";
import type { Conversation } from "./conversation.ts";
import {
  type Arrival,
  histories,
  ofAttendees,
  people,
  personOf,
  play,
  type Step,
  type Watcher,
} from "./laws-histories.ts";
import { key as keyOf, receiveAll, received, takesPlace, textOf } from "./series.ts";
import { ann, clara, contextOf, evidenceOf, mallory, shuffle } from "./world.ts";

type Letters = Conversation["mail"];

const runs = { numRuns: 300 };
const law = (watcher: () => Watcher): void =>
  fc.assert(
    fc.property(histories(14), (steps) => void play(steps, watcher())),
    runs,
  );
const isArrival = (cause: Step | Arrival): cause is Arrival => "message" in cause;

describe("laws of whole histories: all METHODs, Instances, ranges, delegation, proposals, mail late and twice", () => {
  test("what leaves satisfies the tables, and reaches nobody who is not, was not and is not spoken of", () => {
    law(() => {
      const known = new Set<CalendarUserAddress>([ann]);
      return {
        sent(talk, letters, cause) {
          for (const { attendees } of objectComponents(objectOf(talk)))
            for (const one of attendees.keys()) known.add(one);
          if (!isArrival(cause) && cause.verb === "refuse") known.add(personOf(cause));
          // A delegate hears of it from the delegator, before the Organizer knows.
          if (!isArrival(cause) && cause.verb.startsWith("delegate")) for (const { to } of letters) known.add(to);
          for (const { to, message } of letters) {
            expect(checkRestrictions(message)).toEqual([]);
            if (isPublished(message)) expect(to).toBe(mallory);
            else expect(known.has(to), `${message.method} to ${to}`).toBe(true);
          }
        },
      };
    });
  });

  test("nobody is sent an Instance they are not invited to", () => {
    law(() => ({
      sent(talk, letters) {
        for (const { from, to, message } of letters) {
          if (from !== ann || (message.method !== "REQUEST" && message.method !== "ADD")) continue;
          for (const key of instancesIn(message)) {
            const speaks = governingComponent(objectOf(talk), key);
            expect(speaks?.attendees.has(to), `${message.method} of ${key} to ${to}`).toBe(true);
          }
        }
      },
    }));
  });

  test("SEQUENCE never falls, of any component, in what is kept and in what is sent", () => {
    law(() => {
      const kept = new Map<string, number>();
      const told = new Map<string, number>();
      return {
        sent(talk, letters) {
          for (const [key, { latest }] of allRegisters(talk.state(ann).revisions)) rises(kept, key, latest.sequence);
          for (const { from, to, message } of letters) {
            if (from !== ann || message.method === "DECLINECOUNTER") continue;
            for (const { key, revision } of objectComponents(message.object)) {
              rises(told, `${to} ${key}`, revision.sequence);
            }
          }
        },
      };
    });
  });

  test("each message is answered by a bounded number, and all fall silent", () => {
    law(() => ({
      sent(_talk, letters, cause) {
        if (isArrival(cause)) expect(letters.length).toBeLessThanOrEqual(2 * people.length);
      },
    }));
  });

  test("receiving twice is receiving once", () => {
    law(() => ({
      sent: () => undefined,
      arrives({ talk, from, to, message, context }) {
        const once = receive(talk.state(to), message, evidenceOf(from), context);
        if (once.kind !== "applied" || message.method === "REFRESH") return;
        const twice = receive(settleState(once.state), message, evidenceOf(from), context);
        expect(["ignored", "held"], `${message.method} ${twice.kind}`).toContain(twice.kind);
      },
    }));
  });

  test("an answer changes nobody's register but its sender's, and nothing of the object but who is on it", () => {
    law(() => ({
      sent: () => undefined,
      arrives({ talk, from, to, message, context }) {
        if (message.method !== "REPLY" && message.method !== "COUNTER") return;
        const before = talk.state(to);
        const outcome = receive(before, message, evidenceOf(from), context);
        if (outcome.kind !== "applied") return;
        const written = [...outcome.state.participations.written.keys(), ...outcome.state.proposals.written.keys()];
        expect(written.filter((register) => !register.startsWith(`${from} `))).toEqual([]);
        expect(said(outcome.state)).toEqual(said(before));
      },
    }));
  });

  test("what comes From somebody else changes nothing", () => {
    law(() => ({
      sent: () => undefined,
      arrives({ talk, to, message, context }) {
        const forged = evidenceOf(mallory, { relation: "stranger" });
        expect(receive(talk.state(to), message, forged, context).kind).not.toBe("applied");
      },
    }));
  });
});

test("the histories have every METHOD, ranges, delegations and proposals that are taken up", () => {
  const letters = fc.sample(histories(14), { seed: 5546, numRuns: 500 }).flatMap((steps) => lettersOf(steps));
  expect([...new Set(letters.map(({ message }) => message.method))].sort()).toEqual([
    "ADD",
    "CANCEL",
    "COUNTER",
    "DECLINECOUNTER",
    "PUBLISH",
    "REFRESH",
    "REPLY",
    "REQUEST",
  ]);
  const texts = letters.map(({ message }) => `${message.method} ${textOf(message)}`);
  for (const form of [
    /^REQUEST[^]*RANGE=THISANDFUTURE/,
    /^REPLY[^]*RANGE=THISANDFUTURE/,
    /^CANCEL[^]*RANGE=THISANDFUTURE/,
    /^REPLY[^]*DELEGATED-TO/,
    /^REQUEST[^]*DELEGATED-FROM/,
    /^REQUEST[^]*EXDATE/,
    /^REQUEST[^]*T150000Z/,
  ]) {
    expect(
      texts.some((text) => form.test(text)),
      String(form),
    ).toBe(true);
  }
});

describe("laws of order", () => {
  const order = fc.infiniteStream(fc.nat());

  test("what Ann sent ends in one copy at Clara's, whatever came first: any five of it", () => {
    fc.assert(
      fc.property(histories(14), fc.nat(), order, (steps, first, random) => {
        const all = lettersOf(steps).filter(
          ({ from, to, message }) => from === ann && to === clara && isVersion(message),
        );
        const messages = window(all, first).map(({ message }) => received(message));
        const ordered = receiveAll(messages);
        expect(copyOf(receiveAll(shuffle(messages, random)))).toEqual(copyOf(ordered));
      }),
      { numRuns: 300 },
    );
  });

  test("what was answered ends in one copy at Ann's, whatever came first: any five of it", () => {
    fc.assert(
      fc.property(histories(14), fc.nat(), order, (steps, first, random) => {
        const all = lettersOf(ofAttendees(steps), ann).filter(({ to, message }) => to === ann && isAnswer(message));
        const messages = window(all, first).map(({ message }) => received(message));
        const ordered = answersAtAnn(messages);
        const late = answersAtAnn(shuffle(messages, random));
        // Once more: what was held too long is nobody's loss.
        expect(answersIn(answersAtAnn(messages, late))).toEqual(answersIn(answersAtAnn(messages, ordered)));
      }),
      { numRuns: 300 },
    );
  });
});

/** What is published, or was and is called off, names nobody. */
function isPublished({ method, object }: SchedulingMessage): boolean {
  if (method !== "PUBLISH" && method !== "CANCEL") return false;
  return objectComponents(object).every(({ attendees }) => attendees.size === 0);
}

function rises(known: Map<string, number>, key: string, sequence: number): void {
  expect(sequence, key).toBeGreaterThanOrEqual(known.get(key) ?? 0);
  known.set(key, sequence);
}

function objectOf(talk: Conversation): CalendarObject {
  const { object } = talk.state(ann);
  if (!object) throw new Error("Ann has nothing");
  return object;
}

/** The keys of all Instances a message says take place. */
function instancesIn({ object }: SchedulingMessage): readonly string[] {
  const { limits } = contextOf(ann);
  const set = readRecurrenceSet(object, makeZoneResolver(object.timezones, intlZoneProvider, limits), limits);
  return [...expand(set, { from: -Infinity, to: Infinity }, limits)].map(({ recurrenceId }) =>
    instanceKey({ ...recurrenceId, range: "this" }),
  );
}

/** What the series says beside its guests and versions: that, an answer must not touch. */
function said({ object }: SchedulingState): unknown {
  const aside = new Set(["ATTENDEE", "SEQUENCE", "DTSTAMP"]);
  const series = object && leadingComponent(object).component;
  return series?.properties.filter(({ name }) => !aside.has(name));
}

function lettersOf(steps: readonly Step[], away?: CalendarUserAddress): Letters {
  const all: Letters = [];
  play(steps, { sent: (_talk, letters) => void all.push(...letters), ...(away && { away }) });
  return all;
}

const isVersion = ({ method }: SchedulingMessage): boolean => method !== "DECLINECOUNTER";

const rank = (who: CalendarUserAddress): number => (people as readonly CalendarUserAddress[]).indexOf(who);

/** Of two delegations that would make a circle the one that comes first is served (decision 0020), so here nobody delegates back. */
function isAnswer({ method, object, originator }: SchedulingMessage): boolean {
  if (method === "REFRESH" || !originator) return false;
  const delegates = leadingComponent(object).attendees.get(originator)?.delegatedTo ?? [];
  return delegates.every((delegate) => rank(delegate) > rank(originator));
}

function window<T>(all: readonly T[], first: number): readonly T[] {
  const start = all.length > 5 ? first % (all.length - 4) : 0;
  return all.slice(start, start + 5);
}

function copyOf(state: SchedulingState): unknown {
  const components = state.object ? objectComponents(state.object) : [];
  const guests = components.map(
    (one) => `${one.key} ${isCancelled(state, one)} ${[...one.attendees.keys()].join(" ")}`,
  );
  return [takesPlace(state), guests];
}

/** Who is on what of Ann's, and what they say to it; whether an Instance has a component of its own is not seen. */
function answersIn(state: SchedulingState): unknown {
  const { object } = state;
  if (!object) return [];
  const said = ["", "10", "17", "24", "31"].map((date) => {
    const key = date && keyOf(date);
    const speaks = governingComponent(object, key) ?? leadingComponent(object);
    const guests = [...speaks.attendees.keys()].sort();
    return guests.map((guest) => `${key} ${guest} ${currentAnswer(state, speaks, guest, key).partstat}`);
  });
  return [said, [...allRegisters(state.proposals)].sort(([a], [b]) => (a < b ? -1 : 1))];
}

/** What Ann's copy of an untouched series is when answers to it come, and when held ones come again. */
function answersAtAnn(messages: readonly SchedulingMessage[], start = untouched): SchedulingState {
  let state = start;
  let held: readonly SchedulingMessage[] = [];
  const take = (one: SchedulingMessage): void => {
    const outcome = receive(state, one, evidenceOf(one.originator), contextOf(ann));
    if (outcome.kind === "held") held = [...held, one];
    if (outcome.kind !== "applied") return;
    state = settleState(outcome.state);
    const waiting = held;
    held = [];
    waiting.forEach(take);
  };
  messages.forEach(take);
  return state;
}

const untouched = play([], { sent: () => undefined }).state(ann);
