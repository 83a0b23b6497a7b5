import type { CalendarUserAddress } from "@parley/engine";
import { scopeIn } from "../auth/authorize.ts";
import type { Calendar } from "../store/calendars.ts";
import type { Principal, ReadTransaction } from "../store/store.ts";

/**
 * How far a caller gets: their own; all that an owner does, be it in one calendar that is shared with them (`write`), or for them
 * everywhere (`organize`); answering; reading.
 */
export type Access = "own" | "organize" | "write" | "respond" | "read";

/** Finds whose an address is. The caller themself was looked up a moment before, when they signed in. */
export async function principalOf(
  { principals }: ReadTransaction,
  caller: Principal,
  address: CalendarUserAddress,
): Promise<Principal | undefined> {
  return caller.addresses.includes(address) ? caller : principals.byAddress(address);
}

/** Finds how far a caller gets in all that is an owner's; `undefined` where they may not even know of it. */
export async function accessTo(
  transaction: ReadTransaction,
  caller: Principal,
  owner: Principal,
): Promise<Access | undefined> {
  if (caller.id === owner.id) return "own";
  const scope = await scopeIn(transaction, caller, owner);
  return scope === "freebusy" ? undefined : scope;
}

/** Finds how far a caller gets in one calendar, where `general` says how far they get in all of the owner's. */
export async function accessToCalendar(
  { calendars }: ReadTransaction,
  caller: Principal,
  calendar: Calendar,
  general: Access | undefined,
): Promise<Access | undefined> {
  if (general === "own" || general === "organize") return general;
  const share = await calendars.shareOf(calendar.id, caller.id);
  return share === "write" ? "write" : (general ?? share);
}

/** Tells whether a caller may change what belongs to a calendar itself: its properties, and that it is there. */
export function mayManage(access: Access): boolean {
  return access === "own" || access === "organize";
}
