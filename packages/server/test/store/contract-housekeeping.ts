import { describe, expect, test } from "vitest";
import type { Delivery, LedgerRecord, Store, Transaction } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, address, answer, enqueue, ledgerRecord, now, saveAnswer, uid } from "./fixtures.ts";

/** What is done beside the work: jobs in turns, and removing what is kept no longer. */
export function testHousekeeping(makeBench: MakeBench): void {
  describe("jobs", () => testJobs(makeBench));
  describe("what is kept no longer", () => {
    testSessions(makeBench);
    testRetention(makeBench);
  });
  describe("deliveries that end whoever has them", () => testClaims(makeBench));
}

function testJobs(makeBench: MakeBench): void {
  const claim = (store: Store, at: number, forced = false) =>
    store.write(({ jobs }) => jobs.claim("sweep", at, at + 60, forced));
  const end = (at: number) => ({ at, due: at + 1_000, failed: false, result: "3 swept" });

  test(
    "are one node's at a time, come up when they are due, and at any time when they are asked for",
    withStore(makeBench, async (store, bench) => {
      const other = await bench.open();
      const runs = await Promise.all(Array.from({ length: 6 }, (_, number) => claim(number % 2 ? store : other, now)));
      expect(runs.filter((run) => run !== undefined)).toEqual([1]);
      expect(await claim(other, now + 59, true)).toBeUndefined();
      await store.write(({ jobs }) => jobs.settle("sweep", 1, end(now + 30)));
      expect(await other.read(({ jobs }) => jobs.list())).toEqual([
        {
          name: "sweep",
          due: now + 1_030,
          leasedUntil: 0,
          started: now,
          ended: now + 30,
          failed: false,
          result: "3 swept",
        },
      ]);
      expect(await claim(other, now + 1_029)).toBeUndefined();
      expect(await claim(other, now + 31, true)).toBe(2);
      await other.close();
    }),
  );

  test(
    "go to another node when whoever had them has died; what comes from them later counts for nothing",
    withStore(makeBench, async (store) => {
      expect(await claim(store, now)).toBe(1);
      expect(await store.write(({ jobs }) => jobs.renew("sweep", 1, now + 90))).toBe(true);
      expect(await claim(store, now + 89)).toBeUndefined();
      expect(await claim(store, now + 90)).toBe(2);
      expect(await store.write(({ jobs }) => jobs.renew("sweep", 1, now + 900))).toBe(false);
      await store.write(({ jobs }) => jobs.settle("sweep", 1, end(now + 91)));
      const [record] = await store.read(({ jobs }) => jobs.list());
      expect(record).toMatchObject({ leasedUntil: now + 150, started: now + 90, result: "" });
    }),
  );
}

function testSessions(makeBench: MakeBench): void {
  test(
    "of sessions those that have expired go, so many at once",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      await store.write(async ({ sessions }) => {
        for (let number = 0; number < 5; number++) await sessions.add(`token${number}`, ann.id, now + number);
      });
      const remove = () => store.write(({ sessions }) => sessions.removeExpired(now + 3, 3));
      expect([await remove(), await remove(), await remove()]).toEqual([3, 1, 0]);
      expect(await bench.count("sessions")).toBe(1);
      expect(await store.read(({ sessions }) => sessions.find("token4", now + 3))).toBe(ann.id);
    }),
  );
}

/** Adds rows that are older than `now`, each with a mail of its own. */
async function addOld(transaction: Transaction, principal: string, ...rows: readonly Partial<LedgerRecord>[]) {
  for (const [number, fields] of rows.entries()) {
    const source = await transaction.ledger.putSource(new TextEncoder().encode(`mail ${number}`));
    await transaction.ledger.add(ledgerRecord(principal, { at: now - 1, source, position: 0, ...fields }));
  }
}

/** Removes all that can be, step by step; tells how many messages and mails that were. */
async function removeAll(store: Store, before = now): Promise<readonly [messages: number, sources: number]> {
  let [messages, sources] = [0, 0];
  let last: string | undefined;
  do {
    const after = last;
    const step = await store.write(({ retention }) => retention.removeMessages(before, after));
    messages += step.messages;
    sources += step.sources;
    last = step.last;
  } while (last !== undefined);
  return [messages, sources];
}

