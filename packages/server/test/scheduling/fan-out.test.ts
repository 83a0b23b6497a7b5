import { type Evidence, leadingComponent, type SchedulingState } from "@parley/engine";
import { readSchedulingMail } from "@parley/engine/imip";
import { describe, expect, test } from "vitest";
import { composeMime } from "../../src/delivery/compose-mime.ts";
import { deliverInside } from "../../src/mail/deliver-inside.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { parseMail } from "../../src/mail/parse-mail.ts";
import { readMessageOf } from "../../src/mail/receive-again.ts";
import { addPerson } from "../../src/people.ts";
import { actOnObject } from "../../src/scheduling/change-object.ts";
import type { House } from "../../src/scheduling/house.ts";
import { insidePayload, readPayload, showInside } from "../../src/scheduling/payload.ts";
import type { Delivery, LedgerRow, Principal, Store } from "../../src/store/store.ts";
import { type MakeBench, withStore } from "../store/bench.ts";
import { onEveryStore, sqliteBench } from "../store/benches.ts";
import { addGuest, create, drain, houseOver, now, storeOptions, uid } from "./house.ts";

describe("copies for guests who are our own people", () => {
  onEveryStore((makeBench) => {
    testTogether(makeBench);
    testBounds(makeBench);
  }, storeOptions);
});

const names = ["ann", "ben", "carl", "dora"] as const;

async function fill(store: Store, more: readonly string[] = []): Promise<readonly Principal[]> {
  const people: Principal[] = [];
  for (const name of [...names, ...more]) {
    people.push(await addPerson(store, { name, addresses: [`${name}@example.test`], timezone: "UTC" }));
  }
  return people;
}

