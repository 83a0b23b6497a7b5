import type { House } from "../scheduling/house.ts";
import type { FetchCalendar } from "../subscriptions/fetch-calendar.ts";
import { extendBusyIndex } from "./extend-busy-index.ts";
import { forgetToldBusy } from "./forget-told-busy.ts";
import { refreshSubscriptions } from "./refresh-subscriptions.ts";
import { removeExpiredLinks } from "./remove-expired-links.ts";
import { removeExpiredSessions } from "./remove-expired-sessions.ts";
import { removeOldMessages } from "./remove-old-messages.ts";
import type { Job } from "./runner.ts";

export type { Job, JobEnd, JobRunner } from "./runner.ts";
export { runOnce, startJobs } from "./runner.ts";

/** How long things are kept. */
export interface KeepRules {
  /** Messages, and the mail they came in. */
  readonly ledgerDays: number;
}

/** All there is to be done again and again; calendars from elsewhere are read where there is a way to. */
export function allJobs(house: House, { ledgerDays }: KeepRules, fetch?: FetchCalendar): readonly Job[] {
  return [
    extendBusyIndex(house),
    removeExpiredSessions(house),
    removeExpiredLinks(house),
    forgetToldBusy(house),
    removeOldMessages(house, ledgerDays),
    ...(fetch ? [refreshSubscriptions(house, fetch)] : []),
  ];
}
