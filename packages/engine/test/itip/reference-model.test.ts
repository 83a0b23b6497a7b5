import {
  act,
  type CalendarObject,
  type CalendarUserAddress,
  currentAnswer,
  instanceAt,
  isCancelled,
  type ObjectComponent,
  type Outcome,
  objectComponents,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { type Property, withProperty } from "@parley/engine/icalendar";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readObjectComponent, withComponents } from "../../src/model/calendar-object.ts";
import type { Place } from "./reference-model.ts";
import * as model from "./reference-model.ts";
import { instance, key, several } from "./series.ts";
import { address, ann, ben, clara, contextOf, evidenceOf, mallory, noon } from "./world.ts";

const emil = address("emil@partner.test");
const guests = [ben, clara, emil] as const;
const places = ["", "10", "17", "24"] as const;
const { limits } = contextOf(ann);
const zones = makeZoneResolver([], intlZoneProvider, limits);
const runs = { numRuns: 10_000 };
/** Some seconds on a machine that does nothing else. */
const timeout = 120_000;

const place = fc.constantFrom(...places);
const title = fc.constantFrom("Planning", "Other");
const end = fc.constantFrom(10, 11);
const partstat = fc.constantFrom("ACCEPTED", "DECLINED", "TENTATIVE");

describe("the engine agrees with the reference model on 10,000 histories", () => {
  test(
    "of an Attendee's copy",
    () => {
      fc.assert(
        fc.property(fc.array(attendeeEvent, { minLength: 1, maxLength: 6 }), (events) => {
          let copy = model.noCopy;
          let state = unknownState;
          const theirs = holding((notice: model.Notice) => {
            const [kind, after] = model.attendeeReceives(copy, notice);
            copy = after;
            return kind;
          });
          const ours = holding((notice: model.Notice) => {
            const from = notice.from === "organizer" ? ann : mallory;
            const outcome = receive(state, textOf(notice), evidenceOf(from), contextOf(clara));
            if (outcome.kind === "applied") state = settleState(outcome.state);
            return nameOf(outcome);
          });
          for (const event of events) {
            if (event.kind === "notice") expect(ours(event.notice)).toEqual(theirs(event.notice));
            else {
              const [kind, after] = model.attendeeAnswers(copy, event.place, event.partstat);
              copy = after;
              const answer = { kind: "answer", partstat: event.partstat, key: keyOf(event.place) } as const;
              const outcome = act(state, answer, contextOf(clara));
              if (outcome.kind === "applied") state = settleState(outcome.state);
              expect(nameOf(outcome)).toBe(kind);
            }
          }
          for (const each of places) expect(seenBy(state, each), each).toEqual(model.attendeeSees(copy, each));
        }),
        runs,
      );
    },
    timeout,
  );

  test(
    "of the Organizer's copy",
    () => {
      fc.assert(
        fc.property(fc.array(organizerEvent, { minLength: 1, maxLength: 6 }), (events) => {
          let copy = model.begun([ben, clara], { title: "Planning", end: 10 });
          let { state } = beginning;
          let now = noon;
          const replies: model.ReplyNotice[] = [];
          for (const [index, event] of events.entries()) {
            now += 60;
            const written =
              event.kind === "reply"
                ? { ...event.reply, version: { ...event.reply.version, dtstamp: index + 1 } }
                : undefined;
            // One in some is an old one that comes again.
            const reply = written && ((event.kind === "reply" && event.again && replies[0]) || written);
            if (reply) replies.push(reply);
            const [kind, after, told] = reply ? model.organizerReceives(copy, reply) : modelOf(copy, event);
            const outcome = reply ? receiveReply(state, reply, now) : doneBy(state, event, now);
            copy = after;
            expect([nameOf(outcome), recipientsOf(outcome)]).toEqual([kind, [...told].sort()]);
            if (outcome.kind === "applied") state = settleState(outcome.state);
          }
          for (const each of places) expect(keptBy(state, each), each).toEqual(model.organizerSees(copy, each));
          for (const [at, { sequence }] of copy.items) expect(sequenceOf(state, at), at).toBe(sequence);
        }),
        runs,
      );
    },
    timeout,
  );
});

// What an Attendee's copy meets.

const attendeeEvent = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant("notice" as const),
      notice: fc
        .record({
          method: fc.constantFrom("REQUEST", "REQUEST", "CANCEL"),
          from: fc.constantFrom("organizer", "organizer", "organizer", "another"),
          place,
          version: fc.record({ sequence: fc.nat(2), dtstamp: fc.integer({ min: 1, max: 5 }) }),
          title,
          end,
          sparse: fc.boolean(),
          says: fc.constantFrom("NEEDS-ACTION", "ACCEPTED"),
          lists: fc.constantFrom("all", "owner", "others"),
        })
        .map(({ sparse, ...notice }): model.Notice => (sparse && notice.place === "" ? { ...notice, sparse } : notice)),
    }),
    weight: 5,
  },
  { arbitrary: fc.record({ kind: fc.constant("answer" as const), place, partstat }), weight: 2 },
);

