import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "@parley/engine";
import { deliverMail } from "../packages/server/src/mail/deliver-mail.ts";
import { actOnObject } from "../packages/server/src/scheduling/change-object.ts";
import type { House } from "../packages/server/src/scheduling/house.ts";
import { openPostgresStore } from "../packages/server/src/store/postgres.ts";
import { openSqliteStore } from "../packages/server/src/store/sqlite.ts";
import type { Principal, Store } from "../packages/server/src/store/store.ts";
import { findPostgres, startCluster } from "../packages/server/test/store/postgres-server.ts";
import { addOne, addressOf, houseOver, replyOf, workerOf, writeMeeting, zones } from "./house.ts";

const guestCounts = [1, 10, 100, 1_000];
const manyAttendees = 10_000;

/**
 * Measures an event from its writing to the last copy of a local guest: how soon the write is answered, how long the copies take,
 * what they leave in the store for each guest; and one REPLY to a meeting of 10,000. On SQLite, and on PostgreSQL where there is one.
 */
export async function benchFanOut(): Promise<void> {
  console.log(`fan-out: one process, ${cpus()[0]?.model ?? "?"} x ${cpus().length}, Node ${process.version}\n`);
  const folder = await mkdtemp(join(tmpdir(), "parley-bench-"));
  const cluster = findPostgres() ? await startCluster() : undefined;
  try {
    const options = { zones, limits: defaultLimits };
    await measure("SQLite", () => openSqliteStore(join(folder, "bench.sqlite"), options));
    if (!cluster) return console.log("no PostgreSQL here: left out");
    const url = await cluster.createDatabase();
    await measure("PostgreSQL", () => openPostgresStore(url, { ...options, random: () => 0.5 }));
  } finally {
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(name: string, open: () => Promise<Store>): Promise<void> {
  const store = await open();
  const house = houseOver(store);
  try {
    const people: Principal[] = [];
    for (let i = 0; i <= Math.max(...guestCounts); i++) people.push(await addOne(store, i));
    console.log(
      `${name}`.padEnd(14),
      "write answered, ms   all copies, ms   ms a guest   processor ms a guest   octets a guest   then one REPLY, ms",
    );
    for (const count of guestCounts) await fanOut(house, people, count);
    await replyToMany(house, people);
  } finally {
    await store.close();
  }
}

async function fanOut(house: House, people: readonly Principal[], count: number): Promise<void> {
  const [organizer, ...others] = people;
  const guests = others.slice(0, count);
  if (!organizer) throw new Error("the bench has nobody");
  const uid = `meeting-${count}@example.test`;
  // Once for everything to be read and prepared, then what is measured.
  await once(house, organizer, guests, `warm-${uid}`);
  const before = await octetsOf(house.store);
  const { written, copied, worked } = await once(house, organizer, guests, uid);
  const octets = ((await octetsOf(house.store)) - before) / count;
  const replied = await answerOnce(house, guests, uid);
  const cells = [written, copied, copied / count, worked / count, octets, replied].map((value) =>
    value.toFixed(value < 100 ? 1 : 0).padStart(16),
  );
  console.log(`${count} guests`.padEnd(14), ...cells);
}

async function once(house: House, organizer: Principal, guests: readonly Principal[], uid: string) {
  const began = performance.now();
  await writeMeeting(
    house,
    organizer,
    guests.map(({ address }) => address),
    uid,
  );
  const written = performance.now() - began;
  const before = process.cpuUsage();
  const worker = workerOf(house);
  await worker.drain();
  const copied = performance.now() - began - written;
  const { user, system } = process.cpuUsage(before);
  await worker.stop();
  const last = guests.at(-1);
  const copy = last && (await house.store.read(({ objects }) => objects.byUid(last.id, uid)));
  if (!copy?.state.object) throw new Error("the last guest has no copy");
  return { written, copied, worked: (user + system) / 1_000 };
}

async function answerOnce(house: House, guests: readonly Principal[], uid: string): Promise<number> {
  const [guest] = guests;
  if (!guest) throw new Error("the bench has no guest");
  const result = await actOnObject(house, guest, { uid }, { kind: "answer", partstat: "ACCEPTED" });
  if (result.kind !== "done") throw new Error(result.kind);
  const worker = workerOf(house);
  const began = performance.now();
  await worker.drain();
  const took = performance.now() - began;
  await worker.stop();
  return took;
}

async function replyToMany(house: House, [organizer]: readonly Principal[]): Promise<void> {
  if (!organizer) throw new Error("the bench has nobody");
  const uid = "many@example.test";
  const guests = Array.from({ length: manyAttendees }, (_, i) => addressOf(`far${i}@elsewhere.test`));
  await writeMeeting(house, organizer, guests, uid);
  const took: number[] = [];
  for (let i = 0; i < 40; i++) {
    const mail = replyOf(guests[i * 10] ?? "", uid, organizer.address);
    const began = performance.now();
    const [result] = await deliverMail(house, mail, [organizer.address], "outside");
    took.push(performance.now() - began);
    if (result?.kind !== "kept" || result.rows[0]?.verdict !== "applied") throw new Error(JSON.stringify(result));
  }
  const median = took.sort((a, b) => a - b)[20] ?? 0;
  console.log(`one REPLY at ${manyAttendees} guests: ${median.toFixed(2)} ms, the median of 40\n`);
}

/** Octets of everything a row is kept for, as text. */
async function octetsOf(store: Store): Promise<number> {
  return store.read(async ({ upkeep }) => {
    let octets = 0;
    for (const table of upkeep.tables) {
      for (let after: Awaited<ReturnType<typeof upkeep.page>>[number] | undefined; ; ) {
        const rows = await upkeep.page(table, after);
        if (rows.length === 0) break;
        after = rows.at(-1);
        for (const row of rows) {
          for (const value of Object.values(row))
            octets += value instanceof Uint8Array ? value.length : String(value ?? "").length;
        }
      }
    }
    return octets;
  });
}
