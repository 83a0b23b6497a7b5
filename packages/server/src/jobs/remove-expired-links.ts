import type { House } from "../scheduling/house.ts";
import type { Job } from "./runner.ts";

const atOnce = 1_000;

/** Removes links to answer by that have run out: nobody can use them any more, and they only take space. Decision 0037. */
export function removeExpiredLinks({ store, clock }: House): Job {
  return {
    name: "remove-expired-links",
    does: "removes links to answer by that have run out",
    periodSeconds: 86_400,
    async run({ goOn }) {
      let removed = 0;
      while (await goOn()) {
        const count = await store.write(({ answerLinks }) => answerLinks.removeExpired(clock(), atOnce));
        removed += count;
        if (count < atOnce) break;
      }
      return `${removed} removed`;
    },
  };
}
