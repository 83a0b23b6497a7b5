import {
  type Action,
  act,
  type CalendarObject,
  type CalendarUserAddress,
  componentAt,
  currentAnswer,
  type Outcome,
  objectComponents,
  type SchedulingMessage,
} from "@parley/engine";
import { expect, test } from "vitest";
import { type Conversation, conversation } from "./conversation.ts";
import { day, instance, key, received, several, takesPlace, thisAndFuture, weekly } from "./series.ts";
import { address, ann, applied, clara, contextOf, readText } from "./world.ts";

/** What each of the two takes an Attendee to have said of Instances; the same, or the test fails. */
function said(
  { state }: Conversation,
  organizer: CalendarUserAddress,
  attendee: CalendarUserAddress,
  keys: readonly string[],
): readonly string[] {
  const seenBy = (owner: CalendarUserAddress): readonly string[] =>
    keys.map((each) => {
      const { object } = state(owner);
      const component = object && (componentAt(object, each) ?? object.master);
      return component ? currentAnswer(state(owner), component, attendee, each).partstat : "";
    });
  expect(seenBy(attendee)).toEqual(seenBy(organizer));
  return seenBy(organizer);
}

/** Somebody's program writes a version a minute later, and all hear of it; what was sent. */
function put(world: Conversation, owner: CalendarUserAddress, object: CalendarObject): readonly SchedulingMessage[] {
  world.now += 60;
  return delivered(world, world.put(owner, object));
}

/** Somebody does something in the same second, and all hear of it. */
function does(world: Conversation, owner: CalendarUserAddress, action: Action): readonly SchedulingMessage[] {
  return delivered(world, world.act(owner, action));
}

function delivered(world: Conversation, outcome: Outcome): readonly SchedulingMessage[] {
  const { messages } = applied(outcome);
  world.deliver();
  return messages;
}

const version = (...components: readonly (readonly string[])[]): CalendarObject =>
  several("REQUEST", components).object;
const at15 = (range = ""): readonly string[] => [instance("17", range), ...day("17", "15")];
const all = ["", key("17"), key("24"), key("31")];

test.each([
  ["by a program", (world: Conversation) => put(world, ann, version(weekly, at15(thisAndFuture)))],
  [
    "by splitting with ranges",
    (world: Conversation) => {
      const after = version([...day("17", "15"), "RRULE:FREQ=WEEKLY;COUNT=4"]);
      return does(world, ann, { kind: "split", key: key("17"), after });
    },
  ],
])("all after an Instance are asked about where they move to its time: %s", (_name, widen) => {
  const world = conversation((context) => ({ ...context, policy: { ...context.policy, thisAndFuture: "range" } }));
  put(world, ann, version(weekly, at15()));
  does(world, clara, { kind: "answer", partstat: "ACCEPTED" });
  const [request] = widen(world);
  expect(request?.object.overrides.get(key("17"))?.revision.sequence).toBe(1);
  expect(takesPlace(world.state(clara))).toContain("03-24T09:00 at 03-24T15:00 Series");
  expect(said(world, ann, clara, all)).toEqual(["ACCEPTED", "NEEDS-ACTION", "NEEDS-ACTION", "NEEDS-ACTION"]);
});

test("all after an Instance are told of where it speaks for itself alone again", () => {
  const world = conversation();
  put(world, ann, version(weekly, at15(thisAndFuture)));
  expect(put(world, ann, version(weekly, at15()))).toHaveLength(1);
  expect(takesPlace(world.state(clara))).toEqual(takesPlace(world.state(ann)));
  expect(takesPlace(world.state(clara))).toContain("03-24T09:00 at 03-24T09:00 Series");
});

test.each([
  ["at another time", "15", ["NEEDS-ACTION", "NEEDS-ACTION", "NEEDS-ACTION", "NEEDS-ACTION"]],
  ["at the same time", "09", ["DECLINED", "ACCEPTED", "ACCEPTED", "ACCEPTED"]],
])(
  "what was said of all while some were elsewhere is void where these come back: they were %s",
  (_name, hour, left) => {
    const world = conversation();
    const ranged = [instance("17", thisAndFuture), ...day("17", hour), "SUMMARY:Other"];
    put(world, ann, version(weekly, ranged));
    does(world, clara, { kind: "answer", partstat: "DECLINED" });
    world.now += 60;
    does(world, clara, { kind: "answer", partstat: "ACCEPTED", key: key("17"), range: "this-and-future" });
    expect(said(world, ann, clara, all)).toEqual(["DECLINED", "ACCEPTED", "ACCEPTED", "ACCEPTED"]);
    put(world, ann, version(weekly));
    expect(said(world, ann, clara, all)).toEqual(left);
  },
);