const texts = new Map<string, SchedulingMessage>();

function textOf(notice: model.Notice): SchedulingMessage {
  const { from: _from, ...said } = notice;
  const name = JSON.stringify(said);
  const known = texts.get(name) ?? written(notice);
  texts.set(name, known);
  return known;
}

function written(notice: model.Notice): SchedulingMessage {
  const { method, lists, says } = notice;
  const isWhole = method === "CANCEL" && lists === "all";
  const listed = method === "REQUEST" || lists === "all" ? [clara, ben] : lists === "owner" ? [clara] : [ben];
  const lines = [
    ...timesOf(notice.place, notice.end),
    ...(notice.place === "" && method === "REQUEST"
      ? [`RRULE:FREQ=WEEKLY;INTERVAL=${notice.sparse ? 2 : 1};COUNT=5`]
      : []),
    `SUMMARY:${notice.title}`,
    ...stampOf(notice.version),
    ...(isWhole ? ["STATUS:CANCELLED"] : []),
    ...listed.map(
      (guest) => `ATTENDEE;PARTSTAT=${guest === clara && method === "REQUEST" ? says : "NEEDS-ACTION"}:mailto:${guest}`,
    ),
  ];
  return several(method, [lines], { guests: [] });
}

function timesOf(at: Place, until: number): readonly string[] {
  const date = `202703${at || "10"}`;
  return [...(at === "" ? [] : [instance(at)]), `DTSTART:${date}T090000Z`, `DTEND:${date}T${until}0000Z`];
}

const stampOf = ({ sequence, dtstamp }: model.Version): readonly string[] => [
  `SEQUENCE:${sequence}`,
  `DTSTAMP:20270301T09${String(dtstamp).padStart(2, "0")}00Z`,
];
const keyOf = (at: Place): string => at && key(at);

/** Keeps what is held, and receives it again when something was applied; decision 0010. */
function holding<Message>(take: (message: Message) => string): (message: Message) => readonly string[] {
  let held: readonly Message[] = [];
  const receiveAll = (message: Message): readonly string[] => {
    const kind = take(message);
    if (kind === "held") held = [...held, message];
    if (kind !== "applied") return [kind];
    const waiting = held;
    held = [];
    return [kind, ...waiting.flatMap(receiveAll)];
  };
  return receiveAll;
}

function nameOf(outcome: Outcome): string {
  return outcome.kind === "ignored" ? outcome.reason : outcome.kind;
}

function componentOf({ object }: SchedulingState, at: Place): ObjectComponent | undefined {
  if (!object) return undefined;
  return at === "" ? object.master : instanceAt(object, keyOf(at), zones, limits);
}

function textAt({ component }: ObjectComponent, name: string): string {
  return component.properties.find((property) => property.name === name)?.value ?? "";
}

const endOf = (component: ObjectComponent): number => Number(textAt(component, "DTEND").slice(9, 11));

function seenBy(state: SchedulingState, at: Place): string | undefined {
  const component = componentOf(state, at);
  if (!component) return undefined;
  const { partstat, participation, outdated } = currentAnswer(state, component, clara, keyOf(at));
  const answer = outdated ? `${partstat}, ${participation?.partstat} is outdated` : partstat;
  const place = isCancelled(state, component) ? "off" : "on";
  return `${textAt(component, "SUMMARY")} ${endOf(component)} ${place}: ${answer}`;
}

// What the Organizer's copy meets.

const organizerEvent = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant("title" as const), place, title }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant("end" as const), place, end }), weight: 3 },
  {
    arbitrary: fc.record({
      kind: fc.constant("invite" as const),
      guest: fc.constantFrom(...guests),
      isInvited: fc.boolean(),
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ kind: fc.constant("cancel" as const), place }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constant("reply" as const),
      again: fc.nat(5).map((one) => one === 0),
      reply: fc
        .record({
          attendee: fc.constantFrom(...guests),
          isForged: fc.nat(9).map((one) => one === 0),
          place,
          version: fc.record({ sequence: fc.nat(3), dtstamp: fc.constant(0) }),
          partstat,
          isConfirmed: fc.nat(2).map((one) => one === 0),
        })
        .map(({ isForged, ...reply }): model.ReplyNotice => ({ ...reply, from: isForged ? mallory : reply.attendee })),
    }),
    weight: 8,
  },
);

type OrganizerEvent = typeof organizerEvent extends fc.Arbitrary<infer Event> ? Event : never;

