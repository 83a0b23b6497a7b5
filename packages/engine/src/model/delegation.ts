import { maxDelegates, maxDelegations } from "../limits.ts";
import type { CalendarUserAddress } from "./address.ts";
import type { ObjectComponent } from "./calendar-object.ts";

/** How many people one chain of delegations is followed over. */
export const maxInChain = maxDelegations * maxDelegates;

/** Finds everybody a chain of delegations reaches, those it starts from included; `maxInChain` at most, loops or not. */
export function walkChain(
  from: readonly CalendarUserAddress[],
  next: (address: CalendarUserAddress) => readonly CalendarUserAddress[],
): ReadonlySet<CalendarUserAddress> {
  const reached = new Set(from.slice(0, maxInChain));
  for (const address of reached) {
    for (const further of next(address)) if (reached.size < maxInChain) reached.add(further);
  }
  return reached;
}

/** Finds those from whom it came to an Attendee, as DELEGATED-FROM says, nearest first. RFC 5545 §3.2.4. */
export function delegatorsOf(
  { attendees }: Pick<ObjectComponent, "attendees">,
  attendee: CalendarUserAddress,
): ReadonlySet<CalendarUserAddress> {
  return walkChain(
    attendees.get(attendee)?.delegatedFrom ?? [],
    (address) => attendees.get(address)?.delegatedFrom ?? [],
  );
}
