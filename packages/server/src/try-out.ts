import { type EventFields, editEvent, makeEvent } from "@parley/engine";
import { makeZoneResolver, toInstant, toWall, utc } from "@parley/engine/recurrence";
import { addPerson } from "./people.ts";
import { actOnObject, changeObject } from "./scheduling/change-object.ts";
import type { House } from "./scheduling/house.ts";
import type { Principal } from "./store/store.ts";

/** The people of try-out mode: two domains, three zones. */
export const tryOutPeople = [
  { name: "Ann Archer", addresses: ["ann@example.test"], timezone: "Europe/Berlin" },
  { name: "Ben Baker", addresses: ["ben@example.test"], timezone: "Europe/Berlin" },
  { name: "Clara Cook", addresses: ["clara@partner.test"], timezone: "Europe/London" },
  { name: "David Diaz", addresses: ["david@partner.test"], timezone: "America/New_York" },
] as const;

const dayInSeconds = 86_400;

/**
 * Fills an empty store with four people and their first conversation: an invitation that waits for Ann, one she has answered,
 * one that was moved, one that was cancelled. It is made by the same steps as any other; a store that has people is left alone.
 */
export async function fillTryOut(given: House, drain: () => Promise<void>): Promise<void> {
  const house: House = { ...given, delivery: { ...given.delivery, pauseSeconds: 0 } };
  const present = await house.store.read((transaction) => transaction.principals.list());
  if (present.length > 0) return;
  const people = await addPeople(house);
  const told: Teller = { house, drain };
  await tellAnswered(told, people);
  await tellMoved(told, people);
  await tellCancelled(told, people);
  await tellWaiting(told, people);
}

type People = readonly [ann: Principal, ben: Principal, clara: Principal, david: Principal];

interface Teller {
  readonly house: House;
  readonly drain: () => Promise<void>;
}

interface Meeting {
  readonly summary: string;
  /** From today. */
  readonly days: number;
  /** Of the organizer's clock. */
  readonly hour: number;
  readonly minutes: number;
  readonly place: string;
  readonly text: string;
}

async function tellAnswered(told: Teller, [ann, ben, clara]: People): Promise<void> {
  const dinner: Meeting = {
    summary: "Team dinner",
    days: 5,
    hour: 19,
    minutes: 120,
    place: "Trattoria Blu",
    text: "My treat.",
  };
  const uid = await invite(told, ben, dinner, [ann, clara]);
  await answer(told, ann, uid, "ACCEPTED", "Looking forward to it!");
  await answer(told, clara, uid, "TENTATIVE", "If my train is on time.");
}

async function tellMoved(told: Teller, [ann, ben, , david]: People): Promise<void> {
  const review: Meeting = {
    summary: "Design review",
    days: 2,
    hour: 10,
    minutes: 60,
    place: "Room 4",
    text: "The new booking page.",
  };
  const uid = await invite(told, ann, review, [ben, david]);
  await answer(told, ben, uid, "ACCEPTED");
  await answer(told, david, uid, "DECLINED", "That is 4 in the morning for me.");
  const later = fieldsOf(told.house, ann, { ...review, hour: 15 }, [ben, david]);
  await changeObject(told.house, ann, { uid }, (present, context) => {
    const zones = makeZoneResolver([], told.house.zones, context.limits);
    return present?.state.object && editEvent(present.state.object, later, ann, zones, context.limits);
  });
  await told.drain();
  await answer(told, david, uid, "ACCEPTED", "Much better, thank you.");
}

async function tellCancelled(told: Teller, [ann, , clara]: People): Promise<void> {
  const lunch: Meeting = { summary: "Lunch", days: 3, hour: 12, minutes: 60, place: "Canteen", text: "" };
  const uid = await invite(told, clara, lunch, [ann]);
  await answer(told, ann, uid, "ACCEPTED");
  await actOnObject(told.house, clara, { uid }, { kind: "cancel", comment: "I am ill, sorry. Next week?" });
  await told.drain();
}

async function tellWaiting(told: Teller, [ann, , clara, david]: People): Promise<void> {
  const talk: Meeting = {
    summary: "Contract talk",
    days: 4,
    hour: 14,
    minutes: 45,
    place: "Video call",
    text: "Two open points:\n- the term\n- the price",
  };
  await invite(told, clara, talk, [ann, david]);
}

async function invite(
  told: Teller,
  organizer: Principal,
  meeting: Meeting,
  guests: readonly Principal[],
): Promise<string> {
  const uid = told.house.makeUid();
  const fields = fieldsOf(told.house, organizer, meeting, guests);
  const result = await changeObject(told.house, organizer, { uid }, (_, context) =>
    makeEvent(uid, fields, organizer, makeZoneResolver([], told.house.zones, context.limits), context.limits),
  );
  if (result.kind !== "done") throw new Error(`try-out: ${meeting.summary} is ${result.kind}`);
  await told.drain();
  return uid;
}

async function answer(
  told: Teller,
  guest: Principal,
  uid: string,
  partstat: "ACCEPTED" | "DECLINED" | "TENTATIVE",
  comment = "",
): Promise<void> {
  const action = { kind: "answer", partstat, ...(comment && { comment }) } as const;
  const result = await actOnObject(told.house, guest, { uid }, action);
  if (result.kind !== "done") throw new Error(`try-out: ${guest.name}'s answer is ${result.kind}`);
  await told.drain();
}

async function addPeople(house: House): Promise<People> {
  const [a, b, c, d] = tryOutPeople;
  const ann = await addPerson(house.store, a);
  const ben = await addPerson(house.store, b);
  const clara = await addPerson(house.store, c);
  return [ann, ben, clara, await addPerson(house.store, d)];
}

/** Something on a coming day at an hour of the organizer's clock. */
function fieldsOf(house: House, organizer: Principal, meeting: Meeting, guests: readonly Principal[]): EventFields {
  const zone = house.zones.zone(organizer.timezone) ?? utc;
  const today = Math.floor(toWall(house.clock(), zone) / dayInSeconds);
  const start = toInstant((today + meeting.days) * dayInSeconds + meeting.hour * 3_600, zone);
  return {
    summary: meeting.summary,
    start: { kind: "utc", wall: start },
    end: { kind: "utc", wall: start + meeting.minutes * 60 },
    location: meeting.place,
    description: meeting.text,
    attendees: guests.map(({ address, name }) => ({ address, name })),
  };
}
