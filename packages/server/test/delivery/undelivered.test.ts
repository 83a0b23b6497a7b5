import { parseAddress } from "@parley/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DeliveryResult } from "../../src/delivery/retry.ts";
import { startDeliveryWorker } from "../../src/delivery/worker.ts";
import { deliverMail } from "../../src/mail/deliver-mail.ts";
import { checkStore } from "../../src/operation/check.ts";
import { addPerson } from "../../src/people.ts";
import type { House } from "../../src/scheduling/house.ts";
import { undeliverable } from "../../src/scheduling/tell-undelivered.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";
import type { Principal, Store } from "../../src/store/store.ts";
import { create, houseOver, now, replyOf, storeOptions, uid } from "../scheduling/house.ts";

const guest = "gina@elsewhere.test";
let store: Store;
let house: House;
let ann: Principal;
const clock = { now };

beforeEach(async () => {
  clock.now = now;
  store = await openSqliteStore(":memory:", storeOptions);
  house = { ...houseOver(store), clock: () => clock.now };
  ann = await addPerson(store, { name: "Ann", addresses: ["ann@example.test"], timezone: "UTC" });
});
afterEach(() => store.close());

/** Lets a relay that always says the same have all that is due, until nothing is due any more; returns how often it was asked. */
async function carry(result: DeliveryResult): Promise<number> {
  let asked = 0;
  const worker = startDeliveryWorker({
    store,
    clock: () => clock.now,
    random: () => 0.5,
    transport: {
      send: async () => {
        asked++;
        return result;
      },
      close: async () => {},
    },
    deliverInside: async (_, deliveries) => ({ elsewhere: deliveries, failed: [] }),
    onTrouble: (error) => expect.fail(String(error)),
  });
  for (;;) {
    await worker.drain();
    const due = await store.read(({ deliveries }) => deliveries.nextDue());
    if (due === undefined) break;
    clock.now = due;
  }
  await worker.stop();
  return asked;
}

const rows = () => store.read(({ ledger }) => ledger.list(ann.id, { limit: 10 }));
const stateOf = async (address: string) => {
  const states = await store.read(({ deliveries }) => deliveries.latestStates(ann.id, uid));
  return states.get(parseAddress(address) ?? ann.address);
};

test("what is refused is tried once, and its sender is told in a row of its own", async () => {
  await create(house, ann, guest);
  expect(await carry({ kind: "refused", status: undeliverable, detail: "550 no such user" })).toBe(1);
  expect(await stateOf(guest)).toBe("refused");
  const [told, sent, ...others] = await rows();
  expect(others).toEqual([]);
  expect(told).toMatchObject({
    direction: "out",
    method: "REQUEST",
    uid,
    sequence: 0,
    subject: sent?.subject,
    from: "ann@example.test",
    to: [guest],
    verdict: "undelivered",
    rule: "RFC 6638 §3.2.9",
    reason: `It could not be delivered to ${guest} (status 5.1): 550 no such user`,
  });
  expect((await checkStore(house)).faults).toEqual([]);
});

test("an address longer than a mail server has to take is nobody's", async () => {
  const longest = `${"x".repeat(240)}@elsewhere.test`;
  await create(house, ann, longest.slice(1), `x${longest}`, longest);
  expect(await carry({ kind: "delivered" })).toBe(1);
  const told = (await rows()).filter(({ verdict }) => verdict === "undelivered");
  const lengths = told.map(({ to, reason }) => [to[0]?.length, reason.includes("status 3.7")] as const);
  expect(new Map(lengths)).toEqual(new Map([255, 256].map((length) => [length, true])));
});

test("what is deferred is tried for three days, then given up, and its sender is told once", async () => {
  await create(house, ann, guest);
  expect(await carry({ kind: "deferred", retryAfterSeconds: 1, detail: "451 busy" })).toBeGreaterThan(20);
  expect((clock.now - now) / 86_400).toBeGreaterThan(2.8);
  expect((clock.now - now) / 86_400).toBeLessThanOrEqual(3);
  expect(await stateOf(guest)).toBe("refused");
  expect((await rows()).map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ["undelivered", `It could not be delivered to ${guest} (status 5.1): Given up after 3 days: 451 busy`],
    ["sent", ""],
  ]);
});

test("what was handed over is answered once a REPLY of its recipient was applied", async () => {
  await create(house, ann, guest, "gus@elsewhere.test");
  expect(await carry({ kind: "delivered" })).toBe(2);
  expect(await stateOf(guest)).toBe("handed-over");
  const [result] = await deliverMail(house, replyOf(guest), [ann.address], "outside");
  expect(result).toMatchObject({ kind: "kept", rows: [{ verdict: "applied" }] });
  expect(await stateOf(guest)).toBe("answered");
  expect(await stateOf("gus@elsewhere.test")).toBe("handed-over");
  await deliverMail(house, replyOf("gus@elsewhere.test", "ACCEPTED", "another@example.test"), [ann.address], "outside");
  expect(await stateOf("gus@elsewhere.test")).toBe("handed-over");
});
