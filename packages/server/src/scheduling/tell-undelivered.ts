import type { EpochSeconds, RequestStatus } from "@parley/engine";
import type { Delivery, Transaction } from "../store/store.ts";

/** The status of RFC 6638 §3.2.9 for a message that could not be delivered. */
export const undeliverable: RequestStatus = { code: [5, 1], description: "Service unavailable" };

/**
 * Tells the sender of a message that a recipient will not get it, by a ledger row of its own, with the status that would be the
 * recipient's SCHEDULE-STATUS. RFC 6638 §3.2.9.
 */
export async function tellUndelivered(
  { ledger }: Transaction,
  delivery: Delivery,
  { code }: RequestStatus,
  detail: string,
  now: EpochSeconds,
): Promise<void> {
  const sent = await ledger.byId(delivery.principal, delivery.message);
  if (!sent) throw new Error(`the message of delivery ${delivery.id} is gone`);
  const { principal, method, uid, sequence, subject, from } = sent;
  await ledger.add({
    principal,
    at: now,
    direction: "out",
    ...(method !== undefined && { method }),
    ...(uid !== undefined && { uid }),
    ...(sequence !== undefined && { sequence }),
    subject,
    from,
    to: [delivery.recipient],
    verdict: "undelivered",
    rule: "RFC 6638 §3.2.9",
    reason: `It could not be delivered to ${delivery.recipient} (status ${code.join(".")}): ${detail}`,
    changes: [],
    violations: [],
  });
}
