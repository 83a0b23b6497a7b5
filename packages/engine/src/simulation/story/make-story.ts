import { type CalendarUserAddress, parseAddress } from "../../model/address.ts";
import type { Partstat } from "../../model/calendar-user.ts";
import { badWeather, fairWeather } from "../network.ts";
import { makeRandom, type Random } from "../random.ts";
import { type Form, forms, type StepKind, type Story, type StoryStep, textNames } from "./story.ts";
import { domains } from "./systems.ts";

/** Makes the story of a seed: two to eight people mostly, forty at times. */
export function makeStory(seed: number): Story {
  const random = makeRandom(seed);
  const people = makePeople(random);
  const steps: StoryStep[] = [];
  const meetings: Meeting[] = [];
  const count = (people.length > 8 ? 4 : 6) + random.below(people.length > 8 ? 6 : 16);
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (index > 0) at += random.below(random.pick(waits));
    const step =
      meetings.length === 0 || random.chance(0.08) ? undefined : nextStep(random, people, random.pick(meetings));
    const taken = step ?? create(random, people, meetings);
    steps.push({ at, ...taken });
    if (taken.kind !== "counter" || !random.chance(0.5)) continue;
    // Most proposals are decided upon before something else happens.
    at += random.below(86_400);
    steps.push({ at, ...decision(random, meetings, taken) });
  }
  return { seed, weather: random.chance(0.25) ? fairWeather : badWeather, people, steps };
}

function decision(random: Random, meetings: readonly Meeting[], { who, object }: Bare): Bare {
  const organizer = meetings.find((meeting) => meeting.object === object)?.organizer ?? who;
  return { who: organizer, kind: random.chance(0.6) ? "accept-proposal" : "decline-proposal", object };
}

/** What the story knows of an object, as it would be if all mail arrived. */
interface Meeting {
  readonly object: string;
  organizer: CalendarUserAddress;
  readonly form: Form;
  guests: CalendarUserAddress[];
}

type Bare = Omit<StoryStep, "at">;

const waits = [1, 120, 3_600, 86_400, 5 * 86_400, 20 * 86_400];
const names =
  "ann ben clara dan eve finn gus hal ida jan kim lea max nan oli pia quin ria sam tom uma val wim xia yan zoe";

function makePeople(random: Random): readonly CalendarUserAddress[] {
  const count = random.chance(0.004) ? 40 : random.chance(0.05) ? 9 + random.below(8) : 2 + random.below(7);
  const known = names.split(" ");
  return Array.from({ length: count }, (_, index) => {
    const name = `${known[index % known.length]}${index < known.length ? "" : Math.floor(index / known.length)}`;
    const domain = random.chance(0.4) ? "house.test" : random.pick(domains);
    const address = parseAddress(`${name}@${domain}`);
    if (!address) throw new Error("a name of ours is no address");
    return address;
  });
}

function create(random: Random, people: readonly CalendarUserAddress[], meetings: Meeting[]): Bare {
  const organizer = random.pick(people);
  const others = people.filter((person) => person !== organizer);
  const guests = others.filter(() => random.chance(0.7));
  const form = random.pick(forms);
  const object = `o${meetings.length + 1}`;
  meetings.push({ object, organizer, form, guests });
  return { who: organizer, kind: "create", object, form, people: guests };
}

type Maker = (random: Random, people: readonly CalendarUserAddress[], meeting: Meeting) => Partial<Bare>;

/** How often each kind of step of the Organizer's is taken, and what it is about. */
const ofOrganizer: readonly (readonly [StepKind, number, Maker])[] = [
  [
    "edit",
    8,
    (random) => ({ ...whole(random, 0.5), name: random.pick(textNames), value: `text ${random.below(100)}` }),
  ],
  ["move", 8, (random) => ({ ...whole(random, 0.5), by: random.pick(moves) })],
  ["lengthen", 2, (random) => ({ ...whole(random, 0.5), by: random.pick([1_800, 3_600, 86_400]) })],
  ["rule", 3, (random) => ({ value: random.pick(rules) })],
  ["exclude", 3, (random) => instance(random)],
  ["restore", 2, (random) => instance(random)],
  ["revive", 1, (random) => whole(random, 0.5)],
  ["split", 4, (random) => ({ ...instance(random), ...splitting(random) })],
  ["invite", 6, (random, people, meeting) => ({ ...whole(random, 0.6), people: [invited(random, people, meeting)] })],
  [
    "uninvite",
    5,
    (random, people, meeting) => ({ ...whole(random, 0.6), people: [uninvited(random, people, meeting)] }),
  ],
  ["cancel", 4, (random) => ({ ...whole(random, 0.4), ...ranged(random), ...said(random) })],
  ["add", 3, (random) => ({ by: random.pick([1, 2, 3]) * 86_400 + 7_200 })],
  ["publish", 1, (random, people, meeting) => ({ people: [handedTo(random, people, meeting)] })],
  ["hand-over", 2, (random, people, meeting) => ({ people: [handedTo(random, people, meeting)] })],
  ["accept-proposal", 1, () => ({})],
  ["decline-proposal", 1, said],
  ["resend", 1, () => ({})],
  ["remove", 1, () => ({})],
];

