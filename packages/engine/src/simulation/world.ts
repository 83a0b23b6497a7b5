import { type Component, makeComponent, withProperty } from "../icalendar/component.ts";
import { type EpochSeconds, formatDateTime } from "../icalendar/date-time.ts";
import { parseCalendar } from "../icalendar/parse.ts";
import { decodeText, encodeText } from "../icalendar/text.ts";
import type { Action } from "../itip/action.ts";
import { act } from "../itip/actions.ts";
import { type Context, defaultPolicy } from "../itip/context.ts";
import type { Evidence } from "../itip/evidence.ts";
import type { Outcome } from "../itip/outcome.ts";
import { defaultQuirks } from "../itip/quirks/index.ts";
import { receive } from "../itip/receive.ts";
import { schedule } from "../itip/schedule.ts";
import { defaultLimits } from "../limits.ts";
import { type CalendarUserAddress, formatAddress } from "../model/address.ts";
import {
  type CalendarObject,
  leadingComponent,
  type ObjectComponent,
  objectComponents,
  organizerOf,
  readCalendarObject,
} from "../model/calendar-object.ts";
import { type Method, parseMethod } from "../model/method.ts";
import { currentAnswer, renderComponent } from "../model/render.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { type SchedulingState, settleState, unknownState } from "../model/scheduling-state.ts";
import { readTimeSpan, resolveTimeSpan } from "../model/time-span.ts";
import { makeZoneResolver } from "../recurrence/resolver.ts";
import { utc, type ZoneProvider } from "../recurrence/zone.ts";
import type { Command, Reply, SentSummary, ViewSummary } from "./play.ts";
import type { Step } from "./scenario.ts";

/** What a world is made with. */
export interface WorldOptions {
  readonly zones: ZoneProvider;
  /** The text of an .ics fixture by its name in a script. */
  readonly readFixture: (name: string) => string;
}

/** Answers the commands of one scenario. */
export interface World {
  answer(command: Command): Reply;
}

interface Person {
  readonly address: CalendarUserAddress;
  readonly objects: Map<string, SchedulingState>;
  /** The UID their steps are about: the last one they put or received. */
  current: string | undefined;
  sent: SentSummary[];
  held: { readonly message: SchedulingMessage; readonly evidence: Evidence }[];
  question: { readonly message: SchedulingMessage; readonly evidence: Evidence } | undefined;
  verdict: string | undefined;
}

interface InFlight {
  readonly to: CalendarUserAddress;
  readonly from: CalendarUserAddress;
  readonly message: SchedulingMessage;
}

/** Everything there is in one world; it changes as the script goes on. */
interface Everything {
  readonly options: WorldOptions;
  readonly people: Map<CalendarUserAddress, Person>;
  now: EpochSeconds;
  mail: InFlight[];
}

/**
 * Makes a world of calendar users who have nothing but the engine, and of mail that arrives when the script says so. Everybody's
 * mail is proven to be from them (evidence `domain`), but for what a script lets somebody `receive`, which is `weak`.
 */
export function makeEngineWorld(options: WorldOptions): World {
  const all: Everything = { options, people: new Map(), now: 0, mail: [] };
  return {
    answer(command) {
      if (command.kind === "do") {
        perform(all, command.step);
        return undefined;
      }
      const owner = personOf(all, command.person);
      if (command.kind === "sent") return owner.sent;
      if (command.kind === "verdict") return owner.verdict;
      const state = owner.current === undefined ? undefined : owner.objects.get(owner.current);
      return state && viewOf(state, options.zones);
    },
  };
}

function personOf(all: Everything, address: CalendarUserAddress): Person {
  const known = all.people.get(address);
  if (known) return known;
  const made: Person = {
    address,
    objects: new Map(),
    current: undefined,
    sent: [],
    held: [],
    question: undefined,
    verdict: undefined,
  };
  all.people.set(address, made);
  return made;
}

