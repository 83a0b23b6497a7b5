import { parseAddress } from "@parley/engine";
import type { BusyTime } from "@parley/engine/freebusy";
import type { InstantRange } from "@parley/engine/recurrence";
import { maySeeBusy } from "../auth/may-see-busy.ts";
import { readBusyTimes } from "../scheduling/free-busy.ts";
import { isLocal } from "../scheduling/house.ts";
import { readToldTimes, type ToldTime } from "../scheduling/told-busy.ts";
import type { Principal, ReadTransaction } from "../store/store.ts";
import type { ApiWorld } from "./options.ts";
import { Refusal } from "./problem.ts";
import { parseIsoTime } from "./times.ts";

/** Reads a range of time as a request names it; refuses one that is none, or longer than that. */
export function readRange(from: string, to: string, maxDays: number): InstantRange {
  const [start, end] = [parseIsoTime(from), parseIsoTime(to)];
  if (start?.kind !== "utc") throw new Refusal("invalid", "from: is no time that exists.");
  if (end?.kind !== "utc") throw new Refusal("invalid", "to: is no time that exists.");
  if (end.wall <= start.wall) throw new Refusal("invalid", "to: must be after from.");
  if (end.wall - start.wall > maxDays * 86_400) {
    throw new Refusal("invalid", `to: must be within ${maxDays} days of from.`);
  }
  return { from: start.wall, to: end.wall };
}

/**
 * Finds when people are busy, by the texts they are asked for by: of people here whom the caller may see (decision 0029), of people elsewhere
 * what they told the caller by mail (decision 0040). All others are absent.
 */
export async function visibleTimes(
  { house, freeBusy }: ApiWorld,
  transaction: ReadTransaction,
  caller: Principal | undefined,
  asked: readonly string[],
  range: InstantRange,
): Promise<ReadonlyMap<string, BusyTime | ToldTime>> {
  const addresses = new Map(asked.map((text) => [text, parseAddress(text)]));
  const all = [...new Set([...addresses.values()].filter((address) => address !== undefined))];
  const owners = await transaction.principals.byAddresses(all);
  const seen = new Map<string, Principal>();
  for (const owner of new Set(owners.values())) {
    if (!seen.has(owner.id) && (await maySeeBusy(freeBusy, transaction, caller, owner))) seen.set(owner.id, owner);
  }
  const principals = [...seen.values()];
  const times = await readBusyTimes(house, transaction, principals, range);
  const known = new Map(principals.map(({ id }, index) => [id, times[index]]));
  const elsewhere = all.filter((address) => !owners.has(address) && !isLocal(house, address));
  const told = caller && (await readToldTimes(house, transaction, caller, elsewhere, range));
  return new Map(
    asked.flatMap((text) => {
      const address = addresses.get(text);
      const time = address && (known.get(owners.get(address)?.id ?? "") ?? told?.get(address));
      return time ? [[text, time] as const] : [];
    }),
  );
}
