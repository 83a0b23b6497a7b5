import type { EpochSeconds } from "../../icalendar/date-time.ts";
import { act } from "../../itip/actions.ts";
import type { Evidence } from "../../itip/evidence.ts";
import type { Change, Outcome, Question } from "../../itip/outcome.ts";
import { receive } from "../../itip/receive.ts";
import type { CalendarUserAddress } from "../../model/address.ts";
import type { SchedulingMessage } from "../../model/scheduling-message.ts";
import { type SchedulingState, settleState, unknownState } from "../../model/scheduling-state.ts";
import type { ZoneProvider } from "../../recurrence/zone.ts";
import { makeNetwork, type Network, type Weather } from "../network.ts";
import { makeRandom, type Random } from "../random.ts";
import { type Calendar, contextOf, type Letter, makeCalendar } from "./calendar.ts";
import { checkReceipt, checkSent, checkState, peopleOf } from "./laws.ts";
import { readLetter, writeLetter } from "./post.ts";
import { recordSaid, type Said } from "./said.ts";
import { beginningOfStory, type Story } from "./story.ts";
import { systemOf } from "./systems.ts";

/** Everything there is while a story is played; it changes as the story goes on. */
export interface StoryWorld {
  readonly story: Story;
  readonly zones: ZoneProvider;
  readonly calendars: ReadonlyMap<CalendarUserAddress, Calendar>;
  readonly network: Network<Letter>;
  /** What was read in letters, by sender and text. */
  readonly texts: Map<string, SchedulingMessage>;
  /** How many letters went from one person to another. */
  readonly posted: Map<string, number>;
  /** How often an answer was said again in vain. */
  readonly saidAgain: Map<string, number>;
  /** Whose answers an Organizer refused: nobody tells them, or they get it forwarded again. */
  readonly refused: Set<CalendarUserAddress>;
  /** What was found to be wrong. */
  readonly problems: string[];
  /** Is told everything that happens. */
  /** Kept where it is looked at. */
  readonly said?: Said;
  readonly tell: (line: string) => void;
  weather: Weather;
  now: EpochSeconds;
  letters: number;
  /** How many of them told somebody what was new, or had them say something. */
  news: number;
  /** How many answers were other than what was known. */
  answers: number;
}

/** Letters of one story beyond which people are taken to talk for ever. */
export const maxLetters = 50_000;
const heldSeconds = 35 * 86_400;

/** Makes the world of a story before anything happens. */
export function makeStoryWorld(
  story: Story,
  zones: ZoneProvider,
  tell: (line: string) => void,
  withTimes: boolean,
): StoryWorld {
  return {
    story,
    zones,
    calendars: new Map(story.people.map((person) => [person, makeCalendar(person)])),
    network: makeNetwork(),
    texts: new Map(),
    posted: new Map(),
    saidAgain: new Map(),
    refused: new Set(),
    ...(withTimes && { said: { instances: new Set(), times: new Set() } }),
    problems: [],
    tell,
    weather: story.weather,
    now: beginningOfStory,
    letters: 0,
    news: 0,
    answers: 0,
  };
}

/** Finds somebody's calendar. */
export function calendarOf(world: StoryWorld, person: CalendarUserAddress): Calendar {
  const calendar = world.calendars.get(person);
  if (!calendar) throw new Error(`${person} is not in the story`);
  return calendar;
}

/** Delivers what is due up to a time, each letter at its own. */
export function deliverUntil(world: StoryWorld, until: EpochSeconds): void {
  for (let at = world.network.nextAt(); at !== undefined && at <= until; at = world.network.nextAt()) {
    world.now = Math.max(world.now, at);
    for (const letter of world.network.due(at)) takeLetter(world, letter);
    if (world.problems.length > 0) return;
    if (world.letters > maxLetters) {
      world.problems.push("they talk for ever");
      return;
    }
  }
  if (Number.isFinite(until)) world.now = Math.max(world.now, until);
}

/** Keeps what came of an action, and posts what leaves. */
export function keepAction(
  world: StoryWorld,
  calendar: Calendar,
  uid: string,
  outcome: Outcome,
  named: readonly CalendarUserAddress[] = [],
  surely: readonly CalendarUserAddress[] = [],
): void {
  const before = calendar.objects.get(uid) ?? unknownState;
  if (outcome.kind !== "applied") return;
  const known = [...named, ...peopleOf(before), ...[outcome.state, ...(outcome.further ?? [])].flatMap(peopleOf)];
  keepState(world, calendar, uid, before, outcome.state);
  if (world.said) recordSaid(world.said, uid, calendar.owner, before, outcome.state, world.zones);
  for (const further of outcome.further ?? []) {
    const other = further.object?.uid;
    if (other !== undefined) keepState(world, calendar, other, calendar.objects.get(other) ?? unknownState, further);
  }
  post(world, calendar, outcome.messages, new Set(known), surely);
}

function keepState(
  world: StoryWorld,
  calendar: Calendar,
  uid: string,
  before: SchedulingState,
  after: SchedulingState,
): void {
  const settled = settleState(after);
  world.problems.push(...checkState(calendar, uid, before, settled));
  calendar.objects.set(uid, settled);
}

/** Posts messages; those to `surely` come at once and for certain. */
function post(
  world: StoryWorld,
  { owner }: Calendar,
  messages: readonly SchedulingMessage[],
  known: ReadonlySet<CalendarUserAddress>,
  surely: readonly CalendarUserAddress[] = [],
): void {
  for (const message of messages) {
    world.problems.push(...checkSent(owner, message, known));
    const text = writeLetter(owner, message);
    for (const to of message.recipients) postLetter(world, { from: owner, to, text }, surely.includes(to));
  }
}

