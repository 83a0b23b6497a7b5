import { unknownState } from "@parley/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Calendar, type Changes, type Member, maxCalendars, type NewCalendar } from "../../src/store/calendars.ts";
import { maxChangesKept } from "../../src/store/placing.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, address, calendarObject, event, stateOf } from "./fixtures.ts";

const at = 1_803_988_800;

/** What every store promises of calendars. */
export function testCalendars(makeBench: MakeBench): void {
  describe("calendars", () => {
    testRows(makeBench);
    testMembers(makeBench);
    testChanges(makeBench);
    testShares(makeBench);
    testInbox(makeBench);
  });
}

async function people(store: Store): Promise<readonly [Principal, Principal]> {
  return [await addAnn(store), await addAnn(store, "ben")];
}

function addGroup(store: Store): Promise<Principal> {
  const own = address("team@example.test");
  const group = { kind: "group", name: "team", address: own, addresses: [own], timezone: "UTC" } as const;
  return store.write(({ principals }) => principals.add(group));
}

async function addCalendar(store: Store, owner: Principal, calendar: NewCalendar): Promise<Calendar> {
  const made = await store.write(({ calendars }) => calendars.add(owner.id, calendar));
  if (typeof made === "string") throw new Error(made);
  return made;
}

async function defaultOf(store: Store, owner: Principal): Promise<Calendar> {
  const [first] = await store.read(({ calendars }) => calendars.list(owner.id));
  if (!first) throw new Error("everybody has a calendar");
  return first;
}

/** Saves an event, in a calendar under a name where they are given. */
function save(
  store: Store,
  owner: Principal,
  uid: string,
  place: { calendar?: string; name?: string; title?: string } = {},
) {
  const { title = "Planning", ...where } = place;
  const object = calendarObject(event({ uid, guests: 0, summary: title }));
  const span = { starts: at, ends: at + 3_600 };
  return store.write(({ objects }) => objects.save(owner.id, uid, stateOf(object), span, undefined, { at, ...where }));
}

function remove(store: Store, owner: Principal, uid: string) {
  const gone = { starts: 0, ends: 0 };
  return store.write(({ objects }) => objects.save(owner.id, uid, unknownState, gone, undefined, { at }));
}

