import {
  allRegisters,
  type CalendarObject,
  type CalendarUserAddress,
  type Context,
  instanceAt,
  leadingComponent,
  type Outcome,
  objectComponents,
  seriesFrom,
} from "@parley/engine";
import { type Component, formatCalendar, makeComponent, type Property, withProperty } from "@parley/engine/icalendar";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import fc from "fast-check";
import { type Conversation, conversation } from "./conversation.ts";
import { key, received, several, stamp, weekly } from "./series.ts";
import { address, ann, ben, clara, contextOf, mallory, readText } from "./world.ts";

// Histories: what some people did about one series of Ann's, and the order in which their mail arrived.

const emil = address("emil@partner.test");
const fay = address("fay@partner.test");

/** Everybody who may ever be invited. */
export const people = [ben, clara, emil, fay] as const;
const days = ["10", "17", "24", "31"] as const;

const organizing = {
  title: (talk, step) =>
    write(
      talk,
      onWhole((one) => withText(one, "SUMMARY", `Title ${step.number}`)),
    ),
  move: (talk, step) =>
    write(
      talk,
      onWhole((one) => at(one, "10", 9 + (step.number % 3))),
    ),
  rule: (talk, step) =>
    write(
      talk,
      onWhole((one) => withText(one, "RRULE", step.number % 2 ? "FREQ=WEEKLY;COUNT=3" : "FREQ=WEEKLY;COUNT=5")),
    ),
  guest: (talk, step) =>
    write(
      talk,
      onWhole((one) => toggled(one, personOf(step))),
    ),
  "title one": (talk, step) =>
    write(
      talk,
      onOne(step, (one) => withText(one, "SUMMARY", `Title ${step.number}`)),
    ),
  "move one": (talk, step) =>
    write(
      talk,
      onOne(step, (one) => at(one, dayOf(step), 11 + (step.number % 3))),
    ),
  "guest of one": (talk, step) =>
    write(
      talk,
      onOne(step, (one) => toggled(one, personOf(step))),
    ),
  exclude: (talk, step) => write(talk, excluding(step)),
  restore: (talk, step) => write(talk, (object) => partsOf(object).filter((one) => keyIn(one) !== keyOf(step))),
  "cancel one": (talk, step) => talk.act(ann, { kind: "cancel", keys: [keyOf(step)] }),
  "cancel from": (talk, step) => talk.act(ann, { kind: "cancel", keys: [keyOf(step)], range: "this-and-future" }),
  cancel: (talk) => talk.act(ann, { kind: "cancel" }),
  "title from": (talk, step) => splitAt(talk, step, (one) => withText(one, "SUMMARY", `Title ${step.number}`)),
  add: (talk, step) =>
    talk.act(ann, { kind: "add", starts: [{ kind: "utc", wall: 1_806_400_000 + step.number * 86_400 }] }),
  admit: (talk, step) => talk.act(ann, { kind: "admit", attendee: personOf(step) }),
  "admit to one": (talk, step) => talk.act(ann, { kind: "admit", attendee: personOf(step), key: keyOf(step) }),
  refuse: (talk, step) => talk.act(ann, { kind: "refuse", attendee: personOf(step) }),
  "ask again": (talk) => talk.act(ann, { kind: "ask-again" }),
  publish: (talk) => talk.act(ann, { kind: "publish", to: [mallory] }),
  accept: (talk, step) => talk.act(ann, { kind: "accept-proposal", ...proposalOf(talk, step) }),
  decline: (talk, step) => talk.act(ann, { kind: "decline-proposal", ...proposalOf(talk, step) }),
} as const satisfies Record<string, Verb>;

const attending = {
  answer: (talk, step) =>
    talk.act(personOf(step), { kind: "answer", partstat: partstatOf(step), comment: `Number ${step.number}` }),
  "answer one": (talk, step) =>
    talk.act(personOf(step), { kind: "answer", partstat: partstatOf(step), key: keyOf(step) }),
  "answer from": (talk, step) =>
    talk.act(personOf(step), {
      kind: "answer",
      partstat: partstatOf(step),
      key: keyOf(step),
      range: "this-and-future",
    }),
  delegate: (talk, step) => talk.act(personOf(step), { kind: "delegate", to: otherOf(step) }),
  "delegate one": (talk, step) => talk.act(personOf(step), { kind: "delegate", to: otherOf(step), key: keyOf(step) }),
  counter: (talk, step) => {
    const changes = [text("DTSTART", `202703${dayOf(step)}T150000Z`), text("DTEND", `202703${dayOf(step)}T160000Z`)];
    return talk.act(personOf(step), { kind: "counter", changes, ...placeOf(step) });
  },
  refresh: (talk, step) => talk.act(personOf(step), { kind: "refresh" }),
} as const satisfies Record<string, Verb>;

