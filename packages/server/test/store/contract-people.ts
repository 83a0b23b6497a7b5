import { describe, expect, test } from "vitest";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, address, now } from "./fixtures.ts";

/** Principals and sessions. */
export function testPeople(makeBench: MakeBench): void {
  describe("principals", () => {
    test(
      "are found by id and by each of their addresses, the one they write from first",
      withStore(makeBench, async (store) => {
        const [first, second] = [address("ann@example.test"), address("a.miller@example.test")];
        const ann = await store.write(({ principals }) =>
          principals.add({ name: "Ann", address: first, addresses: [second, first], timezone: "Europe/Berlin" }),
        );
        expect(ann).toEqual({
          id: ann.id,
          kind: "person",
          name: "Ann",
          address: first,
          addresses: [first, second],
          timezone: "Europe/Berlin",
          groups: [],
        });
        await store.read(async ({ principals }) => {
          expect(await principals.byId(ann.id)).toEqual(ann);
          expect(await principals.byAddress(first)).toEqual(ann);
          expect(await principals.byAddress(second)).toEqual(ann);
          expect(await principals.byAddress(address("bob@example.test"))).toBeUndefined();
          for (const id of ["0", "999", "", "x", "1e3", "__proto__"]) expect(await principals.byId(id)).toBeUndefined();
        });
      }),
    );

    test(
      "have a locale or none; many are asked for at once, by each of their addresses",
      withStore(makeBench, async (store) => {
        const [own, other, bob] = ["ann@example.test", "a@example.test", "bob@example.test"].map(address);
        if (!own || !other || !bob) throw new Error("no address");
        const person = { name: "Ann", timezone: "UTC", addresses: [other] };
        const ann = await store.write(async ({ principals }) => {
          await principals.add({ ...person, name: "Bob", address: bob, addresses: [] });
          return principals.add({ ...person, address: own, locale: "de-AT" });
        });
        await store.read(async ({ principals }) => {
          expect((await principals.byId(ann.id))?.locale).toBe("de-AT");
          expect(await principals.byAddress(bob)).not.toHaveProperty("locale");
          const strangers = Array.from({ length: 1_200 }, (_, index) => address(`g${index}@example.test`));
          expect(await principals.locales([...strangers, own, other, bob])).toEqual(
            new Map([
              [own, "de-AT"],
              [other, "de-AT"],
            ]),
          );
          expect(await principals.locales([])).toEqual(new Map());
        });
        await store.write(({ principals }) => principals.setLocale(ann.id, undefined));
        expect(await store.read(({ principals }) => principals.byAddress(own))).not.toHaveProperty("locale");
      }),
    );

    test(
      "are listed by name",
      withStore(makeBench, async (store) => {
        for (const name of ["carl", "ann", "bob"]) await addAnn(store, name);
        const listed = await store.read(({ principals }) => principals.list());
        expect(listed.map(({ name, addresses }) => [name, addresses])).toEqual([
          ["ann", ["ann@example.test"]],
          ["bob", ["bob@example.test"]],
          ["carl", ["carl@example.test"]],
        ]);
      }),
    );

    test(
      "never share an address, and one refused leaves nothing behind",
      withStore(makeBench, async (store, bench) => {
        await addAnn(store);
        const other = address("anna@example.test");
        const add = store.write(({ principals }) =>
          principals.add({ name: "Anna", address: other, addresses: [address("ann@example.test")], timezone: "UTC" }),
        );
        await expect(add).rejects.toThrow("the address ann@example.test belongs to another principal");
        expect(await bench.counts("principals", "calendars", "addresses")).toEqual([1, 1, 1]);
      }),
    );

    test(
      "keep one password hash and their correspondents",
      withStore(makeBench, async (store) => {
        const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
        const friends = Array.from({ length: 250 }, (_, friend) => address(`friend${friend}@example.test`));
        await store.write(async ({ principals }) => {
          await principals.setPasswordHash(ann.id, "$first");
          await principals.setPasswordHash(ann.id, "$second");
          await principals.addCorrespondents(ann.id, friends, now);
          await principals.addCorrespondents(ann.id, [...friends, ...friends], now + 1);
          await principals.addCorrespondents(ann.id, [], now);
        });
        await store.read(async ({ principals }) => {
          expect(await principals.passwordHash(ann.id)).toBe("$second");
          expect(await principals.passwordHash(bob.id)).toBeUndefined();
          expect(await principals.isCorrespondent(ann.id, address("friend249@example.test"))).toBe(true);
          expect(await principals.isCorrespondent(ann.id, address("friend250@example.test"))).toBe(false);
          expect(await principals.isCorrespondent(bob.id, address("friend249@example.test"))).toBe(false);
        });
        await store.write(({ principals }) =>
          principals.addCorrespondents(ann.id, [address("new@example.test")], now + 2),
        );
        await store.read(async ({ principals }) => {
          const newest = ["new@example.test", "friend0@example.test", "friend100@example.test"];
          expect(await principals.correspondents(ann.id, 3)).toEqual(newest);
          expect(await principals.correspondents(ann.id, 1_000)).toHaveLength(251);
          expect(await principals.correspondents(bob.id, 3)).toEqual([]);
        });
      }),
    );

    test(
      "remember who signs, each of them alone",
      withStore(makeBench, async (store) => {
        const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
        const signer = address("signer@elsewhere.test");
        await store.write(async ({ signers }) => {
          expect(await signers.has(ann.id, signer)).toBe(false);
          await signers.add(ann.id, signer, now);
          await signers.add(ann.id, signer, now + 1);
          expect(await signers.has(ann.id, signer)).toBe(true);
        });
        await store.read(async ({ signers }) => {
          expect([await signers.has(ann.id, signer), await signers.has(bob.id, signer)]).toEqual([true, false]);
          expect(await signers.has(ann.id, address("other@elsewhere.test"))).toBe(false);
        });
      }),
    );
  });

  describe("delegations", () => {
    test(
      "have one scope for each two, which can be changed and taken back, and go one way",
      withStore(makeBench, async (store) => {
        const [ann, bob, carl] = [await addAnn(store), await addAnn(store, "bob"), await addAnn(store, "carl")];
        await store.write(async ({ principals }) => {
          await principals.delegate(ann.id, bob.id, "read");
          await principals.delegate(ann.id, bob.id, "organize");
          await principals.delegate(ann.id, carl.id, "freebusy");
          await principals.delegate(bob.id, carl.id, "respond");
          await principals.delegate(bob.id, carl.id, undefined);
          await principals.delegate(bob.id, ann.id, undefined);
        });
        await store.read(async ({ principals }) => {
          expect(await principals.scopeOf(ann.id, bob.id)).toBe("organize");
          expect(await principals.scopeOf(bob.id, ann.id)).toBeUndefined();
          expect(await principals.scopeOf(bob.id, carl.id)).toBeUndefined();
          expect(await principals.delegations(bob.id)).toEqual([]);
          expect(await principals.delegations(ann.id)).toEqual([
            { delegate: bob.id, scope: "organize" },
            { delegate: carl.id, scope: "freebusy" },
          ]);
        });
      }),
    );
  });

  describe("sessions", () => {
    test(
      "end when they expire and when they are removed",
      withStore(makeBench, async (store) => {
        const ann = await addAnn(store);
        await store.write(async ({ sessions }) => {
          await sessions.add("first", ann.id, now + 10);
          await sessions.add("second", ann.id, now + 10);
          await sessions.remove("second");
          await sessions.remove("third");
        });
        await store.read(async ({ sessions }) => {
          expect(await sessions.find("first", now + 9)).toBe(ann.id);
          expect(await sessions.find("first", now + 10)).toBeUndefined();
          expect(await sessions.find("second", now)).toBeUndefined();
        });
      }),
    );
  });
}