function modelOf(copy: model.Organizer, event: OrganizerEvent): model.Told {
  switch (event.kind) {
    case "title":
      return model.organizerEdits(copy, event.place, { title: event.title });
    case "end":
      return model.organizerEdits(copy, event.place, { end: event.end });
    case "invite":
      return model.organizerInvites(copy, event.guest, event.isInvited);
    case "cancel":
      return model.organizerCancels(copy, event.place);
    case "reply":
      return model.organizerReceives(copy, event.reply);
  }
}

const beginning = (() => {
  const lines = [
    ...timesOf("", 10),
    "RRULE:FREQ=WEEKLY;COUNT=5",
    "SUMMARY:Planning",
    ...stampOf({ sequence: 0, dtstamp: 0 }),
  ];
  const outcome = schedule(unknownState, several("REQUEST", [lines], { guests: [ben, clara] }).object, contextOf(ann));
  if (outcome.kind !== "applied") throw new Error(outcome.kind);
  return { state: settleState(outcome.state) };
})();

function doneBy(state: SchedulingState, event: OrganizerEvent, now: number): Outcome {
  const { object } = state;
  if (!object) throw new Error("Ann has nothing");
  const context = contextOf(ann, now);
  switch (event.kind) {
    case "title":
      return schedule(
        state,
        edited(state, object, event.place, { name: "SUMMARY", parameters: [], value: event.title }),
        context,
      );
    case "end": {
      const value = `202703${event.place || "10"}T${event.end}0000Z`;
      return schedule(state, edited(state, object, event.place, { name: "DTEND", parameters: [], value }), context);
    }
    case "invite":
      return schedule(state, invited(object, event.guest, event.isInvited), context);
    case "cancel":
      return act(state, { kind: "cancel", ...(event.place !== "" && { keys: [keyOf(event.place)] }) }, context);
    case "reply":
      return receiveReply(state, event.reply, now);
  }
}

/** Nobody edits what does not take place. */
function edited(state: SchedulingState, object: CalendarObject, at: Place, property: Property): CalendarObject {
  const component = componentOf(state, at);
  if (!component || textAt(component, "STATUS") || textAt(component, property.name) === property.value) return object;
  const others = objectComponents(object).filter((each) => each.key !== component.key);
  return withComponents(object, [
    ...others,
    changed(component, withProperty(component.component, property.name, property)),
  ]);
}

function invited(object: CalendarObject, guest: CalendarUserAddress, isInvited: boolean): CalendarObject {
  const line: Property = { name: "ATTENDEE", parameters: [], value: `mailto:${guest}` };
  const components = objectComponents(object).map((each) => {
    if (textAt(each, "STATUS") || each.attendees.has(guest) === isInvited) return each;
    const others = each.component.properties.filter(({ name, value }) => name !== "ATTENDEE" || value !== line.value);
    return changed(each, { ...each.component, properties: isInvited ? [...others, line] : others });
  });
  return withComponents(object, components);
}

function changed(component: ObjectComponent, text: ObjectComponent["component"]): ObjectComponent {
  return readObjectComponent(text, zones, limits) ?? component;
}

function receiveReply(state: SchedulingState, reply: model.ReplyNotice, now: number): Outcome {
  const name = JSON.stringify(reply);
  const message = texts.get(name) ?? replyText(reply);
  texts.set(name, message);
  const evidence = evidenceOf(address(reply.from), { confirmedByOwner: reply.isConfirmed });
  return receive(state, message, evidence, contextOf(ann, now));
}

function replyText({ attendee, place: at, version, partstat: says }: model.ReplyNotice): SchedulingMessage {
  const lines = [...timesOf(at, 10), ...stampOf(version), `ATTENDEE;PARTSTAT=${says}:mailto:${attendee}`];
  return { ...several("REPLY", [lines], { guests: [] }), originator: address(attendee) };
}

function recipientsOf(outcome: Outcome): readonly string[] {
  if (outcome.kind !== "applied") return [];
  return [...new Set(outcome.messages.flatMap(({ recipients }) => recipients))].sort();
}

function keptBy(state: SchedulingState, at: Place): readonly string[] {
  const component = componentOf(state, at);
  if (!component) return [];
  const answers = [...component.attendees.keys()].sort().map((guest) => {
    return `${guest} ${currentAnswer(state, component, guest, keyOf(at)).partstat}`;
  });
  const head = `${textAt(component, "SUMMARY")} ${endOf(component)} ${isCancelled(state, component) ? "off" : "on"}`;
  return [head, ...answers];
}

function sequenceOf(state: SchedulingState, at: Place): number | undefined {
  return state.revisions.stored.get(keyOf(at))?.latest.sequence;
}