function one(people: readonly Principal[], name: string): Principal {
  const found = people.find((person) => person.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

function copyOf({ store }: House, person: Principal): Promise<SchedulingState | undefined> {
  return store.read(async ({ objects }) => (await objects.byUid(person.id, uid))?.state);
}

/** What is due of everybody, by payload. */
async function queued(store: Store): Promise<readonly Delivery[]> {
  return store.read(({ queue }) => queue.list({ states: ["queued", "deferred"] }, 1_000));
}

async function payloadOf({ store }: House, { payload }: Delivery) {
  const bytes = await store.read(({ ledger }) => ledger.source(payload));
  if (!bytes) throw new Error("the payload is gone");
  return readPayload(bytes);
}

function testTogether(makeBench: MakeBench): void {
  test(
    "are made after the write is answered, and each delivery is recorded with its copy",
    withStore(makeBench, async (store) => {
      const house = houseOver(store);
      const people = await fill(store);
      const [ann, ...guests] = people;
      if (!ann) throw new Error("Ann was added");
      await create(house, ann, ...guests.map(({ address }) => address), "eva@elsewhere.test");
      expect(await Promise.all(guests.map((guest) => copyOf(house, guest)))).toEqual([undefined, undefined, undefined]);
      const sent = await drain(house);
      expect(sent.map(({ to }) => to)).toEqual(["eva@elsewhere.test"]);
      for (const guest of guests) {
        const copy = await copyOf(house, guest);
        expect(copy?.object && leadingComponent(copy.object).attendees.has(guest.address)).toBe(true);
      }
      const states = await store.read(({ deliveries }) => deliveries.latestStates(ann.id, uid));
      expect([...states.values()]).toEqual(["handed-over", "handed-over", "handed-over", "handed-over"]);
    }),
  );

  test(
    "are kept once, however often their delivery is carried",
    withStore(makeBench, async (store, bench) => {
      const house = houseOver(store);
      const people = await fill(store);
      await create(house, one(people, "ann"), "ben@example.test", "carl@example.test");
      const due = await queued(store);
      const [first] = due;
      if (!first) throw new Error("nothing is queued");
      const payload = await payloadOf(house, first);
      for (let time = 0; time < 2; time++) {
        expect(await deliverInside(house, payload, due)).toEqual({ elsewhere: [], failed: [] });
        // Ann's own, what she sent, and what each of the two got.
        expect(await bench.counts("objects", "messages")).toEqual([3, 3]);
      }
    }),
  );

  test(
    "of two meetings are made for the same people at once, by two nodes",
    withStore(makeBench, async (store, bench) => {
      const other = await bench.open();
      const houses = [houseOver(store), houseOver(other)] as const;
      const everybody = await fill(
        store,
        Array.from({ length: 30 }, (_, i) => `p${i}`),
      );
      const guests = everybody.slice(names.length);
      const [ann, ben] = [one(everybody, "ann"), one(everybody, "ben")];
      for (const organizer of [ann, ben]) {
        await create(houses[0], organizer, ...guests.map(({ address }) => address));
      }
      const due = await queued(store);
      const ofAnn = due.filter(({ principal }) => principal === ann.id);
      const ofBen = due.filter(({ principal }) => principal === ben.id).reverse();
      const deliver = async (house: House, deliveries: readonly Delivery[]) => {
        const [first] = deliveries;
        if (!first) throw new Error("nothing is queued");
        return deliverInside(house, await payloadOf(house, first), deliveries);
      };
      const done = await Promise.all([deliver(houses[0], ofAnn), deliver(houses[1], ofBen)]);
      expect(done).toEqual([
        { elsewhere: [], failed: [] },
        { elsewhere: [], failed: [] },
      ]);
      // Each has a copy, of whichever came first, and a row of both in the ledger; so have the two who wrote.
      expect(await bench.counts("objects", "messages")).toEqual([32, 62]);
      await other.close();
    }),
  );

  test(
    "do not fail because one of them does",
    withStore(makeBench, async (store) => {
      const people = await fill(store);
      const carl = one(people, "carl");
      let isBroken = true;
      const write: Store["write"] = (work) =>
        store.write((transaction) => {
          const add: typeof transaction.ledger.add = async (record) => {
            if (isBroken && record.principal === carl.id) throw new Error("Carl's disk is full");
            return transaction.ledger.add(record);
          };
          return work({ ...transaction, ledger: { ...transaction.ledger, add } });
        });
      const house = { ...houseOver(store), store: { ...store, write } };
      await create(house, one(people, "ann"), "ben@example.test", "carl@example.test", "dora@example.test");
      await expect(drain(house)).rejects.toThrow("Carl's disk is full");
      const have = async () =>
        (await Promise.all(people.map((person) => copyOf(house, person)))).map((state) => state !== undefined);
      expect(await have()).toEqual([true, true, false, true]);
      expect(await queued(store)).toMatchObject([{ recipient: carl.address, state: "deferred", attempts: 1 }]);
      isBroken = false;
      await drain({ ...house, clock: () => now + 7_200 });
      expect(await have()).toEqual([true, true, true, true]);
    }),
  );
}

function testBounds(makeBench: MakeBench): void {
  test("take the same number of rows each, and one document, one body and one text in their inboxes for all", async () => {
    const [few, many] = [await rowsOf(makeBench, 5), await rowsOf(makeBench, 60)];
    expect(many).toEqual(few);
    expect(many.shared).toEqual([1, 2]);
  });
}

/** Rows that one guest's copy takes, and the documents and sources of all of them. */
async function rowsOf(makeBench: MakeBench, count: number) {
  let rows: { readonly each: number; readonly shared: readonly number[] } | undefined;
  await withStore(makeBench, async (store, bench) => {
    const house = houseOver(store);
    const people = await fill(
      store,
      Array.from({ length: count }, (_, i) => `p${i}`),
    );
    await create(house, one(people, "ann"), ...people.slice(names.length).map(({ address }) => address));
    const due = await queued(store);
    const [first] = due;
    if (!first) throw new Error("nothing is queued");
    const payload = await payloadOf(house, first);
    const before = await bench.rowsWritten();
    await deliverInside(house, payload, due);
    const written = (await bench.rowsWritten()) - before;
    rows = { each: Math.floor(written / count), shared: await bench.counts("documents", "sources") };
  })();
  if (!rows) throw new Error("nothing was measured");
  return rows;
}

describe("decision 0030: what is delivered inside is what a mail from a proven sender would be", () => {
  const conversation: readonly (readonly [string, (house: House, people: readonly Principal[]) => Promise<unknown>])[] =
    [
      ["an invitation", (house, people) => create(house, one(people, "ann"), ...guests)],
      ["an answer", (house, people) => answer(house, one(people, "ben"), "ACCEPTED", "Gern 🙂")],
      ["another answer", (house, people) => answer(house, one(people, "carl"), "DECLINED")],
      ["an update", (house, people) => invite(house, one(people, "ann"), "dora@example.test")],
      ["a cancellation", (house, people) => cancel(house, one(people, "ann"))],
    ];

  test("step by step: the same states, and ledgers that differ in nothing but the proof and where the text is", async () => {
    const [inside, outside] = [await sqliteBench(storeOptions), await sqliteBench(storeOptions)];
    const stores = [await inside.open(), await outside.open()] as const;
    try {
      const houses = stores.map((store) => houseOver(store)) as [House, House];
      const people = await fill(stores[0]);
      await fill(stores[1]);
      for (const [name, step] of conversation) {
        for (const house of houses) await step(house, people);
        await drain(houses[0]);
        await carryAsMail(houses[1]);
        for (const person of people) {
          const [one, other] = await Promise.all(houses.map((house) => recordOf(house, person)));
          expect(one, `${name}, ${person.name}`).toEqual(other);
        }
      }
      const last = await recordOf(houses[0], one(people, "ben"));
      expect(last.rows.map(({ method }) => method)).toEqual(["CANCEL", "REPLY", "REQUEST"]);
    } finally {
      for (const store of stores) await store.close();
      await Promise.all([inside.close(), outside.close()]);
    }
  });
});

const guests = ["ben@example.test", "carl@example.test", "Ünlü@elsewhere.test"];

async function answer(house: House, person: Principal, partstat: "ACCEPTED" | "DECLINED", comment?: string) {
  const result = await actOnObject(house, person, { uid }, { kind: "answer", partstat, ...(comment && { comment }) });
  expect(result.kind).toBe("done");
}

async function invite(house: House, ann: Principal, guest: string) {
  const stored = await house.store.read(({ objects }) => objects.byUid(ann.id, uid));
  expect((await addGuest(house, ann, guest, { id: stored?.id ?? "" })).kind).toBe("done");
}

async function cancel(house: House, ann: Principal) {
  expect((await actOnObject(house, ann, { uid }, { kind: "cancel" })).kind).toBe("done");
}

/** Carries what is queued as mails from a relay that proves who sent them. */
async function carryAsMail(house: House): Promise<void> {
  for (const delivery of await queued(house.store)) {
    const { mail, from, date } = await payloadOf(house, delivery);
    const to = { address: delivery.recipient };
    const bytes = await composeMime(mail, { from, to, messageId: delivery.messageId, date });
    await deliverMail(house, bytes, [delivery.recipient], "outside");
    const end = { state: "handed-over", due: now, detail: "" } as const;
    await house.store.write(({ deliveries }) => deliveries.settle(delivery.id, end));
  }
}

/** All that a person has of the event: the state, and the ledger without what is to differ. */
async function recordOf({ store }: House, { id }: Principal) {
  return store.read(async ({ objects, ledger }) => {
    const rows = await ledger.list(id, { uid, limit: 100 });
    return { state: (await objects.byUid(id, uid))?.state, rows: rows.map(comparable) };
  });
}

function comparable({ id: _id, source: _source, evidence, ...row }: LedgerRow) {
  return { ...row, ...(evidence && { evidence: { ...evidence, strength: "", detail: "" } }) };
}

test("what came inside can be read again and looked at; a mail from outside that looks like it is a mail", async () => {
  const bench = await sqliteBench(storeOptions);
  const store = await bench.open();
  const house = houseOver(store);
  const people = await fill(store);
  await create(house, one(people, "ann"), "ben@example.test");
  await drain(house);
  const { row, source, message } = await store.read(async (transaction) => {
    const [found] = await transaction.ledger.list(one(people, "ben").id, { limit: 1 });
    const bytes = found?.source && (await transaction.ledger.source(found.source));
    if (!found || !bytes) throw new Error("Ben has no row");
    return { row: found, source: bytes, message: await readMessageOf(house, transaction, found) };
  });
  expect(message).toMatchObject({ method: "REQUEST", originator: "ann@example.test", object: { uid } });
  const payload = insidePayload(row, source);
  if (!payload) throw new Error("there is no payload");
  const mail = await parseMail(showInside(payload, row));
  expect(mail).toMatchObject({
    from: [{ address: "ann@example.test", name: "ann" }],
    to: [{ address: "ben@example.test" }],
    subject: row.subject,
    messageId: row.messageId,
    problems: [],
  });
  const reading = readSchedulingMail(mail, house.zones, house.limits);
  expect(reading).toMatchObject({ parts: [{ kind: "message", message }] });
  expect(insidePayload({ evidence: { ...evidenceOf(row), strength: "relayed" } }, source)).toBeUndefined();
  expect(insidePayload(row, new TextEncoder().encode("From: ann@example.test"))).toBeUndefined();
  await store.close();
  await bench.close();
});

function evidenceOf({ evidence }: LedgerRow): Evidence {
  if (!evidence) throw new Error("the row has no evidence");
  return evidence;
}

test("nobody is delivered to inside for an address that is nobody's here, and plus-tags are", async () => {
  const bench = await sqliteBench(storeOptions);
  const store = await bench.open();
  const house = houseOver(store);
  const people = await fill(store);
  await create(house, one(people, "ann"), "ben+work@example.test", "nobody@example.test");
  const recipients = (await drain(house)).map(({ to }) => to);
  expect(recipients).toEqual(["nobody@example.test"] satisfies readonly string[]);
  expect((await copyOf(house, one(people, "ben")))?.object?.uid).toBe(uid);
  await store.close();
  await bench.close();
});
