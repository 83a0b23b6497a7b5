import { defaultLimits } from "@parley/engine";
import { intlZoneProvider } from "@parley/engine/recurrence";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DeliveryWorker, type OutgoingMail, startDeliveryWorker } from "../../src/delivery/worker.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Store } from "../../src/store/store.ts";
import { fill, houseOver, now } from "../operation/house.ts";

let store: Store;
let worker: DeliveryWorker;
let sent: OutgoingMail[] = [];
let troubles: unknown[] = [];
const clock = { now };

function start(over: Store): DeliveryWorker {
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
    deliverLocally: async () => undefined,
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

test("it is alive while it looks for work, and not once it can look no more, or was stopped", async () => {
  worker = start({ ...store, read: () => Promise.reject(new Error("disk gone")) });
  expect(worker.isAlive()).toBe(true);
  clock.now += 601;
  await worker.drain();
  expect(troubles).toEqual([new Error("disk gone")]);
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
