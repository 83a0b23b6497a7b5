import {
  type CalendarUserAddress,
  type DateOrDateTime,
  type EventFields,
  isMailAddress,
  parseAddress,
} from "@parley/engine";
import type { House } from "../scheduling/house.ts";
import type { Principal } from "../store/store.ts";
import type { EventInput } from "./contract.ts";
import { Refusal } from "./problem.ts";
import { parseIsoTime } from "./times.ts";

/**
 * Reads what a person filled in about an event. The owner is no guest of their own event, and a guest named twice comes once.
 * Throws a `Refusal` that names the field where something cannot be.
 */
export function readEventInput(house: House, owner: Principal, input: EventInput): EventFields {
  const summary = input.summary.trim();
  if (summary === "") throw new Refusal("invalid", "summary: must not be blank.");
  const start = readTime("start", input.start);
  const end = readTime("end", input.end);
  if (start.kind !== end.kind) {
    throw new Refusal("invalid", "end: must be a date where start is one, and a time where start is one.");
  }
  if (end.wall < start.wall) throw new Refusal("invalid", "end: must not be before start.");
  if (start.kind === "date" && end.wall === start.wall) {
    throw new Refusal("invalid", "end: must be after start; the end of an all-day event is the day after its last.");
  }
  return {
    summary,
    start,
    end,
    location: input.location?.trim() ?? "",
    description: input.description?.trim() ?? "",
    attendees: readGuests(house, owner, input.attendees ?? []),
  };
}

function readTime(field: string, text: string): DateOrDateTime {
  const time = parseIsoTime(text);
  if (!time) throw new Refusal("invalid", `${field}: ${text} is no day or time there is.`);
  return time;
}

type GuestInput = NonNullable<EventInput["attendees"]>[number];
type Guest = EventFields["attendees"][number];

function readGuests(house: House, owner: Principal, inputs: readonly GuestInput[]): readonly Guest[] {
  const guests = new Map<CalendarUserAddress, Guest>();
  for (const [index, input] of inputs.entries()) {
    const address = parseAddress(input.address);
    if (!address || !isMailAddress(address)) {
      throw new Refusal(
        "invalid",
        `attendees.${index}.address: ${JSON.stringify(input.address)} is not a mail address.`,
      );
    }
    if (owner.addresses.includes(address)) continue;
    guests.set(address, { ...readGuest(address, input), ...guests.get(address) });
  }
  // The organizer has a line among the attendees too.
  const most = house.limits.maxAttendees - 1;
  if (guests.size > most) throw new Refusal("invalid", `attendees: must be at most ${most}.`);
  return [...guests.values()];
}

function readGuest(address: CalendarUserAddress, { name, role }: GuestInput): Guest {
  const shown = name?.trim();
  return { address, ...(shown && { name: shown }), ...(role && { role }) };
}
