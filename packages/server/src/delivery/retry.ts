import type { RequestStatus } from "@parley/engine";

/**
 * What became of an attempt to hand a mail over:
 *
 * - `delivered`: the next server has taken it, or it is on the disk.
 * - `deferred`: not now; it may work later. `retryAfterSeconds` is the least pause.
 * - `refused`: never; `status` is what the Attendee's SCHEDULE-STATUS becomes, RFC 6638 §3.2.9.
 */
export type DeliveryResult =
  | { readonly kind: "delivered" }
  | { readonly kind: "deferred"; readonly retryAfterSeconds: number; readonly detail: string }
  | { readonly kind: "refused"; readonly status: RequestStatus; readonly detail: string };

/** Pauses after the first attempts, in seconds; later ones are as long as the last. */
const pauses = [60, 120, 300, 600, 1_200, 2_400, 4_800, 9_600, 14_400] as const;
const longestPause = 14_400;
const giveUpAfterSeconds = 3 * 86_400;
/** A pause is up to this part longer or shorter, so that what failed together is not tried again together. */
const jitter = 0.2;

/**
 * Tells how many seconds to wait after that many failed attempts, at least `leastSeconds`; `undefined` to give up, which is
 * after attempts spread over about 3 days. `random` is a number from 0 up to 1.
 */
export function retryAfter(attempts: number, leastSeconds: number, random: number): number | undefined {
  if (waited(attempts) > giveUpAfterSeconds) return undefined;
  const pause = pauseAfter(attempts) * (1 - jitter + 2 * jitter * random);
  return Math.round(Math.max(pause, Math.min(leastSeconds, longestPause)));
}

function pauseAfter(attempts: number): number {
  return pauses[Math.max(0, attempts - 1)] ?? longestPause;
}

/** The pauses up to and including the one after that many attempts, without jitter. */
function waited(attempts: number): number {
  const early = pauses.slice(0, Math.max(0, attempts)).reduce((sum, pause) => sum + pause, 0);
  return early + Math.max(0, attempts - pauses.length) * longestPause;
}
