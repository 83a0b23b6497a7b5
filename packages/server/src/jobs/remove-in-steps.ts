import type { Turn } from "./runner.ts";

/** Rows of one table removed in one transaction. */
const atOnce = 1_000;

/** Removes in as many transactions as it takes, each given how many it may; tells how many it were. The last finds fewer than that. */
export async function removeInSteps({ goOn }: Turn, step: (limit: number) => Promise<number>): Promise<number> {
  let removed = 0;
  while (await goOn()) {
    const count = await step(atOnce);
    removed += count;
    if (count < atOnce) break;
  }
  return removed;
}
