import type { DelegationScope, Principal, PrincipalId, ReadTransaction } from "../store/store.ts";

/** What the scopes allow: each all that those before it do. */
export const delegationScopes: readonly DelegationScope[] = ["freebusy", "read", "respond", "organize"];

/**
 * Tells whether somebody may do something in the calendar of an owner: in their own, in that of a group they are a member of, and as far
 * as the owner has delegated it to them.
 */
export async function authorize(
  transaction: ReadTransaction,
  principal: Principal,
  owner: Principal,
  action: DelegationScope,
): Promise<boolean> {
  if (principal.id === owner.id) return true;
  if (owner.kind === "group" && principal.groups.includes(owner.address)) return true;
  const scope = await transaction.principals.scopeOf(owner.id, principal.id);
  return scope !== undefined && delegationScopes.indexOf(scope) >= delegationScopes.indexOf(action);
}

/** Finds the calendars somebody may read, as `authorize` would say of each: whose they are, and that one's address. */
export async function readableBy(
  { principals }: ReadTransaction,
  principal: Principal,
): Promise<ReadonlyMap<PrincipalId, string>> {
  const readable = new Map<PrincipalId, string>([[principal.id, principal.address]]);
  for (const address of principal.groups) {
    const group = await principals.byAddress(address);
    if (group) readable.set(group.id, group.address);
  }
  for (const { owner, address, scope } of await principals.ownersFor(principal.id)) {
    if (delegationScopes.indexOf(scope) >= delegationScopes.indexOf("read")) readable.set(owner, address);
  }
  return readable;
}
