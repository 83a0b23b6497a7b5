import type { House } from "../scheduling/house.ts";
import { removeInSteps } from "./remove-in-steps.ts";
import type { Job } from "./runner.ts";

/** Questions are counted for a day. */
const countedSeconds = 2 * 86_400;

/** Forgets what people elsewhere told of their time too long ago to be believed, and who asked whom. Decision 0040. */
export function forgetToldBusy({ store, clock }: House): Job {
  return {
    name: "forget-told-busy",
    does: "forgets busy time that was told by mail long ago",
    periodSeconds: 86_400,
    async run(turn) {
      const removed = await removeInSteps(turn, (limit) => {
        const now = clock();
        return store.write(({ knownBusy }) => knownBusy.removeExpired(now, now - countedSeconds, limit));
      });
      return `${removed} forgotten`;
    },
  };
}
