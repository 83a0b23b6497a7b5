import type { House } from "../scheduling/house.ts";
import type { Job } from "./runner.ts";

const atOnce = 1_000;
/** Questions are counted for a day. */
const countedSeconds = 2 * 86_400;

/** Forgets what people elsewhere told of their time too long ago to be believed, and who asked whom. Decision 0040. */
export function forgetToldBusy({ store, clock }: House): Job {
  return {
    name: "forget-told-busy",
    does: "forgets busy time that was told by mail long ago",
    periodSeconds: 86_400,
    async run({ goOn }) {
      let removed = 0;
      while (await goOn()) {
        const now = clock();
        const count = await store.write(({ knownBusy }) => knownBusy.removeExpired(now, now - countedSeconds, atOnce));
        removed += count;
        if (count === 0) break;
      }
      return `${removed} forgotten`;
    },
  };
}
