import { describe, expect, test } from "vitest";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, address, calendarObject, event, now, span, stateOf, uid } from "./fixtures.ts";

/** Links to answer by, and what people prefer. */
export function testLinks(makeBench: MakeBench): void {
  const [gus, olga] = [address("gus@elsewhere.test"), address("olga@elsewhere.test")];
  const never = { since: 0, count: 0 };

  describe("links to answer by", () => {
    test(
      "are found by the hash of their token, noted, taken back for one or all, and go with their object's owner",
      withStore(makeBench, async (store, bench) => {
        const ann = await addAnn(store);
        const link = { principal: ann.id, uid, expires: now + 10, told: [["", 2]] } as const;
        await store.write(async ({ objects, answerLinks }) => {
          await objects.save(ann.id, uid, stateOf(calendarObject(event())), span);
          await answerLinks.add([
            { ...link, tokenHash: "a", attendee: gus },
            { ...link, tokenHash: "b", attendee: olga },
          ]);
          // The mail that is queued again has the same link: what is known of it stays.
          await answerLinks.note("a", { expires: now + 20, answered: { since: now, count: 3 } });
          await answerLinks.add([{ ...link, tokenHash: "a", attendee: gus }]);
        });
        await store.read(async ({ answerLinks }) => {
          const found = { ...link, attendee: gus, expires: now + 20, answered: { since: now, count: 3 } };
          expect(await answerLinks.find("a")).toEqual({ ...found, tokenHash: "a" });
          expect(await answerLinks.find("b")).toEqual({ ...link, tokenHash: "b", attendee: olga, answered: never });
          expect(await answerLinks.find("c")).toBeUndefined();
        });
        await store.write(async ({ answerLinks }) => {
          expect(await answerLinks.revoke("999", uid)).toBe(0);
          expect(await answerLinks.revoke(ann.id, "other")).toBe(0);
          expect(await answerLinks.revoke(ann.id, uid, [olga])).toBe(1);
          expect([await answerLinks.find("a"), await answerLinks.find("b")]).toEqual([expect.anything(), undefined]);
          expect(await answerLinks.revoke(ann.id, uid)).toBe(1);
        });
        expect(await bench.count("answer_links")).toBe(0);
      }),
    );

    test(
      "are to objects that are there",
      withStore(makeBench, async (store) => {
        const ann = await addAnn(store);
        const link = { tokenHash: "a", principal: ann.id, uid, attendee: gus, expires: now, told: [] };
        await expect(store.write(({ answerLinks }) => answerLinks.add([link]))).rejects.toThrow(/no object/);
      }),
    );

    test(
      "are removed once they have expired, so many at once",
      withStore(makeBench, async (store, bench) => {
        const ann = await addAnn(store);
        await store.write(async ({ objects, answerLinks }) => {
          await objects.save(ann.id, uid, stateOf(calendarObject(event())), span);
          const links = Array.from({ length: 250 }, (_, count) => ({
            ...{ tokenHash: String(count), principal: ann.id, uid, attendee: gus, told: [] },
            expires: now + count,
          }));
          await answerLinks.add(links);
        });
        const remove = () => store.write(({ answerLinks }) => answerLinks.removeExpired(now + 99, 60));
        expect([await remove(), await remove(), await remove()]).toEqual([60, 40, 0]);
        expect(await bench.count("answer_links")).toBe(150);
      }),
    );
  });

  test(
    "preferences are one's own, by name; taken back they are none",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      await store.write(async ({ preferences }) => {
        await preferences.set(ann.id, "colour", "red");
        await preferences.set(ann.id, "colour", "blue");
        await preferences.set(ann.id, "size", "small");
        await preferences.set(ann.id, "size", undefined);
      });
      await store.read(async ({ preferences }) => {
        expect(await preferences.get(ann.id, "colour")).toBe("blue");
        expect(await preferences.get(ann.id, "size")).toBeUndefined();
        expect(await preferences.get(bob.id, "colour")).toBeUndefined();
      });
    }),
  );
}

