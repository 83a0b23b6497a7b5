import {
  type Action,
  act,
  currentAnswer,
  invitedAs,
  isCancelled,
  leadingLive,
  masterKey,
  type Outcome,
  objectComponents,
  type SchedulingState,
} from "@parley/engine";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { spanInWords } from "@parley/engine/sentences";
import type { Principal, Transaction } from "../store/store.ts";
import type { Applied } from "./commit.ts";
import { contextFor, type House } from "./house.ts";
import {
  bookingHorizonSeconds,
  type Conflict,
  type FindObstacles,
  isBooking,
  isOrganizedBy,
  type Obstacles,
  prepareObstacles,
} from "./obstacles.ts";
import { zoneOf } from "./span.ts";

/** Instances of one series that are answered by themselves; where more are taken the whole is declined. */
const maxAnsweredAlone = 100;
/** Dates a comment names; further ones are counted. */
const maxDatesInComment = 10;

/** Why a room cannot be booked so. */
export type Refused = Extract<Outcome, { kind: "rejected" }>;

/**
 * Answers for a room or resource what it has just been sent, before that is kept: accepts where it is free, declines naming the time that is
 * taken; of a series the free Instances are accepted and the others declined each. What waits for approval stays unanswered,
 * unless there is nothing to approve. `undefined`: there is nothing to say. `rejected`: it must not be kept, as the room would be
 * booked twice. Decision 0028.
 */
export async function answerBooking(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string,
  { state }: Applied,
): Promise<Applied | Refused | undefined> {
  const { object } = state;
  const context = contextFor(house, principal);
  if (!principal.booking || !object || !isBooking(state, context.addresses)) return undefined;
  const find = await prepareObstacles(house, transaction, principal, [uid], state);
  if (isOrganizedBy(object, context.addresses)) return isFree(find(state, "FREE")) ? undefined : conflict(uid);
  const found = find(state, "BUSY");
  const pending = pendingKeys(house, principal, state);
  if (pending.length === 0 && isFree(found)) return undefined;
  const isWhole = found.isBeyond || found.conflicts.length > maxAnsweredAlone || isAllTaken(found);
  if (!isWhole && principal.booking.policy === "approve" && pending.length > 0) {
    return isFree(find(state, "FREE")) ? undefined : declineConflicts(house, principal, uid, state, find);
  }
  if (isWhole) return declineWhole(house, principal, uid, state, { found, find });
  const told = makeTeller(house, principal, state);
  const isPending = pending.includes(wholeKey(state));
  if (isPending) told.say({ kind: "answer", partstat: "ACCEPTED", ...commentOf(butFor(house, principal, found)) });
  for (const one of found.conflicts) told.say(declineOne(house, principal, one));
  for (const key of pendingKeys(house, principal, told.state()))
    told.say({ kind: "answer", partstat: "ACCEPTED", key });
  return isFree(find(told.state(), "FREE")) ? told.outcome() : conflict(uid);
}

/**
 * Holds to the same what whoever looks after a room has done by hand, before it is kept: of a series they accepted, Instances that are taken
 * are declined; anything else that would book the room twice is `rejected`.
 */
export async function checkBooking(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uid: string,
  outcome: Applied,
): Promise<Applied | Refused> {
  if (!principal.booking) return outcome;
  const { addresses } = contextFor(house, principal);
  const further = outcome.further ?? [];
  const uids = [uid, ...further.flatMap(({ object }) => object?.uid ?? [])];
  for (const state of further) {
    const find = await prepareObstacles(house, transaction, principal, uids, state);
    if (!isFree(find(state, "FREE"))) return conflict(uid);
  }
  const { state } = outcome;
  if (!state.object || !isBooking(state, addresses)) return outcome;
  const find = await prepareObstacles(house, transaction, principal, uids, state);
  const found = find(state, "FREE");
  if (isFree(found)) return outcome;
  const isWhole = found.isBeyond || found.conflicts.length > maxAnsweredAlone || isAllTaken(found);
  if (isWhole || isOrganizedBy(state.object, addresses)) return conflict(uid);
  const declined = declineConflicts(house, principal, uid, state, find);
  if (declined?.kind !== "applied") return declined ?? outcome;
  return {
    ...outcome,
    state: declined.state,
    messages: [...outcome.messages, ...declined.messages],
    changes: [...outcome.changes, ...declined.changes],
  };
}

function isFree({ conflicts, isBeyond }: Obstacles): boolean {
  return conflicts.length === 0 && !isBeyond;
}

function isAllTaken({ conflicts, taken }: Obstacles): boolean {
  return taken > 0 && conflicts.length === taken;
}

