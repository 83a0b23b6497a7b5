import type { CalendarUserAddress } from "@parley/engine";
import type { Owner } from "./people.ts";
import type { Delegation, DelegationScope, PrincipalId } from "./store.ts";
import type { Database } from "./tables.ts";

/** Finds what somebody lets somebody else do for them. */
export async function readScope(
  db: Database,
  owner: PrincipalId,
  delegate: PrincipalId,
): Promise<DelegationScope | undefined> {
  const row = await db
    .selectFrom("delegations")
    .select("scope")
    .where("owner_id", "=", Number(owner))
    .where("delegate_id", "=", Number(delegate))
    .executeTakeFirst();
  return row?.scope;
}

/** Lists whom somebody lets act for them. */
export async function listDelegations(db: Database, owner: PrincipalId): Promise<readonly Delegation[]> {
  const rows = await db
    .selectFrom("delegations")
    .select(["delegate_id", "scope"])
    .where("owner_id", "=", Number(owner))
    .orderBy("delegate_id")
    .execute();
  return rows.map(({ delegate_id, scope }) => ({ delegate: String(delegate_id), scope }));
}

const maxOwners = 1_000;

/** Lists who lets somebody act for them. */
export async function listOwners(db: Database, delegate: PrincipalId): Promise<readonly Owner[]> {
  const rows = await db
    .selectFrom("delegations")
    .innerJoin("principals", "principals.id", "delegations.owner_id")
    .select(["owner_id", "address", "scope"])
    .where("delegate_id", "=", Number(delegate))
    .orderBy("owner_id")
    .limit(maxOwners)
    .execute();
  return rows.map(({ owner_id, address, scope }) => ({
    owner: String(owner_id),
    address: address as CalendarUserAddress,
    scope,
  }));
}

/** Lets somebody act for somebody else, in place of what they could before; `undefined` takes it back. */
export async function writeScope(
  db: Database,
  owner: PrincipalId,
  delegate: PrincipalId,
  scope: DelegationScope | undefined,
): Promise<void> {
  if (scope) {
    await db
      .insertInto("delegations")
      .values({ owner_id: Number(owner), delegate_id: Number(delegate), scope })
      .onConflict((conflict) => conflict.columns(["owner_id", "delegate_id"]).doUpdateSet({ scope }))
      .execute();
    return;
  }
  await db
    .deleteFrom("delegations")
    .where("owner_id", "=", Number(owner))
    .where("delegate_id", "=", Number(delegate))
    .execute();
}
