import {
  defaultLimits,
  defaultPolicy,
  type EventFields,
  editEvent,
  leadingComponent,
  makeEvent,
  objectComponents,
  parseAddress,
} from "@parley/engine";
import { makeComponent } from "@parley/engine/icalendar";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import { type OutgoingMail, startDeliveryWorker } from "../../src/delivery/worker.ts";
import { deliverInside } from "../../src/mail/deliver-inside.ts";
import { changeObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { calendarMail } from "../mail/calendar-mail.ts";
import { calendarObject, property } from "../store/fixtures.ts";

export const now = 1_803_988_800;
export const uid = "one@example.test";
/** What a store under these houses is given. */
export const storeOptions = { zones: intlZoneProvider, limits: defaultLimits };

const zones = makeZoneResolver([], intlZoneProvider, defaultLimits);

/** A house whose relay hands over only proven mail. */
export function houseOver(store: Store): House {
  return {
    store,
    clock: () => now,
    ...storeOptions,
    policy: defaultPolicy,
    domains: new Set(["example.test"]),
    trust: { authservIds: [], relay: true },
    delivery: { pauseSeconds: 0 },
    makeUid: () => uid,
  };
}

/** Carries all that is queued until an hour from now, and what that makes; gives what left the house. */
export async function drain(house: House): Promise<readonly OutgoingMail[]> {
  const sent: OutgoingMail[] = [];
  const errors: unknown[] = [];
  const worker = startDeliveryWorker({
    store: house.store,
    clock: () => house.clock() + 3_600,
    random: () => 0.5,
    transport: {
      send: async (mail) => {
        sent.push(mail);
        return { kind: "delivered" };
      },
      close: async () => {},
    },
    deliverInside: (...of) => deliverInside(house, ...of),
    onTrouble: (error) => errors.push(error),
  });
  await worker.drain();
  await worker.stop();
  if (errors.length > 0) throw errors[0];
  return sent;
}

/** Fields of an event in the near future. */
export function fieldsWith(...guests: readonly string[]): EventFields {
  return {
    summary: "Planning",
    start: { kind: "utc", wall: 1_804_000_000 },
    end: { kind: "utc", wall: 1_804_003_600 },
    location: "",
    description: "",
    attendees: guests.flatMap((guest) => {
      const address = parseAddress(guest);
      return address ? [{ address }] : [];
    }),
  };
}

/** Creates the event. */
export function create(house: House, organizer: Principal, ...guests: readonly string[]) {
  return changeObject(house, organizer, { uid }, () =>
    makeEvent(uid, fieldsWith(...guests), organizer, zones, defaultLimits),
  );
}

/** Adds a guest to the event as it is. */
export function addGuest(house: House, organizer: Principal, guest: string, target: { id: string; etag?: string }) {
  return changeObject(house, organizer, target, (present) => {
    const object = present?.state.object;
    if (!object) return undefined;
    const guests = [...leadingComponent(object).attendees.keys()].filter((address) => address !== organizer.address);
    return editEvent(object, fieldsWith(...guests, guest), organizer, zones, defaultLimits);
  });
}

/** Moves the event to another day, and invites somebody in the same step. */
export async function move(house: House, organizer: Principal, ...guests: readonly string[]): Promise<void> {
  const result = await changeObject(house, organizer, { uid }, (present) => {
    const [event] = present?.state.object ? objectComponents(present.state.object) : [];
    if (!event) return undefined;
    const moved = event.component.properties.map((line) =>
      line.name === "DTSTART" || line.name === "DTEND"
        ? { ...line, value: line.value.replace(/^(.{6})../, "$109") }
        : line,
    );
    const added = guests.map((guest) => property("ATTENDEE", `mailto:${guest}`));
    return calendarObject(makeComponent("VEVENT", [...moved, ...added]));
  });
  if (result.kind !== "done") throw new Error(result.kind);
}

/** A REPLY of one guest, as their mail program writes it. */
export function replyOf(guest: string, partstat = "ACCEPTED", of = uid): Uint8Array {
  const id = `Message-ID: <${partstat}-${guest}>`;
  const header = [`From: ${guest}`, "To: ann@example.test", "Subject: Accepted", id];
  const lines = [
    `UID:${of}`,
    "DTSTAMP:20270302T090000Z",
    "DTSTART:20270302T220640Z",
    "SEQUENCE:0",
    "ORGANIZER:mailto:ann@example.test",
    `ATTENDEE;PARTSTAT=${partstat}:mailto:${guest}`,
  ];
  return new TextEncoder().encode(calendarMail(header, "REPLY", lines));
}