function declineWhole(
  house: House,
  principal: Principal,
  uid: string,
  state: SchedulingState,
  { found, find }: { readonly found: Obstacles; readonly find: FindObstacles },
): Applied | Refused | undefined {
  const told = makeTeller(house, principal, state);
  told.say({ kind: "answer", partstat: "DECLINED", ...commentOf(whyNot(house, principal, found)) });
  // An Instance that was accepted by itself is not given back by what is said of the whole.
  for (const one of find(told.state(), "FREE").conflicts) told.say(declineOne(house, principal, one));
  return isFree(find(told.state(), "FREE")) ? told.outcome() : conflict(uid);
}

function declineConflicts(
  house: House,
  principal: Principal,
  uid: string,
  state: SchedulingState,
  find: FindObstacles,
): Applied | Refused | undefined {
  const told = makeTeller(house, principal, state);
  for (const one of find(state, "FREE").conflicts) told.say(declineOne(house, principal, one));
  return isFree(find(told.state(), "FREE")) ? told.outcome() : conflict(uid);
}

type Answer = Extract<Action, { kind: "answer" }>;

/** Says one answer after the other, and gives them as one outcome. At most `maxAnsweredAlone` and a few. */
function makeTeller(house: House, principal: Principal, start: SchedulingState) {
  const context = contextFor(house, principal);
  const said: Applied[] = [];
  const state = () => said.at(-1)?.state ?? start;
  return {
    state,
    say: (answer: Answer): void => {
      const outcome = said.length > 2 * maxAnsweredAlone ? undefined : act(state(), answer, context);
      if (outcome?.kind === "applied") said.push(outcome);
    },
    outcome: (): Applied | undefined => {
      const last = said.at(-1);
      if (!last) return undefined;
      return {
        ...last,
        messages: said.flatMap(({ messages }) => messages),
        changes: said.flatMap(({ changes }) => changes),
      };
    },
  };
}

/** What has not been answered, as its time is now, and takes place: the whole before single Instances. */
function pendingKeys(house: House, principal: Principal, state: SchedulingState): readonly string[] {
  const context = contextFor(house, principal);
  const components = state.object ? objectComponents(state.object) : [];
  const pending = components.filter(
    (component) =>
      !isCancelled(state, component) &&
      currentAnswer(state, component, invitedAs(component, context)).partstat === "NEEDS-ACTION",
  );
  return pending.slice(0, maxAnsweredAlone).map(({ key }) => key);
}

/** The key of what an answer without one is for. */
function wholeKey(state: SchedulingState): string {
  return state.object ? leadingLive(state, state.object).key : masterKey;
}

function declineOne(house: House, principal: Principal, { instance, busy }: Conflict): Answer {
  const comment = `Taken: ${timeOf(house, principal, busy)}`;
  return { kind: "answer", partstat: "DECLINED", comment, ...(instance.key !== masterKey && { key: instance.key }) };
}

function whyNot(house: House, principal: Principal, { conflicts, taken, isBeyond }: Obstacles): string {
  if (isBeyond) {
    const last = timeOf(house, principal, { from: house.clock() + bookingHorizonSeconds });
    return `Bookings are taken until ${last}, and this goes on after that`;
  }
  const dates = conflicts.map(({ busy }) => busy);
  if (taken === 1) return `Taken: ${timesOf(house, principal, dates)}`;
  const how = conflicts.length === taken ? "All dates are taken" : `${conflicts.length} of ${taken} dates are taken`;
  return `${how}: ${timesOf(house, principal, dates)}`;
}

function butFor(house: House, principal: Principal, { conflicts }: Obstacles): string | undefined {
  if (conflicts.length === 0) return undefined;
  const dates = conflicts.map(({ instance }) => instance);
  return `Accepted, but not for the dates that are taken: ${timesOf(house, principal, dates)}`;
}

function commentOf(comment: string | undefined): { readonly comment?: string } {
  return comment === undefined ? {} : { comment };
}

interface Times {
  readonly from: number;
  readonly to?: number;
}

function timesOf(house: House, principal: Principal, times: readonly Times[]): string {
  const said = times.slice(0, maxDatesInComment).map((one) => timeOf(house, principal, one));
  const more = times.length - said.length;
  return [...said, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

/** Says when, and nothing else: whose the time is is nobody's business. */
function timeOf(house: House, principal: Principal, { from, to = from }: Times): string {
  const zones = makeZoneResolver([], house.zones, house.limits);
  const [start, end] = [from, to].map((wall) => ({ kind: "utc", wall }) as const);
  return start && end ? spanInWords({ start, end }, zones, zoneOf(house, principal)) : "";
}

/** Says that a time or a UID is taken, RFC 5546 §3.6.24: what is there stays. */
export function conflict(uid: string): Refused {
  const status = { code: [4, 0], description: "Event conflict", exception: `UID:${uid}` } as const;
  return { kind: "rejected", rule: "RFC 5546 §3.6.24", status, violations: [] };
}
