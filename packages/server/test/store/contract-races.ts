import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Store, Transaction } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import {
  addAnn,
  address,
  answer,
  calendarObject,
  enqueue,
  ensurePrincipal,
  event,
  ledgerRecord,
  now,
  saveAnswer,
  span,
  stateOf,
  uid,
} from "./fixtures.ts";

/** Does the same thing ten times at once, on two nodes by turns. */
async function tenAtOnce<Result>(
  nodes: readonly [Store, Store],
  work: (transaction: Transaction, number: number) => Promise<Result>,
): Promise<readonly PromiseSettledResult<Result>[]> {
  const run = (number: number) => nodes[number % 2 === 0 ? 0 : 1].write((transaction) => work(transaction, number));
  return Promise.allSettled(Array.from({ length: 10 }, (_, number) => run(number)));
}

function valuesOf<Result>(results: readonly PromiseSettledResult<Result>[]): readonly Result[] {
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

/** Runs a test on two nodes over one database. */
function withNodes(
  makeBench: MakeBench,
  run: (nodes: readonly [Store, Store], count: (table: string) => Promise<number>) => Promise<void>,
) {
  return withStore(makeBench, async (store, bench) => {
    const other = await bench.open();
    try {
      // Who has to connect first comes too late for a race.
      await tenAtOnce([store, other], ({ sessions }) => sessions.find("", now));
      await run([store, other], bench.count);
    } finally {
      await other.close();
    }
  });
}

/** What two nodes do to the same thing at the same moment. */
export function testRaces(makeBench: MakeBench): void {
  describe("at the same moment on two nodes", () => {
    testRacesForObjects(makeBench);
    testRacesForMessages(makeBench);
    testRacesForDeliveries(makeBench);
    testRacesForPeople(makeBench);
  });
}

function testRacesForObjects(makeBench: MakeBench): void {
  test(
    "one object is made once, and nobody's answer is lost",
    withNodes(makeBench, async (nodes, count) => {
      const ann = await addAnn(nodes[0]);
      const saved = await tenAtOnce(nodes, async (transaction, number) => {
        await transaction.objects.byUid(ann.id, uid);
        await turn();
        return saveAnswer(transaction, ann.id, answer(`guest${number}@example.test`));
      });
      expect(new Set(valuesOf(saved).map(({ etag }) => etag)).size).toBe(10);
      expect([await count("objects"), await count("participations")]).toEqual([1, 10]);
    }),
  );

  test(
    "copies that share a document let go of it and take it up again",
    withNodes(makeBench, async (nodes, count) => {
      const owners: string[] = [];
      for (let number = 0; number < 10; number++) owners.push((await addAnn(nodes[0], `owner${number}`)).id);
      // Of each pair of people one takes up what the other lets go of.
      const text = (number: number, round: number) =>
        stateOf(calendarObject(event({ summary: `${Math.floor(number / 2)}, ${(round + number) % 2}` })));
      for (let round = 0; round < 8; round++) {
        const saved = await tenAtOnce(nodes, async ({ objects }, number) => {
          const stored = await objects.save(owners[number] ?? "", uid, text(number, round), span);
          await turn();
          return stored;
        });
        expect(valuesOf(saved).length).toBe(10);
        expect(await count("documents")).toBe(10);
      }
    }),
  );
}

function testRacesForMessages(makeBench: MakeBench): void {
  test(
    "one mail that comes ten times is kept once",
    withNodes(makeBench, async (nodes, count) => {
      const ann = await addAnn(nodes[0]);
      const bytes = new TextEncoder().encode("From: bob@example.test\r\n\r\n");
      await nodes[0].write(({ ledger }) => ledger.putSource(bytes)); // as for another of its recipients
      const kept = await tenAtOnce(nodes, async ({ ledger }) => {
        const source = await ledger.putSource(bytes);
        const before = await ledger.duplicate(ann.id, "<1@example.test>", source);
        await turn();
        return before ?? ledger.add(ledgerRecord(ann.id, { messageId: "<1@example.test>", source }));
      });
      expect(new Set(valuesOf(kept).map(({ id }) => id)).size).toBe(1);
      expect([await count("messages"), await count("sources")]).toEqual([1, 1]);
    }),
  );

  test(
    "what is held is taken once, and a question decided once",
    withNodes(makeBench, async (nodes) => {
      const ann = await addAnn(nodes[0]);
      const question = await nodes[0].write(async ({ ledger }) => {
        for (let held = 0; held < 5; held++) await ledger.add(ledgerRecord(ann.id, { uid, verdict: "held" }));
        return ledger.add(ledgerRecord(ann.id, { verdict: "undecided" }));
      });
      const taken = await tenAtOnce(nodes, ({ ledger }) => ledger.takeHeld(ann.id, uid));
      expect(valuesOf(taken).flat().length).toBe(5);
      const decided = await tenAtOnce(nodes, ({ ledger }) => ledger.decide(ann.id, question.id, "apply", now));
      expect(valuesOf(decided).filter(Boolean).length).toBe(1);
    }),
  );

  test(
    "a page of the ledger that was seen gets no row behind it",
    withNodes(makeBench, async (nodes) => {
      const ann = await addAnn(nodes[0]);
      const seen = await tenAtOnce(nodes, async ({ ledger }) => {
        const { id } = await ledger.add(ledgerRecord(ann.id));
        await turn();
        return [id, (await ledger.list(ann.id, { limit: 20 })).length] as const;
      });
      const inOrder = [...valuesOf(seen)].sort(([a], [b]) => Number(a) - Number(b));
      expect(inOrder.map(([, length]) => length)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }),
  );
}

function testRacesForDeliveries(makeBench: MakeBench): void {
  test(
    "a delivery is given to one worker, and never two to one recipient about one UID",
    withNodes(makeBench, async (nodes) => {
      const ann = await addAnn(nodes[0]);
      const waiting = Array.from({ length: 40 }, (_, number) => ({
        messageId: `<${number}>`,
        recipient: address(`guest${number % 10}@example.test`),
      }));
      await nodes[0].write((transaction) => enqueue(transaction, ann.id, ...waiting));
      for (let round = 0; round < 4; round++) {
        const claimed = await tenAtOnce(nodes, async ({ deliveries }) => {
          const mine = await deliveries.claim(now, now + 60, 3);
          await turn();
          return mine;
        });
        const names = valuesOf(claimed)
          .flat()
          .map(({ messageId }) => messageId);
        const wanted = waiting.slice(round * 10, round * 10 + 10).map(({ messageId }) => messageId);
        expect([...names].sort()).toEqual(wanted.sort());
        for (const { id } of valuesOf(claimed).flat()) {
          await nodes[1].write(({ deliveries }) =>
            deliveries.settle(id, { state: "handed-over", due: now, detail: "" }),
          );
        }
      }
    }),
  );

  test(
    "one that a newer takes the place of is given to no worker, and one that a worker has is not taken from it",
    withNodes(makeBench, async (nodes) => {
      const ann = await addAnn(nodes[0]);
      for (let round = 0; round < 5; round++) {
        const own = `${round}`;
        const waiting = Array.from({ length: 8 }, (_, number) => {
          return { messageId: `<${round} ${number}>`, uid: own, recipient: address(`guest${number}@example.test`) };
        });
        await nodes[0].write((transaction) => enqueue(transaction, ann.id, ...waiting));
        const results = await tenAtOnce(nodes, async ({ deliveries }, number) => {
          const taken =
            number === 5 ? await deliveries.unsent(ann.id, own, now) : await deliveries.claim(now, now + 60, 2);
          await turn();
          const ids = taken.map(({ id }) => id);
          if (number === 5) await deliveries.supersede(ids, now);
          return ids;
        });
        const ids = valuesOf(results).flat();
        expect([ids.length, new Set(ids).size]).toEqual([8, 8]);
        const ended = await nodes[0].read(({ queue }) => queue.count({ states: ["superseded"], uid: own }));
        expect(ended).toBe(valuesOf(results)[5]?.length);
      }
    }),
  );

  test(
    "one that was given up and is tried again waits for a later one that is under way",
    withNodes(makeBench, async ([store]) => {
      const ann = await addAnn(store);
      await store.write((transaction) => enqueue(transaction, ann.id, { messageId: "<1>" }, { messageId: "<2>" }));
      const claim = async () => {
        const claimed = await store.write(({ deliveries }) => deliveries.claim(now, now + 60, 9));
        return claimed.map(({ id, messageId }) => [id, messageId] as const);
      };
      const settle = (id: string | undefined, state: "refused" | "handed-over") =>
        store.write(({ deliveries }) => deliveries.settle(id ?? "", { state, due: now, detail: "" }));
      const [first] = await claim();
      await settle(first?.[0], "refused");
      const [second] = await claim();
      expect([first?.[1], second?.[1]]).toEqual(["<1>", "<2>"]);
      await store.write(({ queue }) => queue.retry({ states: ["refused"] }, now));
      expect(await claim()).toEqual([]);
      await settle(second?.[0], "handed-over");
      expect(await claim()).toEqual([first]);
    }),
  );
}

function testRacesForPeople(makeBench: MakeBench): void {
  test(
    "an address is given to one person, and the others are told whose it is",
    withNodes(makeBench, async (nodes, count) => {
      const shared = address("team@example.test");
      const added = await tenAtOnce(nodes, ({ principals }, number) =>
        principals.add({
          name: `Person ${number}`,
          address: address(`person${number}@example.test`),
          addresses: [shared],
          timezone: "UTC",
        }),
      );
      const refused = added.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
      expect(refused).toEqual(Array(9).fill("Error: the address team@example.test belongs to another principal"));
      expect(await count("principals")).toBe(1);
    }),
  );

  test(
    "somebody who is looked for and added where nobody is found is added once",
    withNodes(makeBench, async (nodes, count) => {
      const found = await tenAtOnce(nodes, async (transaction) => {
        const ann = await ensurePrincipal(transaction, "ann");
        await turn();
        return ann;
      });
      expect(new Set(valuesOf(found).map(({ id }) => id)).size).toBe(1);
      expect(await count("principals")).toBe(1);
    }),
  );

  test(
    "passwords, correspondents and sessions are written by all and fail for none",
    withNodes(makeBench, async (nodes, count) => {
      const ann = await addAnn(nodes[0]);
      const friends = Array.from({ length: 5 }, (_, friend) => address(`friend${friend}@example.test`));
      const written = await tenAtOnce(nodes, async ({ principals, sessions }, number) => {
        await principals.addCorrespondents(ann.id, number % 2 === 0 ? friends : [...friends].reverse(), now);
        await principals.setPasswordHash(ann.id, `$${number}`);
        await sessions.add(`token ${number}`, ann.id, now + 1);
        await turn();
        await sessions.remove(`token ${number}`);
      });
      expect(valuesOf(written).length).toBe(10);
      expect([await count("correspondents"), await count("credentials"), await count("sessions")]).toEqual([5, 1, 0]);
    }),
  );
}
