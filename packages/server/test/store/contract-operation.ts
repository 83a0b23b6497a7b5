import { describe, expect, test } from "vitest";
import type { DeliveryState } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, address, enqueue, now, uid } from "./fixtures.ts";

/** App passwords and the queue as the operator sees it. */
export function testOperation(makeBench: MakeBench): void {
  describe("app passwords", () => {
    const phone = { name: "phone", created: now, selector: "abcdefgh", hash: "one" };

    test(
      "are found by what they begin with, one of a name, each person's apart",
      withStore(makeBench, async (store) => {
        const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
        await store.write(async ({ appPasswords }) => {
          expect(await appPasswords.add(ann.id, phone)).toBe(true);
          expect(await appPasswords.add(ann.id, { ...phone, selector: "another1" })).toBe(false);
          expect(await appPasswords.add(ann.id, { ...phone, name: "laptop" })).toBe(false);
          expect(await appPasswords.add(bob.id, { ...phone, hash: "two" })).toBe(true);
          expect(await appPasswords.add(ann.id, { ...phone, name: "a tablet", selector: "ijklmnop" })).toBe(true);
        });
        await store.read(async ({ appPasswords }) => {
          expect(await appPasswords.list(ann.id)).toEqual([
            { name: "a tablet", created: now },
            { name: "phone", created: now },
          ]);
          expect(await appPasswords.hash(ann.id, "abcdefgh")).toBe("one");
          expect(await appPasswords.hash(bob.id, "abcdefgh")).toBe("two");
          expect(await appPasswords.hash(bob.id, "ijklmnop")).toBeUndefined();
        });
      }),
    );

    test(
      "are taken back by name, once",
      withStore(makeBench, async (store) => {
        const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
        const remove = (id: string) => store.write(({ appPasswords }) => appPasswords.remove(id, "phone"));
        await store.write(({ appPasswords }) => appPasswords.add(ann.id, phone));
        expect(await remove(bob.id)).toBe(false);
        expect(await remove(ann.id)).toBe(true);
        expect(await remove(ann.id)).toBe(false);
        expect(await store.read(({ appPasswords }) => appPasswords.hash(ann.id, "abcdefgh"))).toBeUndefined();
      }),
    );
  });

  describe("the queue", () => {
    const bob = address("bob@example.test");
    const all: readonly DeliveryState[] = ["queued", "deferred", "handed-over", "refused", "bounced", "answered"];

    test(
      "gives nothing out while it is paused, on no node, and all of it after the release",
      withStore(makeBench, async (store, bench) => {
        const ann = await addAnn(store);
        const claim = () => store.write(({ deliveries }) => deliveries.claim(now, now + 60, 10));
        await store.write((transaction) => enqueue(transaction, ann.id, { messageId: "<1@x>" }));
        const other = await bench.open();
        await other.write(({ queue }) => queue.pause({ since: now, reason: "moving house" }));
        await other.write(({ queue }) => queue.pause({ since: now + 1, reason: "still moving" }));
        expect(await claim()).toEqual([]);
        await other.close();
        const later = await bench.open();
        expect(await later.read(({ queue }) => queue.paused())).toEqual({ since: now + 1, reason: "still moving" });
        await later.write(({ queue }) => queue.release());
        await later.close();
        expect(await store.read(({ queue }) => queue.paused())).toBeUndefined();
        expect(await claim()).toHaveLength(1);
      }),
    );

    test(
      "is listed by recipient and in order, and counted, by state and recipient",
      withStore(makeBench, async (store) => {
        const ann = await addAnn(store);
        await store.write(async (transaction) => {
          const carl = address("carl@example.test");
          await enqueue(transaction, ann.id, { messageId: "<1@x>", recipient: carl }, { messageId: "<2@x>" });
          await enqueue(transaction, ann.id, { messageId: "<3@x>" }, { messageId: "<4@x>", uid: "another" });
          const [two] = await transaction.queue.list({ states: all, recipient: bob }, 1);
          await transaction.deliveries.settle(two?.id ?? "", { state: "refused", due: now, detail: "550 no" });
        });
        await store.read(async ({ queue }) => {
          const idsOf = async (filter: Parameters<typeof queue.list>[0], limit = 10) =>
            (await queue.list(filter, limit)).map(({ messageId }) => messageId);
          expect(await idsOf({ states: all })).toEqual(["<2@x>", "<3@x>", "<4@x>", "<1@x>"]);
          expect(await idsOf({ states: all }, 2)).toEqual(["<2@x>", "<3@x>"]);
          expect(await idsOf({ states: ["refused"] })).toEqual(["<2@x>"]);
          expect(await idsOf({ states: ["queued"], recipient: bob })).toEqual(["<3@x>", "<4@x>"]);
          expect(await idsOf({ states: all, uid: "another" })).toEqual(["<4@x>"]);
          expect(await idsOf({ states: all, principal: ann.id, uid })).toEqual(["<2@x>", "<3@x>", "<1@x>"]);
          expect(await idsOf({ states: all, principal: "0" })).toEqual([]);
          expect(await queue.count({ states: all })).toBe(4);
          expect(await queue.count({ states: ["deferred"] })).toBe(0);
        });
      }),
    );

    test(
      "makes due what is tried again: what was deferred with its attempts, what was refused as if new",
      withStore(makeBench, async (store) => {
        const ann = await addAnn(store);
        await store.write(async (transaction) => {
          await enqueue(transaction, ann.id, { messageId: "<1@x>", uid: "a" }, { messageId: "<2@x>", uid: "b" });
          const [one, two] = await transaction.queue.list({ states: all }, 10);
          await transaction.deliveries.settle(one?.id ?? "", { state: "deferred", due: now + 900, detail: "451" });
          await transaction.deliveries.settle(two?.id ?? "", { state: "refused", due: now, detail: "550" });
        });
        const claim = async () => {
          const claimed = await store.write(({ deliveries }) => deliveries.claim(now + 1, now + 2, 10));
          return claimed.map(({ messageId, state, attempts }) => [messageId, state, attempts]);
        };
        const retry = (states: readonly DeliveryState[], recipient = bob) =>
          store.write(({ queue }) => queue.retry({ states, recipient }, now + 1));
        expect(await retry(["deferred"], address("carl@example.test"))).toBe(0);
        expect(await claim()).toEqual([]);
        expect(await retry(["deferred"])).toBe(1);
        expect(await claim()).toEqual([["<1@x>", "deferred", 1]]);
        expect(await retry(["deferred", "refused"])).toBe(2);
        expect(await claim()).toEqual([["<2@x>", "queued", 0]]);
      }),
    );

    test(
      "knows what went before a message to the same recipient about the same UID",
      withStore(makeBench, async (store) => {
        const ann = await addAnn(store);
        await store.write(async (transaction) => {
          const ids = [
            await enqueue(transaction, ann.id, { messageId: "<1@x>" }),
            await enqueue(transaction, ann.id, { messageId: "<1@x>" }),
          ];
          const [first, second] = await Promise.all(ids.map((id) => transaction.ledger.byId(ann.id, id)));
          if (!first || !second) throw new Error("the messages are not there");
          const { queue } = transaction;
          expect(await queue.hasEarlier({ ...first, uid }, bob)).toBe(false);
          expect(await queue.hasEarlier({ ...second, uid }, bob)).toBe(true);
          expect(await queue.hasEarlier({ ...second, uid: "another" }, bob)).toBe(false);
          expect(await queue.hasEarlier({ ...second, uid }, "carl@example.test")).toBe(false);
        });
      }),
    );
  });
}
