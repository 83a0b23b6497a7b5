import {
  type Action,
  act,
  type CalendarObject,
  type CalendarUserAddress,
  componentAt,
  currentAnswer,
  type Outcome,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { expect, test } from "vitest";
import { day, instance, key, received, several, takesPlace, thisAndFuture, weekly } from "./series.ts";
import { address, ann, applied, clara, contextOf, evidenceOf, noon, readText } from "./world.ts";

/** Copies of one object, and mail between them that comes at once. */
class Exchange {
  readonly #copies = new Map<CalendarUserAddress, SchedulingState>();
  now = noon;

  of(owner: CalendarUserAddress): SchedulingState {
    return this.#copies.get(owner) ?? unknownState;
  }

  /** Somebody's program writes a version. */
  put(owner: CalendarUserAddress, object: CalendarObject): readonly SchedulingMessage[] {
    this.now += 60;
    return this.#keep(owner, schedule(this.of(owner), object, contextOf(owner, this.now)));
  }

  /** Somebody does something in the same second. */
  do(owner: CalendarUserAddress, action: Action): readonly SchedulingMessage[] {
    return this.#keep(owner, act(this.of(owner), action, contextOf(owner, this.now)));
  }

  take(owner: CalendarUserAddress, message: SchedulingMessage, from: CalendarUserAddress): void {
    const evidence = evidenceOf(from, { confirmedByOwner: true });
    const outcome = receive(this.of(owner), message, evidence, contextOf(owner, this.now + 1));
    // What somebody else sent meanwhile may be newer.
    if (outcome.kind !== "ignored") this.#keep(owner, outcome);
  }

  /** What each of the two takes an Attendee to have said of Instances; the same, or the test fails. */
  said(organizer: CalendarUserAddress, attendee: CalendarUserAddress, keys: readonly string[]): readonly string[] {
    const seenBy = (owner: CalendarUserAddress): readonly string[] =>
      keys.map((each) => {
        const { object } = this.of(owner);
        const component = object && (componentAt(object, each) ?? object.master);
        return component ? currentAnswer(this.of(owner), component, attendee, each).partstat : "";
      });
    expect(seenBy(attendee)).toEqual(seenBy(organizer));
    return seenBy(organizer);
  }

  #keep(owner: CalendarUserAddress, outcome: Outcome): readonly SchedulingMessage[] {
    const { state, messages } = applied(outcome);
    this.#copies.set(owner, settleState(state));
    for (const message of messages) {
      for (const to of message.recipients) this.take(to, received(message), owner);
    }
    return messages;
  }
}

const version = (...components: readonly (readonly string[])[]): CalendarObject =>
  several("REQUEST", components).object;
const at15 = (range = ""): readonly string[] => [instance("17", range), ...day("17", "15")];
const all = ["", key("17"), key("24"), key("31")];

test.each([
  ["by a program", (world: Exchange) => world.put(ann, version(weekly, at15(thisAndFuture)))],
  [
    "by splitting with ranges",
    (world: Exchange) => {
      const after = version([...day("17", "15"), "RRULE:FREQ=WEEKLY;COUNT=4"]);
      const policy = { ...contextOf(ann).policy, thisAndFuture: "range" as const };
      const context = { ...contextOf(ann, world.now), policy };
      const split = applied(act(world.of(ann), { kind: "split", key: key("17"), after }, context));
      for (const message of split.messages) world.take(clara, received(message), ann);
      return split.messages;
    },
  ],
])("all after an Instance are asked about where they move to its time: %s", (how, widen) => {
  const world = new Exchange();
  world.put(ann, version(weekly, at15()));
  world.do(clara, { kind: "answer", partstat: "ACCEPTED" });
  const [request] = widen(world);
  expect(request?.object.overrides.get(key("17"))?.revision.sequence).toBe(1);
  expect(takesPlace(world.of(clara))).toContain("03-24T09:00 at 03-24T15:00 Series");
  if (how === "by a program") {
    expect(world.said(ann, clara, all)).toEqual(["ACCEPTED", "NEEDS-ACTION", "NEEDS-ACTION", "NEEDS-ACTION"]);
  }
});

