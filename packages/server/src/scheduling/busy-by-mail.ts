import {
  type Evidence,
  type FreeBusyRequest,
  isMailAddress,
  type Outcome,
  parseAddress,
  receive,
  replyFreeBusy,
  requestFreeBusy,
  type SchedulingMessage,
  unknownState,
  withoutTag,
} from "@parley/engine";
import { type BusyPeriod, type FreeBusyAnswer, mergeBusyPeriods } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import type { Principal, Transaction } from "../store/store.ts";
import { enqueue } from "./enqueue.ts";
import { readBusyTimes } from "./free-busy.ts";
import { contextFor, type House, isLocal } from "./house.ts";
import { preferenceOf } from "./preferences.ts";

const hourInSeconds = 3_600;
const dayInSeconds = 86_400;
/** How far back and ahead others are told when somebody is busy, and how much of it at once. */
const [toldBefore, toldAhead, toldAtOnce] = [dayInSeconds, 92 * dayInSeconds, 62 * dayInSeconds];
/** Questions of one asker, and of all, that one calendar answers in a day. */
const maxQuestionsOfOne = 20;
const maxQuestionsOfAll = 500;
/** Nobody is asked again for the same time before. */
const askAgainAfter = hourInSeconds;
/** Questions of one person in a day. */
const maxAsked = 200;
/** What somebody told is believed so long. */
const believedSeconds = 7 * dayInSeconds;
/** Periods of one report; nobody's day has so many. */
const maxPeriods = 2_000;
const maxUidLength = 1_000;
/** What is told of times further away is not kept. */
const keptAhead = 400 * dayInSeconds;

/** What became of a VFREEBUSY, and what the ledger says of it where that is not the outcome's own sentence. */
export interface BusyReceived {
  readonly outcome: Outcome;
  readonly reason?: string;
}

/**
 * Receives a VFREEBUSY: answers a REQUEST as far as house and owner let that one know, and remembers what people the owner knows tell of
 * themselves. No object comes of it. Who is not proven, or may not know, is told nothing at all: neither that there is such a person.
 * Decision 0040.
 */
export async function receiveBusy(
  house: House,
  transaction: Transaction,
  principal: Principal,
  message: SchedulingMessage,
  evidence: Evidence,
): Promise<BusyReceived> {
  const believed = isOwnWord(message, evidence) ? { ...evidence, confirmedByOwner: true } : evidence;
  const outcome = receive(unknownState, message, believed, contextFor(house, principal));
  if (outcome.kind === "undecided" && outcome.question.kind === "free-busy-request") {
    const { request, isProven } = outcome.question;
    // Who is told is the ORGANIZER: that somebody of their domain speaks for them (SENT-BY) is no proof that they have asked.
    const isAsker = isProven && evidence.from === request.organizer;
    return answerQuestion(house, transaction, principal, request, isAsker ? evidence.relation : undefined);
  }
  if (outcome.kind !== "applied") return { outcome };
  const answers = outcome.changes.flatMap((change) => (change.kind === "free-busy" ? [change.answer] : []));
  if (evidence.relation === "stranger" && !evidence.confirmedByOwner) {
    return ignored("Nothing is kept of it: who tells this is a stranger.");
  }
  for (const answer of answers) await remember(house, transaction, principal, answer);
  return { outcome };
}

/** People the owner knows may tell of their own time unasked: it is seen by who asks for it, and changes nothing. */
function isOwnWord({ method, originator }: SchedulingMessage, { strength, from, relation }: Evidence): boolean {
  const isProven = strength === "local" || strength === "domain" || strength === "relayed";
  return method === "PUBLISH" && isProven && relation !== "stranger" && from !== undefined && from === originator;
}

