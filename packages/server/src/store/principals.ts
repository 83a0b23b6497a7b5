import type { CalendarUserAddress } from "@parley/engine";
import type { Selectable } from "kysely";
import { chunksOf, rowId } from "./keys.ts";
import type { Principal, PrincipalId, Principals, ReadPrincipals } from "./store.ts";
import type { Database, PrincipalRow } from "./tables.ts";

/** Reads principals. */
export function readPrincipals(db: Database): ReadPrincipals {
  const byRow = async (id: number | undefined): Promise<Principal | undefined> => {
    if (id === undefined) return undefined;
    const row = await db.selectFrom("principals").selectAll().where("id", "=", id).executeTakeFirst();
    return row && (await withAddresses(db, [row]))[0];
  };
  return {
    byId: (id) => byRow(rowId(id)),
    byAddress: async (address) => {
      const owner = await db
        .selectFrom("addresses")
        .select("principal_id")
        .where("address", "=", address)
        .executeTakeFirst();
      return byRow(owner?.principal_id);
    },
    list: async () =>
      withAddresses(db, await db.selectFrom("principals").selectAll().orderBy("name").orderBy("id").execute()),
    passwordHash: async (id) => {
      const row = await db
        .selectFrom("credentials")
        .select("password_hash")
        .where("principal_id", "=", Number(id))
        .executeTakeFirst();
      return row?.password_hash;
    },
    isCorrespondent: async (id, address) => {
      const row = await db
        .selectFrom("correspondents")
        .select("since")
        .where("principal_id", "=", Number(id))
        .where("address", "=", address)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/** Reads and writes principals. */
export function writePrincipals(db: Database): Principals {
  return {
    ...readPrincipals(db),
    add: (principal) => addPrincipal(db, principal),
    setPasswordHash: async (id, hash) => {
      await db
        .insertInto("credentials")
        .values({ principal_id: Number(id), password_hash: hash })
        .onConflict((conflict) => conflict.column("principal_id").doUpdateSet({ password_hash: hash }))
        .execute();
    },
    addCorrespondents: async (id, addresses, now) => {
      const rows = [...new Set(addresses)].map((address) => ({ principal_id: Number(id), address, since: now }));
      for (const values of chunksOf(rows, 100)) {
        await db
          .insertInto("correspondents")
          .values(values)
          .onConflict((conflict) => conflict.columns(["principal_id", "address"]).doNothing())
          .execute();
      }
    },
  };
}

async function addPrincipal(db: Database, principal: Omit<Principal, "id">): Promise<Principal> {
  const addresses = [...new Set([principal.address, ...principal.addresses])];
  const taken = await db.selectFrom("addresses").select("address").where("address", "in", addresses).executeTakeFirst();
  if (taken) throw new Error(`the address ${taken.address} belongs to another principal`);
  const { id } = await db
    .insertInto("principals")
    .values({ name: principal.name, address: principal.address, timezone: principal.timezone })
    .returning("id")
    .executeTakeFirstOrThrow();
  await db
    .insertInto("addresses")
    .values(addresses.map((address, position) => ({ address, principal_id: id, position })))
    .execute();
  await db.insertInto("calendars").values({ principal_id: id, name: "Calendar" }).execute();
  return { ...principal, id: String(id), addresses };
}

async function withAddresses(db: Database, rows: readonly Selectable<PrincipalRow>[]): Promise<readonly Principal[]> {
  const addresses = new Map<PrincipalId, CalendarUserAddress[]>();
  for (const chunk of chunksOf(rows, 500)) {
    const found = await db
      .selectFrom("addresses")
      .select(["principal_id", "address"])
      .where(
        "principal_id",
        "in",
        chunk.map((row) => row.id),
      )
      .orderBy("principal_id")
      .orderBy("position")
      .execute();
    for (const { principal_id, address } of found) {
      const known = addresses.get(String(principal_id)) ?? [];
      addresses.set(String(principal_id), [...known, address as CalendarUserAddress]);
    }
  }
  return rows.map((row) => ({
    id: String(row.id),
    name: row.name,
    address: row.address as CalendarUserAddress,
    addresses: addresses.get(String(row.id)) ?? [],
    timezone: row.timezone,
  }));
}
