import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Notice } from "../../src/store/notice.ts";
import type { Store, Transaction } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, answer, enqueue, ledgerRecord, now, saveAnswer, uid } from "./fixtures.ts";

/** Gathers what is told; gives it in a fixed order. */
export function gather(store: Store): { readonly all: Notice[]; readonly take: () => string[] } {
  const all: Notice[] = [];
  store.listen((notices) => all.push(...notices));
  return { all, take: () => all.splice(0).map(nameOf).sort() };
}

function nameOf(notice: Notice): string {
  const principal = "principal" in notice ? notice.principal : "";
  const about = "uid" in notice ? notice.uid : "";
  return [notice.kind, principal, about].filter(Boolean).join(" ");
}

/** Waits for what comes from elsewhere. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !isSo(); waited += 20) {
    if (waited > 15_000) throw new Error(`waited in vain for ${what}`);
    await sleep(20);
  }
}

type Step = readonly [
  what: string,
  work: (transaction: Transaction, ann: string) => Promise<unknown>,
  told: readonly string[],
];

const steps: readonly Step[] = [
  ["an object", (t, ann) => saveAnswer(t, ann, answer("guest@example.test")), [`object ANN ${uid}`]],
  ["a message", (t, ann) => t.ledger.add(ledgerRecord(ann, { uid })), [`message ANN ${uid}`]],
  ["a message about nothing known", (t, ann) => t.ledger.add(ledgerRecord(ann)), ["message ANN"]],
  ["a question", (t, ann) => t.ledger.add(ledgerRecord(ann, { uid, verdict: "undecided" })), [`question ANN ${uid}`]],
  [
    "deliveries",
    (t, ann) => enqueue(t, ann, { messageId: "<1>" }, { messageId: "<2>", uid: "other" }),
    [`delivery ANN other`, `delivery ANN ${uid}`, "message ANN", "work"],
  ],
  ["a sent delivery", settleFirst, [`delivery ANN ${uid}`]],
  ["a delivery that had ended", settleFirst, []],
  [
    "deliveries tried again",
    (t, ann) => t.queue.retry({ states: ["handed-over"], principal: ann, uid }, now),
    [`delivery ANN ${uid}`, "work"],
  ],
  ["copies that show what others answered", (t, ann) => t.refreshes.touch(uid, [ann]), [`object ANN ${uid}`]],
  ["a queue let go", (t) => t.queue.release(), ["anew", "work"]],
  ["a session", (t, ann) => t.sessions.add("hash", ann, now + 1), []],
  ["a session that ends", (t) => t.sessions.remove("hash"), ["access ANN"]],
  ["a session that is unknown", (t) => t.sessions.remove("hash"), []],
  ["what somebody may", (t, ann) => t.principals.delegate(ann, ann, undefined), ["access ANN"]],
];

async function settleFirst({ queue, deliveries }: Transaction, ann: string): Promise<void> {
  const [first] = await queue.list({ states: ["queued", "handed-over"], principal: ann, uid }, 1);
  const state = first?.state === "queued" ? "handed-over" : "queued";
  await deliveries.settle(first?.id ?? "", { state, due: now, detail: "" });
}

/** What is told of commits. Decision 0031. */
export function testNotices(makeBench: MakeBench): void {
  describe("notices", () => {
    test(
      "tell of each thing that was committed, here at once and to another node soon",
      withStore(makeBench, async (store, bench) => {
        const { id: ann } = await addAnn(store);
        const other = await bench.open();
        const [here, there] = [gather(store), gather(other)];
        await sleep(100);
        for (const [what, work, told] of steps) {
          await store.write((transaction) => work(transaction, ann));
          const names = told.map((name) => name.replace("ANN", ann)).sort();
          // A node that begins to listen says so, at a time of its own.
          expect(
            here.take().filter((name) => names.includes(name) || !["anew", "work"].includes(name)),
            what,
          ).toEqual(names);
        }
        await until(() => there.all.some(({ kind }) => kind === "anew"), "the other node");
        await other.close();
      }),
    );

    test(
      "tell of nothing before it is committed, and of nothing that is not",
      withStore(makeBench, async (store) => {
        const { id: ann } = await addAnn(store);
        const told = gather(store);
        const failed = store.write(async (transaction) => {
          await saveAnswer(transaction, ann, answer("guest@example.test"));
          throw new Error("no");
        });
        await expect(failed).rejects.toThrow("no");
        await store.write(async (transaction) => {
          await transaction.ledger.add(ledgerRecord(ann));
          await sleep(20);
          expect(told.all.filter(({ kind }) => kind === "object" || kind === "message")).toEqual([]);
        });
        expect(told.all.map(({ kind }) => kind)).toContain("message");
      }),
    );

    test(
      "of one transaction name each thing once, and of very much say to look anew",
      withStore(makeBench, async (store) => {
        const { id: ann } = await addAnn(store);
        const told = gather(store);
        const addRows = (count: number) =>
          store.write(async ({ ledger }) => {
            for (let row = 0; row < count; row++) await ledger.add(ledgerRecord(ann, { uid: `${row % 1_001}` }));
            for (let row = 0; row < 2; row++) await ledger.add(ledgerRecord(ann, { uid: "0" }));
          });
        await addRows(2);
        expect(told.take().filter((name) => name.startsWith("message"))).toEqual([
          `message ${ann} 0`,
          `message ${ann} 1`,
        ]);
        await addRows(1_001);
        expect([...new Set(told.take())]).toEqual(["anew", "work"]);
      }),
    );

    test(
      "end where nobody listens any more, and what a process tells last is heard",
      withStore(makeBench, async (store, bench) => {
        const { id: ann } = await addAnn(store);
        let heard = 0;
        const unlisten = store.listen(() => heard++);
        unlisten();
        const there = gather(store);
        await sleep(100);
        const short = await bench.open();
        await short.write(({ ledger }) => ledger.add(ledgerRecord(ann)));
        there.take();
        await short.close();
        await until(() => there.all.length > 0, "what was told last");
        expect(heard).toBe(0);
      }),
    );
  });
}