type Verb = (talk: Conversation, step: Step) => Outcome;
const verbs: Readonly<Record<string, Verb>> = { ...organizing, ...attending };

/** What somebody does, or that one letter arrives. */
export interface Step {
  readonly verb: string;
  readonly person: number;
  readonly day: number;
  readonly number: number;
}

// Few proposals would be decided upon if each verb were as likely as any other.
const organizers = fc.constantFrom(
  ...Object.keys(organizing),
  ..."accept accept accept decline decline decline".split(" "),
);
const attendees = fc.constantFrom(...Object.keys(attending), "counter", "counter");
const step = (verb: fc.Arbitrary<string>): fc.Arbitrary<Step> =>
  fc.record({ verb, person: fc.nat(3), day: fc.nat(3), number: fc.nat(11) });

/** A history: half of it is mail that arrives, in any order, some of it twice. */
export const histories = (maxLength: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(
      { arbitrary: step(organizers), weight: 3 },
      { arbitrary: step(attendees), weight: 3 },
      { arbitrary: step(fc.constantFrom("deliver", "deliver", "deliver", "deliver all", "deliver twice")), weight: 6 },
    ),
    { minLength: 1, maxLength },
  );

/** The part of a history in which Ann does nothing. */
export function ofAttendees(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ verb }) => !(verb in organizing));
}

/** A letter about to be received, as its reader's system reads it. */
export interface Arrival {
  readonly talk: Conversation;
  readonly from: CalendarUserAddress;
  readonly to: CalendarUserAddress;
  readonly message: ReturnType<typeof received>;
  readonly context: Context;
}

/** Who watches a history. */
export interface Watcher {
  /** After somebody did something, or a letter arrived: what was sent by that. */
  sent(talk: Conversation, letters: Conversation["mail"], cause: Step | Arrival): void;
  /** Before a letter is received. */
  arrives?(arrival: Arrival): void;
  /** Whose mail waits until the history is over. */
  readonly away?: CalendarUserAddress;
}

const house =
  (thisAndFuture: "split" | "range") =>
  (context: Context): Context => ({
    ...context,
    policy: { ...context.policy, thisAndFuture },
  });

/** Plays a history, and at its end delivers what is still on its way. Splits leave as ranges, so that there is one object. */
export function play(steps: readonly Step[], watcher: Watcher): Conversation {
  const change = house("range");
  const talk = conversation(change);
  watched(talk, watcher, { verb: "begin", person: 0, day: 0, number: 0 }, () => {
    talk.put(ann, several("REQUEST", [[...weekly, ...stamp(0)]], { guests: [ben, clara] }).object);
  });
  const receiveOne = (index: number, times: number): void => {
    const [letter] = talk.mail.splice(index % talk.mail.length, 1);
    if (!letter || letter.to === mallory || letter.to === watcher.away) return;
    const { from, to } = letter;
    for (let time = 0; time < times; time++) {
      const context = change(contextOf(to, talk.now));
      const arrival: Arrival = { talk, from, to, message: received(letter.message), context };
      watcher.arrives?.(arrival);
      watched(talk, watcher, arrival, () => talk.take(to, arrival.message, { from }));
    }
  };
  for (const one of steps) {
    talk.now += 30;
    const act = verbs[one.verb];
    if (act) watched(talk, watcher, one, () => act(talk, one));
    else if (one.verb === "deliver all") settle(talk, receiveOne);
    else if (talk.mail.length > 0) receiveOne(one.number, one.verb === "deliver twice" ? 2 : 1);
  }
  talk.now += 30;
  settle(talk, receiveOne);
  return talk;
}

/** Delivers in the order things were sent, until there is nothing. */
function settle(talk: Conversation, receiveOne: (index: number, times: number) => void): void {
  for (let count = 0; talk.mail.length > 0; count++) {
    if (count > 500) throw new Error(`they talk for ever: ${talk.letters().join(", ")}`);
    receiveOne(0, 1);
  }
}