test("all after an Instance are told of where it speaks for itself alone again", () => {
  const world = new Exchange();
  world.put(ann, version(weekly, at15(thisAndFuture)));
  expect(world.put(ann, version(weekly, at15()))).toHaveLength(1);
  expect(takesPlace(world.of(clara))).toEqual(takesPlace(world.of(ann)));
  expect(takesPlace(world.of(clara))).toContain("03-24T09:00 at 03-24T09:00 Series");
});

test.each([
  ["at another time", "15", ["NEEDS-ACTION", "NEEDS-ACTION", "NEEDS-ACTION", "NEEDS-ACTION"]],
  ["at the same time", "09", ["DECLINED", "ACCEPTED", "ACCEPTED", "ACCEPTED"]],
])(
  "what was said of all while some were elsewhere is void where these come back: they were %s",
  (_name, hour, left) => {
    const world = new Exchange();
    const ranged = [instance("17", thisAndFuture), ...day("17", hour), "SUMMARY:Other"];
    world.put(ann, version(weekly, ranged));
    world.do(clara, { kind: "answer", partstat: "DECLINED" });
    world.now += 60;
    world.do(clara, { kind: "answer", partstat: "ACCEPTED", key: key("17"), range: "this-and-future" });
    expect(world.said(ann, clara, all)).toEqual(["DECLINED", "ACCEPTED", "ACCEPTED", "ACCEPTED"]);
    world.put(ann, version(weekly));
    expect(world.said(ann, clara, all)).toEqual(left);
  },
);

test("what is said once more, because the Organizer asks, is said of no Instance that moved since", () => {
  const world = new Exchange();
  world.put(ann, version(weekly));
  world.do(clara, { kind: "answer", partstat: "ACCEPTED" });
  world.put(ann, version(weekly, at15()));
  world.now += 60;
  world.do(ann, { kind: "ask-again" });
  expect(world.said(ann, clara, all)).toEqual(["ACCEPTED", "NEEDS-ACTION", "ACCEPTED", "ACCEPTED"]);
});

test.each([
  ["in the order of time", ["17", "31"]],
  ["against it", ["31", "17"]],
])("an Instance that is left after two ends of a series stays: %s", (_name, ends) => {
  const world = new Exchange();
  const called = ends.map((date) => [instance(date, thisAndFuture), ...day(date), "STATUS:CANCELLED"]);
  world.put(ann, version(weekly, ...called, [instance("24"), ...day("24", "15")]));
  world.put(ann, version([...weekly, "SUMMARY:New"], ...called, [instance("24"), ...day("24", "15")]));
  expect(takesPlace(world.of(clara))).toEqual(takesPlace(world.of(ann)));
  expect(takesPlace(world.of(clara))).toContain("03-24T09:00 at 03-24T15:00 Series");
});

test.each([["09"], ["11"]])("the only Instance that is left at another time is asked about: it ended at %s", (end) => {
  const world = new Exchange();
  const series = (hour: string) => [
    "DTSTART:20270310T090000Z",
    `DTEND:20270310T${hour}3000Z`,
    "RRULE:FREQ=WEEKLY;COUNT=5",
  ];
  world.put(ann, version(series("09"), at15()));
  if (end !== "09") world.put(ann, version(series(end), at15()));
  world.put(ann, version(series(end), [...at15(), "STATUS:CONFIRMED"]));
  world.do(clara, { kind: "answer", partstat: "ACCEPTED", key: key("17") });
  world.put(ann, version(["DTSTART:20270317T090000Z", `DTEND:20270317T${end}3000Z`]));
  expect(world.said(ann, clara, ["", key("17")])).toEqual(["NEEDS-ACTION", "NEEDS-ACTION"]);
});

test("of the whole and the only Instance that is left the last word counts, whatever their SEQUENCE", () => {
  const world = new Exchange();
  const whole = (...lines: readonly string[]): readonly string[] => [...day("10"), ...lines];
  const first = [instance("10"), ...day("10"), "SUMMARY:First"];
  world.put(ann, version(whole("RDATE:20270317T090000Z"), first));
  world.put(ann, version(whole("RDATE:20270317T090000Z", "STATUS:CONFIRMED"), first));
  world.do(clara, { kind: "answer", partstat: "ACCEPTED" });
  world.now += 3_600;
  world.do(clara, { kind: "answer", partstat: "DECLINED", key: key("10") });
  world.put(ann, version(whole("STATUS:CONFIRMED")));
  expect(world.said(ann, clara, [""])).toEqual(["DECLINED"]);
});

