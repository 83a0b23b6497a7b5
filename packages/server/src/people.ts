import { parseAddress } from "@parley/engine";
import type { Principal, Store } from "./store/store.ts";

/** Somebody to be given a calendar. */
export interface NewPerson {
  readonly name: string;
  /** The first is the one they write from. */
  readonly addresses: readonly string[];
  /** IANA name. */
  readonly timezone: string;
}

/** Adds a person with a calendar; throws with a sentence for the operator where an address is wrong or taken. */
export async function addPerson(store: Store, person: NewPerson): Promise<Principal> {
  const addresses = person.addresses.map((text) => {
    const address = parseAddress(text);
    if (!address) throw new Error(`${JSON.stringify(text)} is not a mail address`);
    return address;
  });
  const address = addresses[0];
  if (!address) throw new Error("a person needs an address");
  return store.write(async (transaction) => {
    for (const taken of addresses) {
      const owner = await transaction.principals.byAddress(taken);
      if (owner) throw new Error(`${taken} is ${owner.name}'s already`);
    }
    return transaction.principals.add({ name: person.name, address, addresses, timezone: person.timezone });
  });
}
