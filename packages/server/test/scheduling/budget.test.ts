import { afterEach, beforeEach, expect, test } from "vitest";
import { addPerson } from "../../src/people.ts";
import { actOnObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import { previewChange } from "../../src/scheduling/preview-change.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { addGuest, create, houseOver, now, storeOptions, uid } from "./house.ts";

const clock = { now };
let store: Store;
let house: House;
let ann: Principal;
let told: readonly string[] = [];

beforeEach(async () => {
  [clock.now, told] = [now, []];
  store = await openSqliteStore(":memory:", storeOptions);
  house = {
    ...houseOver(store),
    clock: () => clock.now,
    onHeld: (person, of, reason) => {
      told = [...told, `${person.address} ${of} ${reason}`];
    },
  };
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
});
afterEach(() => store.close());

const queued = async () => {
  const list = await store.read(({ queue }) => queue.list({ states: ["queued"] }, 100));
  return list.map(({ recipient, held = "" }) => [recipient.split("@")[0], held]);
};
const guests = (count: number) => Array.from({ length: count }, (_, number) => `guest${number}@elsewhere.test`);

test("more than a person sends in a day is held, whole messages, and told to the operator and the sender", async () => {
  const daily = { ...house, delivery: { pauseSeconds: 0, maxPerPersonDay: 3 } };
  const dry = await previewChange(daily, (over) => create(over, ann, ...guests(4)));
  expect(dry.messages[0]?.to).toHaveLength(4);
  expect(told).toEqual([]);
  await create(daily, ann, ...guests(3));
  expect(await queued()).toEqual([
    ["guest0", ""],
    ["guest1", ""],
    ["guest2", ""],
  ]);
  const object = await store.read(({ objects }) => objects.byUid(ann.id, uid));
  const target = { id: object?.id ?? "" };
  clock.now += 60;
  await addGuest(daily, ann, "late@elsewhere.test", target);
  const why = "more than 3 messages of one person in a day";
  expect((await queued()).at(-1)).toEqual(["late", why]);
  expect(told).toEqual([`ann@example.test ${uid} ${why}`]);
  const [row] = await store.read(({ ledger }) => ledger.list(ann.id, { limit: 1 }));
  expect(row?.reason).toBe(`Held back: ${why}.`);
  // Two days later there is room again.
  clock.now += 2 * 86_400;
  await addGuest(daily, ann, "later@elsewhere.test", target);
  expect((await queued()).at(-1)).toEqual(["later", ""]);
});

test("more than one address is sent about one event in an hour is held, and nobody else's", async () => {
  const hourly = { ...house, delivery: { pauseSeconds: 0, maxPerGuestHour: 1 } };
  await create(hourly, ann, "guest@elsewhere.test");
  const object = await store.read(({ objects }) => objects.byUid(ann.id, uid));
  clock.now += 3_599;
  await actOnObject(hourly, ann, { id: object?.id ?? "" }, { kind: "cancel" });
  const why = "more than 1 messages to one address about one event in an hour";
  expect(await queued()).toEqual([
    ["guest", ""],
    ["guest", why],
  ]);
  expect(told).toEqual([`ann@example.test ${uid} ${why}`]);
});
