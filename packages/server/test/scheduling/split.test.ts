import { readFileSync } from "node:fs";
import { type CalendarObject, defaultLimits, seriesFrom } from "@parley/engine";
import { intlZoneProvider, makeZoneResolver } from "@parley/engine/recurrence";
import { readObject } from "@parley/engine/simulation";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addPerson } from "../../src/people.ts";
import { actOnObject, changeObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { houseOver, storeOptions } from "./house.ts";

const text = readFileSync(new URL("../../../../fixtures/itip/review-series.ics", import.meta.url), "utf8");
const series = readObject(text, intlZoneProvider);
const key = "20270413T080000Z";
/** The UID of the half that begins by the version of that second: the series is made at noon, and each change is one later. */
const latter = (second: number): string => `${series.uid}_R${key}-20270302T12000${second}Z`;

let store: Store;
let house: House;
let ann: Principal;

beforeEach(async () => {
  store = await openSqliteStore(":memory:", storeOptions);
  house = houseOver(store);
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
});
afterEach(() => store.close());

const find = (uid: string) => store.read((transaction) => transaction.objects.byUid(ann.id, uid));

function laterPart(object: CalendarObject): CalendarObject {
  const zones = makeZoneResolver(object.timezones, intlZoneProvider, defaultLimits);
  const part = seriesFrom(object, key, zones, defaultLimits);
  if (!part) throw new Error("the series has no such Instance");
  return part;
}

const split = () => actOnObject(house, ann, { uid: series.uid }, { kind: "split", key, after: laterPart(series) });

test("decision 0015: both halves of a split series are kept, in one step", async () => {
  await changeObject(house, ann, { uid: series.uid }, () => series);
  expect(await split()).toMatchObject({ kind: "done", object: { uid: series.uid } });
  expect((await find(latter(1)))?.state.object?.uid).toBe(latter(1));
  expect((await find(series.uid))?.state.object?.master?.component.properties).toContainEqual(
    expect.objectContaining({ name: "RRULE", value: expect.stringContaining("UNTIL=") }),
  );
});

test("a series that is split where it was split before has another half", async () => {
  await changeObject(house, ann, { uid: series.uid }, () => series);
  await split();
  await changeObject(house, ann, { uid: series.uid }, () => series);
  const before = await find(latter(1));
  expect(await split()).toMatchObject({ kind: "done" });
  expect(await find(latter(1))).toEqual(before);
  expect((await find(latter(3)))?.state.object?.uid).toBe(latter(3));
});

test("a series whose half would be written over something else is left as it is", async () => {
  await changeObject(house, ann, { uid: series.uid }, () => series);
  await changeObject(house, ann, { uid: latter(1) }, () => ({ ...laterPart(series), uid: latter(1) }));
  const before = [await find(series.uid), await find(latter(1))];
  expect(await split()).toMatchObject({
    kind: "refused",
    outcome: { kind: "rejected", status: { code: [4, 0], exception: `UID:${latter(1)}` } },
  });
  expect([await find(series.uid), await find(latter(1))]).toEqual(before);
});
