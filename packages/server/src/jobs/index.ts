import type { House } from "../scheduling/house.ts";
import { extendBusyIndex } from "./extend-busy-index.ts";
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

/** All there is to be done again and again. */
export function allJobs(house: House, { ledgerDays }: KeepRules): readonly Job[] {
  return [extendBusyIndex(house), removeExpiredSessions(house), removeOldMessages(house, ledgerDays)];
}
