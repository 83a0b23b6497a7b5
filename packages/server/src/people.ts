import { parseAddress } from "@parley/engine";
import type { NewPrincipal, Principal, Store } from "./store/store.ts";

/** Somebody to be given a calendar. */
export interface NewPerson {
  readonly name: string;
  /** The first is the one they write from. */
  readonly addresses: readonly string[];
  /** IANA name. */
  readonly timezone: string;
  /** The language they read, such as `de-AT`. */
  readonly locale?: string;
}

/** What is given a calendar, its addresses as they were written: a person where no kind is named. */
export type NewAccount = NewPerson & Pick<NewPrincipal, "kind" | "booking">;

/** Adds a person with a calendar; throws with a sentence for the operator where an address is wrong or taken. */
export function addPerson(store: Store, { name, addresses, timezone, locale }: NewPerson): Promise<Principal> {
  return addAccount(store, { name, addresses, timezone, ...(locale !== undefined && { locale }) });
}

/** Adds a person, group, room or resource; throws with a sentence for the operator where an address is wrong or taken. */
export async function addAccount(store: Store, account: NewAccount): Promise<Principal> {
  const addresses = account.addresses.map((text) => {
    const address = parseAddress(text);
    if (!address) throw new Error(`${JSON.stringify(text)} is not a mail address`);
    return address;
  });
  const address = addresses[0];
  if (!address) throw new Error(`a ${account.kind ?? "person"} needs an address`);
  return store.write(async (transaction) => {
    for (const taken of addresses) {
      const owner = await transaction.principals.byAddress(taken);
      if (owner) throw new Error(`${taken} is ${owner.name}'s already`);
    }
    return transaction.principals.add({ ...account, address, addresses });
  });
}
