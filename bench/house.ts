import { type CalendarUserAddress, defaultLimits, defaultPolicy, makeEvent, parseAddress } from "@parley/engine";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { type DeliveryWorker, startDeliveryWorker } from "../packages/server/src/delivery/worker.ts";
import { deliverInside } from "../packages/server/src/mail/deliver-inside.ts";
import { addPerson } from "../packages/server/src/people.ts";
import { changeObject } from "../packages/server/src/scheduling/change-object.ts";
import type { House } from "../packages/server/src/scheduling/house.ts";
import type { Principal, Store } from "../packages/server/src/store/store.ts";
import { systemZones } from "../packages/server/src/zones.ts";

/** When all benchmarks of the server take place. */
export const clock = Date.UTC(2027, 2, 1, 9) / 1_000;
/** The zones of this machine. */
export const zones = systemZones();

/** Writes a meeting of those guests; resolves when it is durable. */
export async function writeMeeting(
  house: House,
  organizer: Principal,
  guests: readonly string[],
  uid: string,
): Promise<void> {
  const attendees = guests.map((guest, i) => ({ address: addressOf(guest), name: `Guest Number ${i}` }));
  const start = clock + 86_400;
  const fields = {
    summary: "A meeting",
    start: { kind: "utc", wall: start },
    end: { kind: "utc", wall: start + 3_600 },
    location: "Room 4",
    description: "What we shall talk about",
    attendees,
  } as const;
  const made = await changeObject(house, organizer, { uid }, () =>
    makeEvent(uid, fields, organizer, makeZoneResolver([], zones, defaultLimits), defaultLimits),
  );
  if (made.kind !== "done") throw new Error(made.kind);
}

/** Starts a worker that carries copies to local guests and lets all else vanish. */
export function workerOf(house: House): DeliveryWorker {
  return startDeliveryWorker({
    store: house.store,
    clock: house.clock,
    random: () => 0.5,
    transport: { send: async () => ({ kind: "delivered" }), close: async () => {} },
    deliverInside: (...of) => deliverInside(house, ...of),
    onTrouble: (error) => {
      throw error;
    },
  });
}

/** Makes a house over a store that sends at once and trusts its relay. */
export function houseOver(store: Store): House {
  return {
    store,
    clock: () => clock,
    zones,
    limits: { ...defaultLimits },
    policy: defaultPolicy,
    domains: new Set(["example.test"]),
    trust: { authservIds: [], relay: true },
    delivery: { pauseSeconds: 0 },
    makeUid: () => "one@example.test",
  };
}

/** Adds the person of that number. */
export function addOne(store: Store, i: number): Promise<Principal> {
  const addresses = [`person${i}@example.test`];
  return addPerson(store, { name: `Person Number ${i}`, addresses, timezone: "Europe/Berlin" });
}

/** Reads an address; throws where it is none. */
export function addressOf(text: string): CalendarUserAddress {
  const address = parseAddress(text);
  if (!address) throw new Error(`${text} is no address`);
  return address;
}

/** Makes the mail in which a guest accepts. */
export function replyOf(guest: string, uid: string, organizer: string): Uint8Array {
  return mailOf("REPLY", uid, [`ATTENDEE;PARTSTAT=ACCEPTED:mailto:${guest}`], guest, organizer);
}

/** Makes a mail about a meeting; the higher its `serial`, the later it was written. */
export function mailOf(
  method: string,
  uid: string,
  attendees: readonly string[],
  from: string,
  to: string,
  serial = 0,
): Uint8Array {
  const stamp = new Date((clock - 86_400 + serial) * 1_000).toISOString().replace(/[-:]|\.\d+/g, "");
  const organizer = method === "REPLY" ? to : from;
  const text = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${method}`,
    `Message-ID: <${uid}-${serial}-${from}>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/alternative; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "You are invited.",
    "--b",
    `Content-Type: text/calendar; charset=utf-8; method=${method}`,
    "Content-Transfer-Encoding: 8bit",
    "",
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Parley//Bench//EN",
    `METHOD:${method}`,
    "BEGIN:VEVENT",
    `UID:${uid}`,
    `DTSTAMP:${stamp}`,
    "SEQUENCE:0",
    "DTSTART:20270302T090000Z",
    "DTEND:20270302T100000Z",
    "SUMMARY:A meeting of some length\\, as they are",
    "LOCATION:Room 4",
    `ORGANIZER:mailto:${organizer}`,
    ...attendees,
    "END:VEVENT",
    "END:VCALENDAR",
    "--b--",
    "",
  ];
  return new TextEncoder().encode(text.join("\r\n"));
}
