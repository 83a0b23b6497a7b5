import type { CalendarUserAddress } from "@parley/engine";
import type { BusyPeriod, BusyType } from "@parley/engine/freebusy";
import { type Selectable, sql } from "kysely";
import type { KnownBusy, ReadKnownBusy, ToldBusy } from "./busy-told.ts";
import { chunksOf, indexKey } from "./keys.ts";
import type { Database } from "./tables.ts";
import type { KnownBusyRow } from "./tables-links.ts";

/** Reports of one person that one principal keeps. */
const maxOfPerson = 50;
const addressesAtOnce = 100;

/** Reads what was told. */
export function readKnownBusy(db: Database): ReadKnownBusy {
  return {
    told: async (principal, addresses, { from, to }, now) => {
      const told = new Map<CalendarUserAddress, ToldBusy[]>();
      for (const some of chunksOf(addresses, addressesAtOnce)) {
        const rows = db
          .selectFrom("known_busy")
          .selectAll()
          .where("principal_id", "=", Number(principal))
          .where("address", "in", some)
          .where("starts", "<", to)
          .where("ends", ">", from)
          .where("expires", ">", now);
        for (const row of await rows.execute()) {
          const one = toTold(row);
          const all = told.get(one.address);
          if (all) all.push(one);
          else told.set(one.address, [one]);
        }
      }
      return told;
    },
  };
}

function toTold(row: Selectable<KnownBusyRow>): ToldBusy {
  const periods = JSON.parse(row.periods) as readonly (readonly [number, number, BusyType])[];
  return {
    address: row.address as CalendarUserAddress,
    uid: row.uid,
    dtstamp: row.dtstamp,
    range: { from: row.starts, to: row.ends },
    periods: periods.map(([from, to, type]): BusyPeriod => ({ from, to, type })),
    toldAt: row.told_at,
  };
}

/** Reads and writes what was told, who was asked, and who asked. */
export function writeKnownBusy(db: Database): KnownBusy {
  return {
    ...readKnownBusy(db),
    remember: async (principal, { address, uid, dtstamp, range, periods, toldAt }, expires) => {
      const kept = JSON.stringify(periods.map(({ from, to, type }) => [from, to, type]));
      const values = { uid, ends: range.to, dtstamp, periods: kept, told_at: toldAt, expires };
      await db
        .insertInto("known_busy")
        .values({
          ...{ principal_id: Number(principal), address, uid_key: indexKey(uid), starts: range.from },
          ...values,
        })
        .onConflict((conflict) =>
          conflict
            .columns(["principal_id", "address", "uid_key", "starts"])
            .doUpdateSet(values)
            .where("known_busy.dtstamp", "<=", dtstamp),
        )
        .execute();
      await forgetOldest(db, Number(principal), address);
    },
    ...countAsking(db),
    countQuestion: async (principal, asker, now, windowSeconds) => {
      const principal_id = Number(principal);
      const isOver = sql<boolean>`busy_questions.since <= ${now - windowSeconds}`;
      const row = await db
        .insertInto("busy_questions")
        .values({ principal_id, asker, since: now, count: 1 })
        .onConflict((conflict) =>
          conflict.columns(["principal_id", "asker"]).doUpdateSet({
            count: sql<number>`case when ${isOver} then 1 else busy_questions.count + 1 end`,
            since: sql<number>`case when ${isOver} then ${now} else busy_questions.since end`,
          }),
        )
        .returning("count")
        .executeTakeFirstOrThrow();
      return row.count;
    },
    removeExpired: async (now, before, limit) => {
      const removed = [
        await sql`delete from known_busy where (principal_id, address, uid_key, starts) in
          (select principal_id, address, uid_key, starts from known_busy where expires <= ${now} limit ${limit})`.execute(
          db,
        ),
        await sql`delete from busy_asked where (principal_id, address, starts, ends) in
          (select principal_id, address, starts, ends from busy_asked where at < ${before} limit ${limit})`.execute(db),
        await sql`delete from busy_questions where (principal_id, asker) in
          (select principal_id, asker from busy_questions where since < ${before} limit ${limit})`.execute(db),
      ];
      return removed.reduce((sum, { numAffectedRows }) => sum + Number(numAffectedRows ?? 0), 0);
    },
  };
}

function countAsking(db: Database): Pick<KnownBusy, "wasAsked" | "noteAsked" | "countAsked"> {
  return {
    wasAsked: async (principal, address, { from, to }, since) => {
      const row = await db
        .selectFrom("busy_asked")
        .select("at")
        .where("principal_id", "=", Number(principal))
        .where("address", "=", address)
        .where("starts", "<=", from)
        .where("ends", ">=", to)
        .where("at", ">", since)
        .executeTakeFirst();
      return row !== undefined;
    },
    noteAsked: async (principal, address, { from, to }, at) => {
      await db
        .insertInto("busy_asked")
        .values({ principal_id: Number(principal), address, starts: from, ends: to, at })
        .onConflict((conflict) => conflict.columns(["principal_id", "address", "starts", "ends"]).doUpdateSet({ at }))
        .execute();
    },
    countAsked: async (principal, since) => {
      const row = await db
        .selectFrom("busy_asked")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .where("principal_id", "=", Number(principal))
        .where("at", ">", since)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
  };
}

async function forgetOldest(db: Database, principal: number, address: string): Promise<void> {
  const own = db
    .selectFrom("known_busy")
    .select(["uid_key", "starts"])
    .where("principal_id", "=", principal)
    .where("address", "=", address);
  const rows = await own.orderBy("told_at", "desc").orderBy("uid_key").orderBy("starts").execute();
  for (const { uid_key, starts } of rows.slice(maxOfPerson)) {
    await db
      .deleteFrom("known_busy")
      .where("principal_id", "=", principal)
      .where("address", "=", address)
      .where("uid_key", "=", uid_key)
      .where("starts", "=", starts)
      .execute();
  }
}
