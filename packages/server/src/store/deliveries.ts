import type { CalendarUserAddress } from "@parley/engine";
import { type ExpressionBuilder, type Selectable, sql } from "kysely";
import { chunksOf, columnText, indexKey, rowId } from "./keys.ts";
import type { LatestDeliveries, LatestDelivery, LatestState } from "./latest-delivery.ts";
import type { Deliveries, Delivery, DeliveryState, ReadDeliveries, Recipients } from "./store.ts";
import type { Database, DeliveryRow, Tables } from "./tables.ts";

/** Claims without an end after which a delivery is given out alone. */
const suspectAfterClaims = 3;

const unfinishedStates: ReadonlySet<DeliveryState> = new Set(["queued", "deferred"]);

/** Reads deliveries. */
export function readDeliveries(db: Database): ReadDeliveries {
  return {
    ofMessage: async (message) => {
      const row = rowId(message);
      if (row === undefined) return [];
      const rows = await db.selectFrom("deliveries").selectAll().where("message", "=", row).orderBy("id").execute();
      return rows.map(toDelivery);
    },
    byMessageId: async (principal, messageId) => {
      const row = await db
        .selectFrom("deliveries")
        .selectAll()
        .where("message_id", "=", messageId)
        .where("principal_id", "=", Number(principal))
        .executeTakeFirst();
      return row && toDelivery(row);
    },
    latestStates: async (principal, uid) => {
      const latest = db
        .selectFrom("deliveries")
        .select((eb) => eb.fn.max("id").as("id"))
        .where("principal_id", "=", Number(principal))
        .where("uid_key", "=", indexKey(uid))
        .where("state", "!=", "superseded")
        .groupBy("recipient");
      const rows = await db.selectFrom("deliveries").select(["recipient", "state"]).where("id", "in", latest).execute();
      return new Map(rows.map((row) => [row.recipient as CalendarUserAddress, row.state as LatestState]));
    },
    latestOf: (...of) => latestOf(db, ...of),
    ...readUnsent(db),
    ...readCounts(db),
    nextDue: async () => {
      const row = await db
        .selectFrom("deliveries as d")
        .select(sql<number | null>`min(case when d.leased_until > d.due then d.leased_until else d.due end)`.as("due"))
        .where("d.finished", "=", 0)
        .where("d.held", "is", null)
        .where(isFirst)
        .executeTakeFirst();
      return row?.due ?? undefined;
    },
  };
}

async function latestOf(
  db: Database,
  ...[principal, uids]: Parameters<ReadDeliveries["latestOf"]>
): Promise<LatestDeliveries> {
  const found = new Map<string, Map<CalendarUserAddress, LatestDelivery>>();
  for (const some of chunksOf(uids, 400)) {
    const latest = db
      .selectFrom("deliveries")
      .select((eb) => eb.fn.max("id").as("id"))
      .where("principal_id", "=", Number(principal))
      .where("uid_key", "in", some.map(indexKey))
      .where("state", "!=", "superseded")
      .groupBy(["uid_key", "recipient"]);
    const rows = db.selectFrom("deliveries").select(["uid", "recipient", "state", "detail"]).where("id", "in", latest);
    for (const { uid, recipient, state, detail } of await rows.execute()) {
      const known = found.get(uid) ?? new Map<CalendarUserAddress, LatestDelivery>();
      known.set(recipient as CalendarUserAddress, { state: state as LatestState, detail });
      found.set(uid, known);
    }
  }
  return found;
}

function readUnsent(db: Database): Pick<ReadDeliveries, "unsent" | "reached"> {
  return {
    unsent: async (principal, uid, now) => {
      const rows = await db
        .selectFrom("deliveries")
        .selectAll()
        .where("principal_id", "=", Number(principal))
        .where("uid_key", "=", indexKey(uid))
        .where("finished", "=", 0)
        .where("leased_until", "<=", now)
        .orderBy("id")
        .execute();
      return rows.map(toDelivery);
    },
    reached: async (principal, uid) => {
      const rows = await db
        .selectFrom("deliveries")
        .select("recipient")
        .distinct()
        .where("principal_id", "=", Number(principal))
        .where("uid_key", "=", indexKey(uid))
        .where((eb) =>
          eb.or([eb("attempts", ">", 0), eb("leased_until", ">", 0), eb("state", "not in", ["queued", "superseded"])]),
        )
        .execute();
      return rows.map(({ recipient }) => recipient as CalendarUserAddress);
    },
  };
}