test.each([
  ["the whole, then the Instance", ["", key("10")], "DECLINED"],
  ["the Instance, then the whole", [key("10"), ""], "ACCEPTED"],
])("answers in one second keep their order where one Instance is left: %s", (_name, keys, left) => {
  const world = new Exchange();
  world.put(ann, version([...day("10"), "RDATE:20270317T090000Z"]));
  for (const each of keys) {
    const partstat = each === "" ? "ACCEPTED" : "DECLINED";
    world.do(clara, { kind: "answer", partstat, ...(each !== "" && { key: each }) });
  }
  world.now += 500;
  world.put(ann, version([...day("10")]));
  expect(world.said(ann, clara, [""])).toEqual([left]);
});

test("the delegation of the only Instance, in the second of an answer to the whole, stands", () => {
  const world = new Exchange();
  world.put(ann, version([...day("10"), "RDATE:20270317T090000Z"]));
  world.do(clara, { kind: "answer", partstat: "ACCEPTED" });
  world.do(clara, { kind: "delegate", to: address("dora@example.test"), key: key("10") });
  world.now += 500;
  world.put(ann, several("REQUEST", [day("10")], { guests: [clara, address("dora@example.test")] }).object);
  const { object } = world.of(ann);
  expect(object?.master && currentAnswer(world.of(ann), object.master, clara).partstat).toBe("DELEGATED");
});

test.each(["ann@example.test", "ann.smith@example.test"])(
  "a CANCEL the Organizer sent counts by its time, whatever address it gives them: %s",
  (organizer) => {
    const world = new Exchange();
    world.put(ann, version([...weekly, "SEQUENCE:3"]));
    const lines = [
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nMETHOD:CANCEL\r\nBEGIN:VEVENT\r\nUID:series@example.test",
      `ORGANIZER:mailto:${organizer}\r\nDTSTAMP:20270302T130000Z\r\nSEQUENCE:1\r\nATTENDEE:mailto:${clara}`,
      `${instance("24")}\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    ];
    world.now += 7_200;
    world.take(clara, readText(lines.join("\r\n"), "CANCEL", ann), ann);
    expect(takesPlace(world.of(clara)).map((line) => line.slice(0, 5))).toEqual(["03-10", "03-17", "03-31", "04-07"]);
  },
);

test("who gets a series back from their delegate is told of Instances they answered, however many others do", () => {
  const world = new Exchange();
  const dora = address("dora@example.test");
  const people = Array.from({ length: 101 }, (_, index) => address(`p${index}@example.test`));
  world.put(ann, several("REQUEST", [weekly], { guests: [...people, dora] }).object);
  for (const person of people) {
    const delegated = applied(act(world.of(person), { kind: "delegate", to: dora }, contextOf(person, world.now)));
    for (const message of delegated.messages) {
      if (message.method === "REPLY") world.take(ann, received(message), person);
    }
  }
  const [first = ann] = people;
  world.do(first, { kind: "answer", partstat: "ACCEPTED", key: key("24") });
  const messages = world.put(ann, several("REQUEST", [weekly], { guests: people }).object);
  const request = messages.find(({ method, recipients }) => method === "REQUEST" && recipients.includes(first));
  expect([...(request?.object.overrides.keys() ?? [])]).toEqual([key("24")]);
});

test("a hand-over names at most a hundred Instances that were otherwise once", () => {
  const world = new Exchange();
  const dates = Array.from({ length: 150 }, (_, index) => new Date(Date.UTC(2027, 2, 10 + index)));
  const stampOf = (date: Date): string => date.toISOString().slice(0, 10).replaceAll("-", "");
  const daily = [...day("10"), "RRULE:FREQ=DAILY"];
  const changed = dates.map((date) => [
    `RECURRENCE-ID:${stampOf(date)}T090000Z`,
    `DTSTART:${stampOf(date)}T090000Z`,
    `DTEND:${stampOf(date)}T100000Z`,
    "SUMMARY:Other",
  ]);
  world.put(ann, version(daily, ...changed));
  world.put(ann, version(daily));
  const to = address("ben@example.test");
  const outcome = applied(act(world.of(ann), { kind: "hand-over", to }, contextOf(ann, world.now + 60)));
  const [request] = outcome.messages;
  expect(request?.object.overrides.size).toBe(100);
});
