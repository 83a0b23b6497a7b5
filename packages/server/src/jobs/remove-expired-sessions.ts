import type { House } from "../scheduling/house.ts";
import type { Job } from "./runner.ts";

const sessionsAtOnce = 1_000;

/** Removes sessions that have run out: they let nobody in any more, and only take space. */
export function removeExpiredSessions({ store, clock }: House): Job {
  return {
    name: "remove-expired-sessions",
    does: "removes sessions that have run out",
    periodSeconds: 86_400,
    async run({ goOn }) {
      let removed = 0;
      while (await goOn()) {
        const count = await store.write(({ sessions }) => sessions.removeExpired(clock(), sessionsAtOnce));
        removed += count;
        if (count < sessionsAtOnce) break;
      }
      return `${removed} removed`;
    },
  };
}
