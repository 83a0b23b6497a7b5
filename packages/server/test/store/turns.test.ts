import { expect, test } from "vitest";
import { makeTurns, type Turns } from "../../src/store/turns.ts";

/** Asks for turns while one is taken, lets go, and tells in which order they came. */
async function orderOf(turns: Turns, asked: readonly (readonly [name: string, isBackground: boolean])[]) {
  const order: string[] = [];
  let letGo: () => void = () => undefined;
  const taken = turns(false, () => new Promise<void>((end) => (letGo = end)));
  await Promise.resolve();
  const all = asked.map(([name, isBackground]) =>
    turns(isBackground, async () => {
      order.push(name);
      await new Promise((wait) => setTimeout(wait, 5));
    }),
  );
  letGo();
  await Promise.all([taken, ...all]);
  return order;
}

test("those somebody waits for come first, each kind in its order", async () => {
  const asked = [
    ["copy 1", true],
    ["copy 2", true],
    ["put 1", false],
    ["put 2", false],
  ] as const;
  expect(await orderOf(makeTurns({ atOnce: 1, inBackground: 1 }), asked)).toEqual([
    "put 1",
    "put 2",
    "copy 1",
    "copy 2",
  ]);
});

test("five may pass what nobody waits for", async () => {
  const puts = Array.from({ length: 20 }, (_, i) => [`${i}`, false] as const);
  const order = await orderOf(makeTurns({ atOnce: 1, inBackground: 1 }), [["copy 1", true], ["copy 2", true], ...puts]);
  expect(order.indexOf("copy 1")).toBe(5);
  // At the earliest after five others; more, while it rests.
  expect(order.indexOf("copy 2")).toBeGreaterThanOrEqual(11);
  expect(order.indexOf("copy 2")).toBeLessThan(14);
});

test("a failure is the failure of its own work, and the next has its turn", async () => {
  const turns = makeTurns({ atOnce: 1, inBackground: 1 });
  const failing = turns(true, () => Promise.reject(new Error("full")));
  const next = turns(true, async () => "done");
  await expect(failing).rejects.toThrow("full");
  expect(await next).toBe("done");
});

test("what never waits for the world lets it be heard between two turns", async () => {
  const turns = makeTurns({ atOnce: 1, inBackground: 1 });
  let heard = 0;
  const world = setInterval(() => (heard += 1), 1);
  for (let i = 0; i < 10; i++) await turns(true, async () => undefined);
  clearInterval(world);
  expect(heard).toBeGreaterThan(2);
});

test("never more at once than there may be, nor in the background", async () => {
  const turns = makeTurns({ atOnce: 3, inBackground: 2 });
  const running = { first: 0, later: 0 };
  const most = { first: 0, later: 0, all: 0 };
  const work = (kind: "first" | "later") => async () => {
    running[kind] += 1;
    most[kind] = Math.max(most[kind], running[kind]);
    most.all = Math.max(most.all, running.first + running.later);
    await new Promise((wait) => setTimeout(wait, 1));
    running[kind] -= 1;
  };
  const kinds = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? "first" : "later"));
  await Promise.all(kinds.map((kind) => turns(kind === "later", work(kind))));
  expect(most).toEqual({ first: 3, later: 2, all: 3 });
});