function testRows(makeBench: MakeBench): void {
  test(
    "are one for everybody from the start, and as many as they make",
    withStore(makeBench, async (store) => {
      const [ann, ben] = await people(store);
      expect(await defaultOf(store, ann)).toMatchObject({
        slug: "calendar",
        isDefault: true,
        components: ["VEVENT", "VTODO", "VJOURNAL"],
      });
      const work: NewCalendar = {
        ...{ slug: "work é", name: "Work", description: "All of it", color: "#ff0000ff", order: -1 },
        ...{ timezone: "BEGIN:VCALENDAR", timezoneId: "Europe/Berlin", components: ["VTODO"], isTransparent: true },
        properties: new Map([["{urn:x}a", "<a xmlns='urn:x'>ä</a>"]]),
      };
      const made = await addCalendar(store, ann, work);
      expect(made).toMatchObject({ ...work, isDefault: false, revision: 0 });
      const read = await store.read(async ({ calendars }) => [
        await calendars.bySlug(ann.id, "work é"),
        await calendars.byId(ann.id, made.id),
        await calendars.byId(ben.id, made.id),
        await calendars.byId(ann.id, "x"),
      ]);
      expect(read).toEqual([made, made, undefined, undefined]);
      expect((await store.read(({ calendars }) => calendars.list(ann.id))).map(({ name }) => name)).toEqual([
        "Work",
        "Calendar",
      ]);
      for (const slug of ["work é", "calendar", "inbox", "outbox", "", ".", "a/b", "x".repeat(300)]) {
        expect(await store.write(({ calendars }) => calendars.add(ann.id, { slug, name: "Again" }))).toBe("taken");
      }
      await addCalendar(store, ben, work);
    }),
  );

  test(
    "change as far as they are told to, and no further than is kept",
    withStore(makeBench, async (store) => {
      const [ann, ben] = await people(store);
      const { id } = await addCalendar(store, ann, { slug: "a", name: "A", color: "red", order: 3 });
      const change = (owner: Principal, what: object) =>
        store.write(({ calendars }) => calendars.change(owner.id, id, what));
      expect(await change(ben, { name: "B" })).toBeUndefined();
      const changed = await change(ann, { name: "B", color: undefined });
      expect(changed).toMatchObject({ name: "B", order: 3, revision: 1 });
      expect(changed).not.toHaveProperty("color");
      expect(await change(ann, { properties: new Map([["{urn:x}a", "x".repeat(70_000)]]) })).toBe("too-large");
      expect(await change(ann, { description: "x".repeat(70_000) })).toBe("too-large");
      expect(await change(ann, { order: 1e20 })).toMatchObject({ order: 2_000_000_000 });
    }),
  );

  test(
    "CALSCHED-4.3-02: are at most so many, have one default that new things go to, and are removed when they are empty",
    withStore(makeBench, async (store) => {
      const [ann] = await people(store);
      const first = await defaultOf(store, ann);
      const { id } = await addCalendar(store, ann, { slug: "a", name: "A" });
      const write = (work: "makeDefault" | "remove", which: string) =>
        store.write(({ calendars }) => calendars[work](ann.id, which));
      expect(await write("remove", first.id)).toBe(false);
      expect(await write("makeDefault", id)).toBe(true);
      expect(await write("makeDefault", "99")).toBe(false);
      await save(store, ann, "one");
      expect(await store.read(({ calendars }) => calendars.ofUid(ann.id, "one"))).toMatchObject({ calendar: id });
      expect(await write("makeDefault", first.id)).toBe(true);
      expect(await write("remove", id)).toBe(false);
      await remove(store, ann, "one");
      expect(await write("remove", id)).toBe(true);
      const kept = await store.read(({ objects }) => objects.byUid(ann.id, "one"));
      expect(kept).toBeDefined(); // its registers stay
      for (let number = 1; number < maxCalendars; number++)
        await addCalendar(store, ann, { slug: `${number}`, name: "x" });
      expect(await store.write(({ calendars }) => calendars.add(ann.id, { slug: "more", name: "x" }))).toBe("too-many");
    }),
  );

  test(
    "have properties beside them, each place its own",
    withStore(makeBench, async (store) => {
      const [ann, ben] = await people(store);
      const kept = new Map([["{urn:x}a", "<a/>"]]);
      const set = (properties: ReadonlyMap<string, string>) =>
        store.write(({ calendars }) => calendars.setProperties(ann.id, "inbox", properties));
      expect(await set(kept)).toBeUndefined();
      expect(await set(new Map([["{urn:x}a", "x".repeat(70_000)]]))).toBe("too-large");
      const read = await store.read(async ({ calendars }) => [
        await calendars.properties(ann.id, "inbox"),
        await calendars.properties(ann.id, "outbox"),
        await calendars.properties(ben.id, "inbox"),
      ]);
      expect(read).toEqual([kept, new Map(), new Map()]);
    }),
  );
}

function testMembers(makeBench: MakeBench): void {
  test(
    "hold objects under the names clients give them, and under names made of their UIDs",
    withStore(makeBench, async (store) => {
      const [ann, ben] = await people(store);
      const { id } = await defaultOf(store, ann);
      const odd = "ä/?#..%2f";
      for (const uid of ["plain@example.test", odd, "x".repeat(1_000)]) await save(store, ann, uid);
      await save(store, ann, "named", { calendar: id, name: "Mein Termin.ics" });
      await save(store, ben, "plain@example.test");
      const members = await store.read(({ calendars }) => calendars.members(id, 10));
      expect(members.map(({ uid }) => uid).sort()).toEqual(
        ["named", "plain@example.test", "x".repeat(1_000), odd].sort(),
      );
      const names = members.map(({ name }) => name);
      expect(names).toContain("plain@example.test.ics");
      expect(names).toContain("Mein Termin.ics");
      expect(names.filter((name) => /^[0-9a-f]{32}\.ics$/.test(name))).toHaveLength(2);
      const found = await store.read(({ calendars }) => calendars.byNames(id, [...names, "none"]));
      expect(found.map(({ name }) => name).sort()).toEqual([...names].sort());
      const stored = await store.read(({ objects }) => objects.byUid(ann.id, "named"));
      expect(found.find(({ uid }) => uid === "named")?.etag).toBe(stored?.etag);
      // A client has taken the name that a UID would be given.
      await save(store, ann, "first", { calendar: id, name: "second.ics" });
      await save(store, ann, "second");
      const second = await store.read(({ calendars }) => calendars.ofUid(ann.id, "second"));
      expect(second?.name).toMatch(/^[0-9a-f]{32}\.ics$/);
      await expect(save(store, ann, "third", { calendar: id, name: "second.ics" })).rejects.toThrow("taken");
    }),
  );

  test(
    "give those that a time range can find, and more, by the index",
    withStore(makeBench, async (store) => {
      const [ann] = await people(store);
      const { id } = await defaultOf(store, ann);
      const spans: Readonly<Record<string, readonly [number, number | null]>> = {
        before: [10, 20],
        into: [10, 40],
        within: [35, 36],
        moment: [30, 30],
        after: [60, 70],
        endless: [5, null],
        later: [60, null],
      };
      for (const [uid, [starts, ends]] of Object.entries(spans)) {
        const state = stateOf(calendarObject(event({ uid, guests: 0 })));
        await store.write(({ objects }) => objects.save(ann.id, uid, state, { starts, ends }));
      }
      const uids = async (filter: object, limit = 10) =>
        (await store.read(({ calendars }) => calendars.candidates(id, filter, limit))).map(({ uid }) => uid);
      expect(await uids({ from: 30, to: 50 })).toEqual(["endless", "into", "moment", "within"]);
      expect(await uids({ from: 65 })).toEqual(["endless", "after", "later"]);
      expect(await uids({ to: 10 })).toEqual(["endless"]);
      expect(await uids({ component: "VTODO" })).toEqual([]);
      expect(await uids({ component: "VEVENT" }, 2)).toEqual(["endless", "before"]);
    }),
  );
}

