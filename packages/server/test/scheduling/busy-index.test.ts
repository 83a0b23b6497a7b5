import { unknownState } from "@parley/engine";
import { busyPeriods } from "@parley/engine/freebusy";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addPerson } from "../../src/people.ts";
import { allTime, busyHorizonSeconds, busyOptions, indexAnew, indexedTime } from "../../src/scheduling/busy-index.ts";
import { readBusyTimes } from "../../src/scheduling/free-busy.ts";
import type { House } from "../../src/scheduling/house.ts";
import type { IndexedTime } from "../../src/store/busy-time.ts";
import type { Principal, Store, StoredObject } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "../store/bench.ts";
import { onEveryStore } from "../store/benches.ts";
import { anyStep, doStep, eventOf, invited, owner, save } from "./busy-events.ts";
import { houseOver, now, storeOptions, uid } from "./house.ts";

const day = 86_400;

interface World {
  readonly house: House;
  readonly ann: Principal;
  readonly rows: () => Promise<number>;
  readonly written: () => Promise<number>;
}

function withAnn(makeBench: MakeBench, run: (world: World) => Promise<void>) {
  return withStore(makeBench, async (store, bench) => {
    const ann = await addAnn(store, owner);
    await run({ house: houseOver(store), ann, rows: () => bench.count("busy"), written: bench.rowsWritten });
  });
}

function addAnn(store: Store, address: string): Promise<Principal> {
  return addPerson(store, { name: "Ann", addresses: [address], timezone: "Europe/Berlin" });
}

function write({ house, ann }: World, ...components: readonly (readonly string[])[]): Promise<StoredObject> {
  const object = eventOf(uid, ...components);
  return house.store.write((transaction) => save(house, transaction, ann, uid, { ...unknownState, object }));
}

function indexed({ house }: World, { id }: StoredObject): Promise<IndexedTime | undefined> {
  return house.store.read(({ busy }) => busy.ofObject(id));
}

