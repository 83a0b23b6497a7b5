import type { CalendarId, DelegationScope, Principal, PrincipalId, ReadTransaction } from "../store/store.ts";

/** What the scopes allow: each all that those before it do. */
export const delegationScopes: readonly DelegationScope[] = ["freebusy", "read", "respond", "organize"];

/**
 * Tells whether somebody may do something in the calendars of an owner: in their own, in those of a group they are a member of, and as far
 * as the owner has delegated it to them; in one calendar also as far as that is shared with them. Decision 0038.
 */
export async function authorize(
  transaction: ReadTransaction,
  principal: Principal,
  owner: Principal,
  action: DelegationScope,
  calendar?: CalendarId,
): Promise<boolean> {
  return allows(await scopeIn(transaction, principal, owner, calendar), action);
}

/** Tells whether a scope allows what takes another. */
export function allows(scope: DelegationScope | undefined, action: DelegationScope): boolean {
  return scope !== undefined && delegationScopes.indexOf(scope) >= delegationScopes.indexOf(action);
}

/** Finds how far somebody may go in the calendars of an owner, or in one of them; `undefined` where they may not even look. */
export async function scopeIn(
  { principals, calendars }: ReadTransaction,
  principal: Principal,
  owner: Principal,
  calendar?: CalendarId,
): Promise<DelegationScope | undefined> {
  if (principal.id === owner.id) return "organize";
  if (owner.kind === "group" && principal.groups.includes(owner.address)) return "organize";
  const scope = await principals.scopeOf(owner.id, principal.id);
  const share = calendar === undefined ? undefined : await calendars.shareOf(calendar, principal.id);
  const shared = share && sharedScopes[share];
  return shared && !allows(scope, shared) ? shared : scope;
}

/** What sharing a calendar lets somebody do in it. */
const sharedScopes = { read: "read", write: "organize" } as const;

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