function testRetention(makeBench: MakeBench): void {
  test(
    "old messages go with their mail, and what waits for somebody stays",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      expect(await removeAll(store)).toEqual([0, 0]);
      expect(await store.read(({ retention }) => retention.removedBefore())).toBeUndefined();
      const question = "{}";
      await store.write(async (transaction) => {
        const recent = { at: now, subject: "recent" };
        await addOld(transaction, ann.id, {}, { verdict: "held", uid }, { verdict: "undecided", question }, recent);
        await addOld(transaction, ann.id, { verdict: "undecided", question, subject: "decided" });
        const decided = (await transaction.ledger.openQuestions(ann.id)).at(-1);
        await transaction.ledger.decide(ann.id, decided?.id ?? "", "dismiss", now - 1);
      });
      // Both that go share their mail with each other, and it goes with the last.
      expect(await removeAll(store)).toEqual([2, 1]);
      const left = await store.read(({ ledger }) => ledger.list(ann.id, { limit: 9 }));
      expect(left.map(({ verdict, subject }) => (subject === "recent" ? subject : verdict))).toEqual([
        "recent",
        "undecided",
        "held",
      ]);
      expect(await bench.count("sources")).toBe(3);
      expect(await store.read(({ retention }) => retention.removedBefore())).toBe(now);
      expect(await removeAll(store, now - 1)).toEqual([0, 0]);
      expect(await store.read(({ retention }) => retention.removedBefore())).toBe(now);
    }),
  );

  test(
    "of what was sent that goes which is neither on its way, nor the last word to a guest, nor a later message too",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      const finish = (state: "handed-over" | "refused") =>
        store.write(async ({ deliveries }) => {
          for (const { id } of await deliveries.claim(now, now + 60, 50))
            await deliveries.settle(id, { state, due: now, detail: "" });
        });
      const later = { direction: "out", verdict: "sent", uid, to: ["carl@example.test"] } as const;
      await store.write(async (transaction) => {
        await saveAnswer(transaction, ann.id, answer("guest@example.test"));
        const carl = address("carl@example.test");
        await enqueue(transaction, ann.id, { messageId: "<first to Bob>" });
        await enqueue(transaction, ann.id, { messageId: "<last to Bob>" });
        await enqueue(transaction, ann.id, { messageId: "<other>", uid: "of no object" });
        await enqueue(transaction, ann.id, { messageId: "<first to Carl>", recipient: carl });
        // The same mail again: queued once.
        await transaction.ledger.add(ledgerRecord(ann.id, later));
        await enqueue(transaction, ann.id, { messageId: "<last to Carl>", recipient: carl });
      });
      await finish("handed-over");
      await finish("handed-over");
      await store.write((transaction) => enqueue(transaction, ann.id, { messageId: "<waits>", uid: "waits" }));
      expect(await removeAll(store, now + 1)).toEqual([3, 0]);
      const all = { states: ["queued", "handed-over"] } as const;
      const names = async () =>
        (await store.read(({ queue }) => queue.list(all, 50))).map(({ messageId }) => messageId).sort();
      const left = ["<last to Bob>", "<last to Carl>", "<waits>"];
      expect(await names()).toEqual(["<first to Carl>", ...left]);
      // What it stood for went with the others.
      expect(await removeAll(store, now + 1)).toEqual([1, 0]);
      expect(await names()).toEqual(left);
    }),
  );

  test(
    "they go a bounded number at a time, and none is passed over",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      await store.write(async (transaction) => {
        for (let message = 0; message < 2; message++) {
          const many = Array.from({ length: 3_000 }, (_, guest) => ({
            messageId: `<${message} ${guest}>`,
            uid: "gone",
          }));
          await enqueue(transaction, ann.id, ...many);
        }
        for (let message = 0; message < 250; message++) await transaction.ledger.add(ledgerRecord(ann.id));
      });
      await bench.run("update deliveries set finished = 1, state = 'refused'");
      const first = await store.write(({ retention }) => retention.removeMessages(now + 1, undefined));
      expect(first).toMatchObject({ messages: 1, sources: 0 });
      expect(await bench.count("deliveries")).toBe(3_000);
      expect(await removeAll(store, now + 1)).toEqual([251, 1]);
      expect(await bench.counts("messages", "deliveries", "sources")).toEqual([0, 0, 0]);
    }),
  );
}

function testClaims(makeBench: MakeBench): void {
  test(
    "are counted when they are claimed, and claimed alone after a few",
    withStore(makeBench, async (store) => {
      const ann = await addAnn(store);
      await store.write((transaction) =>
        enqueue(transaction, ann.id, ...["a", "b", "c"].map((one) => ({ messageId: `<${one}>`, uid: one }))),
      );
      let at = now;
      const die = async () => {
        at += 60;
        const claimed = await store.write(({ deliveries }) => deliveries.claim(at, at + 60, 10));
        return claimed.map(({ messageId, claims }) => `${messageId} ${claims}`);
      };
      for (const claims of [1, 2, 3]) expect(await die()).toEqual([`<a> ${claims}`, `<b> ${claims}`, `<c> ${claims}`]);
      expect(await die()).toEqual(["<a> 4"]);
      const [second] = await store.write(({ deliveries }) => deliveries.claim(at, at + 60, 10));
      expect([second?.messageId, second?.claims]).toEqual(["<b>", 4]);
      const deferred = { state: "deferred", due: at, detail: "later" } as const;
      await store.write(({ deliveries }) => deliveries.settle(second?.id ?? "", deferred));
      // What came to an end is not suspected any more.
      const claimed = [1, 2].map(() => store.write(({ deliveries }) => deliveries.claim(at, at + 60, 10)));
      const [[third], [again]] = (await Promise.all(claimed)) as [Delivery[], Delivery[]];
      expect([third?.messageId, third?.claims]).toEqual(["<c>", 4]);
      expect([again?.messageId, again?.claims, again?.attempts]).toEqual(["<b>", 1, 1]);
    }),
  );
}
