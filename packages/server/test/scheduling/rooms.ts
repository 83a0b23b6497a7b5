import { currentAnswer, instanceAt, leadingComponent, type SchedulingState } from "@parley/engine";
import { makeZoneResolver } from "@parley/engine/recurrence";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { addAccount, addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import type { Booking, Principal } from "../../src/store/store.ts";
import { calendarMail } from "../mail/calendar-mail.ts";
import { type MakeBench, withStore } from "../store/bench.ts";
import { houseOver } from "./house.ts";

/** The address of the room of these tests. */
export const roomAddress = "blue@example.test";

export interface World {
  readonly houses: readonly [House, House];
  readonly room: Principal;
  readonly ann: Principal;
}

/** Runs a test on two houses over one database that has Ann and a room. */
export function withRoom(makeBench: MakeBench, policy: Booking["policy"], run: (world: World) => Promise<void>) {
  return withStore(makeBench, async (store, bench) => {
    const other = await bench.open();
    try {
      const ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
      const room = await addAccount(store, {
        kind: "room",
        name: "Blue",
        addresses: [roomAddress],
        timezone: "UTC",
        booking: { policy },
      });
      await run({ houses: [houseOver(store), houseOver(other)], room, ann });
    } finally {
      await other.close();
    }
  });
}

export interface Invitation {
  readonly uid: string;
  readonly method?: "REQUEST" | "CANCEL" | "PUBLISH";
  readonly sequence?: number;
  readonly from?: string;
  /** Beside UID, ORGANIZER, ATTENDEE, DTSTAMP and SEQUENCE. */
  readonly lines: readonly string[];
}

/** On the day of the tests, 2 March 2027: `10:00` to `11:00`. */
export function times(from: string, to: string, day = "20270303"): readonly string[] {
  return [`DTSTART:${day}T${from.replace(":", "")}00Z`, `DTEND:${day}T${to.replace(":", "")}00Z`];
}

export function mailOf({
  uid,
  method = "REQUEST",
  sequence = 0,
  from = "ann@example.test",
  lines,
}: Invitation): Uint8Array {
  const id = `Message-ID: <${uid}-${method}-${sequence}@test>`;
  const header = [`From: ${from}`, `To: ${roomAddress}`, "Subject: Secret plans", id];
  const event = [
    `UID:${uid}`,
    `DTSTAMP:20270302T0800${String(sequence).padStart(2, "0")}Z`,
    `SEQUENCE:${sequence}`,
    "SUMMARY:Secret plans",
    `ORGANIZER:mailto:${from}`,
    ...(method === "PUBLISH" ? [] : [`ATTENDEE;RSVP=TRUE;CUTYPE=ROOM:mailto:${roomAddress}`]),
    ...lines,
  ];
  return new TextEncoder().encode(calendarMail(header, method, event));
}

/** Invites the room, and gives what became of it in its ledger. */
export async function invite(house: House, invitation: Invitation): Promise<string> {
  const origin = invitation.from ? "outside" : "inside";
  const [result] = await deliverMail(house, mailOf(invitation), [roomAddress], origin);
  return result?.kind === "kept" ? (result.rows[0]?.verdict ?? "no row") : (result?.kind ?? "no result");
}

export interface Said {
  /** What the room's copy has of the whole. */
  readonly partstat: string;
  readonly comment: string;
  readonly state: SchedulingState;
}

export async function answerOf({ houses: [house], room }: World, uid: string): Promise<Said> {
  const stored = await house.store.read(({ objects }) => objects.byUid(room.id, uid));
  if (!stored?.state.object) throw new Error(`the room does not have ${uid}`);
  const answer = currentAnswer(stored.state, leadingComponent(stored.state.object), room.address);
  return { partstat: answer.partstat, comment: answer.participation?.comment ?? "", state: stored.state };
}

/** What a copy says of single Instances, by their start. */
export function instancesOf(
  house: House,
  state: SchedulingState,
  address: Principal["address"],
  keys: readonly string[],
) {
  const zones = makeZoneResolver([], house.zones, house.limits);
  return keys.map((key) => {
    const component = state.object && instanceAt(state.object, key, zones, house.limits);
    return component ? currentAnswer(state, component, address).partstat : "none";
  });
}
