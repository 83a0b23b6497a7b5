import {
  type Action,
  act,
  allRegisters,
  type CalendarObject,
  type CalendarUserAddress,
  type Context,
  currentAnswer,
  type Evidence,
  isCancelled,
  leadingComponent,
  type Outcome,
  objectComponents,
  receive,
  type SchedulingMessage,
  type SchedulingState,
  schedule,
  settleState,
  unknownState,
} from "@parley/engine";
import { checkRestrictions } from "../../src/itip/restrictions/check.ts";
import { received } from "./series.ts";
import { contextOf, evidenceOf, noon } from "./world.ts";

export interface Letter {
  readonly from: CalendarUserAddress;
  readonly to: CalendarUserAddress;
  readonly message: SchedulingMessage;
}

/** People who write to each other about one object, and the mail between them. */
export interface Conversation {
  /** What happened last at whom it happened. */
  last: Outcome | undefined;
  mail: Letter[];
  now: number;
  state(owner: CalendarUserAddress): SchedulingState;
  put(owner: CalendarUserAddress, object: CalendarObject): Outcome;
  act(owner: CalendarUserAddress, action: Action): Outcome;
  take(owner: CalendarUserAddress, message: SchedulingMessage, over?: Partial<Evidence>): Outcome;
  /** Delivers all mail until there is none; `times` each letter. */
  deliver(times?: number): void;
  /** What is on its way: `REQUEST ann>clara 0`. */
  letters(): readonly string[];
  /** What somebody sees of the guests, of an Instance or of the whole: `clara DELEGATED`. */
  guests(owner: CalendarUserAddress, key?: string): readonly string[];
}

const nameOf = (address: string): string => address.replace(/@.*$/, "");

/** Begins a conversation; whatever is sent must satisfy the strict tables, and is read from its text. */
export function conversation(change: (context: Context) => Context = (context) => context): Conversation {
  const states = new Map<CalendarUserAddress, SchedulingState>();
  const held = new Map<CalendarUserAddress, { message: SchedulingMessage; over: Partial<Evidence> }[]>();
  const contextFor = (owner: CalendarUserAddress): Context => change(contextOf(owner, all.now));
  const keep = (owner: CalendarUserAddress, outcome: Outcome): Outcome => {
    all.last = outcome;
    if (outcome.kind !== "applied") return outcome;
    states.set(owner, settleState(outcome.state));
    for (const message of outcome.messages) {
      if (checkRestrictions(message).length > 0) throw new Error(JSON.stringify(checkRestrictions(message)));
      for (const to of message.recipients) all.mail.push({ from: message.originator ?? owner, to, message });
    }
    return outcome;
  };
  const all: Conversation = {
    last: undefined,
    mail: [],
    now: noon,
    state: (owner) => states.get(owner) ?? unknownState,
    put: (owner, object) => keep(owner, schedule(all.state(owner), object, contextFor(owner))),
    act: (owner, action) => keep(owner, act(all.state(owner), action, contextFor(owner))),
    take(owner, message, over = {}) {
      const evidence = evidenceOf(message.originator, over);
      const outcome = keep(owner, receive(all.state(owner), message, evidence, contextFor(owner)));
      const waiting = held.get(owner) ?? [];
      if (outcome.kind === "held") held.set(owner, [...waiting, { message, over }]);
      if (outcome.kind !== "applied" || waiting.length === 0) return outcome;
      held.delete(owner);
      for (const one of waiting) all.take(owner, one.message, one.over);
      all.last = outcome;
      return outcome;
    },
    deliver(times = 1) {
      for (let round = 0; all.mail.length > 0 && round < 20; round++) {
        const letters = all.mail;
        all.mail = [];
        for (let time = 0; time < times; time++) {
          for (const { from, to, message } of letters) all.take(to, received(message), { from });
        }
      }
      if (all.mail.length > 0) throw new Error("they talk for ever");
    },
    letters: () =>
      all.mail.map(({ from, to, message }) => {
        const { sequence } = leadingComponent(message.object).revision;
        return `${message.method} ${nameOf(from)}>${nameOf(to)} ${sequence}`;
      }),
    guests: (owner, key) => guestsOf(all.state(owner), key),
  };
  return all;
}

function guestsOf(state: SchedulingState, key?: string): readonly string[] {
  const { object } = state;
  if (!object) return [];
  const component = (key && object.overrides.get(key)) || leadingComponent(object);
  if (isCancelled(state, component)) return ["cancelled"];
  return [...component.attendees.keys()]
    .map((attendee) => `${nameOf(attendee)} ${currentAnswer(state, component, attendee, key).partstat}`)
    .sort();
}

/** What of the Organizer's copy does not depend on when it sent what: the guests of every component, with their answers. */
export function outcomeOf(state: SchedulingState): unknown {
  const components = state.object ? objectComponents(state.object) : [];
  return {
    guests: components.map(({ key }) => [key, guestsOf(state, key)]),
    answers: [...allRegisters(state.participations)].sort(([a], [b]) => (a < b ? -1 : 1)),
    ranges: [...allRegisters(state.answerRanges)].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}