function readCounts(db: Database): Pick<ReadDeliveries, "countSince" | "floodedSince"> {
  return {
    countSince: async (principal, since, limit) => {
      const some = db
        .selectFrom("deliveries")
        .select("id")
        .where("principal_id", "=", Number(principal))
        .where("queued_at", ">", since)
        .where("state", "!=", "superseded")
        .limit(limit)
        .as("some");
      const { count } = await db
        .selectFrom(some)
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    floodedSince: async (principal, uid, since, least, isAutomatic = false) => {
      const rows = await db
        .selectFrom("deliveries")
        .select("recipient")
        .where("principal_id", "=", Number(principal))
        .where("queued_at", ">", since)
        .where("uid_key", "=", indexKey(uid))
        .where("state", "!=", "superseded")
        .$if(isAutomatic, (query) => query.where("automatic", "=", 1))
        .groupBy("recipient")
        .having((eb) => eb(eb.fn.countAll(), ">=", least))
        .execute();
      return rows.map(({ recipient }) => recipient as CalendarUserAddress);
    },
  };
}

/** Reads and writes deliveries. `attempts` counts those whose end was recorded. */
export function writeDeliveries(db: Database): Deliveries {
  return {
    ...readDeliveries(db),
    enqueue: (...queued) => enqueue(db, ...queued),
    claim: (...of) => claim(db, ...of),
    settle: async (id, { state, due, detail }) => {
      const finished = unfinishedStates.has(state) ? 0 : 1;
      const row = await db
        .updateTable("deliveries")
        .set({
          state,
          finished,
          due,
          detail: columnText(detail),
          leased_until: 0,
          claims: 0,
          attempts: sql`attempts + 1 - finished`, // what is learnt after the end was no attempt
        })
        .where("id", "=", rowId(id) ?? 0)
        // Who comes back after the lease ran out must not take up again what another has finished.
        .where("finished", "<=", finished)
        .returning(["principal_id", "uid"])
        .executeTakeFirst();
      return row && { principal: String(row.principal_id), uid: row.uid };
    },
    supersede: async (ids, at) => {
      for (const chunk of chunksOf(ids.map(Number), 500)) {
        await db
          .updateTable("deliveries")
          .set({ state: "superseded", finished: 1, due: at })
          .where("id", "in", chunk)
          .execute();
      }
    },
    answer: (...of) => answer(db, ...of),
  };
}

async function answer(db: Database, ...[principal, uid, recipient, sequence]: Parameters<Deliveries["answer"]>) {
  const requests = db
    .selectFrom("messages")
    .select("id")
    .where("principal_id", "=", Number(principal))
    .where("uid_key", "=", indexKey(uid))
    .where("method", "=", "REQUEST")
    .where("sequence", "<=", sequence);
  await db
    .updateTable("deliveries")
    .set({ state: "answered" })
    .where("principal_id", "=", Number(principal))
    .where("uid_key", "=", indexKey(uid))
    .where("recipient", "=", recipient)
    .where("state", "in", ["handed-over", "bounced"])
    .where("message", "in", requests)
    .execute();
}

async function enqueue(db: Database, ...[deliveries, now]: Parameters<Deliveries["enqueue"]>): Promise<void> {
  const rows = deliveries.map((delivery) => ({
    message: Number(delivery.message),
    principal_id: Number(delivery.principal),
    uid: delivery.uid,
    uid_key: indexKey(delivery.uid),
    recipient: delivery.recipient,
    state: "queued" as const,
    finished: 0,
    attempts: 0,
    claims: 0,
    due: delivery.due,
    leased_until: 0,
    detail: "",
    payload: delivery.payload,
    message_id: delivery.messageId,
    queued_at: now,
    held: delivery.held === undefined ? null : columnText(delivery.held),
    automatic: delivery.isAutomatic ? 1 : null,
  }));
  for (const values of chunksOf(rows, 100)) {
    await db
      .insertInto("deliveries")
      .values(values)
      .onConflict((conflict) => conflict.column("message_id").doNothing())
      .execute();
  }
}

/** A delivery as far as a claim looks at it. */
type Due = Pick<Selectable<DeliveryRow>, "id" | "due" | "claims">;

/** Deliveries a claim looks at together. */
const lookedAtOnce = 100;

/**
 * Finds the next deliveries that are due, in their order, whether they are free or not. Only some at a time are looked at more closely: a
 * database that does not know how many there are would do it for all of them.
 */
function findDue(
  db: Database,
  now: number,
  recipients: Recipients | undefined,
  after: Due | undefined,
): Promise<readonly Due[]> {
  return db
    .selectFrom("deliveries as d")
    .select(["d.id", "d.due", "d.claims"])
    .where("d.finished", "=", 0)
    .where("d.due", "<=", now)
    .where("d.leased_until", "<=", now)
    .where("d.held", "is", null)
    .$if(recipients !== undefined, (query) => query.where(isOf(recipients === "ours")))
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb("d.due", ">", after?.due ?? 0),
          eb.and([eb("d.due", "=", after?.due ?? 0), eb("d.id", ">", after?.id ?? 0)]),
        ]),
      ),
    )
    .orderBy("d.due")
    .orderBy("d.id")
    .limit(lookedAtOnce)
    .execute();
}