function watched(talk: Conversation, watcher: Watcher, cause: Step | Arrival, run: () => unknown): void {
  const waiting = talk.mail;
  talk.mail = [];
  run();
  const letters = talk.mail;
  talk.mail = [...waiting, ...letters];
  watcher.sent(talk, letters, cause);
}

// What a step is about.

export const personOf = ({ person }: Step): CalendarUserAddress => people[person] ?? ben;
const otherOf = ({ person, number }: Step): CalendarUserAddress =>
  people[(person + 1 + (number % 3)) % people.length] ?? emil;
const dayOf = (one: Step): string => days[one.day] ?? "10";
const keyOf = (one: Step): string => key(dayOf(one));
const placeOf = (one: Step) => (one.number % 2 === 0 ? {} : { key: keyOf(one) });
const partstatOf = ({ number }: Step) => (["ACCEPTED", "DECLINED", "TENTATIVE"] as const)[number % 3] ?? "ACCEPTED";

/** A proposal that waits, where there is one. */
function proposalOf(talk: Conversation, one: Step): { readonly attendee: CalendarUserAddress; readonly key?: string } {
  const [first] = allRegisters(talk.state(ann).proposals).values();
  if (!first) return { attendee: personOf(one), ...placeOf(one) };
  return { attendee: first.attendee, ...(first.key && { key: first.key }) };
}

// How Ann writes a new version.

type Edit = (object: CalendarObject) => readonly Component[];

function write(talk: Conversation, edit: Edit): Outcome {
  const { object } = talk.state(ann);
  if (!object) throw new Error("Ann has nothing");
  return talk.put(ann, readBack(object, edit(object)));
}

function splitAt(talk: Conversation, one: Step, change: (component: Component) => Component): Outcome {
  const { object } = talk.state(ann);
  if (!object) throw new Error("Ann has nothing");
  const { limits } = contextOf(ann);
  const half = seriesFrom(object, keyOf(one), makeZoneResolver([], intlZoneProvider, limits), limits);
  const after = half ? readBack(half, partsOf(half).map(change)) : object;
  return talk.act(ann, { kind: "split", key: keyOf(one), after });
}

/** The object of some components, read from text as a program would have written it. */
function readBack(object: CalendarObject, components: readonly Component[]): CalendarObject {
  if (components.length === 0) return object;
  const calendar = makeComponent("VCALENDAR", [text("VERSION", "2.0")], [...object.timezones, ...components]);
  return readText(formatCalendar(calendar), "REQUEST", ann).object;
}

function partsOf(object: CalendarObject): readonly Component[] {
  return objectComponents(object).map(({ component }) => component);
}

function keyIn(component: Component): string {
  return component.properties.find(({ name }) => name === "RECURRENCE-ID")?.value ?? "";
}

function onWhole(change: (component: Component) => Component): Edit {
  return (object) => partsOf(object).map((one) => (keyIn(one) === leadingComponent(object).key ? change(one) : one));
}

function onOne(one: Step, change: (component: Component) => Component): Edit {
  return (object) => {
    const { limits } = contextOf(ann);
    const zones = makeZoneResolver(object.timezones, intlZoneProvider, limits);
    const instance = instanceAt(object, keyOf(one), zones, limits);
    const others = partsOf(object).filter((each) => keyIn(each) !== keyOf(one));
    return instance ? [...others, change(instance.component)] : partsOf(object);
  };
}

function excluding(one: Step): Edit {
  return (object) => {
    const others = partsOf(object).filter((each) => keyIn(each) !== keyOf(one));
    return others.map((each) =>
      keyIn(each) === "" ? { ...each, properties: [...each.properties, text("EXDATE", keyOf(one))] } : each,
    );
  };
}

function text(name: string, value: string): Property {
  return { name, parameters: [], value };
}

function withText(component: Component, name: string, value: string): Component {
  return withProperty(component, name, text(name, value));
}

function at(component: Component, day: string, hour: number): Component {
  const time = (of: number): string => `202703${day}T${String(of).padStart(2, "0")}0000Z`;
  return withText(withText(component, "DTSTART", time(hour)), "DTEND", time(hour + 1));
}

function toggled(component: Component, guest: CalendarUserAddress): Component {
  const isGuest = ({ name, value }: Property): boolean => name === "ATTENDEE" && value === `mailto:${guest}`;
  const others = component.properties.filter((property) => !isGuest(property));
  const properties =
    others.length < component.properties.length ? others : [...others, text("ATTENDEE", `mailto:${guest}`)];
  return { ...component, properties };
}