function perform(all: Everything, step: Extract<Command, { kind: "do" }>["step"]): void {
  if ("person" in step) personOf(all, step.person).sent = [];
  switch (step.kind) {
    case "at":
      all.now = step.now;
      return;
    case "after":
      all.now += step.seconds;
      return;
    case "deliver":
      for (const one of all.people.values()) one.sent = [];
      return deliver(all, step.times, step.order);
    case "lose":
      all.mail = [];
      return;
    case "decide":
      return decide(all, personOf(all, step.person), step.decision);
    case "answer":
    case "cancel":
      return actAs(all, personOf(all, step.person), step);
    case "receive": {
      const message = readMessage(all.options.readFixture(step.fixture), all.options.zones, step.from);
      return take(all, personOf(all, step.person), message, { ...provenBy(step.from), strength: "weak" });
    }
    default:
      return change(all, personOf(all, step.person), step);
  }
}

function deliver(all: Everything, times: number, order: "sent" | "reversed"): void {
  const arriving = order === "reversed" ? all.mail.reverse() : all.mail;
  all.mail = [];
  for (let time = 0; time < times; time++) {
    for (const { to, from, message } of arriving) take(all, personOf(all, to), message, provenBy(from));
  }
}

function decide(all: Everything, owner: Person, decision: "apply" | "dismiss"): void {
  const { question } = owner;
  owner.question = undefined;
  if (!question) throw new Error(`${owner.address} was asked nothing`);
  if (decision === "apply") take(all, owner, question.message, { ...question.evidence, confirmedByOwner: true });
}

function take(all: Everything, owner: Person, message: SchedulingMessage, evidence: Evidence): void {
  const { uid } = message.object;
  const context = contextOf(owner.address, all.now, all.options.zones);
  const outcome = receive(owner.objects.get(uid) ?? unknownState, message, evidence, context);
  keep(all, owner, uid, outcome);
  if (outcome.kind === "undecided") owner.question = { message, evidence };
  if (outcome.kind === "held") {
    owner.held.push({ message, evidence });
    if (outcome.state) owner.objects.set(uid, settleState(outcome.state));
    send(all, owner, outcome.messages);
  }
  if (outcome.kind === "rejected") send(all, owner, outcome.messages ?? []);
  if (outcome.kind !== "applied") return;
  const waiting = owner.held.filter((held) => held.message.object.uid === uid);
  owner.held = owner.held.filter((held) => held.message.object.uid !== uid);
  for (const held of waiting) take(all, owner, held.message, held.evidence);
}

function change(all: Everything, owner: Person, step: Edit): void {
  const state = (owner.current === undefined ? undefined : owner.objects.get(owner.current)) ?? unknownState;
  const after = editedObject(step, state.object, all.options);
  const uid = after?.uid ?? owner.current ?? "";
  const before = owner.objects.get(uid) ?? unknownState;
  keep(all, owner, uid, schedule(before, after, contextOf(owner.address, all.now, all.options.zones)));
}

function actAs(all: Everything, owner: Person, action: Action): void {
  const uid = owner.current ?? "";
  const state = owner.objects.get(uid) ?? unknownState;
  keep(all, owner, uid, act(state, action, contextOf(owner.address, all.now, all.options.zones)));
}

function keep(all: Everything, owner: Person, uid: string, outcome: Outcome): void {
  owner.verdict = outcome.kind;
  if (outcome.kind !== "applied") return;
  owner.current = uid;
  if (outcome.state.object) owner.objects.set(uid, settleState(outcome.state));
  else owner.objects.delete(uid);
  send(all, owner, outcome.messages);
}

function send(all: Everything, owner: Person, messages: readonly SchedulingMessage[]): void {
  for (const message of messages) {
    const { sequence } = leadingComponent(message.object).revision;
    owner.sent.push({ method: message.method, sequence, to: message.recipients });
    for (const to of message.recipients) all.mail.push({ to, from: owner.address, message });
  }
}

function contextOf(owner: CalendarUserAddress, now: EpochSeconds, zones: ZoneProvider): Context {
  return {
    owner,
    addresses: new Set([owner]),
    now,
    zones,
    limits: defaultLimits,
    policy: defaultPolicy,
    quirks: defaultQuirks,
  };
}

function provenBy(from: CalendarUserAddress): Evidence {
  return { strength: "domain", from, relation: "correspondent", confirmedByOwner: false, detail: `proven: ${from}` };
}

