import { type BusyTime, busyPeriods, clipBusyPeriods, mergeBusyPeriods } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import type { ObjectOfPrincipal } from "../store/busy-time.ts";
import type { Principal, PrincipalId, ReadTransaction } from "../store/store.ts";
import { busyOptions } from "./busy-index.ts";
import type { House } from "./house.ts";

/** Rows of the index looked at for one question, and objects it does not cover; beyond them the answer is incomplete. */
const maxRows = 500_000;

/**
 * Tells when principals are busy in a range, as `busyPeriods` does (decision 0022), in their order: one look into the index, and what the index
 * does not cover is expanded.
 */
export async function readBusyTimes(
  house: House,
  { busy, objects }: ReadTransaction,
  principals: readonly Principal[],
  range: InstantRange,
): Promise<readonly BusyTime[]> {
  const { rows, uncovered, isCut } = await busy.inRange(
    principals.map(({ id }) => id),
    range,
    maxRows,
  );
  const known = byPrincipal(rows);
  const open = byPrincipal(uncovered);
  const times: BusyTime[] = [];
  for (const principal of principals) {
    const ids = (open.get(principal.id) ?? []).map(({ object }) => object);
    const stored = ids.length > 0 ? await objects.byIds(principal.id, ids) : [];
    const states = stored.map(({ state }) => state);
    const rest = busyPeriods(states, range, busyOptions(house, principal));
    const periods = [...(known.get(principal.id) ?? []), ...rest.periods];
    times.push({
      periods: mergeBusyPeriods(clipBusyPeriods(periods, range)),
      isIncomplete: isCut || rest.isIncomplete,
    });
  }
  return times;
}

function byPrincipal<Row extends ObjectOfPrincipal>(rows: readonly Row[]): ReadonlyMap<PrincipalId, readonly Row[]> {
  const groups = new Map<PrincipalId, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.principal);
    if (group) group.push(row);
    else groups.set(row.principal, [row]);
  }
  return groups;
}