/** Those of them that nothing has to wait for. */
async function findFree(db: Database, now: number, due: readonly Due[]): Promise<readonly Due[]> {
  if (due.length === 0) return [];
  const ids = due.map(({ id }) => id);
  const free = await db
    .selectFrom("deliveries as d")
    .select("d.id")
    .where("d.id", "in", ids)
    .where(isFirst)
    .where(isAlone(now))
    .execute();
  const those = new Set(free.map(({ id }) => id));
  return due.filter(({ id }) => those.has(id));
}

async function claim(
  db: Database,
  ...[now, leasedUntil, limit, recipients]: Parameters<Deliveries["claim"]>
): Promise<readonly Delivery[]> {
  const due: Due[] = [];
  for (let last: Due | undefined; due.length < limit; ) {
    const some = await findDue(db, now, recipients, last);
    due.push(...(await findFree(db, now, some)).slice(0, limit - due.length));
    if (some.length < lookedAtOnce) break;
    last = some.at(-1);
  }
  const claimed: Selectable<DeliveryRow>[] = [];
  for (const chunk of chunksOf(withoutSuspects(due), 500)) {
    const rows = await db
      .updateTable("deliveries")
      .set({ leased_until: leasedUntil, claims: sql`claims + 1` })
      .where(
        "id",
        "in",
        chunk.map((row) => row.id),
      )
      // Whoever had it when its lease ran out may have finished it since it was looked for.
      .where("finished", "=", 0)
      .returningAll()
      .execute();
    claimed.push(...rows);
  }
  return claimed.sort((a, b) => a.due - b.due || a.id - b.id).map(toDelivery);
}

/**
 * Leaves all to whoever claims next but the first that was claimed a few times without an end; where it comes first, leaves it alone:
 * what died with a delivery beside it is not taken for one that kills.
 */
function withoutSuspects<Row extends { readonly claims: number }>(due: readonly Row[]): readonly Row[] {
  const suspect = due.findIndex(({ claims }) => claims >= suspectAfterClaims);
  return suspect < 0 ? due : due.slice(0, Math.max(1, suspect));
}

/** True of a delivery to an address that is somebody's here, or to one that is nobody's. */
function isOf(ours: boolean) {
  return (eb: ExpressionBuilder<Tables & { d: DeliveryRow }, "d">) => {
    const owner = eb.selectFrom("addresses").select("principal_id").whereRef("addresses.address", "=", "d.recipient");
    return ours ? eb.exists(owner) : eb.not(eb.exists(owner));
  };
}

/** True of a delivery with no unfinished one before it to the same recipient about the same UID: mail must not overtake. */
function isFirst(eb: ExpressionBuilder<Tables & { d: DeliveryRow }, "d">) {
  const earlier = eb
    .selectFrom("deliveries as earlier")
    .select("earlier.id")
    .whereRef("earlier.recipient", "=", "d.recipient")
    .whereRef("earlier.uid_key", "=", "d.uid_key")
    .where(sql`earlier.finished + 0`, "=", 0) // by recipient and UID, whatever the database thinks it knows of `finished`
    .whereRef("earlier.id", "<", "d.id");
  return eb.not(eb.exists(earlier));
}

/**
 * True of a delivery with no later one to the same recipient about the same UID under way: that can be where another person's was
 * kept first although it was numbered later, or where one that was given up is tried again.
 */
function isAlone(now: number) {
  return (eb: ExpressionBuilder<Tables & { d: DeliveryRow }, "d">) => {
    const later = eb
      .selectFrom("deliveries as later")
      .select("later.id")
      .whereRef("later.recipient", "=", "d.recipient")
      .whereRef("later.uid_key", "=", "d.uid_key")
      .where(sql`later.finished + 0`, "=", 0)
      .where("later.leased_until", ">", now)
      .whereRef("later.id", ">", "d.id");
    return eb.not(eb.exists(later));
  };
}

/** Gives a delivery as its row has it. */
export function toDelivery(row: Selectable<DeliveryRow>): Delivery {
  return {
    id: String(row.id),
    message: String(row.message),
    principal: String(row.principal_id),
    uid: row.uid,
    recipient: row.recipient as CalendarUserAddress,
    state: row.state,
    attempts: row.attempts,
    claims: row.claims,
    due: row.due,
    detail: row.detail,
    payload: row.payload,
    messageId: row.message_id,
    ...(row.held !== null && { held: row.held }),
    ...(row.automatic === 1 && { isAutomatic: true }),
  };
}