/** Reads a fixture that is an iTIP message. */
export function readMessage(text: string, provider: ZoneProvider, from: CalendarUserAddress): SchedulingMessage {
  const { calendar } = parseCalendar(text, defaultLimits);
  const method = calendar && methodOf(calendar);
  if (!calendar || !method) throw new Error("the fixture is no iTIP message");
  return { method, originator: from, recipients: [], object: readObject(text, provider), calendar, updates: [] };
}

function methodOf(calendar: Component): Method | undefined {
  return parseMethod(calendar.properties.find((property) => property.name === "METHOD")?.value ?? "");
}

/** Reads a fixture that is a calendar object; throws where it is none, for a fixture is ours. */
export function readObject(text: string, provider: ZoneProvider): CalendarObject {
  const { calendar } = parseCalendar(text, defaultLimits);
  const timezones = calendar?.components.filter((component) => component.name === "VTIMEZONE") ?? [];
  const zones = makeZoneResolver(timezones, provider, defaultLimits);
  const read = readCalendarObject(calendar ?? makeComponent("VCALENDAR"), zones, defaultLimits);
  if ("problem" in read) throw new Error(`the fixture is no calendar object: ${read.problem}`);
  return read.object;
}

type Edit = Extract<Step, { kind: "put" | "edit" | "invite" | "uninvite" | "remove" }>;

/** What a step makes of an object, as its owner's program would write it. */
export function editedObject(
  step: Edit,
  object: CalendarObject | undefined,
  options: WorldOptions,
): CalendarObject | undefined {
  if (step.kind === "put") return readObject(options.readFixture(step.fixture), options.zones);
  if (step.kind === "remove") return undefined;
  if (!object) throw new Error(`line ${step.line}: ${step.person} has no event`);
  const components = objectComponents(object).map((component) => editComponent(step, component));
  const calendar = makeComponent("VCALENDAR", [], [...object.timezones, ...components]);
  const zones = makeZoneResolver(object.timezones, options.zones, defaultLimits);
  const read = readCalendarObject(calendar, zones, defaultLimits);
  if ("problem" in read) throw new Error(`line ${step.line}: ${read.problem}`);
  return read.object;
}

function editComponent(step: Exclude<Edit, { kind: "put" | "remove" }>, { component }: ObjectComponent): Component {
  switch (step.kind) {
    case "edit": {
      const value = timeNames.has(step.name) ? step.value : encodeText(step.value);
      return withProperty(component, step.name, { name: step.name, parameters: [], value });
    }
    case "invite": {
      const guest = { name: "ATTENDEE", parameters: [], value: formatAddress(step.guest) };
      return { ...component, properties: [...component.properties, guest] };
    }
    case "uninvite": {
      const properties = component.properties.filter(
        (property) => property.name !== "ATTENDEE" || property.value.toLowerCase() !== formatAddress(step.guest),
      );
      return { ...component, properties };
    }
  }
}

const timeNames: ReadonlySet<string> = new Set(["DTSTART", "DTEND", "DURATION", "RRULE"]);

/** Says what a calendar shows of an event, in a form two calendars can be compared by. */
export function viewOf(state: SchedulingState, provider: ZoneProvider): ViewSummary | undefined {
  const { object } = state;
  if (!object) return undefined;
  const leading = leadingComponent(object);
  const rendered = renderComponent(state, leading);
  const properties: Record<string, string> = {};
  for (const name of shownNames) {
    const property = rendered.properties.find((candidate) => candidate.name === name);
    if (property) properties[name] = decodeText(property.value);
  }
  const span = readTimeSpan(rendered);
  const zones = makeZoneResolver(object.timezones, provider, defaultLimits);
  const times = span && resolveTimeSpan(span, zones, utc);
  if (times) {
    properties["DTSTART"] = formatDateTime({ kind: "utc", wall: times.starts });
    properties["DTEND"] = formatDateTime({ kind: "utc", wall: times.ends });
  }
  const organizer = organizerOf(object);
  if (organizer) properties["ORGANIZER"] = organizer.address;
  const answers = Object.fromEntries(
    [...leading.attendees.keys()].map((attendee) => [attendee, currentAnswer(state, leading, attendee).partstat]),
  );
  return { properties, answers };
}

const shownNames = ["SUMMARY", "LOCATION", "DESCRIPTION", "STATUS"];
