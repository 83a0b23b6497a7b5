import {
  type CalendarUserAddress,
  currentAnswer,
  leadingComponent,
  objectComponents,
  organizerOf,
  type SchedulingState,
} from "@parley/engine";
import { type BusyOptions, busyDuring, busyPeriods, type TakenInstance, takenInstances } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import type { Principal, Transaction } from "../store/store.ts";
import { busyOptions } from "./busy-index.ts";
import type { House } from "./house.ts";

/** How far ahead a room is booked: what goes on after that could not be seen to the end, nor be kept free of others. Decision 0028. */
export const bookingHorizonSeconds = 3 * 366 * 86_400;
/** Objects of a room that one booking is compared with; a room with more of them at that time takes none. */
const maxObjectsCompared = 10_000;
/** Rows of the index they are found by. */
const maxRowsCompared = 100_000;

/** An Instance, and the first part of it that others have. */
export interface Conflict {
  readonly instance: TakenInstance;
  readonly busy: InstantRange;
}

/** What is in the way of a booking. */
export interface Obstacles {
  /** Instances still to come that take the room's time. */
  readonly taken: number;
  readonly conflicts: readonly Conflict[];
  /** It goes on after the horizon, or there is more than can be looked at. */
  readonly isBeyond: boolean;
}

/** Finds what is in the way of one state of an object; all of them are compared with the same time of others. */
export type FindObstacles = (state: SchedulingState, unanswered: "BUSY" | "FREE") => Obstacles;

/**
 * Prepares the search for what is in the way of an object of a room, in states that have its Instances. It holds the room's lock to the
 * end of the transaction, so that nobody books meanwhile (decision 0026). What others ask for and is not answered takes no time yet.
 */
export async function prepareObstacles(
  house: House,
  transaction: Transaction,
  principal: Principal,
  uids: readonly string[],
  state: SchedulingState,
): Promise<FindObstacles> {
  const now = house.clock();
  const range = { from: now, to: now + bookingHorizonSeconds };
  const base = busyOptions(house, principal);
  const all = takenInstances(state, range, { ...base, unanswered: "BUSY" });
  const span = {
    from: all.instances.reduce((least, { from }) => Math.min(least, from), range.to),
    to: all.instances.reduce((most, { to }) => Math.max(most, to), now),
  };
  // What is not answered yet takes time in the index, so that no object which takes any is left out.
  const near = await transaction.busy.inRange([principal.id], span, maxRowsCompared);
  const ids = [...new Set([...near.rows, ...near.uncovered].map(({ object }) => object))];
  const isTooMuch = near.isCut || ids.length > maxObjectsCompared;
  const stored = isTooMuch ? [] : await transaction.objects.byIds(principal.id, ids);
  const others = stored.filter((one) => !uids.includes(one.uid) && isBooking(one.state, base.addresses));
  const busy = busyPeriods(
    others.map((one) => one.state),
    span,
    { ...base, unanswered: "FREE" },
  );
  const isUnsure = all.isIncomplete || busy.isIncomplete || isTooMuch;
  return (next, unanswered) => {
    const options = { ...base, unanswered };
    const { instances } = takenInstances(next, range, options);
    const conflicts = instances.flatMap((instance) => {
      const met = busyDuring(busy.periods, instance);
      if (!met) return [];
      return [{ instance, busy: { from: Math.max(met.from, instance.from), to: Math.min(met.to, instance.to) } }];
    });
    const isBeyond = (isUnsure && instances.length > 0) || goesOn(next, range.to, options);
    return { taken: instances.length, conflicts, isBeyond };
  };
}

/** Tells whether the owner of the addresses takes part in an object, or organizes it. What is merely published is neither. */
export function isBooking({ object }: SchedulingState, addresses: BusyOptions["addresses"]): boolean {
  if (!object) return false;
  if (isOrganizedBy(object, addresses)) return true;
  return objectComponents(object).some(({ attendees }) => [...addresses].some((address) => attendees.has(address)));
}

/** Tells whether the owner of the addresses organizes an object, or has it without anybody else. */
export function isOrganizedBy(
  object: NonNullable<SchedulingState["object"]>,
  addresses: ReadonlySet<CalendarUserAddress>,
): boolean {
  const organizer = organizerOf(object);
  return !organizer || addresses.has(organizer.address);
}

/** Whether Instances take the room's time after the horizon; what was declined as a whole has none, however long it goes on. */
function goesOn(state: SchedulingState, horizon: number, options: BusyOptions): boolean {
  if (!state.object) return false;
  const leading = leadingComponent(state.object);
  const isDeclined = [...options.addresses].some(
    (address) => currentAnswer(state, leading, address).partstat === "DECLINED",
  );
  const bounded = { ...options, limits: { ...options.limits, maxInstances: 100 } };
  const after = takenInstances(state, { from: horizon, to: Number.POSITIVE_INFINITY }, bounded);
  return after.instances.length > 0 || (after.isIncomplete && !isDeclined);
}
