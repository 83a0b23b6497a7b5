import { describe, expect, test } from "vitest";
import type { Delivery, DeliveryState, LedgerRecord, Store } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, address, enqueue, ledgerRecord, now, uid } from "./fixtures.ts";

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
      expect(again).toEqual({ ...first, claims: 2 });
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
      await store.write((transaction) => enqueue(transaction, ann.id, { messageId: "<4>", recipient: carl }));
      const [, fourth] = await claim(store);
      await settle(store, fourth, "superseded");
      const states = await store.read(({ deliveries }) => deliveries.latestStates(ann.id, uid));
      expect([...states].sort()).toEqual([
        ["bob@example.test", "queued"],
        ["carl@example.test", "refused"],
      ]);
      expect(await store.read(({ deliveries }) => deliveries.ofMessage("no id"))).toEqual([]);
    }),
  );

  test(
    "are unsent until they are claimed, and those of one principal and UID can be ended then",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      await store.write(async (transaction) => {
        await enqueue(transaction, ann.id, { messageId: "<1>" }, { messageId: "<2>", due: now + 9 });
        await enqueue(transaction, ann.id, { messageId: "<3>", recipient: carl, due: now + 9 });
        await enqueue(transaction, ann.id, { messageId: "<other UID>", uid: "other" });
        await enqueue(transaction, bob.id, { messageId: "<bob's>", recipient: carl });
      });
      const look = (at: number) =>
        store.write(async ({ deliveries }) => [
          names(await deliveries.unsent(ann.id, uid, at)),
          [...(await deliveries.reached(ann.id, uid))].sort(),
        ]);
      expect(await look(now)).toEqual([["<1>", "<2>", "<3>"], []]);
      const [first] = await claim(store);
      // What is in the hands of a worker may have left; when the lease runs out nobody has it, and it may have left all the same.
      expect(await look(now)).toEqual([["<2>", "<3>"], ["bob@example.test"]]);
      expect(await look(lease)).toEqual([["<1>", "<2>", "<3>"], ["bob@example.test"]]);
      await store.write(async ({ deliveries }) => {
        const unsent = await deliveries.unsent(ann.id, uid, now);
        await deliveries.supersede([...unsent.map(({ id }) => id), "0"], now + 1);
      });
      expect(await look(lease)).toEqual([["<1>"], ["bob@example.test"]]);
      await settle(store, first, "deferred", now + 5);
      expect(await look(now)).toEqual([["<1>"], ["bob@example.test"]]);
      // Bob's, which waited for Ann's to the same recipient, can go.
      expect(names(await claim(store, now + 9))).toEqual(["<bob's>", "<1>"]);
      const ended = await store.read(({ queue }) => queue.list({ states: ["superseded"] }, 10));
      expect(ended.map(({ messageId, due, attempts }) => [messageId, due, attempts])).toEqual([
        ["<2>", now + 1, 0],
        ["<3>", now + 1, 0],
      ]);
      expect([...(await store.read(({ deliveries }) => deliveries.latestStates(ann.id, uid)))]).toEqual([
        ["bob@example.test", "deferred"],
      ]);
    }),
  );

  test(
    "that are held stay, and those behind them, until they are released",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      await store.write((transaction) =>
        enqueue(
          transaction,
          ann.id,
          { messageId: "<held>", held: "too many" },
          { messageId: "<behind>" },
          { messageId: "<other>", recipient: carl, due: now + 5 },
        ),
      );
      expect(await nextDue(store)).toBe(now + 5);
      expect(await claim(store)).toEqual([]);
      const list = () => store.read(({ queue }) => queue.list({ states: ["queued"] }, 10));
      expect((await list()).map(({ messageId, held }) => [messageId, held])).toEqual([
        ["<held>", "too many"],
        ["<behind>", undefined],
        ["<other>", undefined],
      ]);
      expect(await store.write(({ queue }) => queue.retry({ states: ["queued"], uid }, now))).toBe(3);
      expect(names(await claim(store))).toEqual(["<other>"]);
      expect(await store.write(({ queue }) => queue.release())).toBe(1);
      expect(await store.write(({ queue }) => queue.release())).toBe(0);
      expect(names(await claim(store))).toEqual(["<held>"]);
    }),
  );

  test(
    "are counted since a time, by principal, and by UID and recipient",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      let number = 0;
      const queue = (by: typeof ann, at: number, fields: Partial<Delivery>) =>
        store.write(async (transaction) => {
          const payload = await transaction.ledger.putSource(new TextEncoder().encode("{}"));
          const { id: message } = await transaction.ledger.add(
            ledgerRecord(by.id, { direction: "out", verdict: "sent" }),
          );
          const delivery = { message, principal: by.id, uid, recipient: carl, due: at, payload, ...fields };
          await transaction.deliveries.enqueue([{ ...delivery, messageId: `<${number++}>` }], at);
          const [queued] = await transaction.deliveries.ofMessage(message);
          return queued;
        });
      await queue(ann, now - 1, {});
      await queue(ann, now, {});
      await queue(ann, now + 1, {});
      await queue(ann, now + 2, {});
      await settle(store, await queue(ann, now + 2, {}), "superseded");
      await queue(ann, now + 2, { recipient: address("dora@example.test") });
      await queue(ann, now + 2, { uid: "another" });
      await queue(bob, now + 2, {});
      await store.read(async ({ deliveries }) => {
        expect(await deliveries.countSince(ann.id, now, 100)).toBe(4);
        expect(await deliveries.countSince(ann.id, now, 3)).toBe(3);
        expect(await deliveries.countSince(bob.id, now + 2, 100)).toBe(0);
        expect(await deliveries.floodedSince(ann.id, uid, now, 2)).toEqual([carl]);
        expect(await deliveries.floodedSince(ann.id, uid, now, 3)).toEqual([]);
        expect(await deliveries.floodedSince(ann.id, uid, now - 1, 3)).toEqual([carl]);
      });
    }),
  );

  test(
    "are answered where they were handed over, were a REQUEST, and are no newer than the answer",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      const send = (messageId: string, state: DeliveryState, fields: Partial<LedgerRecord & Delivery>, by = ann) =>
        store.write(async (transaction) => {
          const { recipient = carl, uid: of = uid, ...said } = fields;
          const payload = await transaction.ledger.putSource(new TextEncoder().encode("{}"));
          const record = {
            direction: "out",
            verdict: "sent",
            method: "REQUEST",
            sequence: 1,
            uid: of,
            ...said,
          } as const;
          const { id } = await transaction.ledger.add(ledgerRecord(by.id, record));
          const delivery = { message: id, principal: by.id, uid: of, recipient, due: now, payload, messageId };
          await transaction.deliveries.enqueue([delivery], now);
          const [queued] = await transaction.deliveries.ofMessage(id);
          if (state !== "queued") await settle({ ...store, write: (work) => work(transaction) }, queued, state);
        });
      await send("<answered>", "handed-over", {});
      await send("<came back>", "bounced", { sequence: 0 });
      await send("<newer>", "handed-over", { sequence: 2 });
      await send("<no request>", "handed-over", { method: "CANCEL" });
      await send("<refused>", "refused", {});
      await send("<another meeting>", "handed-over", { uid: "another" });
      await send("<another's>", "handed-over", {}, bob);
      await send("<to another>", "handed-over", { recipient: address("dora@example.test") });
      await send("<waits>", "queued", {});
      await store.write(({ deliveries }) => deliveries.answer(ann.id, uid, carl, 1));
      const answered = await store.read(({ queue }) => queue.list({ states: ["answered"] }, 20));
      expect(names(answered)).toEqual(["<answered>", "<came back>"]);
    }),
  );
}
