import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTexts } from "../../src/caldav/texts.ts";
import { makeTree } from "../../src/caldav/tree.ts";
import type { CaldavWorld } from "../../src/caldav/world.ts";
import { handleDav } from "../../src/dav/handle.ts";
import { collectionPath } from "../../src/dav/path.ts";
import { addPerson } from "../../src/people.ts";
import type { Principal, ReadTransaction, Store } from "../../src/store/store.ts";
import { type Dav, propfind, startDav } from "./server.ts";

let dav: Dav;

beforeAll(async () => {
  dav = await startDav(["ann", "ben"]);
});

afterAll(() => dav.close());

/** Counts how often anything is asked of a store. */
function counting(store: Store): { readonly store: Store; readonly asked: () => number } {
  let count = 0;
  const counted = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (typeof value !== "function") return typeof value === "object" && value !== null ? counted(value) : value;
        return (...of: unknown[]) => {
          count += 1;
          return Reflect.apply(value, target, of);
        };
      },
    });
  const read: Store["read"] = (work) => store.read((transaction: ReadTransaction) => work(counted(transaction)));
  return { store: { ...store, read }, asked: () => count };
}

/** Lists a home with all that is said of sharing; gives how often the store was asked, and the number of responses. */
async function list(person: Principal): Promise<readonly [asked: number, responses: number]> {
  const { store, asked } = counting(dav.server.house.store);
  const world: CaldavWorld = { house: { ...dav.server.house, store }, freeBusy: "people" } as CaldavWorld;
  const request = {
    method: "PROPFIND",
    path: collectionPath("dav", "calendars", person.address),
    headers: { depth: "1" },
    body: new TextEncoder().encode(propfind("d:resourcetype", "cs:invite", "d:displayname")),
  };
  const { status, body = "" } = await handleDav(
    makeTree(world, makeTexts(world.house), person, request.headers),
    request,
  );
  expect(status).toBe(207);
  return [asked(), body.split("<d:response>").length - 1];
}

test("a home is listed by as many looks into the store, whatever the number of shares", async () => {
  const { store } = dav.server.house;
  const [ann, ben] = [dav.people["ann"], dav.people["ben"]];
  if (!ann || !ben) throw new Error("there are two");
  const share = async (count: number): Promise<void> => {
    const other = await addPerson(store, { name: `O${count}`, addresses: [`o${count}@example.test`], timezone: "UTC" });
    await store.write(async ({ calendars }) => {
      const [anns] = await calendars.list(ann.id);
      const [others] = await calendars.list(other.id);
      await calendars.share(ann.id, anns?.id ?? "", other.id, "read");
      await calendars.share(other.id, others?.id ?? "", ben.id, "write");
    });
  };
  await share(1);
  const few = [await list(ann), await list(ben)];
  for (let count = 2; count <= 12; count++) await share(count);
  const many = [await list(ann), await list(ben)];
  expect(many.map(([asked]) => asked)).toEqual(few.map(([asked]) => asked));
  expect([few[1]?.[1], many[1]?.[1]]).toEqual([5, 16]);
});
