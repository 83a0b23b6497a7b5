import { busyPeriods } from "../freebusy/busy-periods.ts";
import { type EpochSeconds, formatDateTime } from "../icalendar/date-time.ts";
import type { Action } from "../itip/action.ts";
import { act } from "../itip/actions.ts";
import { type Context, defaultPolicy } from "../itip/context.ts";
import type { Evidence } from "../itip/evidence.ts";
import { publishFreeBusy, replyFreeBusy, requestFreeBusy } from "../itip/methods/freebusy.ts";
import type { FreeBusyRequest, Outcome } from "../itip/outcome.ts";
import { defaultQuirks } from "../itip/quirks/index.ts";
import { receive } from "../itip/receive.ts";
import { schedule } from "../itip/schedule.ts";
import { defaultLimits } from "../limits.ts";
import type { CalendarUserAddress } from "../model/address.ts";
import { leadingComponent } from "../model/calendar-object.ts";
import { combineReports, type FreeBusyReport } from "../model/free-busy.ts";
import type { SchedulingMessage } from "../model/scheduling-message.ts";
import { type SchedulingState, settleState, unknownState } from "../model/scheduling-state.ts";
import type { InstantRange } from "../recurrence/recurrence-set.ts";
import { utc, type ZoneProvider } from "../recurrence/zone.ts";
import { type Edit, editedObject, type WorldOptions } from "./edit-object.ts";
import type { Command, Reply, SentSummary } from "./play.ts";
import { readMessage, viewOf } from "./view.ts";

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
  /** Who asked last when they are busy. */
  asked: FreeBusyRequest | undefined;
  /** What others told of their busy time. */
  reports: FreeBusyReport[];
  verdict: string | undefined;
  received: SchedulingMessage | undefined;
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
      if (command.kind === "busy") return busyInWords(owner, command.about);
      const state = owner.current === undefined ? undefined : owner.objects.get(owner.current);
      return state && viewOf(state, options.zones, command.key);
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
    asked: undefined,
    reports: [],
    verdict: undefined,
    received: undefined,
  };
  all.people.set(address, made);
  return made;
}

type Performed = Extract<Command, { kind: "do" }>["step"];

function perform(all: Everything, step: Performed): void {
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
    default: {
      const owner = personOf(all, step.person);
      owner.sent = [];
      return performAs(all, owner, step);
    }
  }
}

function performAs(all: Everything, owner: Person, step: Extract<Performed, { person: unknown }>): void {
  switch (step.kind) {
    case "decide":
      return decide(all, owner, step.decision);
    case "act":
      return actAs(all, owner, step.action);
    case "receive": {
      const message = readMessage(all.options.readFixture(step.fixture), all.options.zones, step.from);
      return take(all, owner, message, { ...provenBy(step.from), strength: "weak" });
    }
    case "forward":
      if (!owner.received) throw new Error(`line ${step.line}: ${owner.address} has received nothing`);
      all.mail.push({ to: step.to, from: owner.address, message: { ...owner.received, originator: owner.address } });
      return;
    case "ask-busy": {
      const wanted = { uid: `busy-${step.line}@${owner.address}`, attendees: step.about, range: step.range };
      return send(all, owner, [requestFreeBusy(wanted, contextFor(all, owner))]);
    }
    case "tell-busy": {
      if (!owner.asked) throw new Error(`line ${step.line}: nobody has asked ${owner.address}`);
      const known = busyTimeOf(all, owner, owner.asked.range);
      return send(all, owner, [replyFreeBusy(owner.asked, known, contextFor(all, owner))]);
    }
    case "publish-busy": {
      const { periods } = busyTimeOf(all, owner, step.range);
      const uid = `busy-${step.line}@${owner.address}`;
      const told = [{ range: step.range, periods }] as const;
      return send(all, owner, [publishFreeBusy(uid, told, step.to, contextFor(all, owner))]);
    }
    default:
      return change(all, owner, step);
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
  owner.received = message;
  const outcome = receive(owner.objects.get(uid) ?? unknownState, message, evidence, contextFor(all, owner));
  keep(all, owner, uid, outcome);
  if (outcome.kind === "undecided") {
    owner.question = { message, evidence };
    if (outcome.question.kind === "free-busy-request") owner.asked = outcome.question.request;
  }
  if (outcome.kind === "held") {
    owner.held.push({ message, evidence });
    if (outcome.state) owner.objects.set(uid, settleState(outcome.state));
    send(all, owner, outcome.messages);
  }
  if (outcome.kind === "rejected") send(all, owner, outcome.messages ?? []);
  if (outcome.kind !== "applied") return;
  for (const one of outcome.changes) {
    if (one.kind === "free-busy" && one.answer.kind === "report") owner.reports.push(one.answer.report);
  }
  const waiting = owner.held.filter((held) => held.message.object.uid === uid);
  owner.held = owner.held.filter((held) => held.message.object.uid !== uid);
  for (const held of waiting) take(all, owner, held.message, held.evidence);
}

function change(all: Everything, owner: Person, step: Edit): void {
  const state = (owner.current === undefined ? undefined : owner.objects.get(owner.current)) ?? unknownState;
  const after = editedObject(step, state.object, all.options);
  if ("place" in step && step.place.range && step.place.key !== undefined && after) {
    return actAs(all, owner, { kind: "split", key: step.place.key, after });
  }
  const uid = after?.uid ?? owner.current ?? "";
  const before = owner.objects.get(uid) ?? unknownState;
  keep(all, owner, uid, schedule(before, after, contextFor(all, owner)));
}

function actAs(all: Everything, owner: Person, action: Action): void {
  const uid = owner.current ?? "";
  const state = owner.objects.get(uid) ?? unknownState;
  keep(all, owner, uid, act(state, action, contextFor(all, owner)));
}

function keep(all: Everything, owner: Person, uid: string, outcome: Outcome): void {
  owner.verdict = outcome.kind;
  if (outcome.kind !== "applied") return;
  owner.current = uid;
  if (outcome.state.object) owner.objects.set(uid, settleState(outcome.state));
  else owner.objects.delete(uid);
  for (const state of outcome.further ?? []) {
    if (!state.object) continue;
    owner.current = state.object.uid;
    owner.objects.set(state.object.uid, settleState(state));
  }
  send(all, owner, outcome.messages);
}

function send(all: Everything, owner: Person, messages: readonly SchedulingMessage[]): void {
  for (const message of messages) {
    const { sequence } = leadingComponent(message.object).revision;
    owner.sent.push({ method: message.method, sequence, to: message.recipients });
    for (const to of message.recipients) all.mail.push({ to, from: owner.address, message });
  }
}

function busyTimeOf(all: Everything, owner: Person, range: InstantRange): ReturnType<typeof busyPeriods> {
  const { zones, limits, addresses } = contextFor(all, owner);
  return busyPeriods(owner.objects.values(), range, { addresses, localZone: utc, zones, limits });
}

/** What somebody knows of another's busy time, as a script writes it; `undefined` where they were told nothing. */
function busyInWords({ reports }: Person, about: CalendarUserAddress): readonly string[] | undefined {
  const told = reports.filter(({ address }) => address === about);
  if (told.length === 0) return undefined;
  const { periods } = combineReports(told);
  const instant = (wall: EpochSeconds): string => formatDateTime({ kind: "utc", wall });
  return periods.map(({ from, to, type }) => `${instant(from)}/${instant(to)} ${type}`);
}

function contextFor(all: Everything, { address }: Person): Context {
  return contextOf(address, all.now, all.options.zones);
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