test("what is said once more, because the Organizer asks, is said of no Instance that moved since", () => {
  const world = conversation();
  put(world, ann, version(weekly));
  does(world, clara, { kind: "answer", partstat: "ACCEPTED" });
  put(world, ann, version(weekly, at15()));
  world.now += 60;
  does(world, ann, { kind: "ask-again" });
  expect(said(world, ann, clara, all)).toEqual(["ACCEPTED", "NEEDS-ACTION", "ACCEPTED", "ACCEPTED"]);
});

test.each([
  ["in the order of time", ["17", "31"]],
  ["against it", ["31", "17"]],
])("an Instance that is left after two ends of a series stays: %s", (_name, ends) => {
  const world = conversation();
  const called = ends.map((date) => [instance(date, thisAndFuture), ...day(date), "STATUS:CANCELLED"]);
  put(world, ann, version(weekly, ...called, [instance("24"), ...day("24", "15")]));
  put(world, ann, version([...weekly, "SUMMARY:New"], ...called, [instance("24"), ...day("24", "15")]));
  expect(takesPlace(world.state(clara))).toEqual(takesPlace(world.state(ann)));
  expect(takesPlace(world.state(clara))).toContain("03-24T09:00 at 03-24T15:00 Series");
});

test.each([["09"], ["11"]])("the only Instance that is left at another time is asked about: it ended at %s", (end) => {
  const world = conversation();
  const series = (hour: string) => [
    "DTSTART:20270310T090000Z",
    `DTEND:20270310T${hour}3000Z`,
    "RRULE:FREQ=WEEKLY;COUNT=5",
  ];
  put(world, ann, version(series("09"), at15()));
  if (end !== "09") put(world, ann, version(series(end), at15()));
  put(world, ann, version(series(end), [...at15(), "STATUS:CONFIRMED"]));
  does(world, clara, { kind: "answer", partstat: "ACCEPTED", key: key("17") });
  put(world, ann, version(["DTSTART:20270317T090000Z", `DTEND:20270317T${end}3000Z`]));
  expect(said(world, ann, clara, ["", key("17")])).toEqual(["NEEDS-ACTION", "NEEDS-ACTION"]);
});

test("of the whole and the only Instance that is left the last word counts, whatever their SEQUENCE", () => {
  const world = conversation();
  const whole = (...lines: readonly string[]): readonly string[] => [...day("10"), ...lines];
  const first = [instance("10"), ...day("10"), "SUMMARY:First"];
  put(world, ann, version(whole("RDATE:20270317T090000Z"), first));
  put(world, ann, version(whole("RDATE:20270317T090000Z", "STATUS:CONFIRMED"), first));
  does(world, clara, { kind: "answer", partstat: "ACCEPTED" });
  world.now += 3_600;
  does(world, clara, { kind: "answer", partstat: "DECLINED", key: key("10") });
  put(world, ann, version(whole("STATUS:CONFIRMED")));
  expect(said(world, ann, clara, [""])).toEqual(["DECLINED"]);
});

test.each([
  ["the whole, then the Instance", ["", key("10")], "DECLINED"],
  ["the Instance, then the whole", [key("10"), ""], "ACCEPTED"],
])("answers in one second keep their order where one Instance is left: %s", (_name, keys, left) => {
  const world = conversation();
  put(world, ann, version([...day("10"), "RDATE:20270317T090000Z"]));
  for (const each of keys) {
    const partstat = each === "" ? "ACCEPTED" : "DECLINED";
    does(world, clara, { kind: "answer", partstat, ...(each !== "" && { key: each }) });
  }
  world.now += 500;
  put(world, ann, version([...day("10")]));
  expect(said(world, ann, clara, [""])).toEqual([left]);
});

test("the delegation of the only Instance, in the second of an answer to the whole, stands", () => {
  const world = conversation();
  put(world, ann, version([...day("10"), "RDATE:20270317T090000Z"]));
  does(world, clara, { kind: "answer", partstat: "ACCEPTED" });
  does(world, clara, { kind: "delegate", to: address("dora@example.test"), key: key("10") });
  world.now += 500;
  put(world, ann, several("REQUEST", [day("10")], { guests: [clara, address("dora@example.test")] }).object);
  const { object } = world.state(ann);
  expect(object?.master && currentAnswer(world.state(ann), object.master, clara).partstat).toBe("DELEGATED");
});

