import { parseAddress } from "@parley/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addAccount } from "../../src/people.ts";
import { ann, ben, start, startTestApi, type TestApi } from "./api.ts";

const gus = "gus@elsewhere.test";
const [blue, green] = ["blue@example.test", "green@example.test"];
const day = { from: "2027-03-02T08:00:00Z", to: "2027-03-02T12:00:00Z" };

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
  for (const [address, name] of [
    [blue, "Blue"],
    [green, "Green"],
  ] as const) {
    const account = { name, addresses: [address], timezone: "UTC" };
    await addAccount(api.house.store, { ...account, kind: "room", booking: { policy: "accept" } });
  }
});
afterEach(async () => api.close());

async function meet(as: string, from: string, to: string): Promise<void> {
  const body = { summary: "Secret", start: `2027-03-02T${from}:00Z`, end: `2027-03-02T${to}:00Z` };
  expect((await api.call("POST", "/api/events", { as, body })).status).toBe(201);
}

async function find(over: object = {}) {
  const body = { required: [ann, ben], ...day, minutes: 60, stepMinutes: 30, count: 3, ...over };
  return (await api.call("POST", "/api/find-times", { as: ann, body })).body;
}

const times = (found: { slots: { from: string; works: boolean }[] }): readonly string[] =>
  found.slots.map(({ from, works }) => `${from.slice(11, 16)}${works ? "" : " does not work"}`);

describe("POST /api/find-times", () => {
  test("finds when all are free, the earliest first, and tells nothing of what they do", async () => {
    await meet(ann, "08:00", "09:00");
    await meet(ben, "10:00", "11:00");
    const found = await find();
    expect(times(found)).toEqual(["09:00", "11:00", "08:00 does not work"]);
    expect(found.slots[2].obstacles).toEqual([{ address: ann, kind: "busy" }]);
    expect([found.unknown, found.incomplete]).toEqual([[], []]);
    expect(JSON.stringify(found)).not.toContain("Secret");
  });

  test("takes any one of some rooms, and keeps to hours by the caller's clock", async () => {
    // Berlin is an hour ahead of UTC in March.
    const hours = { weekdays: ["TU"], from: "11:00", to: "12:30" };
    const found = await find({ anyOf: [blue, green], hours });
    expect(times(found)).toEqual(["10:00", "10:30", "08:00 does not work"]);
    expect(found.slots[0].chosen).toEqual([blue]);
    expect(found.slots[2].obstacles.map(({ kind }: { kind: string }) => kind)).toEqual([
      "outside-hours",
      "outside-hours",
    ]);
  });

  test("weighs what people elsewhere told by mail, and names those of whom too little is known", async () => {
    const unknown = await find({ required: [ann, gus, "nobody@example.test"] });
    expect([times(unknown)[0], unknown.unknown]).toEqual(["08:00", [gus, "nobody@example.test"]]);
    const [address, owner] = [parseAddress(gus), api.people[ann]];
    if (!address || !owner) throw new Error("nobody");
    const at = (hours: number): number => start + 86_400 + hours * 3_600;
    const told = { address, uid: "told", dtstamp: start, toldAt: start };
    const periods = [{ from: at(0), to: at(1), type: "BUSY" }] as const;
    const remember = (range: { from: number; to: number }, dtstamp: number) =>
      api.house.store.write(({ knownBusy }) =>
        knownBusy.remember(owner.id, { ...told, dtstamp, range, periods }, start + 99_999_999),
      );
    await remember({ from: at(0), to: at(2) }, start);
    const half = await find({ required: [ann, gus] });
    expect([times(half)[0], half.unknown, half.incomplete]).toEqual(["09:00", [], [gus]]);
    await remember({ from: at(0), to: at(4) }, start + 1);
    expect((await find({ required: [ann, gus] })).incomplete).toEqual([]);
  });

  test.each([
    [{ required: [] }, "required"],
    [{ to: "2027-06-02T08:00:00Z" }, "to: must be within 62 days"],
    [{ minutes: 0 }, "minutes"],
    [{ hours: { weekdays: ["MO"], from: "12:00", to: "09:00" } }, "hours.to: must be after"],
    [{ hours: { weekdays: ["XX"], from: "09:00", to: "12:00" } }, "hours.weekdays"],
  ])("%j is refused", async (over, says) => {
    const found = await find(over);
    expect([found.error, found.message]).toEqual(["invalid", expect.stringContaining(says)]);
  });

  test("is for who is signed in, and whom they may see", async () => {
    const body = { required: [ben], ...day, minutes: 60 };
    expect((await api.call("POST", "/api/find-times", { body })).status).toBe(401);
    await api.close();
    api = await startTestApi({ freeBusy: "nobody" });
    expect((await find({ required: [ann, ben] })).unknown).toEqual([ben]);
  });
});
