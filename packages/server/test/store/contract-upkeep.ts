import { describe, expect, test } from "vitest";
import type { RawRow } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, answer, enqueue, saveAnswer } from "./fixtures.ts";

/** Tables as tables. */
export function testUpkeep(makeBench: MakeBench): void {
  describe("upkeep", () => {
    test(
      "carries every table from one store into another, where no id is given out twice",
      withStore(makeBench, async (store) => {
        const ann = await addAnn(store);
        await store.write(async (transaction) => {
          await saveAnswer(transaction, ann.id, { ...answer("guest@example.test"), comment: "\u0000\u0001" });
          await enqueue(transaction, ann.id, { messageId: "<1>" });
          await transaction.principals.addCorrespondents(ann.id, [ann.address], 1);
          await transaction.queue.pause({ since: 1, reason: "a copy" });
        });
        const bench = await makeBench();
        const other = await bench.open();
        const { rows, lastIds } = await store.read(async ({ upkeep }) => {
          const read: [string, readonly RawRow[]][] = [];
          for (const table of upkeep.tables) read.push([table, await upkeep.page(table, undefined)]);
          return { rows: read, lastIds: await upkeep.lastIds() };
        });
        await other.write(async ({ upkeep }) => {
          for (const [table, copied] of rows) if (copied.length > 0) await upkeep.insert(table, copied);
          await upkeep.raiseLastIds({ ...lastIds, principals: 41 });
          await upkeep.raiseLastIds(lastIds); // never lowers one
        });
        expect((await addAnn(other, "bob")).id).toBe("42");
        await other.read(async ({ upkeep }) => {
          for (const [table, copied] of rows) {
            const present = await upkeep.page(table, undefined);
            expect(present.slice(0, copied.length)).toEqual(copied);
            expect(await upkeep.page(table, present.at(-1))).toEqual([]);
          }
          for await (const fault of upkeep.faults()) expect(fault).toBeUndefined();
        });
        await other.close();
        await bench.close();
      }),
    );
  });
}
