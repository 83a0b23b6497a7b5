import type { House } from "../scheduling/house.ts";
import type { FetchCalendar } from "../subscriptions/fetch-calendar.ts";
import { noteTrouble, refreshSubscription } from "../subscriptions/refresh.ts";
import type { Job } from "./runner.ts";

/** Read at once: a server that is slow keeps others waiting no longer than one fetch takes. */
const atOnce = 8;
const periodSeconds = 300;

/** Reads calendars from elsewhere that are due. Decision 0041. */
export function refreshSubscriptions(house: House, fetch: FetchCalendar): Job {
  return {
    name: "refresh-subscriptions",
    does: "reads subscribed calendars",
    periodSeconds,
    async run({ goOn, onTrouble }) {
      let [read, failed] = [0, 0];
      const seen = new Set<string>();
      while (await goOn()) {
        const due = await house.store.read(({ sharing }) => sharing.dueSubscriptions(house.clock(), atOnce));
        const fresh = due.filter(({ calendar }) => !seen.has(calendar));
        if (fresh.length === 0) break;
        await Promise.all(
          fresh.map(async (subscription) => {
            seen.add(subscription.calendar);
            // One that cannot be kept must not keep the others out.
            const state = await refreshSubscription(house, fetch, subscription).catch(async (error: unknown) => {
              onTrouble(error);
              await noteTrouble(house, subscription);
              return undefined;
            });
            if (state?.failures === 0) read++;
            else failed++;
          }),
        );
      }
      return `${read} read${failed > 0 ? `, ${failed} could not be` : ""}`;
    },
  };
}
