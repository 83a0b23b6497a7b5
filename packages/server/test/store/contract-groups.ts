import { describe, expect, test } from "vitest";
import { maxGroupDepth } from "../../src/store/members.ts";
import type { PrincipalId, Store } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "./bench.ts";
import { addAnn, address } from "./fixtures.ts";

/** Kinds of principals, and who is a member of what. */
export function testGroups(makeBench: MakeBench): void {
  describe("kinds of principals", () => {
    test(
      "are kept, a room's with how it is booked",
      withStore(makeBench, async (store) => {
        const room = { name: "Blue", address: address("blue@example.test"), timezone: "UTC" };
        const rooms = [
          { kind: "room", booking: { policy: "accept", capacity: 8 } },
          { kind: "resource", booking: { policy: "approve" } },
          { kind: "group" },
        ] as const;
        for (const [number, rest] of rooms.entries()) {
          const own = address(`r${number}@example.test`);
          const added = await store.write(({ principals }) =>
            principals.add({ ...room, address: own, addresses: [own], ...rest }),
          );
          expect(added).toEqual({ ...room, ...rest, id: added.id, address: own, addresses: [own], groups: [] });
          expect(await store.read(({ principals }) => principals.byId(added.id))).toEqual(added);
        }
      }),
    );
  });

  describe("groups", () => {
    test(
      "have members, and a principal knows all groups above it by all their addresses",
      withStore(makeBench, async (store) => {
        const [ann, bob] = [await addAnn(store), await addAnn(store, "bob")];
        const [team, house] = [await addGroup(store, "team"), await addGroup(store, "house")];
        await store.write(async ({ principals }) => {
          expect(await principals.addMember(team, ann.id)).toBeUndefined();
          expect(await principals.addMember(team, ann.id)).toBeUndefined();
          expect(await principals.addMember(house, team)).toBeUndefined();
          expect(await principals.addMember(house, bob.id)).toBeUndefined();
          expect(await principals.addMember(house, ann.id)).toBeUndefined();
        });
        await store.read(async ({ principals }) => {
          expect((await principals.members(house)).map(({ name }) => name)).toEqual(["ann", "bob", "team"]);
          expect((await principals.members(team)).map(({ name }) => name)).toEqual(["ann"]);
          expect((await principals.people(house)).map(({ name }) => name)).toEqual(["ann", "bob"]);
          expect((await principals.people(team)).map(({ name }) => name)).toEqual(["ann"]);
          expect(await principals.people(ann.id)).toEqual([]);
          expect((await principals.byId(ann.id))?.groups).toEqual(
            addressesOf("all-house", "all-team", "house", "team"),
          );
          expect((await principals.byId(team))?.groups).toEqual(addressesOf("all-house", "house"));
          expect((await principals.list()).map(({ name, groups }) => [name, groups.length])).toEqual([
            ["ann", 4],
            ["bob", 2],
            ["house", 0],
            ["team", 2],
          ]);
        });
        await store.write(async ({ principals }) => {
          expect(await principals.removeMember(house, team)).toBe(true);
          expect(await principals.removeMember(house, team)).toBe(false);
          expect(await principals.removeMember(house, ann.id)).toBe(true);
          expect((await principals.byId(ann.id))?.groups).toEqual(addressesOf("all-team", "team"));
        });
      }),
    );

    test(
      "are never members of themselves, by whatever way, and nest no deeper than the bound",
      withStore(makeBench, async (store, bench) => {
        const chain: PrincipalId[] = [];
        for (let depth = 0; depth <= maxGroupDepth; depth++) chain.push(await addGroup(store, `g${depth}`));
        const ann = await addAnn(store);
        await store.write(async ({ principals }) => {
          for (let depth = 1; depth < maxGroupDepth; depth++) {
            expect(await principals.addMember(chain[depth - 1] ?? "", chain[depth] ?? "")).toBeUndefined();
          }
          const [top = "", second = ""] = chain;
          const [last = "", beyond = ""] = chain.slice(-2);
          expect(await principals.addMember(top, top)).toBe("cycle");
          expect(await principals.addMember(second, top)).toBe("cycle");
          expect(await principals.addMember(last, top)).toBe("cycle");
          expect(await principals.addMember(last, ann.id)).toBeUndefined();
          expect(await principals.addMember(last, beyond)).toBeUndefined();
          expect(await principals.addMember(beyond, ann.id)).toBe("depth");
          expect(await principals.addMember(beyond, second)).toBe("cycle");
          expect((await principals.byId(ann.id))?.groups.length).toBe(2 * maxGroupDepth);
        });
        expect(await bench.count("members")).toBe(maxGroupDepth + 1);
      }),
    );

    test(
      "do not become members of each other when two nodes make them so at once",
      withStore(makeBench, async (store, bench) => {
        const other = await bench.open();
        try {
          const [one, two] = [await addGroup(store, "one"), await addGroup(store, "two")];
          const problems = await Promise.all([
            store.write(({ principals }) => principals.addMember(one, two)),
            other.write(({ principals }) => principals.addMember(two, one)),
          ]);
          expect(problems.filter((problem) => problem === "cycle").length).toBe(1);
          expect(await bench.count("members")).toBe(1);
        } finally {
          await other.close();
        }
      }),
    );
  });
}

async function addGroup(store: Store, name: string): Promise<PrincipalId> {
  const addresses = addressesOf(name, `all-${name}`);
  const [first = address("x@example.test")] = addresses;
  const group = { kind: "group", name, address: first, addresses, timezone: "UTC" } as const;
  return (await store.write(({ principals }) => principals.add(group))).id;
}

function addressesOf(...names: readonly string[]) {
  return names.map((name) => address(`${name}@example.test`));
}