onEveryStore((makeBench) => {
  test(
    "whatever is done to objects, the index has what the engine says of them, and so does whoever asks",
    withStore(makeBench, async (store) => {
      const house = houseOver(store);
      let people = 0;
      const anyRange = fc.tuple(fc.integer({ min: -900, max: 1_500 }), fc.integer({ min: 1, max: 50 }));
      const anySteps = fc.array(fc.tuple(fc.constantFrom("one", "two", "three"), anyStep), {
        minLength: 1,
        maxLength: 8,
      });
      const law = fc.asyncProperty(anySteps, anyRange, async (steps, [first, days]) => {
        // The owner's own answers count by their address, so each is invited by one of theirs.
        const ann = { ...(await addAnn(store, `ann${++people}@example.test`)), addresses: [owner as never] };
        const states = new Map<string, StoredObject>();
        for (const [name, step] of steps) {
          states.set(name, await store.write((transaction) => doStep(house, transaction, ann, name, step)));
        }
        const options = busyOptions(house, ann);
        await store.read(async (transaction) => {
          for (const stored of states.values()) {
            const found = await transaction.busy.ofObject(stored.id);
            const range = { from: found?.from ?? allTime.from, to: found?.until ?? allTime.to };
            expect(found?.periods).toEqual(busyPeriods([stored.state], range, options).periods);
          }
          const range = { from: now + first * day + 1_234, to: now + (first + days) * day };
          const [told] = await readBusyTimes(house, transaction, [ann], range);
          const all = [...states.values()].map(({ state }) => state);
          expect(told).toEqual(busyPeriods(all, range, options));
        });
      });
      await fc.assert(law, { numRuns: 25 });
    }),
  );

  describe("what is covered", () => {
    const rule = (text: string) => ["DTSTART:20270302T090000Z", "DURATION:PT1M", `RRULE:${text}`];
    test.each([
      ["once, in ten years", ["DTSTART:20370302T090000Z", "DURATION:PT1H"], [null, null, 1]],
      ["once, for a year", ["DTSTART;VALUE=DATE:20270101", "DURATION:P365D"], [null, null, 12]],
      ["a series that ends", rule("FREQ=WEEKLY;COUNT=120"), [null, null, 120]],
      ["every week", rule("FREQ=WEEKLY"), [now - 92 * day, now + 760 * day, 109]],
      ["every hour", rule("FREQ=HOURLY"), [now - day, now + 7 * day, 168 - 20]],
      ["every minute", rule("FREQ=SECONDLY;INTERVAL=120"), [now, now, 0]],
    ] as const)("%s", async (_, lines, [from, until, count]) => {
      const run = withAnn(makeBench, async (world) => {
        const stored = await write(world, lines);
        const found = await indexed(world, stored);
        expect([found?.from, found?.until]).toEqual([from, until]);
        expect(Math.abs((await world.rows()) - count)).toBeLessThan(count === 148 ? 24 : 1);
      });
      await run();
    });

    test(
      "what is removed takes no time, and what an object no longer takes is gone",
      withAnn(makeBench, async (world) => {
        await write(world, rule("FREQ=WEEKLY;COUNT=120"));
        await write(world, rule("FREQ=WEEKLY;COUNT=2"));
        expect(await world.rows()).toBe(2);
        await world.house.store.write((transaction) =>
          doStep(world.house, transaction, world.ann, uid, { kind: "remove" }),
        );
        expect(await world.rows()).toBe(0);
      }),
    );
  });

  test(
    "what others answer writes no row of the index, and what changes nothing none either",
    withAnn(makeBench, async (world) => {
      const { house, ann } = world;
      await write(world, ["DTSTART:20270302T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY", ...invited]);
      const step = (by: string) =>
        house.store.write((transaction) =>
          doStep(house, transaction, ann, uid, { kind: "answer", by, partstat: "ACCEPTED", key: "" }),
        );
      const before = await world.written();
      const answered = await step("ben@example.test");
      // The answer, the object for its etag, and its calendar for who asks what changed.
      expect((await world.written()) - before).toBeLessThanOrEqual(3);
      expect((await indexed(world, answered))?.periods[0]?.type).toBe("BUSY-TENTATIVE");
      const own = await step(owner);
      expect((await indexed(world, own))?.periods[0]?.type).toBe("BUSY");
      const settled = await world.written();
      await step(owner);
      expect((await world.written()) - settled).toBeLessThanOrEqual(3);
    }),
  );

  test(
    "an object saved without the index is expanded by whoever asks, until it is made anew",
    withAnn(makeBench, async (world) => {
      const { house, ann } = world;
      const stored = await write(world, ["DTSTART:20270302T090000Z", "DURATION:PT1H"]);
      const moved = { ...stored.state, object: eventOf(uid, ["DTSTART:20270302T150000Z", "DURATION:PT1H"]) };
      const span = { starts: now, ends: now + day };
      await house.store.write(({ objects }) => objects.save(ann.id, uid, moved, span));
      expect(await indexed(world, stored)).toBeUndefined();
      const range = { from: now - day, to: now + 9 * day };
      const ask = () => house.store.read((transaction) => readBusyTimes(house, transaction, [ann], range));
      const expected = [{ periods: [{ from: 1_803_999_600, to: 1_804_003_200, type: "BUSY" }], isIncomplete: false }];
      expect(await ask()).toEqual(expected);
      const wanted = { zoneData: "", until: now + busyHorizonSeconds };
      const outdated = async () => (await house.store.read(({ busy }) => busy.outdated(wanted, undefined))).objects;
      expect(await outdated()).toEqual([{ principal: ann.id, object: stored.id }]);
      await house.store.write(async (transaction) => {
        const found = await transaction.objects.byId(ann.id, stored.id);
        if (found) await indexAnew(house, transaction, ann, found);
      });
      expect(await outdated()).toEqual([]);
      expect(await ask()).toEqual(expected);
    }),
  );

  test(
    "objects come up for the job where time goes on, with other zone data, and in another zone of their owner",
    withAnn(makeBench, async (world) => {
      const { house, ann } = world;
      const weekly = await write(world, ["DTSTART:20270302T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"]);
      const outdated = async (zoneData: string, later: number, after?: string) =>
        (await house.store.read(({ busy }) => busy.outdated({ zoneData, until: now + later }, after))).objects;
      const one = [{ principal: ann.id, object: weekly.id }];
      expect(await outdated("", 760 * day)).toEqual([]);
      expect(await outdated("", 761 * day)).toEqual(one);
      expect(await outdated("2027a", 0)).toEqual(one);
      expect(await outdated("2027a", 0, weekly.id)).toEqual([]);
      const elsewhere = { ...ann, timezone: "Asia/Tokyo" };
      await house.store.write((transaction) => indexAnew(house, transaction, elsewhere, weekly));
      expect(await outdated("", 0)).toEqual(one);
    }),
  );
}, storeOptions);

test("no object brings in more rows than its bound, and what is indexed is within the limits of the house", () => {
  const house = { ...houseOver(undefined as never), limits: { ...storeOptions.limits, maxInstances: 5 } };
  const ann = { addresses: [], timezone: "UTC" } as unknown as Principal;
  const state = (rule: string) => ({
    ...unknownState,
    object: eventOf(uid, ["DTSTART:20270302T090000Z", "DURATION:PT1H", rule]),
  });
  expect(indexedTime(house, ann, state("RRULE:FREQ=DAILY;COUNT=5")).periods).toHaveLength(5);
  expect(indexedTime(house, ann, state("RRULE:FREQ=DAILY;COUNT=99")).periods).toHaveLength(0);
});