/** Posts one letter. */
export function postLetter(world: StoryWorld, letter: Letter, isSure = false): void {
  world.letters++;
  const { from, to } = letter;
  if (!world.calendars.has(to)) {
    world.problems.push(`${from} wrote to ${to}, who is nobody`);
    return;
  }
  const weather = isSure ? { ...world.weather, lost: 0, repeated: 0, reordered: 0, maxDelaySeconds: 0 } : world.weather;
  world.network.post(letter, world.now, weather, fateOf(world, `${from} ${to}`));
}

/** Draws that follow from the seed, who writes to whom and how often they did: the same whatever else is left out of a story. */
function fateOf(world: StoryWorld, name: string): Random {
  const count = world.posted.get(name) ?? 0;
  world.posted.set(name, count + 1);
  let hash = world.story.seed ^ Math.imul(count + 1, 0x85ebca6b);
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return makeRandom(hash);
}

/** Has somebody take a letter in. */
function takeLetter(world: StoryWorld, letter: Letter): void {
  const calendar = calendarOf(world, letter.to);
  const message = read(world, letter);
  if (systemOf(letter.to).deafTo.has(message.method)) return;
  const { uid } = message.object;
  if (message.method === "REQUEST") calendar.requests.set(uid, letter);
  if (!takeMessage(world, calendar, letter, message, world.now)) return;
  const waiting = (calendar.held.get(uid) ?? []).filter(({ since }) => world.now - since <= heldSeconds);
  calendar.held.delete(uid);
  for (const held of waiting) takeMessage(world, calendar, held.letter, read(world, held.letter), held.since);
  const { thenSay } = letter;
  const state = calendar.objects.get(uid);
  if (thenSay && state) {
    keepAction(
      world,
      calendar,
      uid,
      act(state, { kind: "answer", partstat: thenSay }, contextOf(letter.to, world.now, world.zones)),
    );
  }
}

/** Reads each text once, to however many it went: what is read never changes. */
function read({ texts, zones }: StoryWorld, letter: Letter): SchedulingMessage {
  const name = `${letter.from} ${letter.text}`;
  const message = texts.get(name) ?? readLetter(letter, zones);
  texts.set(name, message);
  return message;
}

/** Receives; true where it was applied. */
function takeMessage(
  world: StoryWorld,
  calendar: Calendar,
  letter: Letter,
  message: SchedulingMessage,
  since: EpochSeconds,
): boolean {
  const { uid } = message.object;
  const context = contextOf(calendar.owner, world.now, world.zones);
  const before = calendar.objects.get(uid) ?? unknownState;
  const evidence: Evidence = {
    strength: "domain",
    from: letter.from,
    relation: "correspondent",
    confirmedByOwner: false,
    detail: "",
  };
  let outcome = receive(before, message, evidence, context);
  world.tell(`   ${calendar.owner} takes ${message.method} of ${letter.from}: ${brief(outcome)}`);
  if (outcome.kind === "undecided") {
    if (!saysYes(world, calendar, uid, outcome.question)) return false;
    outcome = receive(before, message, { ...evidence, confirmedByOwner: true }, context);
    world.tell(`   ${calendar.owner} says yes: ${brief(outcome)}`);
  }
  world.problems.push(...checkReceipt(calendar.owner, message, outcome));
  if (message.method === "REPLY" && outcome.kind === "rejected") world.refused.add(letter.from);
  if (outcome.kind === "held") {
    calendar.held.set(uid, [...(calendar.held.get(uid) ?? []), { letter, since }]);
    if (outcome.state) keepState(world, calendar, uid, before, outcome.state);
  }
  if (outcome.kind === "applied") keepState(world, calendar, uid, before, outcome.state);
  if (outcome.kind === "applied" && outcome.changes.length + outcome.messages.length > 0) world.news++;
  if (outcome.kind === "applied" && outcome.changes.some(isNewAnswer)) world.answers++;
  if (outcome.kind !== "ignored" && outcome.kind !== "undecided") {
    const states = "state" in outcome && outcome.state ? [before, outcome.state] : [before];
    const known = new Set([letter.from, ...states.flatMap(peopleOf)]);
    post(world, calendar, outcome.messages ?? [], known);
  }
  return outcome.kind === "applied";
}

function isNewAnswer(change: Change): boolean {
  return change.kind === "participation" && change.old !== change.new && !change.outdated;
}

function brief(outcome: Outcome): string {
  return outcome.kind === "ignored"
    ? `ignored/${outcome.reason}`
    : `${outcome.kind} ${"rule" in outcome ? outcome.rule : ""}`;
}

/** What a person says who knows the sender: yes, but for some of the uninvited, who are told so. */
function saysYes(world: StoryWorld, calendar: Calendar, uid: string, question: Question): boolean {
  if (question.kind !== "uninvited-reply" || fateOf(world, `${calendar.owner} admits`).chance(0.7)) return true;
  const state = calendar.objects.get(uid) ?? unknownState;
  const { from: attendee, key } = question;
  world.refused.add(attendee);
  const context = contextOf(calendar.owner, world.now, world.zones);
  keepAction(world, calendar, uid, act(state, { kind: "refuse", attendee, ...(key && { key }) }, context), [attendee]);
  return false;
}