/** What a client knows of a calendar: names and etags. */
type Known = Map<string, string>;

function take(known: Known, { changed, removed }: Changes<Member>): void {
  for (const name of removed) known.delete(name);
  for (const { name, etag } of changed) known.set(name, etag);
}

function testChanges(makeBench: MakeBench): void {
  test(
    "tell what changed, page by page, so that a client knows in the end what is there: a law",
    withStore(makeBench, async (store) => {
      const [ann] = await people(store);
      const first = await defaultOf(store, ann);
      const second = await addCalendar(store, ann, { slug: "second", name: "Second" });
      const step = fc.record({
        uid: fc.constantFrom("a", "b", "c", "d"),
        what: fc.constantFrom("save", "save", "remove", "move", "touch", "sync"),
      });
      let title = 0;
      const clients = [first, second].map(({ id }) => ({ id, known: new Map() as Known, revision: 0 }));
      const sync = async (limit: number) => {
        for (const client of clients) {
          for (let more = true; more; ) {
            const changes = await store.read(({ calendars }) =>
              calendars.changesSince(client.id, client.revision, limit),
            );
            if (!changes) throw new Error("a revision that was given out is known");
            take(client.known, changes);
            expect(changes.isTruncated && changes.revision === client.revision).toBe(false);
            [client.revision, more] = [changes.revision, changes.isTruncated];
          }
          const members = await store.read(({ calendars }) => calendars.members(client.id, 100));
          expect(client.known).toEqual(new Map(members.map(({ name, etag }) => [name, etag])));
        }
      };
      const law = fc.asyncProperty(
        fc.array(step, { maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, limit) => {
          for (const { uid, what } of steps) {
            const known = await store.read(({ calendars }) => calendars.ofUid(ann.id, uid));
            if (what === "save") await save(store, ann, uid, { title: `${title++}` });
            if (what === "remove" && known) await remove(store, ann, uid);
            if (what === "touch") await store.write(({ calendars }) => calendars.touch(ann.id, uid));
            if (what === "move" && known) {
              const to = { calendar: known.calendar === first.id ? second.id : first.id, name: known.name };
              expect(await store.write(({ calendars }) => calendars.move(ann.id, known.object, to, at))).toBeDefined();
            }
            if (what === "sync") await sync(limit);
          }
          await sync(limit);
        },
      );
      await fc.assert(law, { numRuns: 12 });
    }),
    30_000,
  );

  test(
    "are known for a while; who asks from before that, or from what has not come, begins anew",
    withStore(makeBench, async (store, bench) => {
      const [ann] = await people(store);
      const { id } = await defaultOf(store, ann);
      await save(store, ann, "one");
      const since = (revision: number) => store.read(({ calendars }) => calendars.changesSince(id, revision, 10));
      const { revision = 0 } = (await since(0)) ?? {};
      expect(await since(revision)).toEqual({ changed: [], removed: [], revision, isTruncated: false });
      expect(await since(revision + 1)).toBeUndefined();
      expect(await store.read(({ calendars }) => calendars.changesSince("99", 0, 10))).toBeUndefined();
      await bench.run(`update calendars set revision = ${revision + maxChangesKept} where id = ${id}`);
      await remove(store, ann, "one");
      expect(await since(revision)).toBeUndefined();
      expect(await since(revision + 2)).toMatchObject({ removed: ["one.ics"] });
    }),
  );

  test(
    "reach from one etag to another where copies are touched together",
    withStore(makeBench, async (store) => {
      const [ann, ben] = await people(store);
      for (const one of [ann, ben]) await save(store, one, "one");
      const { id, revision } = await defaultOf(store, ben);
      const before = await store.read(({ calendars }) => calendars.ofUid(ben.id, "one"));
      await store.write(({ refreshes }) => refreshes.touch("one", [ann.id, ben.id]));
      const changes = await store.read(({ calendars }) => calendars.changesSince(id, revision, 10));
      expect(changes?.changed.map(({ uid }) => uid)).toEqual(["one"]);
      expect(changes?.changed[0]?.etag).not.toBe(before?.etag);
    }),
  );
}

function testShares(makeBench: MakeBench): void {
  test(
    "are shared with people and groups, by their owners, as far as the most of it goes",
    withStore(makeBench, async (store) => {
      const [ann, ben] = await people(store);
      const group = await addGroup(store);
      const { id } = await defaultOf(store, ann);
      const share = (owner: Principal, sharee: Principal, access: "read" | "write" | undefined) =>
        store.write(({ calendars }) => calendars.share(owner.id, id, sharee.id, access));
      const accessOfBen = () => store.read(({ calendars }) => calendars.shareOf(id, ben.id));
      expect(await share(ben, ann, "write")).toBe(false);
      expect(await share(ann, ann, "write")).toBe(false);
      expect(await share(ann, ben, "read")).toBe(true);
      expect(await accessOfBen()).toBe("read");
      await store.write(({ principals }) => principals.addMember(group.id, ben.id));
      expect(await share(ann, group, "write")).toBe(true);
      expect(await accessOfBen()).toBe("write");
      const own = await store.read(({ calendars }) => calendars.byId(ann.id, id));
      const listed = await store.read(async ({ calendars }) => [
        await calendars.shares(id),
        await calendars.sharedWith(ben.id),
      ]);
      expect(listed).toEqual([
        [
          { calendar: id, sharee: ben.id, access: "read" },
          { calendar: id, sharee: group.id, access: "write" },
        ],
        [
          { calendar: own, sharee: ben.id, access: "read" },
          { calendar: own, sharee: group.id, access: "write" },
        ],
      ]);
      await share(ann, group, undefined);
      await share(ann, ben, undefined);
      expect(await accessOfBen()).toBeUndefined();
    }),
  );
}

function testInbox(makeBench: MakeBench): void {
  test(
    "stand beside an inbox, which holds a bounded number of messages for a bounded time, each text once",
    withStore(makeBench, async (store, bench) => {
      const [ann, ben] = await people(store);
      const add = (owner: Principal, when: number, text: string) =>
        store.write(({ inbox }) =>
          inbox.add(owner.id, { at: when, uid: "one", method: "REQUEST", component: "VEVENT", text }),
        );
      await add(ann, at, "same");
      await add(ben, at, "same");
      expect(await bench.count("sources")).toBe(1);
      const [mine] = await store.read(({ inbox }) => inbox.list(ben.id));
      expect(await store.write(({ inbox }) => inbox.remove(ann.id, mine?.name ?? ""))).toBe(false);
      expect(await store.write(({ inbox }) => inbox.remove(ben.id, mine?.name ?? ""))).toBe(true);
      expect(await bench.count("sources")).toBe(1);
      await store.write(async ({ inbox }) => {
        for (let number = 0; number < 620; number++) {
          await inbox.add(ann.id, { at: at + 1, uid: "one", method: "REPLY", component: "VEVENT", text: `${number}` });
        }
      });
      const kept = await store.read(({ inbox }) => inbox.list(ann.id));
      expect(kept.length).toBeGreaterThanOrEqual(500);
      expect(kept.length).toBeLessThan(520);
      for (let number = 0; number < 20; number++) await add(ann, at + 100 * 86_400, `late ${number}`);
      const late = await store.read(({ inbox }) => inbox.list(ann.id));
      expect(late.length).toBeLessThanOrEqual(20);
      expect(await bench.count("sources")).toBe(late.length);
      const all = new Set<string>();
      let revision = 0;
      for (let more = true; more; ) {
        const changes = await store.read(({ inbox }) => inbox.changesSince(ann.id, revision, 7));
        for (const { name } of changes?.changed ?? []) all.add(name);
        [revision, more] = [changes?.revision ?? 0, changes?.isTruncated ?? false];
      }
      expect(all).toEqual(new Set(late.map(({ name }) => name)));
      expect(await store.read(({ inbox }) => inbox.changesSince(ann.id, revision + 1, 7))).toBeUndefined();
    }),
  );
}
