import type { House } from "../scheduling/house.ts";
import { removeInSteps } from "./remove-in-steps.ts";
import type { Job } from "./runner.ts";

/** Removes sessions that have run out: they let nobody in any more, and only take space. */
export function removeExpiredSessions({ store, clock }: House): Job {
  return {
    name: "remove-expired-sessions",
    does: "removes sessions that have run out",
    periodSeconds: 86_400,
    async run(turn) {
      const removed = await removeInSteps(turn, (limit) =>
        store.write(({ sessions }) => sessions.removeExpired(clock(), limit)),
      );
      return `${removed} removed`;
    },
  };
}
