import type { CalendarUserAddress, SchedulingMessage } from "@parley/engine";
import type { Principal, Transaction } from "../store/store.ts";
import type { House } from "./house.ts";

const [dayInSeconds, hourInSeconds] = [86_400, 3_600];
/** What no person had sent is bounded where the house says nothing else. */
const automaticPerGuestDay = 50;

/**
 * Tells for which recipients a message is beyond what its sender may send, and why: for all where it would be more in a day than one
 * person sends, so that it is not told to half the guests; for those who got more in an hour about one UID than anybody reads; of what
 * nobody had sent for those who got much in a day, as they do when two programs answer each other.
 */
export async function beyondBudget(
  house: House,
  { deliveries }: Transaction,
  principal: Principal,
  { object, recipients }: SchedulingMessage,
  isAutomatic: boolean,
): Promise<ReadonlyMap<CalendarUserAddress, string>> {
  const { maxPerPersonDay, maxPerGuestHour, maxAutomaticPerGuestDay = automaticPerGuestDay } = house.delivery;
  const now = house.clock();
  if (maxPerPersonDay !== undefined) {
    const before = await deliveries.countSince(principal.id, now - dayInSeconds, maxPerPersonDay + 1);
    const why = `more than ${maxPerPersonDay} messages of one person in a day`;
    if (before + recipients.length > maxPerPersonDay) return new Map(recipients.map((recipient) => [recipient, why]));
  }
  const held = new Map<CalendarUserAddress, string>();
  const { uid } = object;
  if (maxPerGuestHour !== undefined) {
    const why = `more than ${maxPerGuestHour} messages to one address about one event in an hour`;
    const flooded = await deliveries.floodedSince(principal.id, uid, now - hourInSeconds, maxPerGuestHour);
    for (const recipient of flooded) held.set(recipient, why);
  }
  if (isAutomatic) {
    const why = `more than ${maxAutomaticPerGuestDay} messages that nobody had sent, to one address about one event in a day`;
    const flooded = await deliveries.floodedSince(principal.id, uid, now - dayInSeconds, maxAutomaticPerGuestDay, true);
    for (const recipient of flooded) held.set(recipient, why);
  }
  return held;
}
