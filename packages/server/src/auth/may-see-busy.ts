import type { Principal, ReadTransaction } from "../store/store.ts";
import { authorize } from "./authorize.ts";

/** Who may see when people here are busy, beside whom those let: nobody, all who are signed in, anybody. */
export type FreeBusyRule = "nobody" | "people" | "everybody";

/**
 * Tells whether somebody may see when an owner is busy, and so know of them at all: decision 0029. Rooms and resources are for everybody who
 * signs in: what they decline tells the same.
 */
export async function maySeeBusy(
  rule: FreeBusyRule,
  transaction: ReadTransaction,
  caller: Principal | undefined,
  owner: Principal,
): Promise<boolean> {
  if (rule === "everybody") return true;
  if (!caller) return false;
  return rule === "people" || owner.booking !== undefined || authorize(transaction, caller, owner, "freebusy");
}
