import { defaultLimits } from "@parley/engine";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Seal } from "../../src/delivery/seal.ts";
import { type DeliveryWorker, type OutgoingMail, startDeliveryWorker } from "../../src/delivery/worker.ts";
import { threadIdOf } from "../../src/scheduling/message-id.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Store } from "../../src/store/store.ts";
import { fill, houseOver, now } from "../operation/house.ts";

let store: Store;
let worker: DeliveryWorker;
let sent: OutgoingMail[] = [];
let troubles: unknown[] = [];
const clock = { now };

function start(over: Store, refreshCopies?: () => Promise<number>, seal?: Seal): DeliveryWorker {
  return startDeliveryWorker({
    store: over,
    clock: () => clock.now,
    random: () => 0.5,
    transport: {
      send: async (mail) => {
        sent.push(mail);
        return { kind: "delivered" };
      },
      close: async () => {},
    },
    deliverInside: async (_, deliveries) => ({ elsewhere: deliveries, failed: [] }),
    ...(refreshCopies && { refreshCopies }),
    ...(seal && { seal }),
    onTrouble: (error) => troubles.push(error),
  });
}

beforeEach(async () => {
  store = await openSqliteStore(":memory:", { zones: intlZoneProvider, limits: defaultLimits });
  await fill(houseOver(store));
  [sent, troubles, clock.now] = [[], [], now];
});
afterEach(async () => {
  await worker.stop();
  await store.close();
});

test("while the queue is paused nothing leaves, by no worker; after the release everything does", async () => {
  await store.write(({ queue }) => queue.pause({ since: now, reason: "a test" }));
  worker = start(store);
  await worker.drain();
  await worker.stop();
  worker = start(store);
  await worker.drain();
  expect(sent).toEqual([]);
  await store.write(({ queue }) => queue.release());
  await worker.drain();
  expect(sent).toHaveLength(5);
  expect(troubles).toEqual([]);
});

test("who wakes it in the very moment in which it comes to rest is heard", async () => {
  const deaf: number[] = [];
  for (let moment = 0; moment < 20; moment++) {
    let [waiting, done] = [0, 0];
    const refreshCopies = async (): Promise<number> => {
      done += waiting;
      const found = waiting;
      waiting = 0;
      return found;
    };
    const idle = { ...store, read: async () => undefined as never };
    worker = start(idle, refreshCopies);
    void worker.drain();
    for (let i = 0; i < moment; i++) await Promise.resolve();
    waiting = 1;
    void worker.drain();
    await new Promise((wait) => setTimeout(wait, 5));
    if (done === 0) deaf.push(moment);
    await worker.stop();
  }
  expect(deaf).toEqual([]);
});

test("what leaves is sealed, and what cannot be sealed waits", async () => {
  const seals: string[] = [];
  worker = start(store, undefined, async (raw, { from, to, date }) => {
    seals.push(`${from} ${to} ${date}`);
    if (seals.length === 1) throw new Error("no key today");
    return Buffer.concat([Buffer.from("X-Sealed: yes\r\n"), raw]);
  });
  await worker.drain();
  expect(sent).toHaveLength(4);
  for (const { raw, from, to } of sent) {
    expect(Buffer.from(raw).toString("latin1")).toMatch(/^X-Sealed: yes\r\nFrom: /);
    expect(seals).toContain(`${from} ${to} ${now}`);
  }
  expect(troubles).toEqual([new Error("no key today")]);
  clock.now += 3_600;
  await worker.drain();
  expect(sent).toHaveLength(5);
});

test("every mail refers to the thread of its UID", async () => {
  worker = start(store);
  await worker.drain();
  const deliveries = await store.read(({ queue }) => queue.list({ states: ["handed-over"] }, 10));
  expect(sent).toHaveLength(5);
  for (const { messageId, raw } of sent) {
    const uid = deliveries.find((delivery) => delivery.messageId === messageId)?.uid ?? "";
    expect(Buffer.from(raw).toString("latin1")).toContain(`\r\nReferences: ${threadIdOf(uid)}\r\n`);
  }
});

test("what came to no end ten times is given up, its sender told, and everything else delivered", async () => {
  // Each of these claims dies with its process, until the lease runs out.
  for (let death = 0; death < 10; death++) {
    clock.now += 300;
    const claimed = await store.write(({ deliveries }) => deliveries.claim(clock.now, clock.now + 300, 20));
    const alone = claimed.length === 1 ? claimed.slice(1) : claimed.slice(2);
    for (const { id } of alone)
      await store.write(({ deliveries }) => deliveries.settle(id, { state: "handed-over", due: now, detail: "" }));
  }
  clock.now += 300;
  worker = start(store);
  await worker.drain();
  expect(troubles).toEqual([]);
  const states = await store.read(({ queue }) => queue.list({ states: ["refused", "queued", "handed-over"] }, 50));
  const refused = states.filter(({ state }) => state === "refused");
  expect(states.map(({ state }) => state).sort()).toEqual([
    "handed-over",
    "handed-over",
    "handed-over",
    "handed-over",
    "refused",
  ]);
  expect(refused[0]?.detail).toBe("Given up: 10 attempts came to no end.");
  const told = await store.read(({ ledger }) => ledger.list(refused[0]?.principal ?? "", { limit: 50 }));
  expect(told.filter(({ verdict }) => verdict === "undelivered")).toMatchObject([
    { to: [refused[0]?.recipient], reason: expect.stringContaining("10 attempts came to no end") },
  ]);
});

test("it is alive while it looks for work, and not once it can look no more, or was stopped", async () => {
  worker = start({ ...store, read: () => Promise.reject(new Error("disk gone")) });
  expect(worker.isAlive()).toBe(true);
  clock.now += 601;
  await worker.drain();
  // Of what stays here and of what leaves.
  expect(troubles).toEqual([new Error("disk gone"), new Error("disk gone")]);
  expect(worker.isAlive()).toBe(false);
  await worker.stop();
  worker = start(store);
  clock.now += 601;
  expect(worker.isAlive()).toBe(false);
  await worker.drain();
  expect(worker.isAlive()).toBe(true);
  await worker.stop();
  expect(worker.isAlive()).toBe(false);
});
