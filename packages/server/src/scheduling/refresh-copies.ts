import type { Principal, PrincipalId, StoredObject, Transaction } from "../store/store.ts";
import type { Applied } from "./commit.ts";
import type { House } from "./house.ts";
import { isOrganizedBy } from "./obstacles.ts";

/** How long answers are gathered where the house says nothing else. */
const gatheringSeconds = 60;
/** Copies one transaction touches: others wait no longer than for these. */
const maxTogether = 100;

/**
 * Notes that somebody's answer was recorded in their Organizer's copy: the copies of the other guests here show it from now on, and
 * get another etag when the answers of a while are told together. Decision 0030.
 */
export async function noteAnswer(
  house: House,
  { refreshes }: Transaction,
  principal: Principal,
  { id, state }: StoredObject,
  { changes }: Applied,
): Promise<void> {
  if (!changes.some(({ kind }) => kind === "participation")) return;
  if (!state.object || !isOrganizedBy(state.object, new Set(principal.addresses))) return;
  const { refreshSeconds = gatheringSeconds } = house.delivery;
  await refreshes.note(id, house.clock() + refreshSeconds);
}

/**
 * Lets the guests of events whose answers were gathered look at them anew: their copies get another etag, some in each transaction.
 * Nothing else is written, however many have answered. Returns how many events that were.
 */
export async function refreshCopies({ store, clock, delivery }: House): Promise<number> {
  const now = clock();
  const due = await store.read(({ refreshes }) => refreshes.nextDue());
  if (due === undefined || due > now) return 0;
  const again = now + Math.max(delivery.refreshSeconds ?? gatheringSeconds, 1);
  const taken = await store.write(({ refreshes }) => refreshes.take(now, again));
  for (const refresh of taken) {
    let after: PrincipalId | undefined;
    do {
      const from = after;
      const owners = await store.read(({ refreshes }) => refreshes.copies(refresh, from, maxTogether));
      await store.write(({ refreshes }) => refreshes.touch(refresh.uid, owners));
      after = owners.length === maxTogether ? owners.at(-1) : undefined;
    } while (after !== undefined);
    await store.write(({ refreshes }) => refreshes.end(refresh));
  }
  return taken.length;
}
