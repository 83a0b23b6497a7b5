import type { AttendeeView, EventView } from "@parley/server/contract";

/** Lists whom an event invites: everybody on its guest list but the organizer, whose own line many calendars write there too. */
export function guestsOf(event: EventView): readonly AttendeeView[] {
  return event.attendees.filter(({ address }) => !isOrganizer(event, address));
}

/** Lists everybody on the guest list, the organizer first where they are on it. */
export function listedOf(event: EventView): readonly AttendeeView[] {
  return [...event.attendees.filter(({ address }) => isOrganizer(event, address)), ...guestsOf(event)];
}

/** Tells whether an address is the organizer's. */
export function isOrganizer(event: EventView, address: string): boolean {
  return event.organizer?.address.toLowerCase() === address.toLowerCase();
}
