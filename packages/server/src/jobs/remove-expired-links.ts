import type { House } from "../scheduling/house.ts";
import { removeInSteps } from "./remove-in-steps.ts";
import type { Job } from "./runner.ts";

/** Removes links to answer by that have run out: nobody can use them any more, and they only take space. Decision 0037. */
export function removeExpiredLinks({ store, clock }: House): Job {
  return {
    name: "remove-expired-links",
    does: "removes links to answer by that have run out",
    periodSeconds: 86_400,
    async run(turn) {
      const removed = await removeInSteps(turn, (limit) =>
        store.write(({ answerLinks }) => answerLinks.removeExpired(clock(), limit)),
      );
      return `${removed} removed`;
    },
  };
}
