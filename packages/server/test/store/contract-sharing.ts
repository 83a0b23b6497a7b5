import { describe, expect, test } from "vitest";
import { markPrivate } from "../../src/store/migrations/0020-sharing.ts";
import { maxPublishedLinks } from "../../src/store/sharing.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, calendarObject, event, now, property, span, stateOf, uid } from "./fixtures.ts";

function classified(uid: string, said: string | undefined) {
  const { properties, ...rest } = event({ uid });
  return calendarObject({
    ...rest,
    properties: said === undefined ? properties : [...properties, property("CLASS", said)],
  });
}

/** What of calendars goes beyond their owners, and what comes from elsewhere. */
export function testSharing(makeBench: MakeBench): void {
  const source = { url: "https://feeds.example/a.ics", periodSeconds: 900, due: now };

  async function makeCalendar(store: Store, { id }: Principal, slug = "feed"): Promise<string> {
    const made = await store.write(({ calendars }) => calendars.add(id, { slug, name: slug }));
    if (typeof made === "string") throw new Error(made);
    return made.id;
  }

  describe("subscriptions", () => {
    test(
      "are of empty calendars of one's own, are found when they are due, and know how they went",
      withStore(makeBench, async (store) => {
        const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
        const [calendar, full, main] = await store.write(async ({ calendars, objects }) => {
          const all = [
            await calendars.add(ann.id, { slug: "feed", name: "Feed" }),
            await calendars.add(ann.id, { slug: "full", name: "Full" }),
          ];
          const [first, second] = all.map((one) => (typeof one === "string" ? "" : one.id));
          await objects.save(ann.id, uid, stateOf(calendarObject(event())), span, undefined, {
            calendar: second ?? "",
          });
          return [
            first ?? "",
            second ?? "",
            (await calendars.list(ann.id)).find(({ isDefault }) => isDefault)?.id ?? "",
          ];
        });
        await store.write(async ({ sharing }) => {
          expect(await sharing.subscribe(bob.id, calendar, source)).toBe(false);
          expect(await sharing.subscribe(ann.id, full, source)).toBe(false);
          expect(await sharing.subscribe(ann.id, main, source)).toBe(false);
          expect(await sharing.subscribe(ann.id, calendar, source)).toBe(true);
        });
        const fresh = { ...source, calendar, principal: ann.id, failures: 0 };
        await store.read(async ({ sharing, calendars }) => {
          expect(await sharing.subscription(calendar)).toEqual(fresh);
          expect(await sharing.subscriptions(ann.id)).toEqual([fresh]);
          expect([await sharing.subscriptions(bob.id), await sharing.subscription(full)]).toEqual([[], undefined]);
          expect(await sharing.dueSubscriptions(now, 10)).toEqual([fresh]);
          expect(await sharing.dueSubscriptions(now - 1, 10)).toEqual([]);
          expect(await sharing.dueSubscriptions(now, 0)).toEqual([]);
          expect(await calendars.byId(ann.id, calendar)).toMatchObject({ source: source.url, isDefault: false });
        });
        const state = {
          due: now + 9,
          failures: 3,
          checked: now,
          succeeded: now - 1,
          problem: "No.",
          etag: "a",
          lastModified: "b",
          digest: "c",
        };
        await store.write(({ sharing }) => sharing.noteSubscription(ann.id, calendar, state));
        expect(await store.read(({ sharing }) => sharing.subscription(calendar))).toEqual({ ...fresh, ...state });
        await store.write(({ sharing }) => sharing.noteSubscription(ann.id, calendar, { due: now, failures: 0 }));
        expect(await store.read(({ sharing }) => sharing.subscription(calendar))).toEqual(fresh);
        expect(await store.write(({ calendars }) => calendars.makeDefault(ann.id, calendar))).toBe(false);
      }),
    );

    test(
      "leave nothing of what is removed but its name, and take nothing of others'",
      withStore(makeBench, async (store, bench) => {
        const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
        const calendar = await makeCalendar(store, ann);
        const saved = await store.write(async ({ objects }) => {
          const state = stateOf(calendarObject(event()));
          await objects.save(bob.id, uid, state, span);
          return objects.save(ann.id, uid, state, span, undefined, { calendar });
        });
        const { revision = 0 } = (await store.read(({ calendars }) => calendars.byId(ann.id, calendar))) ?? {};
        const bobs = (await store.read(({ calendars }) => calendars.ofUid(bob.id, uid)))?.object ?? "";
        await store.write(({ sharing }) => sharing.removeCopies(ann.id, calendar, [saved.id, bobs, "x"]));
        const changes = await store.read(({ calendars }) => calendars.changesSince(calendar, revision, 10));
        expect(changes).toMatchObject({ changed: [], removed: [expect.stringMatching(/\.ics$/)] });
        expect(await bench.count("objects")).toBe(1);
        // The text is Bob's too.
        expect(await bench.count("documents")).toBe(1);
        expect(await store.write(({ calendars }) => calendars.remove(ann.id, calendar))).toBe(true);
      }),
    );
  });

  test(
    "public links are found by their hash, are so many for a calendar, and are taken back by its owner",
    withStore(makeBench, async (store, bench) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      const calendar = await makeCalendar(store, ann);
      const link = (tokenHash: string) => ({ tokenHash, calendar, label: "Club", form: "busy", created: now }) as const;
      const made = await store.write(({ sharing }) => sharing.publish(ann.id, link("a")));
      expect(made).toEqual({
        id: expect.any(String),
        calendar,
        principal: ann.id,
        label: "Club",
        form: "busy",
        created: now,
      });
      if (made === "too-many") throw new Error(made);
      await store.read(async ({ sharing }) => {
        expect(await sharing.publishedLink("a")).toEqual(made);
        expect(await sharing.publishedLink("b")).toBeUndefined();
        expect(await sharing.publishedLinks(ann.id, calendar)).toEqual([made]);
        expect(await sharing.publishedLinks(bob.id, calendar)).toEqual([]);
      });
      await store.write(async ({ sharing }) => {
        for (let count = 1; count < maxPublishedLinks; count++) await sharing.publish(ann.id, link(String(count)));
        expect(await sharing.publish(ann.id, link("more"))).toBe("too-many");
        expect(await sharing.unpublish(bob.id, made.id)).toBe(false);
        expect(await sharing.unpublish(ann.id, made.id)).toBe(true);
        expect(await sharing.unpublish(ann.id, made.id)).toBe(false);
        expect(await sharing.publishedLink("a")).toBeUndefined();
      });
      expect(await store.write(({ calendars }) => calendars.remove(ann.id, calendar))).toBe(true);
      expect(await bench.count("published_links")).toBe(0);
    }),
  );

  test(
    "everybody has a view of their own of what is shared with them; and an owner sees with whom",
    withStore(makeBench, async (store) => {
      const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
      const calendar = await makeCalendar(store, ann);
      await store.write(async ({ calendars, sharing }) => {
        await calendars.share(ann.id, calendar, bob.id, "read");
        await sharing.changeView(bob.id, calendar, { name: "Ann's", color: "red" });
        await sharing.changeView(bob.id, calendar, { order: 3, isHidden: true });
        await sharing.changeView(bob.id, calendar, { color: undefined });
        await sharing.changeView(bob.id, calendar, {});
      });
      await store.read(async ({ calendars, sharing }) => {
        expect([...(await sharing.views(bob.id)).values()]).toEqual([
          { calendar, name: "Ann's", order: 3, isHidden: true },
        ]);
        expect((await sharing.views(ann.id)).size).toBe(0);
        expect(await calendars.sharedBy(ann.id)).toEqual([{ calendar, sharee: bob.id, access: "read" }]);
        expect(await calendars.sharedBy(bob.id)).toEqual([]);
      });
      expect(await store.write(({ calendars }) => calendars.add(bob.id, { slug: "shared-1", name: "x" }))).toBe(
        "taken",
      );
    }),
  );

  test(
    "members say how private they are",
    withStore(makeBench, async (store, bench) => {
      const ann = await addAnn(store);
      const classes = [undefined, "PUBLIC", "CONFIDENTIAL", "private", "X-OURS"];
      await store.write(async ({ objects }) => {
        for (const [count, said] of classes.entries()) {
          await objects.save(ann.id, String(count), stateOf(classified(String(count), said)), span);
        }
      });
      const calendar = await store.read(({ calendars }) => calendars.bySlug(ann.id, "calendar"));
      const members = () => store.read(({ calendars }) => calendars.members(calendar?.id ?? "", 10));
      expect((await members()).map(({ privacy }) => privacy)).toEqual([
        undefined,
        undefined,
        "confidential",
        "private",
        "private",
      ]);
      // So it is in a database from before there was a mark.
      const marked = await members();
      await bench.run("update objects set privacy = null");
      await bench.run(markPrivate);
      expect(await members()).toEqual(marked);
      await store.write(({ objects }) => objects.save(ann.id, "3", stateOf(classified("3", undefined)), span));
      expect((await members())[3]?.privacy).toBeUndefined();
    }),
  );
}
