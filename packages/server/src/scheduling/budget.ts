import type { CalendarUserAddress, SchedulingMessage } from "@parley/engine";
import type { Principal, Transaction } from "../store/store.ts";
import type { House } from "./house.ts";

const [dayInSeconds, hourInSeconds] = [86_400, 3_600];

/**
 * Tells for which recipients a message is beyond what its sender may send, and why: for all where it would be more in a day than one
 * person sends, so that it is not told to half the guests; for those who got more in an hour about one UID than anybody reads, as they do
 * when two programs answer each other.
 */
export async function beyondBudget(
  house: House,
  { deliveries }: Transaction,
  principal: Principal,
  { object, recipients }: SchedulingMessage,
): Promise<ReadonlyMap<CalendarUserAddress, string>> {
  const { maxPerPersonDay, maxPerGuestHour } = house.delivery;
  const now = house.clock();
  if (maxPerPersonDay !== undefined) {
    const before = await deliveries.countSince(principal.id, now - dayInSeconds, maxPerPersonDay + 1);
    const why = `more than ${maxPerPersonDay} messages of one person in a day`;
    if (before + recipients.length > maxPerPersonDay) return new Map(recipients.map((recipient) => [recipient, why]));
  }
  if (maxPerGuestHour === undefined) return new Map();
  const flooded = await deliveries.floodedSince(principal.id, object.uid, now - hourInSeconds, maxPerGuestHour);
  const why = `more than ${maxPerGuestHour} messages to one address about one event in an hour`;
  return new Map(flooded.map((recipient) => [recipient, why]));
}
