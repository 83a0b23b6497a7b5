import { describe, expect, test } from "vitest";
import type { Delivery, DeliveryState, Store } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, address, enqueue, now, uid } from "./fixtures.ts";

const lease = now + 60;
const carl = address("carl@example.test");

const claim = (store: Store, at = now, limit = 10) =>
  store.write(({ deliveries }) => deliveries.claim(at, at + 60, limit));
const settle = (store: Store, delivery: Delivery | undefined, state: DeliveryState, due = now) =>
  store.write(({ deliveries }) => deliveries.settle(delivery?.id ?? "", { state, due, detail: `now ${state}` }));
const names = (deliveries: readonly Pick<Delivery, "messageId">[]) => deliveries.map(({ messageId }) => messageId);
const nextDue = (store: Store) => store.read(({ deliveries }) => deliveries.nextDue());

/** Deliveries. */
export function testDeliveries(makeBench: MakeBench): void {
  describe("deliveries", () => {
    testQueue(makeBench);
    testOrder(makeBench);
    testStates(makeBench);
  });
}

function testQueue(makeBench: MakeBench): void {
  test(
    "are queued once for each Message-ID and leased to one at a time",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      expect(await nextDue(store)).toBeUndefined();
      const message = await store.write((transaction) =>
        enqueue(transaction, ann.id, { messageId: "<1>" }, { messageId: "<1>" }),
      );
      await store.write((transaction) => enqueue(transaction, ann.id, { messageId: "<1>", recipient: carl }));
      const [first, ...others] = await claim(store);
      expect(others).toEqual([]);
      expect(first).toMatchObject({
        message,
        principal: ann.id,
        uid,
        state: "queued",
        attempts: 0,
        due: now,
        messageId: "<1>",
      });
      const payload = await store.read(({ ledger }) => ledger.source(first?.payload ?? ""));
      expect(new TextDecoder().decode(payload)).toBe("{}");
      const other = await bench.open();
      expect(await claim(other, lease - 1)).toEqual([]);
      expect(await nextDue(other)).toBe(lease);
      // Whoever had it is gone: the lease runs out and it comes up again.
      const [again] = await claim(other, lease);
      expect(again).toEqual(first);
      await other.close();
    }),
  );

  test(
    "come up when they are due, no more than wanted, the longest due first",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      await store.write((transaction) =>
        enqueue(
          transaction,
          ann.id,
          { messageId: "<late>", due: now + 5, uid: "a" },
          { messageId: "<second>", due: now, uid: "b" },
          { messageId: "<first>", due: now - 5, uid: "c" },
        ),
      );
      expect(await nextDue(store)).toBe(now - 5);
      expect(names(await claim(store, now, 1))).toEqual(["<first>"]);
      expect(names(await claim(store, now))).toEqual(["<second>"]);
      expect(await nextDue(store)).toBe(now + 5);
      expect(names(await claim(store, now + 5))).toEqual(["<late>"]);
    }),
  );

  test(
    "are queued and claimed by the thousand",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const many = Array.from({ length: 1_250 }, (_, number) => ({
        messageId: `<${number}>`,
        recipient: address(`guest${number}@example.test`),
      }));
      const message = await store.write((transaction) => enqueue(transaction, ann.id, ...many));
      expect(names(await claim(store, now, 1_200))).toEqual(names(many).slice(0, 1_200));
      expect((await claim(store, now, 1_200)).length).toBe(50);
      const states = await store.read(({ deliveries }) => deliveries.ofMessage(message));
      expect(names(states)).toEqual(names(many));
    }),
  );
}

function testOrder(makeBench: MakeBench): void {
  test(
    "never overtake one another to one recipient about one UID",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      await store.write((transaction) =>
        enqueue(
          transaction,
          ann.id,
          { messageId: "<1>", due: now + 1 },
          { messageId: "<2>", due: now },
          { messageId: "<other recipient>", recipient: carl },
          { messageId: "<other UID>", uid: "other" },
        ),
      );
      // The second is due before the first, and waits for it all the same.
      expect(names(await claim(store))).toEqual(["<other recipient>", "<other UID>"]);
      expect(await nextDue(store)).toBe(now + 1);
      const [first, ...none] = await claim(store, now + 1);
      expect([first?.messageId, none]).toEqual(["<1>", []]);
      await settle(store, first, "deferred", now + 30);
      expect(await claim(store, now + 29)).toEqual([]);
      expect(await nextDue(store)).toBe(now + 30);
      const [retried] = await claim(store, now + 30);
      expect(retried).toMatchObject({ messageId: "<1>", state: "deferred", attempts: 1, detail: "now deferred" });
      await settle(store, retried, "handed-over");
      expect(names(await claim(store, now + 30))).toEqual(["<2>"]);
    }),
  );
}

function testStates(makeBench: MakeBench): void {
  test(
    "once finished stay so, but for a refusal that comes back later",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const message = await store.write((transaction) => enqueue(transaction, ann.id, { messageId: "<1>" }));
      const [delivery] = await claim(store);
      const state = async () =>
        (await store.read(({ deliveries }) => deliveries.ofMessage(message))).map((row) => [row.state, row.attempts]);
      await settle(store, delivery, "handed-over");
      await settle(store, delivery, "deferred");
      expect(await state()).toEqual([["handed-over", 1]]);
      expect(await claim(store, lease)).toEqual([]);
      expect(await nextDue(store)).toBeUndefined();
      await settle(store, delivery, "refused");
      expect(await state()).toEqual([["refused", 1]]);
    }),
  );

  test(
    "tell the state of the last message to each recipient of a UID",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      await store.write(async (transaction) => {
        await enqueue(transaction, ann.id, { messageId: "<1>" }, { messageId: "<2>", recipient: carl });
        await enqueue(transaction, ann.id, { messageId: "<other>", uid: "other" });
        await enqueue(transaction, bob.id, { messageId: "<bob's>", recipient: address("dora@example.test") });
      });
      for (const delivery of await claim(store)) await settle(store, delivery, "refused");
      await store.write((transaction) => enqueue(transaction, ann.id, { messageId: "<3>" }));
      const states = await store.read(({ deliveries }) => deliveries.latestStates(ann.id, uid));
      expect([...states].sort()).toEqual([
        ["bob@example.test", "queued"],
        ["carl@example.test", "refused"],
      ]);
      expect(await store.read(({ deliveries }) => deliveries.ofMessage("no id"))).toEqual([]);
    }),
  );
}
