import { busyHorizonSeconds, indexAnew } from "../scheduling/busy-index.ts";
import type { House } from "../scheduling/house.ts";
import type { ObjectOfPrincipal } from "../store/busy-time.ts";
import type { Job } from "./runner.ts";

/**
 * Keeps the index of busy time two years ahead: follows series whose time there ends sooner, and makes anew what was placed by other zone
 * data or in another zone of its owner, what a copy that was restored did not hold, and what an older program has written. Decision 0029.
 */
export function extendBusyIndex(house: House): Job {
  return {
    name: "extend-busy-index",
    does: "keeps the index of busy time two years ahead",
    periodSeconds: 3_600,
    async run({ goOn, onTrouble }) {
      const wanted = { zoneData: house.zoneData ?? "", until: house.clock() + busyHorizonSeconds };
      let [made, troubles] = [0, 0];
      let last: string | undefined;
      while (await goOn()) {
        const after = last;
        const found = await house.store.read(({ busy }) => busy.outdated(wanted, after));
        for (const one of found.objects) {
          // One that cannot be read must not keep the others out.
          await indexOne(house, one).then(
            () => made++,
            (error: unknown) => {
              troubles++;
              onTrouble(error);
            },
          );
        }
        last = found.last;
        if (last === undefined) break;
      }
      return `${made} indexed${troubles > 0 ? `, ${troubles} could not be` : ""}`;
    },
  };
}

/** A transaction each: whoever writes to one of them waits for no other. */
function indexOne(house: House, { principal, object }: ObjectOfPrincipal): Promise<void> {
  return house.store.write(async (transaction) => {
    const stored = await transaction.objects.byId(principal, object);
    const owner = await transaction.principals.byId(principal);
    if (stored && owner) await indexAnew(house, transaction, owner, stored);
  });
}
