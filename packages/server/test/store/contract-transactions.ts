import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Store, Transaction } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, answer, enqueue, ledgerRecord, now, saveAnswer, uid } from "./fixtures.ts";

/** What holds for every transaction, whatever is written in it. */
export function testTransactions(makeBench: MakeBench): void {
  describe("transactions", () => {
    testRollback(makeBench);
    testSerialisation(makeBench);
    testNesting(makeBench);
    testReading(makeBench);
  });
}

function testRollback(makeBench: MakeBench): void {
  test(
    "that throw leave nothing behind, and the store goes on",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const tables = ["principals", "addresses", "credentials", "correspondents", "sessions", "calendars", "objects"];
      tables.push("documents", "participations", "sources", "messages", "deliveries");
      const rows = () => bench.counts(...tables);
      const before = await rows();
      const broken = new Error("broken off");
      const failing = store.write(async (transaction) => {
        await transaction.principals.setPasswordHash(ann.id, "$hash");
        await transaction.principals.addCorrespondents(ann.id, [ann.address], now);
        await transaction.sessions.add("token", ann.id, now);
        await saveAnswer(transaction, ann.id, answer("guest@example.test"));
        await enqueue(transaction, ann.id, { messageId: "<1>" });
        throw broken;
      });
      await expect(failing).rejects.toBe(broken);
      expect(await rows()).toEqual(before);
      // Nothing that was parsed or counted meanwhile is believed later.
      const saved = await store.write((transaction) => saveAnswer(transaction, ann.id, answer("guest@example.test")));
      expect(await store.read(({ objects }) => objects.byUid(ann.id, uid))).toEqual(saved);
    }),
  );

  test(
    "refuse what breaks a reference",
    withStore(makeBench, async (store, bench) => {
      const record = ledgerRecord("99");
      await expect(store.write(({ ledger }) => ledger.add(record))).rejects.toThrow(/foreign key/i);
      expect(await bench.count("messages")).toBe(0);
    }),
  );
}

function testSerialisation(makeBench: MakeBench): void {
  test(
    "exclude one another: of 50 at once over two connections, each sees all before it",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const other = await bench.open();
      const change = (number: number) => async (transaction: Transaction) => {
        const saved = await saveAnswer(transaction, ann.id, answer(`guest${number}@example.test`));
        await turn(); // gives any other the chance to come between
        await transaction.ledger.add(ledgerRecord(ann.id, { uid, subject: saved.etag }));
      };
      await Promise.all(Array.from({ length: 50 }, (_, number) => (number % 2 ? store : other).write(change(number))));
      await other.close();
      const loaded = await store.read(({ objects }) => objects.byUid(ann.id, uid));
      expect(loaded?.state.participations.stored.size).toBe(50);
      const rows = await store.read(({ ledger }) => ledger.list(ann.id, { uid, limit: 100 }));
      expect(new Set(rows.map((row) => row.subject)).size).toBe(50);
    }),
  );

  test(
    "take in what is done at once inside them",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      await store.write(({ ledger }) =>
        Promise.all(Array.from({ length: 20 }, () => ledger.add(ledgerRecord(ann.id)))),
      );
      expect((await store.read(({ ledger }) => ledger.list(ann.id, { limit: 100 }))).length).toBe(20);
    }),
  );
}

function testNesting(makeBench: MakeBench): void {
  test(
    "refuse to begin inside one another, and only there",
    withStore(makeBench, async (store) => {
      const nested = store.write(() => store.write(async () => undefined));
      await expect(nested).rejects.toThrow("inside another");
      await expect(store.read(() => store.read(async () => undefined))).rejects.toThrow("inside another");
      // What a transaction set going may come to the store when it is over.
      const later = { begun: Promise.resolve("") };
      const over = store.write(async () => {
        later.begun = turn().then(() => over.then(() => store.read(async () => "read")));
      });
      await over;
      expect(await later.begun).toBe("read");
    }),
  );
}

function testReading(makeBench: MakeBench): void {
  test(
    "show nothing of one another before they are done, and all of it then",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const other = await bench.open();
      const count = async (reader: Store) =>
        (await reader.read(({ ledger }) => ledger.list(ann.id, { limit: 9 }))).length;
      await store.write(async (transaction) => {
        await transaction.ledger.add(ledgerRecord(ann.id));
        expect((await transaction.ledger.list(ann.id, { limit: 9 })).length).toBe(1);
        expect(await count(other)).toBe(0);
      });
      expect([await count(store), await count(other)]).toEqual([1, 1]);
      await other.close();
    }),
  );

  test(
    "for reading see one state throughout",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const other = await bench.open();
      await store.read(async (transaction) => {
        const before = await transaction.ledger.list(ann.id, { limit: 9 });
        await other.write(({ ledger }) => ledger.add(ledgerRecord(ann.id)));
        expect(await transaction.ledger.list(ann.id, { limit: 9 })).toEqual(before);
      });
      await other.close();
      expect((await store.read(({ ledger }) => ledger.list(ann.id, { limit: 9 }))).length).toBe(1);
    }),
  );

  test(
    "end with the store: close waits for those that run and refuses others",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const running = store.write(async ({ ledger }) => {
        await turn();
        await ledger.add(ledgerRecord(ann.id));
      });
      await store.close();
      await running;
      expect(await bench.count("messages")).toBe(1);
      await expect(addAnn(store)).rejects.toThrow("closed");
      await expect(store.read(({ principals }) => principals.list())).rejects.toThrow("closed");
    }),
  );
}
