import type { EventView, LedgerList } from "@parley/server/contract";

/** How often is looked again where nothing is on its way. */
export const refreshMs = 15_000;
/** How often where the server tells of changes: it does not promise to tell of each. */
export const toldRefreshMs = 120_000;

const soonMs: readonly number[] = [1_000, 2_000, 4_000];

/** Tells how long to wait, in ms, before looking again at what will change in a moment; `undefined` after three `looks`. */
export function soonAgainMs(looks: number): number | undefined {
  return soonMs[looks];
}

/** Tells whether a message to somebody on the guest list still waits to be sent. */
export function awaitsMail(event: EventView): boolean {
  return event.attendees.some(({ delivery }) => delivery === "queued");
}

/** Tells whether any message of the ledger still waits to be sent. */
export function awaitsDelivery({ entries }: LedgerList): boolean {
  return entries.some(({ deliveries }) => deliveries.some(({ state }) => state === "queued"));
}
