import type { Limits } from "@parley/engine";
import { type BusyTime, busyPeriods, clipBusyPeriods, mergeBusyPeriods } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import type { CalendarId, Principal, PrincipalId, ReadTransaction } from "../store/store.ts";
import { availabilitiesOf } from "./availability.ts";
import { busyOptions } from "./busy-index.ts";
import type { House } from "./house.ts";

/** Rows of the index looked at for one question, and objects it does not cover; beyond them the answer is incomplete. */
const maxRows = 500_000;
/** What all are given together who are asked for in one question: objects that are expanded, steps and Instances of their rules. */
const maxExpanded = 5_000;
const maxStepsOfAll = 5_000_000;
const maxInstancesOfAll = 500_000;

/**
 * Tells when principals are busy in a range, as `busyPeriods` does (decision 0022), in their order: one look into the index, and what the index
 * does not cover is expanded. Where one of their calendars is named, of what is in that, also where it takes no time (RFC 4791 §7.10).
 */
export async function readBusyTimes(
  house: House,
  { busy, objects, calendars }: ReadTransaction,
  principals: readonly Principal[],
  range: InstantRange,
  calendar?: CalendarId,
): Promise<readonly BusyTime[]> {
  const { rows, uncovered, isCut } = await busy.inRange(
    principals.map(({ id }) => id),
    range,
    maxRows,
    calendar,
  );
  const known = Map.groupBy(rows, ({ principal }) => principal);
  const open = Map.groupBy(uncovered, ({ principal }) => principal);
  const limits = sharedLimits(house.limits, uncovered.length);
  const isOfAll = calendar === undefined;
  const available = isOfAll ? await availabilitiesOf(house, { calendars }, principals) : new Map<PrincipalId, never>();
  const times: BusyTime[] = [];
  let left = maxExpanded;
  for (const principal of principals) {
    const all = (open.get(principal.id) ?? []).map(({ object }) => object);
    const ids = all.slice(0, left);
    left -= ids.length;
    const stored = ids.length > 0 ? await objects.byIds(principal.id, ids) : [];
    const states = stored.map(({ state }) => state);
    const availabilities = available.get(principal.id) ?? [];
    const rest = busyPeriods(states, range, { ...busyOptions(house, principal), limits, availabilities });
    const periods = [...(known.get(principal.id) ?? []), ...rest.periods];
    times.push({
      periods: mergeBusyPeriods(clipBusyPeriods(periods, range)),
      isIncomplete: isCut || rest.isIncomplete || ids.length < all.length,
    });
  }
  return times;
}

/** Shares what all may take among the objects that are expanded, so that many take no longer than a few do. */
function sharedLimits(limits: Limits, objects: number): Limits {
  const share = (whole: number): number => Math.ceil(whole / Math.max(1, Math.min(objects, maxExpanded)));
  return {
    ...limits,
    maxRecurrenceSteps: Math.min(limits.maxRecurrenceSteps, share(maxStepsOfAll)),
    maxInstances: Math.min(limits.maxInstances, share(maxInstancesOfAll)),
  };
}