test.each(["ann@example.test", "ann.smith@example.test"])(
  "a CANCEL the Organizer sent counts by its time, whatever address it gives them: %s",
  (organizer) => {
    const world = conversation();
    put(world, ann, version([...weekly, "SEQUENCE:3"]));
    const lines = [
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nMETHOD:CANCEL\r\nBEGIN:VEVENT\r\nUID:series@example.test",
      `ORGANIZER:mailto:${organizer}\r\nDTSTAMP:20270302T130000Z\r\nSEQUENCE:1\r\nATTENDEE:mailto:${clara}`,
      `${instance("24")}\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    ];
    world.now += 7_200;
    world.take(clara, readText(lines.join("\r\n"), "CANCEL", ann));
    expect(takesPlace(world.state(clara)).map((line) => line.slice(0, 5))).toEqual([
      "03-10",
      "03-17",
      "03-31",
      "04-07",
    ]);
  },
);

test("who gets a series back from their delegate is told of Instances they answered, however many others do", () => {
  const world = conversation();
  const dora = address("dora@example.test");
  const people = Array.from({ length: 101 }, (_, index) => address(`p${index}@example.test`));
  put(world, ann, several("REQUEST", [weekly], { guests: [...people, dora] }).object);
  for (const person of people) {
    const delegated = applied(act(world.state(person), { kind: "delegate", to: dora }, contextOf(person, world.now)));
    for (const message of delegated.messages) {
      if (message.method === "REPLY") world.take(ann, received(message), { from: person });
    }
  }
  const [first = ann] = people;
  does(world, first, { kind: "answer", partstat: "ACCEPTED", key: key("24") });
  const messages = put(world, ann, several("REQUEST", [weekly], { guests: people }).object);
  const request = messages.find(({ method, recipients }) => method === "REQUEST" && recipients.includes(first));
  expect([...(request?.object.overrides.keys() ?? [])]).toEqual([key("24")]);
});

test("a hand-over names at most a hundred Instances that were otherwise once", () => {
  const world = conversation();
  const dates = Array.from({ length: 150 }, (_, index) => new Date(Date.UTC(2027, 2, 10 + index)));
  const stampOf = (date: Date): string => date.toISOString().slice(0, 10).replaceAll("-", "");
  const daily = [...day("10"), "RRULE:FREQ=DAILY"];
  const changed = dates.map((date) => [
    `RECURRENCE-ID:${stampOf(date)}T090000Z`,
    `DTSTART:${stampOf(date)}T090000Z`,
    `DTEND:${stampOf(date)}T100000Z`,
    "SUMMARY:Other",
  ]);
  put(world, ann, version(daily, ...changed));
  put(world, ann, version(daily));
  const to = address("ben@example.test");
  const outcome = applied(act(world.state(ann), { kind: "hand-over", to }, contextOf(ann, world.now + 60)));
  const [request] = outcome.messages;
  expect(request?.object.overrides.size).toBe(100);
});

test("who is on called-off Instances alone is told of their own, and that the rest is not theirs, when all is sent again", () => {
  const world = conversation();
  const [dora, emil] = [address("dora@example.test"), address("emil@example.test")];
  const changed = (status: string) => [
    [instance("17"), ...day("17"), `STATUS:${status}`, `ATTENDEE:mailto:${dora}`],
    [instance("24"), ...day("24"), `STATUS:${status}`, `ATTENDEE:mailto:${emil}`],
  ];
  put(world, ann, version(weekly, ...changed("CONFIRMED")));
  put(world, ann, version(weekly, ...changed("CANCELLED")));
  for (const [person, own] of [
    [dora, key("17")],
    [emil, key("24")],
  ] as const) {
    const messages = does(world, ann, { kind: "resend", to: person });
    expect(messages.map(({ method, recipients }) => [method, ...recipients])).toEqual([
      ["CANCEL", person],
      ["CANCEL", person],
    ]);
    expect(messages.map(({ object }) => objectComponents(object).map((one) => one.key))).toEqual([[""], [own]]);
  }
  const both = does(world, ann, { kind: "resend" });
  const named = both.flatMap(({ recipients, object }) =>
    recipients.map((person) => [person, ...objectComponents(object).map((one) => one.key)].join(" ")),
  );
  expect(named.filter((line) => !line.startsWith(clara)).sort()).toEqual(
    [`${dora} `, `${dora} ${key("17")}`, `${emil} `, `${emil} ${key("24")}`].sort(),
  );
});

const at = (...dates: readonly string[]): readonly string[] =>
  dates.map((date) => `${date}T09:00 at ${date}T15:00 Series`);
const at09 = (date: string): string => `${date}T09:00 at ${date}T09:00 Series`;
const other31 = [instance("31"), ...day("31", "18"), "SUMMARY:Other"];

test.each([
  ["that one alone", [], ["17"], [at09("03-10"), ...at("03-24", "03-31", "04-07")]],
  ["that one and the next", [], ["24", "17"], [at09("03-10"), ...at("03-31", "04-07")]],
  ["that one and one before", [], ["10", "17"], at("03-24", "03-31", "04-07")],
  [
    "that one, where another is called off",
    [[...other31, "STATUS:CANCELLED"]],
    ["17"],
    [at09("03-10"), ...at("03-24", "04-07")],
  ],
  [
    "that one and the next, where one is otherwise",
    [other31],
    ["17", "24"],
    [at09("03-10"), "03-31T09:00 at 03-31T18:00 Other", ...at("04-07")],
  ],
  ["all of them", [], ["17", "24", "31", "07"], [at09("03-10")]],
])("where an Instance speaks for all after it and is called off these go on: %s", (_name, others, dates, left) => {
  const world = conversation((context) => ({ ...context, policy: { ...context.policy, thisAndFuture: "range" } }));
  put(world, ann, version(weekly, at15(thisAndFuture), ...others));
  does(world, clara, { kind: "answer", partstat: "ACCEPTED", key: key("17"), range: "this-and-future" });
  world.now += 60;
  const keys = dates.map((date) => (date === "07" ? "20270407T090000Z" : key(date)));
  const messages = does(world, ann, { kind: "cancel", keys, comment: "ill" });
  expect(messages.map(({ method }) => method)).toEqual(
    left.length > 1 || !dates.includes("07") ? ["CANCEL", "REQUEST"] : ["CANCEL"],
  );
  expect(takesPlace(world.state(ann))).toEqual(left);
  expect(takesPlace(world.state(clara))).toEqual(left);
  const keysLeft = left.map((line) => `2027${line.slice(0, 2)}${line.slice(3, 5)}T090000Z`);
  const answers = left.map((line) => (line.endsWith("T09:00 Series") ? "NEEDS-ACTION" : "ACCEPTED"));
  expect(said(world, ann, clara, keysLeft)).toEqual(answers);
});

const dora = address("dora@example.test");
const declined = { kind: "answer", partstat: "DECLINED" } as const;

test.each([
  ["all", [], undefined, undefined],
  ["an Instance, and it again", [], key("17"), key("17")],
  ["all, and an Instance", [], undefined, key("17")],
  ["all, and hears of it", ["informed"], undefined, undefined],
])(
  "who delegates again to who declined, having come themselves meanwhile, asks them anew: %s",
  (_name, how, first, then) => {
    const world = conversation();
    const delegating = { kind: "delegate", to: dora, ...(how.length > 0 && { keepInformed: true }) } as const;
    const on = (at: string | undefined) => (at === undefined ? {} : { key: at });
    put(world, ann, version(weekly));
    for (const [who, action] of [
      [clara, { ...delegating, ...on(first) }],
      [dora, { ...declined, ...on(first) }],
      [clara, { kind: "answer", partstat: "ACCEPTED", ...on(first) }],
      [clara, { ...delegating, ...on(then) }],
    ] as const) {
      world.now += 60;
      does(world, who, action);
    }
    expect(said(world, ann, clara, [key("17")])).toEqual(["DELEGATED"]);
    const { object } = world.state(clara);
    const shown = object && (componentAt(object, key("17")) ?? object.master);
    expect(shown && currentAnswer(world.state(clara), shown, dora, key("17")).partstat).toBe("NEEDS-ACTION");
  },
);

test("who delegated one Instance hears that the delegate is taken off it, whatever else they are told of", () => {
  const world = conversation();
  const other = (date: string, ...lines: readonly string[]) => [instance(date), ...day(date), ...lines];
  put(world, ann, version(weekly, other("17")));
  world.now += 60;
  does(world, clara, { kind: "delegate", to: dora, key: key("24") });
  put(world, ann, version(weekly, other("17", "SUMMARY:New"), other("24")));
  expect(said(world, ann, clara, [key("24")])).toEqual(["NEEDS-ACTION"]);
});

test("what is sent after all was sent again is later, also in the same second", () => {
  const world = conversation();
  const on17 = (...lines: readonly string[]) => [instance("17"), ...day("17"), `ATTENDEE:mailto:${dora}`, ...lines];
  put(world, ann, version(weekly, on17()));
  put(world, ann, version(weekly, on17("STATUS:CANCELLED")));
  does(world, ann, { kind: "resend", to: dora });
  does(world, ann, { kind: "admit", attendee: dora });
  expect(takesPlace(world.state(dora))).toEqual(takesPlace(world.state(ann)));
});
