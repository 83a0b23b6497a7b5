import { defaultLimits } from "@parley/engine";
import type { DeliveryWorker } from "../packages/server/src/delivery/worker.ts";
import { deliverMail } from "../packages/server/src/mail/deliver-mail.ts";
import type { House } from "../packages/server/src/scheduling/house.ts";
import { openPostgresStore } from "../packages/server/src/store/postgres.ts";
import { openSqliteStore } from "../packages/server/src/store/sqlite.ts";
import type { Principal, Store } from "../packages/server/src/store/store.ts";
import { houseOver, mailOf, replyOf, workerOf, writeMeeting, zones } from "./house.ts";

// One node of the benchmark of the server: a process that is told what to do and reports how long each operation took.

/** How many people the house has, how many of them organize a meeting that is answered, and how many guests it has elsewhere. */
export const people = 1_010;
/** The first so many people organize a meeting. */
export const meetings = 50;
const guestsElsewhere = 200;
const atOnce = 8;

/** Which operations a node is to do. */
export interface Order {
  readonly kind: "reply" | "invitation" | "event";
  /** Local guests of each event. */
  readonly guests?: number;
  readonly first: number;
  readonly last: number;
}

/** How it went. */
export interface Report {
  /** Of each operation, until it was durable. */
  readonly milliseconds: readonly number[];
  /** Of all of them. */
  readonly writing: number;
  readonly error?: string;
}

/** Lists who is invited to the meetings that are answered. */
export function guestsOfMeeting(): readonly string[] {
  return Array.from({ length: guestsElsewhere }, (_, i) => `far${i}@elsewhere.test`);
}

/** Opens a store by a URL, or by the name of an SQLite file. */
export function openBenchStore(place: string): Promise<Store> {
  const options = { zones, limits: defaultLimits };
  return place.startsWith("postgresql://")
    ? openPostgresStore(place, { ...options, random: Math.random })
    : openSqliteStore(place, options);
}

const [place] = process.argv.slice(2);
if (process.send && place) {
  const store = await openBenchStore(place);
  const house = houseOver(store);
  // As they were added: the first of them organize.
  const all = (await store.read(({ principals }) => principals.list())).toSorted((a, b) => Number(a.id) - Number(b.id));
  const worker = workerOf(house);
  process.on("message", (order: Order) => {
    const work = obey(house, all, worker, order);
    void work
      .catch((error: unknown): Report => ({ milliseconds: [], writing: 0, error: String(error) }))
      .then((report) => process.send?.(report));
  });
  process.send("ready");
}

async function obey(house: House, all: readonly Principal[], worker: DeliveryWorker, order: Order): Promise<Report> {
  const milliseconds: number[] = [];
  const began = performance.now();
  let next = order.first;
  const lane = async (): Promise<void> => {
    while (next < order.last) {
      const number = next++;
      const start = performance.now();
      await doOne(house, all, order, number);
      milliseconds.push(performance.now() - start);
      if (order.kind === "event") worker.wake();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const writing = performance.now() - began;
  await worker.drain();
  // Another node may have taken the last copies: they count when they are there.
  while ((await house.store.read(({ deliveries }) => deliveries.nextDue())) !== undefined) await worker.drain();
  return { milliseconds, writing };
}

async function doOne(house: House, all: readonly Principal[], { kind, guests = 0 }: Order, number: number) {
  const person = all[number % meetings];
  if (!person) throw new Error("the bench has nobody");
  if (kind === "event") {
    const invited = Array.from({ length: guests }, (_, i) => all[(number + 1 + i) % all.length]?.address ?? "");
    return writeMeeting(house, person, invited, `event${guests}-${number}@example.test`);
  }
  const guest = `far${Math.floor(number / meetings) % guestsElsewhere}@elsewhere.test`;
  const mail =
    kind === "reply"
      ? replyOf(guest, `meeting${number % meetings}@example.test`, person.address)
      : mailOf(
          "REQUEST",
          `invitation${number}@elsewhere.test`,
          [`ATTENDEE:mailto:${person.address}`],
          guest,
          person.address,
        );
  const [result] = await deliverMail(house, mail, [person.address], "outside");
  if (result?.kind !== "kept" || result.rows[0]?.verdict !== "applied") throw new Error(JSON.stringify(result));
}
