import type { Principal, ReadTransaction } from "../store/store.ts";
import type { Relations } from "./node.ts";

/** Finds who acts for whom, and what a principal is a member of. Who may only see busy times acts for nobody. */
export async function loadRelations({ principals }: ReadTransaction, own: Principal): Promise<Relations> {
  const [owners, delegates] = [await principals.ownersFor(own.id), await principals.delegations(own.id)];
  const known = await principals.byIds([
    ...owners.map(({ owner }) => owner),
    ...delegates.map(({ delegate }) => delegate),
  ]);
  const [readFor, writeFor]: [Principal[], Principal[]] = [[], []];
  for (const { owner, scope } of owners) {
    const principal = known.get(owner);
    if (principal && (scope === "organize" || scope === "respond")) writeFor.push(principal);
    else if (principal && scope === "read") readFor.push(principal);
  }
  const [readers, writers]: [Principal[], Principal[]] = [[], []];
  for (const { delegate, scope } of delegates) {
    const principal = known.get(delegate);
    if (principal && (scope === "organize" || scope === "respond")) writers.push(principal);
    else if (principal && scope === "read") readers.push(principal);
  }
  const groups = await principals.byAddresses(own.groups);
  const memberOf = [...groups.values()];
  // A group's calendar is all its members'.
  writeFor.push(...memberOf);
  const members = own.kind === "group" ? await principals.members(own.id) : [];
  return { readFor, writeFor, readers, writers, members, memberOf };
}