/** The same for an Attendee. */
const ofAttendee: readonly (readonly [StepKind, number, Maker])[] = [
  [
    "answer",
    20,
    (random, _people, { form }) => ({
      ...whole(random, 0.6),
      ...ranged(random),
      ...answered(random, form),
      ...said(random),
    }),
  ],
  ["delegate", 4, (random, people) => ({ ...whole(random, 0.7), people: [random.pick(people)], ...informed(random) })],
  ["counter", 5, (random) => ({ ...whole(random, 0.5), ...proposed(random) })],
  ["refresh", 2, () => ({})],
  ["forward", 2, (random, people, { form }) => ({ people: [random.pick(people)], ...answered(random, form) })],
  ["remove", 1, () => ({})],
];

const moves = [-86_400, -3_600, 1_800, 3_600, 86_400, 2 * 86_400];
const rules = [
  "FREQ=WEEKLY;COUNT=4",
  "FREQ=WEEKLY;COUNT=9",
  "FREQ=DAILY;COUNT=5",
  "FREQ=DAILY;INTERVAL=2;COUNT=6",
  "FREQ=WEEKLY;INTERVAL=2",
  "",
];

function nextStep(random: Random, people: readonly CalendarUserAddress[], meeting: Meeting): Bare {
  const isOrganizer = random.chance(0.45) || meeting.guests.length === 0;
  const table = isOrganizer ? ofOrganizer : ofAttendee;
  let left = random.below(table.reduce((sum, [, weight]) => sum + weight, 0));
  const found = table.find(([, weight]) => {
    left -= weight;
    return left < 0;
  });
  const [kind, , make] = found ?? ofOrganizer[0] ?? [];
  if (!kind || !make) throw new Error("there is nothing to do");
  const who = isOrganizer ? meeting.organizer : random.pick(meeting.guests);
  const part = random.chance(0.3) ? { part: random.below(3) } : {};
  const step = { who, kind, object: meeting.object, ...part, ...make(random, people, meeting) };
  remember(meeting, step);
  return step;
}

/** Keeps up with who the guests are; a story that is wrong there has steps that mean nothing, and does no harm. */
function remember(meeting: Meeting, { kind, people = [] }: Bare): void {
  const [person] = people;
  if (!person || person === meeting.organizer) return;
  const others = meeting.guests.filter((guest) => guest !== person);
  if (kind === "invite" || kind === "delegate" || kind === "forward") meeting.guests = [...others, person];
  if (kind !== "hand-over") return;
  meeting.guests = [...others, meeting.organizer];
  meeting.organizer = person;
}

/** The whole in that share of cases, else an Instance. */
function whole(random: Random, share: number): Partial<Bare> {
  return random.chance(share) ? {} : instance(random);
}

function instance(random: Random): Partial<Bare> {
  return { instance: random.below(6) };
}

function ranged(random: Random): Partial<Bare> {
  return random.chance(0.15) ? { range: "this-and-future", ...instance(random) } : {};
}

function said(random: Random): Partial<Bare> {
  return random.chance(0.2) ? { value: `word ${random.below(100)}` } : {};
}

function splitting(random: Random): Partial<Bare> {
  return random.chance(0.5) ? { by: random.pick(moves) } : { name: "SUMMARY", value: `later ${random.below(100)}` };
}

function informed(random: Random): Partial<Bare> {
  return random.chance(0.5) ? { value: "informed" } : {};
}

function proposed(random: Random): Partial<Bare> {
  return random.chance(0.7) ? { by: random.pick(moves) } : { name: "LOCATION", value: `place ${random.below(100)}` };
}

const ofEvent: readonly Partstat[] = ["ACCEPTED", "ACCEPTED", "DECLINED", "TENTATIVE"];
const ofTask: readonly Partstat[] = [...ofEvent, "COMPLETED", "IN-PROCESS"];

function answered(random: Random, form: Form): Partial<Bare> {
  const partstat = random.pick(form.startsWith("to-do") ? ofTask : ofEvent);
  return { partstat, ...(partstat === "IN-PROCESS" && { percent: random.below(100) }) };
}

function invited(random: Random, people: readonly CalendarUserAddress[], meeting: Meeting): CalendarUserAddress {
  const strangers = people.filter((person) => !meeting.guests.includes(person) && person !== meeting.organizer);
  return random.pick(strangers.length > 0 && random.chance(0.8) ? strangers : people);
}

function uninvited(random: Random, people: readonly CalendarUserAddress[], { guests }: Meeting): CalendarUserAddress {
  return random.pick(guests.length > 0 ? guests : people);
}

function handedTo(random: Random, people: readonly CalendarUserAddress[], { organizer }: Meeting): CalendarUserAddress {
  return random.pick(people.filter((person) => person !== organizer));
}
