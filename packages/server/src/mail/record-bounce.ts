import type { EpochSeconds } from "@parley/engine";
import type { DeliveryReport } from "@parley/engine/imip";
import { tellUndelivered, undeliverable } from "../scheduling/tell-undelivered.ts";
import type { Principal, Transaction } from "../store/store.ts";

/**
 * Records that a mail of the principal's came back from its recipient, and tells them so. RFC 3464. Anybody can write a report, so it has to
 * name the Message-ID of that very mail: that is known to who was sent it, and to the servers in between. What is said of a
 * mail that is still on its way here, or was answered, changes nothing; nor does what is only late.
 */
export async function recordBounce(
  transaction: Transaction,
  principal: Principal,
  { messageId, recipients }: DeliveryReport,
  now: EpochSeconds,
): Promise<void> {
  if (messageId === undefined) return;
  const { deliveries } = transaction;
  const delivery = await deliveries.byMessageId(principal.id, messageId);
  if (delivery?.state !== "handed-over") return;
  // Each of our mails has one recipient: who is reported alone is them, at whatever address the mail has come to.
  const failed = recipients.find(
    ({ recipient, original, action }) =>
      action === "failed" && (recipients.length === 1 || [recipient, original].includes(delivery.recipient)),
  );
  if (!failed) return;
  const said = [failed.status, failed.diagnostic].filter((part) => part !== undefined).join(" ");
  const detail = said === "" ? "It came back." : `It came back: ${said}`;
  await deliveries.settle(delivery.id, { state: "bounced", due: now, detail });
  await transaction.calendars.touch(delivery.principal, delivery.uid);
  await tellUndelivered(transaction, delivery, undeliverable, detail, now);
}
