import type { Principal, ReadTransaction } from "../store/store.ts";
import type { Relations } from "./node.ts";

/** Finds who acts for whom, and what a principal is a member of. Who may only see busy times acts for nobody. */
export async function loadRelations({ principals }: ReadTransaction, own: Principal): Promise<Relations> {
  const found = async (id: string): Promise<readonly Principal[]> => {
    const principal = await principals.byId(id);
    return principal ? [principal] : [];
  };
  const [readFor, writeFor]: [Principal[], Principal[]] = [[], []];
  for (const { owner, scope } of await principals.ownersFor(own.id)) {
    if (scope === "organize" || scope === "respond") writeFor.push(...(await found(owner)));
    else if (scope === "read") readFor.push(...(await found(owner)));
  }
  const [readers, writers]: [Principal[], Principal[]] = [[], []];
  for (const { delegate, scope } of await principals.delegations(own.id)) {
    if (scope === "organize" || scope === "respond") writers.push(...(await found(delegate)));
    else if (scope === "read") readers.push(...(await found(delegate)));
  }
  const groups = await principals.byAddresses(own.groups);
  const memberOf = [...groups.values()];
  // A group's calendar is all its members'.
  writeFor.push(...memberOf);
  const members = own.kind === "group" ? await principals.members(own.id) : [];
  return { readFor, writeFor, readers, writers, members, memberOf };
}