async function answerQuestion(
  house: House,
  transaction: Transaction,
  principal: Principal,
  request: FreeBusyRequest,
  relation: Evidence["relation"] | undefined,
): Promise<BusyReceived> {
  if (!relation) return ignored("It is not answered: nobody proves who asks.");
  const policy = (await preferenceOf(transaction, principal, "busy-by-mail")) ?? house.busyByMail ?? "nobody";
  if (policy === "nobody") return ignored("It is not answered: nobody is told by mail when they are busy.");
  if (policy === "contacts" && relation === "stranger") return ignored("It is not answered: a stranger asks.");
  const now = house.clock();
  const { knownBusy } = transaction;
  const ofOne = await knownBusy.countQuestion(principal.id, request.organizer, now, dayInSeconds);
  // Counted for all only while it is not too often of one: or one could make a calendar silent for everybody.
  const isTooOften =
    ofOne > maxQuestionsOfOne ||
    (await knownBusy.countQuestion(principal.id, principal.address, now, dayInSeconds)) > maxQuestionsOfAll;
  if (isTooOften) return ignored("It is not answered: there were too many questions today.");
  const range = toldRange(request.range, now);
  if (!range) return ignored("It is not answered: it asks for a time that is too far away.");
  const [time] = await readBusyTimes(house, transaction, [principal], range);
  const known = { periods: (time?.periods ?? []).map(plainly), isIncomplete: time?.isIncomplete ?? true };
  const told = { ...known, periods: mergeBusyPeriods(known.periods) };
  const messages = [replyFreeBusy({ ...request, range }, told, contextFor(house, principal))];
  const nothing = { state: unknownState, changes: [], tolerated: [] };
  return {
    outcome: { kind: "applied", rule: "RFC 5546 §3.3.2", messages, ...nothing },
    reason: `It is answered: they are told when ${request.asked} is busy.`,
  };
}

/** Why somebody cannot be met is theirs: that they may come after all helps whoever plans. */
function plainly({ from, to, type }: BusyPeriod): BusyPeriod {
  return { from, to, type: type === "BUSY-UNAVAILABLE" ? "BUSY" : type };
}

function toldRange({ from, to }: InstantRange, now: number): InstantRange | undefined {
  const first = Math.max(from, now - toldBefore);
  const last = Math.min(to, now + toldAhead, first + toldAtOnce);
  return first < last ? { from: first, to: last } : undefined;
}

function ignored(reason: string): BusyReceived {
  return { outcome: { kind: "ignored", rule: "decision 0040", reason: "not-for-us" }, reason };
}

async function remember(
  house: House,
  { knownBusy }: Transaction,
  principal: Principal,
  answer: FreeBusyAnswer,
): Promise<void> {
  if (answer.kind !== "report") return;
  const { report } = answer;
  const now = house.clock();
  const range = {
    from: Math.max(report.range.from, now - dayInSeconds),
    to: Math.min(report.range.to, now + keptAhead),
  };
  const periods = report.periods.filter(({ from, to }) => from < range.to && to > range.from);
  if (range.from >= range.to || periods.length > maxPeriods || report.uid.length > maxUidLength) return;
  await knownBusy.remember(principal.id, { ...report, range, periods, toldAt: now }, now + believedSeconds);
}

/** What became of the wish to ask somebody. */
export type Asked =
  /** A mail leaves. */
  | "asked"
  /** They were asked for that time a short while ago. */
  | "waiting"
  /** It is somebody's here: their time is known without asking. */
  | "here"
  /** No mail goes there. */
  | "no-address"
  /** The principal has asked too often today. */
  | "too-many";

/** Asks people elsewhere by mail when they are busy, each by a message of their own: nobody sees who else is asked. RFC 5546 §3.3.2. */
export function askBusyTimes(
  house: House,
  principal: Principal,
  addresses: readonly string[],
  range: InstantRange,
): Promise<readonly Asked[]> {
  return house.store.write(async (transaction) => {
    const results: Asked[] = [];
    for (const address of addresses) results.push(await askOne(house, transaction, principal, address, range));
    return results;
  });
}

async function askOne(
  house: House,
  transaction: Transaction,
  principal: Principal,
  text: string,
  range: InstantRange,
): Promise<Asked> {
  const address = parseAddress(text);
  if (!address || !isMailAddress(address)) return "no-address";
  const { knownBusy, principals } = transaction;
  const ours = await principals.byAddresses([address, withoutTag(address)]);
  if (ours.size > 0 || isLocal(house, address)) return "here";
  const now = house.clock();
  if (await knownBusy.wasAsked(principal.id, address, range, now - askAgainAfter)) return "waiting";
  if ((await knownBusy.countAsked(principal.id, now - dayInSeconds)) >= maxAsked) return "too-many";
  await knownBusy.noteAsked(principal.id, address, range, now);
  const wanted = { uid: house.makeUid(), attendees: [address], range } as const;
  const request = requestFreeBusy(wanted, contextFor(house, principal));
  await principals.addCorrespondents(principal.id, [address], now);
  await enqueue(house, transaction, principal, [request], { rule: "RFC 5546 §3.3.2", changes: [] }, "owner");
  return "asked";
}