/** Busy time of people elsewhere. */
export function testKnownBusy(makeBench: MakeBench): void {
  const [gus, olga] = [address("gus@elsewhere.test"), address("olga@elsewhere.test")];
  const range = { from: now, to: now + 100 };
  const periods = [{ from: now + 10, to: now + 20, type: "BUSY-TENTATIVE" }] as const;
  const told = { address: gus, uid: "one", dtstamp: 5, range, periods, toldAt: now };

  describe("what was told of busy time", () => {
    test(
      "is kept for who was told, the newest of each UID and start, until it expires",
      withStore(makeBench, async (store) => {
        const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
        await store.write(async ({ knownBusy }) => {
          await knownBusy.remember(ann.id, told, now + 50);
          await knownBusy.remember(ann.id, { ...told, dtstamp: 4, periods: [] }, now + 90);
          await knownBusy.remember(ann.id, { ...told, uid: "two", dtstamp: 1 }, now + 90);
        });
        await store.read(async ({ knownBusy }) => {
          const both = await knownBusy.told(ann.id, [gus, olga], range, now);
          expect([...both.keys()]).toEqual([gus]);
          expect(both.get(gus)).toHaveLength(2);
          expect(both.get(gus)).toContainEqual(told);
          expect((await knownBusy.told(ann.id, [gus], range, now + 50)).get(gus)).toHaveLength(1);
          const none = [
            await knownBusy.told(bob.id, [gus], range, now),
            await knownBusy.told(ann.id, [gus], range, now + 90),
            await knownBusy.told(ann.id, [gus], { from: now + 100, to: now + 200 }, now),
            await knownBusy.told(ann.id, [], range, now),
          ];
          expect(none.map(({ size }) => size)).toEqual([0, 0, 0, 0]);
        });
        const newer = { ...told, dtstamp: 6, periods: [], toldAt: now + 1 };
        await store.write(({ knownBusy }) => knownBusy.remember(ann.id, newer, now + 60));
        const after = await store.read(({ knownBusy }) => knownBusy.told(ann.id, [gus], range, now));
        expect(after.get(gus)).toContainEqual(newer);
        expect(after.get(gus)).not.toContainEqual(told);
      }),
    );

    test(
      "is so much of one person and no more: the oldest goes",
      withStore(makeBench, async (store, bench) => {
        const ann = await addAnn(store);
        await store.write(async ({ knownBusy }) => {
          for (let count = 0; count < 60; count++) {
            await knownBusy.remember(ann.id, { ...told, uid: String(count), toldAt: now + count }, now + 500);
          }
          await knownBusy.remember(ann.id, { ...told, address: olga }, now + 500);
        });
        const kept = await store.read(({ knownBusy }) => knownBusy.told(ann.id, [gus], range, now));
        expect(Math.min(...(kept.get(gus) ?? []).map(({ uid: each }) => Number(each)))).toBe(10);
        expect(await bench.count("known_busy")).toBe(51);
      }),
    );

    test(
      "who was asked and who asks is counted, and forgotten with what was told",
      withStore(makeBench, async (store, bench) => {
        const ann = await addAnn(store);
        await store.write(async ({ knownBusy }) => {
          await knownBusy.noteAsked(ann.id, gus, range, now);
          await knownBusy.noteAsked(ann.id, gus, range, now + 1);
          const inside = { from: now + 1, to: now + 99 };
          const beyond = { from: now + 1, to: now + 101 };
          expect(await knownBusy.wasAsked(ann.id, gus, inside, now)).toBe(true);
          expect(await knownBusy.wasAsked(ann.id, gus, inside, now + 1)).toBe(false);
          expect(await knownBusy.wasAsked(ann.id, gus, beyond, now)).toBe(false);
          expect(await knownBusy.wasAsked(ann.id, olga, inside, now)).toBe(false);
          expect([await knownBusy.countAsked(ann.id, now), await knownBusy.countAsked(ann.id, now + 1)]).toEqual([
            1, 0,
          ]);
          const counts: number[] = [];
          for (const at of [0, 1, 99, 100, 101]) counts.push(await knownBusy.countQuestion(ann.id, gus, now + at, 100));
          expect(counts).toEqual([1, 2, 3, 1, 2]);
          expect(await knownBusy.countQuestion(ann.id, olga, now, 100)).toBe(1);
          await knownBusy.remember(ann.id, told, now + 50);
        });
        const tables = ["known_busy", "busy_asked", "busy_questions"];
        const remove = (at: number, before: number) =>
          store.write(({ knownBusy }) => knownBusy.removeExpired(at, before, 10));
        expect(await remove(now + 49, now)).toBe(0);
        expect(await bench.counts(...tables)).toEqual([1, 1, 2]);
        expect(await remove(now + 50, now + 2)).toBe(3);
        expect(await bench.counts(...tables)).toEqual([0, 0, 1]);
      }),
    );
  });
}
