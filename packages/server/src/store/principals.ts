import type { CalendarUserAddress } from "@parley/engine";
import type { Selectable } from "kysely";
import { defaultCalendar } from "./calendar-rows.ts";
import { listDelegations, listOwners, readScope, writeScope } from "./delegations.ts";
import { chunksOf, rowId } from "./keys.ts";
import { addMember, groupsOf, reach, removeMember } from "./members.ts";
import { prepared, preparedForMany } from "./prepared.ts";
import type { NewPrincipal, Principal, PrincipalId, Principals, ReadPrincipals } from "./store.ts";
import type { Database, PrincipalRow } from "./tables.ts";

/** Reads principals. */
export function readPrincipals(db: Database): ReadPrincipals {
  const byRow = async (id: number | undefined): Promise<Principal | undefined> => {
    if (id === undefined) return undefined;
    return (await assemble(db, await rowOfId(db, id)))[0];
  };
  return {
    byId: (id) => byRow(rowId(id)),
    byAddress: async (address) => (await assemble(db, await rowOfAddress(db, address)))[0],
    byIds: (ids) => findByIds(db, ids),
    byAddresses: (addresses) => findByAddresses(db, addresses),
    locales: (addresses) => findLocales(db, addresses),
    list: async () =>
      assemble(db, await db.selectFrom("principals").selectAll().orderBy("name").orderBy("id").execute()),
    members: async (group) => {
      const rows = db
        .selectFrom("principals")
        .innerJoin("members", "members.member_id", "principals.id")
        .selectAll("principals")
        .where("members.group_id", "=", Number(group));
      return assemble(db, await rows.orderBy("name").orderBy("id").execute());
    },
    people: async (group) => {
      const ids = [...(await reach(db, Number(group), "down")).ids];
      const rows: Selectable<PrincipalRow>[] = [];
      for (const chunk of chunksOf(ids, 500)) {
        const people = db.selectFrom("principals").selectAll().where("id", "in", chunk).where("kind", "=", "person");
        rows.push(...(await people.orderBy("id").execute()));
      }
      return assemble(db, rows);
    },
    scopeOf: (owner, delegate) => readScope(db, owner, delegate),
    delegations: (owner) => listDelegations(db, owner),
    ownersFor: (delegate) => listOwners(db, delegate),
    passwordHash: async (id) => {
      const [row] = await credentialsOf(db, Number(id));
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
    correspondents: async (id, limit) => {
      const rows = await db
        .selectFrom("correspondents")
        .select("address")
        .where("principal_id", "=", Number(id))
        .orderBy("since", "desc")
        .orderBy("address")
        .limit(limit)
        .execute();
      return rows.map(({ address }) => address as CalendarUserAddress);
    },
  };
}

const rowOfId = prepared((db, id: number) => db.selectFrom("principals").selectAll().where("id", "=", id));

const rowOfAddress = prepared((db, address: CalendarUserAddress) =>
  db
    .selectFrom("principals")
    .innerJoin("addresses", "addresses.principal_id", "principals.id")
    .selectAll("principals")
    .where("addresses.address", "=", address),
);

const credentialsOf = prepared((db, id: number) =>
  db.selectFrom("credentials").select("password_hash").where("principal_id", "=", id),
);

async function findByIds(db: Database, ids: readonly PrincipalId[]): Promise<ReadonlyMap<PrincipalId, Principal>> {
  const found = new Map<PrincipalId, Principal>();
  for (const chunk of chunksOf([...new Set(ids.flatMap((id) => rowId(id) ?? []))], 500)) {
    const rows = await db.selectFrom("principals").selectAll().where("id", "in", chunk).execute();
    for (const principal of await assemble(db, rows)) found.set(principal.id, principal);
  }
  return found;
}

async function findByAddresses(
  db: Database,
  addresses: readonly CalendarUserAddress[],
): Promise<ReadonlyMap<CalendarUserAddress, Principal>> {
  const owners = new Map<CalendarUserAddress, Principal>();
  for (const chunk of chunksOf(addresses, 500)) {
    const found = await db.selectFrom("addresses").selectAll().where("address", "in", chunk).execute();
    const ids = [...new Set(found.map((row) => row.principal_id))];
    const rows = ids.length === 0 ? [] : await db.selectFrom("principals").selectAll().where("id", "in", ids).execute();
    const principals = new Map((await assemble(db, rows)).map((principal) => [principal.id, principal]));
    for (const { address, principal_id } of found) {
      const owner = principals.get(String(principal_id));
      if (owner) owners.set(address as CalendarUserAddress, owner);
    }
  }
  return owners;
}

async function findLocales(
  db: Database,
  addresses: readonly CalendarUserAddress[],
): Promise<ReadonlyMap<CalendarUserAddress, string>> {
  const locales = new Map<CalendarUserAddress, string>();
  for (const chunk of chunksOf(addresses, 500)) {
    const rows = db
      .selectFrom("addresses")
      .innerJoin("principals", "principals.id", "addresses.principal_id")
      .select(["addresses.address", "principals.locale"])
      .where("addresses.address", "in", chunk)
      .where("principals.locale", "is not", null);
    for (const { address, locale } of await rows.execute()) locales.set(address as CalendarUserAddress, locale ?? "");
  }
  return locales;
}

/** Reads and writes principals. */
export function writePrincipals(db: Database): Principals {
  return {
    ...readPrincipals(db),
    add: (principal) => addPrincipal(db, principal),
    addMember: (group, member) => addMember(db, Number(group), Number(member)),
    removeMember: (group, member) => removeMember(db, Number(group), Number(member)),
    delegate: (owner, delegate, scope) => writeScope(db, owner, delegate, scope),
    setLocale: async (id, locale) => {
      await db
        .updateTable("principals")
        .set({ locale: locale ?? null })
        .where("id", "=", Number(id))
        .execute();
    },
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

async function addPrincipal(db: Database, principal: NewPrincipal): Promise<Principal> {
  const { name, address, timezone, locale = null, booking, kind = "person" } = principal;
  const addresses = [...new Set([address, ...principal.addresses])];
  const taken = await db.selectFrom("addresses").select("address").where("address", "in", addresses).executeTakeFirst();
  if (taken) throw new Error(`the address ${taken.address} belongs to another principal`);
  const { id } = await db
    .insertInto("principals")
    .values({
      ...{ kind, name, address, timezone, locale },
      ...{ booking: booking?.policy ?? null, capacity: booking?.capacity ?? null },
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await db
    .insertInto("addresses")
    .values(addresses.map((address, position) => ({ address, principal_id: id, position })))
    .execute();
  await db
    .insertInto("calendars")
    .values({ principal_id: id, name: "Calendar", ...defaultCalendar })
    .execute();
  return { ...principal, kind, id: String(id), addresses, groups: [] };
}

/** Joins rows with what other tables say of them. */
async function assemble(db: Database, rows: readonly Selectable<PrincipalRow>[]): Promise<readonly Principal[]> {
  if (rows.length === 0) return [];
  const addresses = await addressesOf(db, rows);
  const groups = await groupsOf(
    db,
    rows.map((row) => row.id),
  );
  return rows.map(({ id, kind, name, address, timezone, locale, booking, capacity }) => ({
    id: String(id),
    kind,
    name,
    address: address as CalendarUserAddress,
    addresses: addresses.get(String(id)) ?? [],
    timezone,
    ...(locale !== null && { locale }),
    ...(booking && { booking: { policy: booking, ...(capacity !== null && { capacity }) } }),
    groups: groups.get(id) ?? [],
  }));
}

async function addressesOf(
  db: Database,
  rows: readonly Selectable<PrincipalRow>[],
): Promise<ReadonlyMap<PrincipalId, readonly CalendarUserAddress[]>> {
  const addresses = new Map<PrincipalId, CalendarUserAddress[]>();
  const ids = rows.map(({ id }) => id);
  for (const { principal_id, address } of await addressRows(db, ids)) {
    const known = addresses.get(String(principal_id)) ?? [];
    addresses.set(String(principal_id), [...known, address as CalendarUserAddress]);
  }
  return addresses;
}

const addressRows = preparedForMany((db, ids: readonly number[]) =>
  db
    .selectFrom("addresses")
    .select(["principal_id", "address"])
    .where("principal_id", "in", ids)
    .orderBy("principal_id")
    .orderBy("position"),
);
